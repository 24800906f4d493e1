import type { ChunkFacts } from '../parquet/facts.ts';
import type { TimeUnit } from '../parquet/schema.ts';
import type { ScalarType } from '../types/hive-type.ts';
import { castFails, TEXT_TOO_LONG, unsupported, valueOutOfRange } from './error-text.ts';
import { fileKindOf, unsignedBits } from './file-kind.ts';
import type { PredictedError, Prediction, Warning } from './prediction.ts';
import type { RowId } from './rows.ts';
import {
  asSigned,
  type Bounds,
  codePoints,
  type Decision,
  decide,
  hasValues,
  isEqual,
  isText,
  type Question,
  usableBounds,
  worse,
} from './values.ts';

/** One leaf under one declared type, for one engine version. */
export interface ScalarQuestion extends Question {
  readonly declared: ScalarType;
  readonly engine: number;
  /** The declared column itself is this scalar: only then do the coercions of 448 and 450 exist. */
  readonly isTopLevel: boolean;
  /** The unit that the contract states for a timestamp; absent where it states none. */
  readonly unit: TimeUnit | undefined;
}

/** What selecting the column does. */
export interface Projected extends Decision {
  readonly error?: PredictedError;
  readonly warnings?: readonly Warning[];
}

/** One cell of the scalar matrix: the row that it belongs to, and what selecting does. */
export interface Cell {
  readonly row: RowId;
  readonly project: (question: ScalarQuestion) => Projected;
  /** The same in every supported version; false where the values decide, for their error has two names. */
  readonly isStable: boolean;
}

const RIGHT: Projected = { effect: 'none', basis: 'types' };
const WRONG: Projected = { effect: 'wrong-results', basis: 'types' };

/** Reads right, always. */
export function right(row: RowId, ...warnings: readonly Warning[]): Cell {
  const projected: Projected = warnings.length > 0 ? { ...RIGHT, warnings } : RIGHT;
  return { row, project: () => projected, isStable: true };
}

/** Reads wrong, silently, whatever the values. */
export function wrong(row: RowId): Cell {
  return { row, project: () => WRONG, isStable: true };
}

/** Reads wrong unless the values happen to be what the type shows, which no footer proves. */
export function wrongUnlessText(row: RowId): Cell {
  return { row, project: () => ({ effect: 'wrong-results', basis: 'assumed' }), isStable: true };
}

/** E1 and E1': no reader for the pair. */
export function fails(row: RowId = 'K70'): Cell {
  return {
    row,
    project: ({ declared, leaf }) => ({
      effect: 'query-fails',
      basis: 'types',
      error: unsupported(declared, leaf),
    }),
    isStable: true,
  };
}

/** A coercion that a version brought, for top-level columns alone. */
export function since(version: number, now: Cell): Cell {
  const before = fails(now.row);
  return {
    row: now.row,
    project: (question) =>
      (question.isTopLevel && question.engine >= version ? now : before).project(question),
    isStable: false,
  };
}

/** One behaviour before a version and another from it on, at any depth. */
export function changed(version: number, before: Cell, now: Cell): Cell {
  return {
    row: now.row,
    project: (question) => (question.engine >= version ? now : before).project(question),
    isStable: false,
  };
}

type Judge = (bounds: Bounds, question: ScalarQuestion) => Prediction['projection'];

/** A cell that the values decide; without statistics the worse effect is assumed. */
function byValues(
  row: RowId,
  assumed: Prediction['projection'],
  judge: Judge,
  error: (question: ScalarQuestion) => PredictedError = ({ engine }) => valueOutOfRange(engine),
): Cell {
  return {
    row,
    project: (question) => {
      const decision = decide(question, assumed, (bounds) => judge(bounds, question));
      return decision.effect === 'query-fails' ? { ...decision, error: error(question) } : decision;
    },
    isStable: false,
  };
}

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
  cannotCast,
);

/** Only these reach beyond the signed limit of their storage. */
function isReadNegative(leaf: ScalarQuestion['leaf']): boolean {
  const kind = fileKindOf(leaf);
  return kind === 'uint32' || kind === 'uint64';
}

function negativeOr(
  effect: Prediction['projection'],
  bounds: Bounds,
  leaf: ScalarQuestion['leaf'],
): Prediction['projection'] {
  const signed = readAsSigned(bounds, leaf);
  const isSame = isEqual(signed.min, bounds.min) && isEqual(signed.max, bounds.max);
  return worse(effect, isSame ? 'none' : 'wrong-results');
}

/** The longest text that a float or double is shown as. */
const FLOATING_TEXT = 24;

