// Who reads the values of a few columns fastest: this reader, hyparquet or DuckDB. In turn, in one process; prints CPU seconds.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { asyncBufferFromFile, parquetRead } from 'hyparquet';
import { LOCAL_PAGE_LIMITS } from '../src/judge/pages/limits.ts';
import { readPages } from '../src/judge/pages/read-pages.ts';
import { prepareCodecs, unpack } from '../src/judge/pages/unpack.ts';
import { readFooter } from '../src/judge/parquet/read-footer.ts';
import { openFileSource } from '../src/run/adapters/local/file-source.ts';

const ROWS = 1_000_000;
const ROUNDS = 3;
const CODECS = ['snappy', 'zstd'] as const;

/** A key that goes up, one that does not, text of four kinds, text of a hundred thousand kinds, and a number. */
const VALUES = `SELECT 'A-' || lpad(n::VARCHAR, 10, '0') AS id, md5(n::VARCHAR) AS hash,
  ['placed', 'paid', 'shipped', 'cancelled'][1 + n % 4] AS status, 'u' || (n % 100000) || '@example.com' AS email,
  ((n * 7919) % 1000000) / 100.0 AS amount FROM range(${ROWS}) AS numbers(n)`;

const folder = mkdtempSync(join(tmpdir(), 'headgate-depth-'));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
await prepareCodecs(['ZSTD']);

const READERS = {
  headgate: async (file: string) => {
    const source = await openFileSource(file);
    try {
      const footer = await readFooter(source);
      if (!footer.ok) throw new Error(footer.problem.actual);
      const want = { bounds: true, text: true, levels: false, tests: [], isSettled: () => true };
      const leaves = new Map(footer.facts.leaves.map(({ ordinal }) => [ordinal, want]));
      await readPages(source, footer.facts, { leaves, keys: [[0], [1]] }, 'data', LOCAL_PAGE_LIMITS);
    } finally {
      await source.close();
    }
  },
  hyparquet: async (file: string) => {
    const compressors = Object.fromEntries(
      ['SNAPPY', 'ZSTD'].map((codec) => [
        codec,
        (packed: Uint8Array, size: number) => unpack(codec, packed, size, 2 ** 26),
      ]),
    );
    // It gives values; what a rule asks of them comes on top.
    let [ids, hashes] = [new Set<unknown>(), new Set<unknown>()];
    await parquetRead({
      file: await asyncBufferFromFile(file),
      compressors,
      onChunk({ columnName, columnData }) {
        if (columnName === 'id') for (const value of columnData) ids.add(value);
        if (columnName === 'hash') for (const value of columnData) hashes.add(value);
      },
    });
    [ids, hashes] = [new Set(), new Set()];
  },
  duckdb: async (file: string) => {
    await duckdb.run(`SELECT count(DISTINCT id), count(DISTINCT hash), min(status), max(status), max(length(status)),
      min(email), max(email), max(length(email)), min(amount), max(amount) FROM '${file}'`);
  },
} as const;

try {
  for (const codec of CODECS) {
    const file = join(folder, `${codec}.parquet`);
    await duckdb.run(`COPY (${VALUES}) TO '${file}' (FORMAT parquet, COMPRESSION ${codec})`);
    console.log(`${codec}: ${ROWS} rows, ${(statSync(file).size / 1e6).toFixed(1)} MB`);
    const best: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, read] of Object.entries(READERS)) {
        const start = process.cpuUsage();
        await read(file);
        const { user, system } = process.cpuUsage(start);
        best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, (user + system) / 1e6);
      }
    for (const [name, seconds] of Object.entries(best))
      console.log(
        `  ${name.padEnd(10)} ${seconds.toFixed(2)} s CPU, ${(seconds / (best.headgate ?? 1)).toFixed(1)}×`,
      );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
