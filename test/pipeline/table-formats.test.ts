import { describe, expect, test } from 'vitest';
import { audit } from '../../src/run/gate/audit.ts';
import { gate } from '../../src/run/gate/gate.ts';
import type { HoldRecord } from '../../src/run/hold/hold.ts';
import { release } from '../../src/run/hold/release.ts';
import type { ObjectHeldDetail } from '../../src/run/message/events.ts';
import { readTable } from '../../src/run/table/table-record.ts';
import { LANDING, LOCATION, TABLE, type TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import {
  landed,
  lostObjects,
  pages,
  partitions,
  quarantined,
  readable,
} from '../support/simulation/views.ts';

const HOUR = 3600;
const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-02/b.parquet';
const c = 'dt=2026-11-03/c.parquet';

const LOGS = {
  delta: '_delta_log/00000000000000000000.json',
  hudi: '.hoodie/hoodie.properties',
  iceberg: 'metadata/00000-5f1c.metadata.json',
} as const;

const MODES = {
  'promote, keep': {},
  'promote, consume': { policy: ['landing: consume'] },
  'in place': { mode: 'in-place' },
  'in place, onHold: alert': { mode: 'in-place', policy: ['onHold: alert'] },
  'observed where readers read': { mode: 'observe', isOnePlace: true },
  'observed in a landing': { mode: 'observe' },
} as const satisfies Record<string, TestContract>;

const placeOf = ({ mode, isOnePlace = mode === 'in-place' }: TestContract) =>
  isOnePlace ? LOCATION : LANDING;

function putLog(lake: Simulation, contract: TestContract, key: string): void {
  const { bucket, prefix } = placeOf(contract);
  lake.world.producer.put(bucket, prefix + key, new TextEncoder().encode('{"commitInfo":{}}\n'));
}

const told = ({ world }: Simulation) =>
  world.published
    .filter(({ type }) => type === 'ObjectHeld')
    .map(({ detail }) => detail as unknown as ObjectHeldDetail);
const logsOf = async ({ guard }: Worker) => (await readTable(guard, TABLE))?.value.formatLogs ?? [];

describe('LAK-72 (G): files beside the log of another table format', () => {
  const cases = (Object.keys(MODES) as (keyof typeof MODES)[]).flatMap((mode) =>
    (Object.keys(LOGS) as (keyof typeof LOGS)[]).map((format) => [mode, format] as const),
  );

  test.each(cases)(
    'FM-32: %s, %s: held or told with what Athena shows, and nothing is lost',
    async (mode, format) => {
      const contract: TestContract = MODES[mode];
      const lake = simulate(contract);
      const worker = lake.worker();
      await worker.sweep();
      lake.wait(10);
      // As such a writer does: data first, then the log that names it.
      lake.put(a, 'good', 'a');
      lake.put(b, 'good', 'b');
      putLog(lake, contract, LOGS[format]);
      await worker.settle();
      lake.wait(HOUR);
      lake.put(c, 'good', 'c');
      await worker.settle();

      expect(worker.failures).toEqual([]);
      expect(lostObjects(lake.world)).toEqual([]);
      const kept = { [a]: 'good a', [b]: 'good b', [c]: 'good c' };
      const isOnePlace = placeOf(contract) === LOCATION;
      // Nobody moves what the other table's readers need, the log least of all.
      expect(isOnePlace ? readable(lake) : landed(lake)).toMatchObject(kept);
      expect(lake.world.buckets.current(placeOf(contract).bucket, `t/${LOGS[format]}`)).toBeDefined();
      if (!isOnePlace) expect(readable(lake)).toEqual({});
      expect(quarantined(lake)).toEqual(mode === 'promote, keep' ? ['good a', 'good b', 'good c'] : []);
      expect(await partitions(lake)).toEqual([]);

      expect(pages(lake)).toHaveLength(1);
      expect(lake.world.notices[0]?.title).toContain('table-format-foreign');
      expect(lake.world.notices[0]?.lines).toContain('Athena: wrong-results');
      const ofFiles = told(lake).filter(({ origin }) => origin.key.endsWith('.parquet'));
      expect([...new Set(ofFiles.map(({ origin }) => origin.key))].sort()).toEqual([
        `t/${a}`,
        `t/${b}`,
        `t/${c}`,
      ]);
      for (const { findings, effect } of ofFiles) {
        expect(effect).toBe('wrong-results');
        expect(findings.map(({ rule }) => rule)).toEqual(['table-format-foreign']);
      }
    },
  );

  test.each([
    ['promote, keep', true],
    ['promote, consume', true],
    ['in place', false],
    ['in place, onHold: alert', false],
    ['observed where readers read', false],
  ] as const)('%s: a log that is a visible file is judged as one, and stays', async (mode, isUnread) => {
    const contract: TestContract = MODES[mode];
    const lake = simulate(contract);
    const worker = lake.worker();
    await worker.sweep();
    putLog(lake, contract, LOGS.iceberg);
    putLog(lake, contract, 'metadata/snap-1.avro');
    await worker.settle();
    expect(quarantined(lake)).toEqual([]);
    const effects = told(lake).map(({ origin, effect }) => `${origin.key} ${effect}`);
    expect(effects).toContain('t/metadata/00000-5f1c.metadata.json wrong-results');
    const breaks = ['t/metadata/00000-5f1c.metadata.json query-fails', 't/metadata/snap-1.avro query-fails'];
    for (const line of breaks) expect(effects.includes(line)).toBe(!isUnread);
    expect(pages(lake)).toHaveLength(1);
  });
});

describe('LAK-73 (G): from when until when a log counts', () => {
  test.each(['promote, keep', 'promote, consume', 'in place'] as const)(
    '%s: a sweep finds one that nobody told of, before it asks for a file',
    async (mode) => {
      const contract: TestContract = MODES[mode];
      const lake = simulate(contract);
      const worker = lake.worker();
      await worker.sweep();
      lake.world.deliver = () => [];
      lake.wait(10);
      lake.put(a, 'good', 'a');
      putLog(lake, contract, LOGS.delta);
      await worker.settle();
      expect(await logsOf(worker)).toEqual([{ format: 'delta', folder: '', key: LOGS.delta }]);
      expect(told(lake).some(({ origin }) => origin.key === `t/${a}`)).toBe(true);
      if (contract.mode === undefined) expect(readable(lake)).toEqual({});
    },
  );

  test('what comes with it in one batch is judged with it, in whatever order', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    putLog(lake, {}, LOGS.delta);
    const look = (key: string) => ({ kind: 'look', bucket: LANDING.bucket, key: `t/${key}` }) as const;
    expect(await gate(worker.guard, [look(a), look(b), look(LOGS.delta)])).toEqual([]);
    expect(lake.world.sqs.messages('publish')).toEqual([]);
    expect(lake.world.sqs.messages('quarantine')).toHaveLength(1);
  });

  test('a notification of one that is gone means nothing', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.world.deliver = () => [30_000];
    putLog(lake, {}, LOGS.delta);
    lake.world.deliver = () => [0];
    lake.remove(LOGS.delta);
    lake.put(a, 'good', 'a');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(await logsOf(worker)).toEqual([]);
    expect(pages(lake)).toEqual([]);
  });

  test('it ends when the last object of the log is gone; held files wait for a person', async () => {
    const lake = simulate();
    const worker = lake.worker();
    const second = '_delta_log/00000000000000000001.json';
    lake.put(a, 'good', 'a');
    putLog(lake, {}, LOGS.delta);
    putLog(lake, {}, second);
    await worker.settle();
    lake.wait(HOUR);
    lake.remove(LOGS.delta);
    lake.put(b, 'good', 'b');
    await worker.settle();
    expect(readable(lake)).toEqual({});
    lake.remove(second);
    await worker.settle();
    lake.wait(HOUR);
    lake.put(c, 'good', 'c');
    await worker.settle();
    expect(await logsOf(worker)).toEqual([]);
    expect(readable(lake)).toEqual({ [c]: 'good c' });
    for (const record of await worker.holds())
      expect(await release(worker.guard, await worker.table(), record, { by: 'ana' })).toEqual({
        outcome: 'released',
      });
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'good b', [c]: 'good c' });
  });

  test('nobody releases a file while the log is there', async () => {
    const lake = simulate();
    const worker = lake.worker();
    putLog(lake, {}, LOGS.hudi);
    lake.put(a, 'good', 'a');
    await worker.settle();
    const [record] = await worker.holds();
    expect(
      await release(worker.guard, await worker.table(), record as HoldRecord, { by: 'ana' }),
    ).toMatchObject({
      outcome: 'still-held',
      findings: [{ rule: 'table-format-foreign' }],
    });
  });

  test.each(['promote, consume', 'in place'] as const)(
    '%s: what was left goes on when the log is gone',
    async (mode) => {
      const contract: TestContract = MODES[mode];
      const lake = simulate(contract);
      const worker = lake.worker();
      await worker.sweep();
      lake.wait(10);
      lake.put(a, 'good', 'a');
      putLog(lake, contract, LOGS.delta);
      await worker.settle();
      expect(await partitions(lake)).toEqual([]);
      lake.remove(LOGS.delta);
      await worker.settle();
      lake.wait(HOUR);
      await worker.settle();
      expect(readable(lake)).toEqual({ [a]: 'good a' });
      expect(await partitions(lake)).toEqual(['2026-11-01']);
    },
  );

  test('observed: a sweep forgets one that is gone', async () => {
    const contract: TestContract = MODES['observed in a landing'];
    const lake = simulate(contract);
    const worker = lake.worker();
    putLog(lake, contract, LOGS.delta);
    await worker.settle();
    expect(await logsOf(worker)).toHaveLength(1);
    lake.remove(LOGS.delta);
    await worker.settle();
    expect(await logsOf(worker)).toEqual([]);
  });
});

