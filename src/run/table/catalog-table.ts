import { HeadgateError } from '../../error.ts';
import { safeText } from '../../text/safe.ts';
import type { Applied } from '../catalog/applied.ts';
import { type AppliedStep, appliedStep, columnListChanges } from '../catalog/applied-step.ts';
import { isForeign } from '../catalog/difference.ts';
import { isSameDefinition, mergeDefinition } from '../catalog/merge-definition.ts';
import { isProjectionEnabled, projectionAmong } from '../catalog/projection.ts';
import { PARAMETERS, tableDefinition } from '../catalog/table-definition.ts';
import { type Guard, STRAGGLERS_MS } from '../guard/guard.ts';
import { updateRecord } from '../ledger/records.ts';
import { busEvent } from '../message/bus-event.ts';
import type { CatalogTable, TableDefinition } from '../ports/catalog.ts';
import { isSameApplied, targetRecord } from './applied-record.ts';
import { type GuardedTable, guardedTables } from './guarded-table.ts';
import { type AppliedRecord, readTable, tableKey } from './table-record.ts';

export type CatalogGuard = Pick<Guard, 'catalog' | 'ledger' | 'queue' | 'events' | 'contracts' | 'clock'>;

/** What one process remembers of the catalog between batches. Losing it costs calls, nothing else. */
export interface CatalogCache {
  readonly tables: Map<string, { readonly definition: TableDefinition; readonly readAtMs: number }>;
  /** Folders whose partitions were registered lately, by table. */
  readonly partitions: Map<string, { readonly sinceMs: number; readonly folders: Set<string> }>;
}

export function newCatalogCache(): CatalogCache {
  return { tables: new Map(), partitions: new Map() };
}

const CACHED_MS = 60_000;
const TRIES = 5;

/** `holds`: the catalog has the active version's types. `waits`: only a person may bring it there. */
export type TableState =
  | { readonly kind: 'holds'; readonly definition: TableDefinition }
  | { readonly kind: 'waits'; readonly definition: TableDefinition; readonly why: string };

/** The table as the catalog holds it, at most a minute old; created from the active version where it is missing. */
export async function currentTable(
  guard: CatalogGuard,
  guarded: GuardedTable,
  cache: CatalogCache,
): Promise<TableDefinition> {
  const cached = cachedTable(guard, guarded, cache);
  if (cached) return cached;
  const current = await guard.catalog.getTable(guarded.ref);
  if (current === undefined) return (await ensureTable(guard, guarded, cache)).definition;
  if (isForeign(wantedDefinition(guarded), current)) throw collision(guarded, current);
  return remember(guard, guarded, cache, current);
}

/**
 * Creates the table, or merges the active version into it under its version lock, unless that would make what is
 * stored unreadable. Records `applied` only after the catalog holds it. Throws a retryable CONFLICT after five lost
 * races or where somebody else recorded meanwhile, and CATALOG_COLLISION where the table is somebody else's.
 */
export async function ensureTable(
  guard: CatalogGuard,
  guarded: GuardedTable,
  cache: CatalogCache,
): Promise<TableState> {
  const wanted = wantedDefinition(guarded);
  const target = targetRecord(guarded, wanted);
  const applied = (await readTable(guard, guarded.name))?.value.applied;
  for (let tries = 0; tries < TRIES; tries++) {
    const cached = cachedTable(guard, guarded, cache);
    // What is remembered of the catalog makes no record: since then another version may have come, or been taken back.
    const isRecorded = applied !== undefined && isSameApplied(applied, target);
    if (cached && isRecorded && !whyNotComputed(guarded, cached) && isMerged(cached, wanted))
      return { kind: 'holds', definition: cached };
    const state = await tryOnce(guard, guarded, { wanted, applied });
    if (state === undefined) continue;
    remember(guard, guarded, cache, state.definition);
    if (state.kind === 'waits') await tellWaits(guard, guarded, state.definition, state.why);
    // Somebody else was faster, maybe by newer contracts: all of it is looked at again.
    else if (!(await recordHeld(guard, guarded, target, { applied }))) break;
    return state;
  }
  throw new HeadgateError(
    'CONFLICT',
    `table ${safeText(guarded.name, 120)} was changed by somebody else while it was to be updated`,
  );
}

