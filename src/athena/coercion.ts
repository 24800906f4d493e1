import { formatHiveType } from '../types/format-hive-type.ts';
import type { HiveType } from '../types/hive-type.ts';
import { inEveryVersion, type WorstPrediction } from './prediction.ts';
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

/** Whether the engine reads a partition of one type as a column of another. */
export function canCoerce(partition: HiveType, table: HiveType): boolean {
  if (isSame(partition, table)) return true;
  if (partition.kind === 'array' && table.kind === 'array')
    return canCoerce(partition.element, table.element);
  if (partition.kind === 'map' && table.kind === 'map')
    return canCoerce(partition.key, table.key) && canCoerce(partition.value, table.value);
  if (partition.kind === 'struct' && table.kind === 'struct') {
    // Same names at the same places: fields may come or go at the end only.
    const shared = Math.min(partition.fields.length, table.fields.length);
    return partition.fields.slice(0, shared).every(({ name, type }, index) => {
      const field = table.fields[index];
      return field?.name.toLowerCase() === name.toLowerCase() && canCoerce(type, field.type);
    });
  }
  return SCALAR_COERCIONS[partition.kind]?.includes(table.kind) ?? false;
}

function isSame(a: HiveType, b: HiveType): boolean {
  return formatHiveType(a).toLowerCase() === formatHiveType(b).toLowerCase();
}

/**
 * A partition whose own column type is not the table's: no coercion fails every query on it (K95); one that loses
 * digits, length or fields, or turns text into numbers, does so silently (K63).
 */
export function predictStalePartition(partition: HiveType, table: HiveType): WorstPrediction {
  if (!canCoerce(partition, table)) {
    const text = `There is a mismatch between the table and partition schemas: '${formatHiveType(table)}' and '${formatHiveType(partition)}'`;
    const error = { name: 'HIVE_PARTITION_SCHEMA_MISMATCH', text } as const;
    return inEveryVersion('K95', 'query-fails', { error, warnings: ['stale-partition'] });
  }
  return inEveryVersion('K63', loses(partition, table), { warnings: ['stale-partition'] });
}

/** What reading with the partition's type and then coercing loses. */
function loses(partition: HiveType, table: HiveType): 'none' | 'wrong-results' {
  if (partition.kind === 'array' && table.kind === 'array') return loses(partition.element, table.element);
  if (partition.kind === 'map' && table.kind === 'map')
    return worse(loses(partition.key, table.key), loses(partition.value, table.value));
  if (partition.kind === 'struct' && table.kind === 'struct') {
    if (partition.fields.length < table.fields.length) return 'wrong-results';
    return table.fields
      .map(({ type }, index) => loses(partition.fields[index]?.type ?? type, type))
      .reduce<'none' | 'wrong-results'>(worse, 'none');
  }
  if (isSame(partition, table)) return 'none';
  if (partition.kind === 'decimal' && table.kind === 'decimal')
    return partition.scale < table.scale || partition.precision < table.precision ? 'wrong-results' : 'none';
  const fromText = partition.kind === 'string' || partition.kind === 'varchar';
  const toText = table.kind === 'string' || table.kind === 'varchar';
  if (fromText) return toText && !isShorter(partition, table) ? 'none' : 'wrong-results';
  return 'none';
}

/** A partition column that cuts text which the table would show. */
function isShorter(partition: HiveType, table: HiveType): boolean {
  const length = (type: HiveType) => ('length' in type ? type.length : Number.POSITIVE_INFINITY);
  return length(partition) < length(table);
}
