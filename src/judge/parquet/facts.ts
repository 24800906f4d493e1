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
