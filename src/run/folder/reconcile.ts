import type { Mode } from '../../judge/contract/contract.ts';
import { countExpected, readBreaker } from '../breaker/breaker.ts';
import { PARAMETERS } from '../catalog/table-definition.ts';
import type { Failure, Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { type Ending, endHolds } from '../hold/end-hold.ts';
import { forgetHold, type HoldRecord, listHolds } from '../hold/hold.ts';
import { EMPTY } from '../ledger/distinct-sketch.ts';
import type { TableRecord } from '../ledger/records.ts';
import type { Origin } from '../message/messages.ts';
import { copyOf, lookOf, originId, originOf } from '../message/origin.ts';
import { send } from '../message/send.ts';
import { tellDrift } from '../table/catalog.ts';
import { watchCatalog } from '../table/drift.ts';
import { checkBucketOf } from '../table/gone.ts';
import { type GuardedTable, placeIn } from '../table/guarded-table.ts';
import { registersPartitions } from '../table/judge-object.ts';
import { readTable, updateTable } from '../table/table-record.ts';
import { forgetAgreed, type SurveyOptions } from './agreement.ts';
import { convergeFolder } from './converge.ts';
import { forgetLogs, noteLogs } from './format-logs.ts';
import { keepClaims } from './keep-claims.ts';
import { registeredPartitions, registerLacking } from './register-lacking.ts';
import { NOTHING_SWEPT, sweepInPlace, sweepMirror } from './sweep.ts';

/** What reconciling may touch: it lists, asks and reports. */
export type ReconcileGuard = Pick<
  Guard,
  'objects' | 'catalog' | 'ledger' | 'queue' | 'events' | 'contracts' | 'clock' | 'settings'
>;

const CONCURRENT_HEADS = 16;

export interface ReconcileOptions extends SurveyOptions {
  /** Somebody sees every new key anyway, so strays need not be looked for. */
  readonly isPolled?: boolean;
}

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
  options: ReconcileOptions = {},
): Promise<Reconciled> {
  await updateTable(guard, guarded.name, (record) => record);
  const startedAt = guard.clock.now();
  const record = (await readTable(guard, guarded.name))?.value;
  const isThorough = options.isThorough ?? isComparisonDue(record, startedAt);
  const held = await resumeHolds(guard, guarded);
  const { mode } = guarded.placement;
  const swept = await SWEEPS[mode](guard, guarded, record, { isThorough });
  const { differing, publishedObjects, unjudged } = swept;
  // Before anything is asked for, so that it is judged with them.
  await noteLogs(guard, guarded, swept.formatLogs);
  await forgetLogs(guard, guarded);
  if (!options.isPolled)
    await send(guard, {
      validate: swept.strays.map((object) => ({ message: lookOf(originOf(guarded.landing.bucket, object)) })),
    });
  const isEnforced = mode === 'in-place' && (await readBreaker(guard, guarded)).state === 'closed';
  if (isThorough) await forgetAgreed(guard, guarded.name);
  // All of them before the first is asked for: bad ones that come first are no larger a share than they are.
  if (unjudged !== EMPTY) await countExpected(guard, guarded, unjudged);
  const failed = await convergeAll(guard, guarded, differing, { isThorough });
  let { foreignObjects } = swept;
  let areClaimed = record?.areClaimed;
  if (mode !== 'observe' && registersPartitions(guarded)) {
    const registered = await registeredPartitions(guard, guarded);
    foreignObjects += await registerLacking(guard, guarded, { swept, registered });
    areClaimed = await keepClaims(guard, guarded, { held, registered, areClaimed });
  }
  if (foreignObjects > 0) await tellForeign(guard, guarded, foreignObjects);
  if (mode !== 'observe' && !(await finishUpdate(guard, guarded, record))) await watchCatalog(guard, guarded);
  // Last: a folder that fails keeps no other from being looked at. What it lacks, the next sweep finds.
  if (failed !== undefined) throw failed.error;
  await updateTable(guard, guarded.name, (record) => ({
    ...record,
    publishedObjects,
    ...(areClaimed && { areClaimed }),
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

const KEPT_MS = 90 * 86_400_000;

/**
 * Holds that were cut off go on; those whose object is held no more are ended; what ended long ago is forgotten here,
 * its report in quarantine is not. Gives those that were held.
 */
async function resumeHolds(guard: ReconcileGuard, guarded: GuardedTable): Promise<readonly HoldRecord[]> {
  const records = await listHolds(guard, guarded);
  await send(guard, {
    quarantine: records
      .filter(({ status, step }) => status === 'held' && step !== 'DONE')
      .map(({ table, origin, judgedBy, effect, findings, findingCount }) => ({
        message: { kind: 'hold', table, origin, judgedBy, effect, findings, findingCount },
      })),
  });
  const heldIds = new Set(records.filter(({ status }) => status === 'held').map(({ holdId }) => holdId));
  const isHeld = (origin: Origin) => heldIds.has(originId(origin));
  const settled = records.filter(({ status, step }) => status !== 'ended' && step === 'DONE');
  const endings = await inParallel(settled, CONCURRENT_HEADS, async (record) => {
    const reason = await endOf(guard, guarded, record, isHeld);
    return reason && { record, reason };
  });
  await endHolds(
    guard,
    guarded,
    endings.filter((ending): ending is Ending => ending !== undefined),
  );
  const forgettable = Date.parse(guard.clock.now()) - KEPT_MS;
  for (const record of records)
    if (record.status === 'ended' && Date.parse(record.heldAt) < forgettable)
      await forgetHold(guard, guarded, record);
  return records.filter(({ status }) => status === 'held');
}

function isConsumed({ placement, table }: GuardedTable): boolean {
  return placement.mode === 'promote' && table.policy.landing === 'consume';
}

async function endOf(
  guard: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  record: HoldRecord,
  isHeld: (origin: Origin) => boolean,
): Promise<Ending['reason'] | undefined> {
  const { origin, status, releasedEtag: etag } = record;
  // What was written back, and is held again, is another hold.
  if (status === 'released' && etag !== undefined && isHeld({ ...origin, etag })) return 'overwritten';
  const keeps = guarded.placement.mode === 'promote' && guarded.table.policy.landing === 'keep';
  const relativeKey = origin.key.slice(guarded.landing.prefix.length);
  if (status === 'released' || isConsumed(guarded)) {
    const there = await guard.objects.head(placeIn(guarded.location, relativeKey));
    const copy = there && copyOf(there);
    const isItself = copy !== undefined && (copy.etag === origin.etag || copy.etag === etag);
    if (status === 'released' && isItself) return 'published';
    // A consumed landing does not show what came after the held object: the published copy does.
    if (isConsumed(guarded) && copy !== undefined && copy.writtenAt > origin.writtenAt) return 'overwritten';
  }
  const here = await guard.objects.head(origin);
  if (here === undefined && keeps) await checkBucketOf(guard, origin);
  if (here === undefined) return keeps ? 'deleted' : undefined;
  if (here.etag === origin.etag) return undefined;
  // Where held objects leave their place, a new object under the key is another one, and this one stays held.
  return keeps ? 'overwritten' : undefined;
}
