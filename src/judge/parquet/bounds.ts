import type { ChunkFacts, StatValue } from './facts.ts';
import type { LeafNode, PhysicalType, PlainLogicalKind } from './schema.ts';

/** One end of the range in which all values of a chunk lie. */
export interface Bound {
  readonly value: StatValue;
  /** `false`: shortened, so no value need be there; `undefined`: the writer does not say. */
  readonly exact: boolean | undefined;
}

export interface Bounds {
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
}

const NONE: Bounds = { min: undefined, max: undefined };

/** Annotations whose values have no order (parquet.thrift, ColumnOrder). */
const UNORDERED: ReadonlySet<string> = new Set<PlainLogicalKind>([
  'INTERVAL',
  'VARIANT',
  'GEOMETRY',
  'GEOGRAPHY',
  'FILE',
  'LIST',
  'MAP',
  'UNKNOWN',
]);

/** Physical types whose deprecated bounds, always written in signed order, are in the right order. */
const SIGNED: ReadonlySet<PhysicalType> = new Set(['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE']);

/**
 * The bounds that the format lets a reader use for "all values lie within", each side by itself: `min_value` and
 * `max_value` under a known column order, else the deprecated pair where signed order is the right one. A NaN is no
 * bound, and a zero may hide the other zero.
 */
export function provenBounds(chunk: ChunkFacts, leaf: LeafNode, orderKnown: boolean): Bounds {
  if (leaf.physicalType === 'INT96' || UNORDERED.has(leaf.annotation?.kind ?? '')) return NONE;
  if (leaf.annotation?.kind === 'unrecognised') return NONE;
  if (orderKnown && (chunk.minValue !== undefined || chunk.maxValue !== undefined))
    return {
      min: toBound(chunk.minValue, chunk.isMinExact, -0),
      max: toBound(chunk.maxValue, chunk.isMaxExact, 0),
    };
  if (!SIGNED.has(leaf.physicalType) || !isSameInBothOrders(chunk, leaf)) return NONE;
  return { min: toBound(chunk.legacyMin, undefined, -0), max: toBound(chunk.legacyMax, undefined, 0) };
}

/** Unsigned values were ordered as signed ones: both orders agree where neither end has the highest bit. */
export function isSameInBothOrders({ legacyMin, legacyMax }: ChunkFacts, leaf: LeafNode): boolean {
  if (leaf.annotation?.kind !== 'INTEGER' || leaf.annotation.isSigned) return true;
  const limit = leaf.physicalType === 'INT64' ? 1n << 63n : 1n << 31n;
  return [legacyMin, legacyMax].every((end) => typeof end === 'bigint' && end < limit);
}

function toBound(value: StatValue | undefined, exact: boolean | undefined, zero: number): Bound | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) return undefined;
  return { value: value === 0 ? zero : value, exact };
}
