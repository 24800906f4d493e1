import { describe, expect, test } from 'vitest';
import type { Contract } from '../../src/judge/contract/contract.ts';
import { isSameDefinition, mergeDefinition } from '../../src/run/catalog/merge-definition.ts';
import { partitionOf } from '../../src/run/catalog/partition.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { TableDefinition } from '../../src/run/ports/catalog.ts';
import { contractText, tableOf } from '../support/contract-text.ts';
import { lakeContract } from '../support/lake-contract.ts';

function render(contract: Contract, location = 's3://lake/t/'): TableDefinition {
  const [table] = contract.tables;
  if (table === undefined) throw new Error('no table');
  return tableDefinition(table, { location });
}

const ORDERS = [
  'Order_Id bigint',
  'lines array<struct<sku:string,price:decimal(10,2)>>',
  'dt date partition',
];

describe('CAT-1: what the catalog shall hold', () => {
  test('columns in contract order in lower case, keys apart, Parquet as Athena knows it', () => {
    const { parameters, ...rest } = render(lakeContract(ORDERS, { version: '1.3.0' }));
    expect(rest).toEqual({
      columns: [
        { name: 'order_id', type: 'bigint' },
        { name: 'lines', type: 'array<struct<sku:string,price:decimal(10,2)>>' },
      ],
      partitionKeys: [{ name: 'dt', type: 'date' }],
      location: 's3://lake/t/',
      format: {
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        serdeParameters: { 'serialization.format': '1' },
      },
    });
    expect(parameters).toEqual({
      classification: 'parquet',
      EXTERNAL: 'TRUE',
      'headgate.managed': 'true',
      'headgate.contract': 'c-1',
      'headgate.contract_version': '1.3.0',
      'headgate.contract_hash': expect.stringMatching(/^[0-9a-f]{16}$/u),
    });
  });

  test('an unpartitioned table has an empty list of keys, which Athena needs', () => {
    expect(render(lakeContract(['id int'])).partitionKeys).toEqual([]);
  });

  test('the hash follows what is rendered, and nothing else', () => {
    const hash = (contract: Contract, location?: string) =>
      render(contract, location).parameters['headgate.contract_hash'];
    const base = hash(lakeContract(ORDERS));
    expect(hash(lakeContract(ORDERS, { version: '2.0.0' }))).toBe(base);
    expect(hash(lakeContract(ORDERS, { policy: 'onUnknownColumn: hold' }))).toBe(base);
    expect(hash(lakeContract([...ORDERS.slice(0, 2), 'dt string partition']))).not.toBe(base);
    expect(hash(lakeContract(ORDERS), 's3://other/t/')).not.toBe(base);
  });

  test('comments are one line of at most 255 characters, as Glue takes them', () => {
    const long = 'x'.repeat(300);
    const table = tableOf(
      contractText(
        `- { name: a, physicalType: int, description: "one\\n two\\u200b\\tthree" }\n- { name: b, physicalType: int, description: ${long} }`,
        { more: 'description: "a\\ntable"' },
      ),
    );
    const { columns, description } = tableDefinition(table, { location: 's3://l/t/' });
    expect(columns[0]).toEqual({ name: 'a', type: 'int', comment: 'one two three' });
    expect(columns[1]?.comment).toBe('x'.repeat(255));
    expect(description).toBe('a table');
  });

  test('custom properties that change how Athena reads are rendered where Athena looks', () => {
    const byIndex = render(lakeContract(['id int'], { custom: 'parquet.column.index.access' }));
    expect(byIndex.format.serdeParameters).toEqual({
      'serialization.format': '1',
      'parquet.column.index.access': 'true',
    });
    const ignoring = render(lakeContract(['id int'], { custom: 'parquet.ignore.statistics' }));
    expect(ignoring.parameters['parquet.ignore.statistics']).toBe('true');
  });
});

