import { CANNOT_OPEN, FIRST_OF_TWO, type Laid, RIGHT_AB, stated } from './laid.ts';
import type { TableSpec } from './metastore.ts';
import type { Case } from './plan.ts';

/** Names, access by index, type texts and table properties. */
export function columnCases(): readonly Laid[] {
  return [...names(), ...byIndex(), ...types(), ...ignoring()];
}

function names(): readonly Laid[] {
  const odd = ['a.b', 'a b', 'a$b', '_a', '1a', '\u00e9', 'e\u0301', 'mixed'];
  const readable: Laid = {
    table: { name: 'names', location: 'names', columns: odd.map((name) => ({ name, type: 'int' })) },
    cases: odd.map(
      (name, index): Case => ({
        id: `name/${name}`,
        rows: ['K04'],
        experiments: ['X15'],
        about: stated('none'),
        ddl: `"${name}" int`,
        sql: {
          select: `SELECT "${name}" FROM names`,
          equal: `SELECT "${name}" FROM names WHERE "${name}" = ${index}`,
        },
        right: [[index]],
      }),
    ),
  };
  const twice = (table: string, folder: string, type: string): Laid => ({
    table: { name: table, location: folder, columns: [{ name: 'id', type }] },
    cases: [
      {
        id: `name-twice/${folder}/${type}`,
        rows: ['K61'],
        experiments: ['X07'],
        about: folder === 'names-twice' ? FIRST_OF_TWO : CANNOT_OPEN,
        ddl: `id ${type} over Id int and id ${folder === 'names-twice' ? 'int' : 'string'}`,
        sql: {
          select: `SELECT id FROM ${table}`,
          equal:
            type === 'int'
              ? `SELECT id FROM ${table} WHERE id = 3`
              : `SELECT id FROM ${table} WHERE id = 'x'`,
          first:
            type === 'int'
              ? `SELECT id FROM ${table} WHERE id = 1`
              : `SELECT id FROM ${table} WHERE id = '1'`,
        },
      },
    ],
  });
  const order: Laid = {
    table: {
      name: 'ordered',
      location: 'order',
      columns: [
        { name: 'a', type: 'int' },
        { name: 'b', type: 'string' },
        { name: 'later', type: 'string' },
      ],
    },
    cases: [
      {
        id: 'columns/order-case-extra-missing',
        rows: ['K04', 'K20', 'K21'],
        experiments: ['X19'],
        about: stated('none'),
        ddl: 'a int, b string, later string over b, extra, A',
        sql: {
          select: 'SELECT a, b, later FROM ordered',
          equal: "SELECT a, b, later FROM ordered WHERE b = 'x' AND a = 1",
          missing: "SELECT a FROM ordered WHERE later = 'x'",
        },
        right: [
          [1, 'x', null],
          [2, 'y', null],
        ],
      },
    ],
  };
  const renamed: Laid = {
    table: {
      name: 'renamed',
      location: 'ab',
      columns: [
        { name: 'a', type: 'int' },
        { name: 'c', type: 'int' },
      ],
    },
    cases: [
      {
        id: 'columns/renamed',
        rows: ['K50'],
        experiments: [],
        about: stated('wrong-results'),
        ddl: 'a int, c int over a, b',
        sql: { select: 'SELECT a, c FROM renamed' },
        right: RIGHT_AB,
      },
    ],
  };
  const fields: Laid = {
    table: {
      name: 'fields',
      location: 'struct-ab',
      columns: [
        { name: 'c', type: 'struct<a:int>' },
        { name: 'beside', type: 'int' },
      ],
    },
    cases: [
      {
        id: 'columns/struct-field-more',
        rows: ['K22'],
        experiments: ['X08'],
        about: stated('none'),
        ddl: 'c struct<a:int> over a, b',
        sql: {
          select: 'SELECT c.a FROM fields',
          equal: 'SELECT c.a FROM fields WHERE c.a = 1',
          null: 'SELECT c IS NULL FROM fields',
        },
        right: [[1], [null]],
      },
    ],
  };
  const gone: Laid = {
    table: { name: 'fields_gone', location: 'struct-ab', columns: [{ name: 'c', type: 'struct<z:int>' }] },
    cases: [
      {
        id: 'columns/struct-fields-gone',
        rows: ['K52'],
        experiments: ['X08'],
        about: stated('wrong-results'),
        ddl: 'c struct<z:int> over a, b',
        sql: { select: 'SELECT c IS NULL FROM fields_gone' },
        right: [[false], [true]],
      },
    ],
  };
  return [
    readable,
    twice('twice_int', 'names-twice', 'int'),
    twice('twice_text', 'names-twice-types', 'string'),
    twice('twice_number', 'names-twice-types', 'int'),
    order,
    renamed,
    fields,
    gone,
  ];
}

