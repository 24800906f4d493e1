import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import {
  afterDeletes,
  closeBreaker,
  countDeletes,
  countExpected,
  countVerdicts,
  isBreakerOpen,
  readBreaker,
} from '../../src/run/breaker/breaker.ts';
import { countedOf } from '../../src/run/breaker/breaker-counts.ts';
import type { BreakerRecord } from '../../src/run/breaker/breaker-record.ts';
import { sketchOf } from '../../src/run/ledger/distinct-sketch.ts';
import { originId } from '../../src/run/message/origin.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { contractSet, MemoryWorld } from '../support/ports-in-memory.ts';
import { fc } from '../support/property.ts';

const NOON = '2026-06-15T12:00:00.000Z';
const at = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();

let objects = 0;
/** Ids of objects that nobody counted yet. */
const fresh = (count: number) => Array.from({ length: count }, () => idOf(++objects));
const idOf = (object: number | string) => originId({ bucket: 'landing', key: String(object), etag: 'e' });
/** So many objects that nobody counted yet, the held ones last. */
const verdicts = (judged: number, held: number) => {
  const ids = fresh(judged);
  return { judged: ids, held: ids.slice(judged - held) };
};

/** As [minute, judged, held] under one signature, in batches as a gate has them. */
async function run(
  counts: readonly (readonly [number, number, number])[],
  world = new MemoryWorld(lakeContract(['id int'])),
): Promise<MemoryWorld> {
  for (const [minute, judged, held] of counts) {
    world.now = at(minute);
    const ids = verdicts(judged, held);
    const isHeld = new Set(ids.held);
    for (let start = 0; start < judged; start += 20) {
      const batch = ids.judged.slice(start, start + 20);
      await countVerdicts(world, world.table(), {
        judged: batch,
        held: batch.filter((id) => isHeld.has(id)),
      });
    }
  }
  return world;
}
const stateOf = async (world: MemoryWorld) => (await readBreaker(world, world.table())).state;

