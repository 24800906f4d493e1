import { HeadgateError } from '../../error.ts';
import { recordKey, recordScope } from '../ledger/record-kind.ts';
import { listRecords, removeRecord } from '../ledger/records.ts';
import type { ListedObject, ObjectStore } from '../ports/object-store.ts';
import type { GuardedTable, Prefix } from '../table/guarded-table.ts';
import { readTable } from '../table/table-record.ts';
import type { SurveyOptions } from './agreement.ts';
import { beginSweep, finishSweep, type ReconcileGuard } from './reconcile.ts';
import type { KeyRange } from './side-by-side.ts';
import { sweepOn } from './sweep-on.ts';
import {
  newProgress,
  readProgress,
  SWEEPS,
  type SweepRecord,
  saveProgress,
  wholeOf,
} from './sweep-record.ts';

/** A stretch of a table's keys that one process after the other sweeps. */
export interface Piece extends KeyRange {
  readonly id: string;
}

/** A sweep of one table in pieces, as whoever runs it hands it on. */
export interface PiecedSweep {
  readonly table: string;
  readonly startedAt: string;
  readonly isThorough: boolean;
}

/** Folders of one level are enough to split by: with fewer, the next level is asked. */
const ENOUGH_FOLDERS = 64;
const MAX_FOLDERS = 10_000;
/** Well below what a state of Step Functions holds. */
const MAX_PIECES = 200;

/**
 * Begins a sweep of a table that is too large for one process, and says which pieces it has. They are split at folders, so that they
 * are of some even size; that together they are all of the table rests on nothing but their bounds.
 */
export async function splitSweep(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  options: SurveyOptions = {},
): Promise<PiecedSweep & { readonly pieces: readonly Piece[] }> {
  const { progress } = await beginSweep(guard, guarded, options);
  const { startedAt, isThorough } = progress.record;
  const side = guarded.table.policy.landing === 'consume' ? guarded.location : guarded.landing;
  let folders: readonly string[] = [];
  const levels = Math.max(1, guarded.table.partitionKeys.length);
  for (let level = 1; level <= levels && folders.length < ENOUGH_FOLDERS; level++)
    folders = await foldersOf(guard.objects, side, level);
  return { table: guarded.name, startedAt, isThorough, pieces: piecesAt(folders) };
}

/** The folders of one level below a prefix. One page of the listing for each folder at most: the rest of it is skipped. */
async function foldersOf(
  objects: Pick<ObjectStore, 'list'>,
  { bucket, prefix }: Prefix,
  level: number,
): Promise<readonly string[]> {
  const folders = new Set<string>();
  let after: string | undefined;
  while (folders.size < MAX_FOLDERS) {
    const page = await firstPage(objects, bucket, prefix, after);
    const last = page.at(-1)?.key.slice(prefix.length);
    if (last === undefined) break;
    for (const { key } of page) {
      const folder = folderAt(key.slice(prefix.length), level);
      if (folder !== undefined) folders.add(folder);
    }
    const folder = folderAt(last, level);
    after = prefix + (folder === undefined ? last : behind(folder));
  }
  return [...folders];
}

async function firstPage(
  objects: Pick<ObjectStore, 'list'>,
  bucket: string,
  prefix: string,
  after: string | undefined,
): Promise<readonly ListedObject[]> {
  for await (const page of objects.list(bucket, prefix, ...(after === undefined ? [] : [after]))) return page;
  return [];
}

/** The first so many folders of a key; nothing where it has fewer. */
function folderAt(relativeKey: string, level: number): string | undefined {
  const parts = relativeKey.split('/');
  return parts.length > level ? `${parts.slice(0, level).join('/')}/` : undefined;
}

/** `0` follows `/`: behind this stands no key of the folder, and before it every one. */
function behind(folder: string): string {
  return `${folder.slice(0, -1)}0`;
}

function piecesAt(folders: readonly string[]): readonly Piece[] {
  const each = Math.ceil(folders.length / MAX_PIECES);
  const bounds = folders
    .slice(0, -1)
    .filter((_, index) => (index + 1) % each === 0)
    .map(behind);
  return [...bounds, undefined].map((until, index) => ({
    id: String(index),
    ...(index > 0 && { after: bounds[index - 1] as string }),
    ...(until !== undefined && { until }),
  }));
}

function keyOf({ table, startedAt }: PiecedSweep, id: string) {
  return recordKey(SWEEPS, table, `${startedAt}/${id}`);
}

/** Sweeps a piece on from where it was; whoever runs it calls again until it is done. */
export async function sweepPiece(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  sweep: PiecedSweep,
  { id, ...range }: Piece,
  isOver?: () => boolean,
): Promise<{ readonly isDone: boolean }> {
  const key = keyOf(sweep, id);
  const begun = (await readProgress(guard, key)) ?? newProgress(key, sweep.startedAt, sweep.isThorough);
  if (begun.record.isDone) return { isDone: true };
  const table = (await readTable(guard, guarded.name))?.value;
  const { progress, outcome } = await sweepOn(guard, guarded, table, begun, {
    range,
    ...(isOver && { isOver }),
  });
  if (outcome !== 'done') return { isDone: false };
  // Overtaken at the last moment: whoever was faster says so.
  const record: SweepRecord = { ...progress.record, isDone: true };
  return { isDone: (await saveProgress(guard, { ...progress, record })) !== undefined };
}

/** Does what follows from a whole table. Throws where a piece is not done. */
export async function finishPieces(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  sweep: PiecedSweep,
  pieceCount: number,
): Promise<{ readonly foldersToConverge: number; readonly publishedObjects: number }> {
  const stored = await listRecords(guard, recordScope(SWEEPS, guarded.name), `${sweep.startedAt}/`);
  const done = stored.map(({ value }) => value).filter(({ isDone }) => isDone === true);
  if (done.length < pieceCount)
    throw new HeadgateError(
      'READ_FAILED',
      `${pieceCount - done.length} of ${pieceCount} pieces of ${guarded.name} are not swept: sweep them first`,
    );
  const begun = newProgress(wholeOf(guarded), sweep.startedAt, sweep.isThorough);
  const record = done.reduce(together, begun.record);
  for (const { id } of stored) await removeRecord(guard, recordKey(SWEEPS, guarded.name, id));
  await finishSweep(guard, guarded, { ...begun, record }, {});
  return { foldersToConverge: record.differing, publishedObjects: record.publishedObjects };
}

function together(sum: SweepRecord, piece: SweepRecord): SweepRecord {
  return {
    ...sum,
    differing: sum.differing + piece.differing,
    publishedObjects: sum.publishedObjects + piece.publishedObjects,
    foreignObjects: sum.foreignObjects + piece.foreignObjects,
    isEnforced: sum.isEnforced && piece.isEnforced,
    hasFailed: sum.hasFailed || piece.hasFailed,
  };
}
