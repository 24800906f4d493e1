import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhysicalType } from '../../../src/parquet/schema.ts';
import { FIXTURE_FOLDER } from './fixtures.ts';
import type { TableSpec } from './metastore.ts';
import type { Case, LakeFile, Plan } from './plan.ts';
import type { Subject } from './record.ts';

interface Laid {
  readonly files?: readonly LakeFile[];
  readonly table: TableSpec;
  readonly cases: readonly Case[];
}

const fixtureBytes = (name: string) => readFileSync(join(FIXTURE_FOLDER, name));
const stated = (effect: string, error?: string): Subject => ({
  kind: 'stated',
  effects: [{ from: 0, effect, ...(error && { error }) }],
});
const CANNOT_OPEN = stated('query-fails', 'HIVE_CANNOT_OPEN_SPLIT');
const FAILS_READING: Subject = {
  kind: 'stated',
  effects: [
    { from: 0, effect: 'query-fails', error: 'HIVE_CURSOR_ERROR' },
    { from: 476, effect: 'query-fails', error: 'GENERIC_INTERNAL_ERROR' },
    { from: 477, effect: 'query-fails', error: 'HIVE_CANNOT_OPEN_SPLIT' },
  ],
};
/** From 477 on the types are known, and an encrypted file asks for its key. */
const UNKNOWN_TYPE: Subject = {
  kind: 'stated',
  effects: [
    { from: 0, effect: 'query-fails', error: 'HIVE_CANNOT_OPEN_SPLIT' },
    { from: 477, effect: 'none' },
  ],
};
const SCALAR_UNDER_ARRAY: Subject = {
  kind: 'stated',
  effects: [
    { from: 0, effect: 'query-fails', error: 'HIVE_CANNOT_OPEN_SPLIT' },
    { from: 441, effect: 'query-fails', error: 'NOT_SUPPORTED' },
  ],
};
const FIRST_OF_TWO: Subject = {
  kind: 'stated',
  effects: [
    { from: 0, effect: 'query-fails', error: 'HIVE_CANNOT_OPEN_SPLIT' },
    { from: 455, effect: 'wrong-results' },
  ],
};
const RIGHT_AB = [
  [1, 10],
  [2, 20],
];

/** Files as they lie in a folder, codecs, encodings, names, properties and type texts. */
export function filesPlan(): Plan {
  const laid = [
    codecs(),
    lz4(),
    encodings(),
    ...unreadable(),
    ...listing(),
    ...oddFooters(),
    ...names(),
    ...byIndex(),
    ...types(),
    ...ignoring(),
  ];
  return {
    files: [
      ...FOLDERS.map((name) => ({ path: `${name}/f.parquet`, fixture: `${name}.parquet` })),
      ...laid.flatMap(({ files = [] }) => files),
    ],
    tables: laid.map(({ table }) => table),
    cases: laid.flatMap(({ cases }) => cases),
  };
}

/** Fixtures that are a folder of their own. */
const FOLDERS = [
  'ab',
  'ab-with-key',
  'codecs',
  'lz4-hadoop',
  'encodings',
  'names',
  'names-twice',
  'names-twice-types',
  'order',
  'zero-groups',
  'shapes-zero-rows',
  'struct-ab',
  'list-null',
  'float-groups',
  'page-index',
  'page-index-nulls',
  'encrypted-columns',
  'encrypted-footer',
  'odd-variant',
  'odd-geometry',
] as const;

const CODECS = {
  none: 'UNCOMPRESSED',
  snappy: 'SNAPPY',
  gzip: 'GZIP',
  zstd: 'ZSTD',
  brotli: 'BROTLI',
  lz4: 'LZ4_RAW',
} as const;

function codecs(): Laid {
  const columns = Object.keys(CODECS).map((name) => ({ name, type: 'int' }));
  const cases = Object.entries(CODECS).map(
    ([column, codec]): Case => ({
      id: `codec/${codec}`,
      rows: codec === 'BROTLI' || codec === 'LZ4_RAW' ? ['K92'] : ['K04'],
      experiments: ['X10'],
      about: { kind: 'codec', codec },
      ddl: `${column} int`,
      sql: {
        select: `SELECT "${column}" FROM codecs`,
        count: 'SELECT count(*) FROM codecs',
        equal: `SELECT "${column}" FROM codecs WHERE "${column}" = 1`,
      },
      right: [[1], [2]],
    }),
  );
  return { table: { name: 'codecs', location: 'codecs', columns }, cases };
}

function lz4(): Laid {
  return {
    table: { name: 'lz4_hadoop', location: 'lz4-hadoop', columns: [{ name: 'c', type: 'int' }] },
    cases: [
      {
        id: 'codec/LZ4',
        rows: ['K04'],
        experiments: ['X10'],
        about: { kind: 'codec', codec: 'LZ4' },
        ddl: 'c int',
        sql: { select: 'SELECT c FROM lz4_hadoop' },
        right: [[1], [2]],
      },
    ],
  };
}

