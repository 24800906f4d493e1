import type { RuleId } from '../../judge/contract/vocabulary.ts';

/** Who writes a file of the demo, and how it differs from what the contract says. */
export type Recipe =
  | {
      readonly writer: 'duckdb';
      /** Columns that are not as declared: another SQL expression, another name, or none at all. */
      readonly changes?: Readonly<Record<string, string | null>>;
      readonly compression?: string;
    }
  | { readonly writer: 'hyparquet-writer'; readonly variant: 'good' | 'null-typed' | 'named-twice' }
  | { readonly writer: 'parquet-wasm' }
  | { readonly writer: 'customers'; readonly with: 'newsletter' | 'no newsletter' }
  | { readonly writer: 'parquetjs-lite' }
  | { readonly writer: 'bytes'; readonly content: 'empty' | 'csv' | 'half of a file' };

/** One file of the landing folder: what it shows, and what Headgate must say of it. */
export interface LandingFile {
  /** Below the landing folder, which is laid out as `bucket/key`. */
  readonly key: string;
  readonly shows: string;
  readonly recipe: Recipe;
  readonly verdict: 'admit' | 'hold' | 'ignore';
  /** The rule that holds it. */
  readonly rule?: RuleId;
}

const ORDERS = 'shop-lake-landing/orders';
const CUSTOMERS = 'shop-lake-landing/customers';
const DAY = `${ORDERS}/dt=2026-11-03/country=DE`;

const admitted = (key: string, shows: string, recipe: Recipe): LandingFile => ({
  key,
  shows,
  recipe,
  verdict: 'admit',
});
const ignored = (key: string, shows: string, recipe: Recipe): LandingFile => ({
  key,
  shows,
  recipe,
  verdict: 'ignore',
});
const held = (key: string, rule: RuleId, shows: string, recipe: Recipe): LandingFile => ({
  key,
  shows,
  recipe,
  verdict: 'hold',
  rule,
});
const drifted = (
  name: string,
  rule: RuleId,
  shows: string,
  changes: Readonly<Record<string, string | null>>,
) => held(`${DAY}/${name}.parquet`, rule, shows, { writer: 'duckdb', changes });

/** The demo's landing folder, file by file. */
export const LANDING_FILES: readonly LandingFile[] = [
  admitted(`${ORDERS}/dt=2026-11-01/country=DE/part-0.parquet`, 'as declared', { writer: 'duckdb' }),
  admitted(`${ORDERS}/dt=2026-11-01/country=FR/part-0.parquet`, 'as declared, by another writer', {
    writer: 'hyparquet-writer',
    variant: 'good',
  }),
  admitted(`${ORDERS}/dt=2026-11-02/country=DE/part-0.parquet`, 'as declared, by a third writer', {
    writer: 'parquet-wasm',
  }),
  admitted(`${CUSTOMERS}/snapshot.parquet`, 'as declared', { writer: 'customers', with: 'newsletter' }),
  admitted(
    `${CUSTOMERS}/old-job.parquet`,
    'lacks a column that version 1.0.0, still accepted, did not have',
    { writer: 'customers', with: 'no newsletter' },
  ),
  held(
    `${CUSTOMERS}/legacy-tool.parquet`,
    'readability',
    'right types, by a writer whose column indexes no reader decodes',
    { writer: 'parquetjs-lite' },
  ),
  drifted('float-weight', 'type-narrowed', 'double stored as FLOAT: reads right, filters fail', {
    weight_kg: 'i::FLOAT',
  }),
  drifted('wide-count', 'type-widened', 'int stored as INT64, beyond what an int holds', {
    item_count: '3000000000 + i',
  }),
  drifted('amount-as-double', 'type-changed', 'decimal stored as DOUBLE', {
    total_amount: 'i * 1.5::DOUBLE',
  }),
  drifted('amount-as-text', 'type-changed', 'decimal stored as text', {
    total_amount: "printf('%d.50 EUR', i)",
  }),
  drifted('amount-more-digits', 'decimal-scale-reduced', 'two more digits after the point: Athena rounds', {
    total_amount: '(i * 1.2345)::DECIMAL(14,4)',
  }),
  drifted('amount-renamed', 'column-renamed', 'total_amount written as totalAmount: Athena reads NULL', {
    total_amount: 'totalAmount',
  }),
  drifted('status-missing', 'column-missing', 'a column is gone', { status: null }),
  drifted('status-null', 'required-null', 'a required column holds nulls', {
    status: "CASE WHEN i % 3 = 0 THEN NULL ELSE 'paid' END",
  }),
  drifted('time-as-text', 'type-changed', 'timestamp stored as text', {
    ordered_at: "printf('2026-11-03T00:%02d:00Z', i % 60)",
  }),
  drifted('time-as-number', 'type-changed', 'timestamp stored as a plain number', {
    ordered_at: '1793664000000 + i',
  }),
  drifted('unsigned-customer', 'integer-unsigned', 'ids above what a bigint holds', {
    customer_id: '(18446744073709551000::UBIGINT + i::UBIGINT)::UBIGINT',
  }),
  drifted('negative-amount', 'value-range', 'below the declared minimum', {
    total_amount: '(i - 20)::DECIMAL(12,2)',
  }),
  drifted('city-dropped', 'field-missing', 'a field of a struct is gone', {
    shipping_address: "{'line1': 'Main St 1', 'country': 'DE'}",
  }),
  drifted('price-as-double', 'type-changed', 'a field inside a list changed its type', {
    lines: "[{'sku': 'a', 'qty': 1::INTEGER, 'price': 1.5::DOUBLE}]",
  }),
  drifted('address-as-text', 'nesting-changed', 'a struct written as text', {
    shipping_address: "'Main St 1, Berlin'",
  }),
  held(`${DAY}/gift-null-typed.parquet`, 'type-null', 'a column of nulls alone, written without its type', {
    writer: 'hyparquet-writer',
    variant: 'null-typed',
  }),
  held(`${DAY}/id-twice.parquet`, 'column-ambiguous', 'order_id and ORDER_ID in one file', {
    writer: 'hyparquet-writer',
    variant: 'named-twice',
  }),
  held(`${DAY}/lz4-raw.parquet`, 'codec-unsupported', 'a codec that Athena does not have', {
    writer: 'duckdb',
    compression: 'lz4_raw',
  }),
  held(
    `${ORDERS}/dt=20261103/country=DE/part-0.parquet`,
    'partition-value',
    'a partition folder that is not a date',
    { writer: 'duckdb' },
  ),
  held(`${DAY}/cut-off.parquet`, 'file-truncated', 'a file whose writer died', {
    writer: 'bytes',
    content: 'half of a file',
  }),
  held(`${DAY}/export.parquet`, 'file-not-parquet', 'a CSV file by a wrong name', {
    writer: 'bytes',
    content: 'csv',
  }),

  ignored(`${ORDERS}/dt=2026-11-01/country=DE/_SUCCESS`, 'a marker', { writer: 'bytes', content: 'empty' }),
  ignored(`${ORDERS}/_temporary/0/part-0.parquet`, 'unfinished work of a job', {
    writer: 'bytes',
    content: 'half of a file',
  }),
  ignored(`${ORDERS}/dt=2026-11-01/country=DE/part-1.parquet`, 'an empty object', {
    writer: 'bytes',
    content: 'empty',
  }),
];
