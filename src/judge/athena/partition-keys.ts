import { daysSinceEpoch } from '../../text/days.ts';
import type { StatValue } from '../parquet/facts.ts';
import type { LeafNode, SchemaNode, TimeUnit } from '../parquet/schema.ts';
import type { HiveType } from '../types/hive-type.ts';
import { inEveryVersion, type StatisticsSource, type WorstPrediction } from './prediction.ts';
import { hasValues, isEqual, usableBounds } from './values.ts';

/**
 * A partition key that is also a column of the file: the path always wins (`HivePageSourceProvider`, PREFILLED). Bounds
 * prove that every row says the same as the path, or that some row does not; where they cannot, the worse is assumed.
 */
export function predictPartitionKeyInFile(
  type: HiveType,
  value: string | null | undefined,
  node: SchemaNode,
  statistics: StatisticsSource,
): WorstPrediction {
  const chunks = node.kind === 'leaf' ? statistics(node.ordinal) : undefined;
  if (node.kind !== 'leaf' || chunks === undefined || value === undefined || value === null)
    return pathWins(false, 'assumed');
  const expected = storedForm(type, value, node);
  if (expected === undefined) return pathWins(false, 'assumed');
  let isProven = true;
  for (const chunk of chunks) {
    if (chunk.values === 0) continue;
    const bounds = usableBounds(chunk, node, undefined);
    // A null says something else than the path.
    if (!hasValues(chunk) || (chunk.nullCount ?? 0) > 0) return pathWins(false, 'statistics');
    if (bounds === undefined) isProven = false;
    else if (!isEqual(bounds.min, expected) || !isEqual(bounds.max, expected))
      return pathWins(false, 'statistics');
  }
  return isProven ? pathWins(true, 'statistics') : pathWins(false, 'assumed');
}

/** A path value as a column would store it, for the types that are used as keys. */
function storedForm(type: HiveType, value: string, node: LeafNode): StatValue | undefined {
  const annotation = node.annotation;
  switch (type.kind) {
    case 'boolean':
      return node.physicalType === 'BOOLEAN' ? value.toLowerCase() === 'true' : undefined;
    case 'date':
      return annotation?.kind === 'DATE' ? days(value) : undefined;
    case 'timestamp':
      return annotation?.kind === 'TIMESTAMP' ? instant(value, TICKS[annotation.unit]) : undefined;
    case 'decimal':
      return annotation?.kind === 'DECIMAL' ? unscaled(value, annotation.scale) : undefined;
    case 'string':
      return new TextEncoder().encode(value);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return /^[+-]?\d{1,20}$/u.test(value) ? BigInt(value.replace(/^\+/u, '')) : undefined;
    default:
      return undefined;
  }
}

const TICKS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const satisfies Record<TimeUnit, number>;

function days(value: string): bigint | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/u.exec(value) ?? [];
  return year === undefined ? undefined : BigInt(daysSinceEpoch(Number(year), Number(month), Number(day)));
}

/** A timestamp as a path has it, in ticks of 10^-digits seconds since 1970. */
function instant(value: string, digits: number): bigint | undefined {
  const [, date = '', hour = 0, minute = 0, second = 0, fraction = ''] =
    /^(\S+)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?)?$/u.exec(value) ?? [];
  const day = days(date);
  if (day === undefined || /[1-9]/u.test(fraction.slice(digits))) return undefined;
  const seconds = day * 86_400n + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second));
  return seconds * 10n ** BigInt(digits) + BigInt(fraction.slice(0, digits).padEnd(digits, '0') || '0');
}

function unscaled(value: string, scale: number): bigint | undefined {
  const [, sign = '', digits = '', fraction = ''] = /^([+-]?)(\d{1,38})(?:\.(\d*))?$/u.exec(value) ?? [];
  if (digits === '' || /[1-9]/u.test(fraction.slice(scale))) return undefined;
  return BigInt(`${sign === '-' ? '-' : ''}${digits}${fraction.slice(0, scale).padEnd(scale, '0')}`);
}

function pathWins(isSame: boolean, basis: WorstPrediction['basis']): WorstPrediction {
  return inEveryVersion('K64', isSame ? 'none' : 'wrong-results', { basis });
}
