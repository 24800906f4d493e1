import { describe, expect, test } from 'vitest';
import {
  type IncidentEvent,
  type Incidents,
  MAX_COUNTED,
  MAX_KEPT,
  MAX_OPEN,
  MAX_OUTBOX,
  MAX_PAIRS,
  type Moment,
  noIncidents,
  type Pair,
} from '../../src/run/incident/incidents.ts';
import { reduce } from '../../src/run/incident/reduce.ts';

type Happened = Extract<IncidentEvent, { readonly kind: 'happened' }>;

const START = Date.parse('2026-06-15T12:00:00.000Z');
const time = (hours: number) => new Date(START + hours * 3_600_000).toISOString();
const moment = (hours: number): Moment => ({ now: time(hours), dayAgo: time(hours - 24) });

function pair(path: string, rule = 'type-changed'): Pair {
  return { rule, path, expected: 'decimal(10,2)', actual: 'DOUBLE' };
}

function held(id: string, paths: readonly string[], more: Partial<Happened> = {}): Happened {
  return {
    kind: 'happened',
    id,
    at: time(0),
    pairs: paths.map((path) => pair(path)),
    effect: 'query-fails',
    owner: { team: 'crew', channels: ['#data'] },
    place: { uri: `s3://landing/t/dt=1/${id}`, folder: 'dt=1/', holdId: id },
    servesOldData: false,
    lasts: 'held',
    ...more,
  };
}

/** Events in order, each at an hour of the day. */
function run(
  events: readonly (readonly [number, IncidentEvent])[],
  from = noIncidents('shop.t', '1.0.0'),
): Incidents {
  return events.reduce((state, [hours, event]) => reduce(state, event, moment(hours)), from);
}

const kinds = ({ outbox }: Incidents) => outbox.map(({ kind }) => kind);
const only = ({ incidents }: Incidents) => {
  expect(incidents).toHaveLength(1);
  return incidents[0];
};

describe('INC-1: one page for one cause', () => {
  test('the first finding opens and pages; those that share a pair join and widen it', () => {
    const state = run([
      [0, held('a', ['total'])],
      [1, held('b', ['total', 'note'], { at: time(1), effect: 'wrong-results' })],
      [2, held('c', ['note'], { at: time(2) })],
    ]);
    expect(only(state)).toMatchObject({
      status: 'open',
      openedAt: time(0),
      lastAt: time(2),
      count: 3,
      effect: 'query-fails',
      pairs: [{ path: 'total' }, { path: 'note' }],
      first: { holdId: 'a' },
      last: { holdId: 'c' },
      sequence: 1,
    });
    expect(only(state)?.id).toMatch(/^[0-9a-f]{16}$/u);
    expect(kinds(state)).toEqual(['open']);
  });

  test('FM-20: 2,000 files with one drift: one page and three steps in one thread', () => {
    const state = run(Array.from({ length: 2000 }, (_, index) => [0, held(`h${index}`, ['total'])] as const));
    expect(state.outbox.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['open', 1],
      ['update', 2],
      ['update', 3],
      ['update', 4],
    ]);
    expect(state.outbox.map(({ lines }) => lines.find((line) => line.startsWith('files:')))).toEqual([
      'files: 1',
      'files: 10',
      'files: 100',
      'files: 1000',
    ]);
    expect(new Set(state.outbox.map(({ dedupKey }) => dedupKey)).size).toBe(1);
    expect(only(state)?.count).toBe(2000);
  });

  test('another rule or another path is another cause', () => {
    const state = run([
      [0, held('a', ['total'])],
      [0, held('b', ['note'])],
      [0, held('c', [], { pairs: [pair('total', 'required-null')] })],
    ]);
    expect(kinds(state)).toEqual(['open', 'open', 'open']);
    expect(new Set(state.incidents.map(({ id }) => id)).size).toBe(3);
  });

  test('findings of two open incidents join the first, and leave the other’s pair with it', () => {
    const state = run([
      [0, held('a', ['total'])],
      [0, held('b', ['note'])],
      [0, held('c', ['note', 'total', 'fresh'])],
    ]);
    expect(state.incidents.map(({ count, pairs }) => [count, pairs.map(({ path }) => path)])).toEqual([
      [2, ['total', 'fresh']],
      [1, ['note']],
    ]);
  });

  test('an event that comes again is counted once, in any order', () => {
    const state = run([
      [0, held('a', ['total'])],
      [0, held('b', ['total'])],
      [0, held('a', ['total'])],
      [0, held('b', ['total'])],
    ]);
    expect(only(state)?.count).toBe(2);
    expect(reduce(state, held('a', ['total'], { at: time(1) }), moment(1))).toBe(state);
  });

  test('that old data is served stays said, and where nothing happens nothing changes', () => {
    const state = run([
      [0, held('a', ['total'], { servesOldData: true })],
      [0, held('b', ['total'])],
    ]);
    expect(only(state)?.servesOldData).toBe(true);
    expect(reduce(state, { kind: 'tick' }, moment(100))).toBe(state);
  });

  test('a hold without any pair joins what is open, or opens', () => {
    expect(
      only(
        run([
          [0, held('a', [])],
          [0, held('b', ['total'])],
        ]),
      )?.count,
    ).toBe(2);
    expect(
      only(
        run([
          [0, held('a', ['total'])],
          [0, held('b', [])],
        ]),
      )?.count,
    ).toBe(2);
  });
});

