import { compareUtf8 } from '../../text/utf8-order.ts';
import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { type DistinctSketch, EMPTY, withIds } from '../ledger/distinct-sketch.ts';
import { originId, originOf } from '../message/origin.ts';
import type { ListedObject } from '../ports/object-store.ts';
import { folderOf, scopeOfKey } from '../table/folder.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import type { TableRecord } from '../table/table-record.ts';
import type { SurveyOptions } from './agreement.ts';
import { collectLogs, type SeenLog } from './format-logs.ts';
import { entriesInPlace, sweptFrom } from './in-place-survey.ts';
import { isLeftBehind } from './plan.ts';
import { type KeyRange, type Stretch, sideBySide } from './side-by-side.ts';
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

/** What a part of a table's listings shows. */
export interface Swept {
  /** Partition folders where something is due. */
  readonly differing: readonly string[];
  /** Objects without a verdict, so many that their folders are not looked at again: they are only to be judged. */
  readonly toJudge: readonly ListedObject[];
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
  /** The last key that was compared, where more follow. */
  readonly after?: string;
}

export interface SweepOptions extends SurveyOptions {
  readonly range?: KeyRange;
  /** Whether the time is over: the sweep then ends with what it has. */
  readonly isOver?: () => boolean;
}

/** What makes a part: so that a cut loses little, and what is remembered of it stays small whatever the table's size. */
const PART_KEYS = 100_000;
const PART_UNJUDGED = 5_000;
/** More than this are asked for by themselves. */
const FEW_UNJUDGED = 1_000;

type SweepGuard = Pick<Guard, 'objects' | 'ledger' | 'clock'>;

/** A part while it is gathered. */
function newPart() {
  return {
    keys: 0,
    differing: new Set<string>(),
    unfinished: [] as LandingEntry[],
    published: new Set<string>(),
    unproven: new Set<string>(),
    publishedObjects: 0,
    foreignObjects: 0,
  };
}
type Part = ReturnType<typeof newPart>;

function isFull({ keys, unfinished }: Part): boolean {
  return keys >= PART_KEYS || unfinished.length >= PART_UNJUDGED;
}

function sweptOf(
  { table, landing, placement }: GuardedTable,
  part: Part,
  rest: Pick<Swept, 'formatLogs' | 'strays' | 'after'>,
): Swept {
  const isInPlace = placement.mode === 'in-place';
  const scopeOf = ({ relativeKey }: LandingEntry) =>
    isInPlace ? folderOf(table, relativeKey) : scopeOfKey(table, relativeKey);
  // In place nothing is ever missing, so that a file that is no part of a batch says nothing of its folder.
  const standAlone =
    table.policy.completion.kind === 'first-file' && (isInPlace || part.unfinished.length > FEW_UNJUDGED);
  if (!standAlone) for (const entry of part.unfinished) part.differing.add(scopeOf(entry));
  for (const folder of part.published) part.unproven.delete(folder);
  return {
    differing: [...part.differing],
    toJudge: standAlone
      ? part.unfinished.filter((entry) => !part.differing.has(scopeOf(entry))).map(({ object }) => object)
      : [],
    published: [...part.published],
    unproven: [...part.unproven],
    publishedObjects: part.publishedObjects,
    foreignObjects: part.foreignObjects,
    unjudged: withIds(EMPTY, idsOfUnjudged({ landing }, part.unfinished), UNJUDGED_KEPT),
    ...rest,
  };
}

/** Compares landing with its mirror part by part, in constant memory but for what waits or is held. Changes nothing. */
export async function* sweepMirror(
  guard: SweepGuard,
  guarded: GuardedTable,
  record: TableRecord | undefined,
  { range, isOver = () => false, ...options }: SweepOptions,
): AsyncGenerator<Swept> {
  const [holds, waiting] = await Promise.all([holdsOf(guard, guarded, ''), waitingOf(guard, guarded, '')]);
  const records = { holds, waiting, ...recordedFor(record) };
  const formatLogs = new Map<string, SeenLog>();
  const strays = chooseStrays(guard.clock.now());
  let part = newPart();
  for await (const sides of sideBySide(guard, guarded, '', range)) {
    const entries = await entriesOf(guard, guarded, '', sides, records, { ...options, remembers: true });
    await addStretch(guard, guarded, sides, { entries, part });
    const files = new Set(entries.map(({ relativeKey }) => relativeKey));
    for (const [relativeKey, object] of sides.landing) {
      if (files.has(relativeKey)) continue;
      collectLogs(formatLogs, relativeKey, object);
      if (kindOf(guarded, relativeKey, object) === 'stray') strays.offer(object);
    }
    const isCut = isOver();
    if (sides.lastKey === '' || !(isCut || isFull(part))) continue;
    yield sweptOf(guarded, part, {
      formatLogs: [...formatLogs.values()],
      strays: isCut ? strays.chosen() : [],
      after: sides.lastKey,
    });
    if (isCut) return;
    part = newPart();
  }
  yield sweptOf(guarded, part, { formatLogs: [...formatLogs.values()], strays: strays.chosen() });
}

