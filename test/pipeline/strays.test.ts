import { describe, expect, test } from 'vitest';
import { readBreaker } from '../../src/run/breaker/breaker.ts';
import { reconcile } from '../../src/run/folder/reconcile.ts';
import type { HoldRecord } from '../../src/run/hold/hold.ts';
import { release } from '../../src/run/hold/release.ts';
import type { ObjectHeldDetail } from '../../src/run/message/events.ts';
import { LANDING, LOCATION, type TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { landed, pages, quarantined, readable } from '../support/simulation/views.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const folder = 'dt=2026-11-01/';

/** What lies below a guarded prefix without being a file of the table. */
const STRAYS = {
  'good without suffix': { name: 'part-0', kind: 'good' },
  'good with another suffix': { name: 'x.PARQUET', kind: 'good' },
  'good with one suffix more': { name: 'x.parquet.snappy', kind: 'good' },
  'drifted without suffix': { name: 'part-1', kind: 'drifted' },
  'broken off, without suffix': { name: 'part-2', kind: 'truncated' },
  text: { name: 'notes.csv', kind: 'csv' },
  empty: { name: 'nothing', kind: undefined },
  'hidden, good': { name: '_tmp/part-3', kind: 'good' },
} as const;
type Stray = keyof typeof STRAYS;

const MODES = {
  'promote, keep': {},
  'promote, consume': { policy: ['landing: consume'] },
  'in place': { mode: 'in-place' },
  'in place, onHold: alert': { mode: 'in-place', policy: ['onHold: alert'] },
  'observed where readers read': { mode: 'observe', isOnePlace: true },
  'observed in a landing': { mode: 'observe' },
} as const satisfies Record<string, TestContract>;

/** Written by hand. `-`: nothing; else the rules that are told, and whether the object is moved. */
const missed = {
  'good without suffix': 'told: file-unmatched',
  'good with another suffix': 'told: file-unmatched',
  'good with one suffix more': 'told: file-unmatched',
  'drifted without suffix': 'told: file-unmatched',
  'broken off, without suffix': '-',
  text: '-',
  empty: '-',
  'hidden, good': '-',
} as const satisfies Record<Stray, string>;
const read = {
  'good without suffix': 'told: file-stray',
  'good with another suffix': 'told: file-stray',
  'good with one suffix more': 'told: file-stray',
  'drifted without suffix': 'told: file-stray type-changed query-fails',
  'broken off, without suffix': 'told: file-stray file-truncated query-fails',
  text: 'told: file-stray file-not-parquet query-fails',
  empty: '-',
  'hidden, good': '-',
} as const satisfies Record<Stray, string>;
const moved = Object.fromEntries(
  Object.entries(read).map(([stray, told]) => [stray, told.replace('told', 'moved')]),
) as Record<Stray, string>;

const EXPECTED: Record<
  keyof typeof MODES,
  { readonly newer: Record<Stray, string>; readonly older: Record<Stray, string> }
> = {
  'promote, keep': { newer: missed, older: missed },
  'promote, consume': { newer: missed, older: missed },
  'in place': { newer: moved, older: read },
  'in place, onHold: alert': { newer: read, older: read },
  'observed where readers read': { newer: read, older: read },
  'observed in a landing': { newer: missed, older: missed },
};

const WAYS = ['its event', 'a later sweep', 'a thorough sweep', 'an event that comes late'] as const;

function put(lake: Simulation, stray: Stray): void {
  const { name, kind } = STRAYS[stray];
  if (kind === undefined) lake.putMarker(folder + name);
  else lake.put(folder + name, kind, stray);
}

/** The object at the key now, where its producer wrote it. */
function there(lake: Simulation, contract: TestContract, stray: Stray) {
  const { bucket, prefix } = contract.mode === 'in-place' || contract.isOnePlace ? LOCATION : LANDING;
  return lake.world.buckets.current(bucket, prefix + folder + STRAYS[stray].name);
}

/** What became of the object, in the words of the tables above. */
function outcome(lake: Simulation, contract: TestContract, stray: Stray): string {
  const told = lake.world.published
    .filter(({ type }) => type === 'ObjectHeld')
    .map(({ detail }) => detail as unknown as ObjectHeldDetail);
  const [first] = told;
  const isMoved = there(lake, contract, stray) === undefined;
  expect(quarantined(lake)).toHaveLength(isMoved ? 1 : 0);
  if (first === undefined) return isMoved ? 'moved, and told nobody' : '-';
  const rules = first.findings.map(({ rule }) => rule).join(' ');
  return `${isMoved ? 'moved' : 'told'}: ${rules}${first.effect === 'none' ? '' : ` ${first.effect}`}`;
}

async function comes(
  lake: Simulation,
  worker: Worker,
  contract: TestContract,
  way: (typeof WAYS)[number],
  stray: Stray,
) {
  switch (way) {
    case 'its event':
      return worker.settle();
    case 'a later sweep':
      lake.wait(2 * HOUR);
      return worker.settle();
    case 'a thorough sweep':
      lake.wait(2 * HOUR);
      await reconcile(worker.guard, await worker.table(), { isThorough: true });
      return worker.settle();
    case 'an event that comes late': {
      const object = there(lake, contract, stray);
      lake.wait(2 * DAY);
      if (object) {
        const { key, etag, sizeBytes, modifiedAt } = object;
        const { bucket } = contract.mode === 'in-place' || contract.isOnePlace ? LOCATION : LANDING;
        const look = { kind: 'look', bucket, key, object: { etag, sizeBytes, modifiedAt } };
        lake.world.sqs.deliver('validate', JSON.stringify(look), 0);
      }
      return worker.settle();
    }
  }
}

describe('LAK-31 LAK-32 LAK-33 LAK-34 (C): what becomes of a stray', () => {
  const cases = (Object.keys(MODES) as (keyof typeof MODES)[]).flatMap((mode) =>
    (['newer', 'older'] as const).flatMap((age) => WAYS.map((way) => [mode, age, way] as const)),
  );
  test.each(cases)('%s, %s than the guard, by %s', async (mode, age, way) => {
    const contract: TestContract = MODES[mode];
    // What is only observed is not swept.
    const isSeen = contract.mode !== 'observe' || way === 'its event' || way === 'an event that comes late';
    for (const stray of Object.keys(STRAYS) as Stray[]) {
      const lake = simulate(contract);
      const worker = lake.worker();
      if (way !== 'its event') lake.world.deliver = () => [];
      if (age === 'newer') await worker.sweep();
      lake.wait(10);
      if (age === 'older') {
        const { deliver } = lake.world;
        // Its event is on the way when the guard begins.
        if (way === 'its event') lake.world.deliver = () => [30_000];
        put(lake, stray);
        lake.world.deliver = deliver;
        lake.wait(10);
        await worker.sweep();
      } else put(lake, stray);
      await comes(lake, worker, contract, way, stray);
      const [expected, is] = [EXPECTED[mode][age][stray], outcome(lake, contract, stray)];
      expect([stray, is]).toEqual([stray, isSeen ? expected : '-']);
      expect(worker.failures).toEqual([]);
      if (contract.mode === undefined) expect(readable(lake)).toEqual({});
    }
  });
});

const PER_SWEEP = 100;

describe('LAK-33 (C): data that fileMatch does not match', () => {
  test('FM-31: data without the suffix pages once, with how many, which, and what to do', async () => {
    const lake = simulate();
    const worker = lake.worker();
    for (let file = 0; file < 12; file++) lake.put(`dt=2026-11-01/part-${file}`, 'good', `${file}`);
    lake.put('dt=2026-11-01/notes.csv', 'csv', 'x');
    await worker.settle();
    expect(pages(lake)).toHaveLength(1);
    const [page, update, ...more] = lake.world.notices;
    expect([page?.kind, update?.kind, more]).toEqual(['open', 'update', []]);
    expect(page?.title).toBe('shop.t 1.0.0: file-unmatched: 1 file found, not moved');
    expect(update?.title).toBe('still: shop.t 1.0.0: file-unmatched: 10 files found, not moved');
    expect(page?.lines).toEqual(
      expect.arrayContaining([
        'file-unmatched: expected a key that matches **/*.parquet, found a name without suffix',
        expect.stringMatching(/^first: s3:\/\/landing\/t\/dt=2026-11-01\/part-\d+$/u),
        expect.stringContaining('widen fileMatch in the contract ("**/*" takes every visible file)'),
      ]),
    );
    expect(page?.lines.join('\n')).not.toContain('is without what is held');
  });

  test('is told again while it lies there, and its incident ends when it is gone', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(`${folder}part-0`, 'good', 'a');
    for (let hour = 0; hour < 50; hour++) {
      await worker.settle();
      lake.wait(HOUR);
    }
    expect(lake.world.notices.map(({ kind }) => kind)).toEqual(['open']);
    lake.remove(`${folder}part-0`);
    for (let hour = 0; hour < 30; hour++) {
      await worker.settle();
      lake.wait(HOUR);
    }
    expect(lake.world.notices.map(({ kind }) => kind)).toEqual(['open', 'resolve']);
  });

  test('is published once the contract matches it', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(`${folder}part-0`, 'good', 'a');
    await worker.settle();
    expect(readable(lake)).toEqual({});
    lake.deploy({ version: '1.0.1', policy: ['fileMatch: "**/*"'] });
    await worker.settle();
    expect(readable(lake)).toEqual({ [`${folder}part-0`]: 'good a' });
  });

  test('of very many a sweep looks at some, and in time at all', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.world.deliver = () => [];
    for (let file = 0; file < 2.5 * PER_SWEEP; file++) lake.put(`${folder}n${file}.csv`, 'csv', `${file}`);
    lake.put(`${folder}part-0`, 'good', 'a');
    const looks = async () => {
      const before = worker.observations.length;
      await worker.settle();
      return worker.observations.slice(before).filter(({ kind }) => kind === 'looked-at').length;
    };
    expect(await looks()).toBe(PER_SWEEP);
    for (let hour = 0; pages(lake).length === 0 && hour < 50; hour++) {
      lake.wait(HOUR);
      expect(await looks()).toBe(PER_SWEEP);
    }
    expect(pages(lake)).toHaveLength(1);
  });

  test('what is ignored is no verdict: it does not thin out what the breaker counts', async () => {
    const lake = simulate();
    const worker = lake.worker();
    await worker.sweep();
    for (let file = 0; file < 200; file++) lake.put(`${folder}n${file}.csv`, 'csv', `${file}`);
    for (let file = 0; file < 60; file++) lake.put(`${folder}p${file}.parquet`, 'drifted', `${file}`);
    await worker.drain();
    expect((await readBreaker(worker.guard, await worker.table())).state).toBe('open');
  });
});

