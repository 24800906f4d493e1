import { crc32 } from 'node:zlib';
import type { LeafNode } from '../parquet/schema.ts';
import type { Column } from './column.ts';
import { DamagedPage, UnreadPage } from './damage.ts';
import { readDeltaBytes, readDeltaIntegers, readDeltaLengths, readSplitStreams } from './delta.ts';
import type { PageHeader } from './page-header.ts';
import { readPlain, short } from './plain.ts';
import { countRuns, readRuns } from './runs.ts';
import { unpack } from './unpack.ts';

/** What the pages of a chunk have in common. */
export interface PageShape {
  readonly leaf: LeafNode;
  readonly codec: string;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
  /** Bytes that a page may have unpacked. */
  readonly pageBytes: number;
}

/** One data page, decoded as far as its values. */
export interface DataPage {
  readonly slots: number;
  /** Slots by definition level. */
  readonly levelCounts: Int32Array;
  /** Definition level of each slot, where they are asked for and not all the same. */
  readonly definitions: Int32Array | undefined;
  /** The values that are there: as they are, or by their place in the dictionary; absent where those were only counted. */
  readonly values: Column | Int32Array | undefined;
}

/** The dictionary of a chunk, and how often its entries stand in the pages that were read. */
export interface Dictionary {
  readonly entries: Column;
  readonly counts: Int32Array;
}

/** A page whose checksum is not that of its bytes (parquet.thrift, `PageHeader.crc`). */
export function hasOtherChecksum({ crc }: PageHeader, body: Uint8Array): boolean {
  return crc !== undefined && crc32(body) !== crc >>> 0;
}

const DICTIONARIES: ReadonlySet<string> = new Set(['PLAIN', 'PLAIN_DICTIONARY']);

export function isDictionaryEncoded({ encoding }: PageHeader): boolean {
  return encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY';
}

/** The entries of a dictionary page. */
export function readDictionary(header: PageHeader, body: Uint8Array, shape: PageShape): Column {
  if (!DICTIONARIES.has(header.encoding))
    throw new DamagedPage(`its dictionary is in ${header.encoding}, which dictionaries never are`);
  const bytes = unpack(shape.codec, body, header.unpackedBytes, shape.pageBytes);
  checkCount(header.values, shape);
  return readPlain(bytes, 0, header.values, shape.leaf);
}

/** The levels and the values of a data page. With `keepsRows` each row can be told; without, only what they are together. */
export function readDataPage(
  header: PageHeader,
  body: Uint8Array,
  shape: PageShape,
  dictionary: Dictionary | undefined,
  keepsRows: boolean,
): DataPage {
  const { values: slots } = header;
  checkCount(slots, shape);
  const isSecond = header.kind === 'data-v2';
  const { bytes, at } = isSecond ? secondVersion(header, body, shape) : firstVersion(header, body, shape);
  const { maxDefinition, maxRepetition } = shape;
  let next = at;
  const rangeOf = (encoding: string, claimed: number): readonly [start: number, end: number] => {
    if (encoding !== 'RLE') throw new UnreadPage(`levels in ${encoding} are not read`);
    const start = isSecond ? next : next + 4;
    const length = isSecond ? claimed : lengthAt(bytes, next);
    if (length > bytes.length - start) throw short(slots);
    next = start + length;
    return [start, next];
  };
  // How often values repeat is nothing that is asked: their levels need only be there.
  if (maxRepetition > 0)
    countLevels(bytes, rangeOf(header.repetitionEncoding, header.repetitionBytes), maxRepetition, slots);
  const levelCounts = new Int32Array(maxDefinition + 1);
  let definitions: Int32Array | undefined;
  if (maxDefinition === 0) levelCounts[0] = slots;
  else {
    const range = rangeOf(header.definitionEncoding, header.definitionBytes);
    countLevels(bytes, range, maxDefinition, slots, levelCounts);
    if (keepsRows && levelCounts[maxDefinition] !== slots) {
      definitions = new Int32Array(slots);
      readRuns(bytes, ...range, widthOfLevels(maxDefinition), definitions, slots);
    }
  }
  const present = levelCounts[maxDefinition] ?? 0;
  const data = isSecond ? secondValues(header, bytes, shape) : bytes;
  const start = isSecond ? 0 : next;
  const values = readValues(header, data, start, present, shape, dictionary, keepsRows);
  return { slots, levelCounts, definitions, values };
}

