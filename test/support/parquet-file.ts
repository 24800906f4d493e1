import { type Bytes, binary, bool, i8, i32, i64, list, struct, type Value } from './thrift-writer.ts';

/** A schema node as a test writes it; ids are those of parquet.thrift where a name does not do. */
export interface NodeSpec {
  readonly name: string;
  /** `undefined` writes none. */
  readonly repetition?: 'REQUIRED' | 'OPTIONAL' | 'REPEATED' | number | undefined;
  readonly type?: keyof typeof TYPES | number;
  readonly length?: number;
  readonly converted?: keyof typeof CONVERTED | number;
  readonly logical?: Value;
  readonly precision?: number;
  readonly scale?: number;
  readonly fieldId?: number;
  readonly children?: readonly NodeSpec[];
  /** A lie about the number of children. */
  readonly claimedChildren?: number;
}

export interface ChunkSpec {
  readonly type?: number;
  readonly values?: number;
  readonly codec?: number;
  readonly encodings?: readonly number[];
  readonly nullCount?: number | bigint;
  readonly min?: Uint8Array;
  readonly max?: Uint8Array;
  readonly minExact?: boolean;
  readonly maxExact?: boolean;
  readonly legacyMin?: Uint8Array;
  readonly legacyMax?: Uint8Array;
  readonly noStatistics?: boolean;
  readonly bloomFilter?: boolean;
  readonly columnIndex?: boolean;
  readonly encrypted?: boolean;
  /** `[page type, encoding, count]` */
  readonly encodingStats?: readonly (readonly [number, number, number])[];
  readonly unencodedBytes?: number;
}

export interface FileSpec {
  readonly schema: readonly NodeSpec[];
  readonly rows?: number;
  readonly rowGroups?: readonly {
    readonly rows: number;
    readonly columns?: Readonly<Record<string, ChunkSpec>>;
  }[];
  readonly createdBy?: string;
  /** One TYPE_ORDER for each leaf, unless false. */
  readonly columnOrders?: boolean;
  readonly encryption?: boolean;
  /** Further fields of FileMetaData. */
  readonly extra?: Readonly<Record<number, Value>>;
}

const TYPES = {
  BOOLEAN: 0,
  INT32: 1,
  INT64: 2,
  INT96: 3,
  FLOAT: 4,
  DOUBLE: 5,
  BYTE_ARRAY: 6,
  FIXED_LEN_BYTE_ARRAY: 7,
} as const;
const REPETITIONS = { REQUIRED: 0, OPTIONAL: 1, REPEATED: 2 } as const;
const CONVERTED = {
  UTF8: 0,
  MAP: 1,
  MAP_KEY_VALUE: 2,
  LIST: 3,
  ENUM: 4,
  DECIMAL: 5,
  DATE: 6,
  TIME_MILLIS: 7,
  TIME_MICROS: 8,
  TIMESTAMP_MILLIS: 9,
  TIMESTAMP_MICROS: 10,
  UINT_8: 11,
  UINT_16: 12,
  UINT_32: 13,
  UINT_64: 14,
  INT_8: 15,
  INT_16: 16,
  INT_32: 17,
  INT_64: 18,
  JSON: 19,
  BSON: 20,
  INTERVAL: 21,
} as const;

/** Logical types as values of the union. */
export const logical = {
  plain: (id: number) => struct({ [id]: struct({}) }),
  string: () => struct({ 1: struct({}) }),
  decimal: (precision: number, scale: number) => struct({ 5: struct({ 1: i32(scale), 2: i32(precision) }) }),
  time: (unit: 1 | 2 | 3, utc: boolean) =>
    struct({ 7: struct({ 1: bool(utc), 2: struct({ [unit]: struct({}) }) }) }),
  timestamp: (unit: number, utc: boolean) =>
    struct({ 8: struct({ 1: bool(utc), 2: struct({ [unit]: struct({}) }) }) }),
  integer: (bits: number, signed: boolean) => struct({ 10: struct({ 1: i8(bits), 2: bool(signed) }) }),
} as const;

function elementOf(node: NodeSpec): Value {
  const repetition = typeof node.repetition === 'string' ? REPETITIONS[node.repetition] : node.repetition;
  const type = typeof node.type === 'string' ? TYPES[node.type] : node.type;
  const converted = typeof node.converted === 'string' ? CONVERTED[node.converted] : node.converted;
  const children = node.claimedChildren ?? node.children?.length;
  const optional = (value: number | undefined) => (value === undefined ? undefined : i32(value));
  return struct({
    1: optional(type),
    2: optional(node.length),
    3: optional(repetition),
    4: binary(node.name),
    5: optional(children),
    6: optional(converted),
    7: optional(node.scale),
    8: optional(node.precision),
    9: optional(node.fieldId),
    10: node.logical,
  });
}

