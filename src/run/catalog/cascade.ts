import { predictStalePartition } from '../../judge/athena/coercion.ts';
import { EFFECTS, type Effect } from '../../judge/athena/prediction.ts';
import type { HiveType } from '../../judge/types/hive-type.ts';
import { parseHiveType } from '../../judge/types/parse-hive-type.ts';
import type { CatalogColumn, CatalogPartition, TableDefinition } from '../ports/catalog.ts';
import { isSameTypeText } from './applied.ts';

/** One step of bringing a table and its registered partitions to other types; the steps are done in their order. */
export type CascadeStep =
  | { readonly kind: 'table' }
  /** Each partition takes the wanted type of these columns; its others stay as they are. */
  | { readonly kind: 'partitions'; readonly columns: readonly string[] };

export interface Cascade {
  readonly steps: readonly CascadeStep[];
  /** What queries may see between the first step and the last, where no order avoids it. */
  readonly meanwhile: Effect;
}

/**
 * In which order table and partitions change, so that a partition of one type under a table of the other reads right
 * meanwhile: a scalar widens in the table first, a struct gets its field in the partitions first (reference 6.1).
 */
export function cascade(current: TableDefinition, wanted: TableDefinition): Cascade {
  const now = new Map(current.columns.map(({ name, type }) => [name.toLowerCase(), type]));
  const early: string[] = [];
  let meanwhile: Effect = 'none';
  for (const { name, type } of wanted.columns) {
    const before = now.get(name.toLowerCase());
    if (before !== undefined && isSameTypeText(before, type)) continue;
    // A column that the table gets, a partition may have had before, with whatever type.
    const [tableFirst, partitionsFirst] =
      before === undefined ? (['none', 'none'] as const) : [stale(before, type), stale(type, before)];
    const isLate = rank(tableFirst) <= rank(partitionsFirst);
    if (!isLate) early.push(name);
    const effect = isLate ? tableFirst : partitionsFirst;
    if (rank(effect) > rank(meanwhile)) meanwhile = effect;
  }
  const partitions = (columns: readonly string[]): readonly CascadeStep[] =>
    columns.length > 0 ? [{ kind: 'partitions', columns }] : [];
  // The last step is for every column, so that a run that was cut off is finished by the next.
  const all = wanted.columns.map(({ name }) => name);
  return { steps: [...partitions(early), { kind: 'table' }, ...partitions(all)], meanwhile };
}

/** What is read where a partition has one type and the table another. */
function stale(partition: string, table: string): Effect {
  const [from, to] = [typeOf(partition), typeOf(table)];
  return from && to ? predictStalePartition(from, to).effect : 'query-fails';
}

function typeOf(text: string): HiveType | undefined {
  const parsed = parseHiveType(text);
  return parsed.ok ? parsed.type : undefined;
}

function rank(effect: Effect): number {
  return EFFECTS.indexOf(effect);
}

/**
 * The partition after a step, or nothing where it is already so. It gets no columns that it has not: Athena reads those
 * with the table's type.
 */
export function partitionAfter(
  partition: CatalogPartition,
  wanted: TableDefinition,
  columns: readonly string[],
): CatalogPartition | undefined {
  const types = new Map(wanted.columns.map((column) => [column.name.toLowerCase(), column]));
  const names = new Set(columns.map((name) => name.toLowerCase()));
  let isChanged = false;
  const changed = partition.columns.map((column): CatalogColumn => {
    const name = column.name.toLowerCase();
    const type = names.has(name) ? types.get(name)?.type : undefined;
    if (type === undefined || isSameTypeText(column.type, type)) return column;
    isChanged = true;
    return { ...column, type };
  });
  return isChanged ? { ...partition, columns: changed } : undefined;
}