function widthOfLevels(most: number): number {
  return 32 - Math.clz32(most);
}

function countLevels(
  bytes: Uint8Array,
  [start, end]: readonly [number, number],
  most: number,
  slots: number,
  counts: Int32Array = new Int32Array(most + 1),
): void {
  countRuns(bytes, start, end, widthOfLevels(most), slots, counts, () => {
    throw new DamagedPage('a level is higher than its column has');
  });
}

/** Nobody's page holds so many: its levels alone would take more than a page may. */
function checkCount(count: number, { pageBytes }: PageShape): void {
  if (count * 4 > pageBytes) throw new UnreadPage(`a page claims ${count} values, more than are looked into`);
}

function firstVersion({ unpackedBytes }: PageHeader, body: Uint8Array, { codec, pageBytes }: PageShape) {
  return { bytes: unpack(codec, body, unpackedBytes, pageBytes), at: 0 };
}

/** Levels stand unpacked, repetition first. */
function secondVersion(header: PageHeader, body: Uint8Array, { maxRepetition }: PageShape) {
  const { repetitionBytes, definitionBytes, unpackedBytes } = header;
  const levelBytes = repetitionBytes + definitionBytes;
  if (repetitionBytes < 0 || definitionBytes < 0 || levelBytes > Math.min(body.length, unpackedBytes))
    throw new DamagedPage('its levels are longer than it is');
  return { bytes: body, at: maxRepetition === 0 ? repetitionBytes : 0 };
}

function secondValues(header: PageHeader, body: Uint8Array, { codec, pageBytes }: PageShape): Uint8Array {
  const levelBytes = header.repetitionBytes + header.definitionBytes;
  const packed = body.subarray(levelBytes);
  return unpack(
    header.isPacked ? codec : 'UNCOMPRESSED',
    packed,
    header.unpackedBytes - levelBytes,
    pageBytes,
  );
}

function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new DamagedPage('it ends inside its levels');
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}

function readValues(
  header: PageHeader,
  bytes: Uint8Array,
  start: number,
  count: number,
  { leaf, pageBytes }: PageShape,
  dictionary: Dictionary | undefined,
  keepsRows: boolean,
): Column | Int32Array | undefined {
  switch (header.encoding) {
    case 'PLAIN':
      return readPlain(bytes, start, count, leaf);
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return readIndexes(bytes, start, count, dictionary, keepsRows);
    case 'RLE': {
      if (leaf.physicalType !== 'BOOLEAN')
        throw new DamagedPage('its encoding is one of booleans, its column is not');
      const length = lengthAt(bytes, start);
      const values = new Int32Array(count);
      readRuns(bytes, start + 4, Math.min(bytes.length, start + 4 + length), 1, values, count);
      return { kind: 'booleans', values: Uint8Array.from(values) };
    }
    case 'DELTA_BINARY_PACKED':
      return readDeltaIntegers(bytes, start, count, leaf);
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return readDeltaLengths(bytes, start, count);
    case 'DELTA_BYTE_ARRAY':
      return readDeltaBytes(bytes, start, count, leaf, pageBytes);
    case 'BYTE_STREAM_SPLIT':
      return readSplitStreams(bytes, start, count, leaf);
    default:
      throw new UnreadPage(`pages in ${header.encoding} are not read`);
  }
}

/** Places in the dictionary, each of which must be there; counted in any case. */
function readIndexes(
  bytes: Uint8Array,
  start: number,
  count: number,
  dictionary: Dictionary | undefined,
  keepsRows: boolean,
): Int32Array | undefined {
  if (count === 0) return keepsRows ? new Int32Array(0) : undefined;
  if (dictionary === undefined)
    throw new DamagedPage('it points into a dictionary, and there is none before it');
  const width = bytes[start];
  if (width === undefined || width > 32) throw new DamagedPage('its places in the dictionary have no width');
  const { counts } = dictionary;
  countRuns(bytes, start + 1, bytes.length, width, count, counts, (place) => {
    throw new DamagedPage(`it points to entry ${place} of a dictionary of ${counts.length}`);
  });
  if (!keepsRows) return undefined;
  const indexes = new Int32Array(count);
  readRuns(bytes, start + 1, bytes.length, width, indexes, count);
  return indexes;
}

export function isIndexed(values: DataPage['values']): values is Int32Array {
  return values instanceof Int32Array;
}