function byIndex(): readonly Laid[] {
  const property = { 'parquet.column.index.access': 'true' };
  const made = (
    name: string,
    how: string,
    spec: Partial<TableSpec>,
    columns: TableSpec['columns'],
    right: Case['right'],
    effect: string,
  ): Laid => ({
    table: { name, location: 'ab', columns, ...spec },
    cases: [
      {
        id: `index-access/${name}`,
        rows: ['K62'],
        experiments: ['X14'],
        about: stated(effect),
        ddl: how,
        sql: { select: `SELECT ${columns.map((each) => each.name).join(', ')} FROM ${name}` },
        ...(right && { right }),
      },
    ],
  });
  const reordered = [
    { name: 'b', type: 'int' },
    { name: 'a', type: 'int' },
  ];
  const swapped = [
    [10, 1],
    [20, 2],
  ];
  return [
    made(
      'index_serde',
      'b int, a int over a, b, SerDe parquet.column.index.access',
      { serdeParameters: property },
      reordered,
      swapped,
      'none',
    ),
    made(
      'index_table',
      'b int, a int over a, b, table parquet.column.index.access',
      { parameters: property },
      reordered,
      swapped,
      'none',
    ),
    made('index_none', 'b int, a int over a, b', {}, reordered, swapped, 'none'),
  ];
}

/** Type texts that no parser takes, and types that the connector has not. */
function types(): readonly Laid[] {
  const texts: Readonly<Record<string, string>> = {
    dash: 'struct<a-b:int>',
    space: 'struct<a b:int>',
    slash: 'struct<a/b:int>',
    empty: 'struct<>',
    twice: 'struct<a:int,a:int>',
    integer: 'integer',
    text: 'text',
    unclosed: 'array<int',
    interval: 'interval_day_time',
    union: 'uniontype<int,string>',
    'decimal-39': 'decimal(39,2)',
    'char-256': 'char(256)',
  };
  return Object.entries(texts).map(([name, type]): Laid => {
    const table = `type_${name.replace('-', '_')}`;
    return {
      table: {
        name: table,
        location: 'ab',
        columns: [
          { name: 'a', type: 'int' },
          { name: 'b', type },
        ],
      },
      cases: [
        {
          id: `type-text/${type}`,
          rows: ['K96'],
          experiments: [],
          about: stated('query-fails'),
          ddl: `a int, b ${type}`,
          sql: {
            select: `SELECT b FROM ${table}`,
            beside: `SELECT a FROM ${table}`,
            all: `SELECT * FROM ${table}`,
          },
        },
      ],
    };
  });
}

/** `parquet.ignore.statistics`, page indexes, and the report of skipped row groups (#21754). */
function ignoring(): readonly Laid[] {
  const floats = { name: 'c', type: 'float' };
  const between = "c > REAL '-122.44' AND c < REAL '-122.25'";
  const groups = (name: string, parameters: Readonly<Record<string, string>>): Laid => ({
    table: {
      name,
      location: 'float-groups',
      columns: [floats, { name: 's', type: 'struct<c:float>' }],
      parameters,
    },
    cases: [
      {
        id: `float-groups/${name}`,
        rows: ['K02'],
        experiments: ['X04'],
        about: stated('none'),
        ddl: 'c float, 10 row groups',
        sql: {
          select: `SELECT count(*) FROM ${name} WHERE c < 0`,
          between: `SELECT c FROM ${name} WHERE ${between}`,
          struct: `SELECT s.c FROM ${name} WHERE s.c > REAL '-122.6' AND s.c < REAL '-122.25'`,
        },
        right: [[20]],
      },
    ],
  });
  const widened = (
    name: string,
    folder: string,
    parameters: Readonly<Record<string, string>>,
    effect: string,
  ): Laid => ({
    table: { name, location: folder, columns: [{ name: 'c', type: 'double' }], parameters },
    cases: [
      {
        id: `ignore-statistics/${name}`,
        rows: ['K12'],
        experiments: ['X04'],
        about: stated(effect),
        ddl: `c double over float ${JSON.stringify(parameters)}`,
        sql: { select: `SELECT c FROM ${name} WHERE c = 1.5` },
        right: [[1.5]],
      },
    ],
  });
  const ignore = { 'parquet.ignore.statistics': 'true' };
  const nulls: Laid = {
    table: { name: 'page_index_nulls', location: 'page-index-nulls', columns: [{ name: 'c', type: 'int' }] },
    cases: [
      {
        id: 'page-index/pages-of-nulls',
        rows: ['K01'],
        experiments: [],
        about: stated('none'),
        ddl: 'c int, page index, pages of NULLs',
        sql: { select: 'SELECT c FROM page_index_nulls WHERE c >= 1' },
        right: [[1], [2]],
      },
    ],
  };
  return [
    groups('floats', {}),
    groups('floats_ignored', ignore),
    widened('page_index_double', 'page-index', {}, 'query-fails'),
    widened('page_index_ignored', 'page-index', ignore, 'query-fails'),
    nulls,
  ];
}
