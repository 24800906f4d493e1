import { PARAMETERS, withSlash } from '../catalog/table-definition.ts';
import type { Mode } from '../contract/contract.ts';
import { forgetAgreed, type SurveyOptions } from './agreement.ts';
import { countExpected, readBreaker } from './breaker.ts';
import { tellDrift } from './catalog.ts';
import { convergeFolder } from './converge.ts';
import { EMPTY } from './distinct-sketch.ts';
import { watchCatalog } from './drift.ts';
import { type Ending, endHolds } from './end-hold.ts';
import type { Failure, Guard } from './guard.ts';
import { type GuardedTable, placeIn } from './guarded-table.ts';
import { inParallel } from './in-parallel.ts';
import { registersPartitions } from './judge-object.ts';
import { copyOf, isPublishedFrom } from './origin.ts';
import { type HoldRecord, LEDGER_SCOPES, type TableRecord } from './records.ts';
import { registerFolder } from './register-folder.ts';
import { send } from './send.ts';
import { listRecords, removeRecord } from './stored.ts';
import { listFolder } from './survey.ts';
import { NOTHING_SWEPT, type Swept, sweepInPlace, sweepMirror } from './sweep.ts';
import { readTable, updateTable } from './table-record.ts';

/** What reconciling may touch: it lists, asks and reports. */
export type ReconcileGuard = Pick<
  Guard,
  'objects' | 'catalog' | 'ledger' | 'queue' | 'events' | 'contracts' | 'clock' | 'settings'
>;

const CONCURRENT_HEADS = 16;

export interface Reconciled {
  readonly table: string;
  readonly foldersToConverge: number;
  readonly publishedObjects: number;
}

/**
 * Looks at a whole table, on a schedule: events may have been lost. Folders where landing and location differ are
 * converged, cut-off holds go on, holds that ended are ended, and what the catalog lacks or has too much is told.
 */
export async function reconcile(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  options: SurveyOptions = {},
): Promise<Reconciled> {
  await updateTable(guard, guarded.name, (record) => record);
  const startedAt = guard.clock.now();
  const record = (await readTable(guard, guarded.name))?.value;
  const isThorough = options.isThorough ?? isComparisonDue(record, startedAt);
  await resumeHolds(guard, guarded);
  const { mode } = guarded.placement;
  const swept = await SWEEPS[mode](guard, guarded, record, { isThorough });
  const { differing, publishedObjects, unjudged } = swept;
  const isEnforced = mode === 'in-place' && (await readBreaker(guard, guarded)).state === 'closed';
  if (isThorough) await forgetAgreed(guard, guarded.name);
  // All of them before the first is asked for: bad ones that come first are no larger a share than they are.
  if (unjudged !== EMPTY) await countExpected(guard, guarded, unjudged);
  const failed = await convergeAll(guard, guarded, differing, { isThorough });
  const foreignObjects = swept.foreignObjects + (await registerLacking(guard, guarded, swept));
  if (foreignObjects > 0) await tellForeign(guard, guarded, foreignObjects);
  if (mode !== 'observe' && !(await finishUpdate(guard, guarded, record))) await watchCatalog(guard, guarded);
  // Last: a folder that fails keeps no other from being looked at. What it lacks, the next sweep finds.
  if (failed !== undefined) throw failed.error;
  await updateTable(guard, guarded.name, (record) => ({
    ...record,
    publishedObjects,
    // What an open breaker lets lie is looked at again once a person has closed it.
    ...(isEnforced && { sweptAt: startedAt }),
    ...(isThorough && { comparedAt: startedAt }),
  }));
  return { table: guarded.name, foldersToConverge: differing.length, publishedObjects };
}

/** A table of ours that no record knows of: a worker died between the two. What it began is done again. */
async function finishUpdate(
  guard: ReconcileGuard,
  { name, ref, table, contractHash }: GuardedTable,
  record: TableRecord | undefined,
): Promise<boolean> {
  if (record?.applied !== undefined) return false;
  const current = await guard.catalog.getTable(ref);
  if (current?.parameters[PARAMETERS.contract] !== table.contractId) return false;
  await send(guard, { catalog: [{ message: { kind: 'apply', table: name, contractHash } }] });
  return true;
}

async function convergeAll(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  folders: readonly string[],
  options: SurveyOptions,
): Promise<Failure | undefined> {
  const failures: Failure[] = [];
  for (const [index, folder] of folders.entries())
    try {
      await convergeFolder(guard, guarded, folder, options);
    } catch (error) {
      failures.push({ index, error });
    }
  return failures[0];
}

const SWEEPS = {
  promote: sweepMirror,
  'in-place': sweepInPlace,
  observe: async () => NOTHING_SWEPT,
} as const satisfies Record<Mode, typeof sweepMirror>;

const WEEK_MS = 7 * 86_400_000;

/** What is remembered of published objects is asked for again once a week. */
function isComparisonDue(record: TableRecord | undefined, now: string): boolean {
  const since = record?.comparedAt ?? record?.guardedSince ?? now;
  return Date.parse(now) - Date.parse(since) >= WEEK_MS;
}

