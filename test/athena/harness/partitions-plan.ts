import type { PartitionSpec, TableSpec } from './metastore.ts';
import type { Case, Plan } from './plan.ts';
import type { Subject } from './record.ts';

type Rows = readonly (readonly unknown[])[];

/** Text of a partition key, its type, and what the key should show; `undefined` where nothing can be right. */
const VALUES: readonly (readonly [type: string, text: string, shown: unknown])[] = [
  ['int', '8', 8],
  ['int', '08', 8],
  ['int', '+8', 8],
  ['int', '-8', -8],
  ['int', ' 8', undefined],
  ['int', '8.0', undefined],
  ['int', 'x', undefined],
  ['int', '99999999999', undefined],
  ['int', '__HIVE_DEFAULT_PARTITION__', null],
  ['int', '\\N', undefined],
  ['tinyint', '127', 127],
  ['tinyint', '128', undefined],
  ['smallint', '-32768', -32768],
  ['smallint', '32768', undefined],
  ['bigint', '3000000000', 3000000000],
  ['bigint', '1e3', undefined],
  ['boolean', 'true', true],
  ['boolean', 'FALSE', false],
  ['boolean', 'yes', undefined],
  ['boolean', '1', undefined],
  ['float', '1.5', 1.5],
  ['float', '1e3', 1000],
  ['float', 'x', undefined],
  ['double', '1.5', 1.5],
  ['double', '-.5', -0.5],
  ['double', '1.5d', 1.5],
  ['double', 'NaN', 'NaN'],
  ['double', 'nan', undefined],
  ['double', '1,5', undefined],
  ['decimal(5,2)', '1.25', '1.25'],
  ['decimal(5,2)', '1.2', '1.20'],
  ['decimal(5,2)', '1.255', undefined],
  ['decimal(5,2)', '1.250', '1.25'],
  ['decimal(5,2)', '1000', undefined],
  ['decimal(20,2)', '12345678901234567.25', '12345678901234567.25'],
  ['date', '2022-01-08', '2022-01-08'],
  ['date', '2022-1-8', '2022-01-08'],
  ['date', '2022-02-30', undefined],
  ['date', '20220108', undefined],
  ['date', '__HIVE_DEFAULT_PARTITION__', null],
  ['timestamp', '2022-01-08 00:00:00', '2022-01-08 00:00:00.000'],
  ['timestamp', '2022-01-08 00:00:00.5', '2022-01-08 00:00:00.500'],
  ['timestamp', '2022-01-08', '2022-01-08 00:00:00.000'],
  ['timestamp', '2022-01-08T00:00:00', undefined],
  ['string', 'a b', 'a b'],
  ['string', 'a:b', 'a:b'],
  ['string', 'é', 'é'],
  ['varchar(3)', 'abc', 'abc'],
  ['varchar(3)', 'abcd', undefined],
  ['char(3)', 'ab', 'ab '],
  ['char(3)', 'abcd', undefined],
];

