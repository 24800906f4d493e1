import { describe, expect, test } from 'vitest';
import { tableChanges } from '../../src/run/catalog/plan-changes.ts';
import { restoreDefinition } from '../../src/run/catalog/restore-definition.ts';
import { staleTable } from '../../src/run/catalog/stale-plan.ts';
import { INDEX_ACCESS, tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { TableDefinition } from '../../src/run/ports/catalog.ts';
import { lakeContract } from '../support/lake-contract.ts';

function render(columns: readonly string[]): TableDefinition {
  const [table] = lakeContract(columns).tables;
  if (table === undefined) throw new Error('no table');
  return tableDefinition(table, { location: 's3://lake/t/' });
}

const WANTED = render(['a int', 'b string', 'dt date partition']);

/** `sign what path: from -> to (effect)`, for a table that becomes WANTED. */
function linesFrom(change: Partial<TableDefinition>, after: TableDefinition = WANTED): readonly string[] {
  const current = { ...WANTED, ...change };
  return tableChanges({ current, wanted: after, after, partitions: 'registered' }).changes.map(
    ({ sign, what, path, from = '', to = '', effect }) =>
      `${sign} ${what} ${path}: ${from} -> ${to} (${effect})`,
  );
}

describe('PLN-6: each kind of difference has its line', () => {
  test('none where nothing differs', () => {
    expect(linesFrom({})).toEqual([]);
  });

  test.each<readonly [string, Partial<TableDefinition>, readonly string[]]>([
    ['place', { location: 's3://old/' }, ['~ location : s3://old/ -> s3://lake/t/ (wrong-results)']],
    [
      'types of keys',
      { partitionKeys: [{ name: 'dt', type: 'string' }] },
      ['~ partition keys : partitioned by dt string -> partitioned by dt date (query-fails)'],
    ],
    [
      'format',
      { format: { ...WANTED.format, serde: 'org.openx.JsonSerDe' } },
      [`~ format : org.openx.JsonSerDe -> ${WANTED.format.serde} (query-fails)`],
    ],
    [
      'access by position',
      { parameters: { ...WANTED.parameters, [INDEX_ACCESS]: 'true' } },
      [
        '~ column access : columns found by position (parquet.column.index.access) -> columns found by name (wrong-results)',
        '- parameter parquet.column.index.access: true ->  (none)',
      ],
    ],
    ['order', { columns: WANTED.columns.toReversed() }, ['~ order a: column 2 -> column 1 of 2 (none)']],
    [
      'letters of names',
      { columns: WANTED.columns.map(({ name, type }) => ({ name: name.toUpperCase(), type })) },
      ['~ column :  -> written as the contract does (none)'],
    ],
    [
      'our own parameters',
      { parameters: { ...WANTED.parameters, EXTERNAL: 'FALSE', classification: 'csv' } },
      ['~ parameter classification: csv -> parquet (none)', '~ parameter EXTERNAL: FALSE -> TRUE (none)'],
    ],
  ])('%s', (_, change, lines) => {
    expect(linesFrom(change)).toEqual(lines);
  });

  test('comments and descriptions that come, change and go', () => {
    const described: TableDefinition = {
      ...WANTED,
      description: 'all of t',
      columns: WANTED.columns.map((column) => ({ ...column, comment: `about ${column.name}` })),
    };
    expect(linesFrom({}, described)).toEqual([
      '~ comment a: no comment -> about a (none)',
      '~ comment b: no comment -> about b (none)',
      '~ description : no description -> all of t (none)',
    ]);
    expect(linesFrom({ description: 'all of t' })).toEqual(['- description : all of t ->  (none)']);
  });
});

describe('PLN-9: what goes back, and what stays', () => {
  test('index access and description as the old version had them; a place written otherwise is the same', () => {
    const old: TableDefinition = {
      ...WANTED,
      location: 's3://lake/t',
      description: 'old',
      format: { ...WANTED.format, serdeParameters: { [INDEX_ACCESS]: 'true', theirs: 'old' } },
      parameters: { classification: 'parquet', [INDEX_ACCESS]: 'true', theirs: 'old', gone: '1' },
    };
    const { foreign, ...back } = restoreDefinition({ ...WANTED, foreign: { Owner: 'x' } }, old, WANTED);
    expect(foreign).toEqual({ Owner: 'x' });
    expect(back).toEqual({
      ...WANTED,
      description: 'old',
      format: { ...WANTED.format, serdeParameters: { [INDEX_ACCESS]: 'true' } },
      parameters: {
        'headgate.managed': 'true',
        'headgate.contract': 'c-1',
        classification: 'parquet',
        [INDEX_ACCESS]: 'true',
      },
    });
    expect(
      restoreDefinition({ ...WANTED, description: 'new' }, { ...WANTED, location: 's3://old/' }, WANTED),
    ).toEqual({
      ...WANTED,
      location: 's3://old/',
    });
  });
});

test('PLN-7: a plan of no table holds while there is none', () => {
  expect(staleTable({ table: 'shop.t', basis: null, after: 'x' }, undefined)).toBeUndefined();
});
