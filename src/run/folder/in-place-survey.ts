import { formatLogAbove } from '../../judge/contract/table-format.ts';
import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { originOf } from '../message/origin.ts';
import type { ListedObject } from '../ports/object-store.ts';
import { folderOf } from '../table/folder.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import type { TableRecord } from '../table/table-record.ts';
import { readTable } from '../table/table-record.ts';
import { markersOf } from './markers.ts';
import { heldAway, holdsOf, kindOf, type LandingEntry, listFolder, type Survey } from './survey.ts';
import { LOG_DAYS, readVerdicts, verdictKey } from './verdict-log.ts';

const CONCURRENT_FOLDERS = 16;
const DAY_MS = 86_400_000;

/**
 * A folder in place by the verdict log. Partition folders in which nothing changed since the last sweep, and for longer
 * than the log remembers, are settled. What is older than the guard itself belongs to `headgate audit`.
 */
export async function inPlaceSurvey(
  guard: Pick<Guard, 'objects' | 'ledger' | 'clock'>,
  guarded: GuardedTable,
  folder: string,
): Promise<Survey> {
  const [here, holds, record] = await Promise.all([
    listFolder(guard, guarded.landing, folder),
    holdsOf(guard, guarded, folder),
    readTable(guard, guarded.name),
  ]);
  const folders = changedFolders(guarded, here, settledBefore(guard.clock.now(), record?.value));
  const entries = await inParallel([...folders], CONCURRENT_FOLDERS, ([partition, objects]) =>
    entriesInPlace(guard, guarded, partition, objects, record?.value),
  );
  return {
    folder,
    entries: [...entries.flat(), ...heldAway(guarded, folder, holds, (relativeKey) => here.has(relativeKey))],
    settled: new Map(),
    missing: [],
    foreign: [],
    markers: markersOf(here),
    missingRecord: undefined,
  };
}

function settledBefore(now: string, record: TableRecord | undefined): string {
  const forgotten = Date.parse(now) - LOG_DAYS * DAY_MS;
  return new Date(Math.min(forgotten, Date.parse(sweptFrom(record, now)))).toISOString();
}

/** The files of each partition folder that has one since then; strays too, since readers see them. */
function changedFolders(
  guarded: GuardedTable,
  here: ReadonlyMap<string, ListedObject>,
  since: string,
): ReadonlyMap<string, ReadonlyMap<string, ListedObject>> {
  const folders = new Map<string, Map<string, ListedObject>>();
  for (const [relativeKey, object] of here) {
    if (kindOf(guarded, relativeKey, object) === 'ignore') continue;
    const folder = folderOf(guarded.table, relativeKey);
    folders.set(folder, (folders.get(folder) ?? new Map()).set(relativeKey, object));
  }
  for (const [folder, objects] of folders)
    if ([...objects.values()].every(({ modifiedAt }) => modifiedAt < since)) folders.delete(folder);
  return folders;
}

/**
 * From when on objects may have escaped the last sweep: a multipart upload is dated by its beginning, so a day before
 * the sweep.
 */
export function sweptFrom(record: TableRecord | undefined, now: string, lookBackDays = 1): string {
  const sweptAt = record?.sweptAt ?? record?.guardedSince ?? now;
  return new Date(Date.parse(sweptAt) - lookBackDays * DAY_MS).toISOString();
}

/** Of files in one partition folder, which of them have a verdict. Those without one count from when the guard began. */
export async function entriesInPlace(
  guard: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  folder: string,
  objects: ReadonlyMap<string, ListedObject>,
  { guardedSince = '', formatLogs = [] }: Partial<TableRecord> = {},
): Promise<readonly LandingEntry[]> {
  const verdicts = await readVerdicts(guard, guarded, folder);
  const judgedBy = { contractHash: guarded.contractHash, contractVersion: '', catalogVersion: '' };
  const stateOf = (relativeKey: string, object: ListedObject): LandingEntry['state'] => {
    const verdict = verdicts.get(verdictKey(object));
    if (verdict === 'admit' && formatLogAbove(formatLogs, relativeKey) === undefined)
      return { kind: 'waiting', record: { origin: originOf(guarded.landing.bucket, object), judgedBy } };
    // What is to be moved and still lies here was let lie by the breaker: it is not held yet.
    const stays = guarded.table.policy.onHold === 'alert' || object.modifiedAt < guardedSince;
    const isHeld = verdict === 'hold' && stays;
    return isHeld ? { kind: 'held', holdId: '' } : { kind: 'unfinished' };
  };
  return [...objects]
    .filter(([, object]) => object.modifiedAt >= guardedSince || verdicts.has(verdictKey(object)))
    .map(([relativeKey, object]) => ({ relativeKey, object, state: stateOf(relativeKey, object) }));
}
