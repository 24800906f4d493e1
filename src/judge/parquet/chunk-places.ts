import type { FooterFacts } from './facts.ts';
import {
  type Cursor,
  cursorOver,
  nextField,
  readInt,
  readListOf,
  readLong,
  readText,
  skipField,
  WIRE,
} from './thrift.ts';

/** What one chunk says of its place. Read a second time, only where the walk found something odd. */
export interface ChunkPlaces {
  readonly path: readonly string[];
  /** Ranges of the file: its pages, page indexes and bloom filter. Ends are exclusive. */
  readonly ranges: readonly (readonly [start: number, end: number])[];
}

/** The numbers of a ColumnChunk by field id: its own and those of its metadata. */
interface ChunkNumbers {
  readonly path: readonly string[];
  readonly chunk: ReadonlyMap<number, number>;
  readonly metadata: ReadonlyMap<number, number>;
}

/** Reads the ColumnChunk struct at the cursor; what is absent has no range. */
export function readChunkPlaces(cursor: Cursor): ChunkPlaces {
  const { path, chunk, metadata } = readNumbers(cursor);
  const ranges = [
    [pagesAt(metadata), metadata.get(7)],
    [chunk.get(4), chunk.get(5)],
    [chunk.get(6), chunk.get(7)],
    [metadata.get(14), metadata.get(15)],
  ].flatMap(([start = 0, length = 0]): readonly [number, number][] =>
    length > 0 ? [[start, start + length]] : [],
  );
  return { path, ranges };
}

/** Where the pages of a chunk stand, and what points into them. */
export interface ChunkSpan {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Where the first data page begins, as far as the footer says; the dictionary stands before. */
  readonly dataAt: number;
  /** The column index, where the footer names one. */
  readonly columnIndex: readonly [start: number, end: number] | undefined;
}

/** The span of one chunk of a footer that was walked. */
export function chunkSpan({ rowGroups, leaves }: FooterFacts, rowGroup: number, ordinal: number): ChunkSpan {
  const cursor = cursorOver(rowGroups?.footer ?? new Uint8Array(0));
  cursor.at = rowGroups?.chunkOffsets[rowGroup * leaves.length + ordinal] ?? 0;
  const { chunk, metadata } = readNumbers(cursor);
  const start = pagesAt(metadata);
  const [indexAt = 0, indexBytes = 0] = [chunk.get(6), chunk.get(7)];
  return {
    start,
    end: start + (metadata.get(7) ?? 0),
    dataAt: metadata.get(9) ?? start,
    columnIndex: indexBytes > 0 ? [indexAt, indexAt + indexBytes] : undefined,
  };
}

function pagesAt(metadata: ReadonlyMap<number, number>): number {
  const dataAt = metadata.get(9) ?? 0;
  const dictionaryAt = metadata.get(11) ?? 0;
  return dictionaryAt > 0 && dictionaryAt < dataAt ? dictionaryAt : dataAt;
}

function readNumbers(cursor: Cursor): ChunkNumbers {
  const chunk = new Map<number, number>();
  const metadata = new Map<number, number>();
  let path: readonly string[] = [];
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field !== ((3 << 4) | WIRE.struct)) {
      keepNumber(cursor, field, chunk);
      continue;
    }
    for (let inner = nextField(cursor, 0); inner !== 0; inner = nextField(cursor, inner >>> 4)) {
      if (inner === ((3 << 4) | WIRE.list)) path = readPath(cursor);
      else keepNumber(cursor, inner, metadata);
    }
  }
  return { path, chunk, metadata };
}

function keepNumber(cursor: Cursor, field: number, into: Map<number, number>): void {
  const wire = field & 0x0f;
  if (wire === WIRE.i64) into.set(field >>> 4, readLong(cursor));
  else if (wire === WIRE.i32) into.set(field >>> 4, readInt(cursor));
  else skipField(cursor, wire);
}

export function readPath(cursor: Cursor): readonly string[] {
  const size = readListOf(cursor, WIRE.binary);
  return Array.from({ length: size }, () => readText(cursor));
}

/** The first two of many ranges that share a byte, by the number of the chunk that each belongs to. */
export function findShared(
  footer: Uint8Array,
  chunkOffsets: Uint32Array,
): readonly [first: number, second: number] | undefined {
  const starts: number[] = [];
  const ends: number[] = [];
  const owners: number[] = [];
  for (const [chunk, offset] of chunkOffsets.entries()) {
    const cursor = cursorOver(footer);
    cursor.at = offset;
    for (const [start, end] of readChunkPlaces(cursor).ranges) {
      starts.push(start);
      ends.push(end);
      owners.push(chunk);
    }
  }
  const order = starts.map((_, index) => index).sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0));
  for (let index = 1; index < order.length; index++) {
    const [before, after] = [order[index - 1] ?? 0, order[index] ?? 0];
    if ((starts[after] ?? 0) < (ends[before] ?? 0)) return [owners[before] ?? 0, owners[after] ?? 0];
  }
  return undefined;
}