describe('LAK-74 (G): how far a log reaches', () => {
  test('its folder and what is below, and no other', async () => {
    const lake = simulate();
    const worker = lake.worker();
    putLog(lake, {}, 'dt=2026-11-01/_delta_log/00000000000000000000.json');
    lake.put(a, 'good', 'a');
    lake.put('dt=2026-11-01/sub/a.parquet', 'good', 'sub');
    lake.put(b, 'good', 'b');
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good b' });
    expect(quarantined(lake)).toEqual(['good a', 'good sub']);
  });

  test('ordinary hidden files, and folders that only look like a log, hold nothing', async () => {
    const lake = simulate({ policy: ['fileMatch: "**/*.parquet"'] });
    const worker = lake.worker();
    for (const key of [
      '_SUCCESS',
      '_temporary/0/x.json',
      '.staging/0.json',
      'dt=2026-11-01/.a.parquet.crc',
      'metadata/notes.json',
      '_delta_log_$folder$',
    ])
      putLog(lake, {}, key);
    lake.put(a, 'good', 'a');
    lake.put('dt=2026-11-01/metadata/b.parquet', 'good', 'b');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', 'dt=2026-11-01/metadata/b.parquet': 'good b' });
    expect(await logsOf(worker)).toEqual([]);
    expect(pages(lake)).toEqual([]);
  });

  test('of very many folders with logs the record keeps few: then the whole table counts as theirs', async () => {
    const lake = simulate();
    const worker = lake.worker();
    for (let folder = 0; folder < 30; folder++) putLog(lake, {}, `t${folder}/_delta_log/0.json`);
    await worker.settle();
    lake.put(a, 'good', 'a');
    await worker.settle();
    expect(await logsOf(worker)).toHaveLength(1);
    expect(readable(lake)).toEqual({});
    expect(quarantined(lake)).toEqual(['good a']);
  });
});