describe('BRK-1: when holds add up to a mistake of ours', () => {
  test.each<[string, readonly (readonly [number, number, number])[], 'open' | 'closed']>([
    ['51 of 200 within the hour of a change', [[0, 200, 51]], 'open'],
    ['50 holds are few', [[0, 60, 50]], 'closed'],
    ['a fifth is no more than a fifth', [[0, 500, 100]], 'closed'],
    ['one more than a fifth', [[0, 500, 101]], 'open'],
    [
      'over five minutes they add up',
      [
        [0, 20, 20],
        [4, 40, 31],
      ],
      'open',
    ],
    [
      'what is five minutes old is gone',
      [
        [0, 20, 20],
        [5, 40, 31],
      ],
      'closed',
    ],
    [
      'good files count for the share',
      [
        [0, 1000, 0],
        [4, 100, 100],
      ],
      'closed',
    ],
    [
      '60 minutes after the change',
      [
        [0, 1, 0],
        [60, 100, 100],
      ],
      'open',
    ],
    [
      '61 minutes after the change',
      [
        [0, 1, 0],
        [61, 100, 100],
      ],
      'closed',
    ],
    [
      'more than 5,000 holds at any time',
      [
        [0, 1, 0],
        [600, 5400, 5300],
      ],
      'open',
    ],
    [
      'fewer than 5,000 holds late',
      [
        [0, 1, 0],
        [600, 4700, 4700],
      ],
      'closed',
    ],
  ])('%s', async (_, batches, state) => {
    expect(await stateOf(await run(batches))).toBe(state);
  });

  test('another signature starts the counts and the hour again, and an open breaker stays open', async () => {
    const world = await run([
      [0, 1, 0],
      [60, 40, 40],
    ]);
    world.set = contractSet(lakeContract(['id string'], { version: '1.1.0' }));
    await run([[61, 40, 40]], world);
    expect(await readBreaker(world, world.table())).toMatchObject({
      state: 'closed',
      changedAt: at(61),
      judged: 40,
      held: 40,
    });
    await run([[62, 20, 20]], world);
    expect(await readBreaker(world, world.table())).toMatchObject({ state: 'open', openedAt: at(62) });
    world.set = contractSet(lakeContract(['id date'], { version: '1.2.0' }));
    await run([[63, 1, 0]], world);
    expect(await readBreaker(world, world.table())).toMatchObject({ state: 'open', openedAt: at(62) });
  });

  test('BRK-4: gates that still have the old contract are late, and neither start the hour again nor take the new one’s counts', async () => {
    const world = await run([[0, 10, 0]]);
    const old = world.set;
    const next = contractSet(lakeContract(['id string'], { version: '1.1.0' }));
    for (let batch = 0; batch < 10; batch++) {
      const isNew = batch % 2 === 0;
      world.set = isNew ? next : old;
      world.now = at(1 + batch / 10);
      await countVerdicts(world, world.table(), isNew ? verdicts(10, 10) : verdicts(7, 0));
    }
    expect(await readBreaker(world, world.table())).toMatchObject({
      state: 'closed',
      changedAt: at(1),
      judged: 50,
      held: 50,
    });
    world.set = next;
    await countVerdicts(world, world.table(), verdicts(1, 1));
    expect(await stateOf(world)).toBe('open');
  });
  test('BRK-4: a shard keeps the counts of a few contracts, however many there were', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    for (let version = 0; version < 20; version++) {
      world.set = contractSet(lakeContract(['id int'], { version: `1.${version}.0` }));
      await countVerdicts(world, world.table(), { judged: [idOf('b')], held: [] });
    }
    const shards = [...world.ledger.entries].filter(([key]) => key.includes('counts/'));
    expect(shards.map(([, { value }]) => (value as { counts: unknown[] }).counts.length)).toEqual([3]);
  });
  test('going back to the old contract later is a change like any other', async () => {
    const world = await run([[0, 10, 0]]);
    const old = world.set;
    world.set = contractSet(lakeContract(['id string'], { version: '1.1.0' }));
    await run([[1, 10, 0]], world);
    world.set = old;
    await run([[90, 60, 60]], world);
    expect(await readBreaker(world, world.table())).toMatchObject({ state: 'open', changedAt: at(90) });
  });

  test('a clock that goes back neither loses counts nor grows the record', async () => {
    const world = await run(Array.from({ length: 400 }, (_, index) => [-index, 1, 1] as const));
    for (const [key, { value }] of world.ledger.entries)
      if (key.includes('counts/')) expect(JSON.stringify(value).length).toBeLessThan(1_200);
    expect(await stateOf(world)).toBe('closed');
  });
});

/** Batches that a lone gate counts in the same entry. */
async function batchesThatBeginTogether(count: number): Promise<readonly (readonly string[])[]> {
  const batches: string[][] = [];
  const world = new MemoryWorld(lakeContract(['id int']));
  while (batches.length < count) {
    world.ledger.entries.clear();
    const judged = fresh(1);
    await countVerdicts(world, world.table(), { judged, held: [] });
    if (world.ledger.value('breaker/shop.t', 'counts/5') !== undefined) batches.push(judged);
  }
  return batches;
}

