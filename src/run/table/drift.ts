import { appliedTable } from '../catalog/applied.ts';
import {
  type CatalogDifference,
  catalogDifference,
  KINDS,
  partitionDifferences,
} from '../catalog/difference.ts';
import { tableDefinition } from '../catalog/table-definition.ts';
import type { Guard } from '../guard/guard.ts';
import type { TableDefinition } from '../ports/catalog.ts';
import { tellDrift } from './catalog.ts';
import type { GuardedTable } from './guarded-table.ts';
import { readTable } from './table-record.ts';

/** Differences that one look collects; a table with more is told by the first of them. */
const MAX_FOUND = 200;

/**
 * Compares what the catalog holds for a table with what it was made to hold (with the contract, where nothing was
 * recorded yet), and every registered partition with the table. What can make a query fail or lie is told by one
 * `CatalogDrift` event a day; the rest is only returned. Nothing is changed.
 */
export async function watchCatalog(
  guard: Pick<Guard, 'catalog' | 'ledger' | 'events' | 'clock'>,
  guarded: GuardedTable,
): Promise<readonly CatalogDifference[]> {
  const applied = (await readTable(guard, guarded.name))?.value.applied;
  const current = await guard.catalog.getTable(guarded.ref);
  // A table that no admitted file needed yet is not missing.
  if (current === undefined && applied === undefined) return [];
  const table = applied ? appliedTable(applied, guarded.table) : guarded.table;
  const { partitions } = table.policy;
  const wanted = tableDefinition(table, { location: applied?.location ?? guarded.placement.location });
  const found = [...catalogDifference(wanted, current, { partitions })];
  const isOurs = current !== undefined && found.every(({ rule }) => rule !== 'catalog-collision');
  if (isOurs && current.partitionKeys.length > 0 && partitions === 'registered')
    found.push(...(await partitionsThatDiffer(guard, guarded, current, MAX_FOUND - found.length)));
  // Before the first admitted file the table is its owner's: it carries nothing of ours.
  const drift = found.filter(
    ({ kind }) => KINDS[kind] === 'drift' && (applied !== undefined || kind !== 'parameter'),
  );
  await tellDrift(
    guard,
    guarded,
    drift.map(({ rule, path, expected, actual }) => ({ rule, path, expected, actual })),
  );
  return found;
}

async function partitionsThatDiffer(
  { catalog }: Pick<Guard, 'catalog'>,
  { ref }: GuardedTable,
  current: TableDefinition,
  most: number,
): Promise<readonly CatalogDifference[]> {
  const found: CatalogDifference[] = [];
  for await (const page of catalog.listPartitions(ref)) {
    for (const partition of page) found.push(...partitionDifferences(current, partition));
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}
