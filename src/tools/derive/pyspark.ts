import type { Field } from '../../judge/contract/contract.ts';
import type { ScalarKind } from '../../judge/types/hive-type.ts';
import { isScalar } from '../../judge/types/hive-type.ts';
import type { DerivedTable } from './derived-table.ts';
import { pythonString } from './quoting.ts';

const SCALARS = {
  boolean: 'BooleanType',
  tinyint: 'ByteType',
  smallint: 'ShortType',
  int: 'IntegerType',
  bigint: 'LongType',
  float: 'FloatType',
  double: 'DoubleType',
  decimal: 'DecimalType',
  string: 'StringType',
  // Spark reads and writes bounded text as text; the length is the contract's to check.
  varchar: 'StringType',
  char: 'StringType',
  binary: 'BinaryType',
  date: 'DateType',
  timestamp: 'TimestampType',
} as const satisfies Record<ScalarKind, string>;

/** The schema for `spark.createDataFrame(rows, SCHEMA)` in the job that writes, and what it partitions by. */
export function renderPySpark({ contract, table }: DerivedTable): string {
  const used = new Set<string>(['StructType', 'StructField']);
  const fields = [...table.columns, ...table.partitionKeys].map((field) => `    ${fieldText(field, used)},`);
  const keys = table.partitionKeys.map(({ name }) => pythonString(name));
  return [
    `# ${pythonString(table.name)} of contract ${pythonString(contract.id)}, version ${pythonString(contract.version)}`,
    `from pyspark.sql.types import ${[...used].sort().join(', ')}`,
    '',
    'SCHEMA = StructType([',
    ...fields,
    '])',
    `PARTITION_BY = [${keys.join(', ')}]`,
    '# df.write.partitionBy(*PARTITION_BY).parquet(…); timestamps in microseconds:',
    '# spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")',
    '',
  ].join('\n');
}

function fieldText(field: Field, used: Set<string>): string {
  const { name, required, description } = field;
  const metadata = description === undefined ? '' : `, metadata={"comment": ${pythonString(description)}}`;
  return `StructField(${pythonString(name)}, ${typeText(field, used)}, nullable=${python(!required)}${metadata})`;
}

function typeText(field: Field, used: Set<string>): string {
  const { type, children, timezone, parquetType } = field;
  const [first, second] = children;
  if (type.kind === 'struct')
    return `StructType([${children.map((child) => fieldText(child, used)).join(', ')}])`;
  if (type.kind === 'array' && first) {
    used.add('ArrayType');
    return `ArrayType(${typeText(first, used)}, containsNull=${python(!first.required)})`;
  }
  if (type.kind === 'map' && first && second) {
    used.add('MapType');
    return `MapType(${typeText(first, used)}, ${typeText(second, used)}, valueContainsNull=${python(!second.required)})`;
  }
  const isLocal = timezone === false || /,\s*false\s*\)/u.test(parquetType ?? '');
  const word =
    type.kind === 'timestamp' && isLocal
      ? 'TimestampNTZType'
      : isScalar(type)
        ? SCALARS[type.kind]
        : 'StringType';
  used.add(word);
  return type.kind === 'decimal' ? `${word}(${type.precision}, ${type.scale})` : `${word}()`;
}

function python(value: boolean): string {
  return value ? 'True' : 'False';
}
