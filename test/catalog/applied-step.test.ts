import { describe, expect, test } from 'vitest';
import type { Table } from '../../src/judge/contract/contract.ts';
import { type Applied, appliedContract } from '../../src/run/catalog/applied.ts';
import { type AppliedStepOptions, appliedStep } from '../../src/run/catalog/applied-step.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import { contractText, tableOf } from '../support/contract-text.ts';
import { lakeContract } from '../support/lake-contract.ts';

function tableFrom(columns: readonly string[], custom?: string): Table {
  const [table] = lakeContract(columns, custom === undefined ? {} : { custom }).tables;
  if (table === undefined) throw new Error('no table');
  return table;
}

function appliedFrom(columns: readonly string[], more: Partial<Applied> = {}): Applied {
  const definition = tableDefinition(tableFrom(columns), { location: 's3://lake/t/' });
  return { ...definition, contractVersion: '1.0.0', ...more };
}

function step(
  before: readonly string[],
  after: readonly string[],
  options: Partial<AppliedStepOptions> = {},
) {
  return appliedStep(appliedFrom(before), tableFrom(after), { hasRegisteredPartitions: false, ...options });
}

describe('CAT-4: what the catalog needs before a file of the active version is published', () => {
  test('nothing recorded: the table is created', () => {
    expect(appliedStep(undefined, tableFrom(['id int']), { hasRegisteredPartitions: true })).toEqual({
      kind: 'create',
    });
  });

  test('the same types, names apart in case only: ready', () => {
    expect(step(['Id int', 'dt date partition'], ['ID int', 'dt date partition'])).toEqual({ kind: 'ready' });
  });

  test('columns that come, go and move are safe, also with registered partitions', () => {
    const before = ['a int', 'b string', 'dt date partition'];
    const after = ['c double', 'a int', 'dt date partition'];
    expect(step(before, after, { hasRegisteredPartitions: true })).toEqual({
      kind: 'update',
      changes: ['add c double', 'drop b'],
    });
    expect(step(['a int', 'b string'], ['b string', 'a int'])).toEqual({
      kind: 'update',
      changes: ['put the columns into the order of the contract'],
    });
  });

  test('a comment is a change that harms nothing', () => {
    const commented = tableOf(contractText('- { name: a, physicalType: int, description: told }'));
    expect(appliedStep(appliedFrom(['a int']), commented, { hasRegisteredPartitions: true })).toEqual({
      kind: 'update',
      changes: ['describe a'],
    });
  });

  test.each([
    ['tinyint', 'smallint'],
    ['smallint', 'int'],
    ['int', 'bigint'],
    ['int', 'decimal(10,0)', 'an int may be stored in 64 bits, which no decimal reads'],
    ['decimal(10,2)', 'decimal(12,2)'],
    ['decimal(10,2)', 'decimal(20,2)', 'old engines fail on filters: the digits change their class'],
    ['decimal(12,2)', 'decimal(10,2)', 'digits lost'],
    ['decimal(10,2)', 'decimal(10,1)', 'rounds'],
    ['float', 'double', 'filters fail on statistics'],
    ['double', 'float', 'no reader'],
    ['bigint', 'int', 'values that do not fit'],
    ['int', 'string', 'no reader before 450'],
    ['string', 'int', 'no reader'],
    ['varchar(5)', 'varchar(9)'],
    ['varchar(5)', 'string'],
    ['varchar(9)', 'varchar(5)', 'cut'],
    ['string', 'varchar(9)', 'cut'],
    ['string', 'binary'],
    ['binary', 'string', 'bytes that are no text'],
    ['date', 'timestamp', 'no reader'],
    ['timestamp', 'bigint', 'not from INT96'],
    ['boolean', 'int', 'no reader'],
    ['struct<a:int>', 'struct<a:int,b:string>'],
    ['struct<a:int,b:string>', 'struct<a:int>'],
    ['struct<a:int,b:string>', 'struct<a:int,c:string>', 'may be a rename'],
    ['struct<a:int>', 'struct<b:int>', 'may be a rename'],
    ['array<struct<a:int,b:int>>', 'array<struct<a:int,c:int>>', 'may be a rename'],
    ['map<string,struct<a:int,b:int>>', 'map<string,struct<a:int,c:int>>', 'may be a rename'],
    ['map<string,struct<a:int>>', 'map<string,struct<a:bigint,b:date>>'],
    ['struct<s:struct<a:int>>', 'struct<s:struct<a:int,b:int>,t:int>'],
    ['array<int>', 'array<bigint>'],
    ['array<int>', 'array<string>', 'no reader'],
    ['array<int>', 'int', 'another structure'],
    ['int', 'array<int>', 'another structure'],
    ['struct<a:int>', 'map<string,int>', 'another structure'],
  ])('%s → %s: files of the old type decide (%s)', (before, after, harm?: string) => {
    expect(step([`x ${before}`], [`x ${after}`])).toEqual(
      harm === undefined
        ? { kind: 'update', changes: [`change x from ${before} to ${after}`] }
        : { kind: 'needs-apply', why: expect.stringMatching(/^x/u) },
    );
  });

  test('registered partitions keep their types, so every other type waits for a person', () => {
    for (const [before, after] of [
      ['int', 'bigint'],
      ['struct<a:int>', 'struct<a:int,b:int>'],
      ['array<int>', 'array<bigint>'],
    ])
      expect(
        step([`x ${before}`, 'dt date partition'], [`x ${after}`, 'dt date partition'], {
          hasRegisteredPartitions: true,
        }),
      ).toEqual({
        kind: 'needs-apply',
        why: `x changes its type: registered partitions would keep ${before} and be read by it`,
      });
  });

  test('a rename that the contract states loses what is stored', () => {
    const renamed = tableOf(
      contractText(
        '- { name: total, physicalType: int, customProperties: [{ property: previousNames, value: [amount] }] }',
      ),
    );
    expect(appliedStep(appliedFrom(['amount int']), renamed, { hasRegisteredPartitions: false })).toEqual({
      kind: 'needs-apply',
      why: 'total was amount: stored files have the old name, and Athena would read NULL',
    });
  });

  test('other keys, another place, another way to find columns: a person decides', () => {
    expect(step(['a int', 'dt date partition'], ['a int', 'dt string partition'])).toEqual({
      kind: 'needs-apply',
      why: 'the table is partitioned by dt date, the contract says dt string',
    });
    expect(step(['a int'], ['a int', 'dt string partition'])).toMatchObject({
      why: 'the table is partitioned by nothing, the contract says dt string',
    });
    expect(
      step(['a int', 'dt date partition', 'h int partition'], ['a int', 'dt date partition']),
    ).toMatchObject({
      why: 'the table is partitioned by dt date, h int, the contract says dt date',
    });
    expect(step(['a int'], ['a int'], { location: 's3://other/t/' })).toEqual({
      kind: 'needs-apply',
      why: 'the table lies at s3://lake/t/, the contract says s3://other/t/',
    });
    expect(step(['a int'], ['a int'], { location: 's3://lake/t' })).toEqual({ kind: 'ready' });
    const byIndex = tableFrom(['a int'], 'parquet.column.index.access');
    expect(
      appliedStep(appliedFrom(['a int'], { readsByIndex: false }), byIndex, {
        hasRegisteredPartitions: false,
      }),
    ).toEqual({ kind: 'needs-apply', why: 'columns are found by name, and the contract says by position' });
    expect(
      appliedStep(appliedFrom(['a int'], { readsByIndex: true }), tableFrom(['a int']), {
        hasRegisteredPartitions: false,
      }),
    ).toEqual({ kind: 'needs-apply', why: 'columns are found by position, and the contract says by name' });
  });

  test('by position, a column may only be appended', () => {
    const access = 'parquet.column.index.access';
    const from = appliedFrom(['a int', 'b int'], { readsByIndex: true });
    const options = { hasRegisteredPartitions: false };
    expect(appliedStep(from, tableFrom(['a int', 'b int', 'c int'], access), options).kind).toBe('update');
    expect(appliedStep(from, tableFrom(['c int', 'a int', 'b int'], access), options).kind).toBe(
      'needs-apply',
    );
    expect(appliedStep(from, tableFrom(['b int'], access), options).kind).toBe('needs-apply');
  });
});

