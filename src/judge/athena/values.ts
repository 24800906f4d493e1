import { isSameInBothOrders } from '../parquet/bounds.ts';
import type { ChunkFacts, ProofBy, StatValue } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { EFFECTS, type Effect, type Prediction } from './prediction.ts';

/** The lowest and the highest value of a chunk as Trino takes them from the footer. */
export interface Bounds {
  readonly min: StatValue;
  readonly max: StatValue;
}

/** parquet-mr before 1.8.0 wrote wrong bounds for byte arrays (PARQUET-251, `CorruptStatistics`). */
const BROKEN_BINARY_STATISTICS = /^parquet-mr version (0\.|1\.[0-7]\.)/u;

/**
 * The statistics that Trino uses (`ParquetMetadataConverter.fromParquetStatistics`): both new fields, whatever
 * `column_orders` says; else both deprecated ones where signed order is the type's own. INT96 and intervals have no
 * order, so theirs count only when both are the same.
 */
export function usableBounds(
  chunk: ChunkFacts,
  leaf: LeafNode,
  createdBy: string | undefined,
): Bounds | undefined {
  const hasNoOrder = leaf.physicalType === 'INT96' || leaf.annotation?.kind === 'INTERVAL';
  if (chunk.minValue !== undefined && chunk.maxValue !== undefined)
    return !hasNoOrder || isEqual(chunk.minValue, chunk.maxValue)
      ? { min: chunk.minValue, max: chunk.maxValue }
      : undefined;
  const { legacyMin: min, legacyMax: max } = chunk;
  if (min === undefined || max === undefined) return undefined;
  const isBytes = leaf.physicalType === 'BYTE_ARRAY' || leaf.physicalType === 'FIXED_LEN_BYTE_ARRAY';
  if (isBytes && BROKEN_BINARY_STATISTICS.test(createdBy ?? '')) return undefined;
  const isSignedOrder = !hasNoOrder && !isBytes && isSameInBothOrders(chunk, leaf);
  // Text is rescued: its deprecated bounds are trimmed to a prefix that is safe in either order.
  return isSignedOrder || leaf.annotation?.kind === 'STRING' || isEqual(min, max) ? { min, max } : undefined;
}

export function isEqual(a: StatValue, b: StatValue): boolean {
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** A chunk that holds a value at all: chunks of NULLs alone, and empty ones, decide nothing. */
export function hasValues({ values, nullCount }: ChunkFacts): boolean {
  return values > 0 && nullCount !== values;
}

/** An effect with how it is known. */
export interface Decision {
  readonly effect: Prediction['projection'];
  readonly basis: Prediction['basis'];
}

export interface Question {
  /** Decoded when asked for; nothing where the row groups were not read. */
  readonly chunks: () => readonly ChunkFacts[] | undefined;
  readonly leaf: LeafNode;
  readonly createdBy: string | undefined;
}

/**
 * Decides a cell that depends on the values: over every row group, the worst counts. Where a row group with values has
 * no usable statistics the worse effect is assumed; where none were read it does not count.
 */
export function decide(
  { chunks, leaf, createdBy }: Question,
  assumed: Prediction['projection'],
  judge: (bounds: Bounds, chunk: ChunkFacts) => Prediction['projection'],
): Decision {
  const decoded = chunks();
  if (decoded === undefined) return { effect: 'none', basis: 'unread' };
  let effect: Prediction['projection'] = 'none';
  let basis: Prediction['basis'] = 'statistics';
  for (const chunk of decoded) {
    if (!hasValues(chunk)) continue;
    const bounds = usableBounds(chunk, leaf, createdBy);
    const seen = decideSeen(chunk, judge);
    const here = seen?.effect ?? (bounds ? judge(bounds, chunk) : assumed);
    if (seen) basis = weaker(basis, seen.basis);
    else if (bounds === undefined) basis = 'assumed';
    effect = worse(effect, here);
  }
  return { effect, basis };
}

/** By the values themselves, where pages were looked into; an entry of a dictionary that no row may have proves no harm. */
function decideSeen(
  chunk: ChunkFacts,
  judge: (bounds: Bounds, chunk: ChunkFacts) => Prediction['projection'],
): Decision | undefined {
  const { seen } = chunk;
  if (seen?.min === undefined || seen.max === undefined) return undefined;
  const effect = judge({ min: seen.min, max: seen.max }, chunk);
  return seen.isExact || effect === 'none' ? { effect, basis: seen.by } : undefined;
}

const BASES: readonly Prediction['basis'][] = ['statistics', 'dictionary', 'data', 'unread', 'assumed'];

/** How all is known that is known in parts: in the way that looked deepest. */
export function weaker(a: Prediction['basis'], b: Prediction['basis']): Prediction['basis'] {
  return BASES.indexOf(a) >= BASES.indexOf(b) ? a : b;
}

/** Whether the bytes of a chunk are text, and what says so; nothing where its pages were not looked into, or do not tell. */
export function seenText({
  seen,
}: ChunkFacts): { readonly isText: boolean; readonly basis: ProofBy } | undefined {
  if (seen?.isText === undefined || !(seen.isExact || seen.isText)) return undefined;
  return { isText: seen.isText, basis: seen.by };
}

/** The more severe of two effects. */
export function worse<E extends Effect>(a: E, b: E): E {
  return EFFECTS.indexOf(a) >= EFFECTS.indexOf(b) ? a : b;
}

/** Reads an integer statistic as the engine reads the stored bits: two's complement of the unsigned value. */
export function asSigned(value: bigint, bits: 32 | 64): bigint {
  return BigInt.asIntN(bits, value);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether a bound is text. A writer may have shortened it in the middle of its last character, which is forgiven. */
export function isText(value: StatValue): boolean {
  if (!(value instanceof Uint8Array)) return false;
  for (let cut = 0; cut <= Math.min(3, value.length); cut++) {
    const firstCut = value[value.length - cut] ?? 0xc2;
    // Only a byte that starts a longer character can have been cut off from the rest of it.
    if (firstCut < 0xc2 || firstCut > 0xf4) continue;
    if (decodes(value.subarray(0, value.length - cut))) return true;
  }
  return false;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    strictUtf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Code points of a text; nothing where the bytes are not text. */
export function codePoints(value: StatValue): number | undefined {
  if (!(value instanceof Uint8Array)) return undefined;
  try {
    return [...strictUtf8.decode(value)].length;
  } catch {
    return undefined;
  }
}
