import type { RowGroupIndex } from './facts.ts';
import type { LeafNode } from './schema.ts';
import { PHYSICAL_TYPES } from './schema-tree.ts';
import {
  type Cursor,
  MalformedFooter,
  nextField,
  readInt,
  readListOf,
  readLong,
  skipField,
  WIRE,
} from './thrift.ts';

/** Everything that the walk gathers, per leaf, across all row groups. */
interface Totals {
  readonly leaves: readonly LeafNode[];
  /** Physical type id of each leaf, to hold the chunks against. */
  readonly typeIds: readonly number[];
  readonly nullCounts: Float64Array;
  readonly codecs: Uint32Array;
  readonly encodings: Uint32Array;
  readonly encrypted: Uint8Array;
}

/** What one ColumnMetaData says, reused for every chunk so that nothing is allocated. */
interface Scratch {
  values: number;
  nullCount: number;
}

const ABSENT = -1;

/**
 * Walks `FileMetaData.row_groups` to its end. Nothing is allocated per chunk but four bytes of index, and those only
 * after the chunk was read, so a list that lies about its size costs nothing.
 */
export function walkRowGroups(
  cursor: Cursor,
  leaves: readonly LeafNode[],
): Omit<RowGroupIndex, 'orderKnown'> {
  const count = readListOf(cursor, WIRE.struct);
  const totals: Totals = {
    leaves,
    typeIds: leaves.map(({ physicalType }) => PHYSICAL_TYPES.indexOf(physicalType)),
    nullCounts: new Float64Array(leaves.length),
    codecs: new Uint32Array(leaves.length),
    encodings: new Uint32Array(leaves.length),
    encrypted: new Uint8Array(leaves.length),
  };
  const offsets = growingUint32(Math.min(count, 16) * leaves.length);
  const rows: number[] = [];
  const scratch: Scratch = { values: 0, nullCount: ABSENT };
  for (let group = 0; group < count; group++) rows.push(walkRowGroup(cursor, totals, offsets, scratch));
  return {
    count,
    rows: new Float64Array(rows),
    nullCounts: totals.nullCounts,
    codecs: totals.codecs,
    encodings: totals.encodings,
    encrypted: totals.encrypted,
    chunkOffsets: offsets.take(),
    footer: cursor.bytes,
  };
}

/** Gives the row group's number of rows. */
function walkRowGroup(cursor: Cursor, totals: Totals, offsets: GrowingUint32, scratch: Scratch): number {
  let rows = ABSENT;
  let hasColumns = false;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field === ((1 << 4) | WIRE.list)) {
      const columns = readListOf(cursor, WIRE.struct);
      if (columns !== totals.leaves.length)
        throw new MalformedFooter(`a row group has ${columns} columns, the schema ${totals.leaves.length}`);
      for (let ordinal = 0; ordinal < columns; ordinal++) {
        offsets.push(cursor.at);
        walkChunk(cursor, totals, ordinal, scratch);
      }
      hasColumns = true;
    } else if (field === ((3 << 4) | WIRE.i64)) rows = readLong(cursor);
    else skipField(cursor, field & 0x0f);
  }
  if (!hasColumns) throw new MalformedFooter('a row group has no columns');
  if (rows < 0) throw new MalformedFooter('a row group has no number of rows, or a negative one');
  return rows;
}

function walkChunk(cursor: Cursor, totals: Totals, ordinal: number, scratch: Scratch): void {
  scratch.values = ABSENT;
  scratch.nullCount = ABSENT;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field === ((3 << 4) | WIRE.struct)) walkMetadata(cursor, totals, ordinal, scratch);
    else {
      // 8 crypto_metadata, 9 encrypted_column_metadata
      const id = field >>> 4;
      if (id === 8 || id === 9) totals.encrypted[ordinal] = 1;
      skipField(cursor, field & 0x0f);
    }
  }
  // A chunk without values has no nulls, whether or not its writer bothered to say so.
  if (scratch.nullCount === ABSENT && scratch.values !== 0)
    totals.nullCounts[ordinal] = Number.NEGATIVE_INFINITY;
  else if (scratch.nullCount > 0)
    totals.nullCounts[ordinal] = (totals.nullCounts[ordinal] ?? 0) + scratch.nullCount;
}

function walkMetadata(cursor: Cursor, totals: Totals, ordinal: number, scratch: Scratch): void {
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    switch (field) {
      case (1 << 4) | WIRE.i32:
        if (readInt(cursor) !== totals.typeIds[ordinal])
          throw new MalformedFooter('a column chunk has another physical type than its column');
        break;
      case (2 << 4) | WIRE.list: {
        const size = readListOf(cursor, WIRE.i32);
        for (let index = 0; index < size; index++) mark(totals.encodings, ordinal, readInt(cursor));
        break;
      }
      case (4 << 4) | WIRE.i32:
        mark(totals.codecs, ordinal, readInt(cursor));
        break;
      case (5 << 4) | WIRE.i64:
        scratch.values = readLong(cursor);
        break;
      case (12 << 4) | WIRE.struct:
        walkStatistics(cursor, scratch);
        break;
      default:
        skipField(cursor, field & 0x0f);
    }
  }
}

function walkStatistics(cursor: Cursor, scratch: Scratch): void {
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field === ((3 << 4) | WIRE.i64)) {
      scratch.nullCount = readLong(cursor);
      if (scratch.nullCount < 0) throw new MalformedFooter('a null count is negative');
    } else skipField(cursor, field & 0x0f);
  }
}

/** Ids that no bit is left for share the last one. */
function mark(sets: Uint32Array, ordinal: number, id: number): void {
  const bit = id >= 0 && id < 31 ? id : 31;
  sets[ordinal] = ((sets[ordinal] ?? 0) | (1 << bit)) >>> 0;
}

interface GrowingUint32 {
  readonly push: (value: number) => void;
  readonly take: () => Uint32Array;
}

function growingUint32(capacity: number): GrowingUint32 {
  let values = new Uint32Array(Math.max(16, capacity));
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const larger = new Uint32Array(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    take: () => values.subarray(0, length),
  };
}
