import { codecName, encodingName } from './chunk-names.ts';
import type { ChunkFacts, FooterFacts, StatValue } from './facts.ts';
import type { LeafNode } from './schema.ts';
import { decodeStatistic } from './statistics-value.ts';
import {
  type Cursor,
  cursorOver,
  MalformedFooter,
  nextField,
  readBinary,
  readInt,
  readListOf,
  readLong,
  skipField,
  WIRE,
} from './thrift.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A chunk while it is read, with what its encodings are used for. */
interface Reading {
  readonly facts: Writable<ChunkFacts> & { encodings: string[] };
  readonly leaf: LeafNode;
  /** From `encoding_stats`: whether data pages are dictionary-encoded, and whether any is not. */
  dictionaryPages: boolean;
  otherPages: boolean;
}

/**
 * Decodes every chunk of one leaf, in row-group order; `undefined` where the row groups were not read. Never throws:
 * details that the first walk stepped over and that turn out to be damaged count as absent.
 */
export function chunksOf(facts: FooterFacts, ordinal: number): readonly ChunkFacts[] | undefined {
  const { rowGroups, leaves } = facts;
  const leaf = leaves[ordinal];
  if (rowGroups === undefined || leaf === undefined) return undefined;
  if (rowGroups.decoded) return rowGroups.decoded[ordinal] ?? [];
  const chunks: ChunkFacts[] = [];
  for (let rowGroup = 0; rowGroup < rowGroups.count; rowGroup++) {
    const cursor = cursorOver(rowGroups.footer);
    cursor.at = rowGroups.chunkOffsets[rowGroup * leaves.length + ordinal] ?? 0;
    chunks.push(readChunk(cursor, rowGroup, leaf));
  }
  return chunks;
}

function readChunk(cursor: Cursor, rowGroup: number, leaf: LeafNode): ChunkFacts {
  const reading: Reading = {
    facts: {
      rowGroup,
      values: 0,
      codec: codecName(0),
      encodings: [],
      hasBloomFilter: false,
      dictionaryOnly: false,
      encrypted: false,
      nullCount: undefined,
      nanCount: undefined,
      minValue: undefined,
      maxValue: undefined,
      isMinExact: undefined,
      isMaxExact: undefined,
      legacyMin: undefined,
      legacyMax: undefined,
      hasColumnIndex: false,
      unencodedByteArrayBytes: undefined,
    },
    leaf,
    dictionaryPages: false,
    otherPages: false,
  };
  const { facts } = reading;
  try {
    readFields(cursor, reading);
  } catch (cause) {
    if (!(cause instanceof MalformedFooter)) throw cause;
  }
  if (facts.nullCount === undefined && facts.values === 0) facts.nullCount = 0;
  facts.dictionaryOnly = isDictionaryOnly(reading);
  return facts;
}

function readFields(cursor: Cursor, reading: Reading): void {
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    const id = field >>> 4;
    if (id === 6) reading.facts.hasColumnIndex = true;
    if (id === 8 || id === 9) reading.facts.encrypted = true;
    if (field === ((3 << 4) | WIRE.struct)) readMetadata(cursor, reading);
    else skipField(cursor, field & 0x0f);
  }
}

function readMetadata(cursor: Cursor, reading: Reading): void {
  const { facts } = reading;
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    switch (field) {
      case (2 << 4) | WIRE.list: {
        const size = readListOf(cursor, WIRE.i32);
        for (let index = 0; index < size; index++) facts.encodings.push(encodingName(readInt(cursor)));
        break;
      }
      case (4 << 4) | WIRE.i32:
        facts.codec = codecName(readInt(cursor));
        break;
      case (5 << 4) | WIRE.i64:
        facts.values = readLong(cursor);
        break;
      case (12 << 4) | WIRE.struct:
        readStatistics(cursor, reading);
        break;
      case (13 << 4) | WIRE.list:
        readEncodingStats(cursor, reading);
        break;
      case (14 << 4) | WIRE.i64:
        facts.hasBloomFilter = true;
        skipField(cursor, WIRE.i64);
        break;
      case (16 << 4) | WIRE.struct:
        readSizes(cursor, facts);
        break;
      default:
        skipField(cursor, field & 0x0f);
    }
  }
}

function readStatistics(cursor: Cursor, { facts, leaf }: Reading): void {
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    switch (field) {
      case (1 << 4) | WIRE.binary:
        facts.legacyMax = readValue(cursor, leaf);
        break;
      case (2 << 4) | WIRE.binary:
        facts.legacyMin = readValue(cursor, leaf);
        break;
      case (3 << 4) | WIRE.i64:
        facts.nullCount = readLong(cursor);
        break;
      case (5 << 4) | WIRE.binary:
        facts.maxValue = readValue(cursor, leaf);
        break;
      case (6 << 4) | WIRE.binary:
        facts.minValue = readValue(cursor, leaf);
        break;
      case (7 << 4) | WIRE.true:
      case (7 << 4) | WIRE.false:
        facts.isMaxExact = (field & 0x0f) === WIRE.true;
        break;
      case (8 << 4) | WIRE.true:
      case (8 << 4) | WIRE.false:
        facts.isMinExact = (field & 0x0f) === WIRE.true;
        break;
      case (9 << 4) | WIRE.i64:
        facts.nanCount = readLong(cursor);
        break;
      default:
        skipField(cursor, field & 0x0f);
    }
  }
}

function readValue(cursor: Cursor, leaf: LeafNode): StatValue | undefined {
  const start = readBinary(cursor);
  return decodeStatistic(cursor.bytes.subarray(start, cursor.at), leaf);
}

/** PageEncodingStats: 1 page type (0 data, 3 data v2), 2 encoding, 3 count. */
function readEncodingStats(cursor: Cursor, reading: Reading): void {
  const size = readListOf(cursor, WIRE.struct);
  for (let index = 0; index < size; index++) {
    let pageType = -1;
    let encoding = -1;
    let count = 0;
    for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
      if (field === ((1 << 4) | WIRE.i32)) pageType = readInt(cursor);
      else if (field === ((2 << 4) | WIRE.i32)) encoding = readInt(cursor);
      else if (field === ((3 << 4) | WIRE.i32)) count = readInt(cursor);
      else skipField(cursor, field & 0x0f);
    }
    if ((pageType !== 0 && pageType !== 3) || count <= 0) continue;
    if (encoding === 2 || encoding === 8) reading.dictionaryPages = true;
    else reading.otherPages = true;
  }
}

function readSizes(cursor: Cursor, facts: Reading['facts']): void {
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    if (field === ((1 << 4) | WIRE.i64)) facts.unencodedByteArrayBytes = readLong(cursor);
    else skipField(cursor, field & 0x0f);
  }
}

const DICTIONARY: ReadonlySet<string> = new Set(['PLAIN_DICTIONARY', 'RLE_DICTIONARY']);
const LEVELS: ReadonlySet<string> = new Set(['RLE', 'BIT_PACKED']);

/**
 * Whether every data page is dictionary-encoded, as parquet-mr decides it: by `encoding_stats`, else by the old
 * encoding PLAIN_DICTIONARY with nothing beside it but those of levels (`ParquetFileReader`, `PredicateUtils`).
 */
function isDictionaryOnly({ facts, dictionaryPages, otherPages }: Reading): boolean {
  if (dictionaryPages || otherPages) return dictionaryPages && !otherPages;
  return (
    facts.encodings.includes('PLAIN_DICTIONARY') &&
    facts.encodings.every((encoding) => DICTIONARY.has(encoding) || LEVELS.has(encoding))
  );
}