describe('LAK-31 (C): since when a table is guarded in place', () => {
  test('the first look begins it where no sweep has: what was there before is told, and stays', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    lake.world.deliver = () => [60_000];
    lake.put(`${folder}part-0`, 'good', 'old');
    lake.put(`${folder}old.parquet`, 'drifted', 'old');
    lake.wait(60);
    await worker.drain();
    expect(landed(lake)).toEqual({});
    expect(readable(lake)).toEqual({
      [`${folder}part-0`]: 'good old',
      [`${folder}old.parquet`]: 'drifted old',
    });
    lake.world.deliver = () => [0];
    lake.wait(5);
    lake.put(`${folder}part-1`, 'good', 'new');
    await worker.settle();
    expect(quarantined(lake)).toEqual(['good new']);
    expect(readable(lake)).toEqual({
      [`${folder}part-0`]: 'good old',
      [`${folder}old.parquet`]: 'drifted old',
    });
  });

  test('an upload that began before it stays, whenever it was complete', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.sweep();
    lake.wait(60);
    lake.put(`${folder}a.parquet`, 'drifted', 'a', { multipart: { parts: 2, startedMsAgo: HOUR * 1000 } });
    for (const days of [0, 1, 8]) {
      lake.wait(days * DAY);
      await worker.settle();
      expect(readable(lake)).toEqual({ [`${folder}a.parquet`]: 'drifted a' });
    }
    expect(pages(lake)).toHaveLength(1);
  });

  test('what was only told is moved where it is written again', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    lake.put(`${folder}part-0`, 'good', 'a');
    lake.wait(5);
    await worker.sweep();
    lake.wait(5);
    await worker.settle();
    expect(quarantined(lake)).toEqual([]);
    lake.put(`${folder}part-0`, 'good', 'a');
    await worker.settle();
    expect(quarantined(lake)).toEqual(['good a']);
  });
});

describe('LAK-33 (C): a release', () => {
  test('lets nothing go that would be published by nobody', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(`${folder}a.parquet`, 'drifted', 'a');
    await worker.settle();
    lake.deploy({ version: '1.1.0', id: 'string', policy: ['fileMatch: "**/*.pq"'] });
    const [record] = await worker.holds();
    const done = await release(worker.guard, await worker.table(), record as HoldRecord, { by: 'ana' });
    expect(done).toMatchObject({ outcome: 'still-held', findings: [{ rule: 'file-unmatched' }] });
  });
});
