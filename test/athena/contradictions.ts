/** The contradictions of the reference (its section 10.1): what the engine says, and the records that say it. */
export const CONTRADICTIONS: Readonly<
  Record<
    string,
    { readonly state: 'settled' | 'open'; readonly says: string; readonly records: readonly string[] }
  >
> = {
  C01: {
    state: 'open',
    says: 'INT → double fails in 440 and reads in 476; that 448 brought it rests on the release notes, as no version between could be had',
    records: ['pyarrow/int32/double'],
  },
  C02: {
    state: 'settled',
    says: 'text over integers, floats, doubles and decimals reads in 476 and fails in 440 (the version in between by the release notes); a varchar(n) that is too short fails with INVALID_ARGUMENTS',
    records: ['pyarrow/int64/string', 'pyarrow/double/string', 'pyarrow-integer-decimals/decimal_5_2/string'],
  },
  C03: {
    state: 'settled',
    says: 'UINT_32 under date: E1 until 440, days (negative ones above 2^31) in 476',
    records: ['pyarrow/uint32/date', 'pyarrow/uint32_cross/date'],
  },
  C04: {
    state: 'settled',
    says: 'both need at most 18 digits: decimal(20,0) under date and float is E1',
    records: ['pyarrow/decimal_20_0/date', 'pyarrow/decimal_20_0/float', 'pyarrow/decimal_18_0/date'],
  },
  C05: {
    state: 'settled',
    says: 'unsigned values at the top of their range turn into small negatives under narrower integers',
    records: ['pyarrow/uint32_top/tinyint', 'pyarrow/uint64_top/int'],
  },
  C06: {
    state: 'settled',
    says: 'the coercions of 448 and 450 exist for top-level columns alone: struct<x:double> over int32 is E1 in 476',
    records: ['shapes/s1/struct<x:double>', 'shapes/s1/struct<x:string>'],
  },
  C07: {
    state: 'settled',
    says: 'double over FLOAT: a filter fails on statistics',
    records: ['pyarrow/float/double'],
  },
  C08: {
    state: 'settled',
    says: 'a decimal of a larger scale: filters lose rows in 435, 440 and 476',
    records: ['pyarrow/decimal_10_2/decimal(12,4)', 'pyarrow/decimal_5_2/decimal(12,4)'],
  },
  C09: {
    state: 'settled',
    says: 'int32 under decimal(10,2): divided by 100 in 435 and 440, right in 476 with filters that lose rows; what does not fit is shown with too many digits',
    records: ['pyarrow/int32/decimal(10,2)', 'pyarrow/int32_limits/decimal(10,2)'],
  },
  C10: {
    state: 'settled',
    says: 'every pair of the "throws" column was refused with Corrupted statistics',
    records: ['pyarrow/text/date', 'pyarrow/double/bigint', 'pyarrow/decimal_9_0/bigint'],
  },
  C11: {
    state: 'settled',
    says: 'without rows E1 is not raised, E2 is',
    records: ['zero-rows/zero-groups/string', 'zero-rows/zero-groups/array<int>'],
  },
  C12: {
    state: 'settled',
    says: 'files without rows are harmless, with no row group and with an empty one',
    records: ['listing/zero-rows-no-group', 'listing/zero-rows-one-group'],
  },
  C13: {
    state: 'settled',
    says: 'kept apart on purpose: text bytes read, raw bytes are shown wrong, under both',
    records: [
      'pyarrow/bytes_text/string',
      'pyarrow/bytes_raw/string',
      'pyarrow/fixed_text/string',
      'pyarrow/fixed_raw/string',
    ],
  },
  C14: {
    state: 'settled',
    says: 'a repeated group of two fields under an array is NULL; of one field it is an error',
    records: ['shapes/rg2/array<int>', 'shapes/rg1/array<int>', 'shapes/r/array<int>'],
  },
  C15: {
    state: 'settled',
    says: 'the null type under char is E1, under arrays, maps and structs E2 (arrays: NOT_SUPPORTED in 476)',
    records: ['pyarrow/null/char(5)', 'pyarrow/null/array<string>', 'pyarrow/null/struct<a:int>'],
  },
  C16: {
    state: 'settled',
    says: 'bounds do not measure text: abcdefgh is cut to abcde whatever they say',
    records: ['pyarrow/text_long/varchar(5)', 'pyarrow/text_long/char(5)'],
  },
  C17: {
    state: 'settled',
    says: 'BYTE_STREAM_SPLIT of floats and doubles fails in 440 and reads in 476; of integers it fails in all',
    records: ['encoding/BYTE_STREAM_SPLIT/float', 'encoding/BYTE_STREAM_SPLIT/int'],
  },
  C18: { state: 'open', says: 'about versions before 413, which no supported range holds', records: [] },
  C19: {
    state: 'settled',
    says: 'LZ4_RAW and BROTLI fail when the column is read; the error is HIVE_CURSOR_ERROR until 440 and GENERIC_INTERNAL_ERROR in 476. Whether Athena patched LZ4_RAW in stays open',
    records: ['codec/LZ4_RAW', 'codec/BROTLI', 'codec/LZ4'],
  },
  C20: {
    state: 'open',
    says: 'open-source Trino reads no sub-folder; which rule Athena follows for hidden folders below read ones is athena-only',
    records: ['listing/sub-folder', 'listing/hidden-folder'],
  },
  C21: {
    state: 'settled',
    says: 'the mismatch is raised only by a query that reads the column; others on the partition pass',
    records: ['stale-partition/int/date/int32_days'],
  },
  C22: {
    state: 'settled',
    says: 'before 455 the file cannot be opened for the column; in 476 the first of two columns of one type is read, and two types still fail',
    records: ['name-twice/names-twice/int', 'name-twice/names-twice-types/string'],
  },
  C23: {
    state: 'settled',
    says: 'the null type is a plain INT32 in all versions asked',
    records: ['pyarrow/null/int', 'pyarrow/null/string'],
  },
  C24: {
    state: 'settled',
    says: 'not reproduced: filters over ten row groups of negative and positive floats lose nothing, top-level and in a struct',
    records: ['float-groups/floats', 'float-groups/floats_ignored'],
  },
  C25: { state: 'open', says: 'which of the old readers Athena ran when is athena-only', records: [] },
  C26: {
    state: 'settled',
    says: 'top-level text over decimals in bytes reads in 476; nested leaves and char(n) show raw bytes; binary over them is refused in 476',
    records: [
      'pyarrow/decimal_10_2/string',
      'shapes/smix/struct<d:string>',
      'parquet-mr/binary_decimal_9_2/char(5)',
      'pyarrow/decimal_10_2/binary',
    ],
  },
};
