import { unitOf } from '../athena/columns.ts';
import { formatFileType } from '../parquet/format-file-type.ts';
import type { LogicalType } from '../parquet/schema.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import type { Pair } from './alignment.ts';
import type { Observed } from './observed.ts';
import { type Evidence, pairFinding, type Rule } from './rule.ts';
import type { TypeChange } from './type-change.ts';

type PairCheck = (pair: Pair, observed: Observed) => Evidence | undefined;

/** Both sides of a pair as people read them. */
export function bothSides(pair: Pair): { readonly expected: string; readonly actual: string } {
  return {
    expected: formatHiveType(pair.field.type),
    actual: pair.node ? formatFileType(pair.node) : 'no such column',
  };
}

function fires(change: TypeChange): PairCheck {
  return (pair, observed) =>
    pair.change === change ? pairFinding(pair, observed, bothSides(pair)) : undefined;
}

/** A contract that states the Parquet type (`parquetType`) holds the writer to its unit. */
function unitDiffers(pair: Pair, observed: Observed): Evidence | undefined {
  const stored = timestampOf(pair);
  const unit = unitOf(pair.field.parquetType);
  if (stored === undefined || unit === undefined || unit === stored.unit) return undefined;
  return pairFinding(pair, observed, { expected: unit, actual: stored.unit });
}

function zoneDiffers(pair: Pair, observed: Observed): Evidence | undefined {
  const stored = timestampOf(pair);
  const stated = /,\s*(true|false)\s*\)/u.exec(pair.field.parquetType ?? '')?.[1];
  const instant = stated === undefined ? pair.field.timezone : stated === 'true';
  if (stored === undefined || instant === undefined || instant === stored.isAdjustedToUTC) return undefined;
  return pairFinding(pair, observed, {
    expected: `isAdjustedToUTC=${instant}`,
    actual: `isAdjustedToUTC=${stored.isAdjustedToUTC}`,
  });
}

type Timestamp = Extract<LogicalType, { readonly kind: 'TIME' | 'TIMESTAMP' }>;

function timestampOf(pair: Pair): Timestamp | undefined {
  const annotation = pair.shape?.kind === 'scalar' ? pair.shape.leaf.annotation : undefined;
  return annotation?.kind === 'TIMESTAMP' ? annotation : undefined;
}

function typeNull(pair: Pair, observed: Observed): Evidence | undefined {
  return pair.shape?.kind === 'scalar' && pair.shape.leaf.annotation?.kind === 'UNKNOWN'
    ? pairFinding(pair, observed, bothSides(pair))
    : undefined;
}

const typeRule = { group: 'type', severity: 'info', scope: 'pair' } as const;

