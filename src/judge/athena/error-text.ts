import { safeText } from '../../text/safe.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import type { HiveType } from '../types/hive-type.ts';
import type { PredictedError } from './prediction.ts';

/** Trino's names where they are not Hive's (reference 1.3). */
const TRINO_NAMES: Readonly<Record<string, string>> = {
  float: 'real',
  string: 'varchar',
  binary: 'varbinary',
  int: 'integer',
  timestamp: 'timestamp(3)',
};

/** A Hive type as Trino's messages name it. */
export function trinoName(type: HiveType): string {
  switch (type.kind) {
    case 'array':
      return `array(${trinoName(type.element)})`;
    case 'map':
      return `map(${trinoName(type.key)}, ${trinoName(type.value)})`;
    case 'struct':
      return `row(${type.fields.map(({ name, type: field }) => `${name} ${trinoName(field)}`).join(', ')})`;
    default:
      return TRINO_NAMES[type.kind] ?? formatHiveType(type);
  }
}

/** E1: no reader for the pair (`ColumnReaderFactory.create`). */
export function unsupported(declared: HiveType, leaf: LeafNode): PredictedError {
  return {
    name: 'NOT_SUPPORTED',
    text: `Unsupported Trino column type (${trinoName(declared)}) for Parquet column (${descriptor(leaf)})`,
  };
}

/** A scalar under an array, since arrays of bare repeated scalars are read (441). */
export function unsupportedSchema(leaf: LeafNode): PredictedError {
  return { name: 'NOT_SUPPORTED', text: `Unsupported schema for Parquet column (${descriptor(leaf)})` };
}

/** `[a, b] optional int64 b (TIMESTAMP(MICROS,false))`, lower case as the reader makes every name. */
function descriptor(leaf: LeafNode): string {
  const path = leaf.path.map((name) => safeText(name.toLowerCase(), 60)).join(', ');
  const physical =
    leaf.physicalType === 'BYTE_ARRAY'
      ? 'binary'
      : leaf.typeLength === undefined
        ? leaf.physicalType.toLowerCase()
        : `fixed_len_byte_array(${leaf.typeLength})`;
  const name = safeText(leaf.name.toLowerCase(), 60);
  return `[${path}] ${leaf.repetition.toLowerCase()} ${physical} ${name}${annotationText(leaf)}`;
}

/** The annotation as parquet-mr prints it. */
function annotationText({ annotation }: LeafNode): string {
  if (annotation === undefined || annotation.kind === 'UNKNOWN' || annotation.kind === 'unrecognised')
    return '';
  switch (annotation.kind) {
    case 'DECIMAL':
      return ` (DECIMAL(${annotation.precision},${annotation.scale}))`;
    case 'TIME':
    case 'TIMESTAMP':
      return ` (${annotation.kind}(${annotation.unit},${annotation.isAdjustedToUTC}))`;
    case 'INTEGER':
      return ` (INTEGER(${annotation.bitWidth},${annotation.isSigned}))`;
    default:
      return ` (${annotation.kind})`;
  }
}

/** Since which version an exception of the reader is no longer named after the cursor (unobserved from 441 to 475). */
const READER_ERRORS_RENAMED = 476;

/** What the reader stumbles over while it reads pages, under the name that the version gives it. */
export function readerError(engine: number, text: string): PredictedError {
  return engine >= READER_ERRORS_RENAMED
    ? { name: 'GENERIC_INTERNAL_ERROR', text }
    : { name: 'HIVE_CURSOR_ERROR', text: `Failed to read Parquet file: ${text}` };
}

/** RANGE: a value does not fit the declared type. */
export function valueOutOfRange(engine: number): PredictedError {
  return readerError(engine, 'a value does not fit the declared type');
}

/** A decimal of more digits than the engine has. */
export function decimalTooLong(engine: number): PredictedError {
  return readerError(engine, 'a decimal of more than 38 digits');
}

/** A coercion to varchar(n) of a text that is longer. */
export const TEXT_TOO_LONG: PredictedError = {
  name: 'INVALID_ARGUMENTS',
  text: 'Value too long for the declared varchar',
};

/** A decimal that does not fit; its error has a name of its own in 483 (unobserved from 477 to 482). */
export function castFails(declared: HiveType, leaf: LeafNode, engine: number): PredictedError {
  const to = declared.kind === 'decimal' ? `DECIMAL(${declared.precision}, ${declared.scale})` : '';
  if (leaf.annotation?.kind !== 'DECIMAL') {
    const text = `Cannot read value as ${to || trinoName(declared).toUpperCase()}`;
    return { name: 'INVALID_CAST_ARGUMENT', text };
  }
  const { precision, scale } = leaf.annotation;
  return decimalCastError(engine, `DECIMAL(${precision}, ${scale})`, to);
}

/** A cast between decimals that has no room. */
export function decimalCastError(engine: number, from: string, to: string): PredictedError {
  return {
    name: engine >= 477 ? 'NUMERIC_VALUE_OUT_OF_RANGE' : 'INVALID_CAST_ARGUMENT',
    text: `Cannot cast ${from} 'value' to ${to}`,
  };
}

/** E2: the reader's tree cannot be built (`ParquetTypeUtils.constructField`). */
export function cannotBeCast(from: 'primitive' | 'group'): PredictedError {
  const [actual, wanted] =
    from === 'primitive' ? ['PrimitiveColumnIO', 'GroupColumnIO'] : ['GroupColumnIO', 'PrimitiveColumnIO'];
  return {
    name: 'HIVE_CANNOT_OPEN_SPLIT',
    text: `Error opening Hive split: class org.apache.parquet.io.${actual} cannot be cast to class org.apache.parquet.io.${wanted}`,
  };
}

/** A predicate meets statistics of another class (`TupleDomainParquetPredicate.getDomain`). */
export const CORRUPTED_STATISTICS: PredictedError = {
  name: 'HIVE_BAD_DATA',
  text: 'Malformed Parquet file. Corrupted statistics for column',
};

/** The same through a dictionary, which is read without that catch. */
export const DICTIONARY_FAILS: PredictedError = {
  name: 'HIVE_CANNOT_OPEN_SPLIT',
  text: 'Error opening Hive split (dictionary values of another class than declared)',
};

/** An array or map whose element, key or value has no part that is declared (`ParquetReader.readArray`). */
export function noElement(engine: number): PredictedError {
  return readerError(engine, 'No value present (nothing of an element, key or value is in the file)');
}

/** A repeated group read as if it were there once a row. */
export function otherRowCount(engine: number): PredictedError {
  return engine >= READER_ERRORS_RENAMED
    ? { name: 'SERIALIZATION_ERROR', text: 'Block has other positions than its page' }
    : OTHER_ROW_COUNT;
}

export const OTHER_ROW_COUNT: PredictedError = {
  name: 'GENERIC_INTERNAL_ERROR',
  text: "Loaded block positions count doesn't match lazy block positions count",
};

/** Two columns of the file whose names differ only in case (until 454). */
export const SAME_NAMES: PredictedError = {
  name: 'HIVE_CANNOT_OPEN_SPLIT',
  text: 'Error opening Hive split: Multiple entries with same key, or incompatible types',
};

/** A column index that no reader can decode. */
export const COLUMN_INDEX_FAILS: PredictedError = {
  name: 'HIVE_CANNOT_OPEN_SPLIT',
  text: "Error opening Hive split (can not read ColumnIndex: Required field 'null_pages' was not present)",
};