/**
 * One reading, decision and conditional write; nothing where somebody else was faster. That these contracts are the newest is asked
 * after the reading: a worker that slept on the way, or learns late, would take a newer version back, and no record would tell.
 */
async function tryOnce(
  guard: CatalogGuard,
  guarded: GuardedTable,
  { wanted, applied }: { readonly wanted: TableDefinition; readonly applied: AppliedRecord | undefined },
): Promise<TableState | undefined> {
  const { catalog } = guard;
  const current = await catalog.getTable(guarded.ref);
  if (current && isForeign(wanted, current)) throw collision(guarded, current);
  const why = whyNotComputed(guarded, current);
  if (why !== undefined) return { kind: 'waits', definition: current ?? wanted, why };
  if (current === undefined) {
    await expectNewest(guard, guarded, applied);
    return (await catalog.createTable(guarded.ref, wanted)) === 'created'
      ? { kind: 'holds', definition: wanted }
      : undefined;
  }
  const step = await stepFrom(guard, guarded, current);
  if (step.kind === 'needs-apply') return { kind: 'waits', definition: current, why: step.why };
  const merged = mergeDefinition(current, wanted);
  if (isSameDefinition(merged, current)) return { kind: 'holds', definition: current };
  await expectNewest(guard, guarded, applied);
  const outcome = await catalog.updateTable(guarded.ref, merged, current.versionId);
  return outcome === 'updated' ? { kind: 'holds', definition: merged } : undefined;
}

/** Throws a retryable CONFLICT where there are other contracts of the table by now, or somebody applied some. */
async function expectNewest(
  guard: Pick<CatalogGuard, 'contracts' | 'ledger'>,
  { name, contractHash }: GuardedTable,
  applied: AppliedRecord | undefined,
): Promise<void> {
  const newest = guardedTables(await guard.contracts.current(0)).get(name);
  const recorded = (await readTable(guard, name))?.value.applied;
  if (newest?.contractHash === contractHash && isSameRecord(recorded, applied)) return;
  throw new HeadgateError(
    'CONFLICT',
    `the contracts of table ${safeText(name, 120)} changed while the catalog was to be updated`,
  );
}

/** Without settings of the contract's or the owner's nobody would ever read what is published. */
export function whyNotComputed(
  { table }: Pick<GuardedTable, 'table'>,
  current: TableDefinition | undefined,
): string | undefined {
  const isOwners =
    table.partitionKeys.length > 0 && table.policy.partitions === 'projected' && !table.projection;
  if (!isOwners || (current && isProjectionEnabled(current.parameters))) return undefined;
  return `partitions are to be computed, and neither the contract nor the ${current ? 'table' : 'catalog, which has no such table,'} says how: state projection in the contract`;
}

/** What the step from the types that the catalog really holds is, whatever was recorded. */
async function stepFrom(
  guard: CatalogGuard,
  guarded: GuardedTable,
  current: CatalogTable,
): Promise<AppliedStep> {
  const { table, placement } = guarded;
  const held: Applied = {
    ...current,
    contractVersion: current.parameters[PARAMETERS.version] ?? '',
    projection: projectionAmong(current.parameters),
  };
  const canBeRegistered = current.partitionKeys.length > 0 && table.policy.partitions === 'registered';
  const options = { location: placement.location };
  const step = appliedStep(held, table, { ...options, hasRegisteredPartitions: canBeRegistered });
  if (step.kind !== 'needs-apply' || !canBeRegistered) return step;
  const without = appliedStep(held, table, { ...options, hasRegisteredPartitions: false });
  for await (const page of guard.catalog.listPartitions(guarded.ref)) if (page.length > 0) return step;
  return without;
}

function wantedDefinition({ table, placement }: GuardedTable): TableDefinition {
  return tableDefinition(table, placement);
}

