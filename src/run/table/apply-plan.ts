import { HeadgateError } from '../../error.ts';
import { safeText } from '../../text/safe.ts';
import { cascade, partitionAfter } from '../catalog/cascade.ts';
import { partitionText } from '../catalog/difference.ts';
import { isSameDefinition } from '../catalog/merge-definition.ts';
import { type TablePlan, typeChanges } from '../catalog/plan.ts';
import { staleTable } from '../catalog/stale-plan.ts';
import type { Catalog, CatalogPartition, CatalogTable, TableDefinition } from '../ports/catalog.ts';
import { hasPartitions, type PlanGuard, type PreparedPlan } from './catalog-plan.ts';
import { recordHeld } from './catalog-table.ts';
import type { GuardedTable } from './guarded-table.ts';

export type ApplyOutcome =
  | { readonly kind: 'applied'; readonly isTableChanged: boolean; readonly partitionsChanged: number }
  /** Nothing may be done: the catalog cannot get there without being deleted, or is not ours. */
  | { readonly kind: 'refused'; readonly why: string }
  /** What was approved is not what there is now. Steps that were done before that was seen are right ones. */
  | { readonly kind: 'stale'; readonly why: string };

/** Ends an apply in the middle: told as `stale`, never thrown further. */
class StalePlan extends Error {}

const TRIES = 5;

/**
 * Does what was approved, and nothing else, whatever it costs stored files: a person decided so. The table changes only
 * from the version that the plan was made from, partitions only by the changes that the plan lists, one at a time, each
 * read back, because Glue has no lock for them. Running it again finishes what was cut off.
 */
export async function applyPlan(
  guard: PlanGuard,
  guarded: GuardedTable,
  { plan, steps }: PreparedPlan,
): Promise<ApplyOutcome> {
  if (steps === undefined) return { kind: 'refused', why: plan.why ?? 'nothing can be done' };
  const { current, after, record } = steps;
  const why = staleTable(plan, await guard.catalog.getTable(guarded.ref));
  if (why !== undefined) return { kind: 'stale', why };
  let isTableChanged = false;
  const written = new Set<string>();
  try {
    for (const step of current ? cascade(current, after).steps : [{ kind: 'table' } as const]) {
      if (step.kind === 'table') isTableChanged = await changeTable(guard.catalog, guarded, plan, after);
      else if (hasPartitions(guarded))
        await changePartitions(guard.catalog, guarded, plan, after, step.columns, written);
    }
  } catch (error) {
    if (error instanceof StalePlan) return { kind: 'stale', why: error.message };
    throw error;
  }
  if (guard.records) await recordHeld(guard.records, guarded, record);
  return { kind: 'applied', isTableChanged, partitionsChanged: written.size };
}

/** One conditional write; a table that is already so is left. */
async function changeTable(
  catalog: Catalog,
  { ref }: GuardedTable,
  plan: TablePlan,
  after: TableDefinition,
): Promise<boolean> {
  const current: CatalogTable | undefined = await catalog.getTable(ref);
  if (current && isSameDefinition(current, after)) return false;
  const why = staleTable(plan, current);
  if (why !== undefined) throw new StalePlan(why);
  const outcome =
    current === undefined
      ? await catalog.createTable(ref, after)
      : await catalog.updateTable(ref, after, current.versionId);
  if (outcome === 'created' || outcome === 'updated') return true;
  throw new StalePlan(`table ${plan.table} was changed by somebody else while it was to be updated`);
}

async function changePartitions(
  catalog: Catalog,
  guarded: GuardedTable,
  plan: TablePlan,
  after: TableDefinition,
  columns: readonly string[],
  written: Set<string>,
): Promise<void> {
  const approved = new Set(plan.partitions.changes.map(({ id }) => id));
  for await (const page of catalog.listPartitions(guarded.ref))
    for (const partition of page)
      if (await changePartition(catalog, guarded, after, columns, approved, partition))
        written.add(JSON.stringify(partition.values));
}

/** Writes and reads back until the partition is as it shall be; what somebody else did in between is kept. */
async function changePartition(
  catalog: Catalog,
  { ref, name }: GuardedTable,
  after: TableDefinition,
  columns: readonly string[],
  approved: ReadonlySet<string>,
  listed: CatalogPartition,
): Promise<boolean> {
  let partition: CatalogPartition | undefined = listed;
  for (let tries = 0; tries < TRIES; tries++) {
    const next: CatalogPartition | undefined = partition && partitionAfter(partition, after, columns);
    if (partition === undefined || next === undefined) return tries > 0;
    const [unknown] = typeChanges(partition, after).filter(({ id }) => !approved.has(id));
    if (unknown !== undefined)
      throw new StalePlan(
        `partition ${partitionText(after, partition)} has ${unknown.path} as ${unknown.from}, which the plan does not list`,
      );
    if ((await catalog.updatePartition(ref, next)) === 'missing') return false;
    partition = await catalog.getPartition(ref, listed.values);
  }
  if (partition === undefined || partitionAfter(partition, after, columns) === undefined) return true;
  throw new HeadgateError(
    'CONFLICT',
    `partition ${partitionText(after, listed)} of table ${safeText(name, 120)} was changed by somebody else each of ${TRIES} times that it was updated`,
  );
}
