import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CompiledContracts } from '../../../src/judge/contract/compiled.ts';
import type { Contract } from '../../../src/judge/contract/contract.ts';
import { readContract } from '../../../src/judge/contract/read-contract.ts';
import { createContractSource } from '../../../src/run/adapters/aws/contract-source.ts';
import {
  type RegistryAccess,
  type RegistryContents,
  readRegistry,
  registryEntry,
  writeRegistry,
} from '../../../src/run/adapters/aws/registry-writer.ts';
import type { WriteCondition } from '../../../src/run/ports/object-store.ts';
import { contractYaml, type TestContract } from '../../support/simulation/contract.ts';

function contract(options: TestContract): Contract {
  const read = readContract(contractYaml(options), { file: 'schemas/t.odcs.yaml' });
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.contract;
}
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const deployed: CompiledContracts = { schemaVersion: 1, contracts: [contract({ version: '1.0.0' })] };
const made = (version: string, more: TestContract = {}) =>
  registryEntry(contract({ ...more, version }), { at: '2026-06-15T12:00:00.000Z', by: 'ann' });

/** A bucket that keeps S3's conditions, and writes that a test may have happen or lose. */
function bucket() {
  const files = new Map<string, Uint8Array>();
  const writes: string[] = [];
  let before: (key: string) => void = () => {};
  let isAnswerLost = false;
  const access: RegistryAccess = {
    deployed,
    place: { bucket: 'config', prefix: 'registry/' },
    clock: { now: () => '2026-06-15T12:00:00.000Z' },
    objects: {
      read: async ({ key }) => {
        const bytes = files.get(key);
        if (bytes === undefined) return undefined;
        return {
          bytes,
          head: { key, etag: hash(bytes), sizeBytes: bytes.length, modifiedAt: '', metadata: {} },
        };
      },
      write: async ({ key }, bytes, condition: WriteCondition) => {
        before(key);
        const there = files.get(key);
        const holds =
          condition.kind === 'absent' ? there === undefined : there && hash(there) === condition.etag;
        if (!holds) return { outcome: 'destination-changed' };
        files.set(key, bytes);
        writes.push(key);
        return isAnswerLost ? { outcome: 'destination-changed' } : { outcome: 'written', etag: hash(bytes) };
      },
    },
  };
  return {
    access,
    files,
    writes,
    onWrite: (hook: (key: string) => void) => {
      before = hook;
    },
    loseAnswers: () => {
      isAnswerLost = true;
    },
    active: async () => {
      const source = createContractSource({ ...access, registry: access.place });
      const { registry, stale } = await source.current();
      return stale ?? registry.tables[0]?.table.contractVersion;
    },
  };
}

function publish(
  { access }: ReturnType<typeof bucket>,
  before: RegistryContents,
  ...added: readonly ReturnType<typeof made>[]
) {
  const index = {
    ...before.index,
    contracts: [...before.index.contracts, ...added.map(({ entry }) => entry)],
  };
  return writeRegistry(
    access,
    before,
    index,
    added.map(({ body }) => body),
  );
}

describe('REG-4: the registry is written so that readers always find it whole', () => {
  test('the body first, then the index; functions judge by it then', async () => {
    const registry = bucket();
    const next = made('1.1.0');
    await publish(registry, await readRegistry(registry.access), next);
    expect(registry.writes).toEqual([`registry/contracts/${next.entry.sha256}.json`, 'registry/index.json']);
    expect(await registry.active()).toBe('1.1.0');
    const contents = await readRegistry(registry.access);
    expect(contents.index.contracts).toEqual([next.entry]);
    expect(contents.bodies.get(next.entry.sha256)?.version).toBe('1.1.0');
  });
  test('of two who publish at once one is told to try again, and nothing of the other is lost', async () => {
    const registry = bucket();
    const before = await readRegistry(registry.access);
    await publish(registry, before, made('1.1.0'));
    await expect(publish(registry, before, made('1.2.0'))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('run the command again'),
    });
    expect(await registry.active()).toBe('1.1.0');
    await publish(registry, await readRegistry(registry.access), made('1.2.0'));
    expect(await registry.active()).toBe('1.2.0');
  });
  test('a write whose answer was lost is recognised as its own', async () => {
    const registry = bucket();
    registry.loseAnswers();
    await publish(registry, await readRegistry(registry.access), made('1.1.0'));
    expect(await registry.active()).toBe('1.1.0');
  });
  test('what functions would refuse is never named by the index', async () => {
    const registry = bucket();
    const before = await readRegistry(registry.access);
    await expect(publish(registry, before, made('1.1.0', { mode: 'observe' }))).rejects.toMatchObject({
      code: 'CONTRACTS_UNUSABLE',
      message: expect.stringContaining('another mode'),
    });
    expect(registry.files.has('registry/index.json')).toBe(false);
    expect(await registry.active()).toBe('1.0.0');
  });
  test('a body’s place that holds something else is not trusted', async () => {
    const registry = bucket();
    const next = made('1.1.0');
    registry.files.set(`registry/contracts/${next.entry.sha256}.json`, new TextEncoder().encode('{}'));
    await expect(publish(registry, await readRegistry(registry.access), next)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(registry.files.has('registry/index.json')).toBe(false);
  });
  test('a process that ends before the index leaves a body that counts for nothing, and publishing again works', async () => {
    const registry = bucket();
    registry.onWrite((key) => {
      if (key.endsWith('index.json')) throw new Error('cut off');
    });
    const before = await readRegistry(registry.access);
    await expect(publish(registry, before, made('1.1.0'))).rejects.toThrow('cut off');
    expect(await registry.active()).toBe('1.0.0');
    registry.onWrite(() => {});
    await publish(registry, await readRegistry(registry.access), made('1.1.0'));
    expect(await registry.active()).toBe('1.1.0');
  });
  test.each([
    ['an index that is not valid JSON', '{'],
    ['an index with retired entries that are none', '{"schemaVersion":1,"contracts":[],"retired":[1]}'],
    [
      'an index that names a body that is gone',
      `{"schemaVersion":1,"contracts":[{"id":"simulated","version":"1.1.0","sha256":"${'0'.repeat(64)}"}]}`,
    ],
  ])('%s is not published upon', async (_, text) => {
    const registry = bucket();
    registry.files.set('registry/index.json', new TextEncoder().encode(text));
    await expect(readRegistry(registry.access)).rejects.toMatchObject({ code: 'CONTRACTS_UNUSABLE' });
  });
});
