import type { Guard } from '../guard/guard.ts';
import { LEDGER_SCOPES, type SweepRecord } from '../ledger/records.ts';
import { removeRecord, type Stored } from '../ledger/stored.ts';
import type { Json, LedgerKey } from '../ports/ledger.ts';
import type { GuardedTable } from '../table/guarded-table.ts';

/** A sweep that is under way: what it found until now, and the revision at which that is stored. */
export interface Progress {
  readonly key: LedgerKey;
  readonly record: SweepRecord;
  readonly revision: string | undefined;
}

/** What nobody goes on with is forgotten. */
const KEPT_MS = 7 * 86_400_000;

export function wholeOf({ name }: Pick<GuardedTable, 'name'>): LedgerKey {
  return { scope: LEDGER_SCOPES.sweeps(name), id: 'whole' };
}

export async function readProgress(
  { ledger }: Pick<Guard, 'ledger'>,
  key: LedgerKey,
): Promise<Progress | undefined> {
  const entry = (await ledger.get(key)) as Stored<SweepRecord> | undefined;
  return entry && { key, record: entry.value, revision: entry.revision };
}

export function newProgress(key: LedgerKey, startedAt: string, isThorough: boolean): Progress {
  const none = { differing: 0, publishedObjects: 0, foreignObjects: 0 };
  const record = { startedAt, at: startedAt, isThorough, ...none, isEnforced: true, hasFailed: false };
  return { key, record, revision: undefined };
}

/** Stores how far a sweep has come. Nothing where another process has gone on with it: that one finishes it. */
export async function saveProgress(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  { key, record, revision }: Progress,
): Promise<Progress | undefined> {
  const at = guard.clock.now();
  const expiresAt = new Date(Date.parse(at) + KEPT_MS).toISOString();
  const value: SweepRecord = { ...record, at };
  if ((await guard.ledger.put(key, value as unknown as Json, revision, { expiresAt })) === 'conflict')
    return undefined;
  return readProgress(guard, key);
}

export async function forgetProgress(
  guard: Pick<Guard, 'ledger'>,
  { key, revision }: Progress,
): Promise<void> {
  if (revision !== undefined) await removeRecord(guard, key);
}