describe('BRK-2: FM-8: a wrong contract stops moving things, and pages once', () => {
  const count = (world: MemoryWorld, judged: number, held: number) =>
    countVerdicts(world, world.table(), verdicts(judged, held));

  test('2,000 rejects in batches of 10: the breaker opens at the 51st and is announced once', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    const states: string[] = [];
    for (let batch = 0; batch < 200; batch++) states.push(await count(world, 10, 10));
    expect(states.indexOf('open')).toBe(5);
    expect(new Set(states.slice(5))).toEqual(new Set(['open']));
    expect((await readBreaker(world, world.table())).state).toBe('open');
    expect(world.published).toEqual([
      {
        id: expect.any(String),
        type: 'MassDrift',
        at: NOON,
        detail: {
          table: 'shop.t',
          contractVersion: '1.0.0',
          held: 60,
          judged: 60,
          mode: 'promote',
          owner: { team: 'crew', channels: ['#data'] },
        },
      },
    ]);
  });

  test('an opening that could not be told is told by the next batch, under the same id', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    world.beforePublish = () => {
      throw new HeadgateError('WRITE_FAILED', 'bus is down');
    };
    await expect(count(world, 100, 100)).rejects.toThrow('bus is down');
    expect((await readBreaker(world, world.table())).state).toBe('open');
    let puts = 0;
    world.beforePublish = () => undefined;
    // The first puts the count, the second would say that it is announced.
    world.ledger.before = (call) => {
      if (call === 'put' && ++puts === 2) throw new HeadgateError('WRITE_FAILED', 'cut off');
    };
    await expect(count(world, 1, 0)).rejects.toThrow('cut off');
    world.ledger.before = () => undefined;
    expect([await count(world, 1, 0), await count(world, 1, 0)]).toEqual(['open', 'open']);
    expect(world.published).toHaveLength(2);
    expect(world.published[0]?.id).toBe(world.published[1]?.id);
  });

  test('BRK-4: 64 gates at once count all that they judged, and none meets a conflict that it cannot get over', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    // Each gate waits for the others before each write, so that as many as can be meet.
    world.ledger.before = () => new Promise((resolve) => setImmediate(resolve));
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let batch = 0; batch < 3; batch++) await count(world, 5, 0);
      }),
    );
    expect(await readBreaker(world, world.table())).toMatchObject({ judged: 960, held: 0, state: 'closed' });
    const shards = [...world.ledger.entries.keys()].filter((key) => key.includes('counts/'));
    expect(shards).toHaveLength(8);
  });

  test('BRK-4: 64 gates that all begin at the same entry get over it too', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    world.ledger.before = () => new Promise((resolve) => setImmediate(resolve));
    const batches = await batchesThatBeginTogether(64);
    await Promise.all(batches.map((judged) => countVerdicts(world, world.table(), { judged, held: [] })));
    expect(await readBreaker(world, world.table())).toMatchObject({ judged: 64 });
  });

  test('a person who closes it while it is to be opened wins: what was counted is of the past', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    await count(world, 50, 50);
    const { signature } = await readBreaker(world, world.table());
    const counts = [
      { under: `${signature} 0`, minutes: [{ minute: '2026-06-15T12:00', ...countedOf([], fresh(9)) }] },
    ];
    const free = ['counts/0', 'counts/1', 'counts/2', 'counts/3'].filter(
      (id) => world.ledger.value('breaker/shop.t', id) === undefined,
    );
    for (const id of free) world.ledger.set('breaker/shop.t', id, { counts });
    let isClosed = false;
    world.ledger.before = async (call) => {
      if (call !== 'get' || isClosed) return;
      isClosed = true;
      await closeBreaker(world, world.table(), { by: 'ann', allowDeletes: false });
    };
    expect(await isBreakerOpen(world, world.table())).toBe(false);
    expect(await readBreaker(world, world.table())).toMatchObject({ state: 'closed', judged: 0, held: 0 });
    expect(world.published.map(({ type }) => type)).toEqual(['BreakerClosed']);
  });

  test('BRK-4: what gates that ran at once did not see of each other, whoever moves adds up', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    await count(world, 1, 0);
    // Two gates whose counts stand there, and who both read before the other wrote.
    const under = `${(await readBreaker(world, world.table())).signature} 0`;
    for (const id of ['counts/2', 'counts/6'])
      world.ledger.set('breaker/shop.t', id, {
        counts: [{ under, minutes: [{ minute: '2026-06-15T12:00', ...countedOf([], fresh(30)) }] }],
      });
    expect(await stateOf(world)).toBe('closed');
    expect(await isBreakerOpen(world, world.table())).toBe(true);
    expect(await stateOf(world)).toBe('open');
    expect(world.published.map(({ type, detail }) => [type, detail.held])).toEqual([['MassDrift', 60]]);
    expect(await isBreakerOpen(world, world.table())).toBe(true);
    expect(world.published).toHaveLength(1);
  });

  test('a ledger that is always taken says so', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    world.ledger.before = (call) => {
      if (call !== 'put') return;
      for (let shard = 0; shard < 8; shard++)
        world.ledger.set('breaker/shop.t', `counts/${shard}`, { counts: [] });
    };
    await expect(count(world, 1, 0)).rejects.toMatchObject({ code: 'CONFLICT', retryable: true });
  });

  test('a person closes it: what they accepted does not open it again, a new change may', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    await count(world, 100, 100);
    expect(await closeBreaker(world, world.table(), { by: 'ann', allowDeletes: false })).toBe(true);
    expect(world.published.at(-1)).toMatchObject({
      type: 'BreakerClosed',
      detail: { table: 'shop.t', by: 'ann', allowsDeletes: false },
    });
    expect(await count(world, 9000, 9000)).toBe('closed');
    world.later(30);
    expect(await count(world, 100, 100)).toBe('closed');
    world.later(31);
    expect(await count(world, 100, 100)).toBe('closed');
    expect(await count(world, 6000, 6000)).toBe('open');
    expect(world.published.at(-1)).toMatchObject({ type: 'MassDrift' });
    await closeBreaker(world, world.table(), { by: 'ann', allowDeletes: false });
    world.set = contractSet(lakeContract(['id string'], { version: '1.1.0' }));
    expect(await count(world, 100, 100)).toBe('open');
    const ids = world.published.filter(({ type }) => type === 'MassDrift').map(({ id }) => id);
    expect(ids).toHaveLength(3);
  });

  test('closing what is closed says so', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    expect(await readBreaker(world, { name: 'shop.t' })).toMatchObject({
      state: 'closed',
      judged: 0,
      held: 0,
    });
    expect(await closeBreaker(world, { name: 'shop.t' }, { by: 'ann', allowDeletes: false })).toBe(false);
  });
});

