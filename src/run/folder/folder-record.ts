import type { Guard } from '../guard/guard.ts';
import { folderId } from '../ledger/folder-id.ts';
import { type RecordKind, recordKey } from '../ledger/record-kind.ts';
import { readRecord, updateRecord, writeRecord } from '../ledger/records.ts';
import { type GuardedTable, placeIn } from '../table/guarded-table.ts';

/** What is remembered of a partition folder, so that an overwrite is seen without listing it. */
export interface FolderRecord {
  /** A key below the table's root that landing had: while it is there, the folder was not overwritten as a whole. */
  readonly witness?: string;
  /** When landing lost a key of the folder, until both sides were compared. */
  readonly departedAt?: string;
  /** When landing was last seen to lack what is published. */
  readonly overwrittenAt?: string;
}

/** id folderHash. */
export const FOLDERS: RecordKind<FolderRecord> = { name: 'folder', form: 1, needs: {} };

function keyOf({ name }: Pick<GuardedTable, 'name'>, folder: string) {
  return recordKey(FOLDERS, name, folderId(folder));
}

/** Departures that come within this time say the same: a thousand deletes of one overwrite are one note. */
const SAME_DEPARTURE_MS = 10_000;

/** Notes that landing lost a key of a folder: who publishes there next compares both sides first. */
export async function noteDeparture(
  { ledger, clock }: Pick<Guard, 'ledger' | 'clock'>,
  guarded: GuardedTable,
  folder: string,
): Promise<void> {
  const now = clock.now();
  await updateRecord({ ledger }, keyOf(guarded, folder), (record) =>
    record?.departedAt !== undefined && Date.parse(now) - Date.parse(record.departedAt) < SAME_DEPARTURE_MS
      ? record
      : { ...record, departedAt: now },
  );
}

/** When a folder's witness was last seen in landing, by this process. Losing it costs a HEAD. */
export type Witnessed = Map<string, number>;

/** So long the files of an overwrite wait without another look at what is there; waiting in vain costs `settle`. */
const OVERWRITTEN_MS = 10_000;
/** A folder's witness is asked for at most this often by one process. */
const WITNESSED_MS = 10_000;
const MAX_WITNESSED = 10_000;

/** What a folder's record says of it; `revision` is the record's, for whoever finds out more. */
export type Remembered =
  | { readonly kind: 'whole' }
  /** A moment ago landing lacked what is published: its new files wait for its deletes. */
  | { readonly kind: 'overwritten' }
  /** A key left landing, or the one that was to stay is gone, or nothing is known yet. */
  | { readonly kind: 'unknown'; readonly revision: string | undefined };

/**
 * Whether a folder was overwritten, as far as that is remembered. Costs one read of the ledger, and a HEAD now and then,
 * however many objects lie there.
 */
export async function rememberedOf(
  { objects, ledger, clock }: Pick<Guard, 'objects' | 'ledger' | 'clock'>,
  guarded: GuardedTable,
  folder: string,
  witnessed: Witnessed,
): Promise<Remembered> {
  const entry = await readRecord({ ledger }, keyOf(guarded, folder));
  const unknown: Remembered = { kind: 'unknown', revision: entry?.revision };
  const nowMs = Date.parse(clock.now());
  const overwrittenMs = Date.parse(entry?.value.overwrittenAt ?? '');
  if (Math.abs(nowMs - overwrittenMs) < OVERWRITTEN_MS) return { kind: 'overwritten' };
  const witness = entry?.value.witness;
  if (witness === undefined || entry?.value.departedAt !== undefined) return unknown;
  const id = JSON.stringify([guarded.name, folder, witness]);
  const seenMs = witnessed.get(id);
  if (seenMs !== undefined && Math.abs(nowMs - seenMs) < WITNESSED_MS) return { kind: 'whole' };
  const there = await objects.head(placeIn(guarded.landing, witness));
  // An empty object counts as absent.
  if ((there?.sizeBytes ?? 0) === 0) return unknown;
  if (witnessed.size >= MAX_WITNESSED) witnessed.clear();
  witnessed.set(id, nowMs);
  return { kind: 'whole' };
}

/** Notes that landing lacks what is published, by a listing that began after the record was at `revision`. */
export async function noteOverwritten(
  { ledger, clock }: Pick<Guard, 'ledger' | 'clock'>,
  guarded: GuardedTable,
  folder: string,
  revision: string | undefined,
): Promise<void> {
  const now = clock.now();
  await writeRecord({ ledger }, keyOf(guarded, folder), { departedAt: now, overwrittenAt: now }, revision);
}

/**
 * Notes that landing lacks nothing of a folder, by a listing that began after the record was at `revision`; a key that has
 * left since wins. `witness` is a key that landing has.
 */
export async function noteWhole(
  guard: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  folder: string,
  { revision, witness }: { readonly revision: string | undefined; readonly witness: string },
): Promise<void> {
  await writeRecord(guard, keyOf(guarded, folder), { witness }, revision);
}
