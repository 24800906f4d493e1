/** What a file does to those who query its table in Athena; `breaks-contract`: no query fails, the contract is broken. */
export type Harm = 'query-fails' | 'wrong-results' | 'filters-may-fail' | 'breaks-contract' | 'none';

/** How it is known: records of a real Trino (test/athena/observed), words of the contract, or what a reader of the pages says. */
export type Proof =
  | { readonly records: readonly string[] }
  | { readonly contract: string }
  | { readonly reader: string };

export const GROUPS = {
  file: 'Damaged files, codecs, encodings',
  column: 'Columns that come, go and change their names',
  type: 'Types',
  nested: 'Structs, lists, maps',
  partition: 'Partitions',
  footer: 'Rules that a footer can decide',
  data: 'Rules that only the data can decide',
} as const;

export interface Drift {
  readonly id: string;
  readonly group: keyof typeof GROUPS;
  /** What the file is, in a few words. */
  readonly what: string;
  /** The path it is about, as Headgate writes paths; none where it is about the whole file. */
  readonly column?: string;
  readonly harm: Exclude<Harm, 'none'>;
  readonly proof: Proof;
  /** Written by `headgate mock --drift`, for this rule; all others by write_files.py. */
  readonly mock?: string;
}

export interface Variation {
  readonly id: string;
  readonly what: string;
  readonly proof: Proof;
  readonly isMock?: true;
}

const drift =
  (group: Drift['group']) =>
  (
    id: string,
    what: string,
    harm: Drift['harm'],
    proof: Proof,
    about: Pick<Drift, 'column' | 'mock'> = {},
  ): Drift => ({ id, group, what, harm, proof, ...about });
const [file, column, type, nested, partition, footer, data] = (
  ['file', 'column', 'type', 'nested', 'partition', 'footer', 'data'] as const
).map(drift) as [Of, Of, Of, Of, Of, Of, Of];
type Of = ReturnType<typeof drift>;

const trino = (...records: readonly string[]): Proof => ({ records });
const contract = (words: string): Proof => ({ contract: words });
const at = (path: string) => ({ column: path });