describe('CAT-2: a merge keeps what is not ours', () => {
  const wanted = render(lakeContract(['id bigint', 'note string'], { version: '2.0.0' }));
  const current: TableDefinition = {
    ...render(lakeContract(['id bigint'])),
    columns: [{ name: 'id', type: 'bigint', comment: 'typed in the console' }],
    location: 's3://lake/t',
    parameters: {
      'projection.dt.type': 'date',
      numRows: '12',
      'headgate.contract': 'c-1',
      'headgate.contract_hash': 'old',
    },
    format: {
      ...wanted.format,
      serde: 'other',
      serdeParameters: { 'serialization.format': '1', 'parquet.column.index.access': 'true' },
    },
    description: 'by hand',
    foreign: { Owner: 'bob', Retention: 3 },
  };

  test('foreign parameters, fields and comments stay; ours are set', () => {
    const merged = mergeDefinition(current, wanted);
    expect(merged.parameters).toEqual({ 'projection.dt.type': 'date', numRows: '12', ...wanted.parameters });
    expect(merged.columns).toEqual([
      { name: 'id', type: 'bigint', comment: 'typed in the console' },
      { name: 'note', type: 'string' },
    ]);
    expect(merged.foreign).toEqual({ Owner: 'bob', Retention: 3 });
    expect(merged.description).toBe('by hand');
    expect(merged.location).toBe('s3://lake/t');
    expect(merged.format.serde).toBe(wanted.format.serde);
  });

  test('access by index follows the contract, in both places where it can stand', () => {
    expect(mergeDefinition(current, wanted).format.serdeParameters['parquet.column.index.access']).toBe(
      'false',
    );
    const both = { ...current, parameters: { 'parquet.column.index.access': 'true' } };
    expect(mergeDefinition(both, wanted).parameters['parquet.column.index.access']).toBe('false');
    const byIndex = render(lakeContract(['id bigint'], { custom: 'parquet.column.index.access' }));
    expect(mergeDefinition(both, byIndex).parameters['parquet.column.index.access']).toBe('true');
  });

  test('a merge of what was merged changes nothing, in any order of its keys', () => {
    const merged = mergeDefinition(current, wanted);
    expect(isSameDefinition(mergeDefinition(merged, wanted), merged)).toBe(true);
    const shuffled = {
      ...merged,
      parameters: Object.fromEntries(Object.entries(merged.parameters).toReversed()),
    };
    expect(isSameDefinition(shuffled, merged)).toBe(true);
    expect(isSameDefinition({ ...merged, columns: merged.columns.toReversed() }, merged)).toBe(false);
    expect(isSameDefinition(current, merged)).toBe(false);
  });
});

describe('CAT-3: the partition of a folder', () => {
  const table = render(lakeContract(['id int', 'dt date partition', 'country string partition']));

  test('values decoded as Hive does, located by the folder as it stands', () => {
    expect(partitionOf(table, 'DT=2026-01-01/country=a%2Fb%3D%C3%A9/')).toEqual({
      values: ['2026-01-01', 'a/b=é'],
      location: 's3://lake/t/DT=2026-01-01/country=a%2Fb%3D%C3%A9/',
      columns: table.columns,
      format: table.format,
      parameters: { 'headgate.managed': 'true' },
    });
  });

  test('Hive’s names of NULL become the one that Glue keeps', () => {
    for (const name of ['__HIVE_DEFAULT_PARTITION__', '\\N'])
      expect(partitionOf(table, `dt=2026-01-01/country=${name}/`)?.values).toEqual([
        '2026-01-01',
        '__HIVE_DEFAULT_PARTITION__',
      ]);
  });

  test.each([
    '',
    'dt=2026-01-01/',
    'dt=2026-01-01/country=DE',
    'country=DE/dt=2026-01-01/',
    'dt=2026-01-01/region=DE/',
    'x/dt=2026-01-01/country=DE/',
    'dt=2026-01-01/country=DE/hour=1/',
    'dt=2026-01-01/country=DE/x/',
    '/dt=2026-01-01/country=DE/',
  ])('%j names no partition', (folder) => {
    expect(partitionOf(table, folder)).toBeUndefined();
  });

  test('an unpartitioned table has none, and a location without slash gets one', () => {
    expect(partitionOf(render(lakeContract(['id int'])), 'dt=1/')).toBeUndefined();
    expect(partitionOf({ ...table, location: 's3://b/t' }, 'dt=1/country=x/')?.location).toBe(
      's3://b/t/dt=1/country=x/',
    );
  });
});
