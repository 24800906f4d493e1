import { parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { canaryBytes } from '../../src/run/canary/canary-files.ts';
import { fault } from '../support/aws/faults.ts';
import { ledgerEntries } from '../support/aws/ledger.ts';
import { CANARY_CONTRACT, canaryLake } from '../support/canary-lake.ts';
import { lambdaContext } from '../support/lambda.ts';
import type { LambdaLake } from '../support/lambda-lake.ts';
import { type RecordedCall, undeclared } from '../support/recorded-calls.ts';

const HOUR_MS = 3_600_000;
const context = () => lambdaContext(() => 300_000);
const beat = (lake: LambdaLake) => lake.functions.canary({ job: 'heartbeat' }, context());

/** Everything that is there of the heartbeat: current objects in each bucket, and what the ledger holds of its table. */
function left(lake: LambdaLake): readonly string[] {
  const { buckets, ledger } = lake.world;
  const keys = ['landing', 'lake', 'quarantine'].flatMap((bucket) =>
    [...(buckets.all.get(bucket)?.versions.keys() ?? [])]
      .filter((key) => buckets.current(bucket, key) !== undefined)
      .map((key) => `${bucket}/${key}`),
  );
  const scopes = ledgerEntries(ledger)
    .map(({ scope }) => scope)
    .filter((scope) => scope.endsWith('/shop.headgate_canary'));
  // A breaker is its state and a fixed number of entries to count in.
  return [...keys, ...new Set(scopes)].sort();
}

function callsOf(lake: LambdaLake): readonly RecordedCall[] {
  return lake.world.faults.trace.flatMap(({ process, name, args }) => {
    const by = lake.functionOf(process);
    return by !== 'canary' || !name.endsWith('Command')
      ? []
      : [{ by, command: name, input: args[0] as RecordedCall['input'] }];
  });
}

describe('OPS-1 the heartbeat', () => {
  test('its contract reads without a word, and its two files are one that keeps it and one that does not', async () => {
    const read = readContract(CANARY_CONTRACT, { file: 'headgate-canary.json' });
    expect(read).toMatchObject({ ok: true, issues: [] });
    const rows = (kind: 'good' | 'bad') =>
      parquetReadObjects({ file: canaryBytes(kind).slice().buffer as ArrayBuffer });
    expect(await rows('good')).toEqual([{ beat: 1n }]);
    expect(await rows('bad')).toEqual([{ beat: 'one' }]);
  });

  test('good is published, bad is held and told to the ledger: healthy, and nobody is paged', async () => {
    const lake = canaryLake();
    const answer = await beat(lake);
    expect(answer.findings).toEqual([]);
    expect(answer.waitedMs).toBeLessThan(60_000);
    expect(lake.telemetry.measured).toEqual(['CanaryFailed 0']);
    expect(lake.telemetry.failures).toEqual([]);
    expect(lake.world.published.map(({ type }) => type).sort()).toEqual([
      'CatalogUpdated',
      'HoldEnded',
      'ObjectHeld',
    ]);
    await lake.settle();
    expect(lake.world.topics).toEqual([]);
    expect(lake.world.glue.table({ database: 'shop', name: 'headgate_canary' })).toBeDefined();
  });

  test('after many hours there is nothing but the records of the table, of its folder, breaker and incidents', async () => {
    const lake = canaryLake();
    const sizes: number[] = [];
    for (let hour = 0; hour < 40; hour++) {
      expect((await beat(lake)).findings).toEqual([]);
      await lake.settle();
      await lake.functions.watch({ job: 'reconcile' }, lambdaContext());
      await lake.settle();
      await lake.functions.incident({ job: 'tick' }, lambdaContext());
      lake.world.clock.advance(HOUR_MS);
      const kept = ledgerEntries(lake.world.ledger).filter(({ scope }) => !scope.startsWith('breaker/'));
      sizes.push(JSON.stringify(kept).length);
    }
    expect(left(lake)).toEqual([
      'breaker/shop.headgate_canary',
      'folder/shop.headgate_canary',
      'incidents/shop.headgate_canary',
      'table/shop.headgate_canary',
    ]);
    expect(lake.world.topics).toEqual([]);
    expect(lake.telemetry.failures).toEqual([]);
    // Only the hash of what was counted is added, of which the last thousands stay.
    expect((sizes[39] ?? 0) - (sizes[19] ?? 0)).toBeLessThan(20 * 30);
    expect(undeclared(callsOf(lake))).toEqual([]);
  });

  test('FM-18: a gate that is told nothing is a failure, each hour again, and nothing piles up', async () => {
    const lake = canaryLake();
    lake.world.deliver = () => [];
    for (let hour = 0; hour < 3; hour++) {
      expect((await beat(lake)).findings).toEqual([
        {
          check: 'good-published',
          expected: 'the good file is published',
          actual: 'it is neither published nor held',
        },
        {
          check: 'bad-held',
          expected: 'the bad file is held, with a copy in quarantine',
          actual: 'it is not held',
        },
      ]);
      lake.world.clock.advance(HOUR_MS);
    }
    expect(lake.telemetry.measured).toEqual(['CanaryFailed 1', 'CanaryFailed 1', 'CanaryFailed 1']);
    expect(left(lake)).toEqual([]);
    lake.world.deliver = () => [0];
    expect((await beat(lake)).findings).toEqual([]);
  });

  test('a gate that admits everything is a failure: the bad file was published', async () => {
    const lake = canaryLake();
    lake.world.contracts.set(
      CANARY_CONTRACT.replace('"bigint"', '"string"').replace('"integer"', '"string"'),
    );
    const { findings } = await beat(lake);
    expect(findings.map(({ check }) => check)).toContain('bad-unpublished');
    expect(lake.telemetry.measured).toEqual(['CanaryFailed 1']);
  });

  test('a good file that is held says for what', async () => {
    const lake = canaryLake();
    lake.world.contracts.set(CANARY_CONTRACT.replace('"name": "beat"', '"name": "pulse"'));
    const { findings } = await beat(lake);
    expect(findings[0]).toEqual({
      check: 'good-published',
      expected: 'the good file is published',
      actual: 'it is held for column-missing',
    });
  });

  test('a hold that nobody is told of is a failure', async () => {
    const lake = canaryLake();
    lake.world.failEvent = ({ type }) => type === 'ObjectHeld';
    const { findings } = await beat(lake);
    expect(findings.map(({ check }) => check)).toEqual(['bad-held', 'hold-told']);
  });

  test('a delete that is not mirrored is told an hour later', async () => {
    const lake = canaryLake();
    expect((await beat(lake)).findings).toEqual([]);
    lake.world.clock.advance(HOUR_MS);
    // The events of the deletes are lost.
    while ((await lake.world.sqs.receive('validate', 10)).length > 0);
    lake.world.clock.advance(HOUR_MS);
    expect((await beat(lake)).findings).toEqual([
      {
        check: 'delete-mirrored',
        expected: 'published copies of deleted files are gone',
        actual: '1 is still there',
      },
    ]);
  });

  test('what it could not look at is a failure, fails the invocation, and leaves nothing behind', async () => {
    const lake = canaryLake();
    lake.world.faults.inject(({ name, process }) =>
      name === 'HeadObjectCommand' && lake.functionOf(process) === 'canary'
        ? fault('before', 'THROTTLED')
        : undefined,
    );
    await expect(beat(lake)).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(lake.telemetry.measured).toEqual(['CanaryFailed 1']);
    lake.world.faults.reset();
    await lake.settle();
    lake.world.clock.advance(HOUR_MS);
    expect((await beat(lake)).findings).toEqual([]);
    await lake.settle();
    expect(left(lake).filter((name) => !/^(?:breaker|folder|incidents|table)\//u.test(name))).toEqual([]);
  });

  test('an order that is none is refused; without its contract it says what to deploy', async () => {
    const lake = canaryLake();
    await expect(lake.functions.canary({} as never, context())).rejects.toThrow('no order for a heartbeat');
    lake.deploy({});
    await expect(beat(lake)).rejects.toThrow('lack headgate-canary');
    expect(lake.telemetry.measured).toEqual(['CanaryFailed 1']);
  });
});