const EIGHT = Array.from({ length: 8 }, (_, index) => index);
const ENCODINGS: readonly (readonly [
  column: string,
  encoding: string,
  type: string,
  values: readonly unknown[],
])[] = [
  ['plain', 'PLAIN', 'int', EIGHT.map((each) => each + 1)],
  ['split_float', 'BYTE_STREAM_SPLIT', 'float', EIGHT],
  ['split_double', 'BYTE_STREAM_SPLIT', 'double', EIGHT],
  ['split_int', 'BYTE_STREAM_SPLIT', 'int', EIGHT.map((each) => each + 1)],
  ['delta_int', 'DELTA_BINARY_PACKED', 'int', EIGHT.map((each) => each + 1)],
  ['delta_long', 'DELTA_BINARY_PACKED', 'bigint', EIGHT.map((each) => each + 1)],
  ['delta_length', 'DELTA_LENGTH_BYTE_ARRAY', 'string', EIGHT.map((each) => `text ${each}`)],
  ['delta_bytes', 'DELTA_BYTE_ARRAY', 'string', EIGHT.map((each) => `text ${each}`)],
  ['rle_boolean', 'RLE', 'boolean', EIGHT.map((each) => each % 3 === 0)],
];

const PHYSICAL: Readonly<Record<string, PhysicalType>> = {
  int: 'INT32',
  bigint: 'INT64',
  float: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
};

function encodings(): Laid {
  const columns = ENCODINGS.map(([name, , type]) => ({ name, type }));
  const cases = ENCODINGS.map(
    ([column, encoding, type, values]): Case => ({
      id: `encoding/${encoding}/${type}`,
      rows: encoding === 'BYTE_STREAM_SPLIT' ? ['K93'] : ['K01'],
      experiments: encoding === 'BYTE_STREAM_SPLIT' ? ['X02', 'X10'] : ['X10'],
      about: { kind: 'encoding', encoding, physicalType: PHYSICAL[type] ?? 'BYTE_ARRAY' },
      ddl: `${column} ${type}`,
      sql: { select: `SELECT "${column}" FROM encodings` },
      right: values.map((each) => [each]),
    }),
  );
  return { table: { name: 'encodings', location: 'encodings', columns }, cases };
}

/** A folder of one good file and one that is none. */
function unreadable(): readonly Laid[] {
  const good = fixtureBytes('ab.parquet');
  const broken: Readonly<
    Record<string, { readonly content: Uint8Array | string; readonly problem: string }>
  > = {
    csv: { content: 'a,b\n1,10\n2,20\n', problem: 'file-not-parquet' },
    short: { content: 'PAR1PAR1', problem: 'file-truncated' },
    half: { content: good.subarray(0, good.length - 30), problem: 'file-truncated' },
    'footer-length': { content: withFooterLength(good, 1_000_000), problem: 'file-truncated' },
    'footer-bytes': { content: withFooterBytes(good), problem: 'footer-malformed' },
    encrypted: { content: fixtureBytes('encrypted-footer.parquet'), problem: 'file-encrypted' },
  };
  return Object.entries(broken).map(([name, { content, problem }]): Laid => {
    const table = `broken_${name.replace('-', '_')}`;
    return {
      files: [
        { path: `${table}/good.parquet`, fixture: 'ab.parquet' },
        { path: `${table}/other.parquet`, content },
      ],
      table: { name: table, location: table, columns: AB },
      cases: [
        {
          id: `unreadable/${name}`,
          rows: ['K90'],
          experiments: ['X11'],
          about: { kind: 'unreadable', problem },
          ddl: 'a int, b int, beside a good file',
          sql: { select: `SELECT a, b FROM ${table}`, count: `SELECT count(*) FROM ${table}` },
          right: RIGHT_AB,
        },
      ],
    };
  });
}

function withFooterLength(good: Buffer, length: number): Buffer {
  const bytes = Buffer.from(good);
  bytes.writeUInt32LE(length, bytes.length - 8);
  return bytes;
}

function withFooterBytes(good: Buffer): Buffer {
  const bytes = Buffer.from(good);
  const length = bytes.readUInt32LE(bytes.length - 8);
  bytes.fill(0xff, bytes.length - 8 - length, bytes.length - 8);
  return bytes;
}

const AB = [
  { name: 'a', type: 'int' },
  { name: 'b', type: 'int' },
];

