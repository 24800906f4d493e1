import { matchPath } from './chunk-path.ts';
import { ContradictoryFooter } from './contradiction.ts';
import {
  type Cursor,
  MalformedFooter,
  nextField,
  readBinary,
  readInt,
  readListOf,
  readLong,
  skipField,
  skipVarint,
  WIRE,
} from './thrift.ts';
import {
  COLUMN_CRYPTO,
  GEOSPATIAL_STATISTICS,
  KEY_VALUE,
  PAGE_ENCODING_STATS,
  skipListOf,
  skipStructOf,
} from './thrift-shape.ts';
import { ABSENT, chunkName, MAGIC_BYTES, type Walk } from './walk.ts';

/** Fields that every chunk has, by the bit that stands for each. */
const REQUIRED = {
  0: 'own place',
  1: 'type',
  2: 'encodings',
  3: 'path',
  4: 'codec',
  5: 'number of values',
  6: 'uncompressed size',
  7: 'compressed size',
  9: 'place of its data pages',
} as const;
const ALL_REQUIRED = Object.keys(REQUIRED).reduce((bits, id) => bits | (1 << Number(id)), 0);
const DICTIONARY = 1 << 11;

/** Reads one ColumnChunk into the walk, and holds it against its column and against the file. */
export function walkChunk(cursor: Cursor, walk: Walk, ordinal: number): void {
  walk.seen = 0;
  walk.values = ABSENT;
  walk.nullCount = ABSENT;
  walk.bloomFilterAt = ABSENT;
  walk.bloomFilterBytes = ABSENT;
  let hasMetadata = false;
  let isHidden = false;
  let offsetIndexAt = ABSENT;
  let offsetIndexBytes = ABSENT;
  let columnIndexAt = ABSENT;
  let columnIndexBytes = ABSENT;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    switch (field) {
      case (1 << 4) | WIRE.binary:
        walk.chunksElsewhere++;
        readBinary(cursor);
        break;
      case (2 << 4) | WIRE.i64:
        walk.seen |= 1;
        skipVarint(cursor);
        break;
      case (3 << 4) | WIRE.struct:
        hasMetadata = true;
        walkMetadata(cursor, walk, ordinal);
        break;
      case (4 << 4) | WIRE.i64:
        offsetIndexAt = readLong(cursor);
        break;
      case (5 << 4) | WIRE.i32:
        offsetIndexBytes = readInt(cursor);
        break;
      case (6 << 4) | WIRE.i64:
        columnIndexAt = readLong(cursor);
        break;
      case (7 << 4) | WIRE.i32:
        columnIndexBytes = readInt(cursor);
        break;
      case (8 << 4) | WIRE.struct:
        walk.encrypted[ordinal] = 1;
        skipStructOf(cursor, COLUMN_CRYPTO);
        break;
      case (9 << 4) | WIRE.binary:
        walk.encrypted[ordinal] = 1;
        isHidden = true;
        readBinary(cursor);
        break;
      default:
        skipField(cursor, field & 0x0f);
    }
  }
  addNulls(walk, ordinal);
  // Metadata that only its key opens says nothing, and the column is known to be encrypted.
  if (!hasMetadata && isHidden) return;
  if (!hasMetadata) throw new MalformedFooter(`${chunkName(walk, ordinal)} lacks its metadata`);
  if ((walk.seen & ALL_REQUIRED) !== ALL_REQUIRED) throw lacking(walk, ordinal);
  checkPages(walk, ordinal);
  checkValues(walk, ordinal);
  if (columnIndexBytes > 0) checkIndex(walk, ordinal, columnIndexAt, columnIndexBytes);
  if (offsetIndexBytes > 0) checkIndex(walk, ordinal, offsetIndexAt, offsetIndexBytes);
  if (walk.bloomFilterAt > 0) {
    if (walk.bloomFilterBytes < 0) walk.isCoverKnown = false;
    checkIndex(walk, ordinal, walk.bloomFilterAt, Math.max(1, walk.bloomFilterBytes));
  }
}

/** A chunk without values has no nulls, whether or not its writer bothered to say so. */
function addNulls({ nullCounts, nullCount, values }: Walk, ordinal: number): void {
  if (nullCount === ABSENT && values !== 0) nullCounts[ordinal] = Number.NEGATIVE_INFINITY;
  else if (nullCount > 0) nullCounts[ordinal] = (nullCounts[ordinal] ?? 0) + nullCount;
}

