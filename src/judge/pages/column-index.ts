import type { SeenValues } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { decodeStatistic } from '../parquet/statistics-value.ts';
import {
  cursorOver,
  MalformedFooter,
  nextField,
  readBinary,
  readByte,
  readListOf,
  skipField,
  WIRE,
} from '../parquet/thrift.ts';

/**
 * The bounds of a chunk whose footer has none, from those of its pages (parquet.thrift, ColumnIndex). They may be shortened, so
 * they prove what all values keep, and refute nothing. Nothing where the index is damaged or lacks a bound, and for floats, of which
 * it leaves out NaN.
 */
export function boundsOfIndex(
  bytes: Uint8Array,
  leaf: LeafNode,
): Pick<SeenValues, 'min' | 'max'> | undefined {
  try {
    return read(bytes, leaf);
  } catch (cause) {
    if (cause instanceof MalformedFooter) return undefined;
    throw cause;
  }
}

function read(bytes: Uint8Array, leaf: LeafNode): Pick<SeenValues, 'min' | 'max'> | undefined {
  const cursor = cursorOver(bytes);
  let nullPages: readonly boolean[] = [];
  const ends: Record<number, readonly Uint8Array[]> = {};
  for (let field = nextField(cursor, 0); field !== 0; field = nextField(cursor, field >>> 4)) {
    const id = field >>> 4;
    if (field === ((1 << 4) | WIRE.list)) {
      const size = readListOf(cursor, WIRE.true);
      nullPages = Array.from({ length: size }, () => readByte(cursor) === 1);
    } else if ((field & 0x0f) === WIRE.list && (id === 2 || id === 3)) {
      const size = readListOf(cursor, WIRE.binary);
      ends[id] = Array.from({ length: size }, () => {
        const start = readBinary(cursor);
        return cursor.bytes.slice(start, cursor.at);
      });
    } else skipField(cursor, field & 0x0f);
  }
  const bounds = (all: readonly Uint8Array[] | undefined) =>
    nullPages.flatMap((isNull, page) => (isNull ? [] : [all?.[page] && decodeStatistic(all[page], leaf)]));
  const [mins, maxs] = [bounds(ends[2]), bounds(ends[3])];
  if (mins.length === 0 || [...mins, ...maxs].some((each) => typeof each !== 'bigint')) return undefined;
  const order = (a: unknown, b: unknown) => ((a as bigint) < (b as bigint) ? -1 : 1);
  return { min: mins.toSorted(order)[0], max: maxs.toSorted(order).at(-1) };
}
