import { formatHiveType } from '../types/format-hive-type.ts';
import type { HiveType } from '../types/hive-type.ts';
import { decimalCastError } from './error-text.ts';
import { inEveryVersion, type PredictedError, type WorstPrediction } from './prediction.ts';
import { worse } from './values.ts';

type Kind = HiveType['kind'];

/** What a partition's type can be read as when the table's differs (`HiveCoercionPolicy.canCoerce`, 2023). */
const SCALAR_COERCIONS: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  string: ['string', 'varchar', 'tinyint', 'smallint', 'int', 'bigint', 'timestamp'],
  varchar: ['string', 'varchar', 'tinyint', 'smallint', 'int', 'bigint', 'timestamp'],
  char: ['char'],
  tinyint: ['smallint', 'int', 'bigint', 'string', 'varchar'],
  smallint: ['int', 'bigint', 'string', 'varchar'],
  int: ['bigint', 'string', 'varchar'],
  bigint: ['string', 'varchar'],
  float: ['double', 'decimal'],
  double: ['float', 'decimal'],
  decimal: ['decimal', 'float', 'double', 'string', 'varchar'],
  timestamp: ['string', 'varchar'],
};

/** What else Trino 435 coerces; what was so between 413 and 434 nobody has asked. */
const OBSERVED_FROM = 435;
const LATER_COERCIONS: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  string: ['double', 'date'],
  varchar: ['double', 'date'],
  tinyint: ['double'],
  smallint: ['double'],
  int: ['double'],
  bigint: ['double'],
  double: ['string', 'varchar'],
  decimal: ['tinyint', 'smallint', 'int', 'bigint'],
  boolean: ['string', 'varchar'],
  date: ['string', 'varchar'],
  timestamp: ['date'],
};

/** What only later versions coerce, by the first that was seen to. */
const LATEST_COERCIONS: readonly (readonly [engine: number, from: Kind, to: readonly Kind[]])[] = [
  [440, 'string', ['boolean']],
  [440, 'varchar', ['boolean']],
  [476, 'string', ['char']],
  [476, 'varchar', ['char']],
  [476, 'char', ['string', 'varchar']],
  [476, 'float', ['string', 'varchar']],
  [476, 'binary', ['string', 'varchar']],
];

/** Whether an engine version reads a partition of one type as a column of another. */
export function canCoerce(partition: HiveType, table: HiveType, engine: number): boolean {
  if (isSame(partition, table)) return true;
  if (partition.kind === 'array' && table.kind === 'array')
    return canCoerce(partition.element, table.element, engine);
  if (partition.kind === 'map' && table.kind === 'map')
    return canCoerce(partition.key, table.key, engine) && canCoerce(partition.value, table.value, engine);
  if (partition.kind === 'struct' && table.kind === 'struct') {
    // Same names at the same places: fields may come or go at the end only.
    const shared = Math.min(partition.fields.length, table.fields.length);
    return partition.fields.slice(0, shared).every(({ name, type }, index) => {
      const field = table.fields[index];
      return field?.name.toLowerCase() === name.toLowerCase() && canCoerce(type, field.type, engine);
    });
  }
  if (SCALAR_COERCIONS[partition.kind]?.includes(table.kind)) return true;
  if (
    LATEST_COERCIONS.some(
      ([since, from, to]) => engine >= since && from === partition.kind && to.includes(table.kind),
    )
  )
    return true;
  return engine >= OBSERVED_FROM && (LATER_COERCIONS[partition.kind]?.includes(table.kind) ?? false);
}

function isSame(a: HiveType, b: HiveType): boolean {
  return formatHiveType(a).toLowerCase() === formatHiveType(b).toLowerCase();
}

/**
 * A partition whose own column type is not the table's, in one engine version: no coercion fails every query on it (K95);
 * one that loses digits, length or fields, or turns text into numbers, does so by its values, mostly silently (K63).
 */
export function predictStalePartitionIn(
  partition: HiveType,
  table: HiveType,
  engine: number,
): WorstPrediction {
  if (!canCoerce(partition, table, engine)) {
    const text = `There is a mismatch between the table and partition schemas: '${formatHiveType(table)}' and '${formatHiveType(partition)}'`;
    const error = { name: 'HIVE_PARTITION_SCHEMA_MISMATCH', text } as const;
    return inEveryVersion('K95', 'query-fails', { error, warnings: ['stale-partition'] });
  }
  const loss = loses(partition, table);
  const { effect } = loss;
  const error = loss === CAST_FAILS ? decimalCastError(engine, 'DECIMAL', 'DECIMAL') : loss.error;
  return inEveryVersion('K63', effect, {
    // Whether a value is lost depends on the value, and no partition tells.
    basis: effect === 'none' ? 'types' : 'assumed',
    warnings: ['stale-partition'],
    ...(error && { error }),
  });
}

/** The worst over the supported versions. */
export function predictStalePartition(partition: HiveType, table: HiveType): WorstPrediction {
  const predictions = COERCING_ENGINES.map((engine) => predictStalePartitionIn(partition, table, engine));
  return predictions.reduce((worst, next) =>
    worse(worst.effect, next.effect) === worst.effect ? worst : next,
  );
}
const COERCING_ENGINES = [413, OBSERVED_FROM] as const;

interface Loss {
  readonly effect: WorstPrediction['projection'];
  readonly error?: PredictedError;
}
const NOTHING: Loss = { effect: 'none' };
const SILENTLY: Loss = { effect: 'wrong-results' };
const CAST_FAILS: Loss = { effect: 'query-fails', error: decimalCastError(0, 'DECIMAL', 'DECIMAL') };
const NO_DATE: Loss = {
  effect: 'query-fails',
  error: { name: 'GENERIC_INTERNAL_ERROR', text: 'Invalid date value: is not a valid date' },
};

/** What reading with the partition's type and then coercing may lose. */
function loses(partition: HiveType, table: HiveType): Loss {
  if (partition.kind === 'array' && table.kind === 'array') return loses(partition.element, table.element);
  if (partition.kind === 'map' && table.kind === 'map')
    return worseLoss(loses(partition.key, table.key), loses(partition.value, table.value));
  if (partition.kind === 'struct' && table.kind === 'struct') {
    if (partition.fields.length < table.fields.length) return SILENTLY;
    return table.fields
      .map(({ type }, index) => loses(partition.fields[index]?.type ?? type, type))
      .reduce(worseLoss, NOTHING);
  }
  if (isSame(partition, table)) return NOTHING;
  if (partition.kind === 'decimal' && table.kind === 'decimal')
    return table.precision - table.scale < partition.precision - partition.scale ? CAST_FAILS : SILENTLY;
  const fromText = partition.kind === 'string' || partition.kind === 'varchar' || partition.kind === 'binary';
  const toText = table.kind === 'string' || table.kind === 'varchar';
  if (fromText && table.kind === 'date') return NO_DATE;
  if (fromText) return toText && !isShorter(partition, table) ? NOTHING : SILENTLY;
  // The time of day, and digits after the point, are cut off.
  const isCut = partition.kind === 'timestamp' && table.kind === 'date';
  return isCut || (partition.kind === 'decimal' && partition.scale > 0 && !toText) ? SILENTLY : NOTHING;
}

function worseLoss(a: Loss, b: Loss): Loss {
  return worse(a.effect, b.effect) === a.effect ? a : b;
}

/** A partition column that cuts text which the table would show. */
function isShorter(partition: HiveType, table: HiveType): boolean {
  const length = (type: HiveType) => ('length' in type ? type.length : Number.POSITIVE_INFINITY);
  return length(partition) < length(table);
}
