import { describe, expect, test } from 'vitest';
import {
  type CatalogDifference,
  catalogDifference,
  partitionDifferences,
} from '../../src/run/catalog/difference.ts';
import { partitionOf } from '../../src/run/catalog/partition.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { TableDefinition } from '../../src/run/ports/catalog.ts';
import { contractText, tableOf } from '../support/contract-text.ts';
import { lakeContract } from '../support/lake-contract.ts';

function render(columns: readonly string[], custom?: string): TableDefinition {
  const [table] = lakeContract(columns, custom === undefined ? {} : { custom }).tables;
  if (table === undefined) throw new Error('no table');
  return tableDefinition(table, { location: 's3://lake/t/' });
}

const wanted = render(['id bigint', 'total decimal(10,2)', 'tags array<string>', 'dt date partition']);

function differences(
  change: Partial<TableDefinition>,
  partitions: 'registered' | 'projected' = 'registered',
  of: TableDefinition = wanted,
) {
  return catalogDifference(of, { ...of, ...change }, { partitions });
}

/** `rule kind path: expected | actual (effect)` */
function shown(found: readonly CatalogDifference[]): readonly string[] {
  return found.map(
    ({ rule, kind, path, expected, actual, effect }) =>
      `${rule} ${kind} ${path}: ${expected} | ${actual} (${effect})`,
  );
}

describe('CAT-6: contract and catalog are compared by one difference', () => {
  test('a table as it shall be has none, whatever else it carries', () => {
    expect(differences({})).toEqual([]);
    const { parameters } = wanted;
    expect(
      differences({
        parameters: { ...parameters, EXTERNAL: 'true', numRows: '1', 'headgate.contract_hash': 'x' },
        location: 's3://lake/t',
        columns: wanted.columns.map(({ name, type }) => ({
          name: name.toUpperCase(),
          type: type.toUpperCase().replace(',', ', '),
          comment: 'by hand',
        })),
        foreign: { Owner: 'x' },
        description: 'by hand',
      }),
    ).toEqual([]);
  });

  test('a table that is not there', () => {
    expect(shown(catalogDifference(wanted, undefined, { partitions: 'registered' }))).toEqual([
      'catalog-drift table-missing : a table at s3://lake/t/ | none (query-fails)',
    ]);
  });

  test('columns: missing, unexpected, of another type, in another order', () => {
    const [id, total, tags] = wanted.columns;
    expect(
      shown(
        differences({
          columns: [
            { name: 'TOTAL', type: 'decimal(12,2)' },
            { name: 'id', type: 'int' },
            { name: 'odd name', type: 'string' },
          ],
        }),
      ),
    ).toEqual([
      'catalog-drift column-type id: bigint | int (query-fails)',
      'catalog-drift column-type total: decimal(10,2) | decimal(12,2) (none)',
      'catalog-drift column-missing tags: array<string> | no column (query-fails)',
      'catalog-drift column-unexpected "odd name": no column | string (none)',
      'catalog-drift column-order id: column 1 of 2 | column 2 (none)',
    ]);
    expect([id, total, tags].every(Boolean)).toBe(true);
  });

  test('a type that Athena cannot parse fails every query', () => {
    const columns = wanted.columns.map((column) =>
      column.name === 'id' ? { ...column, type: 'struct<a-b:int>' } : column,
    );
    expect(shown(differences({ columns }))).toEqual([
      'catalog-drift column-type id: bigint | struct<a-b:int> (query-fails)',
    ]);
  });

  test('keys, location, formats and SerDe', () => {
    expect(
      shown(
        differences({
          partitionKeys: [{ name: 'day', type: 'date' }],
          location: 's3://lake/moved/',
          format: { ...wanted.format, inputFormat: 'text', serde: '' },
        }),
      ),
    ).toEqual([
      'catalog-drift location : s3://lake/t/ | s3://lake/moved/ (wrong-results)',
      'catalog-drift partition-keys : partitioned by dt date | partitioned by day date (query-fails)',
      'catalog-drift format : org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat | text (query-fails)',
      'catalog-drift format : org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe | none (query-fails)',
    ]);
  });

  test.each(['serde', 'parameter'])('index access as %s', (place) => {
    const access = { 'parquet.column.index.access': 'TRUE' };
    const change: Partial<TableDefinition> =
      place === 'serde'
        ? { format: { ...wanted.format, serdeParameters: access } }
        : { parameters: { ...wanted.parameters, ...access } };
    expect(shown(differences(change))).toEqual([
      'index-access index-access : columns found by name | columns found by position (parquet.column.index.access) (wrong-results)',
    ]);
    const byIndex = render(['id bigint'], 'parquet.column.index.access');
    expect(shown(differences({ format: wanted.format }, 'registered', byIndex))).toEqual([
      'index-access index-access : columns found by position | columns found by name (parquet.column.index.access) (wrong-results)',
    ]);
  });

  test('where columns are found by position, their order is their meaning', () => {
    const byIndex = render(['a int', 'b int'], 'parquet.column.index.access');
    expect(shown(differences({ columns: byIndex.columns.toReversed() }, 'registered', byIndex))).toEqual([
      'catalog-drift column-order a: column 1 of 2 | column 2 (wrong-results)',
    ]);
  });

  test('FM-16: projection against the policy, for partitioned tables', () => {
    const projected = { parameters: { ...wanted.parameters, 'projection.enabled': 'true' } };
    expect(shown(differences(projected))).toEqual([
      'catalog-drift projection : projection.enabled false | projection.enabled true (wrong-results)',
    ]);
    expect(differences(projected, 'projected')).toEqual([]);
    expect(shown(differences({}, 'projected'))).toEqual([
      'catalog-drift projection : projection.enabled true | projection.enabled false (wrong-results)',
    ]);
    expect(differences({}, 'projected', render(['id int']))).toEqual([]);
  });

  test('parameters of ours; the version alone is cosmetic', () => {
    const { classification: _, EXTERNAL: __, ...rest } = wanted.parameters;
    expect(
      shown(
        differences({ parameters: { ...rest, EXTERNAL: 'FALSE', 'headgate.contract_version': '0.9.0' } }),
      ),
    ).toEqual([
      'catalog-drift parameter : classification parquet | classification missing (none)',
      'catalog-drift parameter : EXTERNAL TRUE | EXTERNAL FALSE (none)',
      'catalog-drift version : headgate.contract_version 1.0.0 | headgate.contract_version 0.9.0 (none)',
    ]);
  });

  test('comments and descriptions of the contract are cosmetic', () => {
    const table = tableOf(
      contractText('- { name: a, physicalType: int, description: told }', { more: 'description: all' }),
    );
    const described = tableDefinition(table, { location: 's3://lake/t/' });
    const { description: _, ...rest } = described;
    expect(
      shown(
        catalogDifference(
          described,
          { ...rest, columns: [{ name: 'a', type: 'int' }] },
          { partitions: 'registered' },
        ),
      ),
    ).toEqual([
      'catalog-drift column-comment a: told | no comment (none)',
      'catalog-drift description : all | no description (none)',
    ]);
  });

  test('a table of another contract, or of nobody at another place, is a collision and nothing else', () => {
    const { 'headgate.contract': _, 'headgate.managed': __, ...unowned } = wanted.parameters;
    expect(
      shown(differences({ parameters: { ...wanted.parameters, 'headgate.contract': 'c-2' }, columns: [] })),
    ).toEqual([
      'catalog-collision collision : contract c-1 at s3://lake/t/ | contract c-2 at s3://lake/t/ (wrong-results)',
    ]);
    expect(shown(differences({ parameters: unowned, location: 's3://elsewhere/t/' }))).toEqual([
      'catalog-collision collision : contract c-1 at s3://lake/t/ | no contract at s3://elsewhere/t/ (wrong-results)',
    ]);
    expect(shown(differences({ parameters: unowned }))).toEqual([
      'catalog-drift parameter : headgate.managed true | headgate.managed missing (none)',
      'catalog-drift parameter : headgate.contract c-1 | headgate.contract missing (none)',
    ]);
  });

  test('foreign text is bounded and harmless', () => {
    const [difference] = differences({ location: `s3://x/\u202e${'y'.repeat(5000)}` });
    expect(difference?.actual).toMatch(/^s3:\/\/x\/\\u\{202e\}y+… \(5008 characters\)$/u);
  });
});

