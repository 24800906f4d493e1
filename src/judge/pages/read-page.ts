import { crc32 } from 'node:zlib';
import type { LeafNode } from '../parquet/schema.ts';
import { type Column, lengthOf } from './column.ts';
import { DamagedPage, UnreadPage } from './damage.ts';
import { readDeltaBytes, readDeltaIntegers, readDeltaLengths, readSplitStreams } from './delta.ts';
import type { PageHeader } from './page-header.ts';
import { readPlain, short } from './plain.ts';
import { readRuns } from './runs.ts';
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
  /** Definition level of each slot; absent where the column can have one alone. */
  readonly definitions: Int32Array | undefined;
  readonly repetitions: Int32Array | undefined;
  /** The values that are there: as they are, or by their place in the dictionary. */
  readonly values: Column | Int32Array;
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

/** The levels and the values of a data page; `entries` is the size of the dictionary before it, if there is one. */
export function readDataPage(
  header: PageHeader,
  body: Uint8Array,
  shape: PageShape,
  entries: number | undefined,
): DataPage {
  const { values: slots } = header;
  checkCount(slots, shape);
  const isSecond = header.kind === 'data-v2';
  const { bytes, at } = isSecond ? secondVersion(header, body, shape) : firstVersion(header, body, shape);
  const { maxDefinition, maxRepetition } = shape;
  let next = at;
  const level = (most: number, encoding: string, claimed: number): Int32Array | undefined => {
    if (most === 0) return undefined;
    if (encoding !== 'RLE') throw new UnreadPage(`levels in ${encoding} are not read`);
    const start = isSecond ? next : next + 4;
    const length = isSecond ? claimed : lengthAt(bytes, next);
    if (length > bytes.length - start) throw short(slots);
    const levels = new Int32Array(slots);
    readRuns(bytes, start, start + length, 32 - Math.clz32(most), levels, slots);
    next = start + length;
    return levels;
  };
  const repetitions = level(maxRepetition, header.repetitionEncoding, header.repetitionBytes);
  const definitions = level(maxDefinition, header.definitionEncoding, header.definitionBytes);
  const present = definitions ? countOf(definitions, maxDefinition) : slots;
  const data = isSecond ? secondValues(header, bytes, shape) : bytes;
  const start = isSecond ? 0 : next;
  return {
    slots,
    definitions,
    repetitions,
    values: readValues(header, data, start, present, shape, entries),
  };
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

function countOf(levels: Int32Array, most: number): number {
  let count = 0;
  for (const level of levels) {
    if (level === most) count++;
    else if (level > most) throw new DamagedPage('a level is higher than its column has');
  }
  return count;
}

function readValues(
  header: PageHeader,
  bytes: Uint8Array,
  start: number,
  count: number,
  { leaf, pageBytes }: PageShape,
  entries: number | undefined,
): Column | Int32Array {
  switch (header.encoding) {
    case 'PLAIN':
      return readPlain(bytes, start, count, leaf);
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return readIndexes(bytes, start, count, entries);
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

/** Places in the dictionary, each of which must be there. */
function readIndexes(
  bytes: Uint8Array,
  start: number,
  count: number,
  entries: number | undefined,
): Int32Array {
  const indexes = new Int32Array(count);
  if (count === 0) return indexes;
  if (entries === undefined)
    throw new DamagedPage('it points into a dictionary, and there is none before it');
  const width = bytes[start];
  if (width === undefined || width > 32) throw new DamagedPage('its places in the dictionary have no width');
  readRuns(bytes, start + 1, bytes.length, width, indexes, count);
  let most = 0;
  // A place of 32 bits may be read as negative.
  for (const index of indexes) if (index >>> 0 > most) most = index >>> 0;
  if (most >= entries) throw new DamagedPage(`it points to entry ${most} of a dictionary of ${entries}`);
  return indexes;
}

export function isIndexed(values: DataPage['values']): values is Int32Array {
  return values instanceof Int32Array;
}

/** Values that are there. */
export function countOfValues({ values }: DataPage): number {
  return isIndexed(values) ? values.length : lengthOf(values);
}
