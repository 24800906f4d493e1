import { castFails } from './error-text.ts';
import { negativeOr, readAsSigned } from './integer-cells.ts';
import type { PredictedError } from './prediction.ts';
import { byValues, type Cell, type Judge, right, type ScalarQuestion } from './scalar-cells.ts';
import { usableBounds, worse } from './values.ts';

interface Digits {
  readonly precision: number;
  readonly scale: number;
}

function digitsOf(question: ScalarQuestion): { readonly declared: Digits; readonly stored: Digits } {
  const { declared, leaf } = question;
  const stored = leaf.annotation?.kind === 'DECIMAL' ? leaf.annotation : { precision: 10, scale: 0 };
  return { declared: declared.kind === 'decimal' ? declared : { precision: 38, scale: 0 }, stored };
}

/** Whether `unscaled / 10^scale`, brought to the declared scale (rounded half up), has no more digits than declared. */
function hasRoom(value: bigint, stored: Digits, declared: Digits): boolean {
  const size = value < 0n ? -value : value;
  const shift = declared.scale - stored.scale;
  const scaled =
    shift >= 0
      ? size * 10n ** BigInt(shift)
      : (size + 5n * 10n ** BigInt(-shift - 1)) / 10n ** BigInt(-shift);
  return scaled < 10n ** BigInt(declared.precision);
}

const decimalHasRoom: Judge = ({ min, max }, question) => {
  const { declared, stored } = digitsOf(question);
  if (typeof min !== 'bigint' || typeof max !== 'bigint') return 'query-fails';
  return hasRoom(min, stored, declared) && hasRoom(max, stored, declared) ? 'none' : 'query-fails';
};

function cannotCast({ declared, leaf, engine }: ScalarQuestion): PredictedError {
  return castFails(declared, leaf, engine);
}

/** A whole decimal over a plain 32-bit integer, which an unsigned one is read as, signed. */
export const integerAsDecimal: Cell = byValues(
  'K37',
  'query-fails',
  (bounds, question) =>
    negativeOr(decimalHasRoom(readAsSigned(bounds, question.leaf), question), bounds, question.leaf),
  cannotCast,
);

/** The same with digits after the point, from 452: what does not fit is shown with more digits than declared, later fails. */
export const integerAsScaledDecimal: Cell = {
  row: 'K53',
  project: (question) => (question.engine < 477 ? overflows : failsToFit).project(question),
  isStable: false,
};
const overflows = byValues('K53', 'wrong-results', (bounds, question) => {
  const hasRoom = decimalHasRoom(readAsSigned(bounds, question.leaf), question) === 'none';
  return negativeOr(hasRoom ? 'none' : 'wrong-results', bounds, question.leaf);
});
const failsToFit = byValues(
  'K53',
  'query-fails',
  (bounds, question) =>
    negativeOr(decimalHasRoom(readAsSigned(bounds, question.leaf), question), bounds, question.leaf),
  cannotCast,
);

const fewerDigits: Cell = byValues('K35', 'query-fails', decimalHasRoom, cannotCast);

/** Fewer digits after the point: rounded, unless a chunk holds one value that has none to lose. */
const roundsOff: Judge = (bounds, question) => {
  const { declared, stored } = digitsOf(question);
  const lost = 10n ** BigInt(stored.scale - declared.scale);
  const { min, max } = bounds;
  if (typeof min !== 'bigint' || typeof max !== 'bigint') return 'wrong-results';
  const hasNothingToLose = min === max && min % lost === 0n;
  return worse(decimalHasRoom(bounds, question), hasNothingToLose ? 'none' : 'wrong-results');
};
const rounded: Cell = assumedUnlessShown(byValues('K36', 'wrong-results', roundsOff, cannotCast));
/** No digit before the point to spare: a value that does not fit, or that rounds up to one, fails. */
const roundedOrFails: Cell = assumedUnlessShown(byValues('K36', 'query-fails', roundsOff, cannotCast));

/** Bounds that have nothing to lose say nothing of the values between them. */
function assumedUnlessShown(cell: Cell): Cell {
  const project: Cell['project'] = (question) => {
    const projected = cell.project(question);
    if (projected.effect !== 'wrong-results' || projected.basis !== 'statistics') return projected;
    return losesBound(question) ? projected : { ...projected, basis: 'assumed' };
  };
  return { ...cell, project };
}

function losesBound(question: ScalarQuestion): boolean {
  const { declared, stored } = digitsOf(question);
  const lost = 10n ** BigInt(stored.scale - declared.scale);
  return (question.chunks() ?? []).some((chunk) => {
    const bounds = usableBounds(chunk, question.leaf, question.createdBy);
    return [bounds?.min, bounds?.max].some((each) => typeof each === 'bigint' && each % lost !== 0n);
  });
}

/** decimal(p,s) over DECIMAL(p',s'), by how the digits compare (note j). */
export function decimalCell(declared: Digits, stored: Digits): Cell {
  const spare = declared.precision - declared.scale - (stored.precision - stored.scale);
  if (declared.scale < stored.scale) return spare > 0 ? rounded : roundedOrFails;
  if (spare < 0) return fewerDigits;
  if (declared.scale > stored.scale) return WIDER_SCALE;
  return declared.precision === stored.precision ? SAME_DECIMAL : WIDER;
}
const SAME_DECIMAL = right('K03');
const WIDER = right('K13');
const WIDER_SCALE = right('K14');
