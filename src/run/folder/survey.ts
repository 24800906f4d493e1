import { classifyKey, type KeyKind } from '../../judge/contract/key.ts';
import { type FormatLog, formatLogAbove } from '../../judge/contract/table-format.ts';
import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { type HoldRecord, listHolds } from '../hold/hold.ts';
import { folderId } from '../ledger/folder-id.ts';
import { recordScope } from '../ledger/record-kind.ts';
import { listRecords, readRecord } from '../ledger/records.ts';
import { copyOf, isCopyFrom, originId, originOf } from '../message/origin.ts';
import type { ListedObject } from '../ports/object-store.ts';
import { folderOf, isPlaced, parentOf } from '../table/folder.ts';
import { type GuardedTable, leavesItsPlace, type Prefix, placeIn } from '../table/guarded-table.ts';
import { keyBelow } from '../table/located.ts';
import { readTable, type TableRecord } from '../table/table-record.ts';
import { copiesIn, type SurveyOptions } from './agreement.ts';
import { keepNewest, type Marker, markersOf } from './markers.ts';
import { type MissingRecord, missingKey } from './missing-record.ts';
import { type BothSides, type Stretch, sideBySide } from './side-by-side.ts';
import { WAITING, type WaitingRecord } from './waiting.ts';

/** An object in landing, or one that was held and so left it, and how far it has come. */
export interface LandingEntry {
  readonly relativeKey: string;
  readonly object: ListedObject;
  readonly state:
    | { readonly kind: 'published' }
    | { readonly kind: 'waiting'; readonly record: WaitingRecord }
    | { readonly kind: 'held'; readonly holdId: string }
    /** No verdict yet, or one under other contracts. */
    | { readonly kind: 'unfinished' };
}

/** A mirrored object whose key landing no longer has. */
export interface MissingEntry {
  readonly relativeKey: string;
  readonly object: ListedObject;
}

/** What is in landing and location below one folder, side by side. */
export interface Survey {
  readonly folder: string;
  /** Without what is published and stays where it is. */
  readonly entries: readonly LandingEntry[];
  /** Of what is published and stays where it is, by the folder it lies in: when the newest came. */
  readonly settled: ReadonlyMap<string, string>;
  readonly missing: readonly MissingEntry[];
  /** Below the location, but not written by Headgate, or a copy of another table's key: left alone. */
  readonly foreign: readonly ListedObject[];
  readonly markers: readonly Marker[];
  /** Since when exactly these keys are missing; absent where it was not seen before. */
  readonly missingRecord: MissingRecord | undefined;
}

const CONCURRENT_HEADS = 16;

type SurveyGuard = Pick<Guard, 'objects' | 'ledger' | 'clock'>;

/** Lists a folder on both sides and tells of every object how far it has come. What needs nothing is not kept in memory. */
export async function survey(
  guard: SurveyGuard,
  guarded: GuardedTable,
  folder: string,
  options: SurveyOptions = {},
): Promise<Survey> {
  const [holds, waiting, record] = await Promise.all([
    holdsOf(guard, guarded, folder),
    waitingOf(guard, guarded, folder),
    readTable(guard, guarded.name),
  ]);
  const records = { holds, waiting, ...recordedFor(record?.value) };
  const heldKeys = new Set([...holds.values()].map(({ origin }) => keyBelow(guarded.landing, origin.key)));
  const there = new Set<string>();
  const settled = new Map<string, string>();
  const markers = new Map<string, string>();
  const [entries, missing, foreign]: [LandingEntry[], MissingEntry[], ListedObject[]] = [[], [], []];
  for await (const stretch of sideBySide(guard, guarded, folder)) {
    for (const entry of await entriesOf(guard, guarded, folder, stretch, records, options))
      if (entry.state.kind !== 'published' || guarded.table.policy.landing === 'consume') entries.push(entry);
      else keepNewest(settled, parentOf(entry.relativeKey), entry.object.modifiedAt);
    const unmatched = await sortUnmatched(guard, guarded, stretch);
    missing.push(...unmatched.missing);
    foreign.push(...unmatched.foreign);
    for (const side of [stretch.landing, stretch.location])
      for (const relativeKey of side.keys()) if (heldKeys.has(relativeKey)) there.add(relativeKey);
    for (const marker of markersOf(stretch.landing)) keepNewest(markers, marker.folder, marker.modifiedAt);
  }
  return {
    folder,
    entries: [...entries, ...heldAway(guarded, folder, holds, (relativeKey) => there.has(relativeKey))],
    settled,
    missing,
    foreign,
    markers: [...markers].map(([folder, modifiedAt]) => ({ folder, modifiedAt })),
    missingRecord: await missingRecord(guard, guarded, folder, missing),
  };
}

