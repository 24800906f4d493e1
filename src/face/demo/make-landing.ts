import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { writeArrowOrders } from './arrow-orders.ts';
import { copyToParquet, customersColumns, ordersColumns } from './duckdb.ts';
import { writeOrders } from './hyparquet-orders.ts';
import { LANDING_FILES, type LandingFile } from './landing-files.ts';
import { loadOptional } from './optional-packages.ts';

const ROWS = 60;

/** Writes every file of the demo below a folder, each with the writer that it names. */
export async function makeLanding(folder: string, duckdb: DuckDBConnection): Promise<void> {
  for (const file of LANDING_FILES) {
    const path = join(folder, file.key);
    await mkdir(dirname(path), { recursive: true });
    await writeLandingFile(file, path, folder, duckdb);
  }
}

async function writeLandingFile(
  { recipe }: LandingFile,
  path: string,
  folder: string,
  duckdb: DuckDBConnection,
): Promise<void> {
  switch (recipe.writer) {
    case 'duckdb':
      return copyToParquet(duckdb, ordersColumns(recipe.changes), path, {
        rows: ROWS,
        compression: recipe.compression,
      });
    case 'customers':
      return copyToParquet(duckdb, customersColumns(recipe.with === 'newsletter'), path, { rows: ROWS });
    case 'hyparquet-writer':
      return writeFile(path, await writeOrders(recipe.variant, ROWS));
    case 'parquet-wasm':
      return writeFile(path, await writeArrowOrders(ROWS));
    case 'parquetjs-lite':
      return writeOldCustomers(path);
    case 'bytes':
      return writeFile(path, await BYTES[recipe.content](folder));
  }
}

const BYTES = {
  empty: async () => '',
  csv: async () => 'order_id,total_amount\no-1,10.00\n',
  // The first file is a good one: everything after it can be cut from it.
  'half of a file': async (folder: string) => {
    const whole = await readFile(join(folder, LANDING_FILES[0]?.key ?? ''));
    return whole.subarray(0, Math.floor(whole.length / 2));
  },
} as const;

async function writeOldCustomers(path: string): Promise<void> {
  const { ParquetSchema, ParquetWriter } = await loadOptional('parquetjs-lite', async () => {
    const loaded = await import('parquetjs-lite');
    return 'default' in loaded ? (loaded.default as typeof loaded) : loaded;
  });
  const schema = new ParquetSchema({
    customer_id: { type: 'INT64' },
    email: { type: 'UTF8', optional: true },
    signed_up_on: { type: 'DATE', optional: true },
    newsletter: { type: 'BOOLEAN', optional: true },
  });
  const writer = await ParquetWriter.openFile(schema, path);
  for (let row = 0; row < ROWS; row++)
    await writer.appendRow({
      customer_id: 5000 + row,
      email: `old${row}@shop.example`,
      signed_up_on: new Date(Date.UTC(2020, 0, 1 + row)),
      newsletter: row % 2 === 0,
    });
  await writer.close();
}
