import type { Rule } from './rule.ts';

const catalogRule = { group: 'catalog', scope: 'catalog', severity: 'error' } as const;

/** What the catalog holds against what the contract wants: found by `src/catalog`, in no file. */
export const CATALOG_RULES = [
  {
    ...catalogRule,
    id: 'catalog-drift',
    summary: 'the table in the catalog is not what the contract says: somebody changed it, or deleted it',
    remedy:
      'find who changed it (a crawler, a job, the console) and stop that; `headgate apply` brings it back to the contract',
    examples: {
      failing: { contract: ['id int', 'note string'], file: [], catalog: ['id int'] },
      passing: { contract: ['id int', 'note string'], file: [], catalog: ['id int', 'note string'] },
    },
    message: ({ expected, actual }) => `expected ${expected} in the catalog, found ${actual}`,
  },
  {
    ...catalogRule,
    id: 'partition-schema-stale',
    summary:
      'a registered partition has another type than the table: Athena reads its files by the partition, then converts',
    remedy: 'run `headgate apply`, which brings every registered partition to the types of the table',
    examples: {
      failing: {
        contract: ['amount bigint', 'dt date partition'],
        file: [],
        catalog: ['amount bigint', 'dt date partition'],
        partition: { key: 'dt=2026-01-01/', columns: ['amount int'] },
      },
      passing: {
        contract: ['amount bigint', 'dt date partition'],
        file: [],
        catalog: ['amount bigint', 'dt date partition'],
        partition: { key: 'dt=2026-01-01/', columns: ['amount bigint'] },
      },
    },
    message: ({ expected, actual }) => `the table has ${expected}, the partition has ${actual}`,
  },
  {
    ...catalogRule,
    id: 'index-access',
    summary:
      'the table is read by the position of its columns, and the contract says by name, or the other way round',
    remedy:
      'remove `parquet.column.index.access` from the table (`headgate apply` does), or declare it as a custom property of the contract',
    examples: {
      failing: { contract: ['id int'], file: [], catalog: ['id int', 'parquet.column.index.access=true'] },
      passing: { contract: ['id int'], file: [], catalog: ['id int'] },
    },
    message: ({ expected, actual }) => `expected ${expected}, found ${actual}`,
  },
  {
    ...catalogRule,
    id: 'catalog-collision',
    summary: 'a table of that name exists already and belongs to another contract, or lies elsewhere',
    remedy:
      'give the table another name or database in the contract, or move the location of the contract to the table that exists',
    examples: {
      failing: { contract: ['id int'], file: [], catalog: ['id int', 'headgate.contract=another'] },
      passing: { contract: ['id int'], file: [], catalog: ['id int'] },
    },
    message: ({ expected, actual }) => `expected ${expected}, found ${actual}`,
  },
] as const satisfies readonly Rule[];
