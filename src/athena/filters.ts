import type { ChunkFacts } from '../parquet/facts.ts';
import type { LeafNode, PhysicalType } from '../parquet/schema.ts';
import type { ScalarKind, ScalarType } from '../types/hive-type.ts';
import { CORRUPTED_STATISTICS, DICTIONARY_FAILS } from './error-text.ts';
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

const decimal: Uses = ({ declared, leaf, engine }) => {
  if (FLOATING.has(leaf.physicalType)) return 'throws';
  if (declared.kind !== 'decimal') return 'right';
  const { annotation } = leaf;
  const isLong = declared.precision > 18;
  if (isLong && INTEGERS.has(leaf.physicalType) && engine < 440) return 'throws';
  if (annotation?.kind !== 'DECIMAL') {
    if (INTEGERS.has(leaf.physicalType)) return !isLong && declared.scale > 0 ? 'meaningless' : 'right';
    return isLong ? 'right' : 'meaningless';
  }
  if (engine >= 477) return 'right';
  const isSame = annotation.precision === declared.precision && annotation.scale === declared.scale;
  const storesLong = annotation.precision > 18 || (leaf.typeLength ?? 0) > 8;
  if (annotation.scale !== declared.scale || (!isLong && storesLong && !isSame)) return 'meaningless';
  return 'right';
};

const text: Uses = ({ leaf }, bounds) => {
  if (BYTES.has(leaf.physicalType)) return leaf.annotation?.kind === 'DECIMAL' ? 'meaningless' : 'right';
  if (leaf.physicalType === 'INT96')
    return bounds && isEqual(bounds.min, bounds.max) ? 'meaningless' : 'right';
  return 'throws';
};

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

/** What a predicate on the column does, over every row group; `none` where nothing was read or nothing is used. */
export function filterEffect(question: ScalarQuestion): Filtered {
  if (cannotHarm(question)) return UNHARMED;
  let result = UNHARMED;
  for (const chunk of question.chunks() ?? []) {
    if (!hasValues(chunk)) continue;
    const here = filterChunk(question, chunk);
    if (worse(result.filter, here.filter) !== result.filter) result = here;
  }
  return result;
}

/** The types alone say that no statistic can harm, so none is decoded: nearly every column of an honest file. */
function cannotHarm(question: ScalarQuestion): boolean {
  const { declared, leaf } = question;
  return (
    USES[declared.kind](question, undefined) === 'right' &&
    leaf.physicalType !== 'INT96' &&
    unsignedBits(leaf) === undefined &&
    !hashesOtherwise(declared, leaf)
  );
}

function filterChunk(question: ScalarQuestion, chunk: ChunkFacts): Filtered {
  const bounds = usableBounds(chunk, question.leaf, question.createdBy);
  const isBloomed = chunk.hasBloomFilter && hashesOtherwise(question.declared, question.leaf);
  if (bounds === undefined && !chunk.dictionaryOnly)
    return isBloomed ? { filter: 'wrong-results' } : UNHARMED;
  const use = USES[question.declared.kind](question, bounds);
  const filter = isBloomed ? 'wrong-results' : EFFECT[use];
  return use === 'throws' ? { filter, error: bounds ? CORRUPTED_STATISTICS : DICTIONARY_FAILS } : { filter };
}

/** A bloom filter is asked with a hash of the declared width, and was built with one of the stored width (#30544). */
function hashesOtherwise(declared: ScalarType, leaf: LeafNode): boolean {
  if (declared.kind === 'bigint') return leaf.physicalType === 'INT32';
  const isSmall = declared.kind === 'int' || declared.kind === 'smallint' || declared.kind === 'tinyint';
  return isSmall && leaf.physicalType === 'INT64';
}
