import { describe, expect, test } from 'vitest';
import { toBeCounted, withCounts } from '../../src/run/incident/counts.ts';
import {
  type IncidentEvent,
  type Incidents,
  noIncidents,
  type Pair,
} from '../../src/run/incident/incidents.ts';
import { belonging } from '../../src/run/incident/match.ts';
import { reduce } from '../../src/run/incident/reduce.ts';

const AT = '2026-06-15T12:00:00.000Z';
const MOMENT = { now: AT, dayAgo: '2026-06-14T12:00:00.000Z' };
const NONE = noIncidents('shop.t', '1.0.0');

function happened(id: string, path: string, isMoved = true): IncidentEvent {
  const pair: Pair = { rule: 'type-changed', path, expected: 'bigint', actual: 'DOUBLE' };
  return {
    kind: 'happened',
    id,
    at: AT,
    pairs: [pair],
    effect: 'query-fails',
    owner: { team: 'crew', channels: [] },
    place: { uri: `s3://landing/t/${id}`, folder: '', ...(isMoved && { holdId: id }) },
    servesOldData: false,
    lasts: isMoved ? 'held' : 'quiet',
  };
}
const all = (state: Incidents, ...events: readonly IncidentEvent[]) =>
  events.reduce((next, event) => reduce(next, event, MOMENT), state);
const files = (from: number, to: number, path = 'id') =>
  Array.from({ length: to - from }, (_, index) => happened(`${path}${from + index}`, path));
const counted = (before: Incidents, after: Incidents, held: number, isTold = false) => {
  const counts = new Map(toBeCounted(before, after).map(({ id }) => [id, held]));
  return withCounts(before, all(after, { kind: 'counted', held: counts, isTold }));
};
const said = ({ outbox }: Incidents) =>
  outbox.map(({ kind, title }) => `${kind} ${title.split(': ').at(-1)}`);

describe('LAK-84 (H): what notices say of one change', () => {
  test('the page says how many came with it, and no step repeats it', () => {
    expect(said(counted(NONE, all(NONE, ...files(0, 100)), 100))).toEqual(['open 100 files held']);
  });

  test('of several steps the last one stays', () => {
    const before = counted(NONE, all(NONE, ...files(0, 5)), 5);
    const after = all({ ...before, outbox: [] }, ...files(5, 1000));
    expect(said(after)).toHaveLength(3);
    expect(said(counted({ ...before, outbox: [] }, after, 990))).toEqual(['update 990 files held']);
  });

  test('what has more to say than a count stays, and says the count too', () => {
    const drift = {
      kind: 'mass-drift',
      id: 'd',
      at: AT,
      held: 60,
      judged: 60,
      isReadable: false,
      owner: { team: 'crew', channels: [] },
    } as const;
    const next = counted(NONE, all(NONE, ...files(0, 10), drift), 60);
    expect(next.outbox.map(({ kind, why }) => [kind, why])).toEqual([
      ['open', undefined],
      ['update', 'mass drift'],
    ]);
    expect(next.outbox.map(({ lines }) => lines[0])).toEqual([expect.stringContaining('id: '), 'mass drift']);
    expect(next.outbox.map(({ sequence }) => sequence)).toEqual([1, 3]);
    for (const { lines } of next.outbox) expect(lines).toContain('files: 60');
  });

  test('a notice that waits since an earlier change is left as it is', () => {
    const before = counted(NONE, all(NONE, ...files(0, 2)), 2);
    const after = all(before, ...files(2, 10));
    const next = counted(before, after, 10);
    expect(next.outbox[0]).toBe(before.outbox[0]);
    expect(said(next)).toEqual(['open 2 files held', 'update 10 files held']);
    const more = counted(next, all(next, ...files(10, 100)), 100);
    expect(said(more)).toEqual(['open 2 files held', 'update 10 files held', 'update 100 files held']);
  });

  test('incidents that nothing was told of, or nothing was ever moved of, are not counted', () => {
    const before = counted(NONE, all(NONE, ...files(0, 1)), 1);
    expect(toBeCounted(before, all(before, ...files(1, 3)))).toEqual([]);
    const observed = all(NONE, happened('o', 'id', false));
    expect(toBeCounted(NONE, observed)).toEqual([]);
    expect(said(counted(NONE, observed, 7))).toEqual(['open 1 file found, not moved']);
  });

  test('people are told again where they know of less than half, and only when time has passed', () => {
    const known = { ...counted(NONE, all(NONE, ...files(0, 4)), 4), outbox: [] };
    const id = known.incidents[0]?.id ?? '';
    const tick = (held: number, isTold: boolean) =>
      said(all(known, { kind: 'counted', held: new Map([[id, held]]), isTold }));
    expect(known.incidents).toMatchObject([{ held: 4, told: 4 }]);
    expect(tick(8, true)).toEqual(['update 8 files held']);
    expect([tick(7, true), tick(8, false), tick(1, true)]).toEqual([[], [], []]);
  });

  test('an incident of a version that counted nothing tells nothing before it has told once', () => {
    const [incident] = counted(NONE, all(NONE, ...files(0, 1)), 1).incidents;
    if (incident === undefined) throw new Error('one incident');
    const { told: _, held: __, ...older } = incident;
    const state = { ...NONE, incidents: [older] };
    const next = all(state, { kind: 'counted', held: new Map([[older.id, 9]]), isTold: true });
    expect([said(next), next.incidents[0]?.held]).toEqual([[], 9]);
  });
});

describe('LAK-84 (H): which incident something held is of', () => {
  const [one, two] = all(NONE, happened('a', 'id'), happened('b', 'v')).incidents;
  if (one === undefined || two === undefined) throw new Error('two incidents');
  const held = (...paths: readonly string[]) => paths.map((path) => ({ rule: 'type-changed', path }));

  test('of each that shares a pair', () => {
    const belongs = belonging([one, two]);
    expect([belongs(one, held('id')), belongs(two, held('id'))]).toEqual([true, false]);
    expect([belongs(one, held('id', 'v')), belongs(two, held('id', 'v'))]).toEqual([true, true]);
    expect([belongs(one, held('w')), belongs(two, held('w'))]).toEqual([false, false]);
  });

  test('of one that had more pairs than it keeps, where none kept any of its pairs', () => {
    const full = { ...two, hasMorePairs: true };
    const belongs = belonging([one, full]);
    expect([belongs(one, held('w')), belongs(full, held('w'))]).toEqual([false, true]);
    expect([belongs(one, held('id')), belongs(full, held('id'))]).toEqual([true, false]);
  });

  test('a path that is longer than an incident keeps', () => {
    const long = 'x'.repeat(500);
    const [incident] = all(NONE, happened('a', long)).incidents;
    if (incident === undefined) throw new Error('one incident');
    expect(belonging([incident])(incident, held(long))).toBe(true);
  });
});
