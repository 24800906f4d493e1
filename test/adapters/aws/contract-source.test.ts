import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../../src/error.ts';
import { compileContracts, readCompiled } from '../../../src/judge/contract/compiled.ts';
import type { Contract } from '../../../src/judge/contract/contract.ts';
import { readContract } from '../../../src/judge/contract/read-contract.ts';
import { createContractSource } from '../../../src/run/adapters/aws/contract-source.ts';
import { contractYaml, type TestContract } from '../../support/simulation/contract.ts';

function contract(options: TestContract = {}, change: (text: string) => string = (text) => text): Contract {
  const read = readContract(change(contractYaml(options)), { file: 'schemas/t.odcs.yaml' });
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.contract;
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A registry in a map of keys, and a clock. */
function source(deployed: readonly Contract[] = [contract({ version: '1.0.0' })]) {
  const files = new Map<string, string>();
  let nowMs = Date.parse('2026-11-03T10:00:00.000Z');
  let reads = 0;
  let failure: Error | undefined;
  const read = readCompiled(compileContracts(deployed));
  if (!read.ok) throw new Error(read.problem);
  const contracts = createContractSource({
    deployed: read.compiled,
    registry: { bucket: 'config', prefix: 'registry/' },
    clock: { now: () => new Date(nowMs).toISOString() },
    objects: {
      read: async ({ key }) => {
        reads++;
        if (failure) throw failure;
        const text = files.get(key);
        const bytes = new TextEncoder().encode(text);
        const head = { key, etag: sha256(text ?? ''), sizeBytes: bytes.length, modifiedAt: '', metadata: {} };
        return text === undefined ? undefined : { head, bytes };
      },
    },
  });
  return {
    files,
    add(...bodies: readonly Contract[]) {
      const entries = bodies.map((body) => {
        const text = compileContracts([body]);
        files.set(`registry/contracts/${sha256(text)}.json`, text);
        return { id: body.id, version: body.version, sha256: sha256(text) };
      });
      files.set('registry/index.json', JSON.stringify({ schemaVersion: 1, contracts: entries }));
    },
    fail: (error: Error | undefined) => {
      failure = error;
    },
    later: () => {
      nowMs += 46_000;
    },
    reads: () => reads,
    versions: async (maxAgeMs?: number) =>
      (await contracts.current(maxAgeMs)).registry.tables[0]?.contracts.map(({ version }) => version),
    stale: async () => (await contracts.current()).stale,
  };
}

describe('AWS-17 contracts', () => {
  test('compiled contracts are what was compiled, byte for byte the same each time', () => {
    const contracts = [contract({ version: '1.1.0' }), contract({ version: '1.0.0' })];
    const text = compileContracts(contracts, 'prod');
    expect(compileContracts(contracts.toReversed(), 'prod')).toBe(text);
    const read = readCompiled(text);
    expect(read).toMatchObject({ ok: true, compiled: { environment: 'prod' } });
    // Absent and undefined are the same to JSON, and to everybody who reads a contract.
    if (read.ok) expect(read.compiled.contracts[0]).toEqual(JSON.parse(JSON.stringify(contracts[1])));
  });
  test.each([
    ['not valid JSON', '{'],
    ['a list', '[]'],
    ['another schema', '{"schemaVersion":2,"contracts":[]}'],
    ['no contracts', '{"schemaVersion":1}'],
    ['half a contract', '{"schemaVersion":1,"contracts":[{"id":"a"}]}'],
    ['a mode that is none', compileContracts([contract()]).replace('"mode":"promote"', '"mode":"off"')],
    [
      'a prefix that is none',
      compileContracts([contract()]).replace('"guarded":"s3://landing/t/"', '"guarded":"https://evil/"'),
    ],
  ])('%s is no compiled contract', (_, text) => {
    expect(readCompiled(text).ok).toBe(false);
  });
  test('the deployed contracts count where there is no registry', async () => {
    const world = source();
    expect(await world.versions()).toEqual(['1.0.0']);
    expect(await world.stale()).toBeUndefined();
  });
  test('a new version in the registry counts within a minute, without a deploy', async () => {
    const world = source();
    await world.versions();
    world.add(contract({ version: '1.1.0' }));
    expect(await world.versions()).toEqual(['1.0.0']);
    world.later();
    expect(await world.versions()).toEqual(['1.1.0', '1.0.0']);
    expect(await world.stale()).toBeUndefined();
  });
  test('who must not be late reads it again, after a reading that is under way', async () => {
    const world = source();
    await world.versions();
    world.later();
    const underWay = world.versions();
    world.add(contract({ version: '1.1.0' }));
    expect(await world.versions(0)).toEqual(['1.1.0', '1.0.0']);
    await underWay;
    expect(await world.versions()).toEqual(['1.1.0', '1.0.0']);
  });
  test('bodies are read once, the index at most every 45 seconds', async () => {
    const world = source();
    world.add(contract({ version: '1.1.0' }));
    await Promise.all([world.versions(), world.versions(), world.versions()]);
    await world.versions();
    expect(world.reads()).toBe(2);
    world.later();
    await world.versions();
    expect(world.reads()).toBe(3);
  });
  test.each<[string, (world: ReturnType<typeof source>) => void]>([
    ['an index that is not valid JSON', ({ files }) => files.set('registry/index.json', '{')],
    [
      'an index of another schema',
      ({ files }) => files.set('registry/index.json', '{"schemaVersion":9,"contracts":[]}'),
    ],
    [
      'an index with a path for a hash',
      ({ files }) =>
        files.set(
          'registry/index.json',
          '{"schemaVersion":1,"contracts":[{"id":"a","version":"1","sha256":"../../x"}]}',
        ),
    ],
    ['an index that is gone', ({ files }) => files.delete('registry/index.json')],
    [
      'a body that is gone',
      ({ files, add }) => {
        add(contract({ version: '1.2.0' }));
        for (const key of files.keys()) if (key.includes('/contracts/')) files.delete(key);
      },
    ],
    [
      'a body that is not what the index says',
      ({ files, add }) => {
        add(contract({ version: '1.2.0' }));
        for (const key of files.keys())
          if (key.includes('/contracts/')) files.set(key, compileContracts([contract()]));
      },
    ],
    ['a registry that cannot be read', ({ fail }) => fail(new HeadgateError('PERMISSION_DENIED', 'denied'))],
    [
      'a new prefix',
      ({ add }) =>
        add(
          contract({ version: '1.2.0' }, (text) => text.replaceAll('s3://landing/t/', 's3://landing/other/')),
        ),
    ],
    ['another mode', ({ add }) => add(contract({ version: '1.2.0', mode: 'observe' }))],
    [
      'a new table',
      ({ add }) => add(contract({ version: '1.2.0' }, (text) => text.replace('- name: t\n', '- name: u\n'))),
    ],
    [
      'a table that is gone',
      ({ add }) =>
        add(
          contract({ version: '1.2.0' }, (text) =>
            text.replace('- name: t\n', '- name: t2\n').replaceAll('/t/', '/t2/'),
          ),
        ),
    ],
    [
      'another quarantine',
      ({ add }) => add(contract({ version: '1.2.0', policy: ['quarantine: s3://elsewhere/'] })),
    ],
    [
      'a landing that is emptied',
      ({ add }) => add(contract({ version: '1.2.0', policy: ['landing: consume'] })),
    ],
    [
      'a new contract',
      ({ add }) =>
        add(
          contract({ version: '1.0.0' }, (text) =>
            text
              .replace('id: simulated', 'id: another')
              .replaceAll('/t/', '/u/')
              .replace('- name: t\n', '- name: u\n'),
          ),
        ),
    ],
  ])('FM-7: %s is refused: the last known good contracts stay, and it is told', async (_, spoil) => {
    const world = source();
    world.add(contract({ version: '1.1.0' }));
    expect(await world.versions()).toEqual(['1.1.0', '1.0.0']);
    spoil(world);
    world.later();
    expect(await world.versions()).toEqual(['1.1.0', '1.0.0']);
    expect(await world.stale()).toMatch(/registry|denied/u);
    world.fail(undefined);
    world.add(contract({ version: '1.3.0' }));
    world.later();
    expect(await world.versions()).toEqual(['1.3.0', '1.0.0']);
    expect(await world.stale()).toBeUndefined();
  });
  test('FM-7: an index that is restored as it was is good again', async () => {
    const world = source();
    world.add(contract({ version: '1.1.0' }));
    await world.versions();
    const good = world.files.get('registry/index.json') ?? '';
    world.files.set('registry/index.json', good.slice(0, 40));
    world.later();
    expect(await world.stale()).toContain('not valid JSON');
    world.files.set('registry/index.json', good);
    world.later();
    expect(await world.stale()).toBeUndefined();
    expect(await world.versions()).toEqual(['1.1.0', '1.0.0']);
  });
  test('a version that drops a table is refused, since nothing would guard it any more', async () => {
    const two = (version: string) =>
      contract({ version }, (text) => {
        const table = text.slice(text.indexOf('  - name: t\n'), text.indexOf('support:'));
        return text
          .replaceAll('s3://landing/t/', 's3://landing/{model}/')
          .replaceAll('s3://lake/t/', 's3://lake/{model}/')
          .replace('support:', `${table.replace('- name: t\n', '- name: u\n')}support:`);
      });
    const world = source([two('1.0.0')]);
    await world.versions();
    world.add(contract({ version: '1.1.0' }));
    world.later();
    expect(await world.versions()).toEqual(['1.0.0']);
    expect(await world.stale()).toContain('table u would no longer be guarded: deploy it');
  });
  test('FM-7: deployed contracts that cannot be used are no contracts at all', async () => {
    const twice = source([contract({ version: '1.0.0' }), contract({ version: '1.0.0' })]);
    await expect(twice.versions()).rejects.toMatchObject({ code: 'CONTRACTS_UNUSABLE' });
  });
});
