import { findShared } from './chunk-places.ts';
import { walkChunk } from './chunk-walk.ts';
import { ContradictoryFooter } from './contradiction.ts';
import type { RowGroupIndex } from './facts.ts';
import type { SchemaTree } from './schema-tree.ts';
import { type Cursor, MalformedFooter, nextField, readListOf, readLong, skipField, WIRE } from './thrift.ts';
import { SORTING_COLUMN, skipListOf } from './thrift-shape.ts';
import { ABSENT, chunkName, startWalk, type Walk } from './walk.ts';

/** The file around the footer. */
export interface FooterSurroundings {
  readonly fileBytes: number;
  /** Where the footer begins. */
  readonly footerStart: number;
}

export interface WalkedRowGroups {
  readonly index: Omit<RowGroupIndex, 'orderKnown'>;
  /** Behind this byte stands nothing that the footer names; absent where it cannot tell. */
  readonly coveredEnd: number | undefined;
}

/**
 * Walks `FileMetaData.row_groups` to its end, and holds what it says against the schema, the file and itself. Nothing is
 * allocated per chunk but four bytes of index, and those only after the chunk was read, so a list that lies about its
 * size costs nothing.
 */
export function walkRowGroups(
  cursor: Cursor,
  tree: SchemaTree,
  { fileBytes, footerStart }: FooterSurroundings,
): WalkedRowGroups {
  const count = readListOf(cursor, WIRE.struct);
  const walk = startWalk(tree, footerStart);
  const offsets = growingUint32(Math.min(count, 16) * tree.leaves.length);
  const rows: number[] = [];
  for (let group = 0; group < count; group++) {
    walk.rowGroup = group;
    rows.push(walkRowGroup(cursor, walk, offsets, fileBytes));
  }
  const chunkOffsets = offsets.take();
  if (!walk.isOrdered || walk.indexStart < walk.pagesEnd) checkDisjoint(cursor.bytes, chunkOffsets, walk);
  const { nullCounts, codecs, encodings, encrypted } = walk;
  return {
    index: {
      count,
      rows: new Float64Array(rows),
      nullCounts,
      codecs,
      encodings,
      encrypted,
      chunkOffsets,
      footer: cursor.bytes,
    },
    coveredEnd: walk.isCoverKnown ? Math.max(walk.pagesEnd, walk.coveredEnd) : undefined,
  };
}

/** Gives the row group's number of rows. */
function walkRowGroup(cursor: Cursor, walk: Walk, offsets: GrowingUint32, fileBytes: number): number {
  let rows = ABSENT;
  let hasColumns = false;
  let hasSize = false;
  let fileOffset = 0;
  walk.chunksElsewhere = 0;
  walk.flatOrdinal = ABSENT;
  walk.oddOrdinal = ABSENT;
  walk.fewestOrdinal = ABSENT;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    switch (field) {
      case (1 << 4) | WIRE.list: {
        const columns = readListOf(cursor, WIRE.struct);
        if (columns !== walk.leaves.length)
          throw new MalformedFooter(`a row group has ${columns} columns, the schema ${walk.leaves.length}`);
        walk.groupStart = cursor.at;
        for (let ordinal = 0; ordinal < columns; ordinal++) {
          offsets.push(cursor.at);
          walkChunk(cursor, walk, ordinal);
        }
        hasColumns = true;
        break;
      }
      case (2 << 4) | WIRE.i64:
        hasSize = true;
        skipField(cursor, WIRE.i64);
        break;
      case (3 << 4) | WIRE.i64:
        rows = readLong(cursor);
        break;
      case (4 << 4) | WIRE.list:
        skipListOf(cursor, SORTING_COLUMN);
        break;
      case (5 << 4) | WIRE.i64:
        fileOffset = readLong(cursor);
        break;
      default:
        skipField(cursor, field & 0x0f);
    }
  }
  if (!hasColumns) throw new MalformedFooter('a row group has no columns');
  if (!hasSize) throw new MalformedFooter('a row group lacks its size');
  if (rows < 0) throw new MalformedFooter('a row group has no number of rows, or a negative one');
  checkCounts(walk, rows);
  if (fileOffset < 0 || fileOffset >= fileBytes)
    throw new ContradictoryFooter(
      'group-outside',
      `row group ${walk.rowGroup} inside the file of ${fileBytes} bytes`,
      `one at byte ${fileOffset}`,
    );
  if (walk.chunksElsewhere > 0) throw elsewhere(walk);
  return rows;
}

/** A column without repetition has one value a row, any other at least one. */
function checkCounts(walk: Walk, rows: number): void {
  const { flatOrdinal, flatValues, oddOrdinal, oddValues, fewestOrdinal, fewestSlots, rowGroup } = walk;
  if (flatOrdinal !== ABSENT && oddOrdinal === ABSENT && flatValues !== rows)
    throw new ContradictoryFooter(
      rows < flatValues ? 'rows-fewer' : 'rows-more',
      `${flatValues} rows in row group ${rowGroup}, as many as its columns have values`,
      `${rows} rows`,
    );
  const isFlatOdd = oddOrdinal !== ABSENT && flatValues !== rows;
  if (oddOrdinal !== ABSENT)
    throw oddCount(walk, rows, isFlatOdd ? flatOrdinal : oddOrdinal, isFlatOdd ? flatValues : oddValues);
  if (fewestOrdinal !== ABSENT && fewestSlots < rows) throw oddCount(walk, rows, fewestOrdinal, fewestSlots);
}

function oddCount(walk: Walk, rows: number, ordinal: number, values: number): ContradictoryFooter {
  return new ContradictoryFooter(
    'values-odd',
    `${walk.isRepeated[ordinal] ? 'at least ' : ''}${rows} values, as many as there are rows`,
    `${chunkName(walk, ordinal)}: ${values} values`,
  );
}

function elsewhere({ chunksElsewhere, leaves, rowGroup }: Walk): ContradictoryFooter {
  return new ContradictoryFooter(
    chunksElsewhere === leaves.length ? 'file-other' : 'file-mixed',
    'column chunks in this file',
    `${chunksElsewhere} of ${leaves.length} chunks of row group ${rowGroup} are said to lie in another file`,
  );
}

function checkDisjoint(footer: Uint8Array, chunkOffsets: Uint32Array, walk: Walk): void {
  const shared = findShared(footer, chunkOffsets);
  if (shared === undefined) return;
  const [first, second] = shared.map((chunk) =>
    chunkName({ ...walk, rowGroup: Math.floor(chunk / walk.leaves.length) }, chunk % walk.leaves.length),
  );
  throw new ContradictoryFooter(
    'pages-shared',
    'bytes of its own for each chunk',
    `${first} and ${second} share some`,
  );
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
