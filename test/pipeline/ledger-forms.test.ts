import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import { closeBreaker, readBreaker } from '../../src/run/breaker/breaker.ts';
import { BREAKER_SHARDS, BREAKERS } from '../../src/run/breaker/breaker-record.ts';
import { AGREED } from '../../src/run/folder/agreement.ts';
import { FOLDERS } from '../../src/run/folder/folder-record.ts';
import { MISSING } from '../../src/run/folder/missing-record.ts';
import { SWEEPS } from '../../src/run/folder/sweep-record.ts';
import { JUDGED } from '../../src/run/folder/verdict-log.ts';
import { WAITING } from '../../src/run/folder/waiting.ts';
import { advance, HOLDS, listHolds } from '../../src/run/hold/hold.ts';
import { INCIDENTS } from '../../src/run/incident/incidents.ts';
import { NUDGE } from '../../src/run/lake/nudge.ts';
import { type RecordKind, recordKey, recordScope } from '../../src/run/ledger/record-kind.ts';
import {
  listRecords,
  readRecord,
  removeRecord,
  updateRecord,
  writeRecord,
} from '../../src/run/ledger/records.ts';
import { readTrail, TRAIL } from '../../src/run/ledger/trail.ts';
import type { Json, LedgerEntry } from '../../src/run/ports/ledger.ts';
import { CLAIMS } from '../../src/run/table/claim-record.ts';
import { readTable, TABLES, updateTable } from '../../src/run/table/table-record.ts';
import { codeOf } from '../support/error-code.ts';
import { MemoryLedger } from '../support/ports-in-memory.ts';

const AT = '2026-06-15T12:00:00.000Z';
const clock = { now: () => AT };

/** A value of each kind, as this version stores it. */
const EVERY: readonly [RecordKind<object>, Json][] = [
  [TABLES, { guardedSince: AT }],
  [CLAIMS, { folders: ['day=1/'], at: AT }],
  [BREAKERS, { state: 'closed', signature: 'a', changedAt: AT }],
  [BREAKER_SHARDS, { counts: [] }],
  [
    HOLDS,
    {
      holdId: '1',
      step: 'DONE',
      status: 'held',
      table: 'shop.t',
      folder: '',
      origin: {},
      judgedBy: {},
      effect: 'none',
      findings: [],
      findingCount: 0,
      copy: 's3://q/data.parquet',
      report: 's3://q/report.json',
      heldAt: AT,
    },
  ],
  [INCIDENTS, { table: 'shop.t', contractVersion: '1.0.0', incidents: [], counted: [], outbox: [] }],
  [WAITING, { origin: {}, judgedBy: {} }],
  [MISSING, { fingerprint: 'a', since: AT }],
  [FOLDERS, { witness: 'day=1/a.parquet' }],
  [
    SWEEPS,
    {
      startedAt: AT,
      at: AT,
      isThorough: false,
      differing: 0,
      publishedObjects: 0,
      foreignObjects: 0,
      isEnforced: true,
      hasFailed: false,
    },
  ],
  [AGREED, { fingerprint: 'a' }],
  [JUDGED, { at: AT, verdicts: {} }],
  [TRAIL, { act: 'purge', table: 'shop.t', by: 'ann', at: AT, what: 'hold 3f9c' }],
  [NUDGE, { askedAt: AT }],
] as never;

function ledgerWith(kind: RecordKind<object>, value: Json): MemoryLedger {
  const ledger = new MemoryLedger();
  ledger.set(recordScope(kind, 'shop.t').scope, 'one', value);
  return ledger;
}

describe('PRT-16: an entry of a newer form is refused, and nothing is changed', () => {
  test.each(EVERY)('$name', async (kind, value) => {
    const ledger = ledgerWith(kind, { ...(value as object), form: kind.form + 1 });
    const before = structuredClone([...ledger.entries]);
    const key = recordKey(kind, 'shop.t', 'one');
    for (const work of [
      readRecord({ ledger }, key),
      listRecords({ ledger }, recordScope(kind, 'shop.t')),
      updateRecord({ ledger }, key, () => value as object),
      removeRecord({ ledger }, key),
    ])
      expect(await codeOf(work)).toBe('LEDGER_NEWER');
    expect([...ledger.entries]).toEqual(before);
  });
  test('it says which entry, and that trying again does not help', async () => {
    const ledger = ledgerWith(TABLES, { guardedSince: AT, form: 2 });
    const error = await readRecord({ ledger }, recordKey(TABLES, 'shop.t', 'one')).catch((caught) => caught);
    expect(error).toBeInstanceOf(HeadgateError);
    expect(error.message).toBe(
      'ledger entry table/shop.t one has form 2, expected at most 1: a newer version of Headgate wrote it',
    );
    expect(error.retryable).toBe(false);
  });
  test('no kind of entry is left out', () => {
    const declared = sourceFiles('src/run').flatMap((text) => [
      ...text.matchAll(/export const (\w+): RecordKind</gu),
    ]);
    expect(declared).toHaveLength(EVERY.length);
  });
});

