import type { Contradiction } from './contradiction.ts';
import type { GroupNode, LeafNode } from './schema.ts';

/** Where bytes come from: hyparquet's `AsyncBuffer` shape, so that its users' sources fit. Offsets and lengths in bytes. */
export interface ByteSource {
  readonly byteLength: number;
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** What a footer says. Values of column chunks are decoded on demand by `chunksOf`, so that a large footer stays cheap. */
export interface FooterFacts {
  readonly fileBytes: number;
  readonly footerBytes: number;
  /** What was fetched to know this. */
  readonly bytesRead: number;
  readonly reads: number;
  readonly formatVersion: number;
  readonly rows: number;
  readonly createdBy: string | undefined;
  /** The root; its children are the file's top-level columns. */
  readonly schema: GroupNode;
  /** Every leaf in file order: `leaves[i].ordinal === i`. */
  readonly leaves: readonly LeafNode[];
  /** `undefined` in schema mode: row groups were not read, nothing about values is known. */
  readonly rowGroups: RowGroupIndex | undefined;
  /** What was found in the pages; absent where nobody looked beyond the footer. */
  readonly pages?: PageFacts;
}

/** A compact index of all column chunks, filled by one walk over the footer. */
export interface RowGroupIndex {
  readonly count: number;
  /** Rows of each row group. */
  readonly rows: Float64Array;
  /** Per leaf: sum of null counts over all chunks, or -Infinity where at least one chunk has none (absent is not zero). */
  readonly nullCounts: Float64Array;
  /** Per leaf: bit set of codec ids and of encoding ids used in any chunk (ids above 30 share bit 31). */
  readonly codecs: Uint32Array;
  readonly encodings: Uint32Array;
  /** Per leaf: 1 where any chunk is encrypted (crypto_metadata or encrypted_column_metadata present). */
  readonly encrypted: Uint8Array;
  /** Start of each chunk's ColumnChunk struct within `footer`: [rowGroup * leaves + ordinal]. */
  readonly chunkOffsets: Uint32Array;
  readonly footer: Uint8Array;
  /** Per leaf: true where `column_orders` names an order that this reader knows (TYPE_ORDER). */
  readonly orderKnown: readonly boolean[];
  /** Per leaf: its chunks, where they are known without a footer: of a file that is only imagined. */
  readonly decoded?: readonly (readonly ChunkFacts[])[];
}

/** Integers, dates, times and timestamps (in their unit) and unscaled decimals are bigint; floats are number; the rest raw bytes. */
export type StatValue = bigint | number | boolean | Uint8Array;

/** One column chunk, decoded. Absent means absent: never zero, never guessed. */
export interface ChunkFacts {
  readonly rowGroup: number;
  /** Leaf slots, nulls included. */
  readonly values: number;
  readonly codec: string;
  readonly encodings: readonly string[];
  readonly hasBloomFilter: boolean;
  /** All data pages are known to be dictionary-encoded (from encoding_stats, else from encodings as parquet-mr does). */
  readonly dictionaryOnly: boolean;
  readonly encrypted: boolean;
  readonly nullCount: number | undefined;
  /** NaN lies in no range, and bounds leave it out. */
  readonly nanCount?: number | undefined;
  /** Fields 5 and 6 of Statistics, decoded by the leaf's type (unsigned integers as unsigned). */
  readonly minValue: StatValue | undefined;
  readonly maxValue: StatValue | undefined;
  readonly isMinExact: boolean | undefined;
  readonly isMaxExact: boolean | undefined;
  /** The deprecated fields 2 and 1. */
  readonly legacyMin: StatValue | undefined;
  readonly legacyMax: StatValue | undefined;
  /** Whether a column index (page index) exists for the chunk. */
  readonly hasColumnIndex: boolean;
  /** Sum of the unencoded bytes of all BYTE_ARRAY values (SizeStatistics field 1), where the writer says so. */
  readonly unencodedByteArrayBytes: number | undefined;
  /** What its pages say, where they were looked into. */
  readonly seen?: SeenValues | undefined;
}

/** How the values of a column came to be known. */
export type ProofBy = 'statistics' | 'dictionary' | 'data';

/** What pages say of the values of one chunk, beyond its statistics. */
export interface SeenValues {
  readonly by: ProofBy;
  /**
   * Each of these values stands in some row. A dictionary may hold more than its rows do: then what all of its entries keep is
   * proven, and what one of them breaks is not.
   */
  readonly isExact: boolean;
  /** In the order of the type; absent where there is no value, none that is a number, or no order. */
  readonly min: StatValue | undefined;
  readonly max: StatValue | undefined;
  readonly nanCount: number;
  /** Of bytes: code points of the shortest and the longest, and whether all are UTF-8. */
  readonly shortest: number | undefined;
  readonly longest: number | undefined;
  readonly isText: boolean | undefined;
  /** Slots by definition level, where data pages were read. */
  readonly levels: readonly number[] | undefined;
  /** Values that fail a test, by its name: rows where `isExact`, entries of the dictionary elsewhere. */
  readonly failing: Readonly<Record<string, number>>;
  /** Tests that some value could not be put to. */
  readonly untested: readonly string[];
}

/** Something in the pages that no reader can make sense of, or that is not what was written. */
export interface PageDamage {
  readonly ordinal: number;
  readonly rowGroup: number;
  readonly kind: 'unreadable' | 'checksum';
  /** What is wrong, in our words. */
  readonly what: string;
}

/** Columns whose values must not come twice together in one file. */
export interface KeyFacts {
  readonly ordinals: readonly number[];
  /** Rows whose value some row before them has; `undefined` where it is not known. */
  readonly duplicates: number | undefined;
  /** At least so many, where they were not all counted. */
  readonly isLeast: boolean;
  readonly by: ProofBy;
  /** Why it is not known. */
  readonly why: string | undefined;
}

/** What was found in the pages of a file. */
export interface PageFacts {
  readonly depth: 'pages' | 'data';
  readonly bytesRead: number;
  readonly reads: number;
  /** By ordinal, then row group; a chunk that was not looked into is absent. */
  readonly seen: ReadonlyMap<number, readonly (SeenValues | undefined)[]>;
  /** By ordinal: why a chunk was not looked into, the first reason. */
  readonly unseen: ReadonlyMap<number, string>;
  readonly keys: readonly KeyFacts[];
  readonly damage: readonly PageDamage[];
}

/** Why a file cannot be judged by its footer: a verdict about the file, never an error of ours. */
export interface FooterProblem {
  readonly rule:
    | 'file-not-parquet'
    | 'file-truncated'
    | 'file-encrypted'
    | 'footer-malformed'
    | 'footer-contradictory'
    | 'footer-too-large';
  /** In what way a footer contradicts its file or itself. */
  readonly contradiction?: Contradiction;
  /** What was found, safe to show: our words, and names of the file bounded and escaped. */
  readonly actual: string;
  readonly expected: string;
}

export type FooterResult =
  | { readonly ok: true; readonly facts: FooterFacts; readonly tooLarge?: FooterProblem }
  | {
      readonly ok: false;
      readonly problem: FooterProblem;
      readonly bytesRead: number;
      readonly reads: number;
    };
