import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ColumnSpec {
  readonly name: string;
  /** As the catalog has it, Hive spelling. */
  readonly type: string;
}

export interface PartitionSpec {
  readonly values: readonly string[];
  /** The partition's own columns; the table's where absent. */
  readonly columns?: readonly ColumnSpec[];
  readonly location?: string;
}

export interface TableSpec {
  readonly name: string;
  readonly columns: readonly ColumnSpec[];
  readonly keys?: readonly ColumnSpec[];
  /** Folder below the lake bucket. */
  readonly location: string;
  readonly serdeParameters?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly partitions?: readonly PartitionSpec[];
}

/** Bucket of the data, served from a folder of this name. */
export const LAKE = 'lake';
/** Bucket of Trino's file metastore. */
export const METASTORE = 'metastore';

const columnJson = ({ name, type }: ColumnSpec) => ({ name, type, properties: {} });

/** Writes the schema `default` of Trino's file metastore (`FileHiveMetastore`), as its own DDL would. */
export async function writeSchema(root: string, version: number): Promise<void> {
  await writeJson(join(root, METASTORE, '.default.trinoSchema'), {
    writerVersion: String(version),
    ownerName: 'headgate',
    ownerType: 'USER',
    parameters: {},
  });
}

/** Writes one table: with any type text, any parameter and partitions of other types, which no DDL would accept. */
export async function writeTable(root: string, version: number, table: TableSpec): Promise<void> {
  const folder = join(root, METASTORE, 'default', table.name);
  const storage = {
    storageFormat: 'PARQUET',
    serdeParameters: table.serdeParameters ?? {},
    columnStatistics: {},
  };
  await writeJson(join(folder, '.trinoSchema'), {
    writerVersion: String(version),
    owner: 'headgate',
    tableType: 'EXTERNAL_TABLE',
    dataColumns: table.columns.map(columnJson),
    partitionColumns: (table.keys ?? []).map(columnJson),
    parameters: { EXTERNAL: 'TRUE', transactional: 'false', ...table.parameters },
    ...storage,
    externalLocation: `s3://${LAKE}/${table.location}`,
  });
  for (const partition of table.partitions ?? []) {
    const path = (table.keys ?? []).map(
      ({ name }, index) => `${name}=${escapeValue(partition.values[index] ?? '')}`,
    );
    await writeJson(join(folder, ...path, '.trinoSchema'), {
      columns: (partition.columns ?? table.columns).map(columnJson),
      parameters: {},
      ...storage,
      externalLocation: `s3://${LAKE}/${partition.location ?? `${table.location}/${path.join('/')}`}`,
    });
  }
}

/** As Hive escapes a value in a path (`FileUtils.escapePathName`): these characters and no others. */
function escapeValue(value: string): string {
  if (value === '') return '__HIVE_DEFAULT_PARTITION__';
  return [...value]
    .map((each) =>
      each < ' ' || '"#%\'*/:=?\\{[]^\u007f'.includes(each)
        ? `%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
        : each,
    )
    .join('');
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, JSON.stringify(value));
}
