import { createHash } from 'node:crypto';
import type { Effect } from '../../judge/athena/prediction.ts';
import { pathSegment } from '../../text/path.ts';
import { safeText } from '../../text/safe.ts';
import type { CatalogPartition, CatalogTable, TableDefinition } from '../ports/catalog.ts';
import { isSameTypeText } from './applied.ts';
import { keysText } from './applied-step.ts';
import { cascade } from './cascade.ts';
import { isForeign, partitionText } from './difference.ts';
import { definitionDigest, isSameDefinition } from './merge-definition.ts';
import { type PlanChange, tableChanges } from './plan-changes.ts';

/** What the catalog shall hold: what the contract says, or what an older version of the table had. */
export type PlanTarget =
  | { readonly kind: 'contract' }
  | { readonly kind: 'version'; readonly versionId: string };

/** `observed` and `refused`: nothing is done, and `why` says why. */
export type PlanAction = 'create' | 'change' | 'none' | 'observed' | 'refused';

/** What `apply` would do to one table, and what that was decided on. Plain JSON; all texts are bounded and safe. */
export interface TablePlan {
  /** `database.table` */
  readonly table: string;
  readonly contractVersion: string;
  /** Of all that the contract says, its accepted versions and its place. */
  readonly contractHash: string;
  readonly target: PlanTarget;
  readonly action: PlanAction;
  readonly why?: string;
  /** The table's version in the catalog that the plan was made from; `null` where there was no table. */
  readonly basis: TableBasis | null;
  /** Digest of what the table becomes; `null` where nothing is done. */
  readonly after: string | null;
  readonly changes: readonly PlanChange[];
  readonly partitions: PartitionPlan;
  /** In which order: queries read right meanwhile, but for `meanwhile`. */
  readonly steps: readonly string[];
  /** What queries may see between the first step and the last. */
  readonly meanwhile: Effect;
  /** What a person should know before they say yes. */
  readonly notes: readonly string[];
}

export interface TableBasis {
  readonly versionId: string;
  readonly digest: string;
}

export interface PartitionPlan {
  readonly total: number;
  readonly changed: number;
  readonly changes: readonly PartitionChange[];
}

/** One column whose type changes from one text to another, in so many partitions. */
export interface PartitionChange {
  /** Of column and both types: what was approved is known again by it. */
  readonly id: string;
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly partitions: number;
  readonly example: string;
}

export interface PlanInput {
  readonly table: string;
  readonly contractVersion: string;
  readonly contractHash: string;
  readonly target: PlanTarget;
  readonly current: CatalogTable | undefined;
  /** What the contract wants, whatever the target is: it says whose table it is. */
  readonly declared: TableDefinition;
  /** What is compared with `current`. */
  readonly wanted: TableDefinition;
  /** What the table becomes: `wanted`, and what is anybody else's. */
  readonly after: TableDefinition;
  readonly projection: 'registered' | 'projected';
  readonly partitions: PartitionPlan;
  /** Other work than on the catalog, such as a record of it. */
  readonly more: readonly PlanChange[];
  readonly notes: readonly string[];
}

export const NO_PARTITIONS: PartitionPlan = { total: 0, changed: 0, changes: [] };

/** A plan that does nothing, and says why. */
export function idlePlan(
  input: Pick<PlanInput, 'table' | 'contractVersion' | 'contractHash' | 'target'>,
  action: 'observed' | 'refused',
  why: string,
  basis: TableBasis | null = null,
): TablePlan {
  const { table, contractVersion, contractHash, target } = input;
  return {
    ...{ table, contractVersion, contractHash, target, action, why, basis, after: null, changes: [] },
    ...{ partitions: NO_PARTITIONS, steps: [], meanwhile: 'none', notes: [] },
  };
}

export function basisOf(current: CatalogTable | undefined): TableBasis | null {
  if (current === undefined) return null;
  const { versionId, ...definition } = current;
  return { versionId, digest: definitionDigest(definition) };
}

