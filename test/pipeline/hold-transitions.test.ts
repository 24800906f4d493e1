import { describe, expect, test } from 'vitest';
import {
  advance,
  beginHold,
  forgetHold,
  type HoldRecord,
  type HoldState,
  listHolds,
  momentOf,
  readHold,
  stateOf,
  type Transition,
} from '../../src/run/hold/hold.ts';
import type { Json } from '../../src/run/ports/ledger.ts';
import { MemoryLedger } from '../support/ports-in-memory.ts';

const TABLE = { name: 'shop.t' } as const;

/** As version 0.1.0 wrote it: no field that came later. */
const HELD: HoldRecord = {
  holdId: '0123456789abcdef0123456789abcdef',
  step: 'COPYING',
  status: 'held',
  table: 'shop.t',
  folder: 'dt=2026-11-01/',
  origin: {
    bucket: 'landing',
    key: 't/dt=2026-11-01/a.parquet',
    etag: 'e',
    sizeBytes: 10,
    writtenAt: '2026-11-03T10:00:00.000Z',
  },
  judgedBy: { contractHash: 'h', contractVersion: '1.0.0', catalogVersion: '1.0.0' },
  effect: 'query-fails',
  findings: [],
  findingCount: 0,
  copy: 's3://quarantine/shop.t/2026-11-03/0123456789abcdef0123456789abcdef/data.parquet',
  report: 's3://quarantine/shop.t/2026-11-03/0123456789abcdef0123456789abcdef/report.json',
  heldAt: '2026-11-03T10:01:00.000Z',
};

const STORED: Readonly<Record<HoldState, HoldRecord | undefined>> = {
  absent: undefined,
  COPYING: HELD,
  COPIED: { ...HELD, step: 'COPIED' },
  DELETED: { ...HELD, step: 'DELETED' },
  DONE: { ...HELD, step: 'DONE' },
  released: { ...HELD, step: 'DONE', status: 'released', releasedBy: 'ana' },
  ended: { ...HELD, step: 'DONE', status: 'ended', endReason: 'overwritten' },
  purged: { ...HELD, step: 'DONE', status: 'ended', endReason: 'purged' },
};
const STATES = Object.keys(STORED) as readonly HoldState[];

const STEPS: readonly Transition[] = [
  { kind: 'copied' },
  { kind: 'removed' },
  { kind: 'told' },
  { kind: 'released', by: 'ben', grants: [], etag: 'r' },
  { kind: 'ended', reason: 'published' },
  { kind: 'purged', purges: 'clear' },
];

/** By hand: what each step makes of each state; what does not stand here changes nothing. */
const ALLOWED: Readonly<Record<HoldState, Partial<Record<Transition['kind'], HoldState>>>> = {
  absent: {},
  COPYING: { copied: 'COPIED' },
  COPIED: { removed: 'DELETED' },
  DELETED: { told: 'DONE' },
  DONE: { removed: 'DELETED', released: 'released', ended: 'ended', purged: 'purged' },
  released: { ended: 'ended', purged: 'purged' },
  ended: { purged: 'purged' },
  purged: {},
};
const FORGETTABLE: readonly HoldState[] = ['absent', 'COPYING', 'ended', 'purged'];

async function ledgerWith(record: HoldRecord | undefined): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  if (record === undefined) return ledger;
  await beginHold({ ledger }, TABLE, record, {});
  const [key] = ledger.entries.keys();
  const [scope = '', id = ''] = key?.split('\0') ?? [];
  ledger.set(scope, id, record);
  return ledger;
}
const stored = async (ledger: MemoryLedger) => readHold({ ledger }, TABLE, HELD);
const later = (record: HoldRecord | undefined) => record && { ...record, heldAt: '2026-11-04T00:00:00.000Z' };