function walkMetadata(cursor: Cursor, walk: Walk, ordinal: number): void {
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    switch (field) {
      case (1 << 4) | WIRE.i32:
        if (readInt(cursor) !== walk.typeIds[ordinal])
          throw new MalformedFooter('a column chunk has another physical type than its column');
        break;
      case (2 << 4) | WIRE.list: {
        const size = readListOf(cursor, WIRE.i32);
        for (let index = 0; index < size; index++) mark(walk.encodings, ordinal, readInt(cursor));
        break;
      }
      case (3 << 4) | WIRE.list:
        if (!isPathAgain(cursor, walk, ordinal)) matchPath(cursor, walk, ordinal);
        break;
      case (4 << 4) | WIRE.i32:
        mark(walk.codecs, ordinal, readInt(cursor));
        break;
      case (5 << 4) | WIRE.i64:
        walk.values = readLong(cursor);
        break;
      case (6 << 4) | WIRE.i64:
        skipVarint(cursor);
        break;
      case (7 << 4) | WIRE.i64:
        walk.compressedBytes = readLong(cursor);
        break;
      case (8 << 4) | WIRE.list:
        skipListOf(cursor, KEY_VALUE);
        break;
      case (9 << 4) | WIRE.i64:
        walk.dataAt = readLong(cursor);
        break;
      case (11 << 4) | WIRE.i64:
        walk.dictionaryAt = readLong(cursor);
        break;
      case (12 << 4) | WIRE.struct:
        walkStatistics(cursor, walk, ordinal);
        break;
      case (13 << 4) | WIRE.list:
        skipPageCounts(cursor);
        break;
      case (14 << 4) | WIRE.i64:
        walk.bloomFilterAt = readLong(cursor);
        break;
      case (15 << 4) | WIRE.i32:
        walk.bloomFilterBytes = readInt(cursor);
        break;
      case (17 << 4) | WIRE.struct:
        skipStructOf(cursor, GEOSPATIAL_STATISTICS);
        break;
      default:
        skipField(cursor, field & 0x0f);
        continue;
    }
    walk.seen |= 1 << (field >>> 4);
  }
}

/** Three fields of one byte each are seven bytes, and nearly always that is what stands there. */
function skipPageCounts(cursor: Cursor): void {
  const size = readListOf(cursor, WIRE.struct);
  const { bytes, end } = cursor;
  for (let index = 0; index < size; index++) {
    const { at } = cursor;
    const isUsual =
      at + 7 <= end &&
      bytes[at] === 0x15 &&
      bytes[at + 2] === 0x15 &&
      bytes[at + 4] === 0x15 &&
      bytes[at + 6] === 0 &&
      (((bytes[at + 1] as number) | (bytes[at + 3] as number) | (bytes[at + 5] as number)) & 0x80) === 0;
    if (isUsual) cursor.at = at + 7;
    else skipStructOf(cursor, PAGE_ENCODING_STATS);
  }
}

/** Bytes of a bound, by the id of its physical type: readers take that many, however many there are. Text has any number. */
const BOUND_BYTES = [1, 4, 8, 0, 4, 8, 0, 0] as const;

function walkStatistics(cursor: Cursor, walk: Walk, ordinal: number): void {
  let [oldMax, oldMin, max, min] = [ABSENT, ABSENT, ABSENT, ABSENT];
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field === ((3 << 4) | WIRE.i64)) {
      walk.nullCount = readLong(cursor);
      if (walk.nullCount < 0) throw new MalformedFooter('a null count is negative');
    } else if ((field & 0x0f) === WIRE.binary) {
      const start = readBinary(cursor);
      const bytes = cursor.at - start;
      const id = field >>> 4;
      if (id === 1) oldMax = bytes;
      else if (id === 2) oldMin = bytes;
      else if (id === 5) max = bytes;
      else if (id === 6) min = bytes;
    } else skipField(cursor, field & 0x0f);
  }
  // Bounds are read in pairs, and the deprecated ones only where there are no others.
  const shorter = min !== ABSENT && max !== ABSENT ? Math.min(min, max) : Math.min(oldMin, oldMax);
  const needed = BOUND_BYTES[walk.typeIds[ordinal] ?? 0] ?? 0;
  if (shorter !== ABSENT && shorter < needed)
    throw new ContradictoryFooter(
      'bounds-short',
      `statistics of ${needed} ${needed === 1 ? 'byte' : 'bytes'}, as its type has`,
      `${chunkName(walk, ordinal)}: a bound of ${shorter} bytes`,
    );
}

