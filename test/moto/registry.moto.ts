import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { run } from '../support/run-cli.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';
import { compiled, type MotoLake, motoLake } from './lake.ts';

const endpoint = inject('endpoint');
let lake: MotoLake;

const REGISTRY = { HEADGATE_REGISTRY: 's3://config/registry/' } as const;
const STRICT = ['settle: 1s', 'onUnknownColumn: hold'] as const;
const W = '{ name: w, logicalType: integer, physicalType: bigint }';
const first: TestContract = { version: '1.0.0', policy: STRICT };
const second: TestContract = {
  version: '2.0.0',
  policy: [...STRICT, 'accept: [{ version: 1.0.0, until: "2099-01-01" }]'],
  columns: [W],
};

const folder = mkdtempSync(join(tmpdir(), 'headgate-registry-'));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** Functions look at the registry again after 45 seconds; no test waits that long. */
function minuteLater(): void {
  vi.setSystemTime(Date.now() + 60_000);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  lake = await motoLake(endpoint, first, { variables: REGISTRY });
});
afterEach(() => {
  vi.useRealTimers();
  lake.calls.restore();
});

function registry(...args: readonly string[]) {
  file('contracts.json', compiled([first]));
  const deployment = file(
    'headgate.json',
    JSON.stringify({ ...lake.stack.variables, ...REGISTRY, HEADGATE_CONTRACTS: 'contracts.json' }),
  );
  return run(['registry', ...args, '--deployment', deployment], new Date().toISOString());
}
const publish = (contract: TestContract, ...flags: readonly string[]) =>
  registry('publish', file('t.odcs.yaml', contractYaml(contract)), ...flags);

async function held(): Promise<number> {
  return (await lake.keys('quarantine')).filter((key) => key.endsWith('data.parquet')).length;
}

describe('REG-5 the contract registry, end to end', () => {
  test('a version that is published counts within a minute without a deploy; taken back, it does not', async () => {
    await lake.put('dt=2026-11-01/a.parquet', 'new-column');
    await lake.settle();
    expect([await held(), await lake.keys('lake')]).toEqual([1, []]);

    const dry = await publish(second, '--dry-run', '--format', 'json');
    expect(JSON.parse(dry.out)).toMatchObject({ results: [{ outcome: 'would be published' }] });
    expect(await lake.keys('config')).toEqual([]);
    const { code, out } = await publish(second);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/published {2}simulated {2}2\.0\.0 {2}after 1\.0\.0/u),
    ]);
    const events = await lake.published();
    expect(events).toMatchObject([
      {
        'detail-type': 'ContractPublished',
        detail: {
          detail: {
            contractId: 'simulated',
            contractVersion: '2.0.0',
            previousVersion: '1.0.0',
            isRollback: false,
            tables: ['t'],
            by: expect.stringContaining('arn:aws:'),
          },
        },
      },
    ]);

    minuteLater();
    await lake.put('dt=2026-11-01/b.parquet', 'new-column', 'b');
    await lake.settle();
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/b.parquet']);

    const back = await registry('rollback', 't', '1.0.0');
    expect([back.code, back.out]).toEqual([0, expect.stringContaining('active  simulated  1.0.0')]);
    minuteLater();
    await lake.put('dt=2026-11-01/c.parquet', 'new-column', 'c');
    await lake.settle();
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/b.parquet']);
    expect(await held()).toBe(2);

    const listed = JSON.parse((await registry('list', '--format', 'json')).out);
    expect(listed.versions).toMatchObject([
      {
        version: '2.0.0',
        state: 'rolled-back',
        from: 'registry',
        publishedBy: expect.stringContaining('arn:aws:'),
      },
      { version: '1.0.0', state: 'active', from: 'deploy' },
    ]);
    const forward = await registry('rollback', 'shop.t', '2.0.0');
    expect(forward.code).toBe(0);
    minuteLater();
    await lake.put('dt=2026-11-01/d.parquet', 'new-column', 'd');
    await lake.settle();
    expect(await lake.keys('lake')).toContain('t/dt=2026-11-01/d.parquet');
    expect(lake.telemetry.failures).toEqual([]);
  });

  test('FM-7: a damaged index: the last known good contracts judge on, it is counted for an alarm, and people are told', async () => {
    await publish(second);
    await lake.put('dt=2026-11-01/a.parquet', 'new-column');
    await lake.settle();
    const { s3 } = lake.stack.clients;
    await s3.send(
      new PutObjectCommand({ Bucket: 'config', Key: 'registry/index.json', Body: '{"schemaVersion":1,"con' }),
    );
    minuteLater();
    await lake.put('dt=2026-11-01/b.parquet', 'new-column', 'b');
    await lake.settle();
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/a.parquet', 't/dt=2026-11-01/b.parquet']);
    expect(lake.telemetry.observations).toContainEqual({ kind: 'contracts-stale', table: '-' });
    expect((await lake.pages()).map(({ content }) => content.title).join()).toContain('contracts-stale');
    const refused = await publish({ ...second, version: '2.1.0' });
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('its index is not valid JSON')]);
  });

  test('what needs a deploy, breaks a promise or is no higher version is refused, and nothing is written', async () => {
    const { code, out } = await publish({ version: '2.0.0', id: 'string' });
    expect([code, out]).toEqual([1, expect.stringContaining('decide with --allow-breaking')]);
    expect(out).toContain('type-changed');
    expect((await publish({ version: '1.1.0', mode: 'observe' })).out).toContain('deploy it');
    expect((await publish({ version: '0.9.0' })).out).toContain('is not above 1.0.0');
    expect((await publish({ ...first, policy: [...STRICT, 'deleteAfter: 2h'] })).out).toContain(
      'raise the version',
    );
    expect((await publish(first)).code).toBe(0);
    expect(await lake.keys('config')).toEqual([]);
    expect((await publish({ version: '2.0.0', id: 'string' }, '--allow-breaking')).code).toBe(0);
    expect(await lake.keys('config')).toHaveLength(2);
    expect((await registry('rollback', 'u', '1.0.0')).code).toBe(2);
    expect((await registry('rollback', 't', '9.9.9')).code).toBe(1);
  });

  test('bodies are written once, and the index on what was read', async () => {
    await publish(second);
    const { s3 } = lake.stack.clients;
    const [body, index] = (await lake.keys('config')).toSorted();
    expect([body, index]).toEqual([
      expect.stringMatching(/^registry\/contracts\/[0-9a-f]{64}\.json$/u),
      'registry/index.json',
    ]);
    const writes = lake.calls.calls.filter(({ command }) => command === 'PutObjectCommand');
    expect(writes.map(({ input }) => [input.Key, input.IfNoneMatch, input.IfMatch])).toEqual([
      [body, '*', undefined],
      ['registry/index.json', '*', undefined],
    ]);
    const { ETag } = await s3.send(new GetObjectCommand({ Bucket: 'config', Key: index }));
    await publish({ ...second, version: '2.1.0' });
    const last = lake.calls.calls.findLast(
      ({ input }) => input.Key === 'registry/index.json' && 'IfMatch' in input,
    );
    expect(last?.input.IfMatch).toBe(ETag);
  });
});
