import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhysicalType } from '../../../src/judge/parquet/schema.ts';
import { columnCases } from './columns-plan.ts';
import { FIXTURE_FOLDER } from './fixtures.ts';
import { AB, FAILS_READING, type Laid, RIGHT_AB, SCALAR_UNDER_ARRAY, stated, UNKNOWN_TYPE } from './laid.ts';
import type { Case, LakeFile, Plan } from './plan.ts';
import type { Subject } from './record.ts';

const fixtureBytes = (name: string) => readFileSync(join(FIXTURE_FOLDER, name));
/** Files as they lie in a folder, codecs, encodings, footers, and what `columnCases` asks. */
export function filesPlan(): Plan {
  const laid = [
    codecs(),
    lz4(),
    encodings(),
    ...unreadable(),
    ...listing(),
    ...oddFooters(),
    ...columnCases(),
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
