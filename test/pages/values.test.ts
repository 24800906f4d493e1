import { describe, expect, test } from 'vitest';
import type { SeenValues } from '../../src/judge/parquet/facts.ts';
import { columnFile, double, int32, int64, lookInto, text } from '../support/look-into.ts';
import type { ChunkSpec } from '../support/parquet-file.ts';

async function seen(message: string, chunk: ChunkSpec): Promise<SeenValues | undefined> {
  const { pages } = await lookInto(columnFile(message, chunk));
  expect(pages.damage).toEqual([]);
  expect([...pages.unseen]).toEqual([]);
  return pages.seen.get(0)?.[0];
}
const bytes = (value: string) => new TextEncoder().encode(value);
const DICTIONARY = { encodings: [2, 3] } as const;

describe('DEP-3: the values of every page', () => {
  test.each([
    ['optional int32 c', int32(3, undefined, -7, 5), { min: -7n, max: 5n, levels: [1, 3] }],
    ['required int32 c (INTEGER(32,false))', int32(3, -1), { min: 3n, max: 4294967295n, levels: [2] }],
    ['optional int64 c', int64(-(2n ** 40n), 2n ** 40n, 5n), { min: -(2n ** 40n), max: 2n ** 40n }],
    ['optional int64 c (INTEGER(64,false))', int64(-1n, 5n), { min: 5n, max: 2n ** 64n - 1n }],
    ['optional double c', double(1.5, Number.NaN, -2), { min: -2, max: 1.5, nanCount: 1 }],
    [
      'optional binary c (STRING)',
      text('né', 'a', undefined, 'zebra'),
      { min: bytes('a'), max: bytes('zebra'), shortest: 1, longest: 5, isText: true, levels: [1, 3] },
    ],
    [
      'optional binary c',
      [Uint8Array.of(0xff, 0x41), Uint8Array.of(0x41)],
      { shortest: 1, longest: 2, isText: false },
    ],
    [
      'optional fixed_len_byte_array(2) c (DECIMAL(4,1))',
      [Uint8Array.of(0xff, 0xfe), Uint8Array.of(0, 7)],
      { min: -2n, max: 7n },
    ],
    ['optional boolean c', [Uint8Array.of(0), Uint8Array.of(1)], { min: false, max: true }],
  ])('%s', async (message, stored, expected) => {
    for (const more of [{}, { isSecondVersion: true }, { pageRows: 2 }])
      expect(await seen(message, { stored, codec: 0, ...more })).toMatchObject({
        by: 'data',
        isExact: true,
        ...expected,
      });
    if (message.includes('boolean')) return;
    expect(await seen(message, { stored, ...DICTIONARY, pageRows: 3 })).toMatchObject({
      isExact: true,
      ...expected,
    });
  });

  test.each([
    ['uncompressed', 0],
    ['snappy', 1],
    ['gzip', 2],
    ['brotli', 4],
    ['lz4 in frames', 5],
    ['zstd', 6],
    ['lz4_raw', 7],
  ])('a page in %s', async (_, codec) => {
    const stored = text(...Array.from({ length: 3000 }, (__, index) => `value ${index}`));
    for (const isSecondVersion of [false, true])
      expect(await seen('optional binary c (STRING)', { stored, codec, isSecondVersion })).toMatchObject({
        longest: 10,
        max: bytes('value 999'),
      });
  });

  test('a codec that nobody reads stays unproven', async () => {
    const { pages } = await lookInto(columnFile('optional int32 c', { stored: int32(1), codec: 3 }));
    expect([...pages.unseen]).toEqual([[0, 'pages in LZO are not unpacked']]);
    expect(pages.damage).toEqual([]);
  });

  test('split streams and entries that no row has', async () => {
    expect(await seen('optional double c', { stored: double(4, -3), encodings: [9, 3] })).toMatchObject({
      min: -3,
      max: 4,
    });
    const chunk = {
      stored: int32(1, 2),
      entries: int32(99).filter((one) => one !== undefined),
      ...DICTIONARY,
    };
    expect(await seen('optional int32 c', chunk)).toMatchObject({ min: 1n, max: 2n });
  });
});

