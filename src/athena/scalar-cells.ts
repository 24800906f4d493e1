import type { ChunkFacts } from '../parquet/facts.ts';
import type { TimeUnit } from '../parquet/schema.ts';
import type { ScalarType } from '../types/hive-type.ts';
import { castFails, unsupported, VALUE_OUT_OF_RANGE } from './error-text.ts';
import { unsignedBits } from './file-kind.ts';
import type { PredictedError, Prediction, Warning } from './prediction.ts';
import type { RowId } from './rows.ts';
import {
  asSigned,
  type Bounds,
  codePoints,
  type Decision,
  decide,
  isEqual,
  isText,
  type Question,
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
  /** The same in every supported version. */
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
  error: (question: ScalarQuestion) => PredictedError = () => VALUE_OUT_OF_RANGE,
): Cell {
  return {
    row,
    project: (question) => {
      const decision = decide(question, assumed, (bounds) => judge(bounds, question));
      return decision.effect === 'query-fails' ? { ...decision, error: error(question) } : decision;
    },
    isStable: true,
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

/** A coercion from an integer, which an unsigned one takes through its signed reading. */
export function coerced(row: RowId, isUnsigned: boolean, ...warnings: readonly Warning[]): Cell {
  return isUnsigned ? turnsNegative(row) : right(row, ...warnings);
}

/** BAD:days and BAD:bits: an integer taken for something else; one stored wider fails beyond 32 bits. */
export function reinterpreted(row: RowId): Cell {
  return byValues(row, 'wrong-results', (bounds, { leaf }) =>
    leaf.physicalType === 'INT32' || isWithin(bounds, 32) ? 'wrong-results' : 'query-fails',
  );
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

/** string over bytes without annotation: right if they are text, which bounds can only disprove. */
export const textIfUtf8: Cell = {
  row: 'K15',
  project: (question) => {
    const { effect } = decide(question, 'none', ({ min, max }) =>
      isText(min) && isText(max) ? 'none' : 'wrong-results',
    );
    return effect === 'none' ? RIGHT : { effect, basis: 'statistics' };
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
      const bytes = chunk.unencodedByteArrayBytes ?? Infinity;
      const isShort = bytes <= length && !showsBytes(chunk);
      const here = isShort ? 'none' : decision.effect;
      const isProven = here === 'none' || isLonger(chunk, length) || showsBytes(chunk);
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

/** A bound that is no text. */
function showsBytes({ minValue, maxValue }: ChunkFacts): boolean {
  return [minValue, maxValue].some((value) => value !== undefined && !isText(value));
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

/** A whole decimal over a plain 32-bit integer. */
export const integerAsDecimal: Cell = byValues('K37', 'query-fails', decimalHasRoom, ({ declared, leaf }) =>
  castFails(declared, leaf),
);

const fewerDigits: Cell = byValues('K35', 'query-fails', decimalHasRoom, ({ declared, leaf }) =>
  castFails(declared, leaf),
);

/** Fewer digits after the point: rounded, unless a chunk holds one value that has none to lose. */
const rounded: Cell = byValues(
  'K36',
  'wrong-results',
  (bounds, question) => {
    const { declared, stored } = digitsOf(question);
    const lost = 10n ** BigInt(stored.scale - declared.scale);
    const { min, max } = bounds;
    if (typeof min !== 'bigint' || typeof max !== 'bigint') return 'wrong-results';
    const hasNothingToLose = min === max && min % lost === 0n;
    return worse(decimalHasRoom(bounds, question), hasNothingToLose ? 'none' : 'wrong-results');
  },
  ({ declared, leaf }) => castFails(declared, leaf),
);

/** decimal(p,s) over DECIMAL(p',s'), by how the digits compare (note j). */
export function decimalCell(declared: Digits, stored: Digits): Cell {
  if (declared.scale < stored.scale) return rounded;
  if (declared.precision - declared.scale < stored.precision - stored.scale) return fewerDigits;
  if (declared.scale > stored.scale) return WIDER_SCALE;
  return declared.precision === stored.precision ? SAME_DECIMAL : WIDER;
}
const SAME_DECIMAL = right('K03');
const WIDER = right('K13');
const WIDER_SCALE = right('K14');
