import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { columnFile, double, int32, lookInto, text } from '../support/look-into.ts';
import { type ChunkSpec, type FileSpec, parquetFile } from '../support/parquet-file.ts';
import { fc } from '../support/property.ts';

const words = text('open', undefined, 'paid', 'a longer word', 'open', 'é');
const FILES: readonly (readonly [string, FileSpec])[] = [
  ...[0, 1, 2, 4, 5, 6, 7].flatMap((codec): [string, FileSpec][] =>
    [{}, { isSecondVersion: true, pageRows: 2 }].map((more) => [
      'optional binary c (STRING)',
      columnFile('optional binary c (STRING)', {
        stored: words,
        codec,
        encodings: [8, 3],
        ...more,
      } as ChunkSpec),
    ]),
  ),
  [
    'optional int32 c',
    columnFile('optional int32 c', { stored: int32(1, undefined, 3), codec: 0, pageRows: 1 }),
  ],
  [
    'optional double c',
    columnFile('optional double c', { stored: double(1, 2, 3), encodings: [9, 3], codec: 6 }),
  ],
];

describe('DEP-4 DEP-5: bytes of pages that are changed', () => {
  test('end in values, damage or a reason, and never in a throw', async () => {
    const change = fc.record({
      file: fc.nat({ max: FILES.length - 1 }),
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      byte: fc.constantFrom(0, 1, 2, 0x15, 0x7f, 0x80, 0xfe, 0xff),
      length: fc.integer({ min: 1, max: 4 }),
      depth: fc.constantFrom('pages' as const, 'data' as const),
      wholeBytes: fc.constantFrom(0, 1 << 20),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ file, at, byte, length, depth, wholeBytes }) => {
        const bytes = parquetFile(FILES[file]?.[1] as FileSpec);
        const footerLength = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
        const pages = bytes.length - 12 - footerLength;
        bytes.fill(
          byte,
          4 + Math.floor(at * pages),
          Math.min(4 + pages, 4 + Math.floor(at * pages) + length),
        );
        const limits = { wholeBytes, pageBytes: 1 << 20 };
        const { pages: found } = await lookInto(bytes, { depth, limits, keys: [[0]], isSettled: false });
        expect(found.keys).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });
});

const PUBLIC = join(import.meta.dirname, '../../../shared/data/parquet-testing/data');

/** What is wrong with the pages of public files, by their own documentation. */
const DAMAGED: Readonly<Record<string, string>> = {
  'datapage_v1-corrupt-checksum.parquet': 'page 0 has another checksum than its header says',
  'rle-dict-uncompressed-corrupt-checksum.parquet': 'page 0 has another checksum than its header says',
};

describe.skipIf(!existsSync(PUBLIC))('DEP-3 DEP-4: public files', () => {
  const files = existsSync(PUBLIC) ? readdirSync(PUBLIC).filter((name) => name.endsWith('.parquet')) : [];

  test.each(files)('%s', async (name) => {
    const bytes = new Uint8Array(readFileSync(join(PUBLIC, name)));
    // Encrypted, damaged on purpose or without a footer: other tests have those.
    const looked = await lookInto(bytes).catch(() => undefined);
    expect(looked?.pages.damage[0]?.what).toBe(DAMAGED[name]);
  });
});