describe('BRK-3: deletes without new files that add up wait for a person', () => {
  const deletedAt = (minute: string, count: number): BreakerRecord => ({
    state: 'closed',
    signature: '',
    changedAt: '',
    ...(count > 0 && { deleted: [{ minute, objects: sketchOf(fresh(count)) }] }),
  });
  test.each<[string, number, number, number | undefined, 'allowed' | 'paused']>([
    ['nine of nine are few', 0, 9, 9, 'allowed'],
    ['ten of twenty are half', 0, 10, 20, 'allowed'],
    ['eleven of twenty', 0, 11, 20, 'paused'],
    ['eleven of twenty in two steps', 6, 5, 20, 'paused'],
    ['ten of nobody knows how many', 0, 10, undefined, 'paused'],
    ['ten of none', 0, 10, 0, 'paused'],
  ])('%s', (_, before, deletes, count, expected) => {
    const stored = deletedAt('2026-06-15T12:00', before);
    expect(afterDeletes(stored, sketchOf(fresh(deletes)), count, NOON).kind).toBe(expected);
    const later = afterDeletes(stored, sketchOf(fresh(deletes)), count, at(61));
    expect(later.kind).toBe(deletes > 9 && deletes * 2 > (count ?? 0) ? 'paused' : 'allowed');
  });

  test.each<[string, string, 'allowed' | 'paused']>([
    ['the second before and the second after a full hour', '2026-06-15T11:00:00.000Z', 'paused'],
    ['59 minutes later', '2026-06-15T11:58:59.000Z', 'paused'],
    ['an hour and more later', '2026-06-15T12:00:00.000Z', 'allowed'],
  ])('LAK-65 (F): half of a table is deleted at 10:59:59; nearly the other half, %s', (_, now, expected) => {
    const stored = { state: 'closed', signature: '', changedAt: '' } as const;
    const first = afterDeletes(stored, sketchOf(fresh(50)), 100, '2026-06-15T10:59:59.000Z');
    if (first.kind !== 'allowed') throw new Error('fifty of a hundred are no more than half');
    expect(afterDeletes(first.record, sketchOf(fresh(49)), 100, now).kind).toBe(expected);
  });

  test('LAK-65 (F): within any 60 minutes no more than half of a table is deleted, whenever they begin', () => {
    const step = fc.record({
      minutes: fc.integer({ min: 0, max: 40 }),
      deletes: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        let record: BreakerRecord = { state: 'closed', signature: '', changedAt: '' };
        let minute = 0;
        const done: { readonly minute: number; readonly deletes: number }[] = [];
        for (const { minutes, deletes } of steps) {
          minute += minutes;
          const decided = afterDeletes(record, sketchOf(fresh(deletes)), 100, at(minute));
          if (decided.kind === 'paused') continue;
          record = decided.record;
          done.push({ minute, deletes });
          const recent = done.filter((entry) => entry.minute >= minute - 60);
          const sum = recent.reduce((count, entry) => count + entry.deletes, 0);
          expect(sum <= 50 || sum < 10).toBe(true);
          expect(JSON.stringify(record).length).toBeLessThan(8000);
        }
      }),
    );
  });

  test('LAK-65 (F): what an older version counted in its hour still counts', () => {
    const stored = { ...deletedAt('', 0), deletes: { hour: '2026-06-15T11', count: 50 } };
    expect(afterDeletes(stored, sketchOf(fresh(49)), 100, NOON).kind).toBe('paused');
    const later = afterDeletes(stored, sketchOf(fresh(49)), 100, at(60));
    expect(later).toMatchObject({ kind: 'allowed' });
    expect(later).not.toHaveProperty('record.deletes');
  });

  test('LAK-64 (F): deletes of a batch that was cut off are counted once', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    const ids = fresh(30);
    for (let time = 0; time < 5; time++)
      expect(await countDeletes(world, { name: 'shop.t' }, ids, 100)).toBe('allowed');
    expect(await countDeletes(world, { name: 'shop.t' }, fresh(21), 100)).toBe('paused');
  });

  test('paused ones are told once an hour and not counted; a person allows an hour of them', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    const table = { name: 'shop.t' };
    expect(await countDeletes(world, table, fresh(5), 100)).toBe('allowed');
    for (let time = 0; time < 2; time++)
      expect(await countDeletes(world, table, fresh(60), 100)).toBe('paused');
    expect(world.published.map(({ type, detail }) => [type, detail])).toEqual([
      ['DeletesPaused', { table: 'shop.t', deletes: 65, objects: 100 }],
      ['DeletesPaused', { table: 'shop.t', deletes: 65, objects: 100 }],
    ]);
    expect(world.published[0]?.id).toBe(world.published[1]?.id);
    await closeBreaker(world, table, { by: 'ann', allowDeletes: true });
    expect(await countDeletes(world, table, fresh(60), 100)).toBe('allowed');
    world.later(61);
    expect(await countDeletes(world, table, fresh(60), 100)).toBe('paused');
  });
});