describe('CAT-7: registered partitions are compared with the table', () => {
  const partition = partitionOf(wanted, 'dt=2026-01-01/');
  if (partition === undefined) throw new Error('no partition');

  test('types that it was registered with and the table no longer has', () => {
    expect(partitionDifferences(wanted, partition)).toEqual([]);
    const stale = [
      { name: 'ID', type: 'int' },
      { name: 'total', type: 'string' },
      { name: 'tags', type: 'array<date>' },
    ];
    expect(shown(partitionDifferences(wanted, { ...partition, columns: stale }))).toEqual([
      'partition-schema-stale partition-type id: bigint | int in dt=2026-01-01 (none)',
      'partition-schema-stale partition-type total: decimal(10,2) | string in dt=2026-01-01 (query-fails)',
      'partition-schema-stale partition-type tags: array<string> | array<date> in dt=2026-01-01 (query-fails)',
    ]);
    expect(
      shown(partitionDifferences(wanted, { ...partition, columns: [{ name: 'id', type: 'no<type' }] })),
    ).toEqual(['partition-schema-stale partition-type id: bigint | no<type in dt=2026-01-01 (query-fails)']);
  });

  test('columns that it does not have are read by the table: nothing to say', () => {
    expect(partitionDifferences(wanted, { ...partition, columns: [] })).toEqual([]);
  });

  test('a place that is not below the table', () => {
    expect(shown(partitionDifferences(wanted, { ...partition, location: 's3://elsewhere/' }))).toEqual([
      'catalog-drift partition-location : below s3://lake/t/ | s3://elsewhere/ in dt=2026-01-01 (wrong-results)',
    ]);
  });
});
