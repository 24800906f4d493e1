import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';

/** The files of the benchmark: wide and tall footers of real files. */
export const SHAPES = {
  a: { columns: 20, rowGroups: 1, rowsPerGroup: 1000 },
  b: { columns: 20, rowGroups: 100, rowsPerGroup: 20 },
  c: { columns: 1000, rowGroups: 10, rowsPerGroup: 10 },
  d: { columns: 2000, rowGroups: 200, rowsPerGroup: 5 },
} as const;
export type ShapeName = keyof typeof SHAPES;

const KINDS: readonly (readonly [
  suffix: string,
  element: Partial<SchemaElement>,
  value: (row: number) => unknown,
])[] = [
  ['i64', { type: 'INT64' }, (row) => BigInt(row) * 1_000_003n],
  ['f64', { type: 'DOUBLE' }, (row) => row / 3],
  ['str', { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, (row) => `value ${row % 97}`],
  [
    'ts',
    { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
    (row) => new Date(1_700_000_000_000 + row * 1000),
  ],
  ['dec', { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 2 }, (row) => row],
  ['bool', { type: 'BOOLEAN' }, (row) => (row % 5 === 0 ? null : row % 2 === 0)],
  ['i32', { type: 'INT32' }, (row) => row],
  ['date', { type: 'INT32', converted_type: 'DATE' }, (row) => new Date(row * 86_400_000)],
];

/** Path of a shape's file, which is made once and kept in the cache. */
export function shapeFile(cache: string, shape: ShapeName): string {
  const path = join(cache, `${shape}.parquet`);
  if (existsSync(path)) return path;
  const { columns, rowGroups, rowsPerGroup } = SHAPES[shape];
  const rows = rowGroups * rowsPerGroup;
  const schema: SchemaElement[] = [{ name: 'schema', num_children: columns }];
  const columnData: ColumnSource[] = [];
  for (let index = 0; index < columns; index++) {
    const [suffix, element, value] = KINDS[index % KINDS.length] ?? ['', {}, () => null];
    const name = `col_${String(index).padStart(4, '0')}_${suffix}`;
    schema.push({ name, repetition_type: 'OPTIONAL', ...element });
    columnData.push({ name, data: Array.from({ length: rows }, (_, row) => value(row)) });
  }
  mkdirSync(cache, { recursive: true });
  writeFileSync(
    `${path}.part`,
    new Uint8Array(parquetWriteBuffer({ schema, columnData, rowGroupSize: rowsPerGroup })),
  );
  renameSync(`${path}.part`, path);
  return path;
}