function flatten(node: NodeSpec): readonly NodeSpec[] {
  return [node, ...(node.children ?? []).flatMap(flatten)];
}

interface Leaf {
  readonly path: string;
  readonly type: number;
}

function leavesOf(nodes: readonly NodeSpec[], prefix = ''): readonly Leaf[] {
  return nodes.flatMap((node) =>
    node.children
      ? leavesOf(node.children, `${prefix}${node.name}.`)
      : [
          {
            path: prefix + node.name,
            type: typeof node.type === 'string' ? TYPES[node.type] : (node.type ?? 0),
          },
        ],
  );
}

function chunkOf(leaf: Leaf, chunk: ChunkSpec, rows: number): Value {
  const optional = (value: Uint8Array | undefined) => (value === undefined ? undefined : binary(value));
  const statistics = chunk.noStatistics
    ? undefined
    : struct({
        1: optional(chunk.legacyMax),
        2: optional(chunk.legacyMin),
        3: chunk.nullCount === undefined ? undefined : i64(chunk.nullCount),
        5: optional(chunk.max),
        6: optional(chunk.min),
        7: chunk.maxExact === undefined ? undefined : bool(chunk.maxExact),
        8: chunk.minExact === undefined ? undefined : bool(chunk.minExact),
      });
  const metadata = struct({
    1: i32(chunk.type ?? leaf.type),
    2: list(5, (chunk.encodings ?? [0, 3]).map(i32)),
    3: list(8, leaf.path.split('.').map(binary)),
    4: i32(chunk.codec ?? 1),
    5: i64(chunk.values ?? rows),
    6: i64(100),
    7: i64(90),
    9: i64(4),
    12: statistics,
    13:
      chunk.encodingStats &&
      list(
        12,
        chunk.encodingStats.map(([page, encoding, count]) =>
          struct({ 1: i32(page), 2: i32(encoding), 3: i32(count) }),
        ),
      ),
    14: chunk.bloomFilter ? i64(77) : undefined,
    16: chunk.unencodedBytes === undefined ? undefined : struct({ 1: i64(chunk.unencodedBytes) }),
  });
  return struct({
    2: i64(4),
    3: metadata,
    6: chunk.columnIndex ? i64(55) : undefined,
    8: chunk.encrypted ? struct({ 1: struct({}) }) : undefined,
  });
}

/** The bytes of FileMetaData. */
export function footerBytes(spec: FileSpec): Bytes {
  const leaves = leavesOf(spec.schema);
  const rows = spec.rows ?? 10;
  const groups = spec.rowGroups ?? (rows > 0 ? [{ rows }] : []);
  const root: NodeSpec = { name: 'schema', children: spec.schema };
  return struct({
    1: i32(2),
    2: list(12, flatten(root).map(elementOf)),
    3: i64(rows),
    4: list(
      12,
      groups.map(({ rows: count, columns = {} }) =>
        struct({
          1: list(
            12,
            leaves.map((leaf) =>
              chunkOf(leaf, Object.hasOwn(columns, leaf.path) ? (columns[leaf.path] ?? {}) : {}, count),
            ),
          ),
          2: i64(1000),
          3: i64(count),
        }),
      ),
    ),
    6: spec.createdBy === undefined ? undefined : binary(spec.createdBy),
    7:
      spec.columnOrders === false
        ? undefined
        : list(
            12,
            leaves.map(() => struct({ 1: struct({}) })),
          ),
    8: spec.encryption ? struct({ 1: struct({}) }) : undefined,
    ...spec.extra,
  }).bytes;
}

/** A file around a footer: magic, a few bytes of data, the footer, its length, magic. */
export function fileAround(
  footer: Bytes | Uint8Array,
  options: { readonly claimed?: number; readonly magic?: string } = {},
): Uint8Array {
  const length = options.claimed ?? footer.length;
  const magic = (text: string) => [...new TextEncoder().encode(text)];
  return Uint8Array.from([
    ...magic('PAR1'),
    ...footer,
    length & 0xff,
    (length >>> 8) & 0xff,
    (length >>> 16) & 0xff,
    (length >>> 24) & 0xff,
    ...magic(options.magic ?? 'PAR1'),
  ]);
}

/** A whole file, data pages apart. */
export function parquetFile(spec: FileSpec): Uint8Array {
  return fileAround(footerBytes(spec));
}

/** PLAIN bytes of a value: little-endian integers and floats, UTF-8 text. */
export const plain = {
  int32: (value: number) => new Uint8Array(Int32Array.of(value).buffer),
  int64: (value: bigint) => new Uint8Array(BigInt64Array.of(value).buffer),
  float: (value: number) => new Uint8Array(Float32Array.of(value).buffer),
  double: (value: number) => new Uint8Array(Float64Array.of(value).buffer),
  text: (value: string) => new TextEncoder().encode(value),
} as const;