async function addStretch(
  guard: SweepGuard,
  guarded: GuardedTable,
  sides: Stretch,
  { entries, part }: { readonly entries: readonly LandingEntry[]; readonly part: Part },
): Promise<void> {
  const { table } = guarded;
  const { missing, foreign } = await sortUnmatched(guard, guarded, sides);
  const due = entries.filter((entry) => entry.state.kind === 'waiting' || isLeftBehind(entry, table.policy));
  for (const { relativeKey } of [...due, ...missing]) part.differing.add(scopeOfKey(table, relativeKey));
  part.unfinished.push(...entries.filter(({ state }) => state.kind === 'unfinished'));
  for (const { relativeKey, state } of entries)
    if (state.kind === 'published') part.published.add(folderOf(table, relativeKey));
  const strange = new Set(foreign.map(({ key }) => key));
  for (const [relativeKey, object] of sides.location)
    if (object.sizeBytes > 0 && !strange.has(object.key)) part.unproven.add(folderOf(table, relativeKey));
  part.publishedObjects += sides.location.size - foreign.length;
  part.foreignObjects += foreign.length;
  part.keys += sides.landing.size + sides.location.size;
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
 * Finds objects in place that have no verdict, part by part. What was there at an earlier sweep was asked for then: only what
 * is dated a day before it or later counts, a week before at the thorough one. What is older than the guard itself belongs
 * to `headgate audit`.
 */
export async function* sweepInPlace(
  guard: SweepGuard,
  guarded: GuardedTable,
  record: TableRecord | undefined,
  { isThorough = false, range = {}, isOver = () => false }: SweepOptions,
): AsyncGenerator<Swept> {
  const { bucket, prefix } = guarded.landing;
  const since = sweptFrom(record, guard.clock.now(), isThorough ? THOROUGH_LOOK_BACK_DAYS : undefined);
  const formatLogs = new Map<string, SeenLog>();
  const oldStrays = chooseStrays(guard.clock.now());
  let part = newPart();
  let recent = new Map<string, ListedObject>();
  const behind = range.after === undefined ? [] : [prefix + range.after];
  for await (const page of guard.objects.list(bucket, prefix, ...behind)) {
    let last: string | undefined;
    let isEnd = false;
    for (const object of page) {
      const relativeKey = object.key.slice(prefix.length);
      isEnd = range.until !== undefined && compareUtf8(relativeKey, range.until) > 0;
      if (isEnd) break;
      last = relativeKey;
      part.keys++;
      collectLogs(formatLogs, relativeKey, object);
      const kind = kindOf(guarded, relativeKey, object);
      if (kind === 'ignore') continue;
      if (kind === 'file') part.publishedObjects++;
      else if (object.modifiedAt < (record?.guardedSince ?? '')) oldStrays.offer(object);
      if (object.modifiedAt < since) continue;
      recent.set(relativeKey, object);
    }
    if (isEnd) break;
    const isCut = isOver();
    if (last === undefined || !(isCut || isFull(part) || recent.size >= PART_UNJUDGED)) continue;
    await addRecent(guard, guarded, record, { recent, part });
    const strays = isCut ? await withoutVerdict(guard, guarded, oldStrays.chosen()) : [];
    yield sweptOf(guarded, part, { formatLogs: [...formatLogs.values()], strays, after: last });
    if (isCut) return;
    part = newPart();
    recent = new Map();
  }
  await addRecent(guard, guarded, record, { recent, part });
  const strays = await withoutVerdict(guard, guarded, oldStrays.chosen());
  yield sweptOf(guarded, part, { formatLogs: [...formatLogs.values()], strays });
}

async function addRecent(
  guard: SweepGuard,
  guarded: GuardedTable,
  record: TableRecord | undefined,
  { recent, part }: { readonly recent: ReadonlyMap<string, ListedObject>; readonly part: Part },
): Promise<void> {
  const byFolder = new Map<string, Map<string, ListedObject>>();
  for (const [relativeKey, object] of recent) {
    const folder = folderOf(guarded.table, relativeKey);
    byFolder.set(folder, (byFolder.get(folder) ?? new Map()).set(relativeKey, object));
  }
  const isBatch = guarded.table.policy.completion.kind !== 'first-file';
  await inParallel([...byFolder], CONCURRENT_FOLDERS, async ([folder, objects]) => {
    const entries = await entriesInPlace(guard, guarded, folder, objects, record);
    const states = new Set(entries.map(({ state }) => state.kind));
    part.unfinished.push(...entries.filter(({ state }) => state.kind === 'unfinished'));
    // A batch is looked at as a whole; a file that is none is shown by its partition.
    if (states.has('waiting')) (isBatch ? part.differing : part.published).add(folder);
  });
}
