import { type ChunkSpec, type FileSpec, parquetFile, plain, type RowGroupSpec } from './parquet-file.ts';
import { parseMessage } from './parquet-message.ts';
import { join } from './parquet-pages.ts';
import { binary, bool, i8, i32, i64, list, struct, type Value } from './thrift-writer.ts';

const SCHEMA = ['optional int64 id', 'optional int64 v'].map(parseMessage);
const ID: ChunkSpec = { nullCount: 0, min: plain.int64(1n), max: plain.int64(3n) };
const V: ChunkSpec = { nullCount: 0, min: plain.int64(10n), max: plain.int64(30n) };

const STORED = [10n, 20n, 30n].map(plain.int64);
const NO = Uint8Array.of(0);
const NO_BYTES = new Uint8Array(0);

interface Harm {
  readonly id?: ChunkSpec;
  readonly v?: ChunkSpec;
  readonly group?: RowGroupSpec['fields'];
  readonly file?: Partial<FileSpec>;
}

function harmed({ id, v, group = {}, file = {} }: Harm = {}): Uint8Array {
  const columns = { id: { ...ID, ...id }, v: { ...V, ...v } };
  return parquetFile({ schema: SCHEMA, rowGroups: [{ rows: 3, columns, fields: group }], rows: 3, ...file });
}

const metadata = (fields: ChunkSpec['metadata']): ChunkSpec => ({ metadata: fields ?? {} });
const path = (...names: readonly string[]) => ({ 3: list(8, names.map(binary)) });
const none = undefined;
const good = harmed();
const extra = (column: string, chunk: ChunkSpec = {}) => ({
  file: {
    schema: [...SCHEMA, parseMessage(column)],
    rowGroups: [{ rows: 3, columns: { id: ID, v: V, x: { nullCount: 0, ...chunk } } }],
  },
});
const logical = (value: Value, type: 'INT32' | 'INT64' | 'BYTE_ARRAY' = 'INT32') => ({
  file: {
    schema: [...SCHEMA, { name: 'x', repetition: 'OPTIONAL' as const, type, logical: value }],
    rowGroups: [{ rows: 3, columns: { id: ID, v: V } }],
  },
});

