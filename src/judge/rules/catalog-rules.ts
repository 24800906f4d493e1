import type { Rule } from './rule.ts';

const catalogRule = { group: 'catalog', scope: 'catalog', severity: 'error' } as const;

/** What the catalog holds against what the contract wants: found by `src/run/catalog`, in no file. */
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
  {
    ...catalogRule,
    id: 'partition-elsewhere',
    summary:
      'files were published to another folder than the one that their partition is registered at: no query reads them',
    remedy:
      'have them written below the registered folder, and deleted from the other; or empty the registered folder and drop its partition, and the next sweep registers the other',
    examples: {
      failing: {
        contract: ['id int', 'at string partition'],
        file: [],
        catalog: ['id int', 'at string partition'],
        partition: { key: 'at=10:30/', columns: ['id int'], at: 'at=10%3A30/' },
      },
      passing: {
        contract: ['id int', 'at string partition'],
        file: [],
        catalog: ['id int', 'at string partition'],
        partition: { key: 'at=10:30/', columns: ['id int'] },
      },
    },
    message: ({ expected, actual }) =>
      `files lie below ${expected}, the partition is registered at ${actual}`,
  },
] as const satisfies readonly Rule[];