describe('BRK-5: an object is counted once, and as a share of all that is known to come', () => {
  const world = () => new MemoryWorld(lakeContract(['id int']));

  test('LAK-63 (F): one bad file whose verdict bounces a hundred times is one hold', async () => {
    const lake = world();
    for (let time = 0; time < 100; time++) {
      lake.now = at(time / 60);
      await countVerdicts(lake, lake.table(), { judged: [idOf('bad')], held: [idOf('bad')] });
    }
    expect(await readBreaker(lake, lake.table())).toMatchObject({ state: 'closed', judged: 1, held: 1 });
  });

  test('LAK-64 (F): a batch that comes again, alone or among others, counts once', async () => {
    const batch = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 30 }), async (batches) => {
        const lake = world();
        const held = new Set<number>();
        for (const files of batches) {
          for (const file of files) if (file % 3 === 0) held.add(file);
          await countVerdicts(lake, lake.table(), {
            judged: files.map(idOf),
            held: files.filter((file) => file % 3 === 0).map(idOf),
          });
        }
        expect(await readBreaker(lake, lake.table())).toMatchObject({
          judged: new Set(batches.flat()).size,
          held: held.size,
        });
      }),
    );
  });

  /** Judges files in this order, as gates do; how many were held when the breaker opened. */
  async function heldUntilOpen(files: readonly boolean[]): Promise<number | undefined> {
    const lake = world();
    const ids = fresh(files.length);
    await countExpected(lake, lake.table(), sketchOf(ids));
    let heldSoFar = 0;
    for (let start = 0; start < files.length; start += 10) {
      const judged = ids.slice(start, start + 10);
      const held = judged.filter((_, index) => files[start + index]);
      heldSoFar += held.length;
      if ((await countVerdicts(lake, lake.table(), { judged, held })) === 'open') return heldSoFar;
    }
    return undefined;
  }
  const total = fc.integer({ min: 60, max: 900 });
  const order = fc.oneof(fc.constantFrom('bad first', 'bad last'), fc.infiniteStream(fc.integer()));
  const inOrder = (bad: number, count: number, how: 'bad first' | 'bad last' | Iterable<number>) => {
    const files = Array.from({ length: count }, (_, index) =>
      how === 'bad last' ? index >= count - bad : index < bad,
    );
    if (typeof how === 'string') return files;
    const keys = how[Symbol.iterator]();
    return files
      .map((isBad) => [isBad, Number(keys.next().value)] as const)
      .sort((a, b) => a[1] - b[1])
      .map(([isBad]) => isBad);
  };

  test('LAK-60 (F): where a tenth of what a listing found is bad, no order of it opens the breaker', async () => {
    await fc.assert(
      fc.asyncProperty(total, order, async (count, how) => {
        expect(await heldUntilOpen(inOrder(Math.floor(count / 10), count, how))).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });

  test('LAK-60 (F): where half of it is bad, the breaker opens as soon as that is sure', async () => {
    await fc.assert(
      fc.asyncProperty(total, order, async (count, how) => {
        const bad = Math.ceil(count / 2);
        const held = await heldUntilOpen(inOrder(bad, count, how));
        // A fifth of all and more than 50; a batch is ten, and an estimate may be off by a tenth and more.
        expect(held ?? 0).toBeLessThanOrEqual(Math.max(51, count * 0.27) + 10);
        expect(held !== undefined).toBe(bad > 50);
      }),
      { numRuns: 25 },
    );
  });

  test('what nobody announced is a share of what was judged: the 51st of 51 opens it', async () => {
    const lake = world();
    const states: string[] = [];
    for (let file = 0; file < 51; file++)
      states.push(await countVerdicts(lake, lake.table(), verdicts(1, 1)));
    expect(states.indexOf('open')).toBe(50);
  });

  test('announcing opens nothing, says whether it is open, and is gone after five minutes', async () => {
    const lake = world();
    await countVerdicts(lake, lake.table(), verdicts(50, 50));
    expect(await countExpected(lake, lake.table(), sketchOf(fresh(1000)))).toBe('closed');
    expect(lake.published).toEqual([]);
    lake.later(5);
    expect(await readBreaker(lake, lake.table())).toMatchObject({ judged: 0, held: 0 });
    await countVerdicts(lake, lake.table(), verdicts(51, 51));
    expect(await countExpected(lake, lake.table(), sketchOf(fresh(1)))).toBe('open');
  });

  test('counts of an older version, which were numbers, are passed over', async () => {
    const lake = world();
    await countVerdicts(lake, lake.table(), verdicts(1, 0));
    const under = `${(await readBreaker(lake, lake.table())).signature} 0`;
    for (let shard = 0; shard < 8; shard++)
      lake.ledger.set('breaker/shop.t', `counts/${shard}`, {
        counts: [{ under, minutes: [{ minute: '2026-06-15T12:00', judged: 9, held: 9 }] }],
      });
    expect(await readBreaker(lake, lake.table())).toMatchObject({ judged: 0, held: 0 });
    await countVerdicts(lake, lake.table(), verdicts(2, 1));
    expect(await readBreaker(lake, lake.table())).toMatchObject({ judged: 2, held: 1 });
  });
});
