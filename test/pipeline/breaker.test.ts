import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import {
  afterDeletes,
  afterVerdicts,
  closeBreaker,
  countDeletes,
  countVerdicts,
  readBreaker,
} from '../../src/pipeline/breaker.ts';
import type { BreakerRecord } from '../../src/pipeline/records.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { contractSet, MemoryWorld } from '../support/ports-in-memory.ts';

const NOON = '2026-06-15T12:00:00.000Z';
const at = (minutes: number) => new Date(Date.parse(NOON) + minutes * 60_000).toISOString();

/** Batches of [minute, judged, held] under one signature. */
function run(batches: readonly (readonly [number, number, number])[], from?: BreakerRecord): BreakerRecord {
  let record = from;
  for (const [minute, judged, held] of batches)
    record = afterVerdicts(record, { judged, held }, 's', at(minute));
  if (record === undefined) throw new Error('no batch');
  return record;
}

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
  ])('%s', (_, batches, state) => {
    expect(run(batches).state).toBe(state);
  });

  test('another signature starts the counts and the hour again, and an open breaker stays open', () => {
    const record = run([[0, 40, 40]]);
    const changed = afterVerdicts(record, { judged: 40, held: 40 }, 'other', at(1));
    expect(changed).toMatchObject({ state: 'closed', signature: 'other', changedAt: at(1) });
    expect(changed.minutes).toEqual([{ minute: '2026-06-15T12:01', judged: 40, held: 40 }]);
    const open = run([[0, 100, 100]]);
    expect(afterVerdicts(open, { judged: 1, held: 0 }, 'other', at(1)).state).toBe('open');
    expect(open.openedAt).toBe(NOON);
  });

  test('a clock that goes back neither loses counts nor grows the record', () => {
    const record = run(Array.from({ length: 60 }, (_, index) => [-index, 1, 1] as const));
    expect(record.minutes.length).toBeLessThanOrEqual(10);
    expect(record.state).toBe('closed');
  });
});

describe('BRK-2: FM-8: a wrong contract stops moving things, and pages once', () => {
  async function count(world: MemoryWorld, judged: number, held: number) {
    return countVerdicts(world, world.table(), { judged, held });
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
    world.ledger.before = (call) => {
      if (call === 'put' && ++puts === 2) throw new HeadgateError('WRITE_FAILED', 'cut off');
    };
    await expect(count(world, 1, 0)).rejects.toThrow('cut off');
    world.ledger.before = () => undefined;
    expect([await count(world, 1, 0), await count(world, 1, 0)]).toEqual(['open', 'open']);
    expect(world.published).toHaveLength(2);
    expect(world.published[0]?.id).toBe(world.published[1]?.id);
  });

  test('concurrent counts are all counted, and a ledger that is always taken says so', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    await Promise.all(Array.from({ length: 5 }, () => count(world, 10, 1)));
    const { minutes } = await readBreaker(world, world.table());
    expect(minutes).toEqual([{ minute: '2026-06-15T12:00', judged: 50, held: 5 }]);
    world.ledger.before = (call) => {
      if (call === 'put') world.ledger.set('breaker/shop.t', 'state', { state: 'closed', minutes: [] });
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
    expect(await readBreaker(world, { name: 'shop.t' })).toMatchObject({ state: 'closed', minutes: [] });
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
      minutes: [],
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
