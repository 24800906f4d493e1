import type { LeafNode } from '../parquet/schema.ts';
import type { Column } from './column.ts';
import { DamagedPage } from './damage.ts';

const WIDTHS = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 } as const;

/** Bytes of each value in PLAIN; nothing for booleans, which are bits, and for byte arrays, which say their length. */
export function widthOf({ physicalType, typeLength }: LeafNode): number | undefined {
  if (physicalType === 'BOOLEAN' || physicalType === 'BYTE_ARRAY') return undefined;
  return physicalType === 'FIXED_LEN_BYTE_ARRAY' ? (typeLength ?? 0) : WIDTHS[physicalType];
}

/** `count` values in the encoding PLAIN. */
export function readPlain(bytes: Uint8Array, start: number, count: number, leaf: LeafNode): Column {
  const left = bytes.length - start;
  if (leaf.physicalType === 'BOOLEAN') {
    if (Math.ceil(count / 8) > left) throw short(count);
    const values = new Uint8Array(count);
    for (let index = 0; index < count; index++)
      values[index] = ((bytes[start + (index >>> 3)] as number) >>> (index & 7)) & 1;
    return { kind: 'booleans', values };
  }
  const width = widthOf(leaf);
  if (width === undefined) return readByteArrays(bytes, start, count);
  if (count * width > left) throw short(count);
  return ofWidth(bytes.subarray(start, start + count * width), width, count, leaf);
}

/** Values of one width that lie behind each other. */
export function ofWidth(bytes: Uint8Array, width: number, count: number, leaf: LeafNode): Column {
  const { physicalType } = leaf;
  if (physicalType === 'INT96' || physicalType === 'FIXED_LEN_BYTE_ARRAY') {
    const starts = Int32Array.from({ length: count }, (_, index) => index * width);
    return { kind: 'bytes', bytes, starts, ends: starts.map((at) => at + width) };
  }
  // A copy begins where its numbers may.
  const { buffer } = bytes.slice();
  if (physicalType === 'INT64') return { kind: 'longs', halves: new Int32Array(buffer) };
  if (physicalType === 'FLOAT') return { kind: 'numbers', values: new Float32Array(buffer) };
  return {
    kind: 'numbers',
    values: physicalType === 'DOUBLE' ? new Float64Array(buffer) : new Int32Array(buffer),
  };
}

function readByteArrays(bytes: Uint8Array, start: number, count: number): Column {
  // Each has four bytes of length at least.
  if (count * 4 > bytes.length - start) throw short(count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 4 > bytes.length) throw short(count);
    const length =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    at += 4;
    if (length < 0 || length > bytes.length - at) throw new DamagedPage('a value is longer than its page');
    starts[index] = at;
    at += length;
    ends[index] = at;
  }
  return { kind: 'bytes', bytes, starts, ends };
}

export function short(count: number): DamagedPage {
  return new DamagedPage(`it is too short for its ${count} values`);
}
