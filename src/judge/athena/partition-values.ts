import type { HiveType } from '../types/hive-type.ts';
import { inEveryVersion, type PredictedError, type WorstPrediction } from './prediction.ts';

type Accepts = (value: string, type: HiveType) => boolean;

function isInteger(bits: bigint): Accepts {
  const limit = 1n << (bits - 1n);
  return (value) => {
    // Java's parsers take a sign and leading zeros, and ASCII digits here; nothing around them.
    if (!/^[+-]?\d{1,40}$/u.test(value)) return false;
    const number = BigInt(value.replace(/^\+/u, ''));
    return number >= -limit && number < limit;
  };
}

/** `Float.parseFloat` and `Double.parseDouble`: decimal, exponent or hexadecimal, a type suffix, spaces around; NaN and Infinity only as written here. */
const isFloating: Accepts = (value) =>
  /^[+-]?(NaN|Infinity)$/u.test(value.trim()) ||
  /^[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|0x([\da-f]+\.?[\da-f]*|\.[\da-f]+)p[+-]?\d+)[fd]?$/iu.test(
    value.trim(),
  );

/** Days and months of one digit are taken too, longer years, and midnight behind (observed in Trino 435 and 476). */
const isDate: Accepts = (value) => {
  const match = /^(\d{4,6})-(\d\d?)-(\d\d?)(?: 00:00(?::00)?)?$/u.exec(value);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
};

const isTimestamp: Accepts = (value, type) => {
  const match = /^(\S+)(?: (\d\d?):(\d\d?)(?::(\d\d?)(\.\d{1,9})?)?)?$/u.exec(value);
  if (match === null || !isDate(match[1] ?? '', type)) return false;
  return Number(match[2] ?? 0) < 24 && Number(match[3] ?? 0) < 60 && Number(match[4] ?? 0) < 60;
};

/** What Java's `BigDecimal` reads: `digits` without zeros at their ends, with the point so many places before their end. */
function decimalOf(value: string) {
  const match = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,9}))?$/iu.exec(value);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const all = (whole + fraction).replace(/^0+/u, '');
  const digits = all.replace(/0+$/u, '');
  const places = digits === '' ? 0 : fraction.length - Number(power) - (all.length - digits.length);
  return { isNegative: sign === '-' && digits !== '', digits, places };
}

const isDecimal: Accepts = (value, type) => {
  const read = decimalOf(value);
  if (read === undefined || type.kind !== 'decimal') return false;
  const { digits, places } = read;
  return digits.length - places <= type.precision - type.scale && places <= type.scale;
};

const isBounded: Accepts = (value, type) => 'length' in type && [...value].length <= type.length;

/** What each key type accepts (`HiveUtil.parsePartitionValue`); nested keys and binary ones cannot be keys at all. */
const ACCEPTS = {
  boolean: (value) => /^(true|false)$/iu.test(value),
  tinyint: isInteger(8n),
  smallint: isInteger(16n),
  int: isInteger(32n),
  bigint: isInteger(64n),
  float: isFloating,
  double: isFloating,
  decimal: isDecimal,
  string: () => true,
  varchar: isBounded,
  char: isBounded,
  date: isDate,
  timestamp: isTimestamp,
  binary: () => false,
  array: () => false,
  map: () => false,
  struct: () => false,
} as const satisfies Record<HiveType['kind'], Accepts>;

/** Whether Athena takes a partition value for a key's type. `null` (Hive's default partition) is NULL for every type. */
export function predictPartitionValue(type: HiveType, value: string | null): WorstPrediction {
  const isKeyType =
    type.kind !== 'binary' && type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'struct';
  if (isKeyType && (value === null || ACCEPTS[type.kind](value, type))) return inEveryVersion('K94', 'none');
  const error: PredictedError = isKeyType
    ? invalid(type, value)
    : { name: 'NOT_SUPPORTED', text: `Unsupported type [${type.kind}] for partition` };
  return inEveryVersion('K94', 'query-fails', { error });
}

type Canonical = (value: string) => string;

const asIs: Canonical = (value) => value;
const integer: Canonical = (value) => BigInt(value.replace(/^\+/u, '')).toString();
const floating = (value: string): number => hexadecimal(value) ?? Number(value.trim().replace(/[fd]$/iu, ''));
const padded = (value: string, between: string) =>
  value
    .split(between)
    .map((part) => part.replace(/^\d(?!\d)/u, '0$&'))
    .join(between);
/** Midnight behind a date says nothing more. */
const day: Canonical = (value) => padded(value.replace(/ .*$/u, ''), '-');

/** `0x1.8p3` is 1.5 × 2³, as Java reads it. */
function hexadecimal(value: string): number | undefined {
  const match = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)[fd]?$/iu.exec(value.trim());
  if (match === null) return undefined;
  const [, sign, whole, fraction, power] = match;
  const size = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(power) - 4 * String(fraction).length);
  return sign === '-' ? -size : size;
}

/** How one value is written in only one way, by what a key's type makes of it. */
const CANONICAL = {
  boolean: (value) => value.toLowerCase(),
  tinyint: integer,
  smallint: integer,
  int: integer,
  bigint: integer,
  float: (value) => String(Math.fround(floating(value))),
  double: (value) => String(floating(value)),
  decimal(value) {
    const { isNegative, digits, places } = decimalOf(value) ?? { isNegative: false, digits: '', places: 0 };
    const padded = digits.padEnd(digits.length - places, '0').padStart(places, '0');
    const point = padded.length - Math.max(places, 0);
    return `${isNegative ? '-' : ''}${padded.slice(0, point)}.${padded.slice(point)}`;
  },
  string: asIs,
  varchar: asIs,
  char: (value) => value.trimEnd(),
  date: day,
  timestamp(value) {
    const [date = '', time = '00:00:00'] = value.split(' ');
    const [hour, minute, second = '00'] = padded(time, ':').split(':');
    return `${day(date)} ${hour}:${minute}:${second.includes('.') ? second.replace(/\.?0+$/u, '') : second}`;
  },
  binary: asIs,
  array: asIs,
  map: asIs,
  struct: asIs,
} as const satisfies Record<HiveType['kind'], Canonical>;

/**
 * The same text for values that a query cannot tell apart: `01` and `1` of an int. Glue keeps them as two partitions and Trino
 * reads both. Text that the type does not take stays as it is.
 */
export function canonicalPartitionValue(type: HiveType, value: string): string {
  return ACCEPTS[type.kind](value, type) ? CANONICAL[type.kind](value) : value;
}

/** Digits after the point that the key has no room for are not an invalid value to the engine, but an error of their own. */
function invalid(type: HiveType, value: string | null): PredictedError {
  return type.kind === 'decimal' && (decimalOf(value ?? '')?.places ?? 0) > type.scale
    ? { name: 'GENERIC_INTERNAL_ERROR', text: 'Rounding necessary' }
    : {
        name: 'HIVE_INVALID_PARTITION_VALUE',
        text: `Invalid partition value for ${type.kind} partition key`,
      };
}

/** Another number of values than keys fails every query that lists the partition. */
export function predictPartitionCount(keys: number, values: number): WorstPrediction {
  if (keys === values) return inEveryVersion('K98', 'none');
  const text = 'Number of partition values does not match number of filters';
  return inEveryVersion('K98', 'query-fails', { error: { name: 'GENERIC_INTERNAL_ERROR', text } });
}