describe('INC-2: bounded in everything', () => {
  test('beyond the open incidents that are kept, the newest takes what comes', () => {
    const state = run(
      Array.from({ length: 30 }, (_, index) => [0, held(`h${index}`, [`c${index}`])] as const),
    );
    expect(state.incidents).toHaveLength(MAX_OPEN);
    expect(state.incidents.at(-1)?.count).toBe(30 - MAX_OPEN + 1);
    expect(kinds(state).filter((kind) => kind === 'open')).toHaveLength(MAX_OPEN);
  });

  test('pairs, remembered ids and notices', () => {
    const wide = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const state = run([
      [0, held('a', wide)],
      [0, held('b', [...wide, 'more'])],
    ]);
    expect(only(state)).toMatchObject({ hasMorePairs: true, count: 2 });
    expect(only(state)?.pairs).toHaveLength(MAX_PAIRS);
    const joined = run([
      [0, held('a', ['c0'])],
      [0, held('b', wide)],
    ]);
    expect(only(joined)).toMatchObject({ hasMorePairs: true });
    expect(only(joined)?.pairs).toHaveLength(MAX_PAIRS);
    const many = run(Array.from({ length: 3000 }, (_, index) => [0, held(`h${index}`, ['c0'])] as const));
    expect(many.counted).toHaveLength(MAX_COUNTED);
    expect(JSON.stringify(many).length).toBeLessThan(60_000);
  });

  test('where nobody takes the notices, updates are lost and pages are not', () => {
    const first = only(run([[0, held('a', ['total'])]]));
    let state = run([[0, held('a', ['total'])]]);
    for (let index = 0; index < 200; index++)
      state = run(
        [
          [
            0,
            {
              kind: 'mass-drift',
              id: `m${index}`,
              at: time(0),
              held: 1,
              judged: 1,
              isReadable: false,
              owner: { team: undefined, channels: [] },
            },
          ],
        ],
        state,
      );
    expect(state.outbox).toHaveLength(MAX_OUTBOX);
    expect(state.outbox[0]).toMatchObject({ kind: 'open', dedupKey: first?.id });
  });

  test('resolved incidents make room, the oldest first', () => {
    let state = noIncidents('shop.t', '1.0.0');
    for (let index = 0; index < 50; index++) {
      state = run([[0, held(`h${index}`, [`c${index}`])]], state);
      const incident = state.incidents.at(-1)?.id ?? '';
      state = run([[0, { kind: 'resolve', incident, by: 'ann' }]], state);
    }
    expect(state.incidents).toHaveLength(MAX_KEPT);
    expect(state.incidents[0]?.pairs[0]?.path).toBe('c20');
  });

  test('text of others is bounded and harmless wherever it is shown', () => {
    const evil = `\u202e\n'; rm -rf / #${'x'.repeat(9000)}`;
    const state = run(
      [
        [
          0,
          held(evil, [evil], {
            pairs: [{ rule: 'type-changed', path: evil, expected: evil, actual: evil }],
            owner: { team: evil, channels: [evil] },
          }),
        ],
      ],
      noIncidents(evil, evil),
    );
    const [notice] = state.outbox;
    const texts = [
      notice?.title ?? '',
      ...(notice?.lines ?? []),
      ...(notice?.commands ?? []),
      notice?.team ?? '',
    ];
    for (const text of texts) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      if (!text.includes('s3://')) expect(text.length).toBeLessThan(600);
    }
    expect(notice?.commands[0]).toMatch(/^headgate quarantine show '\\u\{202e\}\\u\{a\}'\\''; rm -rf/u);
  });
});