describe('PRT-17: an entry has the fields of its kind', () => {
  test.each(EVERY)('$name', async (kind, value) => {
    const key = recordKey(kind, 'shop.t', 'one');
    expect((await readRecord({ ledger: ledgerWith(kind, value) }, key))?.value).toEqual(value);
    for (const needed of Object.keys(kind.needs)) {
      if (kind === BREAKER_SHARDS) continue;
      const { [needed]: _, ...rest } = value as Record<string, Json>;
      const error = await readRecord({ ledger: ledgerWith(kind, rest) }, key).catch((caught) => caught);
      expect(error.code).toBe('READ_FAILED');
      expect(error.message).toContain(`is damaged: ${needed} is not of type `);
    }
    for (const nonsense of [null, 1, 'text', [value], { ...(value as object), form: 'two' }] as Json[])
      expect(await codeOf(readRecord({ ledger: ledgerWith(kind, nonsense) }, key))).toBe('READ_FAILED');
  });
  test('a later form is written with its number, and an entry of the first one is carried over', async () => {
    interface Renamed {
      readonly since: string;
    }
    const kind: RecordKind<Renamed> = {
      name: 'renamed',
      form: 2,
      needs: { since: 'string' },
      carry: ({ from, ...rest }) => ({ since: from, ...rest }),
    };
    const ledger = ledgerWith(kind, { from: AT });
    const key = recordKey(kind, 'shop.t', 'one');
    const stored = await readRecord({ ledger }, key);
    expect(stored?.value).toEqual({ since: AT });
    expect(await writeRecord({ ledger }, key, { since: 'later' }, stored?.revision)).toBe('stored');
    expect(ledger.value('renamed/shop.t', 'one')).toEqual({ since: 'later', form: 2 });
    expect((await readRecord({ ledger }, key))?.value).toEqual({ since: 'later' });
  });
});

describe('PRT-18: entries that an earlier 0.1.0 wrote are read and carried over', () => {
  const recorded: readonly Omit<LedgerEntry, 'revision'>[] = JSON.parse(
    readFileSync(new URL('ledger-of-0.1.0.json', import.meta.url), 'utf8'),
  );
  const oldLedger = () => {
    const ledger = new MemoryLedger();
    for (const { scope, id, value } of recorded) ledger.set(scope, id, value);
    return ledger;
  };
  const events = { publish: async () => undefined };

  test('a table keeps what the catalog was made to hold', async () => {
    const ledger = oldLedger();
    const before = await readTable({ ledger }, 'shop.orders');
    expect(before?.value.applied?.contractVersion).toBe('1.2.0');
    const after = await updateTable({ ledger, clock }, 'shop.orders', (record) => ({
      ...record,
      publishedObjects: 7,
    }));
    expect(after).toEqual({ ...before?.value, publishedObjects: 7 });
  });
  test('a breaker stays closed, its counts of five minutes are let go, and a person closes it', async () => {
    const ledger = oldLedger();
    const table = { name: 'shop.orders' };
    expect(await readBreaker({ ledger, clock }, table)).toMatchObject({
      state: 'closed',
      signature: 'dd8f30dd146202be 0.1.0',
      judged: 0,
      held: 0,
    });
    await closeBreaker({ ledger, clock, events }, table, { by: 'ann', allowDeletes: false });
    expect(await readBreaker({ ledger, clock }, table)).toMatchObject({ state: 'closed', closings: 1 });
  });
  test('holds stand where they stood, and go on', async () => {
    const ledger = oldLedger();
    const table = { name: 'shop.orders' };
    const holds = await listHolds({ ledger }, table);
    expect(holds.map(({ status, endReason, step }) => [status, endReason, step])).toEqual([
      ['ended', 'overwritten', 'DONE'],
      ['held', undefined, 'DONE'],
    ]);
    const held = holds[1];
    if (held === undefined) throw new Error('no hold was recorded');
    const released = await advance({ ledger }, table, held, { kind: 'released', by: 'ann', grants: [] });
    expect(released).toEqual({ ...held, status: 'released', releasedBy: 'ann' });
  });
  test('what waits, what people did and what they were paged about is there', async () => {
    const ledger = oldLedger();
    const waiting = await listRecords({ ledger }, recordScope(WAITING, 'shop.orders'));
    expect(waiting.map(({ value }) => value.origin.key)).toEqual([
      'orders/dt=2026-11-09/country=FR/x.parquet',
    ]);
    expect((await readTrail({ ledger }, ['shop.orders'])).map(({ act }) => act)).toEqual(['release']);
    const [incidents] = await listRecords({ ledger }, recordScope(INCIDENTS, 'shop.customers'));
    expect(incidents?.value.incidents.map(({ id, status, count }) => [id, status, count])).toEqual([
      ['c2473196e83636f0', 'open', 2],
    ]);
  });
});

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
