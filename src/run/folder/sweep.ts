import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { type DistinctSketch, EMPTY, withIds } from '../ledger/distinct-sketch.ts';
import type { TableRecord } from '../ledger/records.ts';
import { originId, originOf } from '../message/origin.ts';
import type { ListedObject } from '../ports/object-store.ts';
import { folderOf, scopeOfKey } from '../table/folder.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import type { SurveyOptions } from './agreement.ts';
import { collectLogs, type SeenLog } from './format-logs.ts';
import { entriesInPlace, sweptFrom } from './in-place-survey.ts';
import { isLeftBehind } from './plan.ts';
import { sideBySide } from './side-by-side.ts';
import { chooseStrays, withoutVerdict } from './strays.ts';
import {
  entriesOf,
  holdsOf,
  kindOf,
  type LandingEntry,
  recordedFor,
  sortUnmatched,
  waitingOf,
} from './survey.ts';

/** What the listings of a whole table show. */
export interface Swept {
  /** Partition folders where something is due. */
  readonly differing: readonly string[];
  /** Partition folders in which something lies that was judged: readers may see them. */
  readonly published: readonly string[];
  /** Partition folders with objects of which the listings do not tell whether Headgate put them there. */
  readonly unproven: readonly string[];
  readonly publishedObjects: number;
  /** Below the location, and not written by Headgate. */
  readonly foreignObjects: number;
  /** The ids of the objects that are to be judged. */
  readonly unjudged: DistinctSketch;
  readonly formatLogs: readonly SeenLog[];
  /** Some of the strays that nobody moves and that may not have been told: in a landing of its own, or older than the guard. */
  readonly strays: readonly ListedObject[];
}

export const NOTHING_SWEPT: Swept = {
  differing: [],
  published: [],
  unproven: [],
  publishedObjects: 0,
  foreignObjects: 0,
  unjudged: EMPTY,
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
  const unproven = new Set<string>();
  let [publishedObjects, foreignObjects, unjudged] = [0, 0, EMPTY];
  for await (const sides of sideBySide(guard, guarded)) {
    const entries = await entriesOf(guard, guarded, '', sides, records, { ...options, remembers: true });
    const { missing, foreign } = await sortUnmatched(guard, guarded, sides);
    const due = entries.filter(
      (entry) =>
        entry.state.kind === 'unfinished' ||
        entry.state.kind === 'waiting' ||
        isLeftBehind(entry, guarded.table.policy),
    );
    for (const { relativeKey } of [...due, ...missing]) differing.add(scopeOfKey(guarded.table, relativeKey));
    for (const { relativeKey, state } of entries)
      if (state.kind === 'published') published.add(folderOf(guarded.table, relativeKey));
    const strange = new Set(foreign.map(({ key }) => key));
    for (const [relativeKey, object] of sides.location)
      if (object.sizeBytes > 0 && !strange.has(object.key))
        unproven.add(folderOf(guarded.table, relativeKey));
    publishedObjects += sides.location.size - foreign.length;
    foreignObjects += foreign.length;
    unjudged = withIds(unjudged, idsOfUnjudged(guarded, entries), UNJUDGED_KEPT);
    const files = new Set(entries.map(({ relativeKey }) => relativeKey));
    for (const [relativeKey, object] of sides.landing) {
      if (files.has(relativeKey)) continue;
      collectLogs(formatLogs, relativeKey, object);
      if (kindOf(guarded, relativeKey, object) === 'stray') strays.offer(object);
    }
  }
  for (const folder of published) unproven.delete(folder);
  return {
    differing: [...differing],
    published: [...published],
    unproven: [...unproven],
    publishedObjects,
    foreignObjects,
    unjudged,
    formatLogs: [...formatLogs.values()],
    strays: strays.chosen(),
  };
}

const UNJUDGED_KEPT = 512;

export function idsOfUnjudged(
  { landing }: Pick<GuardedTable, 'landing'>,
  entries: readonly LandingEntry[],
): readonly string[] {
  return entries
    .filter(({ state }) => state.kind === 'unfinished')
    .map(({ object }) => originId(originOf(landing.bucket, object)));
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
    const unjudged = idsOfUnjudged(guarded, entries);
    return { folder, states: new Set(entries.map(({ state }) => state.kind)), unjudged };
  });
  const isBatch = guarded.table.policy.completion.kind !== 'first-file';
  return {
    differing: folders
      .filter(({ states }) => states.has('unfinished') || (isBatch && states.has('waiting')))
      .map(({ folder }) => folder),
    published: isBatch
      ? []
      : folders.filter(({ states }) => states.has('waiting')).map(({ folder }) => folder),
    unproven: [],
    publishedObjects,
    foreignObjects: 0,
    unjudged: withIds(
      EMPTY,
      folders.flatMap((folder) => folder.unjudged),
      UNJUDGED_KEPT,
    ),
    formatLogs: [...formatLogs.values()],
    strays: await withoutVerdict(guard, guarded, oldStrays.chosen()),
  };
}