function collision({ name }: GuardedTable, current: TableDefinition): HeadgateError {
  const owner = current.parameters[PARAMETERS.contract];
  return new HeadgateError(
    'CATALOG_COLLISION',
    `the catalog has another table ${safeText(name, 120)}, at ${safeText(current.location, 160)}${owner === undefined ? '' : ` by contract ${safeText(owner, 80)}`}`,
  );
}

function cachedTable(
  guard: CatalogGuard,
  { name }: GuardedTable,
  { tables }: CatalogCache,
): TableDefinition | undefined {
  const cached = tables.get(name);
  const ageMs = cached ? Date.parse(guard.clock.now()) - cached.readAtMs : Number.POSITIVE_INFINITY;
  // A clock that went back gives a negative age, which says nothing.
  return ageMs >= 0 && ageMs < CACHED_MS ? cached?.definition : undefined;
}

function remember(
  guard: CatalogGuard,
  { name }: GuardedTable,
  { tables }: CatalogCache,
  definition: TableDefinition,
): TableDefinition {
  tables.set(name, { definition, readAtMs: Date.parse(guard.clock.now()) });
  return definition;
}

/** Whether this worker has the contracts of before a version that was applied a moment ago. */
export async function isLate(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  { name, table }: Pick<GuardedTable, 'name' | 'table'>,
): Promise<boolean> {
  const applied = (await readTable(guard, name))?.value.applied;
  return (
    applied?.before === table.contractVersion &&
    Date.parse(guard.clock.now()) - Date.parse(applied.at) <= STRAGGLERS_MS
  );
}

function isMerged(current: TableDefinition, wanted: TableDefinition): boolean {
  return isSameDefinition(mergeDefinition(current, wanted), current);
}

type RecordGuard = Pick<CatalogGuard, 'ledger' | 'events' | 'clock'>;

/**
 * Tells and records what the catalog was made to hold, in this order: a process that ends between the two tells it again
 * under the same id, and none ends with it untold. With `over` only where that is still what is recorded; returns whether it is
 * recorded now.
 */
export async function recordHeld(
  guard: RecordGuard,
  guarded: GuardedTable,
  held: Omit<AppliedRecord, 'at'>,
  over?: { readonly applied: AppliedRecord | undefined },
): Promise<boolean> {
  const now = guard.clock.now();
  const record: AppliedRecord = { ...held, at: now };
  const after = await updateRecord(guard, tableKey(guarded.name), async (stored) => {
    if (stored?.applied && isSameApplied(stored.applied, record)) return stored;
    if (over && !isSameRecord(stored?.applied, over.applied)) return stored;
    const detail = {
      table: guarded.name,
      contractVersion: record.contractVersion,
      changes: stored?.applied
        ? columnListChanges(stored.applied.columns, record.columns)
        : [`hold table ${safeText(guarded.name, 120)} by its contract`],
    };
    const identity = [guarded.name, guarded.contractHash, stored?.applied?.at ?? ''];
    await guard.events.publish([busEvent({ type: 'CatalogUpdated', detail }, now, identity)]);
    const before = stored?.applied?.contractVersion;
    const applied =
      before === undefined || before === record.contractVersion ? record : { ...record, before };
    return { guardedSince: now, ...stored, applied };
  });
  return after?.applied !== undefined && isSameApplied(after.applied, record);
}

function isSameRecord(a: AppliedRecord | undefined, b: AppliedRecord | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.at === b.at && isSameApplied(a, b);
}

/** Files of a version that only `headgate apply` brings into the catalog wait: told once for each contract set. */
async function tellWaits(
  guard: CatalogGuard,
  guarded: GuardedTable,
  current: TableDefinition,
  why: string,
): Promise<void> {
  const detail = {
    table: guarded.name,
    contractVersion: guarded.table.contractVersion,
    catalogVersion: current.parameters[PARAMETERS.version] ?? 'unknown',
    why,
  };
  const event = busEvent({ type: 'VersionWaits', detail }, guard.clock.now(), [
    guarded.name,
    guarded.contractHash,
  ]);
  await guard.events.publish([event]);
}