/** What the ledger knows of objects in landing. */
export interface LandingRecords {
  readonly holds: ReadonlyMap<string, HoldRecord>;
  readonly waiting: ReadonlyMap<string, WaitingRecord>;
  readonly catalogVersion: string | undefined;
  readonly formatLogs: readonly FormatLog[];
}

/** What a table's record says of verdicts: those of other types, or from before a log was seen, count no more. */
export function recordedFor(
  record: TableRecord | undefined,
): Pick<LandingRecords, 'catalogVersion' | 'formatLogs'> {
  return { catalogVersion: record?.applied?.contractVersion, formatLogs: record?.formatLogs ?? [] };
}

/** Of every file in a stretch of landing below a folder, how far it has come. */
export async function entriesOf(
  guard: SurveyGuard,
  guarded: GuardedTable,
  folder: string,
  stretch: Stretch,
  records: LandingRecords,
  options: SurveyOptions,
): Promise<readonly LandingEntry[]> {
  const data = [...stretch.landing].filter(
    ([relativeKey, object]) => kindOf(guarded, relativeKey, object) === 'file',
  );
  const pairs = data.flatMap(([relativeKey, object]) => {
    const published = stretch.location.get(relativeKey);
    return published ? [{ relativeKey, object, published }] : [];
  });
  const copies = await copiesIn(guard, guarded, { folder, firstKey: stretch.firstKey, pairs }, options);
  return data.map(([relativeKey, object]) => ({
    relativeKey,
    object,
    // An older version published what no partition holds: it is looked at again.
    state:
      copies.has(relativeKey) && isPlaced(guarded.table, relativeKey)
        ? { kind: 'published' }
        : stateOf(guarded, relativeKey, object, records),
  }));
}

/** The current objects below a folder, by their key below the table's root. */
export async function listFolder(
  { objects }: Pick<Guard, 'objects'>,
  root: Prefix,
  folder: string,
): Promise<ReadonlyMap<string, ListedObject>> {
  const found = new Map<string, ListedObject>();
  for await (const page of objects.list(root.bucket, root.prefix + folder))
    for (const object of page) found.set(keyBelow(root, object.key), object);
  return found;
}

/** What an object is to the table. Where nobody reads them, strays are told where they are judged, and stay; empty ones are none. */
export function kindOf(
  { table }: GuardedTable,
  relativeKey: string,
  { sizeBytes }: ListedObject,
): KeyKind['kind'] {
  if (sizeBytes === 0) return 'ignore';
  return classifyKey(relativeKey, {
    partitionKeys: table.partitionKeys.map(({ name }) => name),
    fileMatch: table.policy.fileMatch,
  }).kind;
}

/** A verdict counts while its contracts and the catalog's types are the ones it was made by, and no log has come above it. */
function stateOf(
  guarded: GuardedTable,
  relativeKey: string,
  object: ListedObject,
  { holds, waiting, catalogVersion, formatLogs }: LandingRecords,
): LandingEntry['state'] {
  const id = originId(originOf(guarded.landing.bucket, object));
  const hold = holds.get(id);
  if (hold?.status === 'held') return { kind: 'held', holdId: hold.holdId };
  const record = waiting.get(id);
  const isPublishable =
    isPlaced(guarded.table, relativeKey) && formatLogAbove(formatLogs, relativeKey) === undefined;
  return isPublishable &&
    record?.judgedBy.contractHash === guarded.contractHash &&
    record.judgedBy.catalogVersion === catalogVersion
    ? { kind: 'waiting', record }
    : { kind: 'unfinished' };
}

