import { createHash } from 'node:crypto';
import type { Field, Placement, Table } from '../../judge/contract/contract.ts';
import { formatHiveType } from '../../judge/types/format-hive-type.ts';
import type { CatalogColumn, StorageFormat, TableDefinition } from '../ports/catalog.ts';
import { projectionParameters } from './projection.ts';

/** SerDe property that makes Athena read columns by position. */
export const INDEX_ACCESS = 'parquet.column.index.access';
/** Table property that keeps predicates from statistics. */
export const IGNORE_STATISTICS = 'parquet.ignore.statistics';

/** What Headgate writes of its own. The hash is of all that is rendered, so that own writes are recognised. */
export const PARAMETERS = {
  managed: 'headgate.managed',
  contract: 'headgate.contract',
  version: 'headgate.contract_version',
  hash: 'headgate.contract_hash',
} as const;

/** How Hive and Athena know a Parquet table (aws.md 6.7). */
const PARQUET: StorageFormat = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  serdeParameters: { 'serialization.format': '1' },
};

const COMMENT_CHARACTERS = 255;
const DESCRIPTION_CHARACTERS = 2048;

/**
 * What the catalog shall hold for a contract's table: columns in contract order with names in lower case, `[]` as keys
 * of an unpartitioned table. How partitions are computed where the contract states it; else that is the owner's own.
 */
export function tableDefinition(table: Table, placement: Pick<Placement, 'location'>): TableDefinition {
  const rendered = {
    columns: table.columns.map(toCatalogColumn),
    partitionKeys: table.partitionKeys.map(toCatalogColumn),
    location: placement.location,
    format: table.readsByIndex
      ? { ...PARQUET, serdeParameters: { ...PARQUET.serdeParameters, [INDEX_ACCESS]: 'true' } }
      : PARQUET,
    ...(table.description !== undefined && {
      description: oneLine(table.description, DESCRIPTION_CHARACTERS),
    }),
  };
  const parameters = {
    classification: 'parquet',
    EXTERNAL: 'TRUE',
    ...(table.ignoresStatistics && { [IGNORE_STATISTICS]: 'true' }),
    ...projectionParameters(table),
    [PARAMETERS.managed]: 'true',
    [PARAMETERS.contract]: table.contractId,
  };
  return {
    ...rendered,
    parameters: {
      ...parameters,
      [PARAMETERS.version]: table.contractVersion,
      [PARAMETERS.hash]: hashOf({ ...rendered, parameters }),
    },
  };
}

/** A column with its Hive type text and comment; Glue keeps names in lower case. */
export function toCatalogColumn({ name, type, description }: Field): CatalogColumn {
  return {
    name: name.toLowerCase(),
    type: formatHiveType(type),
    ...(description !== undefined && { comment: oneLine(description, COMMENT_CHARACTERS) }),
  };
}

export function sameLocation(a: string, b: string): boolean {
  return withSlash(a) === withSlash(b);
}

export function withSlash(location: string): string {
  return location.endsWith('/') ? location : `${location}/`;
}

/** Glue takes no line breaks or controls in comments (API_Column, pattern of Comment). */
function oneLine(text: string, limit: number): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, limit);
}

function hashOf(rendered: unknown): string {
  return createHash('sha256').update(JSON.stringify(rendered)).digest('hex').slice(0, 16);
}
