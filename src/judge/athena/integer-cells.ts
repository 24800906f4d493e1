import type { ScalarType } from '../types/hive-type.ts';
import { castFails } from './error-text.ts';
import { fileKindOf, unsignedBits } from './file-kind.ts';
import type { Prediction } from './prediction.ts';
import type { RowId } from './rows.ts';
import { byValues, type Cell, type Judge, RIGHT, type ScalarQuestion, WRONG } from './scalar-cells.ts';
import { asSigned, type Bounds, isEqual, worse } from './values.ts';

const INTEGER_BITS: Readonly<Partial<Record<ScalarType['kind'], number>>> = {
  tinyint: 8,
  smallint: 16,
  int: 32,
  date: 32,
  float: 32,
  bigint: 64,
};

function isWithin({ min, max }: Bounds, bits: number): boolean {
  const limit = 1n << BigInt(bits - 1);
  return typeof min === 'bigint' && typeof max === 'bigint' && min >= -limit && max < limit;
}

function declaredBits({ declared }: ScalarQuestion): number {
  return INTEGER_BITS[declared.kind] ?? 64;
}

/** RANGE: right while every value fits the declared integer. */
export function fits(row: RowId): Cell {
  return byValues(row, 'query-fails', (bounds, question) =>
    isWithin(bounds, declaredBits(question)) ? 'none' : 'query-fails',
  );
}

/** RANGE over an unsigned integer, read as signed: values near the top of its range turn into small negatives that fit. */
export const unsignedFits: Cell = byValues('K31', 'query-fails', ({ min, max }, question) => {
  const bits = unsignedBits(question.leaf) ?? 64;
  if (typeof min !== 'bigint' || typeof max !== 'bigint') return 'query-fails';
  if (isWithin({ min, max }, declaredBits(question))) return 'none';
  const readable = [min, max].every((value) =>
    isWithin({ min: asSigned(value, bits), max: asSigned(value, bits) }, declaredBits(question)),
  );
  return readable ? 'wrong-results' : 'query-fails';
});

/** BAD:neg: an unsigned integer read as signed at its own width. */
function turnsNegative(row: RowId): Cell {
  return byValues(row, 'wrong-results', (bounds, { leaf }) =>
    isWithin(bounds, unsignedBits(leaf) ?? 64) ? 'none' : 'wrong-results',
  );
}
export const negative: Cell = turnsNegative('K32');

const DOUBLE_INTEGER_LIMIT = 1n << 53n;

/** double over an integer from 448: 64-bit values that a double cannot hold fail, unsigned ones are read signed. */
export const integerAsDouble: Cell = {
  row: 'K71',
  project: (question) => {
    if (question.leaf.physicalType === 'INT64') return largeAsDouble.project(question);
    return isReadNegative(question.leaf) ? unsignedAsDouble.project(question) : RIGHT;
  },
  isStable: true,
};
const asDouble: Judge = (bounds, { leaf }) => negativeOr('none', bounds, leaf);
const unsignedAsDouble: Cell = byValues('K71', 'wrong-results', asDouble);
const largeAsDouble: Cell = byValues(
  'K71',
  'query-fails',
  (bounds, { leaf }) => {
    const { min, max } = readAsSigned(bounds, leaf);
    const isHeld = [min, max].every(
      (each) => typeof each === 'bigint' && each >= -DOUBLE_INTEGER_LIMIT && each <= DOUBLE_INTEGER_LIMIT,
    );
    return isHeld ? negativeOr('none', bounds, leaf) : 'query-fails';
  },
  ({ declared, leaf, engine }) => castFails(declared, leaf, engine),
);

/** Only these reach beyond the signed limit of their storage. */
export function isReadNegative(leaf: ScalarQuestion['leaf']): boolean {
  const kind = fileKindOf(leaf);
  return kind === 'uint32' || kind === 'uint64';
}

export function negativeOr(
  effect: Prediction['projection'],
  bounds: Bounds,
  leaf: ScalarQuestion['leaf'],
): Prediction['projection'] {
  const signed = readAsSigned(bounds, leaf);
  const isSame = isEqual(signed.min, bounds.min) && isEqual(signed.max, bounds.max);
  return worse(effect, isSame ? 'none' : 'wrong-results');
}

/** The bounds as the engine reads the stored bits: an unsigned value beyond the signed limit is a negative one. */
export function readAsSigned({ min, max }: Bounds, leaf: ScalarQuestion['leaf']): Bounds {
  const bits = unsignedBits(leaf);
  if (bits === undefined || typeof min !== 'bigint' || typeof max !== 'bigint') return { min, max };
  return { min: asSigned(min, bits), max: asSigned(max, bits) };
}

/**
 * BAD:days and BAD:bits: an integer taken for something else. Storage that holds more than 32 bits fails beyond them, so
 * without statistics that is assumed.
 */
export function reinterpreted(row: RowId): Cell {
  const judge: Judge = (bounds, { leaf }) => {
    const { min, max } = readAsSigned(bounds, leaf);
    return typeof min !== 'bigint' || [min, max].every((each) => isWithin({ min: each, max: each }, 32))
      ? 'wrong-results'
      : 'query-fails';
  };
  const narrow = byValues(row, 'wrong-results', judge);
  const wide = byValues(row, 'query-fails', judge);
  return {
    row,
    project: (question) => (exceeds32Bits(question.leaf) ? wide : narrow).project(question),
    isStable: false,
  };
}

function exceeds32Bits({ physicalType, annotation }: ScalarQuestion['leaf']): boolean {
  return annotation?.kind === 'DECIMAL' ? annotation.precision > 9 : physicalType !== 'INT32';
}

/** A bigint over a time: right in its unit, a thousand times off where the contract says another. */
export const rawTime: Cell = {
  row: 'K23',
  project: ({ leaf, unit }) => {
    const stored =
      leaf.annotation !== undefined && 'unit' in leaf.annotation ? leaf.annotation.unit : undefined;
    return unit === undefined || unit === stored ? RIGHT : WRONG;
  },
  isStable: true,
};