/** One file of two rows groups and columns for each way in which a footer can be at odds with itself or with its file. */
export const CONTRADICTORY: Readonly<Record<string, Uint8Array>> = {
  good: good,
  'data-offset-negative': harmed({ v: metadata({ 9: i64(-4) }) }),
  'data-offset-past-end': harmed({ v: metadata({ 9: i64(1_000_000) }) }),
  'data-offset-in-footer': harmed({ v: metadata({ 9: i64(good.length - 60) }) }),
  'size-negative': harmed({ v: metadata({ 7: i64(-1) }) }),
  'size-past-end': harmed({ v: metadata({ 7: i64(1_000_000) }) }),
  'size-zero': harmed({ v: metadata({ 7: i64(0) }) }),
  'size-short': harmed({ v: metadata({ 7: i64(20) }) }),
  'uncompressed-negative': harmed({ v: metadata({ 6: i64(-1) }) }),
  overlap: harmed({ v: metadata({ 9: i64(4) }) }),
  'dictionary-behind-data': harmed({ id: metadata({ 11: i64(70) }) }),
  'dictionary-negative': harmed({ id: metadata({ 11: i64(-70) }) }),
  'body-cut': join([good.subarray(0, 4), good.subarray(60)]),
  'body-missing': join([good.subarray(0, 4), good.subarray(good.length - 8 - footerLength(good))]),
  'two-joined': join([good, harmed({ id: { min: plain.int64(7n), max: plain.int64(8n) } })]),
  prefix: join([new TextEncoder().encode('garbage before it'), good]),
  'no-metadata': harmed({ v: { chunk: { 3: none } } }),
  'no-num-values': harmed({ v: metadata({ 5: none }) }),
  'no-encodings': harmed({ v: metadata({ 2: none }) }),
  'no-path': harmed({ v: metadata({ 3: none }) }),
  'no-codec': harmed({ v: metadata({ 4: none }) }),
  'no-data-offset': harmed({ v: metadata({ 9: none }) }),
  'no-file-offset': harmed({ v: { chunk: { 2: none } } }),
  'no-total-byte-size': harmed({ group: { 2: none } }),
  'no-version': harmed({ file: { extra: { 1: none } } }),
  'codec-unknown': harmed(extra('optional int32 x', { codec: 17 })),
  'encoding-unknown': harmed(extra('optional int32 x', { encodings: [0, 3, 17] })),
  'logical-empty': harmed(logical(struct({}))),
  'logical-two': harmed(logical(struct({ 6: struct({}), 11: struct({}) }))),
  'time-unit-empty': harmed(logical(struct({ 8: struct({ 1: bool(true), 2: struct({}) }) }), 'INT64')),
  'time-no-utc': harmed(logical(struct({ 8: struct({ 2: struct({ 1: struct({}) }) }) }), 'INT64')),
  'integer-width-i32': harmed(logical(struct({ 10: struct({ 1: i32(16), 2: bool(true) }) }))),
  'integer-no-sign': harmed(logical(struct({ 10: struct({ 1: i8(16) }) }))),
  'decimal-no-scale': harmed(logical(struct({ 5: struct({ 2: i32(5) }) }))),
  'decimal-two-digits': harmed({
    file: {
      schema: [
        ...SCHEMA,
        {
          name: 'x',
          repetition: 'OPTIONAL',
          type: 'INT32',
          precision: 6,
          scale: 2,
          logical: struct({ 5: struct({ 1: i32(2), 2: i32(5) }) }),
        },
      ],
      rowGroups: [{ rows: 3, columns: { id: ID, v: V } }],
    },
  }),
  'column-order-empty': harmed({ file: { extra: { 7: list(12, [struct({}), struct({})]) } } }),
  'column-order-newer': harmed({
    file: { extra: { 7: list(12, [struct({ 9: struct({}) }), struct({ 1: struct({}) })]) } },
  }),
  'encoding-stats-no-count': harmed({
    v: metadata({ 13: list(12, [struct({ 1: i32(0), 2: i32(0) })]) }),
  }),
  'sorting-incomplete': harmed({ group: { 4: list(12, [struct({ 1: i32(0), 2: bool(false) })]) } }),
  'key-value-no-key': harmed({ file: { extra: { 5: list(12, [struct({ 2: binary('x') })]) } } }),
  'key-value-twice': harmed({
    file: {
      extra: {
        5: list(
          12,
          ['a', 'a'].map((key) => struct({ 1: binary(key), 2: binary('x') })),
        ),
      },
    },
  }),
  'key-value-no-value': harmed({ file: { extra: { 5: list(12, [struct({ 1: binary('x') })]) } } }),
  'name-absent': harmed({
    file: {
      extra: {
        2: list(12, [
          struct({ 4: binary('schema'), 5: i32(2) }),
          struct({ 1: i32(2), 3: i32(1), 4: binary('id') }),
          struct({ 1: i32(2), 3: i32(1) }),
        ]),
      },
    },
  }),
  'fixed-length-zero': harmed(extra('optional fixed_len_byte_array(0) x')),
  'group-string': harmed(extra('optional group x (STRING) { optional int32 y }')),
  'group-decimal': harmed(extra('optional group x (DECIMAL(5,2)) { optional int32 y }')),
  'group-date': harmed(extra('optional group x (DATE) { optional int32 y }')),
  'group-uuid': harmed(extra('optional group x (UUID) { optional int32 y }')),
  'group-list-two': harmed(extra('optional group x (LIST) { optional int32 y; optional int32 z }')),
  'rows-of-file-fewer': harmed({ file: { rows: 0 } }),
  'rows-of-file-more': harmed({ file: { rows: 7 } }),
  'rows-of-group-fewer': harmed({ group: { 3: i64(2) } }),
  'rows-of-group-more': harmed({ group: { 3: i64(5) } }),
  'num-values-other': harmed({ v: metadata({ 5: i64(1) }) }),
  'num-values-negative': harmed({ v: metadata({ 5: i64(-3) }) }),
  'paths-swapped': harmed({ id: metadata(path('v')), v: metadata(path('id')) }),
  'path-twice': harmed({ v: metadata(path('id')) }),
  'path-unknown': harmed({ v: metadata(path('zz')) }),
  'path-empty': harmed({ v: metadata(path()) }),
  'path-case': harmed({ v: metadata(path('V')) }),
  'path-longer': harmed({ v: metadata(path('v', 'x')) }),
  'file-path-one': harmed({ v: { chunk: { 1: binary('other.parquet') } } }),
  'file-path-all': harmed({
    id: { chunk: { 1: binary('other.parquet') } },
    v: { chunk: { 1: binary('other.parquet') } },
  }),
  'file-path-empty': harmed({ id: { chunk: { 1: binary('') } }, v: { chunk: { 1: binary('') } } }),
  'group-offset-past-end': harmed({ group: { 5: i64(1_000_000) } }),
  'group-offset-negative': harmed({ group: { 5: i64(-1) } }),
  'group-offset-zero': harmed({ group: { 5: i64(0) } }),
  'column-index-past-end': harmed({ v: { chunk: { 6: i64(1_000_000), 7: i32(20), 4: i64(4), 5: i32(10) } } }),
  'column-index-negative': harmed({ v: { chunk: { 6: i64(-5), 7: i32(20), 4: i64(4), 5: i32(10) } } }),
  'column-index-is-data': harmed({ v: { chunk: { 6: i64(4), 7: i32(20), 4: i64(4), 5: i32(20) } } }),
  'offset-index-past-end': harmed({ v: { columnIndex: true, chunk: { 4: i64(1_000_000), 5: i32(20) } } }),
  'bloom-past-end': harmed({ v: metadata({ 14: i64(1_000_000) }) }),
  'bloom-negative': harmed({ v: metadata({ 14: i64(-9) }) }),
  'bound-empty': harmed({ v: { ...V, min: NO_BYTES, stored: STORED } }),
  'bounds-empty': harmed({ v: { min: NO_BYTES, max: NO_BYTES, stored: STORED } }),
  'bounds-of-int32': harmed({ v: { min: plain.int32(10), max: plain.int32(30), stored: STORED } }),
  'bounds-longer': harmed({
    v: { min: join([plain.int64(10n), NO]), max: join([plain.int64(30n), NO]), stored: STORED },
  }),
  'bound-alone': harmed({
    v: { min: NO_BYTES, metadata: { 12: struct({ 6: binary(NO_BYTES) }) }, stored: STORED },
  }),
  'bounds-deprecated-empty': harmed({
    v: { metadata: { 12: struct({ 1: binary(NO_BYTES), 2: binary(NO_BYTES) }) }, stored: STORED },
  }),
  'bounds-deprecated-unused': harmed({
    v: {
      metadata: {
        12: struct({
          1: binary(NO_BYTES),
          2: binary(NO_BYTES),
          5: binary(plain.int64(30n)),
          6: binary(plain.int64(10n)),
        }),
      },
      stored: STORED,
    },
  }),
  'bounds-of-text-empty': harmed(
    extra('optional binary x (STRING)', {
      min: NO_BYTES,
      max: NO_BYTES,
      stored: [NO_BYTES, NO_BYTES, NO_BYTES],
    }),
  ),
  'statistics-i32-nulls': harmed({ v: metadata({ 12: struct({ 3: i32(0) }) }) }),
};

function footerLength(file: Uint8Array): number {
  return new DataView(file.buffer).getUint32(file.length - 8, true);
}