describe('INC-3: an incident ends when nothing of it is held', () => {
  const looked = (...paths: readonly string[]): IncidentEvent => ({
    kind: 'looked',
    held: paths.map((path) => [pair(path)]),
  });

  test('a look at the holds resolves what is held no more, and only that', () => {
    const open = run([
      [0, held('a', ['total'])],
      [0, held('b', ['note'])],
    ]);
    const state = run([[1, looked('note')]], open);
    expect(state.incidents.map(({ status, resolvedAt }) => [status, resolvedAt])).toEqual([
      ['resolved', time(1)],
      ['open', undefined],
    ]);
    expect(state.outbox.at(-1)).toMatchObject({
      kind: 'resolve',
      sequence: 2,
      title: 'resolved: shop.t 1.0.0: type-changed at total: 1 file held',
      commands: [`headgate incident show ${state.incidents[0]?.id}`],
    });
    expect(state.outbox.at(-1)?.lines[0]).toBe('none of its objects is held now');
    expect(run([[1, looked('total', 'note')]], open)).toEqual(open);
  });

  test('a hold whose pairs were not all kept keeps the incident that lost some', () => {
    const wide = Array.from({ length: MAX_PAIRS + 1 }, (_, index) => `c${index}`);
    const open = run([
      [0, held('a', wide)],
      [0, held('b', ['note'])],
    ]);
    const state = run([[1, looked(`c${MAX_PAIRS}`)]], open);
    expect(state.incidents.map(({ status }) => status)).toEqual(['open', 'resolved']);
  });

  test('by hand, by whom', () => {
    const open = run([[0, held('a', ['total'])]]);
    const incident = only(open)?.id ?? '';
    const state = run([[1, { kind: 'resolve', incident, by: 'ann\n' }]], open);
    expect(only(state)).toMatchObject({ status: 'resolved', isHeld: false });
    expect(state.outbox.at(-1)?.lines[0]).toBe('resolved by ann\\u{a}');
    expect(run([[2, { kind: 'resolve', incident, by: 'bob' }]], state)).toBe(state);
    expect(run([[2, { kind: 'resolve', incident: 'none', by: 'bob' }]], state)).toBe(state);
  });

  test('what is never held ends after 24 quiet hours, counted from the last time', () => {
    const quiet = (id: string, hours: number) => held(id, ['total'], { at: time(hours), lasts: 'quiet' });
    const open = run([
      [0, quiet('a', 0)],
      [5, quiet('b', 5)],
    ]);
    expect(only(run([[28.9, { kind: 'tick' }]], open))?.status).toBe('open');
    const state = run([[29, { kind: 'tick' }]], open);
    expect(only(state)?.status).toBe('resolved');
    expect(state.outbox.at(-1)?.lines[0]).toBe('quiet for 24 hours');
    expect(run([[29, { kind: 'looked', held: [] }]], open)).toBe(open);
  });

  test('the same drift of the catalog, told again, keeps the incident open without counting', () => {
    const drift = (hours: number) => held('day-1', ['total'], { at: time(hours), lasts: 'quiet' });
    const state = run([
      [0, drift(0)],
      [20, drift(20)],
      [30, { kind: 'tick' }],
    ]);
    expect(only(state)).toMatchObject({ status: 'open', count: 1, lastAt: time(20) });
    expect(run([[30, drift(10)]], state)).toBe(state);
    expect(run([[30, { ...drift(25), pairs: [pair('unknown')] }]], state)).toBe(state);
  });

  test('held and quiet together end when both have', () => {
    const open = run([
      [0, held('a', ['total'])],
      [0, held('b', ['total'], { lasts: 'quiet' })],
    ]);
    expect(only(run([[25, { kind: 'tick' }]], open))?.status).toBe('open');
    const looked1 = run([[1, looked()]], open);
    expect(only(looked1)).toMatchObject({ status: 'open', isHeld: false });
    expect(only(run([[25, { kind: 'tick' }]], looked1))?.status).toBe('resolved');
  });
});

