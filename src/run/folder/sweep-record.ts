import type { Guard } from '../guard/guard.ts';
import { type RecordKey, type RecordKind, recordKey } from '../ledger/record-kind.ts';
import { readRecord, removeRecord, writeRecord } from '../ledger/records.ts';
import type { GuardedTable } from '../table/guarded-table.ts';

/** How far a sweep of a table, or of a piece of it, has come. */
export interface SweepRecord {
  readonly startedAt: string;
  /** When it last went on. */
  readonly at: string;
  readonly isThorough: boolean;
  /** The last key below the table's root that was compared; absent before the first. */
  readonly after?: string;
  /** All keys of the piece were compared. A whole table's record is removed then. */
  readonly isDone?: boolean;
  readonly differing: number;
  readonly publishedObjects: number;
  readonly foreignObjects: number;
  /** The breaker was closed all the time. */
  readonly isEnforced: boolean;
  /** Some folder could not be converged. */
  readonly hasFailed: boolean;
}

/** id `whole`, or a run of pieces and the piece's number. Expires. */
export const SWEEPS: RecordKind<SweepRecord> = {
  name: 'sweep',
  form: 1,
  needs: {
    startedAt: 'string',
    at: 'string',
    isThorough: 'boolean',
    differing: 'number',
    publishedObjects: 'number',
    foreignObjects: 'number',
    isEnforced: 'boolean',
    hasFailed: 'boolean',
  },
};

/** A sweep that is under way: what it found until now, and the revision at which that is stored. */
export interface Progress {
  readonly key: RecordKey<SweepRecord>;
  readonly record: SweepRecord;
  readonly revision: string | undefined;
}

/** What nobody goes on with is forgotten. */
const KEPT_MS = 7 * 86_400_000;

export function wholeOf({ name }: Pick<GuardedTable, 'name'>): RecordKey<SweepRecord> {
  return recordKey(SWEEPS, name, 'whole');
}

export async function readProgress(
  guard: Pick<Guard, 'ledger'>,
  key: RecordKey<SweepRecord>,
): Promise<Progress | undefined> {
  const entry = await readRecord(guard, key);
  return entry && { key, record: entry.value, revision: entry.revision };
}

export function newProgress(key: RecordKey<SweepRecord>, startedAt: string, isThorough: boolean): Progress {
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
  if ((await writeRecord(guard, key, { ...record, at }, revision, { expiresAt })) === 'conflict')
    return undefined;
  return readProgress(guard, key);
}

export async function forgetProgress(
  guard: Pick<Guard, 'ledger'>,
  { key, revision }: Progress,
): Promise<void> {
  if (revision !== undefined) await removeRecord(guard, key);
}