export const TYPE_RULES = [
  {
    ...typeRule,
    id: 'type-changed',
    summary: 'a column is stored as a type that is not the declared one, nor a wider or narrower form of it',
    remedy: 'write the column as the declared type, or declare the stored type in a new contract version',
    examples: {
      failing: { contract: ['amount decimal(10,2)'], file: ['optional double amount'] },
      passing: { contract: ['amount decimal(10,2)'], file: ['optional int64 amount (DECIMAL(10,2))'] },
    },
    check: fires('type-changed'),
    message: ({ expected, actual }) => `declared ${expected}, stored as ${actual}`,
  },
  {
    ...typeRule,
    id: 'type-widened',
    summary: 'a column is stored as a wider type than the declared one: values may not fit',
    remedy: 'cast to the declared type before writing, or widen the column in a new contract version',
    examples: {
      failing: { contract: ['quantity int'], file: ['optional int64 quantity'] },
      passing: { contract: ['quantity int'], file: ['optional int32 quantity'] },
    },
    check: fires('type-widened'),
    message: ({ expected, actual }) => `declared ${expected}, stored wider as ${actual}`,
  },
  {
    ...typeRule,
    id: 'type-narrowed',
    summary: 'a column is stored as a narrower type than the declared one: values fit, filters may not work',
    remedy: 'cast to the declared type before writing, or narrow the column in a new contract version',
    examples: {
      failing: { contract: ['ratio double'], file: ['optional float ratio'] },
      passing: { contract: ['ratio double'], file: ['optional double ratio'] },
    },
    check: fires('type-narrowed'),
    message: ({ expected, actual }) => `declared ${expected}, stored narrower as ${actual}`,
  },
  {
    ...typeRule,
    id: 'decimal-scale-reduced',
    summary: 'a decimal is declared with fewer digits after the point than the file stores: Athena rounds',
    remedy:
      'round to the declared scale before writing, or declare the larger scale in a new contract version',
    examples: {
      failing: { contract: ['price decimal(10,2)'], file: ['optional int64 price (DECIMAL(12,4))'] },
      passing: { contract: ['price decimal(12,4)'], file: ['optional int64 price (DECIMAL(12,4))'] },
    },
    check: fires('decimal-scale-reduced'),
    message: ({ expected, actual }) =>
      `declared ${expected}, stored with more digits after the point as ${actual}`,
  },
  {
    ...typeRule,
    id: 'decimal-digits-reduced',
    summary:
      'a decimal is declared with fewer digits before the point than the file stores: large values fail',
    remedy: 'write the declared precision, or declare the larger precision in a new contract version',
    examples: {
      failing: { contract: ['price decimal(10,2)'], file: ['optional int64 price (DECIMAL(14,2))'] },
      passing: { contract: ['price decimal(14,2)'], file: ['optional int64 price (DECIMAL(14,2))'] },
    },
    check: fires('decimal-digits-reduced'),
    message: ({ expected, actual }) =>
      `declared ${expected}, stored with more digits before the point as ${actual}`,
  },
  {
    ...typeRule,
    id: 'timestamp-unit',
    summary: 'a timestamp is stored in another unit than `parquetType` states',
    remedy:
      'set the writer to the stated unit (Spark: spark.sql.parquet.outputTimestampType), or change parquetType',
    examples: {
      failing: {
        contract: ['at timestamp parquetType=TIMESTAMP(MICROS,true)'],
        file: ['optional int64 at (TIMESTAMP(MILLIS,true))'],
      },
      passing: {
        contract: ['at timestamp parquetType=TIMESTAMP(MICROS,true)'],
        file: ['optional int64 at (TIMESTAMP(MICROS,true))'],
      },
    },
    check: unitDiffers,
    message: ({ expected, actual }) => `timestamp declared in ${expected}, stored in ${actual}`,
  },
  {
    ...typeRule,
    id: 'timestamp-zone',
    summary:
      'an instant is stored as local time, or the other way round: Athena shows the same digits, so the values may be hours off',
    remedy: 'write UTC instants where the contract says timezone: true, local times where it says false',
    severity: 'warning',
    examples: {
      failing: {
        contract: ['at timestamp timezone=true'],
        file: ['optional int64 at (TIMESTAMP(MICROS,false))'],
      },
      passing: {
        contract: ['at timestamp timezone=true'],
        file: ['optional int64 at (TIMESTAMP(MICROS,true))'],
      },
    },
    check: zoneDiffers,
    message: ({ expected, actual }) => `timestamp declared with ${expected}, stored with ${actual}`,
  },
  {
    ...typeRule,
    id: 'integer-unsigned',
    summary:
      'a column is stored as an unsigned integer that Athena reads as signed: large values turn negative or fail',
    remedy: 'write a signed type that is one size larger',
    examples: {
      failing: { contract: ['id bigint'], file: ['optional int64 id (INTEGER(64,false))'] },
      passing: { contract: ['id bigint'], file: ['optional int64 id (INTEGER(64,true))'] },
    },
    check: fires('integer-unsigned'),
    message: ({ expected, actual }) => `declared ${expected}, stored as unsigned ${actual}`,
  },
  {
    ...typeRule,
    id: 'type-null',
    summary: 'a column is stored as the null type, because every value was null when the file was written',
    remedy: 'give the column its declared type before writing (pandas: astype; pyarrow: pass the schema)',
    examples: {
      failing: { contract: ['note string'], file: ['optional int32 note (UNKNOWN)'] },
      passing: { contract: ['note string'], file: ['optional binary note (STRING)'] },
    },
    check: typeNull,
    message: ({ expected, actual }) => `declared ${expected}, stored as the null type (${actual})`,
  },
] as const satisfies readonly Rule[];
