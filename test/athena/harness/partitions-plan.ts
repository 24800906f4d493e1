import type { PartitionSpec, TableSpec } from './metastore.ts';
import { type Rows, STALE, VALUES } from './partitions-table.ts';
import type { Case, Plan } from './plan.ts';
import type { Subject } from './record.ts';

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
