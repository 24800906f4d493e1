import type { ConvertedType, PhysicalType, Repetition, TimeUnit } from './schema.ts';

/** One element of a flattened Parquet schema as writers take it (parquet.thrift, SchemaElement). */
export interface SchemaElementInput {
  readonly name: string;
  readonly repetition_type?: Repetition;
  readonly type?: PhysicalType;
  /** Bytes, for FIXED_LEN_BYTE_ARRAY. */
  readonly type_length?: number;
  readonly num_children?: number;
  readonly converted_type?: ConvertedType;
  readonly precision?: number;
  readonly scale?: number;
  readonly logical_type?:
    | { readonly type: 'TIMESTAMP'; readonly unit: TimeUnit; readonly isAdjustedToUTC: boolean }
    | { readonly type: 'NULL' };
}

/** A top-level column: its elements from its own down, and the values of some rows. */
export interface ColumnInput {
  readonly name: string;
  readonly elements: readonly SchemaElementInput[];
  readonly encoding?: 'BYTE_STREAM_SPLIT';
  /** Rows from `start` on. Integers beyond 32 bits and unscaled decimals are bigint; maps are lists of `{key, value}`. */
  readonly values: (start: number, count: number) => readonly unknown[];
}