/** Partition type, table type, the fixture column under both, what a reader of the table should see. */
const STALE: readonly (readonly [
  partition: string,
  table: string,
  column: string,
  right: Rows | undefined,
])[] = [
  ['int', 'bigint', 'int32', [[1], [100], [null]]],
  ['tinyint', 'int', 'int8', [[-5], [100], [null]]],
  ['smallint', 'bigint', 'int16', [[-5], [100], [null]]],
  ['bigint', 'int', 'int32', [[1], [100], [null]]],
  ['int', 'double', 'int32', [[1], [100], [null]]],
  ['int', 'date', 'int32_days', undefined],
  ['int', 'string', 'int32', [['1'], ['100'], [null]]],
  ['bigint', 'string', 'int64', [['1'], ['100'], [null]]],
  ['bigint', 'varchar(20)', 'int64', [['1'], ['100'], [null]]],
  ['string', 'int', 'text_digits', [[12], [34], [null]]],
  ['string', 'int', 'text', undefined],
  ['string', 'bigint', 'text_digits', [[12], [34], [null]]],
  ['string', 'double', 'text_digits', [[12], [34], [null]]],
  ['string', 'date', 'text', undefined],
  ['string', 'boolean', 'text', undefined],
  ['string', 'timestamp', 'text', undefined],
  ['varchar(4)', 'varchar(10)', 'text_long', [['abc'], ['abcdefgh'], [null]]],
  ['varchar(10)', 'varchar(4)', 'text', [['abc'], ['xyz'], [null]]],
  ['varchar(10)', 'string', 'text', [['abc'], ['xyz'], [null]]],
  ['string', 'varchar(10)', 'text', [['abc'], ['xyz'], [null]]],
  ['char(4)', 'char(10)', 'text', [['abc       '], ['xyz       '], [null]]],
  ['char(4)', 'string', 'text', [['abc'], ['xyz'], [null]]],
  ['float', 'double', 'float', [[1.5], [2.5], [null]]],
  ['double', 'float', 'double', [[1.5], [2.5], [null]]],
  ['float', 'decimal(10,2)', 'float', [['1.50'], ['2.50'], [null]]],
  ['double', 'decimal(10,2)', 'double', [['1.50'], ['2.50'], [null]]],
  ['double', 'string', 'double', [['1.5'], ['2.5'], [null]]],
  ['float', 'string', 'float', [['1.5'], ['2.5'], [null]]],
  ['double', 'bigint', 'double', undefined],
  ['decimal(10,2)', 'decimal(12,2)', 'decimal_10_2', [['1.00'], ['2.25'], [null]]],
  ['decimal(10,2)', 'decimal(12,4)', 'decimal_10_2', [['1.0000'], ['2.2500'], [null]]],
  ['decimal(10,2)', 'decimal(12,4)', 'decimal_10_4', [['1.2345'], ['2.0000'], [null]]],
  ['decimal(10,4)', 'decimal(10,2)', 'decimal_10_4', undefined],
  ['decimal(12,2)', 'decimal(9,2)', 'decimal_12_2', undefined],
  ['decimal(10,2)', 'double', 'decimal_10_2', [[1], [2.25], [null]]],
  ['decimal(10,2)', 'string', 'decimal_10_2', [['1.00'], ['2.25'], [null]]],
  ['decimal(9,0)', 'int', 'decimal_9_0', [[7], [9], [null]]],
  ['decimal(9,0)', 'bigint', 'decimal_9_0', [[7], [9], [null]]],
  ['boolean', 'string', 'boolean', [['FALSE'], ['TRUE'], [null]]],
  ['boolean', 'int', 'boolean', undefined],
  ['date', 'string', 'date', [['1970-01-02'], ['2022-01-08'], [null]]],
  ['date', 'timestamp', 'date', undefined],
  ['timestamp', 'string', 'ts_ms', [['2022-01-08 00:00:00'], ['2022-01-08 00:00:00.001'], [null]]],
  ['timestamp', 'date', 'ts_ms', [['2022-01-08'], ['2022-01-08'], [null]]],
  ['binary', 'string', 'bytes_text', [['abc'], ['xyz'], [null]]],
  ['string', 'binary', 'text', undefined],
  ['array<int>', 'array<bigint>', 'l3', [[[1, 2]], [null]]],
  ['array<int>', 'array<string>', 'l3', [[['1', '2']], [null]]],
  ['array<int>', 'int', 'l3', undefined],
  ['map<int,int>', 'map<int,bigint>', 'map', [[{ 1: 2 }], [null]]],
  ['struct<a:int,b:int>', 'struct<a:int,b:int,d:int>', 's3', [[[1, 2, 3]], [null]]],
  ['struct<a:int,b:int,d:int>', 'struct<a:int,b:int>', 's3', [[[1, 2]], [null]]],
  ['struct<a:int,b:int>', 'struct<a:bigint,b:int>', 's3', [[[1, 2]], [null]]],
  ['struct<a:int,b:int>', 'struct<b:int,a:int>', 's3', undefined],
  ['struct<a:int,d:int>', 'struct<a:int,b:int,d:int>', 's3', undefined],
  ['struct<a:int>', 'struct<x:int>', 's3', undefined],
];

