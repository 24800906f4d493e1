/** Rows of the readability table without a record, and why. */
export const ROWS_ELSEWHERE: Readonly<Record<string, string>> = {
  K24: 'the engine ignores the flag: ts_ms_utc and ts_us_utc read as ts_ms and ts_us do (K01, K10); only a contract knows that it flipped',
  K38: 'the engine shows the raw number (K23): that the unit changed is known to a contract alone',
  K77: 'the heading of all nested leaves, each of which has its own row',
  K86: 'seen in the cases that the rule was made from; the harness asks it next',
  K87: 'likewise',
  K88: 'likewise',
  K98: 'athena-only: Trino’s file metastore takes the values from the path, so their number is the number of keys',
};

/** Experiments without a record, and why. */
export const EXPERIMENTS_ELSEWHERE: Readonly<Record<string, string>> = {};
