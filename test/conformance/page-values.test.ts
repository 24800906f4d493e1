import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ColumnData, parquetRead } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareCodecs, unpack } from '../../src/judge/pages/unpack.ts';
import { lookInto } from '../support/look-into.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/parquet-testing/data');
const CODECS = ['SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4', 'LZ4_RAW'];

/** Their checksums are wrong on purpose, which hyparquet does not look at. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'datapage_v1-corrupt-checksum.parquet',
  'rle-dict-uncompressed-corrupt-checksum.parquet',
]);

interface Ends {
  readonly nulls: number;
  readonly min: unknown;
  readonly max: unknown;
}

/** Nulls, least and greatest of each flat column as hyparquet reads it; nothing where it does not read the file. */
async function endsOf(bytes: Uint8Array): Promise<ReadonlyMap<string, Ends> | undefined> {
  const values = new Map<string, unknown[]>();
  try {
    await parquetRead({
      file: bytes.slice().buffer as ArrayBuffer,
      utf8: false,
      compressors: Object.fromEntries(
        CODECS.map((codec) => [
          codec,
          (packed: Uint8Array, size: number) => unpack(codec, packed, size, 2 ** 26),
        ]),
      ),
      onChunk({ columnName, columnData }: ColumnData) {
        const all = values.get(columnName) ?? [];
        values.set(columnName, all);
        for (const value of columnData) all.push(value);
      },
    });
  } catch {
    return undefined;
  }
  return new Map([...values].map(([name, all]) => [name, endsOfValues(all)]));
}

function endsOfValues(all: readonly unknown[]): Ends {
  const there = all.filter((value) => value !== null && value !== undefined);
  const numbers = there.filter((value) => !Number.isNaN(value)) as number[];
  numbers.sort((a, b) => (a < b ? -1 : Number(a > b)));
  return { nulls: all.length - there.length, min: numbers[0], max: numbers.at(-1) };
}

describe.skipIf(!existsSync(FOLDER))('DEP-3: values as hyparquet reads them', () => {
  beforeAll(() => prepareCodecs(CODECS));
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.parquet')) : [];

  test.each(files.filter((name) => !LEFT_OUT.has(name)))('%s', async (name) => {
    const bytes = new Uint8Array(readFileSync(join(FOLDER, name)));
    const looked = await lookInto(bytes).catch(() => undefined);
    const expected = looked && (await endsOf(bytes));
    if (looked === undefined || expected === undefined) return;
    for (const [ordinal, seen] of looked.pages.seen) {
      const leaf = looked.leaves[ordinal];
      const theirs = leaf?.path.length === 1 ? expected.get(leaf.path[0] ?? '') : undefined;
      // Plain numbers alone: of others it makes values of its own.
      if (theirs === undefined || leaf?.annotation || leaf?.repetition === 'REPEATED') continue;
      const chunks = seen.filter((chunk) => chunk !== undefined);
      const nulls = chunks.reduce(
        (sum, { levels }) => sum + (levels && levels.length > 1 ? (levels[0] ?? 0) : 0),
        0,
      );
      expect([name, leaf?.path, nulls]).toEqual([name, leaf?.path, theirs.nulls]);
      if (!/^(INT32|INT64|FLOAT|DOUBLE)$/u.test(leaf?.physicalType ?? '')) continue;
      const mine = endsOfValues(chunks.flatMap(({ min, max }) => [min, max]));
      expect([name, leaf?.path, Number(mine.min), Number(mine.max)]).toEqual([
        name,
        leaf?.path,
        Number(theirs.min),
        Number(theirs.max),
      ]);
    }
  });
});
