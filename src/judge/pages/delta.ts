import type { LeafNode } from '../parquet/schema.ts';
import type { Column } from './column.ts';
import { DamagedPage, UnreadPage } from './damage.ts';
import { ofWidth, short, widthOf } from './plain.ts';

/** 64-bit numbers in the encoding DELTA_BINARY_PACKED, and where they end. */
interface Deltas {
  readonly values: BigInt64Array;
  readonly end: number;
}

/** A block is 128 numbers in all writers; one that claims more than this many is nobody's. */
const MAX_BLOCK = 65_536;

/** `count` numbers, as the format packs them: a first one, then differences in blocks, each in miniblocks of their own width. */
function readDeltas(bytes: Uint8Array, start: number, count: number): Deltas {
  let at = start;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw short(count);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new DamagedPage('a number of its blocks is too long');
  };
  const zigzag = (): bigint => {
    const raw = varint();
    return (raw >> 1n) ^ -(raw & 1n);
  };
  const [blockSize, miniblocks, total] = [Number(varint()), Number(varint()), Number(varint())];
  if (blockSize < 1 || blockSize > MAX_BLOCK || miniblocks < 1 || blockSize % miniblocks !== 0)
    throw new DamagedPage('its blocks have a size that the format does not allow');
  if (total !== count) throw new DamagedPage(`it holds ${total} values, its levels say ${count}`);
  // The last block may be short, and every block has a byte for each of its miniblocks.
  if (count > 1 && Math.ceil((count - 1) / blockSize) * miniblocks > bytes.length - at) throw short(count);
  const values = new BigInt64Array(count);
  let last = BigInt.asIntN(64, zigzag());
  if (count > 0) values[0] = last;
  const perMiniblock = blockSize / miniblocks;
  for (let filled = 1; filled < count; ) {
    const least = zigzag();
    const widths = bytes.subarray(at, at + miniblocks);
    at += miniblocks;
    for (const width of widths) {
      if (filled >= count) break;
      if (width > 64) throw new DamagedPage('its differences are wider than 64 bits');
      const taken = Math.min(perMiniblock, count - filled);
      if (Math.ceil((taken * width) / 8) > bytes.length - at) throw short(count);
      for (let index = 0; index < taken; index++) {
        last = BigInt.asIntN(64, last + least + bitsAt(bytes, at * 8 + index * width, width));
        values[filled++] = last;
      }
      at = Math.min(bytes.length, at + (perMiniblock * width) / 8);
    }
    if (widths.length < miniblocks) throw short(count);
  }
  return { values, end: at };
}

function bitsAt(bytes: Uint8Array, start: number, width: number): bigint {
  if (width > 48) return (bitsAt(bytes, start + 32, width - 32) << 32n) | bitsAt(bytes, start, 32);
  let value = 0;
  for (let done = 0; done < width; ) {
    const bit = start + done;
    const taken = Math.min(8 - (bit & 7), width - done);
    value += (((bytes[Math.floor(bit / 8)] ?? 0) >>> (bit & 7)) & ((1 << taken) - 1)) * 2 ** done;
    done += taken;
  }
  return BigInt(value);
}

/** Integers in the encoding DELTA_BINARY_PACKED. */
export function readDeltaIntegers(bytes: Uint8Array, start: number, count: number, leaf: LeafNode): Column {
  const { values } = readDeltas(bytes, start, count);
  if (leaf.physicalType === 'INT64') return { kind: 'longs', halves: new Int32Array(values.buffer) };
  if (leaf.physicalType !== 'INT32')
    throw new DamagedPage('its encoding is one of integers, its column is not');
  return { kind: 'numbers', values: Int32Array.from(values, (value) => Number(BigInt.asIntN(32, value))) };
}

/** Bytes in the encoding DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. */
export function readDeltaLengths(
  bytes: Uint8Array,
  start: number,
  count: number,
): Column & { kind: 'bytes' } {
  const lengths = readDeltas(bytes, start, count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = lengths.end;
  for (const [index, length] of lengths.values.entries()) {
    if (length < 0n || length > BigInt(bytes.length - at))
      throw new DamagedPage('a value is longer than its page');
    starts[index] = at;
    at += Number(length);
    ends[index] = at;
  }
  return { kind: 'bytes', bytes, starts, ends };
}

/** Bytes in the encoding DELTA_BYTE_ARRAY: each begins with so many of those before it. Together at most `limit` bytes. */
export function readDeltaBytes(
  bytes: Uint8Array,
  start: number,
  count: number,
  leaf: LeafNode,
  limit: number,
): Column {
  const prefixes = readDeltas(bytes, start, count);
  const suffixes = readDeltaLengths(bytes, prefixes.end, count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let total = 0;
  let previous = 0;
  for (let index = 0; index < count; index++) {
    const prefix = Number(prefixes.values[index]);
    if (prefix < 0 || prefix > previous)
      throw new DamagedPage('a value begins with more than the one before it has');
    previous = prefix + (suffixes.ends[index] ?? 0) - (suffixes.starts[index] ?? 0);
    starts[index] = total;
    total += previous;
    ends[index] = total;
    if (total > limit) throw new UnreadPage(`the values of a page are longer than ${limit} bytes together`);
  }
  const joined = new Uint8Array(total);
  for (let index = 0; index < count; index++) {
    const at = starts[index] ?? 0;
    const prefix = Number(prefixes.values[index]);
    const before = index === 0 ? 0 : (starts[index - 1] ?? 0);
    joined.copyWithin(at, before, before + prefix);
    joined.set(bytes.subarray(suffixes.starts[index], suffixes.ends[index]), at + prefix);
  }
  const width = widthOf(leaf);
  if (width !== undefined && total !== count * width)
    throw new DamagedPage('its values are of another length than its column');
  return { kind: 'bytes', bytes: joined, starts, ends };
}

/** Values in the encoding BYTE_STREAM_SPLIT: all first bytes, then all second ones, and so on. */
export function readSplitStreams(bytes: Uint8Array, start: number, count: number, leaf: LeafNode): Column {
  const width = widthOf(leaf);
  if (width === undefined)
    throw new DamagedPage('its encoding is one of values of one length, its column is not');
  if (count * width > bytes.length - start) throw short(count);
  const joined = new Uint8Array(count * width);
  for (let byte = 0; byte < width; byte++)
    for (let index = 0; index < count; index++)
      joined[index * width + byte] = bytes[start + byte * count + index] as number;
  return ofWidth(joined, width, count, leaf);
}
