import type { Field, Table } from '../../src/judge/contract/contract.ts';
import type { FooterResult } from '../../src/judge/parquet/facts.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import type { HiveType } from '../../src/judge/types/hive-type.ts';
import { memorySource } from './memory-source.ts';
import { type ChunkSpec, logical, type NodeSpec, parquetFile } from './parquet-file.ts';

const ROWS = 8;

/** A number from 0 to below `n`; the same call gives the same numbers. */
export type Choose = (n: number) => number;

/** A real footer of a file that keeps the table: values, nulls and the unit of timestamps as `choose` says. */
export async function keptFile(table: Table, choose: Choose): Promise<FooterResult> {
  const columns: Record<string, ChunkSpec> = {};
  const schema = table.columns.map((field) => nodeOf(field, field.name, [], true, columns, choose));
  const bytes = parquetFile({ schema, rows: ROWS, rowGroups: [{ rows: ROWS, columns }] });
  return readFooter(memorySource(bytes));
}

export const KEY_VALUES: Readonly<Record<string, string>> = { date: '2026-02-28', string: 'DE', int: '23' };

function nodeOf(
  field: Field,
  name: string,
  above: readonly string[],
  isAlwaysThere: boolean,
  columns: Record<string, ChunkSpec>,
  choose: Choose,
  isKey = false,
): NodeSpec {
  const repetition = field.required || isKey ? 'REQUIRED' : 'OPTIONAL';
  const path = [...above, name];
  const [first, second] = field.children;
  const { type } = field;
  if (type.kind === 'array' && first) {
    const element = nodeOf(first, 'element', [...path, 'list'], false, columns, choose);
    return {
      name,
      repetition,
      logical: logical.plain(3),
      children: [{ name: 'list', repetition: 'REPEATED', children: [element] }],
    };
  }
  if (type.kind === 'map' && first && second) {
    const inside = [...path, 'key_value'];
    const children = [
      nodeOf(first, 'key', inside, false, columns, choose, true),
      nodeOf(second, 'value', inside, false, columns, choose),
    ];
    return {
      name,
      repetition,
      logical: logical.plain(2),
      children: [{ name: 'key_value', repetition: 'REPEATED', children }],
    };
  }
  if (type.kind === 'struct') {
    const isThere = isAlwaysThere && field.required;
    return {
      name,
      repetition,
      children: field.children.map((child) => nodeOf(child, child.name, path, isThere, columns, choose)),
    };
  }
  const { node, bytes } = stored(type, choose);
  const low = Number(field.limits.minimum ?? -3);
  const [min, max] = [low + choose(3), low + 3 + choose(5)];
  columns[path.join('.')] = {
    nullCount: isAlwaysThere && field.required ? 0 : choose(ROWS),
    min: bytes(min),
    max: bytes(max),
    minExact: true,
    maxExact: true,
  };
  return { name, repetition, ...node };
}

type StoredType = { readonly node: Omit<NodeSpec, 'name'>; readonly bytes: (value: number) => Uint8Array };

const int32 = (value: number) => new Uint8Array(Int32Array.of(value).buffer);
const int64 = (value: number) => new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
const text = (value: number) => new TextEncoder().encode(`v${Math.abs(value)}`);

/** As common writers store it, with how a small number looks in the statistics. */
function stored(type: HiveType, choose: Choose): StoredType {
  switch (type.kind) {
    case 'boolean':
      return { node: { type: 'BOOLEAN' }, bytes: (value) => Uint8Array.of(value > 5 ? 1 : 0) };
    case 'tinyint':
      return { node: { type: 'INT32', logical: logical.integer(8, true) }, bytes: int32 };
    case 'smallint':
      return { node: { type: 'INT32', logical: logical.integer(16, true) }, bytes: int32 };
    case 'int':
      return { node: { type: 'INT32' }, bytes: int32 };
    case 'bigint':
      return { node: { type: 'INT64' }, bytes: int64 };
    case 'float':
      return { node: { type: 'FLOAT' }, bytes: (value) => new Uint8Array(Float32Array.of(value).buffer) };
    case 'double':
      return { node: { type: 'DOUBLE' }, bytes: (value) => new Uint8Array(Float64Array.of(value).buffer) };
    case 'date':
      return { node: { type: 'INT32', logical: logical.plain(6) }, bytes: int32 };
    case 'timestamp':
      return {
        node: { type: 'INT64', logical: logical.timestamp(1 + choose(3), true) },
        bytes: (value) => int64(value + 10),
      };
    case 'decimal': {
      const node = { logical: logical.decimal(type.precision, type.scale) };
      const scaled = (value: number) => value * 10 ** type.scale;
      if (type.precision > 18) {
        const bytes = (value: number) => {
          const wide = new Uint8Array(16).fill(value < 0 ? 0xff : 0);
          new DataView(wide.buffer).setBigInt64(8, BigInt(scaled(value)));
          return wide;
        };
        return { node: { ...node, type: 'FIXED_LEN_BYTE_ARRAY', length: 16 }, bytes };
      }
      return type.precision > 9
        ? { node: { ...node, type: 'INT64' }, bytes: (value) => int64(scaled(value)) }
        : { node: { ...node, type: 'INT32' }, bytes: (value) => int32(scaled(value)) };
    }
    case 'binary':
      return { node: { type: 'BYTE_ARRAY' }, bytes: text };
    default:
      return { node: { type: 'BYTE_ARRAY', logical: logical.string() }, bytes: text };
  }
}