/** Every drift, with what is true of it: written by hand from the records and the contract, never from what a tool said. */
export const DRIFTS: readonly Drift[] = [
  file('csv-under-the-name', 'CSV under the name of a Parquet file', 'query-fails', trino('unreadable/csv')),
  file('half-a-file', 'the first half of a file', 'query-fails', trino('unreadable/half')),
  file('eight-bytes', 'the first eight bytes of a file', 'query-fails', trino('unreadable/short')),
  file(
    'footer-longer-than-the-file',
    'a footer length above the size of the file',
    'query-fails',
    trino('unreadable/footer-length'),
  ),
  file('mock-footer-malformed', 'a footer of nonsense', 'query-fails', trino('unreadable/footer-bytes'), {
    mock: 'footer-malformed',
  }),
  file('mock-file-encrypted', 'an encrypted footer', 'query-fails', trino('unreadable/encrypted'), {
    mock: 'file-encrypted',
  }),
  file('noise-in-a-page', 'noise inside a data page, the footer untouched', 'query-fails', {
    reader: 'the page cannot be decompressed',
  }),
  file('codec-brotli', 'compressed with Brotli', 'query-fails', trino('codec/BROTLI')),
  file(
    'codec-lz4-raw',
    'compressed with LZ4_RAW, which pyarrow calls lz4',
    'query-fails',
    trino('codec/LZ4_RAW'),
  ),
  file(
    'encoding-byte-stream-split',
    'doubles encoded as BYTE_STREAM_SPLIT: Trino before 444 cannot read them',
    'query-fails',
    trino('encoding/BYTE_STREAM_SPLIT/double'),
    at('weight_kg'),
  ),

  column(
    'column-missing-required',
    'a required column is not there',
    'breaks-contract',
    contract('total_amount is required'),
    at('total_amount'),
  ),
  column(
    'column-missing-optional',
    'an optional column is not there',
    'breaks-contract',
    contract('weight_kg is declared, and less than half of it may be null'),
    at('weight_kg'),
  ),
  column(
    'column-unexpected',
    'a column that nobody declared',
    'breaks-contract',
    contract('debug is not declared'),
    at('debug'),
  ),
  column(
    'column-renamed',
    'total_amount is called totalAmount',
    'wrong-results',
    trino('columns/renamed'),
    at('total_amount'),
  ),
  column('mock-column-renamed', 'order_id is called orderId', 'wrong-results', trino('columns/renamed'), {
    column: 'order_id',
    mock: 'column-renamed',
  }),
  column(
    'column-twice-by-case',
    'status and Status',
    'query-fails',
    trino('name-twice/names-twice/int'),
    at('status'),
  ),

  type(
    'int-as-long-bloom-filter',
    'int as INT64, with a bloom filter: a filter loses rows',
    'wrong-results',
    trino('pyarrow/int64/int'),
    at('quantity'),
  ),
  type(
    'int-as-long-out-of-range',
    'int as INT64, one value above 2^31',
    'query-fails',
    trino('pyarrow/int64_wide/int'),
    at('quantity'),
  ),
  type(
    'long-as-int-bloom-filter',
    'bigint as INT32, with a bloom filter: a filter loses rows',
    'wrong-results',
    trino('pyarrow/int32/bigint'),
    at('customer_id'),
  ),
  type(
    'int-as-text',
    'int as text of digits',
    'query-fails',
    trino('pyarrow/text_digits/int'),
    at('quantity'),
  ),
  type('int-as-double', 'int as DOUBLE', 'query-fails', trino('pyarrow/double/int'), at('quantity')),
  type(
    'int-as-unsigned',
    'int as UINT_32 above 2^31',
    'wrong-results',
    trino('pyarrow/uint32_top/int'),
    at('quantity'),
  ),
  type(
    'long-as-unsigned',
    'bigint as UINT_64 above 2^63',
    'wrong-results',
    trino('pyarrow/uint64_top/bigint'),
    at('customer_id'),
  ),
  type('text-as-int', 'string as INT64', 'query-fails', trino('pyarrow/int64/string'), at('note')),
  type('text-as-uuid', 'string as UUID', 'wrong-results', trino('pyarrow/uuid/string'), at('note')),
  type(
    'text-as-raw-bytes',
    'string as bytes that are no UTF-8',
    'wrong-results',
    trino('pyarrow/bytes_raw/string'),
    at('note'),
  ),
  type(
    'text-as-nothing',
    'string as a column of type null, which pyarrow writes for all None',
    'query-fails',
    trino('pyarrow/null/string'),
    at('note'),
  ),
  type(
    'duckdb-huge-integer',
    'string as DuckDB’s HUGEINT, which it writes as DOUBLE',
    'query-fails',
    trino('pyarrow/double/string'),
    at('note'),
  ),
  type(
    'double-as-float',
    'double as FLOAT: a filter fails',
    'filters-may-fail',
    trino('pyarrow/float/double'),
    at('weight_kg'),
  ),
  type('double-as-long', 'double as INT64', 'query-fails', trino('pyarrow/int64/double'), at('weight_kg')),
  type(
    'double-as-decimal',
    'double as DECIMAL(10,2)',
    'query-fails',
    trino('pyarrow/decimal_10_2/double'),
    at('weight_kg'),
  ),
  type('float-as-double', 'float as DOUBLE', 'query-fails', trino('pyarrow/double/float'), at('score')),
  type('boolean-as-text', 'boolean as text', 'query-fails', trino('pyarrow/text/boolean'), at('is_gift')),
  type('boolean-as-byte', 'boolean as 0 and 1', 'query-fails', trino('pyarrow/int8/boolean'), at('is_gift')),
  type('date-as-text', 'date as text', 'query-fails', trino('pyarrow/text/date'), at('ship_date')),
  type('date-as-timestamp', 'date as TIMESTAMP', 'query-fails', trino('pyarrow/ts_us/date'), at('ship_date')),
  type(
    'date-as-int',
    'date as INT32 days without annotation: a filter loses rows',
    'wrong-results',
    trino('pyarrow/int32_days/date'),
    at('ship_date'),
  ),
  type(
    'timestamp-as-text',
    'timestamp as text',
    'query-fails',
    trino('pyarrow/text/timestamp'),
    at('ordered_at'),
  ),
  type(
    'timestamp-as-long',
    'timestamp as INT64 milliseconds without annotation',
    'query-fails',
    trino('pyarrow/int64/timestamp'),
    at('ordered_at'),
  ),
  type(
    'timestamp-as-date',
    'timestamp as DATE',
    'query-fails',
    trino('pyarrow/date/timestamp'),
    at('ordered_at'),
  ),
  type(
    'timestamp-without-zone',
    'an instant stored as local time',
    'breaks-contract',
    contract('ordered_at has timezone: true'),
    at('ordered_at'),
  ),
  type(
    'decimal-scale',
    'decimal(10,2) as DECIMAL(10,4): digits are lost',
    'wrong-results',
    trino('pyarrow/decimal_10_4/decimal(10,2)'),
    at('total_amount'),
  ),
  type(
    'duckdb-default-decimal',
    'decimal(10,2) as DuckDB’s DECIMAL, which is DECIMAL(18,3)',
    'wrong-results',
    trino('pyarrow/decimal_10_4/decimal(10,2)'),
    at('total_amount'),
  ),
  type(
    'decimal-digits',
    'decimal(10,2) as DECIMAL(12,2), with values that need it',
    'query-fails',
    trino('pyarrow/decimal_12_2/decimal(10,2)'),
    at('total_amount'),
  ),
  type(
    'decimal-wider-form',
    'decimal(10,2) as DECIMAL(20,2): wrong before Trino 454',
    'wrong-results',
    trino('pyarrow/decimal_20_2/decimal(10,2)'),
    at('total_amount'),
  ),
  type(
    'decimal-as-double',
    'decimal(10,2) as DOUBLE',
    'query-fails',
    trino('pyarrow/double/decimal(9,0)'),
    at('total_amount'),
  ),
  type(
    'decimal-as-long',
    'decimal(10,2) as INT64 cents',
    'query-fails',
    trino('pyarrow/int64/decimal(10,2)'),
    at('total_amount'),
  ),
  type(
    'decimal-as-text',
    'decimal(10,2) as text',
    'query-fails',
    trino('pyarrow/text/decimal(20,2)'),
    at('total_amount'),
  ),
  type('mock-type-changed', 'one column of another kind', 'query-fails', trino('pyarrow/int64/string'), {
    column: 'order_id',
    mock: 'type-changed',
  }),

  nested(
    'struct-as-text',
    'a struct as JSON text',
    'query-fails',
    trino('pyarrow/text/struct<a:int>'),
    at('address'),
  ),
  nested(
    'struct-field-missing',
    'a field of a struct is not there',
    'wrong-results',
    trino('columns/struct-fields-gone'),
    at('address.zip'),
  ),
  nested(
    'struct-field-renamed',
    'zip is called postcode',
    'wrong-results',
    trino('columns/struct-fields-gone'),
    at('address.zip'),
  ),
  nested(
    'struct-field-as-text',
    'an int in a struct as text',
    'query-fails',
    trino('pyarrow/text_digits/int'),
    at('address.zip'),
  ),
  nested(
    'list-as-struct',
    'one struct where a list of them is declared',
    'wrong-results',
    trino('shapes/s3/array<struct<x:int>>'),
    at('lines'),
  ),
  nested(
    'list-of-text',
    'a list of text where a list of structs is declared',
    'query-fails',
    trino('shapes/l3/array<struct<x:int>>'),
    at('lines[]'),
  ),
  nested(
    'list-field-as-double',
    'a decimal inside a list as DOUBLE',
    'query-fails',
    trino('pyarrow/double/decimal(9,0)'),
    at('lines[].price'),
  ),
  nested(
    'list-field-as-long',
    'an int inside a list as INT64, above 2^31',
    'query-fails',
    trino('shapes/l3long/array<int>'),
    at('lines[].qty'),
  ),
  nested(
    'map-values-as-long',
    'map values of text as INT64',
    'query-fails',
    trino('shapes/map/map<string,double>'),
    at('labels{}'),
  ),
  nested(
    'map-as-struct',
    'a struct where a map is declared',
    'query-fails',
    trino('shapes/s1/map<int,int>'),
    at('labels'),
  ),

  partition(
    'partition-no-date',
    'dt=2026-02-30',
    'query-fails',
    trino('partition-value/date/2022-02-30'),
    at('dt'),
  ),
  partition(
    'partition-order',
    'country=DE/dt=2026-11-03: the folders the other way round',
    'breaks-contract',
    contract('dt is partition key 1, country is 2'),
  ),
  partition(
    'partition-key-missing',
    'no folder for the key country',
    'breaks-contract',
    contract('country is a required partition key'),
    at('country'),
  ),
  partition(
    'partition-key-renamed',
    'the folder says day=, not dt=',
    'breaks-contract',
    contract('dt is a required partition key'),
    at('dt'),
  ),
  partition(
    'partition-key-in-file',
    'the file has a column dt of another day: Athena shows the path',
    'wrong-results',
    trino('partition/key-in-file'),
    at('dt'),
  ),

  footer(
    'required-null',
    'nulls in a required column',
    'breaks-contract',
    contract('customer_id is required'),
    at('customer_id'),
  ),
  footer(
    'mostly-null',
    'nine of ten values are null',
    'breaks-contract',
    contract('less than 50 percent of weight_kg may be null'),
    at('weight_kg'),
  ),
  footer(
    'below-minimum',
    'five negative amounts',
    'breaks-contract',
    contract('total_amount has minimum: 0'),
    at('total_amount'),
  ),
  footer(
    'above-maximum',
    'one quantity of 5,000',
    'breaks-contract',
    contract('quantity has maximum: 1000'),
    at('quantity'),
  ),
  footer(
    'below-minimum-in-a-list',
    'one quantity of 0 inside a list',
    'breaks-contract',
    contract('lines[].qty has minimum: 1'),
    at('lines[].qty'),
  ),
  footer('no-rows', 'a file without rows', 'breaks-contract', contract('rowCount mustBeGreaterThan: 0')),

  data(
    'value-not-listed',
    'a status that is not on the list, between two that are',
    'breaks-contract',
    contract('status is one of four words'),
    at('status'),
  ),
  data(
    'key-twice',
    'an order_id that comes twice',
    'breaks-contract',
    contract('order_id is unique'),
    at('order_id'),
  ),
  data(
    'pattern-broken',
    'a coupon of another form',
    'breaks-contract',
    contract('coupon has a pattern'),
    at('coupon'),
  ),
  data(
    'text-too-long',
    'a note of 60 letters',
    'breaks-contract',
    contract('note has maxLength: 40'),
    at('note'),
  ),
  data(
    'sql-rule-broken',
    'cancelled orders that are noted as shipped',
    'breaks-contract',
    contract('a SQL rule of the table'),
  ),
  data(
    'below-minimum-no-statistics',
    'five negative amounts in a file without statistics',
    'breaks-contract',
    contract('total_amount has minimum: 0'),
    at('total_amount'),
  ),
];