/** Text over a number from 450: an unsigned one is read signed, and varchar(n) fails where the text is longer. */
export function numberAsText(row: RowId): Cell {
  const unsigned: Cell = byValues(row, 'wrong-results', (bounds, { leaf }) =>
    negativeOr('none', bounds, leaf),
  );
  const limited: Cell = byValues(
    row,
    'query-fails',
    (bounds, { declared, leaf }) => {
      const length = declared.kind === 'varchar' ? declared.length : Number.POSITIVE_INFINITY;
      const signed = readAsSigned(bounds, leaf);
      return textLength(signed.min, leaf) > length || textLength(signed.max, leaf) > length
        ? 'query-fails'
        : negativeOr('none', bounds, leaf);
    },
    () => TEXT_TOO_LONG,
  );
  return {
    row,
    project: (question) => {
      if (question.declared.kind === 'varchar')
        return FLOATING.has(question.leaf.physicalType)
          ? floatingAsVarchar(question.declared)
          : limited.project(question);
      return isReadNegative(question.leaf) ? unsigned.project(question) : RIGHT;
    },
    isStable: true,
  };
}

const FLOATING: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE']);

/** Bounds of floats do not bound their text, so anything shorter than the longest may fail. */
function floatingAsVarchar({ length }: { readonly length: number }): Projected {
  return length >= FLOATING_TEXT ? RIGHT : { effect: 'query-fails', basis: 'assumed', error: TEXT_TOO_LONG };
}

const SECONDS_TEXT = '2022-01-08 01:00:00'.length;
const NANOS_TEXT = '2022-01-08 01:00:00.123456789'.length;

/** varchar(n) over INT96 from 448: its text is cut, silently. */
export const timestampAsVarchar: Cell = {
  row: 'K74',
  project: ({ declared }) => {
    const length = declared.kind === 'varchar' ? declared.length : NANOS_TEXT;
    if (length >= NANOS_TEXT) return RIGHT;
    return { effect: 'wrong-results', basis: length < SECONDS_TEXT ? 'types' : 'assumed' };
  },
  isStable: true,
};

/** Characters of a bound as text. */
function textLength(value: unknown, { annotation }: ScalarQuestion['leaf']): number {
  if (typeof value !== 'bigint') return Number.POSITIVE_INFINITY;
  const scale = annotation?.kind === 'DECIMAL' ? annotation.scale : 0;
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0').length;
  return digits + (scale > 0 ? 1 : 0) + (value < 0n ? 1 : 0);
}

/** The bounds as the engine reads the stored bits: an unsigned value beyond the signed limit is a negative one. */
function readAsSigned({ min, max }: Bounds, leaf: ScalarQuestion['leaf']): Bounds {
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

/** Bytes without annotation are taken for text until a bound says otherwise: old writers left the annotation out. */
const ASSUMED_TEXT: Projected = { effect: 'none', basis: 'assumed' };

/** string over bytes without annotation: right if they are text, which bounds can only disprove. */
export const textIfUtf8: Cell = {
  row: 'K15',
  project: (question) => {
    const { effect } = decide(question, 'none', ({ min, max }) =>
      isText(min) && isText(max) ? 'none' : 'wrong-results',
    );
    return effect === 'none' ? ASSUMED_TEXT : { effect, basis: 'statistics' };
  },
  isStable: true,
};

/**
 * CUT: varchar(n) or char(n) over text. Bounds order text and do not measure it, so a chunk is proven to fit only where
 * it holds one value (min = max, exact), or where the sizes say that all its text together is no longer than n bytes.
 * Bounds that are no text prove that raw bytes are shown.
 */
export const cut: Cell = {
  row: 'K34',
  project: (question) => {
    const { declared } = question;
    const chunks = question.chunks();
    if (chunks === undefined) return { effect: 'none', basis: 'unread' };
    const length = 'length' in declared ? declared.length : 0;
    let projected: Projected = { effect: 'none', basis: 'statistics' };
    for (const chunk of chunks) {
      const single =
        chunk.minValue !== undefined &&
        chunk.maxValue !== undefined &&
        isEqual(chunk.minValue, chunk.maxValue);
      const isExact = chunk.isMinExact === true && chunk.isMaxExact === true;
      const decision = decide({ ...question, chunks: () => [chunk] }, 'wrong-results', ({ min, max }) => {
        const longest = Math.max(codePoints(min) ?? Infinity, codePoints(max) ?? Infinity);
        return single && isExact && longest <= length ? 'none' : 'wrong-results';
      });
      const isShort = (chunk.unencodedByteArrayBytes ?? Number.POSITIVE_INFINITY) <= length;
      const bounds = usableBounds(chunk, question.leaf, question.createdBy);
      const isRaw = bounds !== undefined && !(isText(bounds.min) && isText(bounds.max));
      const here = isRaw ? 'wrong-results' : isShort ? 'none' : decision.effect;
      const isKnownText = bounds !== undefined || question.leaf.annotation !== undefined || !hasValues(chunk);
      const isProven = isRaw || (here === 'none' ? isKnownText : isLonger(chunk, length));
      projected = {
        effect: worse(projected.effect, here),
        basis: isProven ? projected.basis : 'assumed',
      };
    }
    return projected;
  },
  isStable: true,
};

/** A bound of more code points than n proves that a value is cut, unless it was itself shortened from one. */
function isLonger({ minValue, maxValue }: ChunkFacts, length: number): boolean {
  return [minValue, maxValue].some((value) => value !== undefined && (codePoints(value) ?? 0) > length);
}

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
