import { gzipSync } from 'node:zlib';
import type { ChunkSpec } from './parquet-file.ts';
import { i32, struct, varint } from './thrift-writer.ts';

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
 * One data page, behind a dictionary where the chunk claims one: `values` slots of which `nullCount` are null, from the
 * minimum to the maximum where there are such statistics. Real readers read them, unless the chunk lies on purpose.
 */
export function pagesOf(leaf: PagedLeaf, chunk: ChunkSpec, rows: number): Pages {
  const slots = Math.max(0, chunk.values ?? rows);
  const nulls = leaf.maxDefinition > 0 ? Math.min(slots, Math.max(0, Number(chunk.nullCount ?? 0))) : 0;
  const values = valuesOf(leaf, chunk, slots - nulls);
  const encodings = chunk.encodings ?? [0, 3];
  const dictionary = encodings.find((each) => DICTIONARIES.has(each));
  const codec = chunk.codec ?? 1;
  const levels = join([
    leaf.maxRepetition > 0 ? levelsOf([[slots, 0]], leaf.maxRepetition) : NOTHING,
    leaf.maxDefinition > 0
      ? levelsOf(
          [
            [slots - nulls, leaf.maxDefinition],
            [nulls, leaf.maxDefinition - 1],
          ],
          leaf.maxDefinition,
        )
      : NOTHING,
  ]);
  if (dictionary === undefined) {
    const isSplit = encodings.includes(SPLIT) && leaf.type !== BOOLEAN && leaf.type !== BYTE_ARRAY;
    const plain = isSplit ? splitStreams(values) : plainBytes(leaf, values);
    return page(dataHeader(slots, isSplit ? SPLIT : 0), join([levels, plain]), codec);
  }
  const distinct = [...new Map(values.map((value) => [value.toString(), value])).values()];
  const first = page(dictionaryHeader(distinct.length), plainBytes(leaf, distinct), codec);
  const width = Math.max(1, 32 - Math.clz32(Math.max(0, distinct.length - 1)));
  const places = new Map(distinct.map((value, index) => [value.toString(), index]));
  const runs = values.map((value): [number, number] => [1, places.get(value.toString()) ?? 0]);
  const indexes = join([Uint8Array.of(width), runLengths(runs, width)]);
  const second = page(dataHeader(slots, dictionary), join([levels, indexes]), codec);
  return {
    bytes: join([first.bytes, second.bytes]),
    dataAt: first.bytes.length,
    uncompressedBytes: first.uncompressedBytes + second.uncompressedBytes,
  };
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

/** Levels of a data page of the first version: their length, then runs. */
function levelsOf(runs: readonly (readonly [count: number, level: number])[], maxLevel: number): Uint8Array {
  const bytes = runLengths(runs, 32 - Math.clz32(maxLevel));
  return join([le32(bytes.length), bytes]);
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

type Header = (uncompressed: number, compressed: number) => Uint8Array;

/** PageHeader: 1 type, 2 and 3 sizes, 5 of a data page, 7 of a dictionary. */
const dataHeader =
  (slots: number, encoding: number): Header =>
  (uncompressed, compressed) =>
    Uint8Array.from(
      struct({
        1: i32(0),
        2: i32(uncompressed),
        3: i32(compressed),
        5: struct({ 1: i32(slots), 2: i32(encoding), 3: i32(3), 4: i32(3) }),
      }).bytes,
    );
const dictionaryHeader =
  (entries: number): Header =>
  (uncompressed, compressed) =>
    Uint8Array.from(
      struct({
        1: i32(2),
        2: i32(uncompressed),
        3: i32(compressed),
        7: struct({ 1: i32(entries), 2: i32(0) }),
      }).bytes,
    );

function page(header: Header, body: Uint8Array, codec: number): Pages {
  const packed = COMPRESS[codec]?.(body) ?? body;
  const head = header(body.length, packed.length);
  return { bytes: join([head, packed]), dataAt: 0, uncompressedBytes: head.length + body.length };
}

/** By the ids of parquet.thrift; pages of any other codec are stored as they are. */
const COMPRESS: Readonly<Record<number, (bytes: Uint8Array) => Uint8Array>> = {
  1: snappy,
  2: (bytes) => new Uint8Array(gzipSync(bytes)),
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
