import { HeadgateError } from '../../error.ts';
import { PARAMETERS } from '../catalog/table-definition.ts';
import { type HoldRecord, listHolds } from '../hold/hold.ts';
import { ONLY_PUBLISHED } from '../message/events.ts';
import { send } from '../message/send.ts';
import { tellDrift } from '../table/catalog.ts';
import { watchCatalog } from '../table/drift.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { registersPartitions } from '../table/judge-object.ts';
import type { TableRecord } from '../table/table-record.ts';
import { readTable, updateTable } from '../table/table-record.ts';
import { forgetAgreed, type SurveyOptions } from './agreement.ts';
import { forgetLogs } from './format-logs.ts';
import { keepClaims } from './keep-claims.ts';
import { type RegisteredPartitions, registeredPartitions } from './register-lacking.ts';
import { resumeHolds } from './resume-holds.ts';
import { type SweepOnGuard, type SweepOnOptions, sweepOn } from './sweep-on.ts';
import { forgetProgress, newProgress, type Progress, readProgress, wholeOf } from './sweep-record.ts';

/** What reconciling may touch: it lists, asks and reports. */
export type ReconcileGuard = SweepOnGuard;

export interface ReconcileOptions extends SurveyOptions, Pick<SweepOnOptions, 'isPolled' | 'isOver'> {
  /** A sweep that was cut goes on; where there is none, nothing is done. */
  readonly goesOn?: boolean;
}

export interface Reconciled {
  readonly table: string;
  readonly foldersToConverge: number;
  readonly publishedObjects: number;
  /** Absent where all of the table was looked at. */
  readonly isUnderWay?: true;
}

/** A sweep that was cut goes on by its own message within this time; later whoever comes takes it. */
const GOES_ON_MS = 1_800_000;

/**
 * Looks at a whole table, on a schedule: events may have been lost. Folders where landing and location differ are
 * converged, cut-off holds go on, holds that ended are ended, and what the catalog lacks or has too much is told. Where time is
 * over, a message has it go on from the last key that was compared.
 */
export async function reconcile(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  options: ReconcileOptions = {},
): Promise<Reconciled> {
  const before = await readProgress(guard, wholeOf(guarded));
  const isUnderWay =
    before !== undefined && Date.parse(guard.clock.now()) - Date.parse(before.record.at) < GOES_ON_MS;
  if (options.goesOn === true ? before === undefined : isUnderWay)
    return {
      table: guarded.name,
      foldersToConverge: 0,
      publishedObjects: 0,
      ...(isUnderWay && { isUnderWay }),
    };
  const { progress: begun, held } =
    before === undefined ? await beginSweep(guard, guarded, options) : { progress: before, held: undefined };
  const table = (await readTable(guard, guarded.name))?.value;
  const { progress, outcome, error, registered } = await sweepOn(guard, guarded, table, begun, options);
  const { differing: foldersToConverge, publishedObjects } = progress.record;
  if (outcome === 'cut')
    await send(guard, {
      converge: [{ message: { kind: 'sweep', table: guarded.name, after: progress.record.after ?? '' } }],
    });
  if (outcome !== 'done') {
    if (error !== undefined) throw error;
    return { table: guarded.name, foldersToConverge, publishedObjects, isUnderWay: true };
  }
  await finishSweep(guard, guarded, progress, { held, error, registered });
  return { table: guarded.name, foldersToConverge, publishedObjects };
}

/** What comes before a table is listed, once for all of its parts. */
export async function beginSweep(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  options: SurveyOptions,
): Promise<{ readonly progress: Progress; readonly held: readonly HoldRecord[] }> {
  const startedAt = guard.clock.now();
  const table = await updateTable(guard, guarded.name, (record) => record);
  const isThorough = options.isThorough ?? isComparisonDue(table, startedAt);
  const held = await resumeHolds(guard, guarded);
  await forgetLogs(guard, guarded);
  if (isThorough) await forgetAgreed(guard, guarded.name);
  return { progress: newProgress(wholeOf(guarded), startedAt, isThorough), held };
}

/** What the last part brought along: what is not there is asked for. */
interface Found {
  readonly held?: readonly HoldRecord[] | undefined;
  readonly registered?: RegisteredPartitions | undefined;
  readonly error?: unknown;
}

/** What follows from a whole table. `error` is what a folder failed of: what that one lacks, the next sweep finds. */
export async function finishSweep(
  guard: ReconcileGuard,
  guarded: GuardedTable,
  progress: Progress,
  { held, error, ...known }: Found,
): Promise<void> {
  const { foreignObjects, publishedObjects, startedAt, isEnforced, isThorough, hasFailed } = progress.record;
  const { mode } = guarded.placement;
  const record = (await readTable(guard, guarded.name))?.value;
  let areClaimed = record?.areClaimed;
  if (mode !== 'observe' && registersPartitions(guarded)) {
    const registered = known.registered ?? (await registeredPartitions(guard, guarded));
    areClaimed = await keepClaims(guard, guarded, {
      held: held ?? (await listHolds(guard, guarded)).filter(({ status }) => status === 'held'),
      registered,
      areClaimed,
    });
  }
  if (foreignObjects > 0) await tellForeign(guard, guarded, foreignObjects);
  if (mode !== 'observe' && !(await finishUpdate(guard, guarded, record))) await watchCatalog(guard, guarded);
  await forgetProgress(guard, progress);
  // Last: a folder that fails keeps no other from being looked at.
  if (error !== undefined) throw error;
  if (hasFailed)
    throw new HeadgateError(
      'READ_FAILED',
      'an earlier part of the sweep had folders that could not be converged',
    );
  await updateTable(guard, guarded.name, (record) => ({
    ...record,
    publishedObjects,
    ...(areClaimed && { areClaimed }),
    // What an open breaker lets lie is looked at again once a person has closed it.
    ...(mode === 'in-place' && isEnforced && { sweptAt: startedAt }),
    ...(isThorough && { comparedAt: startedAt }),
  }));
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
      expected: ONLY_PUBLISHED,
      actual: `${count} objects below the location that it did not`,
    },
  ]);
}
