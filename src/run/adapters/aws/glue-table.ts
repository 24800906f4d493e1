import type {
  Column,
  Partition,
  PartitionInput,
  StorageDescriptor,
  Table,
  TableInput,
} from '@aws-sdk/client-glue';
import type { CatalogColumn, CatalogPartition, CatalogTable, TableDefinition } from '../../ports/catalog.ts';

/** What GetTable tells and UpdateTable does not take, or what the port has a name for (aws.md 6.1). */
const OWN_FIELDS = new Set<string>([
  'Name',
  'DatabaseName',
  'Description',
  'CreateTime',
  'UpdateTime',
  'CreatedBy',
  'CatalogId',
  'VersionId',
  'IsRegisteredWithLakeFormation',
  'IsMultiDialectView',
  'IsMaterializedView',
  'FederatedTable',
  'Status',
  'StorageDescriptor',
  'PartitionKeys',
  'Parameters',
]);
const OWN_STORAGE_FIELDS = new Set<string>([
  'Columns',
  'Location',
  'InputFormat',
  'OutputFormat',
  'SerdeInfo',
]);
const OWN_SERDE_FIELDS = new Set<string>(['SerializationLibrary', 'Parameters']);

/** Fields of others inside the storage descriptor and the columns, under names that no field of a table has. */
const STORAGE = 'storageDescriptor';
const SERDE = 'serdeInfo';
const COLUMNS = 'columnParameters';

/** What every table of Headgate is; Glue keeps it beside the parameter `EXTERNAL`. */
const EXTERNAL = 'EXTERNAL_TABLE';

type Fields = Readonly<Record<string, unknown>>;

export function fromGlueTable(table: Table): CatalogTable {
  const storage = table.StorageDescriptor ?? {};
  const columns = [...(storage.Columns ?? []), ...(table.PartitionKeys ?? [])];
  const { TableType, ...fields } = others(table, OWN_FIELDS);
  const foreign = {
    ...fields,
    ...(TableType !== EXTERNAL && TableType !== undefined && { TableType }),
    ...named(STORAGE, others(storage, OWN_STORAGE_FIELDS)),
    ...named(SERDE, others(storage.SerdeInfo ?? {}, OWN_SERDE_FIELDS)),
    ...named(
      COLUMNS,
      Object.fromEntries(
        columns.flatMap(({ Name = '', Parameters = {} }) =>
          Object.keys(Parameters).length > 0 ? [[Name.toLowerCase(), Parameters]] : [],
        ),
      ),
    ),
  };
  return {
    ...described(storage),
    partitionKeys: (table.PartitionKeys ?? []).map(fromColumn),
    parameters: table.Parameters ?? {},
    ...(table.Description !== undefined && { description: table.Description }),
    ...(Object.keys(foreign).length > 0 && { foreign }),
    versionId: table.VersionId ?? '',
  };
}

/** UpdateTable replaces everything: what is others' goes back as it came. */
export function toTableInput(name: string, definition: TableDefinition): TableInput {
  const { [STORAGE]: storage, [SERDE]: serde, [COLUMNS]: columns, ...fields } = definition.foreign ?? {};
  const parametersOf = (columns ?? {}) as Readonly<Record<string, Record<string, string>>>;
  return {
    ...fields,
    Name: name,
    ...(definition.description !== undefined && { Description: definition.description }),
    TableType: typeof fields.TableType === 'string' ? fields.TableType : EXTERNAL,
    Parameters: { ...definition.parameters },
    PartitionKeys: definition.partitionKeys.map((column) => toColumn(column, parametersOf)),
    StorageDescriptor: {
      ...(storage as StorageDescriptor | undefined),
      ...storageOf(definition, serde as Fields | undefined, parametersOf),
    },
  };
}

export function fromGluePartition(partition: Partition): CatalogPartition {
  return {
    values: partition.Values ?? [],
    ...described(partition.StorageDescriptor ?? {}),
    parameters: partition.Parameters ?? {},
  };
}

/** `before`: the partition as it is; what is others' in it stays. */
export function toPartitionInput(partition: CatalogPartition, before?: Partition): PartitionInput {
  const storage = before?.StorageDescriptor;
  return {
    Values: [...partition.values],
    Parameters: { ...partition.parameters },
    ...(before?.LastAccessTime && { LastAccessTime: before.LastAccessTime }),
    ...(before?.LastAnalyzedTime && { LastAnalyzedTime: before.LastAnalyzedTime }),
    StorageDescriptor: {
      ...(others(storage ?? {}, OWN_STORAGE_FIELDS) as StorageDescriptor),
      ...storageOf(partition, others(storage?.SerdeInfo ?? {}, OWN_SERDE_FIELDS), {}),
    },
  };
}

type Stored = Pick<TableDefinition, 'columns' | 'location' | 'format'>;

function described(storage: StorageDescriptor): Stored {
  return {
    columns: (storage.Columns ?? []).map(fromColumn),
    location: storage.Location ?? '',
    format: {
      inputFormat: storage.InputFormat ?? '',
      outputFormat: storage.OutputFormat ?? '',
      serde: storage.SerdeInfo?.SerializationLibrary ?? '',
      serdeParameters: storage.SerdeInfo?.Parameters ?? {},
    },
  };
}

function storageOf(
  { columns, location, format }: Stored,
  serde: Fields | undefined,
  parametersOf: Readonly<Record<string, Record<string, string>>>,
): StorageDescriptor {
  return {
    Columns: columns.map((column) => toColumn(column, parametersOf)),
    Location: location,
    InputFormat: format.inputFormat,
    OutputFormat: format.outputFormat,
    SerdeInfo: {
      ...serde,
      SerializationLibrary: format.serde,
      Parameters: { ...format.serdeParameters },
    },
  };
}

function fromColumn({ Name = '', Type = '', Comment }: Column): CatalogColumn {
  return { name: Name, type: Type, ...(Comment !== undefined && Comment !== '' && { comment: Comment }) };
}

function toColumn(
  { name, type, comment }: CatalogColumn,
  parametersOf: Readonly<Record<string, Record<string, string>>>,
): Column {
  const parameters = parametersOf[name.toLowerCase()];
  return {
    Name: name,
    Type: type,
    ...(comment !== undefined && { Comment: comment }),
    ...(parameters && { Parameters: parameters }),
  };
}

function others(fields: object, own: ReadonlySet<string>): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !own.has(name) && value !== undefined && value !== null),
  );
}

function named(name: string, fields: Fields): Fields {
  return Object.keys(fields).length > 0 ? { [name]: fields } : {};
}
