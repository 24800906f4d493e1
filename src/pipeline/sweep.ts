import type { ListedObject } from '../ports/object-store.ts';
import { folderId, folderOf } from './folder.ts';
import { collectLogs, type SeenLog } from './format-logs.ts';
import type { Guard } from './guard.ts';
import type { GuardedTable } from './guarded-table.ts';
import { inParallel } from './in-parallel.ts';
import { entriesInPlace, sweptFrom } from './in-place-survey.ts';
import type { TableRecord } from './records.ts';
import { sideBySide } from './side-by-side.ts';
import {
  entriesOf,
  holdsOf,
  kindOf,
  recordedFor,
  type SurveyOptions,
  sortUnmatched,
  waitingOf,
} from './survey.ts';
import { readVerdicts, verdictKey } from './verdict-log.ts';

/** What the listings of a whole table show. */
export interface Swept {
  /** Partition folders where something is due. */
  readonly differing: readonly string[];
  /** Partition folders that readers may see. */
  readonly published: readonly string[];
  readonly publishedObjects: number;
  /** Below the location, and not written by Headgate. */
  readonly foreignObjects: number;
  readonly formatLogs: readonly SeenLog[];
  /** Some of the strays that nobody moves and that may not have been told: in a landing of its own, or older than the guard. */
  readonly strays: readonly ListedObject[];
}

export const NOTHING_SWEPT: Swept = {
  differing: [],
  published: [],
  publishedObjects: 0,
  foreignObjects: 0,
  formatLogs: [],
  strays: [],
};

type SweepGuard = Pick<Guard, 'objects' | 'ledger' | 'clock'>;

/** Compares landing with its mirror, in constant memory but for what waits or is held. Changes nothing. */
export async function sweepMirror(
  guard: SweepGuard,
  guarded: GuardedTable,
  record: TableRecord | undefined,
  options: SurveyOptions,
): Promise<Swept> {
  const [holds, waiting] = await Promise.all([holdsOf(guard, guarded, ''), waitingOf(guard, guarded, '')]);
  const records = { holds, waiting, ...recordedFor(record) };
  const formatLogs = new Map<string, SeenLog>();
  const strays = chooseStrays(guard.clock.now());
  const differing = new Set<string>();
  const published = new Set<string>();
  let [publishedObjects, foreignObjects] = [0, 0];
  for await (const sides of sideBySide(guard, guarded)) {
    const entries = await entriesOf(guard, guarded, sides, records, options);
    const { missing, foreign } = await sortUnmatched(guard, guarded, sides);
    const due = entries.filter(({ state }) => state.kind === 'unfinished' || state.kind === 'waiting');
    for (const { relativeKey } of [...due, ...missing]) differing.add(folderOf(guarded.table, relativeKey));
    for (const relativeKey of sides.location.keys()) published.add(folderOf(guarded.table, relativeKey));
    publishedObjects += sides.location.size - foreign.length;
    foreignObjects += foreign.length;
    for (const [relativeKey, object] of sides.landing) {
      collectLogs(formatLogs, relativeKey, object);
      if (kindOf(guarded, relativeKey, object) === 'stray') strays.offer(object);
    }
  }
  return {
    differing: [...differing],
    published: [...published],
    publishedObjects,
    foreignObjects,
    formatLogs: [...formatLogs.values()],
    strays: strays.chosen(),
  };
}

/** Between two thorough sweeps lies a week. */
const THOROUGH_LOOK_BACK_DAYS = 8;
const CONCURRENT_FOLDERS = 16;

/**
 * Finds objects in place that have no verdict. What was there at an earlier sweep was asked for then: only what is
 * dated a day before it or later counts, a week before at the thorough one. What is older than the guard itself belongs
 * to `headgate audit`.
 */
export async function sweepInPlace(
  guard: SweepGuard,
  guarded: GuardedTable,
  record: TableRecord | undefined,
  { isThorough = false }: SurveyOptions,
): Promise<Swept> {
  const { bucket, prefix } = guarded.landing;
  const since = sweptFrom(record, guard.clock.now(), isThorough ? THOROUGH_LOOK_BACK_DAYS : undefined);
  const formatLogs = new Map<string, SeenLog>();
  const oldStrays = chooseStrays(guard.clock.now());
  const recent = new Map<string, Map<string, ListedObject>>();
  let publishedObjects = 0;
  for await (const page of guard.objects.list(bucket, prefix))
    for (const object of page) {
      const relativeKey = object.key.slice(prefix.length);
      collectLogs(formatLogs, relativeKey, object);
      const kind = kindOf(guarded, relativeKey, object);
      if (kind === 'ignore') continue;
      if (kind === 'file') publishedObjects++;
      else if (object.modifiedAt < (record?.guardedSince ?? '')) oldStrays.offer(object);
      if (object.modifiedAt < since) continue;
      const folder = folderOf(guarded.table, relativeKey);
      recent.set(folder, (recent.get(folder) ?? new Map()).set(relativeKey, object));
    }
  const folders = await inParallel([...recent], CONCURRENT_FOLDERS, async ([folder, objects]) => {
    const entries = await entriesInPlace(guard, guarded, folder, objects, record);
    return { folder, states: new Set(entries.map(({ state }) => state.kind)) };
  });
  const isBatch = guarded.table.policy.completion.kind !== 'first-file';
  return {
    differing: folders
      .filter(({ states }) => states.has('unfinished') || (isBatch && states.has('waiting')))
      .map(({ folder }) => folder),
    published: isBatch
      ? []
      : folders.filter(({ states }) => states.has('waiting')).map(({ folder }) => folder),
    publishedObjects,
    foreignObjects: 0,
    formatLogs: [...formatLogs.values()],
    strays: await withoutVerdict(guard, guarded, oldStrays.chosen()),
  };
}

async function withoutVerdict(
  guard: SweepGuard,
  guarded: GuardedTable,
  objects: readonly ListedObject[],
): Promise<readonly ListedObject[]> {
  const folders = new Map<string, ListedObject[]>();
  for (const object of objects) {
    const folder = folderOf(guarded.table, object.key.slice(guarded.landing.prefix.length));
    folders.set(folder, [...(folders.get(folder) ?? []), object]);
  }
  const untold = await inParallel([...folders], CONCURRENT_FOLDERS, async ([folder, inFolder]) => {
    const verdicts = await readVerdicts(guard, guarded, folder);
    return inFolder.filter((object) => !verdicts.has(verdictKey(object)));
  });
  return untold.flat();
}

const MAX_STRAYS = 100;

/** Keeps few of many: those with the lowest hashes of key and hour, so that in time each has its turn. */
function chooseStrays(now: string) {
  let kept: { readonly object: ListedObject; readonly hash: string }[] = [];
  const prune = () => {
    kept = kept.toSorted((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, MAX_STRAYS);
  };
  return {
    offer(object: ListedObject): void {
      kept.push({ object, hash: folderId(now.slice(0, 13) + object.key) });
      if (kept.length > 2 * MAX_STRAYS) prune();
    },
    chosen(): readonly ListedObject[] {
      prune();
      return kept.map(({ object }) => object);
    },
  };
}
