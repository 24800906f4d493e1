import { safeText } from '../../text/safe.ts';
import type { LeafNode } from './schema.ts';
import { PHYSICAL_TYPES, type SchemaTree } from './schema-tree.ts';

/** What the walk over all row groups gathers. One for the whole footer, so that nothing is allocated per chunk. */
export interface Walk {
  readonly leaves: readonly LeafNode[];
  /** Per leaf: physical type id, and whether a row may have several values, to hold the chunks against. */
  readonly typeIds: readonly number[];
  readonly isRepeated: readonly boolean[];
  /** Per leaf, where its path stood first: the same bytes again need no second look. */
  readonly pathStarts: Uint32Array;
  readonly pathEnds: Uint32Array;
  readonly nullCounts: Float64Array;
  readonly codecs: Uint32Array;
  readonly encodings: Uint32Array;
  readonly encrypted: Uint8Array;
  /** Bytes of the file before its footer. */
  readonly footerStart: number;

  /** The chunk at hand. `seen` has a bit for each field of its metadata; bit 0 is the chunk's own place. */
  seen: number;
  values: number;
  nullCount: number;
  compressedBytes: number;
  dataAt: number;
  dictionaryAt: number;
  bloomFilterAt: number;
  bloomFilterBytes: number;

  /** The row group at hand. */
  rowGroup: number;
  /** Where its first chunk stands in the footer. */
  groupStart: number;
  chunksElsewhere: number;
  /** Values of the first column without repetition, and the first column that has another number of them. */
  flatOrdinal: number;
  flatValues: number;
  oddOrdinal: number;
  oddValues: number;
  /** The repeated column with the fewest slots. */
  fewestOrdinal: number;
  fewestSlots: number;

  /** The file so far: where its pages end, whether each chunk began behind all before it, where indexes begin, what is covered. */
  pagesEnd: number;
  isOrdered: boolean;
  indexStart: number;
  coveredEnd: number;
  /** A bloom filter may be of any length where none is given. */
  isCoverKnown: boolean;
}

export const ABSENT = -1;
/** A file begins with its magic. */
export const MAGIC_BYTES = 4;

/** A walk that has seen nothing yet. */
export function startWalk({ leaves, isRepeated }: SchemaTree, footerStart: number): Walk {
  return {
    leaves,
    typeIds: leaves.map(({ physicalType }) => PHYSICAL_TYPES.indexOf(physicalType)),
    isRepeated,
    pathStarts: new Uint32Array(leaves.length),
    pathEnds: new Uint32Array(leaves.length),
    nullCounts: new Float64Array(leaves.length),
    codecs: new Uint32Array(leaves.length),
    encodings: new Uint32Array(leaves.length),
    encrypted: new Uint8Array(leaves.length),
    footerStart,
    seen: 0,
    values: ABSENT,
    nullCount: ABSENT,
    compressedBytes: 0,
    dataAt: 0,
    dictionaryAt: 0,
    bloomFilterAt: ABSENT,
    bloomFilterBytes: ABSENT,
    rowGroup: 0,
    groupStart: 0,
    chunksElsewhere: 0,
    flatOrdinal: ABSENT,
    flatValues: 0,
    oddOrdinal: ABSENT,
    oddValues: 0,
    fewestOrdinal: ABSENT,
    fewestSlots: 0,
    pagesEnd: MAGIC_BYTES,
    isOrdered: true,
    indexStart: Number.POSITIVE_INFINITY,
    coveredEnd: MAGIC_BYTES,
    isCoverKnown: true,
  };
}

/** The chunk as people find it; names are the file's, so they are bounded and escaped. */
export function chunkName({ leaves, rowGroup }: Walk, ordinal: number): string {
  return `column ${safeText(leaves[ordinal]?.path.join('.') ?? '', 80)} of row group ${rowGroup}`;
}
