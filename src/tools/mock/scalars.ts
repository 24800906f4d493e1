import type { Field } from '../../judge/contract/contract.ts';
import type { LeafNode, TimeUnit } from '../../judge/parquet/schema.ts';
import type { SchemaElementInput } from '../../judge/parquet/schema-element.ts';
import { outermost } from '../../judge/rules/bounds.ts';
import type { ScalarType } from '../../judge/types/hive-type.ts';
import { leaf, storedWays } from '../../run/catalog/stored-columns.ts';
import { patternText, patternTextAt } from './pattern.ts';
import type { Random } from './random.ts';

/** How a scalar is written: its element without a name, and values by row. */
export interface Scalar {
  readonly element: Omit<SchemaElementInput, 'name' | 'repetition_type'>;
  readonly value: (row: number) => unknown;
}

/** Enough different values that columns look alive, few enough that dictionaries stay small. */
const POOL = 997;

/** A scalar that keeps its column's limits, lengths, patterns and lists of values, as common writers store it. */
export function scalarOf(type: ScalarType, field: Field, random: Random): Scalar {
  const element = elementOf(type, field);
  const listed = field.quality.find(({ values }) => values !== undefined && values.length > 0)?.values;
  const pool = (make: () => unknown): Scalar => {
    const values = Array.from({ length: POOL }, make);
    return { element, value: () => values[Math.floor(random() * POOL)] };
  };
  switch (type.kind) {
    case 'boolean':
      return pool(() => random() < 0.5);
    case 'string':
    case 'varchar':
    case 'char': {
      if (listed) return pool(() => String(listed[Math.floor(random() * listed.length)]));
      const length = 'length' in type ? type.length : undefined;
      return field.unique
        ? { element, value: uniqueText(field, length) }
        : pool(() => textOf(field, length, random));
    }
    case 'binary':
      return pool(() => Uint8Array.from({ length: 8 }, () => Math.floor(random() * 256)));
    case 'float':
    case 'double':
      return pool(floating(type, field, random));
    default:
      return whole(type, field, element, random, listed, pool);
  }
}

function elementOf(type: ScalarType, { parquetType, timezone }: Field): Scalar['element'] {
  switch (type.kind) {
    case 'boolean':
      return { type: 'BOOLEAN' };
    case 'tinyint':
      return { type: 'INT32', converted_type: 'INT_8' };
    case 'smallint':
      return { type: 'INT32', converted_type: 'INT_16' };
    case 'int':
      return { type: 'INT32' };
    case 'bigint':
      return { type: 'INT64' };
    case 'float':
      return { type: 'FLOAT' };
    case 'double':
      return { type: 'DOUBLE' };
    case 'date':
      return { type: 'INT32', converted_type: 'DATE' };
    case 'timestamp': {
      const unit = (/\b(MILLIS|MICROS|NANOS)\b/u.exec(parquetType ?? '')?.[1] ?? 'MICROS') as TimeUnit;
      const stated = /,\s*(true|false)\s*\)/u.exec(parquetType ?? '')?.[1];
      const isAdjustedToUTC = stated === undefined ? timezone !== false : stated === 'true';
      // The converted type means UTC; without the logical type DuckDB would still read local time.
      return {
        type: 'INT64',
        ...(unit !== 'NANOS' && isAdjustedToUTC && { converted_type: `TIMESTAMP_${unit}` as const }),
        logical_type: { type: 'TIMESTAMP', unit, isAdjustedToUTC },
      };
    }
    case 'decimal':
      return decimalElement(type.precision, type.scale);
    case 'binary':
      return { type: 'BYTE_ARRAY' };
    default:
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  }
}

export function decimalElement(precision: number, scale: number): Scalar['element'] {
  const digits = { converted_type: 'DECIMAL', precision, scale } as const;
  if (precision <= 9) return { ...digits, type: 'INT32' };
  if (precision <= 18) return { ...digits, type: 'INT64' };
  return {
    ...digits,
    type: 'FIXED_LEN_BYTE_ARRAY',
    type_length: Math.ceil((precision * Math.log2(10) + 1) / 8),
  };
}

const DAY_2026 = 20_454n;
const SPANS: Readonly<Record<string, bigint>> = { tinyint: 100n, smallint: 10_000n, date: 365n };
const TICKS = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n } as const;

/** Integers, dates, timestamps and decimals: whole numbers in the unit that is stored. */
function whole(
  type: ScalarType,
  field: Field,
  element: Scalar['element'],
  random: Random,
  listed: readonly unknown[] | undefined,
  pool: (make: () => unknown) => Scalar,
): Scalar {
  const node = nodeOf(type, element);
  const isShort = element.type === 'INT32';
  const stored = (value: bigint) => (isShort && type.kind !== 'decimal' ? Number(value) : value);
  const numbers = (listed ?? []).flatMap((value) =>
    typeof value === 'number' ? [outermost(value, 'min', false, node) as bigint] : [],
  );
  if (numbers.length > 0) return pool(() => stored(numbers[Math.floor(random() * numbers.length)] ?? 0n));
  const { low, high } = rangeOf(type, field, node);
  if (field.unique) {
    const size = high - low + 1n;
    return { element, value: (row) => stored(low + (BigInt(row) % size)) };
  }
  return pool(() => stored(low + BigInt(Math.floor(random() * Number(high - low + 1n)))));
}

