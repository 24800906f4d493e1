import type { DuckDBConnection } from '@duckdb/node-api';
import { loadOptional } from './optional-packages.ts';

/** A DuckDB in memory. `close` it, or the process waits. */
export async function openDuckDb(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await loadOptional('@duckdb/node-api', () => import('@duckdb/node-api'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

/** The declared orders columns as SQL over `i`, the number of the row. */
const ORDERS: Readonly<Record<string, string>> = {
  order_id: "printf('o-%05d', i)",
  customer_id: '1000 + i % 37',
  total_amount: '(10 + i % 90)::DECIMAL(12,2)',
  ordered_at: "TIMESTAMPTZ '2026-11-01 08:00:00+00' + to_minutes(i)",
  status: "['placed', 'paid', 'shipped'][1 + i % 3]",
  is_gift: 'i % 5 = 0',
  shipping_address: "{'line1': printf('Main St %d', i), 'city': 'Berlin', 'country': 'DE'}",
  lines: "[{'sku': printf('s-%d', i % 9), 'qty': (1 + i % 3)::INTEGER, 'price': 5.50::DECIMAL(10,2)}]",
  attributes: "MAP {'channel': 'web'}",
  weight_kg: '(i % 12) / 4.0::DOUBLE',
  item_count: '(1 + i % 3)::INTEGER',
};

const CUSTOMERS = {
  customer_id: '1000 + i',
  email: "printf('c%d@shop.example', i)",
  signed_up_on: "DATE '2026-01-01' + i::INTEGER",
  newsletter: 'i % 2 = 0',
} as const;

/** A bare word that is the declared column's new name. */
const IDENTIFIER = /^[a-z]\w*$/iu;

/** The select list of an orders file. A change to `null` drops the column, to a bare word renames it. */
export function ordersColumns(changes: Readonly<Record<string, string | null>> = {}): string {
  return Object.entries(ORDERS)
    .flatMap(([name, expression]) => {
      const change = name in changes ? changes[name] : expression;
      if (change === null || change === undefined) return [];
      return IDENTIFIER.test(change) ? [`${expression} AS "${change}"`] : [`${change} AS ${name}`];
    })
    .join(', ');
}

export function customersColumns(hasNewsletter: boolean): string {
  return Object.entries(CUSTOMERS)
    .filter(([name]) => hasNewsletter || name !== 'newsletter')
    .map(([name, expression]) => `${expression} AS ${name}`)
    .join(', ');
}

export async function copyToParquet(
  duckdb: DuckDBConnection,
  columns: string,
  path: string,
  options: { readonly rows: number; readonly compression?: string | undefined },
): Promise<void> {
  const compression = options.compression ?? 'snappy';
  await duckdb.run(
    `COPY (SELECT ${columns} FROM range(${options.rows}) AS numbers(i)) TO ${quoted(path)} (FORMAT parquet, COMPRESSION ${compression})`,
  );
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