/** Only Headgate's publish role can write there: what it did not write is worth a look. */
async function tellForeign(guard: ReconcileGuard, guarded: GuardedTable, count: number): Promise<void> {
  await tellDrift(guard, guarded, [
    {
      rule: 'catalog-drift',
      path: '',
      expected: 'objects that Headgate published',
      actual: `${count} objects below the location that it did not`,
    },
  ]);
}

/**
 * Registers partitions that have published files and that the catalog lacks: their readers see nothing of them. What else
 * lies in a folder that the catalog lacks is nobody's wish to show it: gives how many such objects there are.
 */
async function registerLacking(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  { published, unproven }: Pick<Swept, 'published' | 'unproven'>,
): Promise<number> {
  if (!registersPartitions(guarded) || published.length + unproven.length === 0) return 0;
  const known = new Set<string>();
  if ((await guard.catalog.getTable(guarded.ref)) !== undefined)
    for await (const page of guard.catalog.listPartitions(guarded.ref))
      for (const { location } of page) known.add(withSlash(location));
  const { bucket, prefix } = guarded.location;
  const isLacking = (folder: string) => folder !== '' && !known.has(`s3://${bucket}/${prefix}${folder}`);
  for (const folder of published.filter(isLacking)) await registerFolder(guard, guarded, folder);
  let foreign = 0;
  for (const folder of unproven.filter(isLacking)) {
    const { own, others } = await publishersOf(guard, guarded, folder);
    foreign += others;
    if (own > 0) await registerFolder(guard, guarded, folder);
  }
  return foreign;
}

/** How many objects of a published folder are Headgate's copies, by what they say of themselves, and how many are others'. */
async function publishersOf(
  { objects }: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  folder: string,
): Promise<{ readonly own: number; readonly others: number }> {
  const keys = [...(await listFolder({ objects }, guarded.location, folder)).keys()];
  const heads = await inParallel(keys, CONCURRENT_HEADS, (relativeKey) =>
    objects.head(placeIn(guarded.location, relativeKey)),
  );
  const own = heads.filter((head, index) => {
    const copy = head && copyOf(head);
    return copy !== undefined && isPublishedFrom(copy, placeIn(guarded.landing, keys[index] ?? ''));
  }).length;
  return { own, others: heads.filter((head) => head !== undefined).length - own };
}

const KEPT_MS = 90 * 86_400_000;

/**
 * Holds that were cut off go on; those whose object is held no more are ended; what ended long ago is forgotten here,
 * its report in quarantine is not.
 */
async function resumeHolds(guard: ReconcileGuard, guarded: GuardedTable): Promise<void> {
  const stored = await listRecords<HoldRecord>(guard, LEDGER_SCOPES.holds(guarded.name));
  const records = stored.map(({ value }) => value);
  await send(guard, {
    quarantine: records
      .filter(({ status, step }) => status === 'held' && step !== 'DONE')
      .map(({ table, origin, judgedBy, effect, findings, findingCount }) => ({
        message: { kind: 'hold', table, origin, judgedBy, effect, findings, findingCount },
      })),
  });
  const settled = records.filter(({ status, step }) => status !== 'ended' && step === 'DONE');
  const endings = await inParallel(settled, CONCURRENT_HEADS, async (record) => {
    const reason = await endOf(guard, guarded, record);
    return reason && { record, reason };
  });
  await endHolds(
    guard,
    guarded,
    endings.filter((ending): ending is Ending => ending !== undefined),
  );
  const forgettable = Date.parse(guard.clock.now()) - KEPT_MS;
  for (const { value, scope, id } of stored)
    if (value.status === 'ended' && Date.parse(value.heldAt) < forgettable)
      await removeRecord(guard, { scope, id });
}

function isConsumed({ placement, table }: GuardedTable): boolean {
  return placement.mode === 'promote' && table.policy.landing === 'consume';
}

async function endOf(
  guard: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  record: HoldRecord,
): Promise<HoldRecord['endReason'] | undefined> {
  const { origin, status } = record;
  const keeps = guarded.placement.mode === 'promote' && guarded.table.policy.landing === 'keep';
  const relativeKey = origin.key.slice(guarded.landing.prefix.length);
  if (status === 'released' || isConsumed(guarded)) {
    const there = await guard.objects.head(placeIn(guarded.location, relativeKey));
    const copy = there && copyOf(there);
    if (status === 'released' && copy?.etag === origin.etag) return 'published';
    // A consumed landing does not show what came after the held object: the published copy does.
    if (isConsumed(guarded) && copy !== undefined && copy.writtenAt > origin.writtenAt) return 'overwritten';
  }
  const here = await guard.objects.head(origin);
  if (here === undefined) return keeps ? 'deleted' : undefined;
  if (here.etag === origin.etag) return undefined;
  // Where held objects leave their place, a new object under the key is another one, and this one stays held.
  return keeps ? 'overwritten' : undefined;
}
