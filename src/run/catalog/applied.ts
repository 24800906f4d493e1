import { fieldsFromType } from '../../judge/contract/build-field.ts';
import type { Contract, Field, Policy, Table } from '../../judge/contract/contract.ts';
import { formatHiveType } from '../../judge/types/format-hive-type.ts';
import { parseHiveType } from '../../judge/types/parse-hive-type.ts';
import type { CatalogColumn } from '../ports/catalog.ts';
import { readProjectionParameters, statedProjection } from './projection.ts';

/** What the catalog was made to hold. */
export interface Applied {
  readonly contractVersion: string;
  readonly columns: readonly CatalogColumn[];
  readonly partitionKeys: readonly CatalogColumn[];
  readonly location: string;
  /** Columns are found by position; as the active contract says where it is not recorded. */
  readonly readsByIndex?: boolean;
  readonly ignoresStatistics?: boolean;
  /** How partitions are computed, as parameters of the table; absent where that was nobody's to say. */
  readonly projection?: Readonly<Record<string, string>>;
}

/** The active contract with the table's columns as the catalog holds them: what readability is judged by. */
export function appliedContract(applied: Applied, active: Contract, tableName: string): Contract {
  return {
    ...active,
    version: applied.contractVersion,
    tables: active.tables.map((table) => (table.name === tableName ? appliedTable(applied, table) : table)),
  };
}

/** The active table with the columns and keys that the catalog holds. */
export function appliedTable(applied: Applied, active: Table): Table {
  const partitionKeys = fieldsOf(applied.partitionKeys, active.partitionKeys, active);
  const { projection: _, policy, ...rest } = active;
  return {
    ...rest,
    ...projected(applied.projection, policy, partitionKeys),
    contractVersion: applied.contractVersion,
    columns: fieldsOf(applied.columns, active.columns, active),
    partitionKeys,
    readsByIndex: applied.readsByIndex ?? active.readsByIndex,
    ignoresStatistics: applied.ignoresStatistics ?? active.ignoresStatistics,
  };
}

function projected(
  parameters: Applied['projection'],
  { projection: _, ...policy }: Policy,
  keys: readonly Field[],
): Pick<Table, 'policy' | 'projection'> {
  const projection = parameters && readProjectionParameters(parameters, keys);
  if (parameters === undefined || projection === undefined) return { policy };
  return { policy: { ...policy, projection: statedProjection(parameters, keys) }, projection };
}

/** A column that the active version still declares keeps what it declares beside the type. */
function fieldsOf(
  columns: readonly CatalogColumn[],
  declared: readonly Field[],
  { position }: Table,
): readonly Field[] {
  const byName = new Map(declared.map((field) => [field.name.toLowerCase(), field]));
  return columns.flatMap(({ name, type: text }) => {
    const field = byName.get(name.toLowerCase());
    if (field && isSameTypeText(formatHiveType(field.type), text)) return [field];
    const parsed = parseHiveType(text);
    // What Athena cannot parse is not a column to it.
    if (!parsed.ok) return [];
    const { type } = parsed;
    if (field) return [{ ...field, type, children: fieldsFromType(type, field.position) }];
    return fieldsFromType({ kind: 'struct', fields: [{ name, type }] }, position);
  });
}

/** Type texts as the engine compares them: case and spaces apart. */
export function isSameTypeText(a: string, b: string): boolean {
  return a === b || a.replaceAll(' ', '').toLowerCase() === b.replaceAll(' ', '').toLowerCase();
}
