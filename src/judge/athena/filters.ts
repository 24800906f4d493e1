import type { ChunkFacts } from '../parquet/facts.ts';
import type { LeafNode, PhysicalType } from '../parquet/schema.ts';
import type { ScalarKind, ScalarType } from '../types/hive-type.ts';
import { COLUMN_INDEX_FAILS, CORRUPTED_STATISTICS, DICTIONARY_FAILS } from './error-text.ts';
import { unsignedBits } from './file-kind.ts';
import type { PredictedError, Prediction } from './prediction.ts';
import type { ScalarQuestion } from './scalar-cells.ts';
import { asSigned, type Bounds, hasValues, isEqual, usableBounds, worse } from './values.ts';

/** What a predicate makes of one chunk's statistics (reference 3.5, `TupleDomainParquetPredicate.getDomain`). */
type Use = 'right' | 'throws' | 'meaningless';
/** `bounds` is absent for a dictionary, whose values are cast in the same way. */
type Uses = (question: ScalarQuestion, bounds: Bounds | undefined) => Use;

const INTEGERS: ReadonlySet<PhysicalType> = new Set(['INT32', 'INT64']);
const FLOATING: ReadonlySet<PhysicalType> = new Set(['FLOAT', 'DOUBLE', 'BOOLEAN']);
const BYTES: ReadonlySet<PhysicalType> = new Set(['BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY']);

const only =
  (physicalType: PhysicalType): Uses =>
  ({ leaf }) =>
    leaf.physicalType === physicalType ? 'right' : 'throws';

const integer: Uses = ({ leaf }, bounds) => {
  if (!INTEGERS.has(leaf.physicalType)) return 'throws';
  const bits = unsignedBits(leaf);
  if (bits !== undefined && typeof bounds?.min === 'bigint' && typeof bounds.max === 'bigint') {
    const [min, max] = [asSigned(bounds.min, bits), asSigned(bounds.max, bits)];
    if (min > max) return 'throws';
    if (max < 0n) return 'meaningless';
  }
  return leaf.annotation?.kind === 'DECIMAL' && leaf.annotation.scale > 0 ? 'meaningless' : 'right';
};

const decimal: Uses = ({ declared, leaf, engine }, bounds) => {
  if (FLOATING.has(leaf.physicalType)) return 'throws';
  if (declared.kind !== 'decimal') return 'right';
  const { annotation } = leaf;
  const isLong = declared.precision > 18;
  if (isLong && INTEGERS.has(leaf.physicalType) && engine < 440) return 'throws';
  if (annotation?.kind !== 'DECIMAL') {
    if (INTEGERS.has(leaf.physicalType)) return !isLong && declared.scale > 0 ? 'meaningless' : 'right';
    return isLong ? 'right' : 'meaningless';
  }
  // A short decimal in more than eight bytes: its statistics lose the sign, in every version asked.
  const isPadded = annotation.precision <= 18 && (leaf.typeLength ?? 0) > 8 && (!isLong || engine >= 477);
  if (isPadded && typeof bounds?.min === 'bigint' && bounds.min < 0n) return 'meaningless';
  if (engine >= 477) return 'right';
  const isSame = annotation.precision === declared.precision && annotation.scale === declared.scale;
  const storesLong = annotation.precision > 18 || (leaf.typeLength ?? 0) > 8;
  if (annotation.scale !== declared.scale || (!isLong && storesLong && !isSame)) return 'meaningless';
  return 'right';
};

const text: Uses = ({ leaf }, bounds) => {
  if (BYTES.has(leaf.physicalType))
    return leaf.annotation?.kind === 'DECIMAL' ? decimalBytesAsText(leaf, bounds) : 'right';
  if (leaf.physicalType === 'INT96')
    return bounds === undefined || isEqual(bounds.min, bounds.max) ? 'meaningless' : 'right';
  return 'throws';
};

/** Numbers ordered as bytes: a minimum that comes after its maximum is refused, any other means nothing. */
function decimalBytesAsText({ typeLength }: LeafNode, bounds: Bounds | undefined): Use {
  const { min, max } = bounds ?? {};
  if (typeof min !== 'bigint' || typeof max !== 'bigint') return 'meaningless';
  return bytesText(min, typeLength) > bytesText(max, typeLength) ? 'throws' : 'meaningless';
}

/** Big-endian two's complement, of a fixed length or the shortest, as text that compares as the bytes do. */
function bytesText(value: bigint, typeLength: number | undefined): string {
  let length = typeLength ?? 1;
  while (typeLength === undefined && BigInt.asIntN(length * 8, value) !== value) length++;
  return BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0');
}

const unused: Uses = () => 'right';