/** Objects that lie about: hidden, empty, in folders, without rows. */
function listing(): readonly Laid[] {
  const beside: Readonly<
    Record<
      string,
      {
        readonly file: LakeFile['path'];
        readonly fixture?: string;
        readonly effect: string;
        readonly rows: readonly string[];
      }
    >
  > = {
    'hidden-underscore': { file: '_c.parquet', fixture: 'ab.parquet', effect: 'none', rows: ['K91'] },
    'hidden-dot': { file: '.c.parquet', fixture: 'ab.parquet', effect: 'none', rows: ['K91'] },
    'hidden-folder': { file: '_temporary/c.parquet', fixture: 'ab.parquet', effect: 'none', rows: ['K91'] },
    'sub-folder': { file: 'sub/c.parquet', fixture: 'ab.parquet', effect: 'none', rows: [] },
    'empty-object': { file: 'c.parquet', effect: 'none', rows: ['K91'] },
    'folder-marker': { file: 'f_$folder$', effect: 'none', rows: ['K91'] },
    'zero-rows-no-group': {
      file: 'c.parquet',
      fixture: 'shapes-zero-rows.parquet',
      effect: 'none',
      rows: ['K91'],
    },
    'zero-rows-one-group': {
      file: 'c.parquet',
      fixture: 'zero-groups.parquet',
      effect: 'none',
      rows: ['K91'],
    },
  };
  const cases = Object.entries(beside).map(([name, { file, fixture, effect, rows }]): Laid => {
    const table = `listing_${name.replaceAll('-', '_')}`;
    return {
      files: [
        { path: `${table}/good.parquet`, fixture: 'ab.parquet' },
        { path: `${table}/${file}`, ...(fixture ? { fixture } : { content: '' }) },
      ],
      table: { name: table, location: table, columns: AB },
      cases: [
        {
          id: `listing/${name}`,
          rows,
          experiments: ['X11'],
          about: stated(effect),
          ddl: `a int, b int, beside ${file}`,
          sql: { select: `SELECT a, b FROM ${table}`, count: `SELECT count(*) FROM ${table}` },
          right: RIGHT_AB,
        },
      ],
    };
  });
  const opened = ['shapes-zero-rows', 'zero-groups'].map((folder): Laid => {
    const table = `under_array_${folder.replaceAll('-', '_')}`;
    const column = folder === 'zero-groups' ? 'c' : 'scalar';
    return {
      table: { name: table, location: folder, columns: [{ name: column, type: 'array<int>' }] },
      cases: [
        {
          id: `zero-rows/${folder}/array<int>`,
          rows: ['K76', 'K91'],
          experiments: ['X08'],
          about: SCALAR_UNDER_ARRAY,
          ddl: `${column} array<int> over an int, no rows`,
          sql: { select: `SELECT "${column}" FROM ${table}`, count: `SELECT count(*) FROM ${table}` },
          right: [],
        },
      ],
    };
  });
  const typed: Laid = {
    table: { name: 'under_string_zero', location: 'zero-groups', columns: [{ name: 'c', type: 'string' }] },
    cases: [
      {
        id: 'zero-rows/zero-groups/string',
        rows: ['K91'],
        experiments: ['X08'],
        about: stated('none'),
        ddl: 'c string over an int, no rows',
        sql: { select: 'SELECT c FROM under_string_zero' },
        right: [],
      },
    ],
  };
  return [...cases, ...opened, typed];
}

/** Footers of newer writers: what a column that nobody reads does to the columns beside it. */
function oddFooters(): readonly Laid[] {
  const odd: Readonly<
    Record<
      string,
      {
        readonly column: string;
        readonly type: string;
        readonly rows: readonly string[];
        readonly about: Subject;
        readonly beside?: boolean;
      }
    >
  > = {
    'encrypted-columns': { column: 'secret', type: 'int', rows: ['K97'], about: FAILS_READING },
    'odd-variant': { column: 'odd', type: 'binary', rows: ['K89'], about: UNKNOWN_TYPE },
    'odd-geometry': { column: 'odd', type: 'binary', rows: ['K89'], about: UNKNOWN_TYPE },
    'list-null': {
      column: 'c',
      type: 'array<string>',
      rows: ['K75'],
      about: stated('query-fails', 'NOT_SUPPORTED'),
    },
  };
  return Object.entries(odd).map(([folder, { column, type, rows, about }]): Laid => {
    const table = folder.replaceAll('-', '_');
    const hasBeside = folder !== 'list-null';
    return {
      table: {
        name: table,
        location: folder,
        columns: [...(hasBeside ? [{ name: 'c', type: 'int' }] : []), { name: column, type }],
      },
      cases: [
        {
          id: `footer/${folder}`,
          rows,
          experiments: folder === 'list-null' ? ['X06'] : ['X12'],
          about,
          ddl: `${column} ${type}`,
          sql: {
            ...(folder === 'odd-variant' || folder === 'odd-geometry'
              ? { select: `SELECT c FROM ${table}`, odd: `SELECT "${column}" FROM ${table}` }
              : { select: `SELECT "${column}" FROM ${table}` }),
            ...(hasBeside && { beside: `SELECT c FROM ${table}` }),
            count: `SELECT count(*) FROM ${table}`,
          },
          right: folder === 'list-null' ? [[[null]], [[]], [null]] : [[1], [2]],
        },
      ],
    };
  });
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
