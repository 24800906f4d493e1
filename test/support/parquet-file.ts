import { join, type PagedLeaf, type Pages, pagesOf } from './parquet-pages.ts';
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
  readonly nanCount?: number;
  readonly bloomFilter?: boolean;
  readonly columnIndex?: boolean;
  readonly encrypted?: boolean;
  /** `[page type, encoding, count]` */
  readonly encodingStats?: readonly (readonly [number, number, number])[];
  readonly unencodedBytes?: number;
  /** What stands in each row, instead of values that fit the statistics; `undefined` is a null. */
  readonly stored?: readonly (Uint8Array | undefined)[];
  /** Entries of the dictionary that no row has. */
  readonly entries?: readonly Uint8Array[];
  readonly pageRows?: number;
  readonly isSecondVersion?: boolean;
  /** The checksum of each page, or a number that stands there instead. */
  readonly checksum?: 'right' | number;
  /** What headers of pages say instead of the truth. */
  readonly lies?: {
    readonly entries?: number;
    readonly values?: number;
    readonly unpackedBytes?: number;
    readonly packedBytes?: number;
  };
  /** Fields of ColumnMetaData and of ColumnChunk as they are to stand there instead; `undefined` leaves one out. */
  readonly metadata?: Fields;
  readonly chunk?: Fields;
}

type Fields = Readonly<Record<number, Value | undefined>>;

export interface RowGroupSpec {
  readonly rows: number;
  readonly columns?: Readonly<Record<string, ChunkSpec>>;
  /** Fields of RowGroup as they are to stand there instead; `undefined` leaves one out. */
  readonly fields?: Fields;
}

export interface FileSpec {
  readonly schema: readonly NodeSpec[];
  readonly rows?: number;
  readonly rowGroups?: readonly RowGroupSpec[];
  readonly createdBy?: string;
  /** One TYPE_ORDER for each leaf, unless false. */
  readonly columnOrders?: boolean;
  readonly encryption?: boolean;
  /** Further fields of FileMetaData. */
  readonly extra?: Fields;
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

interface Leaf extends PagedLeaf {
  readonly path: readonly string[];
}

function leavesOf(
  nodes: readonly NodeSpec[],
  above: Pick<Leaf, 'path' | 'maxDefinition' | 'maxRepetition'> = NO_LEVELS,
): readonly Leaf[] {
  return nodes.flatMap((node) => {
    const isRepeated = node.repetition === 'REPEATED' || node.repetition === 2;
    const isRequired = node.repetition === 'REQUIRED' || node.repetition === 0;
    const here = {
      path: [...above.path, node.name],
      maxDefinition: above.maxDefinition + (isRequired ? 0 : 1),
      maxRepetition: above.maxRepetition + (isRepeated ? 1 : 0),
    };
    if (node.children) return leavesOf(node.children, here);
    const type = typeof node.type === 'string' ? TYPES[node.type] : (node.type ?? 0);
    return [{ ...here, type, length: node.length ?? 0 }];
  });
}
const NO_LEVELS = { path: [], maxDefinition: 0, maxRepetition: 0 } as const;

/** A chunk with its pages, and where they and what belongs to them begin in the file. */
interface LaidChunk extends Pages {
  readonly leaf: Leaf;
  readonly spec: ChunkSpec;
  readonly start: number;
  bloomFilterAt: number;
  columnIndexAt: number;
  offsetIndexAt: number;
}

interface LaidGroup {
  readonly spec: RowGroupSpec;
  readonly chunks: readonly LaidChunk[];
}

const MAGIC_BYTES = 4;

/** A filter that holds everything: a header, and 32 bytes of ones. */
const BLOOM_FILTER = join([
  Uint8Array.from(
    struct({
      1: i32(32),
      2: struct({ 1: struct({}) }),
      3: struct({ 1: struct({}) }),
      4: struct({ 1: struct({}) }),
    }).bytes,
  ),
  new Uint8Array(32).fill(0xff),
]);

function columnIndexOf({ spec }: LaidChunk): Uint8Array {
  const isNull = spec.min === undefined || spec.max === undefined;
  const bound = (value: Uint8Array | undefined) => list(8, [binary(value ?? '')]);
  return Uint8Array.from(
    struct({ 1: list(1, [bool(isNull)]), 2: bound(spec.min), 3: bound(spec.max), 4: i32(0) }).bytes,
  );
}

function offsetIndexOf({ start, dataAt, bytes }: LaidChunk): Uint8Array {
  const place = struct({ 1: i64(start + dataAt), 2: i32(bytes.length - dataAt), 3: i64(0) });
  return Uint8Array.from(struct({ 1: list(12, [place]) }).bytes);
}

/** The pages of all row groups, then bloom filters and page indexes, as writers order them. */
function layOut({ schema, rows = 10, rowGroups }: FileSpec): {
  readonly body: Uint8Array;
  readonly groups: readonly LaidGroup[];
  readonly leaves: readonly Leaf[];
} {
  const leaves = leavesOf(schema);
  const parts: Uint8Array[] = [];
  let at = MAGIC_BYTES;
  const put = (bytes: Uint8Array): number => {
    parts.push(bytes);
    at += bytes.length;
    return at - bytes.length;
  };
  const groups = (rowGroups ?? (rows > 0 ? [{ rows }] : [])).map((spec): LaidGroup => {
    const { columns = {}, rows: count } = spec;
    const chunks = leaves.map((leaf): LaidChunk => {
      const name = leaf.path.join('.');
      const chunk = Object.hasOwn(columns, name) ? (columns[name] ?? {}) : {};
      const pages = pagesOf(leaf, chunk, count);
      const start = put(pages.bytes);
      return { ...pages, leaf, spec: chunk, start, bloomFilterAt: 0, columnIndexAt: 0, offsetIndexAt: 0 };
    });
    return { spec, chunks };
  });
  const chunks = groups.flatMap((group) => group.chunks);
  for (const chunk of chunks) if (chunk.spec.bloomFilter) chunk.bloomFilterAt = put(BLOOM_FILTER);
  const indexed = chunks.filter(({ spec }) => spec.columnIndex);
  for (const chunk of indexed) chunk.columnIndexAt = put(columnIndexOf(chunk));
  for (const chunk of indexed) chunk.offsetIndexAt = put(offsetIndexOf(chunk));
  return { body: join(parts), groups, leaves };
}

function statisticsOf(chunk: ChunkSpec): Value | undefined {
  const optional = (value: Uint8Array | undefined) => (value === undefined ? undefined : binary(value));
  return chunk.noStatistics
    ? undefined
    : struct({
        1: optional(chunk.legacyMax),
        2: optional(chunk.legacyMin),
        3: chunk.nullCount === undefined ? undefined : i64(chunk.nullCount),
        5: optional(chunk.max),
        6: optional(chunk.min),
        7: chunk.maxExact === undefined ? undefined : bool(chunk.maxExact),
        8: chunk.minExact === undefined ? undefined : bool(chunk.minExact),
        9: chunk.nanCount === undefined ? undefined : i64(chunk.nanCount),
      });
}

function chunkOf(laid: LaidChunk, rows: number): Value {
  const { leaf, spec, start, dataAt, bytes, uncompressedBytes } = laid;
  const metadata = struct({
    1: i32(spec.type ?? leaf.type),
    2: list(5, (spec.encodings ?? [0, 3]).map(i32)),
    3: list(8, leaf.path.map(binary)),
    4: i32(spec.codec ?? 1),
    5: i64(spec.values ?? rows),
    6: i64(uncompressedBytes),
    7: i64(bytes.length),
    9: i64(start + dataAt),
    11: dataAt > 0 ? i64(start) : undefined,
    12: statisticsOf(spec),
    13:
      spec.encodingStats &&
      list(
        12,
        spec.encodingStats.map(([page, encoding, count]) =>
          struct({ 1: i32(page), 2: i32(encoding), 3: i32(count) }),
        ),
      ),
    14: spec.bloomFilter ? i64(laid.bloomFilterAt) : undefined,
    15: spec.bloomFilter ? i32(BLOOM_FILTER.length) : undefined,
    16: spec.unencodedBytes === undefined ? undefined : struct({ 1: i64(spec.unencodedBytes) }),
    ...spec.metadata,
  });
  const indexed = spec.columnIndex;
  return struct({
    2: i64(start),
    3: metadata,
    4: indexed ? i64(laid.offsetIndexAt) : undefined,
    5: indexed ? i32(offsetIndexOf(laid).length) : undefined,
    6: indexed ? i64(laid.columnIndexAt) : undefined,
    7: indexed ? i32(columnIndexOf(laid).length) : undefined,
    8: spec.encrypted ? struct({ 1: struct({}) }) : undefined,
    ...spec.chunk,
  });
}

function rowGroupOf({ spec, chunks }: LaidGroup): Value {
  const uncompressedBytes = chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0);
  return struct({
    1: list(
      12,
      chunks.map((chunk) => chunkOf(chunk, spec.rows)),
    ),
    2: i64(uncompressedBytes),
    3: i64(spec.rows),
    ...spec.fields,
  });
}