/** One table's plan. The differences are those that drift is told by. */
export function planTable(input: PlanInput): TablePlan {
  const { table, contractVersion, contractHash, target, current, wanted, after, partitions, more } = input;
  const basis = basisOf(current);
  const why = current && whyRefused(current, input.declared, wanted, target);
  if (why !== undefined) return idlePlan(input, 'refused', why, basis);
  const told = tableChanges({ current, wanted, after, partitions: input.projection });
  // What files of the contract meet until then is not asked where the contract is not what is applied.
  const changes =
    target.kind === 'contract'
      ? told.changes
      : told.changes.map((change) => ({ ...change, effect: 'none' }) as const);
  const isTableChanged = current === undefined || !isSameDefinition(current, after);
  const { steps, meanwhile } = orderOf(current, after, partitions, isTableChanged);
  const isIdle = !isTableChanged && partitions.changed === 0 && more.length === 0;
  return {
    ...{ table, contractVersion, contractHash, target, basis, partitions, steps, meanwhile },
    action: isIdle ? 'none' : current === undefined ? 'create' : 'change',
    after: definitionDigest(after),
    changes: [...(isTableChanged ? changes : []), ...more],
    notes: [...told.notes, ...(isIdle ? [] : input.notes)],
  };
}

/** Keys are in every partition's values and in every path: other ones make another table. */
function whyRefused(
  current: TableDefinition,
  declared: TableDefinition,
  wanted: TableDefinition,
  target: PlanTarget,
): string | undefined {
  if (isForeign(declared, current))
    return `the table at ${safeText(current.location, 160)} belongs to another contract or to nobody that Headgate knows`;
  const names = ({ partitionKeys }: TableDefinition) => partitionKeys.map(({ name }) => name.toLowerCase());
  if (names(current).join('\0') === names(wanted).join('\0')) return undefined;
  const side =
    target.kind === 'contract' ? 'the contract says' : `version ${safeText(target.versionId, 40)} was by`;
  return `the table is partitioned by ${keysText(current.partitionKeys)}, ${side} ${keysText(wanted.partitionKeys)}: declare a new table, since nothing is deleted and created again`;
}

function orderOf(
  current: CatalogTable | undefined,
  after: TableDefinition,
  { changed }: PartitionPlan,
  isTableChanged: boolean,
): { readonly steps: readonly string[]; readonly meanwhile: Effect } {
  if (current === undefined) return { steps: ['create the table'], meanwhile: 'none' };
  const { steps, meanwhile } = cascade(current, after);
  const hasPartitions = changed > 0;
  const texts = steps.flatMap((step, index) => {
    if (step.kind === 'table') return isTableChanged ? ['update the table'] : [];
    if (!hasPartitions) return [];
    const isLast = index === steps.length - 1;
    const columns = step.columns.map((name) => safeText(pathSegment(name), 60)).slice(0, 10);
    return [
      isLast
        ? 'update each partition, and read it back'
        : `update ${columns.join(', ')} in each partition first`,
    ];
  });
  return { steps: texts, meanwhile: hasPartitions ? meanwhile : 'none' };
}

/** Counts what changes in partitions, one after the other: none is kept. */
export function partitionTally(wanted: TableDefinition): {
  readonly add: (partition: CatalogPartition) => void;
  readonly result: () => PartitionPlan;
} {
  const found = new Map<string, PartitionChange>();
  let [total, changed] = [0, 0];
  return {
    add(partition) {
      total++;
      const changes = typeChanges(partition, wanted);
      if (changes.length > 0) changed++;
      for (const change of changes) {
        const before = found.get(change.id);
        found.set(change.id, {
          ...change,
          partitions: (before?.partitions ?? 0) + 1,
          example: before?.example ?? partitionText(wanted, partition),
        });
      }
    },
    result: () => ({ total, changed, changes: [...found.values()] }),
  };
}

/** The columns of a partition whose type is another than wanted; it gets no columns that it has not. */
export function typeChanges(
  partition: CatalogPartition,
  wanted: TableDefinition,
): readonly Omit<PartitionChange, 'partitions' | 'example'>[] {
  const types = new Map(wanted.columns.map(({ name, type }) => [name.toLowerCase(), type]));
  return partition.columns.flatMap(({ name, type: from }) => {
    const to = types.get(name.toLowerCase());
    if (to === undefined || isSameTypeText(from, to)) return [];
    const id = createHash('sha256')
      .update(JSON.stringify([name.toLowerCase(), from, to]))
      .digest('hex');
    return [
      {
        id: id.slice(0, 16),
        path: safeText(pathSegment(name), 120),
        from: safeText(from, 200),
        to: safeText(to, 200),
      },
    ];
  });
}