describe('LAK-62 (F): a hold changes only by steps that are allowed', () => {
  const cells = STATES.flatMap((state) => STEPS.map((step) => ({ state, step, kind: step.kind })));

  test.each(cells)('$state, $kind', async ({ state, step }) => {
    const record = STORED[state];
    const ledger = await ledgerWith(record);
    const wanted = ALLOWED[state][step.kind];
    const changed = await advance({ ledger }, TABLE, record ?? HELD, step);
    expect(changed && stateOf(changed)).toBe(wanted);
    expect(stateOf(await stored(ledger))).toBe(wanted ?? state);
    // What was known of it stays.
    if (changed) expect({ ...changed, ...pick(record) }).toEqual({ ...changed, ...pick(HELD) });
  });

  test.each(cells)('$state, $kind, as somebody sees it for whom it is elsewhere', async ({ state, step }) => {
    for (const seen of [
      ...STATES.filter((one) => one !== state).map((one) => STORED[one]),
      later(STORED[state]),
    ]) {
      if (seen === undefined) continue;
      const ledger = await ledgerWith(STORED[state]);
      expect(await advance({ ledger }, TABLE, seen, step)).toBeUndefined();
      expect(await stored(ledger)).toEqual(STORED[state]);
    }
  });

  test.each(STATES)('%s, forgotten only where nothing is to be done', async (state) => {
    const record = STORED[state];
    const isGone = FORGETTABLE.includes(state);
    const ledger = await ledgerWith(record);
    expect(await forgetHold({ ledger }, TABLE, record ?? HELD)).toBe(isGone);
    expect(await stored(ledger)).toEqual(isGone ? undefined : record);
    if (record === undefined) return;
    const other = await ledgerWith(record);
    expect(await forgetHold({ ledger: other }, TABLE, later(record) ?? HELD)).toBe(false);
    expect(await stored(other)).toEqual(record);
  });

  test('forgetting looks again where somebody changed the record meanwhile', async () => {
    const ledger = await ledgerWith(STORED.COPYING);
    const remove = ledger.remove.bind(ledger);
    let isFirst = true;
    ledger.remove = async (key, revision) => {
      if (isFirst) await advance({ ledger }, TABLE, HELD, { kind: 'copied' });
      isFirst = false;
      return remove(key, revision);
    };
    expect(await forgetHold({ ledger }, TABLE, HELD)).toBe(false);
    expect(stateOf(await stored(ledger))).toBe('COPIED');
  });

  test.each(STATES)('%s, held again only by a verdict that was made since', async (state) => {
    const record = STORED[state];
    const wanted: HoldRecord = { ...HELD, effect: 'wrong-results', heldAt: '2026-11-05T00:00:00.000Z' };
    const isOver = ['released', 'ended', 'purged'].includes(state);
    for (const follows of [undefined, 'absent', momentOf(STORED.DONE), momentOf(later(record))]) {
      const ledger = await ledgerWith(record);
      const begun = await beginHold({ ledger }, TABLE, wanted, follows === undefined ? {} : { follows });
      // One that is on its way goes on as it is.
      expect(begun).toEqual(isOver ? undefined : (record ?? wanted));
      expect(await stored(ledger)).toEqual(record ?? wanted);
    }
    const ledger = await ledgerWith(record);
    const begun = await beginHold({ ledger }, TABLE, wanted, { follows: momentOf(record) });
    expect(begun).toEqual(isOver || record === undefined ? wanted : record);
    expect(await stored(ledger)).toEqual(begun);
  });

  test('two holds of one object are two moments, also within one tick of the clock, or after it went back', async () => {
    for (const heldAt of [HELD.heldAt, '2026-11-03T09:00:00.000Z']) {
      const ledger = await ledgerWith(STORED.ended);
      const begun = await beginHold(
        { ledger },
        TABLE,
        { ...HELD, heldAt },
        { follows: momentOf(STORED.ended) },
      );
      expect(begun?.heldAt).toBe('2026-11-03T10:01:00.001Z');
      expect(await advance({ ledger }, TABLE, HELD, { kind: 'copied' })).toBeUndefined();
    }
  });

  test('what is noted with a step stands in the record', async () => {
    const of = async (state: HoldState, step: Transition) =>
      advance({ ledger: await ledgerWith(STORED[state]) }, TABLE, STORED[state] ?? HELD, step);
    expect(await of('DONE', { kind: 'released', by: 'ben', grants: [], etag: 'r' })).toEqual({
      ...STORED.DONE,
      status: 'released',
      releasedBy: 'ben',
      releasedEtag: 'r',
    });
    expect(await of('DONE', { kind: 'released', by: 'ben', grants: [] })).not.toHaveProperty('releasedEtag');
    expect(await of('released', { kind: 'ended', reason: 'published' })).toEqual({
      ...STORED.released,
      status: 'ended',
      endReason: 'published',
    });
    expect(await of('ended', { kind: 'purged', purges: 'leave' })).toEqual({
      ...STORED.ended,
      endReason: 'purged',
      purges: 'leave',
    });
  });

  test('of many at once one is done, and the others are told', async () => {
    const ledger = await ledgerWith(STORED.DONE);
    const done = await Promise.all(
      STEPS.filter(({ kind }) => ALLOWED.DONE[kind] !== undefined).map((step) =>
        advance({ ledger }, TABLE, STORED.DONE ?? HELD, step),
      ),
    );
    expect(done.filter((one) => one !== undefined)).toHaveLength(1);
  });

  test('records that an older version wrote are read as they stand, and listed by their folder', async () => {
    const ledger = await ledgerWith(STORED.purged);
    expect(await listHolds({ ledger }, TABLE)).toEqual([STORED.purged]);
    expect(await listHolds({ ledger }, TABLE, 'ffffffffffffffff/')).toEqual([]);
    expect(await stored(ledger)).toEqual(STORED.purged as unknown as Json);
  });
});

function pick(record: HoldRecord | undefined) {
  const { holdId, table, folder, origin, findings, copy, report, heldAt } = record ?? HELD;
  return { holdId, table, folder, origin, findings, copy, report, heldAt };
}
