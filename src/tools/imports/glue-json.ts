import { HeadgateError } from '../../error.ts';
import { parseHiveType } from '../../judge/types/parse-hive-type.ts';
import { IGNORE_STATISTICS, INDEX_ACCESS } from '../../run/catalog/table-definition.ts';
import { safeText } from '../../text/safe.ts';
import { importedPartitions } from './imported-partitions.ts';
import { fieldOf, type ImportedField, type ImportedTable } from './imported-table.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * A Glue table as `aws glue get-table` prints it, a `TableInput`, or one of a list of either. Throws `HeadgateError`
 * NOT_IMPORTABLE for what is no Parquet table.
 */
export function tableFromGlue(value: unknown, wanted: string | undefined): ImportedTable {
  const tables = listOf(value);
  const names = tables.map((table) => textOf(table.Name) ?? '');
  const matches = tables.filter(
    (_, index) => wanted === undefined || names[index]?.toLowerCase() === wanted.toLowerCase(),
  );
  const [table, ...others] = matches;
  if (table === undefined)
    throw refused(
      tables.length === 0
        ? 'no Glue table: expected {"Table": {…}} or a TableInput with Name and StorageDescriptor'
        : `no table ${safeText(wanted ?? '', 80)} in it`,
    );
  if (others.length > 0)
    throw refused(
      `several tables (${names.map((name) => safeText(name, 60)).join(', ')}): name one with --table`,
    );
  return toImported(table);
}

function listOf(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(listOf);
  if (!isRecord(value)) return [];
  if (isRecord(value.Table) || isRecord(value.TableInput)) return listOf(value.Table ?? value.TableInput);
  if (Array.isArray(value.TableList)) return value.TableList.flatMap(listOf);
  const isTable = isRecord(value.StorageDescriptor) || isRecord(value.TargetTable);
  return textOf(value.Name) !== undefined && isTable ? [value] : [];
}

function toImported(table: Json): ImportedTable {
  const storage = recordOf(table.StorageDescriptor);
  const parameters = recordOf(table.Parameters);
  const serde = recordOf(recordOf(storage.SerdeInfo).Parameters);
  checkKind(table);
  const notes = formatNotes(table);
  const description = textOf(table.Description);
  const location = textOf(storage.Location);
  const database = textOf(table.DatabaseName);
  const account = textOf(table.CatalogId);
  const partitionKeys = columnsOf(table.PartitionKeys, notes);
  const projected = importedPartitions(textsOf(parameters), partitionKeys, location && withSlash(location));
  return {
    name: (textOf(table.Name) ?? '').toLowerCase(),
    ...(description && { description }),
    columns: columnsOf(storage.Columns, notes),
    partitionKeys,
    ...(location && { location: withSlash(location) }),
    ...(database && { database }),
    ...(account && { account }),
    switches: [
      ...(serde[INDEX_ACCESS] === 'true' ? [INDEX_ACCESS] : []),
      ...(parameters[IGNORE_STATISTICS] === 'true' ? [IGNORE_STATISTICS] : []),
    ],
    ...projected,
    notes: [...notes, ...projected.notes],
  };
}

/** Tables that another format's own metadata rules. */
const OTHER_FORMATS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['an Iceberg table', /^iceberg$/iu],
  ['a Delta Lake table', /^delta$/iu],
  ['a Hudi table', /^hudi$|hoodie/iu],
];

/** Refuses what is not a table of Parquet files. */
function checkKind(table: Json): void {
  const storage = recordOf(table.StorageDescriptor);
  const parameters = recordOf(table.Parameters);
  const target = recordOf(table.TargetTable);
  if (textOf(target.Name) !== undefined)
    throw refused(
      `a link to table ${safeText(`${textOf(target.DatabaseName) ?? '?'}.${textOf(target.Name) ?? '?'}`, 160)}: import that one`,
    );
  const kinds = [parameters.table_type, parameters['spark.sql.sources.provider'], storage.InputFormat];
  for (const [name, pattern] of OTHER_FORMATS)
    if (kinds.some((kind) => pattern.test(textOf(kind) ?? '')))
      throw refused(`${name}: its own metadata says what its files are`);
  if (String(table.TableType).toUpperCase().includes('VIEW')) throw refused('a view: it has no files');
  const stated = [storage.InputFormat, recordOf(storage.SerdeInfo).SerializationLibrary].flatMap(
    (name) => textOf(name) || [],
  );
  if (stated.length === 0 || !stated.every((name) => /parquet/iu.test(name)))
    throw refused(`no Parquet table: its format is ${safeText(stated.join(' ') || 'not stated', 200)}`);
}

function formatNotes(table: Json): string[] {
  const classification = textOf(recordOf(table.Parameters).classification);
  return classification === undefined || classification.toLowerCase() === 'parquet'
    ? []
    : [
        `the table calls itself ${safeText(JSON.stringify(classification), 80)}; Athena reads it as its SerDe says, as Parquet`,
      ];
}

function withSlash(location: string): string {
  const s3 = location.replace(/^s3[an]:/u, 's3:');
  return s3.endsWith('/') ? s3 : `${s3}/`;
}

function columnsOf(value: unknown, notes: string[]): readonly ImportedField[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).flatMap((column) => {
    const name = textOf(column.Name) ?? '';
    const type = textOf(column.Type) ?? '';
    const parsed = parseHiveType(type);
    if (!parsed.ok) {
      notes.push(
        `left out ${safeText(name, 80)}: its type ${safeText(JSON.stringify(type), 120)} is no Hive type, expected ${parsed.expected} at character ${parsed.at + 1}; Athena cannot read it either`,
      );
      return [];
    }
    return [fieldOf(name.toLowerCase(), parsed.type, textOf(column.Comment))];
  });
}

function refused(what: string): HeadgateError {
  return new HeadgateError('NOT_IMPORTABLE', `this is ${what}`);
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Json {
  return isRecord(value) ? value : {};
}

function textsOf(record: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
