import { describe, expect, test } from 'vitest';
import { cascade, partitionAfter } from '../../src/run/catalog/cascade.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { CatalogPartition, TableDefinition } from '../../src/run/ports/catalog.ts';
import { lakeContract } from '../support/lake-contract.ts';

function render(columns: readonly string[]): TableDefinition {
  const [table] = lakeContract(columns).tables;
  if (table === undefined) throw new Error('no table');
  return tableDefinition(table, { location: 's3://lake/t/' });
}

describe('CAT-8: the order between table and partitions', () => {
  test('a scalar widens in the table first', () => {
    expect(cascade(render(['a int']), render(['a bigint']))).toEqual({
      steps: [{ kind: 'table' }, { kind: 'partitions', columns: ['a'] }],
      meanwhile: 'none',
    });
  });

  test('a struct gets its field in the partitions first, where it would be NULL otherwise', () => {
    expect(cascade(render(['s struct<a:int>']), render(['s struct<a:int,b:int>']))).toEqual({
      steps: [
        { kind: 'partitions', columns: ['s'] },
        { kind: 'table' },
        { kind: 'partitions', columns: ['s'] },
      ],
      meanwhile: 'none',
    });
  });

  test('both at once: each column in its own order, and all at the end', () => {
    expect(
      cascade(
        render(['a int', 's struct<a:int>', 'c date']),
        render(['a bigint', 's struct<a:int,b:int>', 'd date']),
      ),
    ).toEqual({
      steps: [
        { kind: 'partitions', columns: ['s'] },
        { kind: 'table' },
        { kind: 'partitions', columns: ['a', 's', 'd'] },
      ],
      meanwhile: 'none',
    });
  });

  test('where no order helps, it says what is seen meanwhile', () => {
    expect(cascade(render(['a date']), render(['a timestamp'])).meanwhile).toBe('query-fails');
    expect(cascade(render(['a decimal(12,2)']), render(['a decimal(10,2)'])).meanwhile).toBe('wrong-results');
    const unparsable = { ...render(['a int']), columns: [{ name: 'a', type: 'int<' }] };
    expect(cascade(unparsable, render(['a int'])).meanwhile).toBe('query-fails');
  });

  test('a table that is as wanted still has its partitions looked at: a run may have been cut off', () => {
    expect(cascade(render(['A int']), render(['a int'])).steps).toEqual([
      { kind: 'table' },
      { kind: 'partitions', columns: ['a'] },
    ]);
  });
});

describe('CAT-9: a partition takes the types of the columns of a step', () => {
  const wanted = render(['a bigint', 'b string']);
  const partition: CatalogPartition = {
    values: ['x'],
    location: 's3://lake/t/k=x/',
    columns: [
      { name: 'A', type: 'int', comment: 'kept' },
      { name: 'b', type: 'int' },
      { name: 'old', type: 'date' },
    ],
    format: wanted.format,
    parameters: { theirs: '1' },
  };

  test('only of those, and nothing else of it changes', () => {
    expect(partitionAfter(partition, wanted, ['a'])).toEqual({
      ...partition,
      columns: [
        { name: 'A', type: 'bigint', comment: 'kept' },
        { name: 'b', type: 'int' },
        { name: 'old', type: 'date' },
      ],
    });
  });

  test('nothing where it has them already, or has no such column', () => {
    expect(partitionAfter(partition, wanted, ['old', 'new'])).toBeUndefined();
    const done = partitionAfter(partition, wanted, ['a', 'b']);
    expect(done && partitionAfter(done, wanted, ['a', 'b'])).toBeUndefined();
  });
});
