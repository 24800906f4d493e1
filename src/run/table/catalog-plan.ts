import { safeText } from '../../text/safe.ts';
import { type Applied, appliedTable } from '../catalog/applied.ts';
import { appliedStep } from '../catalog/applied-step.ts';
import { mergeDefinition } from '../catalog/merge-definition.ts';
import {
  basisOf,
  idlePlan,
  NO_PARTITIONS,
  type PartitionPlan,
  type PlanTarget,
  partitionTally,
  planTable,
  type TablePlan,
} from '../catalog/plan.ts';
import type { PlanChange } from '../catalog/plan-changes.ts';
import { projectionAmong } from '../catalog/projection.ts';
import { restoreDefinition } from '../catalog/restore-definition.ts';
import { PARAMETERS, tableDefinition } from '../catalog/table-definition.ts';
import type { Guard } from '../guard/guard.ts';
import type { CatalogTable, TableDefinition } from '../ports/catalog.ts';
import { isSameApplied, restoredRecord, targetRecord } from './applied-record.ts';
import { whyNotComputed } from './catalog-table.ts';
import type { GuardedTable } from './guarded-table.ts';
import { type AppliedRecord, readTable } from './table-record.ts';

/** What a plan is made from. Without `records` nobody guards the tables, and nothing but the catalog is written. */
export interface PlanGuard {
  readonly catalog: Guard['catalog'];
  readonly records: Pick<Guard, 'ledger' | 'events' | 'clock'> | undefined;
}

/** A plan, and the definitions that carry it out: those never come from a file. */
export interface PreparedPlan {
  readonly plan: TablePlan;
  readonly steps?: PreparedSteps;
}

export interface PreparedSteps {
  readonly current: CatalogTable | undefined;
  readonly after: TableDefinition;
  /** What the ledger shall say at the end. */
  readonly record: Omit<AppliedRecord, 'at'>;
}

const CONTRACT: PlanTarget = { kind: 'contract' };

/** Reads what the catalog holds for a table and says what would be done. Nothing is changed. */
export async function prepareTable(
  guard: PlanGuard,
  guarded: GuardedTable,
  target: PlanTarget = CONTRACT,
): Promise<PreparedPlan> {
  const { name, contractHash, ref, table, placement } = guarded;
  const head = { table: name, contractVersion: table.contractVersion, contractHash, target };
  if (placement.mode === 'observe')
    return {
      plan: idlePlan(head, 'observed', 'the table is in mode observe, in which the catalog is not written'),
    };
  const declared = tableDefinition(table, placement);
  const current = await guard.catalog.getTable(ref);
  const goal = await goalOf(guard, guarded, declared, current, target);
  if (typeof goal === 'string') return { plan: idlePlan(head, 'refused', goal, basisOf(current)) };
  const { wanted, after, record } = goal;
  const plan = planTable({
    ...head,
    ...{ current, declared, wanted, after },
    projection: table.policy.partitions,
    partitions: current ? await partitionsOf(guard, guarded, after) : NO_PARTITIONS,
    more: await recordChanges(guard, guarded, record),
    notes: notesOf(guard, guarded, current, after, target),
  });
  return plan.action === 'refused' ? { plan } : { plan, steps: { current, after, record } };
}

interface Goal {
  readonly wanted: TableDefinition;
  readonly after: TableDefinition;
  readonly record: Omit<AppliedRecord, 'at'>;
}

/** What the catalog shall hold, or why it cannot. */
async function goalOf(
  { catalog }: PlanGuard,
  guarded: GuardedTable,
  declared: TableDefinition,
  current: CatalogTable | undefined,
  target: PlanTarget,
): Promise<Goal | string> {
  if (target.kind === 'contract')
    return {
      wanted: declared,
      after: current ? mergeDefinition(current, declared) : declared,
      record: targetRecord(guarded, declared),
    };
  if (current === undefined) return 'the catalog has no such table, so nothing can be taken back';
  const version = safeText(target.versionId, 40);
  const old = await catalog.getTableVersion(guarded.ref, target.versionId);
  if (old === undefined) return `the catalog has no version ${version} of the table, or no longer has it`;
  const owner = old.parameters[PARAMETERS.contract];
  if (owner !== undefined && owner !== declared.parameters[PARAMETERS.contract])
    return `version ${version} belongs to contract ${safeText(owner, 80)}`;
  const { versionId: _, ...definition } = current;
  const after = restoreDefinition(definition, old, declared);
  return { wanted: after, after, record: restoredRecord(guarded, after, target.versionId) };
}

async function partitionsOf(
  { catalog }: PlanGuard,
  guarded: GuardedTable,
  after: TableDefinition,
): Promise<PartitionPlan> {
  if (!hasPartitions(guarded)) return NO_PARTITIONS;
  const tally = partitionTally(after);
  for await (const page of catalog.listPartitions(guarded.ref)) for (const one of page) tally.add(one);
  return tally.result();
}

export function hasPartitions({ table }: GuardedTable): boolean {
  return table.partitionKeys.length > 0 && table.policy.partitions === 'registered';
}

/** Files are judged by what the ledger says that the catalog holds: bringing it there is part of a plan. */
async function recordChanges(
  { records }: PlanGuard,
  { name }: GuardedTable,
  record: Omit<AppliedRecord, 'at'>,
): Promise<readonly PlanChange[]> {
  if (records === undefined) return [];
  const applied = (await readTable(records, name))?.value.applied;
  if (applied && isSameApplied(applied, record)) return [];
  const text = ({ contractVersion }: Pick<AppliedRecord, 'contractVersion'>) =>
    safeText(contractVersion, 60) || 'what was before Headgate';
  return [
    {
      sign: applied ? '~' : '+',
      what: 'record',
      path: 'files are judged by',
      ...(applied && { from: text(applied) }),
      to: text(record),
      effect: 'none',
    },
  ];
}

function notesOf(
  { records }: PlanGuard,
  guarded: GuardedTable,
  current: CatalogTable | undefined,
  after: TableDefinition,
  target: PlanTarget,
): readonly string[] {
  const notComputed = whyNotComputed(guarded, after);
  if (current === undefined) return notComputed === undefined ? [] : [notComputed];
  const asHeld = (definition: TableDefinition): Applied => ({
    ...definition,
    contractVersion: '',
    projection: projectionAmong(definition.parameters),
  });
  const held = asHeld(current);
  const becomes = appliedTable(asHeld(after), guarded.table);
  // Partitions are changed by the plan itself; keys and place are told by their own lines.
  const step = appliedStep({ ...held, partitionKeys: after.partitionKeys }, becomes, {
    hasRegisteredPartitions: false,
  });
  return [
    ...(step.kind === 'needs-apply' ? [step.why] : []),
    ...(records === undefined && current.parameters[PARAMETERS.managed] === 'true'
      ? [
          'nothing but the catalog is written: where functions guard this table, apply with --deployment, so that they learn of it',
        ]
      : []),
    ...(target.kind === 'version'
      ? [
          `the contract still declares ${safeText(guarded.table.contractVersion, 60)}: give it a version that declares what the table goes back to, or the next admitted file brings the catalog forward again where that is safe`,
        ]
      : []),
  ];
}