const SHAPED = /^(l3|map|s3)$/u;

/** Partition values of every key type, and partitions whose own column type is not the table's. */
export function partitionsPlan(): Plan {
  const values = VALUES.map(([type, text, shown], index) => valueCase(`values_${index}`, type, text, shown));
  const stale = STALE.map(([partition, table, column, right], index) =>
    staleCase(`stale_${index}`, partition, table, column, right),
  );
  const others = otherCases();
  const all = [...values, ...stale, ...others];
  return { files: [], tables: all.map(({ table }) => table), cases: all.map(({ asked }) => asked) };
}

interface Laid {
  readonly table: TableSpec;
  readonly asked: Case;
}

function valueCase(name: string, type: string, text: string, shown: unknown): Laid {
  const isNull = text === '__HIVE_DEFAULT_PARTITION__';
  const about: Subject = { kind: 'partition-value', type, value: isNull ? null : text };
  return {
    table: keyed(name, [{ name: 'a', type: 'int' }], { values: [text], location: 'ab' }, type),
    asked: {
      id: `partition-value/${type}/${text}`,
      rows: ['K94'],
      experiments: ['X14'],
      about,
      ddl: `a int, PARTITIONED BY k ${type}, partition k=${text}`,
      sql: {
        select: `SELECT k, a FROM ${name}`,
        count: `SELECT count(*) FROM ${name}`,
        beside: `SELECT a FROM ${name}`,
      },
      ...(shown !== undefined && {
        right: [
          [shown, 1],
          [shown, 2],
        ],
      }),
    },
  };
}

function staleCase(
  name: string,
  partition: string,
  type: string,
  column: string,
  right: Rows | undefined,
): Laid {
  const beside = SHAPED.test(column) ? 'scalar' : 'int64';
  const others = [{ name: beside, type: beside === 'scalar' ? 'int' : 'bigint' }].filter(
    (each) => each.name !== column,
  );
  const location = SHAPED.test(column) ? 'shapes-a' : 'pyarrow-a';
  const columns = (own: string) => [{ name: column, type: own }, ...others];
  return {
    table: keyed(name, columns(type), { values: ['v'], columns: columns(partition), location }, 'string'),
    asked: {
      id: `stale-partition/${partition}/${type}/${column}`,
      rows: [],
      experiments: partition === 'int' && type === 'date' ? ['X13'] : [],
      about: { kind: 'stale-partition', partition, table: type },
      ddl: `${column} ${type}, partition has ${column} ${partition}`,
      sql: {
        select: `SELECT "${column}" FROM ${name} WHERE k = 'v'`,
        ...(others[0] && { beside: `SELECT "${others[0].name}" FROM ${name} WHERE k = 'v'` }),
        count: `SELECT count(*) FROM ${name}`,
      },
      ...(right && { right }),
    },
  };
}

function keyed(
  name: string,
  columns: TableSpec['columns'],
  partition: PartitionSpec,
  keyType: string,
): TableSpec {
  return { name, location: name, columns, keys: [{ name: 'k', type: keyType }], partitions: [partition] };
}