/**
 * Held objects that left their place are still part of their batch. One whose key has another object by now was replaced
 * by its producer.
 */
export function heldAway(
  guarded: GuardedTable,
  folder: string,
  holds: ReadonlyMap<string, HoldRecord>,
  isThere: (relativeKey: string) => boolean,
): readonly LandingEntry[] {
  if (!leavesItsPlace(guarded)) return [];
  return [...holds.values()].flatMap(({ holdId, status, origin }) => {
    const { key, etag, sizeBytes, writtenAt } = origin;
    const relativeKey = keyBelow(guarded.landing, key);
    if (status !== 'held' || !relativeKey.startsWith(folder) || isThere(relativeKey)) return [];
    const object = { key, etag, sizeBytes, modifiedAt: writtenAt };
    return [{ relativeKey, object, state: { kind: 'held', holdId } }];
  });
}

/** Published keys that landing lacks: only what Headgate mirrored there from this very key may ever follow. */
export async function sortUnmatched(
  { objects }: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  { landing, location }: BothSides,
): Promise<Pick<Survey, 'missing' | 'foreign'>> {
  const missing: MissingEntry[] = [];
  const foreign: ListedObject[] = [];
  // A landing that is emptied after publishing mirrors nothing: no key of it is ever missed.
  if (guarded.table.policy.landing === 'consume') return { missing, foreign };
  const unmatched = [...location].filter(([relativeKey]) => (landing.get(relativeKey)?.sizeBytes ?? 0) === 0);
  const heads = await inParallel(unmatched, CONCURRENT_HEADS, ([relativeKey]) =>
    objects.head(placeIn(guarded.location, relativeKey)),
  );
  for (const [index, [relativeKey, object]] of unmatched.entries()) {
    const head = heads[index];
    if (head === undefined) continue;
    const copy = copyOf(head);
    if (copy === undefined || !isCopyFrom(copy, placeIn(guarded.landing, relativeKey))) foreign.push(object);
    else if (copy.route === 'keep') missing.push({ relativeKey, object: { ...object, etag: head.etag } });
  }
  return { missing, foreign };
}

/** Holds by the object that they hold. For the table's root all folders count. */
export async function holdsOf(
  guard: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  folder: string,
): Promise<ReadonlyMap<string, HoldRecord>> {
  const holds = await listHolds(guard, guarded, idPrefix(guarded, folder));
  return new Map(holds.map((hold) => [hold.holdId, hold]));
}

export async function waitingOf(
  guard: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  folder: string,
): Promise<ReadonlyMap<string, WaitingRecord>> {
  const stored = await listRecords(guard, recordScope(WAITING, guarded.name), idPrefix(guarded, folder));
  return new Map(stored.map(({ value }) => [originId(value.origin), value]));
}

/** Records are filed by partition folder: a folder below one looks there, a wider one at all of them. */
function idPrefix({ table }: GuardedTable, folder: string): string {
  return isPlaced(table, folder) ? `${folderId(folderOf(table, folder))}/` : '';
}

async function missingRecord(
  guard: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  folder: string,
  missing: readonly MissingEntry[],
): Promise<MissingRecord | undefined> {
  if (missing.length === 0) return undefined;
  const record = (await readRecord(guard, missingKey(guarded, folder)))?.value;
  return record?.fingerprint === missingFingerprint(missing) ? record : undefined;
}

export function missingFingerprint(missing: readonly MissingEntry[]): string {
  return folderId(
    missing
      .map(({ relativeKey, object }) => JSON.stringify([relativeKey, object.etag]))
      .sort()
      .join('\n'),
  );
}
