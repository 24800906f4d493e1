import { formatHiveType } from '../../judge/types/format-hive-type.ts';
import type { HiveType, ScalarKind } from '../../judge/types/hive-type.ts';
import { isScalar } from '../../judge/types/hive-type.ts';
import type { ImportedField, ImportedTable } from './imported-table.ts';

export interface ContractHead {
  readonly id: string;
  readonly version: string;
}

/** ODCS 3.1.0 as plain values, in the order in which people read it. */
export function contractObject(table: ImportedTable, { id, version }: ContractHead): Record<string, unknown> {
  const servers = serversOf(table);
  return {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id,
    name: table.name,
    version,
    status: 'draft',
    ...(servers.length > 0 && { servers }),
    schema: [
      {
        name: table.name,
        physicalType: 'table',
        logicalType: 'object',
        ...(table.description !== undefined && { description: table.description }),
        properties: propertiesOf(table),
        ...customOf([
          ...table.switches.map((property) => ({ property, value: true })),
          ...(table.policy ? [{ property: 'headgate', value: table.policy }] : []),
        ]),
      },
    ],
  };
}

/** Columns, then partition keys with their places. */
export function propertiesOf({ columns, partitionKeys }: ImportedTable): readonly Record<string, unknown>[] {
  return [
    ...columns.map(propertyOf),
    ...partitionKeys.map((key, index) => ({
      ...propertyOf(key),
      partitioned: true,
      partitionKeyPosition: index + 1,
    })),
  ];
}

/** A catalog is of an account: where that is not known the place alone is said. */
function serversOf({ location, database, account }: ImportedTable): readonly Record<string, string>[] {
  if (location === undefined) return [];
  return database === undefined || account === undefined
    ? [{ server: 'lake', type: 's3', location, format: 'parquet' }]
    : [{ server: 'catalog', type: 'glue', account, database, location, format: 'parquet' }];
}

const LOGICAL = {
  boolean: 'boolean',
  tinyint: 'integer',
  smallint: 'integer',
  int: 'integer',
  bigint: 'integer',
  float: 'number',
  double: 'number',
  decimal: 'number',
  string: 'string',
  varchar: 'string',
  char: 'string',
  binary: undefined,
  date: 'date',
  timestamp: 'timestamp',
} as const satisfies Record<ScalarKind, string | undefined>;

/** One column as ODCS declares it: parts are declared one by one only where they say more than the type does. */
export function propertyOf(field: ImportedField): Record<string, unknown> {
  const { name, type, description, required, parquetType, timezone } = field;
  const parts = saysMore(field) ? partsOf(field) : {};
  return {
    ...(name !== '' && { name }),
    ...logicalOf(type),
    ...(timezone !== undefined && { logicalTypeOptions: { timezone } }),
    physicalType: formatHiveType(type),
    ...(description !== undefined && { description }),
    ...(required && { required }),
    ...parts,
    ...customOf(parquetType === undefined ? [] : [{ property: 'parquetType', value: parquetType }]),
  };
}

function logicalOf(type: HiveType): { readonly logicalType?: string } {
  if (type.kind === 'array') return { logicalType: 'array' };
  if (!isScalar(type)) return { logicalType: 'object' };
  const logicalType = LOGICAL[type.kind];
  return logicalType === undefined ? {} : { logicalType };
}

function saysMore({ children }: ImportedField): boolean {
  return children.some(
    (child) =>
      child.required ||
      child.description !== undefined ||
      child.parquetType !== undefined ||
      child.timezone !== undefined ||
      saysMore(child),
  );
}

/** ODCS 3.1.0 has no words for the parts of a map: its type says them. */
function partsOf({ type, children }: ImportedField): Record<string, unknown> {
  const [first] = children;
  if (type.kind === 'struct') return { properties: children.map(propertyOf) };
  return type.kind === 'array' && first ? { items: propertyOf(first) } : {};
}

function customOf(customProperties: readonly object[]): { readonly customProperties?: readonly object[] } {
  return customProperties.length > 0 ? { customProperties } : {};
}