function otherCases(): readonly Laid[] {
  const ab = [
    { name: 'a', type: 'int' },
    { name: 'b', type: 'int' },
  ];
  const stated = (effect: string, error?: string): Subject => ({
    kind: 'stated',
    effects: [{ from: 0, effect, ...(error && { error }) }],
  });
  return [
    {
      table: keyed(
        'wide_file',
        [{ name: 'int64_wide', type: 'bigint' }],
        { values: ['v'], columns: [{ name: 'int64_wide', type: 'int' }], location: 'pyarrow-a' },
        'string',
      ),
      asked: {
        id: 'partition/file-wider-than-partition',
        rows: ['K30', 'K63'],
        experiments: [],
        about: stated('query-fails'),
        ddl: 'int64_wide bigint over int64, partition has int64_wide int',
        sql: { select: 'SELECT int64_wide FROM wide_file' },
        right: [[1], [3000000000], [null]],
      },
    },
    {
      table: keyed('no_columns', ab, { values: ['v'], columns: [], location: 'ab' }, 'string'),
      asked: {
        id: 'partition/no-columns',
        rows: [],
        experiments: [],
        about: stated('none'),
        ddl: 'a int, b int, partition registered with no columns',
        sql: {
          select: 'SELECT a, b FROM no_columns',
          equal: 'SELECT a, b FROM no_columns WHERE a = 1',
          count: 'SELECT count(*) FROM no_columns',
        },
        right: [
          [1, 10],
          [2, 20],
        ],
      },
    },
    {
      table: keyed(
        'fewer_columns',
        ab,
        { values: ['v'], columns: [{ name: 'a', type: 'int' }], location: 'ab' },
        'string',
      ),
      asked: {
        id: 'partition/fewer-columns',
        rows: ['K21'],
        experiments: [],
        about: stated('none'),
        ddl: 'a int, b int, partition has a int alone',
        sql: {
          select: 'SELECT a, b FROM fewer_columns',
          equal: 'SELECT a, b FROM fewer_columns WHERE b = 10',
        },
        right: [
          [1, 10],
          [2, 20],
        ],
      },
    },
    {
      table: keyed(
        'twice_columns',
        ab,
        { values: ['v'], columns: [...ab, { name: 'A', type: 'int' }], location: 'ab' },
        'string',
      ),
      asked: {
        id: 'partition/columns-equal-ignoring-case',
        rows: ['K99'],
        experiments: [],
        about: stated('query-fails', 'HIVE_UNKNOWN_ERROR'),
        ddl: 'a int, b int, partition has a int, b int, A int',
        sql: { select: 'SELECT a FROM twice_columns', count: 'SELECT count(*) FROM twice_columns' },
        right: [[1], [2]],
      },
    },
    {
      table: keyed(
        'key_in_file',
        [{ name: 'a', type: 'int' }],
        { values: ['9'], location: 'ab-with-key' },
        'int',
      ),
      asked: {
        id: 'partition/key-in-file',
        rows: ['K64'],
        experiments: ['X14'],
        about: stated('wrong-results'),
        ddl: 'a int, PARTITIONED BY k int, k = 9 in the path and 7 in the file',
        sql: { select: 'SELECT a, k FROM key_in_file', equal: 'SELECT a, k FROM key_in_file WHERE k = 7' },
        right: [
          [1, 7],
          [2, 7],
        ],
      },
    },
    {
      table: keyed(
        'key_in_columns',
        [
          { name: 'a', type: 'int' },
          { name: 'k', type: 'int' },
        ],
        { values: ['9'], location: 'ab-with-key' },
        'int',
      ),
      asked: {
        id: 'partition/key-also-a-column',
        rows: ['K96'],
        experiments: ['X14'],
        about: stated('query-fails', 'HIVE_INVALID_METADATA'),
        ddl: 'a int, k int, PARTITIONED BY k int',
        sql: { select: 'SELECT a, k FROM key_in_columns', beside: 'SELECT a FROM key_in_columns' },
        right: [
          [1, 9],
          [2, 9],
        ],
      },
    },
    {
      table: {
        name: 'key_binary',
        location: 'key_binary',
        columns: [{ name: 'a', type: 'int' }],
        keys: [{ name: 'k', type: 'binary' }],
        partitions: [{ values: ['v'], location: 'ab' }],
      },
      asked: {
        id: 'partition-value/binary/v',
        rows: ['K94'],
        experiments: ['X14'],
        about: { kind: 'partition-value', type: 'binary', value: 'v' },
        ddl: 'a int, PARTITIONED BY k binary',
        sql: { select: 'SELECT k, a FROM key_binary', beside: 'SELECT a FROM key_binary' },
      },
    },
  ];
}