describe('INC-4: the same pairs within a day reopen the thread', () => {
  function resolved(): Incidents {
    const open = run([[0, held('a', ['total', 'note'])]]);
    return run([[1, { kind: 'looked', held: [] }]], open);
  }

  test('within 24 hours of its end: the same incident, no new page', () => {
    const state = run([[24.9, held('b', ['note'], { at: time(24.9) })]], resolved());
    expect(only(state)).toMatchObject({ status: 'open', count: 2, isHeld: true, sequence: 3 });
    expect(only(state)).not.toHaveProperty('resolvedAt');
    expect(kinds(state)).toEqual(['open', 'resolve', 'reopen']);
    expect(state.outbox[2]?.title).toMatch(/^again: shop\.t 1\.0\.0/u);
  });

  test('later: a new incident and a new page', () => {
    const state = run([[25, held('b', ['note'], { at: time(25) })]], resolved());
    expect(kinds(state)).toEqual(['open', 'resolve', 'open']);
    expect(new Set(state.incidents.map(({ id }) => id)).size).toBe(2);
  });

  test('a tick forgets what ended a day ago, once it was told', () => {
    const before = resolved();
    expect(run([[26, { kind: 'tick' }]], before)).toBe(before);
    const sent = before.outbox.map(
      ({ dedupKey, sequence }) => [2, { kind: 'sent', incident: dedupKey, sequence }] as const,
    );
    const told = run(sent, before);
    expect(told.outbox).toEqual([]);
    expect(run([[24.9, { kind: 'tick' }]], told).incidents).toHaveLength(1);
    expect(run([[25, { kind: 'tick' }]], told).incidents).toEqual([]);
  });
});

describe('INC-5: mass drift, mute and the outbox', () => {
  const massDrift = (id = 'm'): IncidentEvent => ({
    kind: 'mass-drift',
    id,
    at: time(0),
    held: 60,
    judged: 80,
    isReadable: true,
    owner: { team: 'crew', channels: [] },
  });

  test('mass drift updates the largest open incident, once', () => {
    const open = run([
      [0, held('a', ['note'])],
      [0, held('b', ['total'])],
      [0, held('c', ['total'])],
    ]);
    const state = run(
      [
        [0, massDrift()],
        [0, massDrift()],
      ],
      open,
    );
    expect(kinds(state)).toEqual(['open', 'open', 'update']);
    expect(state.outbox[2]).toMatchObject({
      dedupKey: state.incidents[1]?.id,
      title: 'still: shop.t 1.0.0: type-changed at total: the circuit breaker is open',
    });
    expect(state.outbox[2]?.lines).toContain(
      'circuit breaker: 60 of 80 files held within 5 minutes, so nothing more is moved',
    );
    expect(state.outbox[2]?.lines).toContain('bad files stay readable until the breaker is closed');
    expect(state.outbox[2]?.commands[0]).toBe('headgate breaker close shop.t');
    const closed = run([[1, { kind: 'breaker-closed', by: 'ann' }]], state);
    expect(closed.incidents[1]).not.toHaveProperty('massDrift');
    expect(closed.outbox[3]?.lines[0]).toBe('the circuit breaker was closed by ann');
  });

  test('where it comes before the findings, they join what it opened', () => {
    const state = run([
      [0, massDrift()],
      [0, held('a', ['total'])],
    ]);
    expect(only(state)).toMatchObject({ count: 1, pairs: [{ path: 'total' }], massDrift: { held: 60 } });
    expect(kinds(state)).toEqual(['open']);
    expect(state.outbox[0]?.title).toBe('shop.t 1.0.0: mass drift: the circuit breaker is open');
  });

  test('a mute silences updates until its time, and never a page', () => {
    const open = run([[0, held('a', ['total'])]]);
    const incident = only(open)?.id ?? '';
    let state = run([[0, { kind: 'mute', incident, until: time(2) }]], open);
    for (let index = 0; index < 9; index++) state = run([[1, held(`m${index}`, ['total'])]], state);
    expect(only(state)?.count).toBe(10);
    expect(kinds(state)).toEqual(['open']);
    state = run([[1, held('other', ['note'])]], state);
    expect(kinds(state)).toEqual(['open', 'open']);
    for (let index = 0; index < 90; index++) state = run([[3, held(`n${index}`, ['total'])]], state);
    expect(kinds(state)).toEqual(['open', 'open', 'update']);
    expect(run([[0, { kind: 'mute', incident: 'none', until: time(2) }]], open)).toBe(open);
  });

  test('a notice stays until exactly it is marked as sent', () => {
    const state = run([
      [0, held('a', ['total'])],
      [0, massDrift()],
    ]);
    const incident = only(state)?.id ?? '';
    expect(kinds(run([[0, { kind: 'sent', incident, sequence: 1 }]], state))).toEqual(['update']);
    expect(kinds(run([[0, { kind: 'sent', incident: 'other', sequence: 1 }]], state))).toEqual([
      'open',
      'update',
    ]);
  });
});

