import { brotliCompressSync, crc32, gzipSync } from 'node:zlib';
import type { ChunkSpec } from './parquet-file.ts';
import { bool, i32, struct, type Value, varint } from './thrift-writer.ts';

/** A leaf as its pages need it; the type by its id in parquet.thrift. */
export interface PagedLeaf {
  readonly type: number;
  readonly length: number;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

/** The pages of one chunk, headers included, and where in them the first data page begins. */
export interface Pages {
  readonly bytes: Uint8Array;
  readonly dataAt: number;
  readonly uncompressedBytes: number;
}

const WIDTHS: Readonly<Record<number, number>> = { 1: 4, 2: 8, 3: 12, 4: 4, 5: 8 };
const [BOOLEAN, BYTE_ARRAY, FIXED] = [0, 6, 7];
const DICTIONARIES: ReadonlySet<number> = new Set([2, 8]);
const SPLIT = 9;

/**
 * Data pages, behind a dictionary where the chunk claims one: the slots that it stores, else `values` of which `nullCount` are
 * null, from the minimum to the maximum where there are such statistics. Real readers read them, unless the chunk lies on purpose.
 */
export function pagesOf(leaf: PagedLeaf, chunk: ChunkSpec, rows: number): Pages {
  const slots = slotsOf(leaf, chunk, rows);
  const encodings = chunk.encodings ?? [0, 3];
  const dictionary = encodings.find((each) => DICTIONARIES.has(each));
  const isSplit = encodings.includes(SPLIT) && leaf.type !== BOOLEAN && leaf.type !== BYTE_ARRAY;
  const present = slots.filter((slot) => slot !== undefined);
  const entries = [
    ...new Map([...present, ...(chunk.entries ?? [])].map((value) => [value.toString(), value])).values(),
  ];
  const width = Math.max(1, 32 - Math.clz32(Math.max(0, entries.length - 1)));
  const places = new Map(entries.map((value, index) => [value.toString(), index]));
  const bodyOf = (values: readonly Uint8Array[]): Uint8Array => {
    if (dictionary === undefined) return isSplit ? splitStreams(values) : plainBytes(leaf, values);
    const runs = values.map((value): [number, number] => [1, places.get(value.toString()) ?? 0]);
    return join([Uint8Array.of(width), runLengths(runs, width)]);
  };
  const encoding = dictionary ?? (isSplit ? SPLIT : 0);
  const first =
    dictionary === undefined
      ? []
      : [
          page(
            dictionaryHeader(chunk.lies?.entries ?? entries.length),
            NOTHING,
            plainBytes(leaf, entries),
            chunk,
          ),
        ];
  const size = Math.max(1, chunk.pageRows ?? slots.length);
  const data = Array.from({ length: Math.max(1, Math.ceil(slots.length / size)) }, (_, index) =>
    dataPage(leaf, slots.slice(index * size, (index + 1) * size), encoding, bodyOf, chunk),
  );
  const pages = [...first, ...data];
  return {
    bytes: join(pages.map(({ bytes }) => bytes)),
    dataAt: first[0]?.bytes.length ?? 0,
    uncompressedBytes: pages.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0),
  };
}

type Slot = Uint8Array | undefined;

function slotsOf(leaf: PagedLeaf, chunk: ChunkSpec, rows: number): readonly Slot[] {
  if (chunk.stored) return chunk.stored;
  const slots = Math.max(0, chunk.values ?? rows);
  const nulls = leaf.maxDefinition > 0 ? Math.min(slots, Math.max(0, Number(chunk.nullCount ?? 0))) : 0;
  return [...valuesOf(leaf, chunk, slots - nulls), ...Array.from({ length: nulls }, () => undefined)];
}

function dataPage(
  leaf: PagedLeaf,
  slots: readonly Slot[],
  encoding: number,
  bodyOf: (values: readonly Uint8Array[]) => Uint8Array,
  chunk: ChunkSpec,
): Pages {
  const definitions = slots.map((slot): [number, number] => [
    1,
    slot === undefined ? leaf.maxDefinition - 1 : leaf.maxDefinition,
  ]);
  const body = bodyOf(slots.filter((slot) => slot !== undefined));
  const count = chunk.lies?.values ?? slots.length;
  const repetitions = leaf.maxRepetition > 0 ? runsOf([[slots.length, 0]], leaf.maxRepetition) : NOTHING;
  const levels = leaf.maxDefinition > 0 ? runsOf(definitions, leaf.maxDefinition) : NOTHING;
  if (chunk.isSecondVersion) {
    const nulls = slots.filter((slot) => slot === undefined).length;
    const sizes = { nulls, definitions: levels.length, repetitions: repetitions.length };
    return page(secondHeader(count, encoding, sizes), join([repetitions, levels]), body, chunk);
  }
  const sized = [repetitions, levels].map((bytes) =>
    bytes.length > 0 ? join([le32(bytes.length), bytes]) : NOTHING,
  );
  return page(dataHeader(count, encoding), NOTHING, join([...sized, body]), chunk);
}

const NOTHING = new Uint8Array(0);

function valuesOf({ type, length }: PagedLeaf, chunk: ChunkSpec, count: number): readonly Uint8Array[] {
  const width = type === BOOLEAN ? 1 : type === FIXED ? length : WIDTHS[type];
  const fits = (bytes: Uint8Array | undefined) =>
    bytes !== undefined && (width === undefined || bytes.length === width) ? bytes : undefined;
  const lowest = fits(chunk.min ?? chunk.legacyMin);
  const highest = fits(chunk.max ?? chunk.legacyMax);
  const usual = lowest ?? highest ?? new Uint8Array(width ?? 0);
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? (highest ?? usual) : usual));
}