const same = trino('pyarrow/int32/int');

/** Files that keep the contract and that Athena reads right. Stopping one is a false alarm. */
export const VARIATIONS: readonly Variation[] = [
  { id: 'good-pyarrow', what: 'pyarrow as it is', proof: same },
  { id: 'good-duckdb', what: 'DuckDB, zstd', proof: trino('duckdb/id/bigint', 'codec/ZSTD') },
  {
    id: 'good-mock',
    what: 'hyparquet-writer (`headgate mock`)',
    proof: trino('hyparquet-writer/id/bigint'),
    isMock: true,
  },
  { id: 'good-zstd-many-groups', what: 'zstd, 20 row groups', proof: trino('codec/ZSTD') },
  { id: 'good-gzip-pages-2', what: 'gzip, data pages of version 2', proof: trino('codec/GZIP') },
  {
    id: 'good-plain',
    what: 'not compressed, no dictionaries',
    proof: trino('codec/UNCOMPRESSED', 'encoding/PLAIN/int'),
  },
  { id: 'good-no-statistics', what: 'no statistics, all columns optional', proof: same },
  { id: 'good-page-index', what: 'page index and page checksums', proof: trino('page-index/pages-of-nulls') },
  { id: 'good-bloom-filters', what: 'a bloom filter', proof: trino('pyarrow/text/string') },
  {
    id: 'good-int96',
    what: 'timestamps as INT96, as old Spark writes them',
    proof: trino('parquet-mr/int96/timestamp'),
  },
  { id: 'good-millis', what: 'timestamps in milliseconds', proof: trino('pyarrow/ts_ms_utc/timestamp') },
  { id: 'good-nanos', what: 'timestamps in nanoseconds', proof: trino('pyarrow/ts_ns/timestamp') },
  {
    id: 'good-decimal-as-integer',
    what: 'decimals in integers',
    proof: trino('pyarrow-integer-decimals/decimal_10_2/decimal(10,2)'),
  },
  { id: 'good-short-int', what: 'int as a 16-bit integer', proof: trino('pyarrow/int16/int') },
  {
    id: 'good-int-as-long',
    what: 'int as INT64, values and statistics within int, no bloom filter',
    proof: contract('every value is an int; what Trino does wrong here needs a bloom filter'),
  },
  {
    id: 'good-long-as-int',
    what: 'bigint as INT32, no bloom filter',
    proof: contract('every value is a bigint; what Trino does wrong here needs a bloom filter'),
  },
  {
    id: 'good-dictionary-type',
    what: 'text as an Arrow dictionary',
    proof: trino('pyarrow/text_dictionary/string'),
  },
  { id: 'good-large-text', what: 'text as Arrow’s large_string', proof: trino('pyarrow/text/string') },
  { id: 'good-all-required', what: 'all columns required', proof: trino('parquet-mr/int32_required/int') },
  { id: 'good-all-optional', what: 'all columns optional, required ones without nulls', proof: same },
  {
    id: 'good-other-order',
    what: 'columns in another order',
    proof: trino('columns/order-case-extra-missing'),
  },
  {
    id: 'good-upper-case',
    what: 'names in upper case: Athena ignores case',
    proof: trino('columns/order-case-extra-missing'),
  },
  { id: 'good-old-list-names', what: 'list elements called item', proof: trino('shapes/l3/array<int>') },
  { id: 'good-arrow-schema', what: 'Arrow’s own schema in the footer', proof: same },
  { id: 'good-one-row', what: 'one row', proof: same },
  {
    id: 'good-temporary-file',
    what: 'a good file, and under _temporary one that is being written',
    proof: trino('listing/hidden-folder'),
  },
];
