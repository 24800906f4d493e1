import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { folderOf } from '../support/folder.ts';
import { run } from '../support/run-cli.ts';

/** What DuckDB and pyarrow call the types of schemas/orders.odcs.yaml. */
const DUCKDB_TYPES = {
  order_id: 'VARCHAR',
  customer_id: 'BIGINT',
  total_amount: 'DECIMAL(12,2)',
  ordered_at: 'TIMESTAMP WITH TIME ZONE',
  status: 'VARCHAR',
  is_gift: 'BOOLEAN',
  shipping_address: 'STRUCT(line1 VARCHAR, city VARCHAR, country VARCHAR)',
  lines: 'STRUCT(sku VARCHAR, qty INTEGER, price DECIMAL(10,2))[]',
  attributes: 'MAP(VARCHAR, VARCHAR)',
  weight_kg: 'DOUBLE',
  item_count: 'INTEGER',
};

async function mockedOrders(): Promise<string> {
  const out = folderOf({});
  expect(await run(['mock', 'orders', '--rows', '2000', '--out', out])).toMatchObject({ code: 0 });
  return join(out, 'orders');
}

test('MCK-1: DuckDB reads every value of a mock, with the declared types', async () => {
  const glob = `${await mockedOrders()}/**/*.parquet`;
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
  const types = await rowsOf(`DESCRIBE SELECT * FROM read_parquet('${glob}', hive_partitioning = false)`);
  expect(Object.fromEntries(types.map(([name, type]) => [name, type]))).toEqual(DUCKDB_TYPES);
  const [counts] = await rowsOf(
    `SELECT count(*)::INT, count(DISTINCT order_id)::INT, min(total_amount) >= 0, count(DISTINCT dt)::INT, sum(len(lines)) > 0,
       list_sort(list(DISTINCT status)) FROM read_parquet('${glob}')`,
  );
  expect(counts).toEqual([2000, 2000, true, 2, true, ['cancelled', 'paid', 'placed', 'shipped']]);
});