describe('LAK-75 (G): a verdict from before the log came', () => {
  test('of a batch that waits counts no more', async () => {
    const contract: TestContract = { policy: ['completion: success-marker'] };
    const lake = simulate(contract);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(10);
    putLog(lake, contract, LOGS.delta);
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(readable(lake)).toEqual({});
    expect(quarantined(lake)).toEqual(['good a']);
  });

  test('that is on its way to be published counts no more', async () => {
    const lake = simulate();
    const worker = lake.worker();
    const look = (key: string) => ({ kind: 'look', bucket: LANDING.bucket, key: `t/${key}` }) as const;
    lake.put(b, 'good', 'b');
    await worker.settle();
    lake.world.deliver = () => [];
    lake.put(a, 'good', 'a');
    await gate(worker.guard, [look(a)]);
    expect(lake.world.sqs.messages('publish')).toHaveLength(1);
    putLog(lake, {}, LOGS.delta);
    await gate(worker.guard, [look(LOGS.delta)]);
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good b' });
    expect(quarantined(lake)).toEqual(['good a']);
  });

  test('what readers have already stays: its owner was told', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(HOUR);
    putLog(lake, {}, LOGS.delta);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(pages(lake)).toHaveLength(1);
  });

  test('an audit of the account knows the log by the record, and by what it audits', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    putLog(lake, {}, LOGS.delta);
    const look = (key: string) => ({ kind: 'look', bucket: LANDING.bucket, key: `t/${key}` }) as const;
    const outcomes = async (...keys: readonly string[]) =>
      (await audit(worker.guard, keys.map(look))).objects.map(({ outcome, findings = [] }) =>
        [outcome, ...findings.map(({ rule }) => rule)].join(' '),
      );
    expect(await outcomes(a)).toEqual(['admit']);
    expect(await outcomes(a, LOGS.delta)).toEqual(['hold table-format-foreign', 'ignore']);
    expect(await logsOf(worker)).toEqual([]);
    await worker.settle();
    expect(await outcomes(a)).toEqual(['hold table-format-foreign']);
  });
});