function plainBytes({ type }: PagedLeaf, values: readonly Uint8Array[]): Uint8Array {
  if (type === BOOLEAN) {
    const bits = new Uint8Array(Math.ceil(values.length / 8));
    for (const [index, value] of values.entries())
      if (value[0] === 1) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
    return bits;
  }
  return join(type === BYTE_ARRAY ? values.flatMap((value) => [le32(value.length), value]) : values);
}

function splitStreams(values: readonly Uint8Array[]): Uint8Array {
  const width = values[0]?.length ?? 0;
  return Uint8Array.from(
    Array.from({ length: width }, (_, byte) => values.map((value) => value[byte] ?? 0)).flat(),
  );
}

/** Levels that follow each other and are the same make one run. */
function runsOf(runs: readonly (readonly [count: number, level: number])[], maxLevel: number): Uint8Array {
  const joined: [number, number][] = [];
  for (const [count, level] of runs) {
    const last = joined.at(-1);
    if (last?.[1] === level) last[0] += count;
    else joined.push([count, level]);
  }
  return runLengths(joined, 32 - Math.clz32(maxLevel));
}

function runLengths(
  runs: readonly (readonly [count: number, value: number])[],
  bitWidth: number,
): Uint8Array {
  return Uint8Array.from(
    runs.flatMap(([count, value]) =>
      count === 0
        ? []
        : [...varint(count << 1), ...le32(value).subarray(0, Math.max(1, Math.ceil(bitWidth / 8)))],
    ),
  );
}

type Header = (uncompressed: number, compressed: number, crc: number | undefined) => Uint8Array;

/** PageHeader: 1 type, 2 and 3 sizes, 4 checksum, 5 of a data page, 7 of a dictionary, 8 of a data page of the second version. */
const headerOf =
  (type: number, field: number, description: Value): Header =>
  (uncompressed, compressed, crc) =>
    Uint8Array.from(
      struct({
        1: i32(type),
        2: i32(uncompressed),
        3: i32(compressed),
        4: crc === undefined ? undefined : i32(crc | 0),
        [field]: description,
      }).bytes,
    );
const dataHeader = (slots: number, encoding: number): Header =>
  headerOf(0, 5, struct({ 1: i32(slots), 2: i32(encoding), 3: i32(3), 4: i32(3) }));
const dictionaryHeader = (entries: number): Header => headerOf(2, 7, struct({ 1: i32(entries), 2: i32(0) }));
const secondHeader = (
  slots: number,
  encoding: number,
  sizes: { readonly nulls: number; readonly definitions: number; readonly repetitions: number },
): Header =>
  headerOf(
    3,
    8,
    struct({
      1: i32(slots),
      2: i32(sizes.nulls),
      3: i32(slots),
      4: i32(encoding),
      5: i32(sizes.definitions),
      6: i32(sizes.repetitions),
      7: bool(true),
    }),
  );

/** Levels of the second version stand unpacked before the rest. */
function page(
  header: Header,
  levels: Uint8Array,
  body: Uint8Array,
  { codec = 1, checksum, lies }: ChunkSpec,
): Pages {
  const packed = join([levels, COMPRESS[codec]?.(body) ?? body]);
  const crc = checksum === undefined ? undefined : checksum === 'right' ? crc32(packed) : checksum;
  const unpackedBytes = lies?.unpackedBytes ?? levels.length + body.length;
  const head = header(unpackedBytes, lies?.packedBytes ?? packed.length, crc);
  return {
    bytes: join([head, packed]),
    dataAt: 0,
    uncompressedBytes: head.length + levels.length + body.length,
  };
}

/** By the ids of parquet.thrift; pages of any other codec are stored as they are. */
const COMPRESS: Readonly<Record<number, (bytes: Uint8Array) => Uint8Array>> = {
  1: snappy,
  2: (bytes) => new Uint8Array(gzipSync(bytes)),
  4: (bytes) => new Uint8Array(brotliCompressSync(bytes)),
  5: hadoopLz4,
  6: zstd,
  7: lz4,
};

/** Snappy without finding anything to copy: literals of at most 64 KiB each. */
function snappy(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.from(varint(bytes.length))];
  for (let at = 0; at < bytes.length; at += 0x10000) {
    const literal = bytes.subarray(at, at + 0x10000);
    parts.push(Uint8Array.of(61 << 2), le32(literal.length - 1).subarray(0, 2), literal);
  }
  return join(parts);
}

/** LZ4 likewise: one literal, its length beyond 15 in bytes of at most 255. */
function lz4(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 15) return join([Uint8Array.of(bytes.length << 4), bytes]);
  const rest = bytes.length - 15;
  const lengths = [...Array.from({ length: Math.floor(rest / 255) }, () => 255), rest % 255];
  return join([Uint8Array.of(0xf0, ...lengths), bytes]);
}

/** The same in one of Hadoop's frames: both sizes, big-endian. */
function hadoopLz4(bytes: Uint8Array): Uint8Array {
  const packed = lz4(bytes);
  return join([le32(bytes.length).toReversed(), le32(packed.length).toReversed(), packed]);
}

/** Zstandard likewise: a frame of one segment of a stated size, in raw blocks. */
function zstd(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0), le32(bytes.length)];
  const size = 0x10000;
  for (let at = 0; at === 0 || at < bytes.length; at += size) {
    const block = bytes.subarray(at, at + size);
    const isLast = at + size >= bytes.length;
    parts.push(le32((block.length << 3) | Number(isLast)).subarray(0, 3), block);
  }
  return join(parts);
}

function le32(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