describe('CAT-5: the contract that readability is judged by', () => {
  const active = lakeContract(['total bigint', 'note string', 'dt date partition'], { version: '2.0.0' });

  test('has the columns that the catalog holds, and what the active version still declares of them', () => {
    const applied = appliedFrom(['total int', 'gone array<struct<x:int>>', 'dt string partition']);
    const contract = appliedContract(applied, active, 't');
    const [table] = contract.tables;
    expect(contract.version).toBe('1.0.0');
    expect(table?.contractVersion).toBe('1.0.0');
    expect(table?.columns.map(({ name, type }) => [name, type])).toEqual([
      ['total', { kind: 'int' }],
      [
        'gone',
        {
          kind: 'array',
          element: { kind: 'struct', fields: [{ name: 'x', type: { kind: 'int' } }] },
        },
      ],
    ]);
    expect(table?.columns[1]?.children[0]?.children).toMatchObject([{ name: 'x', type: { kind: 'int' } }]);
    expect(table?.partitionKeys.map(({ type }) => type)).toEqual([{ kind: 'string' }]);
    expect(table?.columns[0]?.position).toEqual(active.tables[0]?.columns[0]?.position);
    expect(table?.readsByIndex).toBe(false);
  });

  test('leaves out what Athena cannot parse, and leaves other tables alone', () => {
    const applied: Applied = {
      ...appliedFrom(['a int'], { readsByIndex: true, ignoresStatistics: true }),
      columns: [
        { name: 'a', type: 'int' },
        { name: 'b', type: 'struct<a-b:int>' },
      ],
    };
    const [table] = appliedContract(applied, active, 't').tables;
    expect(table?.columns.map(({ name }) => name)).toEqual(['a']);
    expect([table?.readsByIndex, table?.ignoresStatistics]).toEqual([true, true]);
    expect(appliedContract(applied, active, 'another').tables).toEqual(active.tables);
  });
});
