import type { StatValue } from './facts.ts';
import type { LeafNode, PhysicalType } from './schema.ts';

type Decode = (bytes: Uint8Array, leaf: LeafNode) => StatValue | undefined;

/**
 * A statistic as a value: PLAIN encoding without a length prefix (parquet.thrift, Statistics). Integers, dates, times,
 * timestamps in their unit and unscaled decimals are bigint; unsigned integers are unsigned. Bytes of a wrong
 * length are not a value.
 */
export function decodeStatistic(bytes: Uint8Array, leaf: LeafNode): StatValue | undefined {
  return DECODE[leaf.physicalType](bytes, leaf);
}

const DECODE = {
  BOOLEAN: (bytes) => (bytes.length === 1 ? bytes[0] !== 0 : undefined),
  INT32: (bytes, leaf) => {
    if (bytes.length !== 4) return undefined;
    return BigInt(isUnsigned(leaf) ? view(bytes).getUint32(0, true) : view(bytes).getInt32(0, true));
  },
  INT64: (bytes, leaf) => {
    if (bytes.length !== 8) return undefined;
    return isUnsigned(leaf) ? view(bytes).getBigUint64(0, true) : view(bytes).getBigInt64(0, true);
  },
  INT96: (bytes) => (bytes.length === 12 ? bytes : undefined),
  FLOAT: (bytes) => (bytes.length === 4 ? view(bytes).getFloat32(0, true) : undefined),
  DOUBLE: (bytes) => (bytes.length === 8 ? view(bytes).getFloat64(0, true) : undefined),
  BYTE_ARRAY: (bytes, leaf) => (leaf.annotation?.kind === 'DECIMAL' ? bigEndian(bytes) : bytes),
  FIXED_LEN_BYTE_ARRAY: (bytes, leaf) => {
    if (bytes.length !== leaf.typeLength) return undefined;
    if (leaf.annotation?.kind === 'DECIMAL') return bigEndian(bytes);
    return leaf.annotation?.kind === 'FLOAT16' && bytes.length === 2 ? halfFloat(bytes) : bytes;
  },
} as const satisfies Record<PhysicalType, Decode>;

function isUnsigned({ annotation }: LeafNode): boolean {
  return annotation?.kind === 'INTEGER' && !annotation.isSigned;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Decimals of more than 38 digits do not exist: 17 bytes hold every one, and more are not a decimal. */
const MAX_DECIMAL_BYTES = 64;

/** Two's complement, most significant byte first. */
function bigEndian(bytes: Uint8Array): bigint | undefined {
  if (bytes.length === 0 || bytes.length > MAX_DECIMAL_BYTES) return undefined;
  let value = BigInt(((bytes[0] ?? 0) << 24) >> 24);
  for (const byte of bytes.subarray(1)) value = value * 256n + BigInt(byte);
  return value;
}

/** IEEE 754 binary16, little-endian. */
function halfFloat(bytes: Uint8Array): number {
  const bits = view(bytes).getUint16(0, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