const USES = {
  boolean: only('BOOLEAN'),
  tinyint: integer,
  smallint: integer,
  int: integer,
  bigint: integer,
  date: integer,
  float: only('FLOAT'),
  double: only('DOUBLE'),
  decimal,
  string: text,
  varchar: text,
  timestamp: unused,
  char: unused,
  binary: unused,
} as const satisfies Record<ScalarKind, Uses>;

const EFFECT = {
  right: 'none',
  throws: 'filters-may-fail',
  meaningless: 'wrong-results',
} as const satisfies Record<Use, Prediction['filter']>;

export interface Filtered {
  readonly filter: Prediction['filter'];
  readonly error?: PredictedError;
}

const UNHARMED: Filtered = { filter: 'none' };

/** A writer whose column indexes lack a field that every reader needs: a predicate on any column cannot open the file. */
const BROKEN_COLUMN_INDEX = /^parquet\.js$/u;

/** What a predicate on the column does, over every row group; `none` where nothing was read or nothing is used. */
export function filterEffect(question: ScalarQuestion): Filtered {
  const chunks = question.chunks() ?? [];
  const isBroken = BROKEN_COLUMN_INDEX.test(question.createdBy ?? '');
  let result: Filtered =
    isBroken && chunks.some((chunk) => chunk.hasColumnIndex)
      ? { filter: 'filters-may-fail', error: COLUMN_INDEX_FAILS }
      : UNHARMED;
  const isHarmless = cannotHarm(question);
  for (const chunk of chunks) {
    if (!hasValues(chunk)) continue;
    const here = isHarmless ? reversedChunk(question, chunk) : filterChunk(question, chunk);
    // The bounds of a row group are looked at before its column index.
    if (result.error === COLUMN_INDEX_FAILS && here.filter !== 'none') result = here;
    if (worse(result.filter, here.filter) !== result.filter) result = here;
  }
  return result;
}

/** The types alone say that no honest statistic can harm: nearly every column of an honest file. */
function cannotHarm(question: ScalarQuestion): boolean {
  const { declared, leaf } = question;
  // The null type holds no value that a dictionary or a bound could show.
  if (leaf.annotation?.kind === 'UNKNOWN') return true;
  return (
    USES[declared.kind](question, undefined) === 'right' &&
    leaf.physicalType !== 'INT96' &&
    !(declared.kind === 'decimal' && (leaf.typeLength ?? 0) > 8) &&
    unsignedBits(leaf) === undefined &&
    !hashesOtherwise(declared, leaf)
  );
}

/** Bounds that contradict each other: every predicate is refused, `IS NULL` too, while selecting and counting work. */
function reversedChunk({ declared, leaf, createdBy }: ScalarQuestion, chunk: ChunkFacts): Filtered {
  const isLooked = USES[declared.kind] !== unused || leaf.annotation?.kind === 'TIMESTAMP';
  const bounds = isLooked ? usableBounds(chunk, leaf, createdBy) : undefined;
  return bounds && areReversed(bounds, chunk.maxValue === undefined)
    ? { filter: EFFECT.throws, error: CORRUPTED_STATISTICS }
    : UNHARMED;
}

/** Deprecated bounds of text are trimmed to a common prefix, its last byte of the maximum raised by one. */
function areReversed({ min, max }: Bounds, isTrimmed: boolean): boolean {
  if (typeof min === 'boolean' || typeof max === 'boolean') return false;
  if (!(min instanceof Uint8Array) || !(max instanceof Uint8Array)) return min > max;
  const at = min.findIndex((byte, index) => byte !== max[index]);
  const [low, high] = [min[at], max[at]];
  if (low === undefined) return false;
  return high === undefined ? !isTrimmed : low > high + (isTrimmed ? 1 : 0);
}

function filterChunk(question: ScalarQuestion, chunk: ChunkFacts): Filtered {
  const bounds = usableBounds(chunk, question.leaf, question.createdBy);
  const isBloomed = chunk.hasBloomFilter && hashesOtherwise(question.declared, question.leaf);
  if (bounds === undefined && !chunk.dictionaryOnly)
    return isBloomed ? { filter: 'wrong-results' } : UNHARMED;
  const use = USES[question.declared.kind](question, bounds);
  if (use === 'right' && !isBloomed) return reversedChunk(question, chunk);
  const filter = isBloomed ? 'wrong-results' : EFFECT[use];
  return use === 'throws' ? { filter, error: bounds ? CORRUPTED_STATISTICS : DICTIONARY_FAILS } : { filter };
}

/** A bloom filter is asked with a hash of the declared width, and was built with one of the stored width (#30544). */
function hashesOtherwise(declared: ScalarType, leaf: LeafNode): boolean {
  if (declared.kind === 'bigint') return leaf.physicalType === 'INT32';
  const isSmall = declared.kind === 'int' || declared.kind === 'smallint' || declared.kind === 'tinyint';
  return isSmall && leaf.physicalType === 'INT64';
}
