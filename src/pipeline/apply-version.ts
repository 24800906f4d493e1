import { keysText } from '../catalog/applied-step.ts';
import { type CascadeStep, cascade, partitionAfter } from '../catalog/cascade.ts';
import { isForeign, partitionText } from '../catalog/difference.ts';
import { isSameDefinition, mergeDefinition } from '../catalog/merge-definition.ts';
import { tableDefinition } from '../catalog/table-definition.ts';
import { HeadgateError } from '../error.ts';
import type { CatalogPartition, CatalogTable, TableDefinition } from '../ports/catalog.ts';
import { safeText } from '../text/safe.ts';
import { recordApplied } from './catalog-table.ts';
import type { Guard } from './guard.ts';
import type { GuardedTable } from './guarded-table.ts';

type ApplyGuard = Pick<Guard, 'catalog' | 'ledger' | 'events' | 'clock'>;

export type ApplyOutcome =
  | { readonly kind: 'applied'; readonly isTableChanged: boolean; readonly partitionsChanged: number }
  /** Nothing was changed: the catalog cannot get there without being deleted, or is not ours. */
  | { readonly kind: 'refused'; readonly why: string };

const TRIES = 5;

/**
 * Brings the catalog to the active version, whatever it costs stored files: a person decided so. Table and partitions
 * change in the order in which queries see the least; partitions one at a time, each read back, because Glue has no lock
 * for them. Running it again finishes what was cut off. Throws a retryable CONFLICT after five lost races.
 */
export async function applyVersion(guard: ApplyGuard, guarded: GuardedTable): Promise<ApplyOutcome> {
  const wanted = tableDefinition(guarded.table, guarded.placement);
  const current = await guard.catalog.getTable(guarded.ref);
  const isObserved = guarded.placement.mode === 'observe';
  const why = isObserved
    ? 'the table is in mode observe, in which the catalog is not written'
    : current && whyRefused(current, wanted);
  if (why !== undefined) return { kind: 'refused', why };
  let isTableChanged = false;
  let partitionsChanged = 0;
  for (const step of current
    ? cascade(current, wanted).steps
    : ([{ kind: 'table' }] satisfies CascadeStep[])) {
    if (step.kind === 'table') isTableChanged = await changeTable(guard, guarded, wanted);
    else if (hasPartitions(guarded))
      partitionsChanged += await changePartitions(guard, guarded, wanted, step.columns);
  }
  await recordApplied(guard, guarded, wanted);
  return { kind: 'applied', isTableChanged, partitionsChanged };
}

function hasPartitions({ table }: GuardedTable): boolean {
  return table.partitionKeys.length > 0 && table.policy.partitions === 'registered';
}

/** Keys are in every partition's values and in every path: other ones make another table. */
function whyRefused(current: TableDefinition, wanted: TableDefinition): string | undefined {
  if (isForeign(wanted, current))
    return `the table at ${safeText(current.location, 160)} belongs to another contract or to nobody that Headgate knows`;
  const names = ({ partitionKeys }: TableDefinition) => partitionKeys.map(({ name }) => name.toLowerCase());
  return names(current).join('\0') === names(wanted).join('\0')
    ? undefined
    : `the table is partitioned by ${keysText(current.partitionKeys)}, the contract says ${keysText(wanted.partitionKeys)}: declare a new table, since nothing is deleted and created again`;
}

async function changeTable(
  guard: ApplyGuard,
  { ref, name }: GuardedTable,
  wanted: TableDefinition,
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const current: CatalogTable | undefined = await guard.catalog.getTable(ref);
    if (current === undefined) {
      if ((await guard.catalog.createTable(ref, wanted)) === 'created') return true;
      continue;
    }
    const merged = mergeDefinition(current, wanted);
    if (isSameDefinition(merged, current)) return false;
    if ((await guard.catalog.updateTable(ref, merged, current.versionId)) === 'updated') return true;
  }
  throw new HeadgateError(
    'CONFLICT',
    `table ${safeText(name, 120)} was changed by somebody else each of ${TRIES} times that it was to be updated`,
  );
}

async function changePartitions(
  guard: ApplyGuard,
  guarded: GuardedTable,
  wanted: TableDefinition,
  columns: readonly string[],
): Promise<number> {
  let changed = 0;
  for await (const page of guard.catalog.listPartitions(guarded.ref))
    for (const partition of page)
      if (await changePartition(guard, guarded, wanted, columns, partition)) changed++;
  return changed;
}

/** Writes and reads back until the partition is as it shall be; what somebody else did in between is kept. */
async function changePartition(
  { catalog }: ApplyGuard,
  { ref, name }: GuardedTable,
  wanted: TableDefinition,
  columns: readonly string[],
  listed: CatalogPartition,
): Promise<boolean> {
  let partition: CatalogPartition | undefined = listed;
  for (let tries = 0; tries < TRIES; tries++) {
    const next: CatalogPartition | undefined = partition && partitionAfter(partition, wanted, columns);
    if (next === undefined) return tries > 0;
    if ((await catalog.updatePartition(ref, next)) === 'missing') return false;
    partition = await catalog.getPartition(ref, listed.values);
  }
  if (partition === undefined || partitionAfter(partition, wanted, columns) === undefined) return true;
  throw new HeadgateError(
    'CONFLICT',
    `partition ${partitionText(wanted, listed)} of table ${safeText(name, 120)} was changed by somebody else each of ${TRIES} times that it was updated`,
  );
}
