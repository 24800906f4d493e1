import type { Contract } from '../../src/judge/contract/contract.ts';
import { partitionOf } from '../../src/run/catalog/partition.ts';
import type { PlanTarget } from '../../src/run/catalog/plan.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import { prepareTable } from '../../src/run/table/catalog-plan.ts';
import { type GuardedTable, guardedTables } from '../../src/run/table/guarded-table.ts';
import { applyVersion } from './apply-version.ts';
import { type AwsPorts, type AwsWorld, createAwsWorld } from './aws/world.ts';
import { lakeContract } from './lake-contract.ts';
import { contractSet } from './ports-in-memory.ts';

export const REF = { database: 'shop', name: 't' };

/** int → bigint wants the table first, a struct's new field the partitions first. */
export const V1 = lakeContract(['a int', 's struct<x:int>', 'gone string', 'dt date partition']);
export const V2 = lakeContract(['a bigint', 's struct<x:int,y:int>', 'new string', 'dt date partition'], {
  version: '2.0.0',
});

export function guardedBy(contract: Contract): GuardedTable {
  const guarded = guardedTables(contractSet(contract)).get('shop.t');
  if (guarded === undefined) throw new Error('the contract guards no shop.t');
  return guarded;
}

export function planPorts(ports: AwsPorts) {
  return { catalog: ports.catalog, records: ports };
}

/** A strict AWS whose table `shop.t` holds version 1 with five partitions, and something of somebody else's. */
export async function catalogWorld(options: Parameters<typeof createAwsWorld>[0] = {}): Promise<AwsWorld> {
  const world = createAwsWorld({ ...options, limits: { partitionsPerPage: 2 } });
  world.glue.createDatabase('shop');
  const guarded = guardedBy(V1);
  await applyVersion(world.process(), guarded);
  const definition = tableDefinition(guarded.table, guarded.placement);
  const days = ['01', '02', '03', '04', '05'].map((day) => partitionOf(definition, `dt=2026-01-${day}/`));
  world.glue.createPartitions(
    REF,
    days.flatMap((day) => day ?? []),
  );
  world.glue.edit(REF, (table) => ({
    ...table,
    parameters: { ...table.parameters, theirs: 'kept' },
    foreign: { Owner: 'somebody' },
  }));
  world.faults.reset();
  return world;
}

export function planOf(world: AwsWorld, contract: Contract, target?: PlanTarget) {
  return prepareTable(planPorts(world.process()), guardedBy(contract), target);
}

/** All that is in the catalog and the ledger. */
export async function endOf(world: AwsWorld) {
  const table = world.glue.table(REF);
  const ledger = await world.process().ledger.get({ scope: 'table/shop.t', id: 'state' });
  return {
    versionId: table?.versionId,
    definition: table?.definition,
    archived: table?.archived,
    partitions: [...(table?.partitions.values() ?? [])],
    ledger: ledger?.value,
  };
}
