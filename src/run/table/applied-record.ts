import { isSameTypeText } from '../catalog/applied.ts';
import { readsByIndex } from '../catalog/difference.ts';
import { projectionAmong } from '../catalog/projection.ts';
import { IGNORE_STATISTICS, PARAMETERS } from '../catalog/table-definition.ts';
import type { CatalogColumn, TableDefinition } from '../ports/catalog.ts';
import type { GuardedTable } from './guarded-table.ts';
import type { AppliedRecord } from './table-record.ts';

/** What the ledger shall say once the catalog holds what the contract wants. */
export function targetRecord({ table }: GuardedTable, wanted: TableDefinition): Omit<AppliedRecord, 'at'> {
  return {
    contractVersion: table.contractVersion,
    columns: wanted.columns,
    partitionKeys: wanted.partitionKeys,
    location: wanted.location,
    readsByIndex: table.readsByIndex,
    ignoresStatistics: table.ignoresStatistics,
    ...(table.projection && { projection: projectionAmong(wanted.parameters) }),
  };
}

/**
 * The same for a table that went back to an older version. Where that has the number of the active contract it is marked:
 * a verdict by the types of the one says nothing about those of the other.
 */
export function restoredRecord(
  { table }: GuardedTable,
  definition: TableDefinition,
  versionId: string,
): Omit<AppliedRecord, 'at'> {
  const { columns, partitionKeys, location, parameters } = definition;
  const version = parameters[PARAMETERS.version] ?? '';
  return {
    contractVersion: version === table.contractVersion ? `${version}+restored.${versionId}` : version,
    columns,
    partitionKeys,
    location,
    readsByIndex: readsByIndex(definition),
    ignoresStatistics: parameters[IGNORE_STATISTICS]?.toLowerCase() === 'true',
    ...(table.projection && { projection: projectionAmong(parameters) }),
  };
}

export function isSameApplied(a: Omit<AppliedRecord, 'at'>, b: Omit<AppliedRecord, 'at'>): boolean {
  return (
    a.contractVersion === b.contractVersion &&
    a.location === b.location &&
    a.readsByIndex === b.readsByIndex &&
    a.ignoresStatistics === b.ignoresStatistics &&
    JSON.stringify(a.projection) === JSON.stringify(b.projection) &&
    isSameColumns(a.columns, b.columns) &&
    isSameColumns(a.partitionKeys, b.partitionKeys)
  );
}

function isSameColumns(a: readonly CatalogColumn[], b: readonly CatalogColumn[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, type, comment }, index) => {
      const other = b[index];
      return other?.name === name && other.comment === comment && isSameTypeText(other.type, type);
    })
  );
}
