import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { devLake } from '../support/dev-lake.ts';
import { folderOf, writeInto } from '../support/folder.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { run } from '../support/run-cli.ts';

/** A file of ten rows; `nulls` are null counts by column, absent means no statistics. */
const fileOf = (columns: readonly string[], nulls: Readonly<Record<string, number>> = {}) =>
  parquetFile({
    schema: columns.map(parseMessage),
    rows: 10,
    rowGroups: [
      {
        rows: 10,
        columns: Object.fromEntries(Object.entries(nulls).map(([name, nullCount]) => [name, { nullCount }])),
      },
    ],
  });

const ORDERS = [
  'required int64 Id',
  'optional binary status (STRING)',
  'optional int64 at (TIMESTAMP(MICROS,true))',
  'optional group lines (LIST) { repeated group list { optional group element { required binary sku (STRING); optional int32 qty } } }',
  'optional int64 clock (TIME(MICROS,true))',
];

describe('IMP-2 IMP-3: headgate import parquet', () => {
  test('a folder: nested types, units, keys with their order, nullability; then check admits and lint is clean', async () => {
    const folder = folderOf({
      'orders/dt=2026-01-01/hour=7/a.parquet': fileOf(ORDERS, { status: 0, at: 0 }),
      'orders/dt=2026-01-02/hour=23/b.parquet': fileOf(ORDERS, { status: 0, at: 4 }),
      'orders/_SUCCESS': '',
    });
    const orders = join(folder, 'orders');
    const { code, out, err } = await run(['import', 'parquet', orders, '--location', 's3://lake/orders']);
    expect(code).toBe(0);
    expect(err).toContain('left out clock: neither Glue nor Athena has a type for INT64 TIME(MICROS,true)');
    expect(out).toBe(`# yaml-language-server: $schema=headgate.schema.json
# left out clock: neither Glue nor Athena has a type for INT64 TIME(MICROS,true)
# no null was seen in status, though the files may have some: add required: true where there must be none
apiVersion: v3.1.0
kind: DataContract
id: orders
name: orders
version: 1.0.0
status: draft
servers:
  - server: lake
    type: s3
    location: s3://lake/orders/
    format: parquet
schema:
  - name: orders
    physicalType: table
    logicalType: object
    properties:
      - name: id
        logicalType: integer
        physicalType: bigint
        required: true
      - name: status
        logicalType: string
        physicalType: string
      - name: at
        logicalType: timestamp
        logicalTypeOptions:
          timezone: true
        physicalType: timestamp
        customProperties:
          - property: parquetType
            value: TIMESTAMP(MICROS,true)
      - name: lines
        logicalType: array
        physicalType: array<struct<sku:string,qty:int>>
        items:
          logicalType: object
          physicalType: struct<sku:string,qty:int>
          properties:
            - name: sku
              logicalType: string
              physicalType: string
              required: true
            - name: qty
              logicalType: integer
              physicalType: int
      - name: dt
        logicalType: date
        physicalType: date
        partitioned: true
        partitionKeyPosition: 1
      - name: hour
        logicalType: integer
        physicalType: int
        partitioned: true
        partitionKeyPosition: 2
`);
    writeInto(folder, { 'c.yaml': out });
    expect(await run(['lint', join(folder, 'c.yaml')])).toMatchObject({ code: 0 });
    const check = await run(['check', orders, '--contract', join(folder, 'c.yaml')]);
    expect(check).toMatchObject({ code: 0 });
    expect(check.out).toContain('2 admitted');
  });

  test('files that disagree: most of them win, the others are listed with how', async () => {
    const folder = folderOf({
      't/a.parquet': fileOf(['optional int64 n', 'optional int32 x']),
      't/b.parquet': fileOf(['optional int64 n', 'optional int32 x']),
      't/c.parquet': fileOf(['optional double n']),
      't/d=1/e.parquet': fileOf(['optional int64 n', 'optional int32 x']),
      't/broken.parquet': 'PAR1',
    });
    const { code, out, err } = await run(['import', 'parquet', join(folder, 't')]);
    expect(code).toBe(0);
    expect(err).toMatch(/skipped .*broken\.parquet: file-truncated/u);
    expect(err).toMatch(/n is bigint in 3 files, but double in 1, such as .*c\.parquet/u);
    expect(err).toMatch(/x is missing in 1 of 4 files, such as .*c\.parquet/u);
    expect(err).toMatch(/most files lie below no name=value folder, but .*e\.parquet below d=/u);
    expect(out).toContain('onMissingColumn: warn');
    expect(out).toContain('# add servers');
  });

  test('values of folders: dates, numbers, names with leading zeros, and what Hive writes for null', async () => {
    const folder = folderOf({
      't/day=2026-02-28/month=02/m=1/big=4000000000/x=__HIVE_DEFAULT_PARTITION__/a.parquet': fileOf([
        'optional int32 a',
      ]),
      't/day=2026-02-30/month=12/m=-2/big=1/x=y/a.parquet': fileOf(['optional int32 a']),
    });
    const { out } = await run(['import', 'parquet', join(folder, 't')]);
    const keys = [
      ...out.matchAll(/- name: (\w+)\n.*\n\s+physicalType: (\w+)\n(\s+required: true\n)?\s+partitioned/gu),
    ];
    expect(keys.map(([, name, type, required]) => `${name} ${type}${required ? ' required' : ''}`)).toEqual([
      'day string',
      'month string',
      'm int',
      'big bigint',
      'x string',
    ]);
  });

  test('what is no table is said: nothing there, nothing readable, a URI, a file without columns', async () => {
    const folder = folderOf({
      'empty/x.txt': '',
      'a.parquet': fileOf(['optional int64 clock (TIME(MICROS,true))']),
    });
    expect(await run(['import', 'parquet', join(folder, 'empty')])).toMatchObject({ code: 2, out: '' });
    expect(await run(['import', 'parquet', join(folder, 'none.parquet')])).toMatchObject({
      code: 3,
      out: '',
    });
    for (const kind of ['ddl', 'glue'])
      expect((await run(['import', kind, 's3://b/k'])).err).toContain('not a local path');
    expect(await run(['import', 'parquet', 'gs://b/k'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is neither a path of this machine nor s3://bucket/prefix/'),
    });
    expect((await run(['import', 'parquet', join(folder, 'a.parquet')])).err).toContain(
      'has no column that a contract could declare',
    );
  });
});

describe('IMP-4: headgate import --merge', () => {
  const CONTRACT = `# Ours; keep.
apiVersion: v3.1.0
kind: DataContract
id: c-1 # never change
version: 1.0.0
status: active
schema:
  - name: t
    properties:
      # the key
      - { name: id, physicalType: int, required: true } # first
      - name: note
        physicalType: string # free text
        required: true
      - name: dt
        physicalType: date
        partitioned: true
`;
  const merge = async (columns: readonly string[], nulls: Readonly<Record<string, number>> = {}) => {
    const folder = folderOf({ 'c.yaml': CONTRACT, 'x/dt=2026-01-01/a.parquet': fileOf(columns, nulls) });
    const ran = await run(['import', 'parquet', join(folder, 'x'), '--merge', join(folder, 'c.yaml')]);
    writeInto(folder, { 'c.yaml': ran.out });
    return {
      ...ran,
      check: (await run(['check', join(folder, 'x'), '--contract', join(folder, 'c.yaml')])).code,
    };
  };

  test('types, new columns and nulls come in; comments, order and the rest stay; then check admits', async () => {
    const { code, out, err, check } = await merge(
      ['optional int64 id', 'optional binary note (STRING)', 'optional boolean flag'],
      { id: 0, note: 2 },
    );
    expect([code, check]).toEqual([0, 0]);
    expect(err).toBe(
      'headgate: changed id from int to bigint\nheadgate: note is no longer required: there are nulls\nheadgate: added flag boolean\n',
    );
    expect(out).toBe(
      CONTRACT.replace('physicalType: int,', 'physicalType: bigint,')
        .replace('required: true } # first', 'required: true, logicalType: integer } # first')
        .replace(
          '        required: true\n      - name: dt',
          '      - name: flag\n        logicalType: boolean\n        physicalType: boolean\n      - name: dt',
        ),
    );
  });

  test('nothing new leaves the document as it is, to the byte; columns that the source has not are kept', async () => {
    const { out, err } = await merge(['optional int32 id'], { id: 0 });
    expect(out).toBe(CONTRACT);
    expect(err).toBe('headgate: note is not in the source; it was kept\n');
  });
});

const GLUE = {
  Table: {
    Name: 'Orders',
    DatabaseName: 'shop',
    CatalogId: '012345678901',
    Description: 'NO: a word that YAML 1.1 takes for false',
    TableType: 'EXTERNAL_TABLE',
    Parameters: { classification: 'parquet' },
    PartitionKeys: [{ Name: 'dt', Type: 'date' }],
    StorageDescriptor: {
      Columns: [
        { Name: 'id', Type: 'bigint', Comment: 'The key: never null' },
        { Name: 's', Type: 'struct<a:array<int>,b:map<string,decimal(10,2)>>' },
        { Name: 'bad', Type: 'struct<a-b:int>' },
      ],
      Location: 's3://lake/orders',
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      SerdeInfo: { Parameters: { 'parquet.column.index.access': 'true' } },
    },
  },
};

describe('IMP-1: headgate import glue and ddl', () => {
  test('glue: columns, keys, comments, place, switches; what is no type is left out and told', async () => {
    const folder = folderOf({ 'g.json': JSON.stringify(GLUE) });
    const { code, out, err } = await run(['import', 'glue', join(folder, 'g.json')]);
    expect(code).toBe(0);
    expect(err).toContain('left out bad: its type "struct<a-b:int>" is no Hive type');
    expect(out).toContain('account: "012345678901"');
    expect(out).toContain('location: s3://lake/orders/');
    expect(out).toContain('description: "NO: a word that YAML 1.1 takes for false"');
    expect(out).toContain('- property: parquet.column.index.access');
    writeInto(folder, { 'c.yaml': out });
    expect((await run(['lint', join(folder, 'c.yaml')])).code).toBe(0);
  });

  test.each([
    ['no JSON', '{', 'is not valid JSON'],
    ['nothing of the kind', '{"a":1}', 'no Glue table'],
    ['a view', JSON.stringify({ ...GLUE.Table, TableType: 'VIRTUAL_VIEW' }), 'a view'],
    ['Iceberg', JSON.stringify({ ...GLUE.Table, Parameters: { table_type: 'iceberg' } }), 'an Iceberg table'],
    [
      'CSV',
      JSON.stringify({ ...GLUE.Table, StorageDescriptor: { Columns: [], InputFormat: 'TextInputFormat' } }),
      'no Parquet table',
    ],
    ['two tables', JSON.stringify({ TableList: [GLUE.Table, GLUE.Table] }), 'several tables'],
  ])('glue refuses %s', async (_, text, message) => {
    const folder = folderOf({ 'g.json': text });
    const ran = await run(['import', 'glue', join(folder, 'g.json')]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(message);
  });

  const DDL = `-- two tables; the first is no Parquet
CREATE EXTERNAL TABLE \`shop\`.\`orders\` (
  \`id\` bigint COMMENT 'it\\'s the key', -- a comment
  amount DECIMAL(12, 2), /* another, with ) */
  "order" struct<a: int, b: array<string>> COMMENT 'x, y)',
  wrong text,
  m integer)
COMMENT 'All orders'
PARTITIONED BY (dt date, \`country\` string)
ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
LOCATION 's3://lake/orders'
TBLPROPERTIES ('parquet.ignore.statistics'='true', 'EXTERNAL'='TRUE');
create table other (a int) stored as parquet;
`;

  test('ddl: as Athena writes it, with comments, strings and brackets everywhere', async () => {
    const folder = folderOf({ 't.sql': DDL });
    const { code, out, err } = await run([
      'import',
      'ddl',
      join(folder, 't.sql'),
      '--table',
      'orders',
      '--account',
      '012345678901',
    ]);
    expect(code).toBe(0);
    expect(err).toBe(
      'headgate: left out wrong (line 6): text is no Hive type, expected a Hive type at character 1, such as string\n',
    );
    const names = [...out.matchAll(/ {6}- name: (\S+)\n(?:.*\n)*?\s+physicalType: (.*)\n/gu)].map(
      ([, name, type]) => `${name} ${type}`,
    );
    expect(names).toEqual([
      'id bigint',
      'amount decimal(12,2)',
      'order struct<a:int,b:array<string>>',
      'm int',
      'dt date',
      'country string',
    ]);
    expect(out).toContain("description: it's the key");
    expect(out).toContain('- property: parquet.ignore.statistics');
    writeInto(folder, { 'c.yaml': out });
    expect((await run(['lint', join(folder, 'c.yaml')])).code).toBe(0);
  });

  test.each([
    ['no statement', 'SELECT 1', 'no CREATE TABLE statement'],
    ['two tables', DDL, 'several tables (orders, other)'],
    [
      'a query',
      "CREATE TABLE s.a WITH (format='PARQUET') AS SELECT 1 b",
      'table a is made from a query, which',
    ],
    ['a query', 'CREATE TABLE a AS (SELECT 1 b)', 'table a is made from a query, which'],
    ['another format', 'CREATE TABLE a (b int) STORED AS ORC', 'is not stored as Parquet'],
    ['no columns', 'CREATE TABLE a STORED AS PARQUET', 'CREATE TABLE has no name|expected a list of columns'],
    ['an end in the middle', 'CREATE TABLE a (b int', 'line 1: expected `,` or `)`, found the end'],
    ['an open quote', "CREATE TABLE a (b int COMMENT 'x", 'line 1: expected'],
  ])('ddl refuses %s', async (_, text, message) => {
    const folder = folderOf({ 't.sql': text });
    const ran = await run(['import', 'ddl', join(folder, 't.sql')]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(message.split('|').some((part) => ran.err.includes(part))).toBe(true);
  });
});

describe('IMP-7: from the catalog of a lake', () => {
  test('the table that the lake made; one that is not there, and a folder that is no lake, are told', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    await lake.command('dev', '--once');
    const { code, out } = await run([
      'import',
      'glue',
      'shop.t',
      '--lake',
      lake.folder,
      '--account',
      '123456789012',
    ]);
    expect(code).toBe(0);
    const folder = folderOf({ 'c.yaml': out });
    expect((await run(['lint', join(folder, 'c.yaml')])).code).toBe(0);
    expect(out).toContain('physicalType: bigint');
    expect(out).toContain('location: s3://lake/t/');
    expect(await run(['import', 'glue', 'shop.u', '--lake', lake.folder])).toMatchObject({
      code: 3,
      err: 'headgate: the catalog of the lake has no table shop.u (NOT_FOUND)\n',
    });
    expect((await run(['import', 'glue', 'shop.t', '--lake', folder])).code).toBe(2);
  });
});

describe('IMP-9: the account of a catalog', () => {
  test('is never made up: without it the place alone is said, and what brings the catalog', async () => {
    const folder = folderOf({ 'orders/a.parquet': fileOf(ORDERS, { status: 0, at: 0 }) });
    const args = [
      'import',
      'parquet',
      join(folder, 'orders'),
      '--location',
      's3://lake/orders/',
      '--database',
      'shop',
    ];
    const without = await run(args);
    expect(without.out).toContain('--account writes a glue server with database shop');
    expect(parse(without.out)).toMatchObject({
      servers: [{ server: 'lake', type: 's3', location: 's3://lake/orders/' }],
    });
    const known = await run([...args, '--account', '210987654321']);
    expect(parse(known.out)).toMatchObject({
      servers: [{ type: 'glue', account: '210987654321', database: 'shop', location: 's3://lake/orders/' }],
    });
  });
});