function footerOf(spec: FileSpec, groups: readonly LaidGroup[], leaves: readonly Leaf[]): Bytes {
  const root: NodeSpec = { name: 'schema', children: spec.schema };
  const counted = spec.rowGroups?.reduce((sum, { rows }) => sum + rows, 0);
  return struct({
    1: i32(2),
    2: list(12, flatten(root).map(elementOf)),
    3: i64(spec.rows ?? counted ?? 10),
    4: list(12, groups.map(rowGroupOf)),
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

/** The bytes of FileMetaData. */
export function footerBytes(spec: FileSpec): Bytes {
  const { groups, leaves } = layOut(spec);
  return footerOf(spec, groups, leaves);
}

interface AroundOptions {
  readonly claimed?: number;
  readonly magic?: string;
  readonly body?: Uint8Array;
}

/** A file around a footer: magic, pages if any, the footer, its length, magic. */
export function fileAround(footer: Bytes | Uint8Array, options: AroundOptions = {}): Uint8Array {
  const { claimed = footer.length, magic = 'PAR1', body = new Uint8Array(0) } = options;
  const text = (word: string) => new TextEncoder().encode(word);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, claimed, true);
  return join([text('PAR1'), body, Uint8Array.from(footer), length, text(magic)]);
}

/** A whole file. */
export function parquetFile(spec: FileSpec, options: Omit<AroundOptions, 'body'> = {}): Uint8Array {
  const { body, groups, leaves } = layOut(spec);
  return fileAround(footerOf(spec, groups, leaves), { ...options, body });
}

/** PLAIN bytes of a value: little-endian integers and floats, UTF-8 text. */
export const plain = {
  int32: (value: number) => new Uint8Array(Int32Array.of(value).buffer),
  int64: (value: bigint) => new Uint8Array(BigInt64Array.of(value).buffer),
  float: (value: number) => new Uint8Array(Float32Array.of(value).buffer),
  double: (value: number) => new Uint8Array(Float64Array.of(value).buffer),
  text: (value: string) => new TextEncoder().encode(value),
} as const;