describe('DEP-1 DEP-2: a dictionary', () => {
  const long = Array.from({ length: 40_000 }, (_, index) => ['open', 'paid'][index % 2]);
  const encodingStats = [[0, 8, 1]] as const;
  const chunk: ChunkSpec = { stored: text(...long), encodings: [8, 3], encodingStats, pageRows: 20_000 };
  const limits = { wholeBytes: 1000 };

  test('is the set of values of its chunk, and one read', async () => {
    const { pages, ranges } = await lookInto(columnFile('optional binary c (STRING)', chunk), {
      depth: 'pages',
      limits,
    });
    expect(pages.seen.get(0)).toMatchObject([
      { by: 'dictionary', isExact: false, longest: 4, min: bytes('open') },
    ]);
    expect(ranges).toHaveLength(1);
    expect(pages).toMatchObject({ reads: 1, depth: 'pages' });
    expect(pages.bytesRead).toBeLessThan(100);
  });

  test('where the footer does not say that all pages point into it, their headers do', async () => {
    const { encodingStats: _, ...silent } = chunk;
    const { pages, ranges } = await lookInto(columnFile('optional binary c (STRING)', silent), {
      depth: 'pages',
      limits,
    });
    expect(pages.seen.get(0)).toMatchObject([{ by: 'dictionary' }]);
    expect(ranges.length).toBeGreaterThan(1);
    expect(pages.bytesRead).toBeLessThan(3000);
  });

  test('whose entry breaks what is asked is held against its rows', async () => {
    const unused = { ...chunk, entries: text('lost').filter((one) => one !== undefined) };
    const { pages } = await lookInto(columnFile('optional binary c (STRING)', unused), {
      depth: 'pages',
      limits,
      isSettled: false,
      tests: [{ name: 'short', passes: (value) => (value as Uint8Array)[0] !== 0x6c }],
    });
    expect(pages.seen.get(0)).toMatchObject([{ by: 'dictionary', isExact: true, failing: {} }]);
    const small = await lookInto(columnFile('optional binary c (STRING)', unused), {
      depth: 'pages',
      limits: { ...limits, chunkBytes: 100 },
      isSettled: false,
      tests: [{ name: 'short', passes: (value) => (value as Uint8Array)[0] !== 0x6c }],
    });
    expect(small.pages.seen.get(0)).toMatchObject([{ isExact: false, failing: { short: 1 } }]);
    expect(small.pages.unseen.get(0)).toContain('its pages are too large');
  });

  test('a column without one is left to the data, or to the index of its pages', async () => {
    const plain = { stored: int32(...Array.from({ length: 500 }, (_, index) => index)) };
    const without = await lookInto(columnFile('optional int32 c', plain), { depth: 'pages', limits });
    expect(without.pages.unseen.get(0)).toBe('its values are not all in a dictionary: only the data tells');
    const ends = { min: int32(0)[0], max: int32(499)[0] };
    const indexed = await lookInto(
      columnFile('optional int32 c', {
        ...plain,
        columnIndex: true,
        noStatistics: true,
        ...(ends as object),
      }),
      { depth: 'pages', limits },
    );
    expect(indexed.pages.seen.get(0)).toMatchObject([
      { by: 'statistics', isExact: false, min: 0n, max: 499n },
    ]);
  });

  test('a small file is read whole, at once', async () => {
    const { pages, ranges } = await lookInto(
      columnFile('optional int32 c', { stored: int32(4, 9) }, { stored: int32(1) }),
      {
        depth: 'pages',
      },
    );
    expect(pages.seen.get(0)).toMatchObject([{ by: 'data', max: 9n }, { min: 1n }]);
    expect(ranges).toHaveLength(1);
  });
});

describe('DEP-3: keys', () => {
  const keys = [[0]];
  const duplicates = async (message: string, ...chunks: readonly ChunkSpec[]) => {
    const { pages } = await lookInto(columnFile(message, ...chunks), { keys });
    return pages.keys[0]?.duplicates;
  };

  test.each<[string, NonNullable<ChunkSpec['stored']>, number]>([
    ['optional int32 c', int32(1, 2, 3), 0],
    ['optional int32 c', int32(3, 1, 2), 0],
    ['optional int32 c', int32(0, 1, 0), 1],
    ['optional int32 c', int32(0, undefined, undefined, 5), 0],
    ['optional int64 c', int64(5n, 4294967301n, 5n, 5n), 2],
    ['optional double c', double(0, -0, Number.NaN, 7), 1],
    ['optional binary c (STRING)', text('a', 'b', 'c'), 0],
    ['optional binary c (STRING)', text('b', 'a', 'ab', '', 'b'), 1],
    ['optional binary c (STRING)', text('more than eight', 'more than eight!', 'more than eight'), 1],
    ['optional boolean c', [Uint8Array.of(1), Uint8Array.of(0), Uint8Array.of(1)], 1],
  ])('%s: %s', async (message, stored, expected) => {
    expect(await duplicates(message, { stored, codec: 0 })).toBe(expected);
    if (!message.includes('boolean'))
      expect(await duplicates(message, { stored, ...DICTIONARY })).toBe(expected);
  });

  test('over row groups', async () => {
    expect(await duplicates('optional int32 c', { stored: int32(1, 2) }, { stored: int32(3, 4) })).toBe(0);
    expect(await duplicates('optional int32 c', { stored: int32(1, 2) }, { stored: int32(2, 3) })).toBe(1);
    expect(await duplicates('optional int32 c', { stored: int32(9, 2) }, { stored: int32(3, 9) })).toBe(1);
  });

  test('more rows than room for them stay unproven', async () => {
    const { pages } = await lookInto(columnFile('optional int32 c', { stored: int32(2, 1) }), {
      keys,
      limits: { keyBytes: 100 },
    });
    expect(pages.keys).toMatchObject([
      { duplicates: undefined, why: 'telling 2 rows apart takes 218 bytes, more than 100' },
    ]);
  });

  test('more values than a dictionary has entries: some stand twice, and no page is read', async () => {
    const stored = text(...Array.from({ length: 5000 }, (_, index) => (index % 2 ? 'a' : 'b')));
    const chunk: ChunkSpec = { stored, encodings: [8, 3], encodingStats: [[0, 8, 1]], nullCount: 0 };
    const { pages } = await lookInto(columnFile('optional binary c (STRING)', chunk), {
      depth: 'pages',
      keys,
      limits: { wholeBytes: 100 },
    });
    expect(pages.keys).toMatchObject([{ duplicates: 4998, isLeast: true, by: 'dictionary' }]);
    expect(pages.reads).toBe(1);
  });
});
