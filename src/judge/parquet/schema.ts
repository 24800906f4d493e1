/** The schema of a Parquet file as its footer tells it, in Parquet's own words (parquet.thrift, LogicalTypes.md). */

export type PhysicalType =
  | 'BOOLEAN'
  | 'INT32'
  | 'INT64'
  | 'INT96'
  | 'FLOAT'
  | 'DOUBLE'
  | 'BYTE_ARRAY'
  | 'FIXED_LEN_BYTE_ARRAY';

export type Repetition = 'REQUIRED' | 'OPTIONAL' | 'REPEATED';

export type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS';

export type ConvertedType =
  | 'UTF8'
  | 'MAP'
  | 'MAP_KEY_VALUE'
  | 'LIST'
  | 'ENUM'
  | 'DECIMAL'
  | 'DATE'
  | 'TIME_MILLIS'
  | 'TIME_MICROS'
  | 'TIMESTAMP_MILLIS'
  | 'TIMESTAMP_MICROS'
  | 'UINT_8'
  | 'UINT_16'
  | 'UINT_32'
  | 'UINT_64'
  | 'INT_8'
  | 'INT_16'
  | 'INT_32'
  | 'INT_64'
  | 'JSON'
  | 'BSON'
  | 'INTERVAL';

/** A logical type. `unrecognised` keeps a union member that this reader does not know, by its Thrift field id. */
export type LogicalType =
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'TIME' | 'TIMESTAMP'; readonly isAdjustedToUTC: boolean; readonly unit: TimeUnit }
  | { readonly kind: 'INTEGER'; readonly bitWidth: number; readonly isSigned: boolean }
  | { readonly kind: PlainLogicalKind }
  | { readonly kind: 'unrecognised'; readonly fieldId: number };

/** `UNKNOWN` is Parquet's name for the all-null type; `INTERVAL` exists as a converted type only. */
export type PlainLogicalKind =
  | 'STRING'
  | 'MAP'
  | 'LIST'
  | 'ENUM'
  | 'DATE'
  | 'UNKNOWN'
  | 'JSON'
  | 'BSON'
  | 'UUID'
  | 'FLOAT16'
  | 'VARIANT'
  | 'GEOMETRY'
  | 'GEOGRAPHY'
  | 'FILE'
  | 'INTERVAL';

interface NodeBase {
  /** As written, never changed: may be empty, hostile or repeated. */
  readonly name: string;
  readonly repetition: Repetition;
  readonly fieldId: number | undefined;
  readonly convertedType: ConvertedType | undefined;
  readonly logicalType: LogicalType | undefined;
  /** Both annotations reconciled as Trino does: where they disagree the converted type wins (`MetadataReader.readTypeSchema`). */
  readonly annotation: LogicalType | undefined;
}

export interface GroupNode extends NodeBase {
  readonly kind: 'group';
  readonly children: readonly SchemaNode[];
}

export interface LeafNode extends NodeBase {
  readonly kind: 'leaf';
  readonly physicalType: PhysicalType;
  /** Bytes, for FIXED_LEN_BYTE_ARRAY only. */
  readonly typeLength: number | undefined;
  /** Place among the leaves of the file, which is the place of its chunk in every row group. */
  readonly ordinal: number;
  /** Names from the top-level column down to this leaf, repeated and key_value groups included. */
  readonly path: readonly string[];
}

export type SchemaNode = GroupNode | LeafNode;
