import { daysSinceEpoch } from '../../text/days.ts';
import type { StatValue } from '../parquet/facts.ts';
import type { LeafNode, TimeUnit } from '../parquet/schema.ts';

/** A number without rounding: `unscaled / 10^scale`. */
interface Scaled {
  readonly unscaled: bigint;
  readonly scale: number;
}

const UNIT_DIGITS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const satisfies Record<TimeUnit, number>;

/**
 * Compares a statistic with a limit as the contract writes it: negative, zero or positive; nothing where the two
 * cannot be compared (a word for a number, a date that does not exist). Decimals and 64-bit values lose no digit.
 */
export function compareWithLimit(
  value: StatValue,
  limit: number | string,
  leaf: LeafNode,
): number | undefined {
  const kind = leaf.annotation?.kind;
  if (typeof value === 'number')
    return typeof limit === 'number' && !Number.isNaN(value) ? value - stored(limit, leaf) : undefined;
  if (typeof value !== 'bigint') return undefined;
  const actual = { unscaled: value, scale: digitsAfterPoint(leaf) };
  const isTemporal = kind === 'DATE' || kind === 'TIMESTAMP';
  const bound = isTemporal ? temporal(limit, kind) : exact(limit);
  return bound && compareScaled(actual, bound);
}

/** A limit as the column can hold it: 0.1 is no value of a FLOAT, and the one that stands for it is larger. */
function stored(limit: number, { physicalType }: LeafNode): number {
  return physicalType === 'FLOAT' ? Math.fround(limit) : limit;
}

/**
 * The outermost value of a leaf that a limit still lets through, as its statistics would say it; nothing where the limit
 * does not fit the leaf.
 */
export function outermost(
  limit: number | string,
  side: 'min' | 'max',
  isExclusive: boolean,
  leaf: LeafNode,
): StatValue | undefined {
  const step = side === 'min' ? 1 : -1;
  if (leaf.physicalType === 'FLOAT' || leaf.physicalType === 'DOUBLE') {
    if (typeof limit !== 'number') return undefined;
    return isExclusive ? limit + step * Math.max(1, Math.abs(limit)) * 2 ** -20 : limit;
  }
  const kind = leaf.annotation?.kind;
  const bound = kind === 'DATE' || kind === 'TIMESTAMP' ? temporal(limit, kind) : exact(limit);
  if (bound === undefined) return undefined;
  const shift = digitsAfterPoint(leaf) - bound.scale;
  if (shift >= 0) return bound.unscaled * 10n ** BigInt(shift) + (isExclusive ? BigInt(step) : 0n);
  const divisor = 10n ** BigInt(-shift);
  const floor = bound.unscaled / divisor - (bound.unscaled % divisor < 0n ? 1n : 0n);
  const isWhole = floor * divisor === bound.unscaled;
  if (side === 'min') return isWhole && !isExclusive ? floor : floor + 1n;
  return isWhole && isExclusive ? floor - 1n : floor;
}

function digitsAfterPoint({ annotation }: LeafNode): number {
  if (annotation?.kind === 'DECIMAL') return annotation.scale;
  return annotation?.kind === 'TIMESTAMP' ? UNIT_DIGITS[annotation.unit] : 0;
}

function compareScaled(a: Scaled, b: Scaled): number {
  const scale = Math.max(a.scale, b.scale);
  const difference =
    a.unscaled * 10n ** BigInt(scale - a.scale) - b.unscaled * 10n ** BigInt(scale - b.scale);
  return difference < 0n ? -1 : Number(difference > 0n);
}

/** The digits that a YAML number was written with, as far as a double keeps them. */
function exact(limit: number | string): Scaled | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/iu.exec(String(limit));
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { unscaled: digits * 10n ** BigInt(-scale), scale: 0 } : { unscaled: digits, scale };
}

/** Days since 1970-01-01 for a date, seconds with their fraction for a timestamp (UTC where no offset is given). */
function temporal(limit: number | string, kind: 'DATE' | 'TIMESTAMP'): Scaled | undefined {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))?)?$/u.exec(
      String(limit),
    );
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours, offsetMinutes] = match;
  const days = daysSinceEpoch(Number(year), Number(month), Number(day));
  if (kind === 'DATE') return { unscaled: BigInt(days), scale: 0 };
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === '-' ? -60 : 60);
  const seconds =
    days * 86_400 + Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second ?? 0) - offset;
  return {
    unscaled: BigInt(seconds) * 10n ** BigInt(fraction.length) + BigInt(fraction || '0'),
    scale: fraction.length,
  };
}
