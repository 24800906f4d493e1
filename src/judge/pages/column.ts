import type { StatValue } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { decodeStatistic } from '../parquet/statistics-value.ts';

/** Values of one leaf as they lie in memory: a number each, two halves of a long one, or a range of bytes. */
export type Column =
  | { readonly kind: 'numbers'; readonly values: Int32Array | Float32Array | Float64Array }
  /** Low and high half of each, in turn. */
  | { readonly kind: 'longs'; readonly halves: Int32Array }
  | { readonly kind: 'booleans'; readonly values: Uint8Array }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly starts: Int32Array;
      readonly ends: Int32Array;
    };

export function lengthOf(column: Column): number {
  switch (column.kind) {
    case 'longs':
      return column.halves.length / 2;
    case 'bytes':
      return column.starts.length;
    default:
      return column.values.length;
  }
}

/** One value as a statistic would say it; nothing where its bytes are none of its type. */
export function valueAt(column: Column, index: number, leaf: LeafNode): StatValue | undefined {
  switch (column.kind) {
    case 'booleans':
      return column.values[index] === 1;
    case 'longs': {
      const low = BigInt((column.halves[2 * index] ?? 0) >>> 0);
      const value = (BigInt(column.halves[2 * index + 1] ?? 0) << 32n) | low;
      return isUnsigned(leaf) ? BigInt.asUintN(64, value) : value;
    }
    case 'numbers': {
      const value = column.values[index] ?? 0;
      if (!(column.values instanceof Int32Array)) return value;
      return BigInt(isUnsigned(leaf) ? value >>> 0 : value);
    }
    case 'bytes':
      return decodeStatistic(column.bytes.subarray(column.starts[index], column.ends[index]), leaf);
  }
}

export function isUnsigned({ annotation }: LeafNode): boolean {
  return annotation?.kind === 'INTEGER' && !annotation.isSigned;
}