function nodeOf(type: ScalarType, { type: physicalType, logical_type }: Scalar['element']): LeafNode {
  const [way] = storedWays(type);
  if (way === undefined) throw new RangeError(`${type.kind} is stored in no way`);
  const unit = logical_type?.type === 'TIMESTAMP' ? logical_type.unit : 'MICROS';
  const annotation = way.annotation?.kind === 'TIMESTAMP' ? { ...way.annotation, unit } : way.annotation;
  return leaf(
    '',
    'OPTIONAL',
    { ...way, physicalType: physicalType ?? way.physicalType, annotation },
    0,
    [],
  ) as LeafNode;
}

/** The limits that are stated, else a plausible span beside the one that is, inside of the type. */
function rangeOf(
  type: ScalarType,
  { limits, unique }: Field,
  node: LeafNode,
): { readonly low: bigint; readonly high: bigint } {
  const [way] = storedWays(type);
  const [least, most] = [way?.min ?? 0n, way?.max ?? 1n << 62n] as [bigint, bigint];
  const edge = (side: 'min' | 'max') => {
    const [plain, exclusive] =
      side === 'min' ? [limits.minimum, limits.exclusiveMinimum] : [limits.maximum, limits.exclusiveMaximum];
    const found = [plain, exclusive].flatMap((limit, index) => {
      const value = limit === undefined ? undefined : outermost(limit, side, index === 1, node);
      return typeof value === 'bigint' ? [value] : [];
    });
    return found.toSorted((a, b) => (a < b === (side === 'min') ? 1 : -1))[0];
  };
  const [min, max] = [edge('min'), edge('max')];
  const ticks = node.annotation?.kind === 'TIMESTAMP' ? TICKS[node.annotation.unit] : 1n;
  const isTime = type.kind === 'timestamp';
  const span = isTime ? 31_536_000n * ticks : (SPANS[type.kind] ?? 1_000_000n) * (unique ? 1_000_000n : 1n);
  const start = isTime ? DAY_2026 * 86_400n * ticks : type.kind === 'date' ? DAY_2026 : 0n;
  const low = clamp(min ?? (max === undefined || max >= start ? start : max - span), least, most);
  const high = clamp(max ?? low + span, least, most);
  return { low, high: high < low ? low : high };
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value;
}

function floating(type: ScalarType, { limits, quality }: Field, random: Random): () => unknown {
  const listed = quality.flatMap(({ values = [] }) => values.filter((value) => typeof value === 'number'));
  if (listed.length > 0) return () => listed[Math.floor(random() * listed.length)];
  const number = (limit: unknown) => (typeof limit === 'number' ? limit : undefined);
  const min = number(limits.minimum) ?? number(limits.exclusiveMinimum);
  const max = number(limits.maximum) ?? number(limits.exclusiveMaximum);
  const low = min ?? (max === undefined ? 0 : Math.min(0, max - 1000));
  const high = max ?? low + 1000;
  return () => {
    // Strictly inside, so that exclusive limits are kept and a float's rounding does not leave them.
    const value = low + (high - low) * (0.01 + 0.98 * random());
    if (low === high) return low;
    return type.kind === 'float' ? Math.fround(value) : value;
  };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function textOf({ limits, quality }: Field, length: number | undefined, random: Random): string {
  const pattern = patternOf({ limits, quality });
  const fromPattern = pattern === undefined ? undefined : patternText(pattern)?.(random);
  if (fromPattern !== undefined) return fromPattern;
  const most = Math.min(limits.maxLength ?? 12, length ?? 12, Math.max(12, limits.minLength ?? 0));
  const least = Math.min(most, limits.minLength ?? Math.min(3, most));
  const count = least + Math.floor(random() * (most - least + 1));
  return Array.from({ length: count }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('');
}

function patternOf({ limits, quality }: Pick<Field, 'limits' | 'quality'>): string | undefined {
  return limits.pattern ?? quality.find((check) => check.pattern !== undefined)?.pattern;
}

function uniqueText(field: Field, length: number | undefined): (row: number) => string {
  const { limits } = field;
  const pattern = patternOf(field);
  const fromPattern = pattern === undefined ? undefined : patternTextAt(pattern);
  if (fromPattern !== undefined) return fromPattern;
  const width = Math.min(Math.max(8, limits.minLength ?? 0), limits.maxLength ?? 8, length ?? 8);
  return (row) => row.toString(36).padStart(width, '0');
}