function isPathAgain(cursor: Cursor, { pathStarts, pathEnds }: Walk, ordinal: number): boolean {
  const { bytes, at } = cursor;
  const start = pathStarts[ordinal] as number;
  const length = (pathEnds[ordinal] as number) - start;
  if (length === 0 || length > cursor.end - at) return false;
  for (let index = 0; index < length; index++) if (bytes[at + index] !== bytes[start + index]) return false;
  cursor.at = at + length;
  return true;
}

/** Ids that no bit is left for share the last one. */
function mark(sets: Uint32Array, ordinal: number, id: number): void {
  const bit = id >= 0 && id < 31 ? id : 31;
  sets[ordinal] = ((sets[ordinal] ?? 0) | (1 << bit)) >>> 0;
}

/** The pages lie in the file, before its footer, dictionary first. */
function checkPages(walk: Walk, ordinal: number): void {
  const { values, compressedBytes, dataAt, footerStart } = walk;
  // Without values there may be no page to point to, or a dictionary alone.
  if (values === 0 && (compressedBytes === 0 || dataAt === 0)) return;
  let start = dataAt;
  if ((walk.seen & DICTIONARY) !== 0) {
    const { dictionaryAt } = walk;
    // Old writers say 0 for none, or point to the only page twice.
    if (dictionaryAt > 0 && dictionaryAt < dataAt) start = dictionaryAt;
    else if (dictionaryAt !== 0 && dictionaryAt !== dataAt)
      throw new ContradictoryFooter(
        'dictionary-misplaced',
        `a dictionary before byte ${dataAt}, where the data pages begin`,
        `${chunkName(walk, ordinal)}: a dictionary at byte ${dictionaryAt}`,
      );
  }
  if (start < MAGIC_BYTES || compressedBytes <= 0)
    throw new ContradictoryFooter(
      'pages-nowhere',
      `${values} values on pages in the file`,
      `${chunkName(walk, ordinal)}: ${compressedBytes} bytes at byte ${start}`,
    );
  const end = start + compressedBytes;
  if (end > footerStart)
    throw new ContradictoryFooter(
      'pages-cut-off',
      `pages before byte ${footerStart}, where the footer begins`,
      `${chunkName(walk, ordinal)}: pages up to byte ${end}`,
    );
  if (start < walk.pagesEnd) walk.isOrdered = false;
  if (end > walk.pagesEnd) walk.pagesEnd = end;
}

function checkValues(walk: Walk, ordinal: number): void {
  const { values } = walk;
  if (values < 0) throw new MalformedFooter(`${chunkName(walk, ordinal)} has a negative number of values`);
  if (walk.isRepeated[ordinal]) {
    if (walk.fewestOrdinal !== ABSENT && values >= walk.fewestSlots) return;
    walk.fewestOrdinal = ordinal;
    walk.fewestSlots = values;
  } else if (walk.flatOrdinal === ABSENT) {
    walk.flatOrdinal = ordinal;
    walk.flatValues = values;
  } else if (values !== walk.flatValues && walk.oddOrdinal === ABSENT) {
    walk.oddOrdinal = ordinal;
    walk.oddValues = values;
  }
}

function checkIndex(walk: Walk, ordinal: number, start: number, bytes: number): void {
  const end = start + bytes;
  if (start < MAGIC_BYTES || end > walk.footerStart)
    throw new ContradictoryFooter(
      'index-outside',
      `page indexes and bloom filters before byte ${walk.footerStart}, where the footer begins`,
      `${chunkName(walk, ordinal)}: one from byte ${start} to ${end}`,
    );
  if (start < walk.indexStart) walk.indexStart = start;
  if (end > walk.coveredEnd) walk.coveredEnd = end;
}

function lacking(walk: Walk, ordinal: number): MalformedFooter {
  const [, what] =
    Object.entries(REQUIRED).find(([id]) => (walk.seen & (1 << Number(id))) === 0) ?? ([] as const);
  return new MalformedFooter(`${chunkName(walk, ordinal)} lacks its ${what}`);
}