describe('INC-6: a notice says what is wrong, whose it is, and what to run next', () => {
  test('all of it', () => {
    const state = run([
      [
        0,
        held('h1', ['total', 'lines[].price', 'a', 'b', 'c', 'd', 'e'], {
          servesOldData: true,
        }),
      ],
    ]);
    const incident = only(state)?.id;
    expect(state.outbox).toEqual([
      {
        kind: 'open',
        dedupKey: incident,
        sequence: 1,
        title: 'shop.t 1.0.0: type-changed at total and 6 more: 1 file held',
        lines: [
          'total: type-changed: expected decimal(10,2), found DOUBLE',
          'lines[].price: type-changed: expected decimal(10,2), found DOUBLE',
          'a: type-changed: expected decimal(10,2), found DOUBLE',
          'b: type-changed: expected decimal(10,2), found DOUBLE',
          'c: type-changed: expected decimal(10,2), found DOUBLE',
          'and 2 differences more',
          'Athena: query-fails',
          'owner: crew',
          'files: 1',
          'first: s3://landing/t/dt=1/h1',
          'partition: dt=1/ is without what is held of it',
          'old data is served: the last good objects of held keys stay published',
        ],
        commands: [
          'headgate quarantine show h1',
          `headgate quarantine release --incident ${incident}`,
          `headgate incident show ${incident}`,
        ],
        table: 'shop.t',
        team: 'crew',
        channels: ['#data'],
        at: time(0),
      },
    ]);
  });

  test.each([
    ['catalog-drift', 'headgate plan shop.t'],
    ['partition-schema-stale', 'headgate apply shop.t'],
    ['version-waits', 'headgate apply shop.t'],
    ['deletes-paused', 'headgate breaker close shop.t --allow-deletes'],
    ['contracts-stale', 'headgate lint'],
  ])('%s names its own command', (rule, command) => {
    const { place: _, ...event } = held('a', [], {
      pairs: [pair('', rule), pair('x', rule)],
      owner: { team: undefined, channels: [] },
      effect: 'none',
      lasts: 'quiet',
    });
    const state = run([[0, event]]);
    expect(state.outbox[0]?.title).toBe(`shop.t 1.0.0: ${rule} and 1 more`);
    expect(state.outbox[0]?.commands).toEqual([command, `headgate incident show ${only(state)?.id}`]);
    expect(state.outbox[0]?.lines).toEqual([
      `${rule}: expected decimal(10,2), found DOUBLE`,
      `x: ${rule}: expected decimal(10,2), found DOUBLE`,
      'owner: none in the contract',
    ]);
  });

  test('an observed file would be held; the last file is named beside the first', () => {
    const place = (name: string) => ({ uri: `s3://l/${name}`, folder: '' });
    const state = run([
      [0, held('a', ['total'], { lasts: 'quiet', place: place('a') })],
      [0, held('b', ['total'], { lasts: 'quiet', place: place('b') })],
      [
        0,
        {
          kind: 'mass-drift',
          id: 'm',
          at: time(0),
          held: 1,
          judged: 1,
          isReadable: false,
          owner: { team: 'crew', channels: [] },
        },
      ],
      [1, { kind: 'breaker-closed', by: 'ann' }],
    ]);
    expect(state.outbox[0]?.title).toBe('shop.t 1.0.0: type-changed at total: 1 file found, not moved');
    expect(state.outbox[1]?.lines.slice(-4)).toEqual([
      'files: 2',
      'first: s3://l/a',
      'last: s3://l/b',
      'circuit breaker: 1 of 1 files held within 5 minutes, so nothing more is moved',
    ]);
  });
});
