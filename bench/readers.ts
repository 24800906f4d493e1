import { openSync, readFileSync, readSync, statSync } from 'node:fs';
import { chunksOf } from '../src/judge/parquet/chunks.ts';
import type { ByteSource } from '../src/judge/parquet/facts.ts';
import { readFileMetadata, readSchemaOnly } from '../src/judge/parquet/file-metadata.ts';
import { DEFAULT_LIMITS } from '../src/judge/parquet/limits.ts';
import { readFooter } from '../src/judge/parquet/read-footer.ts';
import { cursorOver } from '../src/judge/parquet/thrift.ts';

/** Reads the footer of one file, once. */
export type Read = () => Promise<unknown>;

export const READERS = {
  'own schema': async (path) => {
    const bytes = readFileSync(path);
    return async () => readSchemaOnly(cursorOver(footerOf(bytes)), DEFAULT_LIMITS);
  },
  'own verdict': async (path) => {
    const bytes = readFileSync(path);
    const fileBytes = bytes.length;
    return async () => {
      const footer = footerOf(bytes);
      const footerStart = fileBytes - 8 - footer.length;
      return readFileMetadata(cursorOver(footer), DEFAULT_LIMITS, { fileBytes, footerStart });
    };
  },
  hyparquet: async (path) => {
    const { parquetMetadata } = await import('hyparquet');
    const bytes = readFileSync(path);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    return async () => parquetMetadata(buffer as ArrayBuffer, { geoparquet: false });
  },
  'parquet-wasm': async (path) => {
    const { readSchema } = await import('parquet-wasm');
    const bytes = new Uint8Array(readFileSync(path));
    return async () => readSchema(bytes).free();
  },
  duckdb: async (path) => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    return () => connection.runAndReadAll(`SELECT count(*) FROM parquet_schema('${path}')`);
  },
} as const satisfies Record<string, (path: string) => Promise<Read>>;
export type ReaderName = keyof typeof READERS;

/** The footer of a file in memory, as the other readers find it too: by the length before the closing magic. */
function footerOf(bytes: Buffer): Uint8Array {
  const end = bytes.length - 8;
  return bytes.subarray(end - bytes.readUInt32LE(end), end);
}

/** Reads ranges from disk, as the command does: the file itself never lies in memory. */
export function fileSource(path: string): ByteSource & { reads: number; bytes: number } {
  const file = openSync(path, 'r');
  const source = {
    byteLength: statSync(path).size,
    reads: 0,
    bytes: 0,
    slice(start: number, end = statSync(path).size) {
      const bytes = new Uint8Array(end - start);
      readSync(file, bytes, 0, bytes.length, start);
      source.reads++;
      source.bytes += bytes.length;
      return bytes.buffer;
    },
  };
  return source;
}

/** One whole verdict-mode read with every null count looked at, from disk. */
export async function readFromDisk(path: string, mode: 'schema' | 'verdict') {
  const source = fileSource(path);
  const result = await readFooter(source, { mode });
  if (!result.ok) throw new Error(result.problem.actual);
  const known = result.facts.rowGroups?.nullCounts.filter((count) => count >= 0).length ?? 0;
  return {
    reads: source.reads,
    bytes: source.bytes,
    footerBytes: result.facts.footerBytes,
    known,
    first: chunksOf(result.facts, 0)?.length,
  };
}
