import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';

/** A stored type: the schema elements below a column's name. */
export type Stored = readonly Omit<SchemaElement, 'repetition_type'>[];

export interface Column {
  readonly name: string;
  readonly stored: Stored;
  readonly values: readonly unknown[];
  readonly isRequired?: boolean;
}

export interface FileOptions {
  readonly statistics?: boolean;
  readonly codec?: 'SNAPPY' | 'UNCOMPRESSED';
  readonly rowGroupSize?: number;
  readonly columnIndex?: boolean;
}

/** A Parquet file of exactly these elements. */
export function writeFile(columns: readonly Column[], options: FileOptions = {}): Uint8Array {
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }];
  for (const { name, stored, isRequired } of columns)
    for (const [index, element] of stored.entries())
      schema.push({
        repetition_type: isRequired ? 'REQUIRED' : 'OPTIONAL',
        ...REPEATED[element.name],
        ...element,
        ...(index === 0 && { name }),
      });
  const columnData = columns.map(
    ({ name, values }): ColumnSource => ({
      name,
      data: [...values] as ColumnSource['data'],
      ...(options.columnIndex && { columnIndex: true }),
    }),
  );
  const { statistics, codec, rowGroupSize } = options;
  return new Uint8Array(
    parquetWriteBuffer({
      columnData,
      schema,
      ...(statistics !== undefined && { statistics }),
      ...(codec && { codec }),
      ...(rowGroupSize && { rowGroupSize }),
    }),
  );
}

/** The middle of a list is repeated whatever the column is. */
const REPEATED: Readonly<Record<string, { readonly repetition_type: 'REPEATED' }>> = {
  list: { repetition_type: 'REPEATED' },
};

const leaf = (element: Omit<SchemaElement, 'name' | 'repetition_type'>): Stored => [
  { name: 'c', ...element },
];

export const INT32 = leaf({ type: 'INT32' });
export const INT8 = leaf({ type: 'INT32', converted_type: 'INT_8' });
export const INT16 = leaf({ type: 'INT32', converted_type: 'INT_16' });
export const UINT8 = leaf({ type: 'INT32', converted_type: 'UINT_8' });
export const UINT32 = leaf({ type: 'INT32', converted_type: 'UINT_32' });
export const INT64 = leaf({ type: 'INT64' });
export const UINT64 = leaf({ type: 'INT64', converted_type: 'UINT_64' });
export const FLOAT = leaf({ type: 'FLOAT' });
export const DOUBLE = leaf({ type: 'DOUBLE' });
export const BOOLEAN = leaf({ type: 'BOOLEAN' });
export const TEXT = leaf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
export const ENUM = leaf({ type: 'BYTE_ARRAY', converted_type: 'ENUM' });
export const BYTES = leaf({ type: 'BYTE_ARRAY' });
export const DATE = leaf({ type: 'INT32', converted_type: 'DATE' });
export const MILLIS = leaf({ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' });
export const MICROS = leaf({ type: 'INT64', converted_type: 'TIMESTAMP_MICROS' });
export const NULL_TYPE = leaf({ type: 'INT32', logical_type: { type: 'NULL' } });
export const decimal64 = (precision: number, scale: number) =>
  leaf({ type: 'INT64', converted_type: 'DECIMAL', precision, scale });
export const decimal32 = (precision: number, scale: number) =>
  leaf({ type: 'INT32', converted_type: 'DECIMAL', precision, scale });
export const struct = (...fields: readonly (readonly [name: string, stored: Stored])[]): Stored => [
  { name: 'c', num_children: fields.length },
  ...fields.flatMap(([name, stored]) =>
    stored.map((element, index) => (index === 0 ? { ...element, name } : element)),
  ),
];
export const list = (stored: Stored): Stored => [
  { name: 'c', num_children: 1, converted_type: 'LIST' },
  { name: 'list', num_children: 1 },
  ...stored.map((element, index) => (index === 0 ? { ...element, name: 'element' } : element)),
];
