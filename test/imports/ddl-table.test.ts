import { expect, test } from 'vitest';
import { tableFromDdl } from '../../src/tools/imports/ddl-table.ts';

test('IMP-1: quotes inside of comments and names, as Hive and Athena escape them', () => {
  const table = tableFromDdl(
    "CREATE EXTERNAL TABLE `a``b` (`id` int COMMENT 'it''s', n int COMMENT 'it\\'s \\\\') STORED AS PARQUET",
    undefined,
  );
  expect(table.name).toBe('a`b');
  expect(table.columns.map(({ description }) => description)).toEqual(["it's", "it's \\"]);
});
