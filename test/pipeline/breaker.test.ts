import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import {
  afterDeletes,
  closeBreaker,
  countDeletes,
  countVerdicts,
  isBreakerOpen,
  readBreaker,
} from '../../src/pipeline/breaker.ts';
import type { BreakerRecord } from '../../src/pipeline/records.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { contractSet, MemoryWorld } from '../support/ports-in-memory.ts';

const NOON = '2026-06-15T12:00:00.000Z';
const at = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();

/** Batches of [minute, judged, held] under one signature; each batch may count in another shard. */
async function run(
  batches: readonly (readonly [number, number, number])[],
  world = new MemoryWorld(lakeContract(['id int'])),
): Promise<MemoryWorld> {
  for (const [index, [minute, judged, held]] of batches.entries()) {
    world.now = at(minute);
    await countVerdicts(world, world.table(), { judged, held }, `batch ${index}`);
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
      '5,001 holds at any time',
      [
        [0, 1, 0],
        [600, 900_000, 5001],
      ],
      'open',
    ],
    [
      '5,000 holds late',
      [
        [0, 1, 0],
        [600, 5000, 5000],
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
      const counts = isNew ? { judged: 10, held: 10 } : { judged: 7, held: 0 };
      await countVerdicts(world, world.table(), counts, 'the same shard for all');
    }
    expect(await readBreaker(world, world.table())).toMatchObject({
      state: 'closed',
      changedAt: at(1),
      judged: 50,
      held: 50,
    });
    world.set = next;
    await countVerdicts(world, world.table(), { judged: 1, held: 1 }, 'b');
    expect(await stateOf(world)).toBe('open');
  });
  test('BRK-4: a shard keeps the counts of a few contracts, however many there were', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    for (let version = 0; version < 20; version++) {
      world.set = contractSet(lakeContract(['id int'], { version: `1.${version}.0` }));
      await countVerdicts(world, world.table(), { judged: 1, held: 0 }, 'b');
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

/** Names of batches that a lone gate counts in the same entry. */
async function batchesThatBeginTogether(count: number): Promise<readonly string[]> {
  const names: string[] = [];
  for (let index = 0; names.length < count; index++) {
    const world = new MemoryWorld(lakeContract(['id int']));
    await countVerdicts(world, world.table(), { judged: 1, held: 0 }, `batch ${index}`);
    if (world.ledger.value('breaker/shop.t', 'counts/5') !== undefined) names.push(`batch ${index}`);
  }
  return names;
}

describe('BRK-2: FM-8: a wrong contract stops moving things, and pages once', () => {
  let batches = 0;
  async function count(world: MemoryWorld, judged: number, held: number) {
    return countVerdicts(world, world.table(), { judged, held }, `batch ${++batches}`);
  }

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
        for (let batch = 0; batch < 3; batch++) await count(world, 10, 0);
      }),
    );
    expect(await readBreaker(world, world.table())).toMatchObject({ judged: 1920, held: 0, state: 'closed' });
    const shards = [...world.ledger.entries.keys()].filter((key) => key.includes('counts/'));
    expect(shards).toHaveLength(8);
  });

  test('BRK-4: 64 gates that all begin at the same entry get over it too', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    world.ledger.before = () => new Promise((resolve) => setImmediate(resolve));
    const names = await batchesThatBeginTogether(64);
    await Promise.all(
      names.map((name) => countVerdicts(world, world.table(), { judged: 10, held: 0 }, name)),
    );
    expect(await readBreaker(world, world.table())).toMatchObject({ judged: 640 });
  });

  test('a person who closes it while it is to be opened wins: what was counted is of the past', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    await count(world, 50, 50);
    const { signature } = await readBreaker(world, world.table());
    const counts = [
      { under: `${signature} 0`, minutes: [{ minute: '2026-06-15T12:00', judged: 9, held: 9 }] },
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
        counts: [{ under, minutes: [{ minute: '2026-06-15T12:00', judged: 30, held: 30 }] }],
      });
    expect(await stateOf(world)).toBe('closed');
    expect(await isBreakerOpen(world, world.table())).toBe(true);
    expect(await stateOf(world)).toBe('open');
    expect(world.published.map(({ type, detail }) => [type, detail.held])).toEqual([['MassDrift', 60]]);
    expect(await isBreakerOpen(world, world.table())).toBe(true);
    expect(world.published).toHaveLength(1);
  });

  test('a batch that is counted again is counted in the same place', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    for (let time = 0; time < 3; time++)
      await countVerdicts(world, world.table(), { judged: 1, held: 0 }, 'b');
    expect([...world.ledger.entries.keys()].filter((key) => key.includes('counts/'))).toHaveLength(1);
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
    expect(await count(world, 5000, 5000)).toBe('open');
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
  test.each<[string, number, number, number | undefined, 'allowed' | 'paused']>([
    ['nine of nine are few', 0, 9, 9, 'allowed'],
    ['ten of twenty are half', 0, 10, 20, 'allowed'],
    ['eleven of twenty', 0, 11, 20, 'paused'],
    ['eleven of twenty in two steps', 6, 5, 20, 'paused'],
    ['ten of nobody knows how many', 0, 10, undefined, 'paused'],
    ['ten of none', 0, 10, 0, 'paused'],
  ])('%s', (_, before, deletes, objects, expected) => {
    const stored: BreakerRecord = {
      state: 'closed',
      signature: '',
      changedAt: '',
      deletes: { hour: '2026-06-15T12', count: before },
    };
    expect(afterDeletes(stored, deletes, objects, NOON).kind).toBe(expected);
    const nextHour = afterDeletes(stored, deletes, objects, at(60));
    expect(nextHour).toEqual(
      deletes > 9 && deletes * 2 > (objects ?? 0)
        ? { kind: 'paused', deletes }
        : { kind: 'allowed', record: { ...stored, deletes: { hour: '2026-06-15T13', count: deletes } } },
    );
  });

  test('paused ones are told once an hour and not counted; a person allows an hour of them', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    const table = { name: 'shop.t' };
    expect(await countDeletes(world, table, 5, 100)).toBe('allowed');
    for (let time = 0; time < 2; time++) expect(await countDeletes(world, table, 60, 100)).toBe('paused');
    expect(world.published.map(({ type, detail }) => [type, detail])).toEqual([
      ['DeletesPaused', { table: 'shop.t', deletes: 65, objects: 100 }],
      ['DeletesPaused', { table: 'shop.t', deletes: 65, objects: 100 }],
    ]);
    expect(world.published[0]?.id).toBe(world.published[1]?.id);
    await closeBreaker(world, table, { by: 'ann', allowDeletes: true });
    expect(await countDeletes(world, table, 60, 100)).toBe('allowed');
    world.later(61);
    expect(await countDeletes(world, table, 60, 100)).toBe('paused');
  });
});
