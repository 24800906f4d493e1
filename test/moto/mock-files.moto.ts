import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import type { Field, Table } from '../../src/judge/contract/contract.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import type { HiveType } from '../../src/judge/types/hive-type.ts';
import { parquetBytes } from '../../src/run/adapters/local/parquet-writer.ts';
import { columnsOf } from '../../src/tools/mock/columns.ts';
import { tableLines } from '../support/contract-arbitrary.ts';
import { folderOf } from '../support/folder.ts';
import { fc } from '../support/property.ts';
import { contractFrom } from '../support/run-example.ts';
import { motoPython } from './moto-python.ts';

const ROWS = 50;

interface ReadColumn {
  readonly type: string;
  readonly isNullable: boolean;
  readonly values: readonly unknown[];
}
type ReadFile = Readonly<Record<string, ReadColumn>>;

/** What pyarrow reads from each file. */
function readByPyarrow(files: readonly string[]): readonly ReadFile[] {
  const script = join(import.meta.dirname, 'read_parquet.py');
  const out = execFileSync(motoPython(), [script, ...files], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReadFile);
}

/** What pyarrow calls a declared type. */
const ARROW = {
  boolean: 'bool',
  tinyint: 'int8',
  smallint: 'int16',
  int: 'int32',
  bigint: 'int64',
  float: 'float',
  double: 'double',
  string: 'string',
  varchar: 'string',
  char: 'string',
  binary: 'binary',
  date: 'date32[day]',
  timestamp: 'timestamp[us, tz=UTC]',
} as const satisfies Partial<Record<HiveType['kind'], string>>;

const nullability = ({ required }: Field) => (required ? ' not null' : '');

function arrowType({ type, children }: Field): string {
  const [first, second] = children;
  if (type.kind === 'decimal') return `decimal128(${type.precision}, ${type.scale})`;
  if (type.kind === 'struct')
    return `struct<${children.map((field) => `${field.name}: ${arrowType(field)}${nullability(field)}`).join(', ')}>`;
  if (type.kind === 'array' && first) return `list<element: ${arrowType(first)}${nullability(first)}>`;
  if (type.kind === 'map' && first && second)
    return `map<${arrowType(first)}, ${arrowType(second)}${second.required ? ' not null' : ''}>`;
  return ARROW[type.kind as keyof typeof ARROW];
}

/** A written value as read_parquet.py tells a value that it read. */
function told(value: unknown, { type, children }: Field): unknown {
  const [first, second] = children;
  if (value === null || value === undefined) return null;
  if (type.kind === 'struct')
    return Object.fromEntries(
      children.map((field) => [field.name, told((value as Record<string, unknown>)[field.name], field)]),
    );
  if (type.kind === 'array' && first) return (value as readonly unknown[]).map((each) => told(each, first));
  if (type.kind === 'map' && first && second)
    return (value as readonly { key: unknown; value: unknown }[]).map((pair) => [
      told(pair.key, first),
      told(pair.value, second),
    ]);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (type.kind === 'float' || type.kind === 'double' || typeof value === 'boolean') return value;
  return String(value);
}

const written = (table: Table, seed: number) =>
  Object.fromEntries(
    columnsOf(table, seed, ROWS).map(({ name, values }, index) => {
      const field = table.columns[index] as Field;
      return [name, values(0, ROWS).map((value) => told(value, field))];
    }),
  );

const tables = readdirSync(resolve(import.meta.dirname, '../../schemas')).map((file) => {
  const result = readContract(readFileSync(resolve(import.meta.dirname, '../../schemas', file), 'utf8'), {
    file,
  });
  if (!result.ok) throw new Error(file);
  return [file, result.contract.tables[0] as Table] as const;
});
const generated = fc
  .sample(tableLines, { numRuns: 60, seed: 20_260_615 })
  .map(
    (lines) => [lines.join('; '), contractFrom({ contract: lines, file: [] }).tables[0] as Table] as const,
  );

describe('MCK-3: what `headgate mock` writes, others read', () => {
  const all = [...tables, ...generated];

  test('pyarrow reads every value as it was written, with the declared types; DuckDB as many', async () => {
    const folder = folderOf({});
    const files = all.map((_, index) => join(folder, `${index}.parquet`));
    for (const [index, [, table]] of all.entries())
      writeFileSync(
        files[index] ?? '',
        await parquetBytes(columnsOf(table, index, ROWS), { rows: ROWS, rowGroupRows: 16 }),
      );
    const read = readByPyarrow(files);
    expect(read).toHaveLength(all.length);
    for (const [index, [name, table]] of all.entries()) {
      const columns = read[index] ?? {};
      expect([name, Object.keys(columns)]).toEqual([name, table.columns.map((field) => field.name)]);
      for (const field of table.columns) {
        const { type, isNullable } = columns[field.name] as ReadColumn;
        // Behind a map stands the name of its column, which Parquet itself has.
        const plain = type.replace(/ \('[^']*'\)/gu, '');
        expect([name, field.name, plain, isNullable]).toEqual([
          name,
          field.name,
          arrowType(field),
          !field.required,
        ]);
      }
      const values = Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, column.values]));
      expect([name, values]).toEqual([name, written(table, index)]);
    }

    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const [index, [name, table]] of all.entries()) {
      const counts = table.columns.map((field) => `count("${field.name}")::INT`).join(', ');
      const rows = await connection.runAndReadAll(
        `SELECT count(*)::INT, ${counts} FROM read_parquet('${files[index]}')`,
      );
      const present = table.columns.map(
        (field) => read[index]?.[field.name]?.values.filter((value) => value !== null).length,
      );
      expect([name, rows.getRows()[0]]).toEqual([name, [ROWS, ...present]]);
    }
  });
});
