import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readPageHeader } from '../../src/judge/pages/page-header.ts';
import { prepareCodecs, unpack } from '../../src/judge/pages/unpack.ts';
import { columnFile, int32, lookInto, text } from '../support/look-into.ts';
import type { ChunkSpec } from '../support/parquet-file.ts';
import { i32, struct } from '../support/thrift-writer.ts';

const MIB = 1024 * 1024;

async function trouble(chunk: ChunkSpec, message = 'optional int32 c') {
  const { pages } = await lookInto(columnFile(message, chunk));
  return pages.damage[0]?.what ?? pages.unseen.get(0);
}

describe('DEP-4: damage inside of pages', () => {
  const stored = int32(5, 6, 7);
  test.each<[what: string, chunk: ChunkSpec]>([
    ['page 0 has another checksum than its header says', { stored, checksum: 12 }],
    ['page 0: its header says 99 bytes, its packed bytes say 18', { stored, lies: { unpackedBytes: 99 } }],
    [
      'page 0: its header says 1 bytes unpacked, there are more',
      { stored, codec: 2, lies: { unpackedBytes: 1 } },
    ],
    [
      'page 0: its header says 99 bytes unpacked, there are 18',
      { stored, codec: 4, lies: { unpackedBytes: 99 } },
    ],
    ['a page of 1000 bytes goes on beyond its chunk', { stored, lies: { packedBytes: 1000 } }],
    [
      'its pages hold more values than the 3 that its footer says',
      { stored: int32(5, 6, 7), lies: { values: 4 } },
    ],
    ['page 0: it is too short for its 9 values', { stored, encodings: [2, 3], lies: { entries: 9 } }],
    [
      'page 1: it points to entry 2 of a dictionary of 2',
      { stored, encodings: [2, 3], lies: { entries: 2 } },
    ],
  ])('%s', async (what, chunk) => {
    expect(await trouble({ ...chunk, values: 3 }, chunk.lies?.values ? 'required int32 c' : undefined)).toBe(
      what,
    );
  });

  test('the right checksum is none', async () => {
    expect(await trouble({ stored, checksum: 'right' })).toBeUndefined();
  });

  test('fewer values on the pages than the footer says', async () => {
    const spec = columnFile('required int32 c', { stored, pageRows: 3 });
    const [group] = spec.rowGroups ?? [];
    const { pages } = await lookInto({
      ...spec,
      rowGroups: [{ ...group, rows: 4, columns: { c: { ...group?.columns?.c, values: 4 } } }],
    });
    expect(pages.damage).toEqual([
      { ordinal: 0, rowGroup: 0, kind: 'unreadable', what: 'its pages hold 3 values, its footer says 4' },
    ]);
  });

  test('the header of a page that is none', () => {
    const bytes = (fields: Parameters<typeof struct>[0]) => Uint8Array.from(struct(fields).bytes);
    const read = (given: Uint8Array) => readPageHeader(given, 0, given.length);
    expect(() => read(Uint8Array.of(0xff, 0xff, 0xff))).toThrow('there is no header of a page');
    expect(() => read(bytes({ 1: i32(0) }))).toThrow('the header of a page lacks its type or its size');
    expect(() => read(bytes({ 1: i32(0), 2: i32(-1), 3: i32(4) }))).toThrow(
      'the header of a page has a negative size',
    );
    expect(() => read(bytes({ 1: i32(0), 2: i32(1), 3: i32(4) }))).toThrow('does not describe its type');
    const page = (inner: Parameters<typeof struct>[0]) =>
      bytes({
        1: i32(0),
        2: i32(1),
        3: i32(4),
        5: struct({ 1: i32(2), 2: i32(0), 3: i32(3), 4: i32(3), ...inner }),
      });
    expect(read(page({}))).toMatchObject({ kind: 'data', values: 2, encoding: 'PLAIN' });
    expect(() => read(page({ 1: i32(-2) }))).toThrow('a page has a negative number of values');
    for (const id of [1, 2, 3, 4])
      expect(() => read(page({ [id]: undefined }))).toThrow('lacks its number of values, an encoding');
    for (const id of [2, 3, 4])
      for (const encoding of [1, 17, -1])
        expect(() => read(page({ [id]: i32(encoding) }))).toThrow(
          `a page is in encoding ${encoding}, which no reader knows`,
        );
    const second = { 1: i32(2), 2: i32(0), 3: i32(2), 4: i32(0), 5: i32(0), 6: i32(0) };
    const behind = (inner: Parameters<typeof struct>[0]) =>
      bytes({ 1: i32(3), 2: i32(1), 3: i32(4), 8: struct(inner) });
    expect(read(behind(second))).toMatchObject({ kind: 'data-v2', values: 2 });
    for (const id of [1, 2, 3, 4, 5, 6])
      expect(() => read(behind({ ...second, [id]: undefined }))).toThrow('lacks its number of values');
    expect(readPageHeader(Uint8Array.of(0x15), 0, 100)).toBeUndefined();
  });
});

describe('DEP-5: pages of somebody who wants to exhaust their reader', () => {
  const zeros = new Uint8Array(32 * MIB);
  const raw = (...bytes: readonly number[]) => Uint8Array.from(bytes);
  /** A frame of one segment that states 2^30 bytes, in one block of a repeated byte. */
  const zstdBomb = raw(0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0x40, 0x03, 0, 0x10, 0);

  test.each<[string, Uint8Array]>([
    ['GZIP', new Uint8Array(gzipSync(zeros))],
    ['BROTLI', new Uint8Array(brotliCompressSync(zeros))],
    ['SNAPPY', raw(0x80, 0x80, 0x80, 0x80, 0x04, 0xfe, 0x01, 0x00)],
    ['LZ4', raw(0x1f, 0, 1, 0, 255, 255, 255)],
    ['LZ4_RAW', raw(0x1f, 0, 1, 0, 255, 255, 255)],
    ['ZSTD', zstdBomb],
  ])('a bomb in %s takes no memory that its limit does not allow', async (codec, packed) => {
    await prepareCodecs([codec]);
    expect(() => unpack(codec, packed, 2 ** 30, MIB)).toThrow(
      'a page claims 1073741824 bytes unpacked, more than 1048576',
    );
    expect(() => unpack(codec, packed, MIB, MIB)).toThrow(/its (header|packed bytes)/u);
  });

  test('deflate without the frame of gzip is read as other readers do', () => {
    expect(unpack('GZIP', new Uint8Array(deflateSync(raw(1, 2))), 2, 10)).toEqual(raw(1, 2));
  });

  test('a page that claims more values than anybody holds', async () => {
    const claim = { stored: [undefined], lies: { values: 2 ** 30 } };
    expect(await trouble({ ...claim, values: 1 })).toBe(
      'its pages hold more values than the 1 that its footer says',
    );
    const rows = 2 ** 30;
    const spec = columnFile('optional int32 c', claim);
    const { pages } = await lookInto({
      ...spec,
      rowGroups: [{ rows, columns: { c: { ...claim, values: rows } } }],
    });
    expect(pages.unseen.get(0)).toBe('a page claims 1073741824 values, more than are looked into');
    const few = await lookInto(columnFile('optional int32 c', { stored: int32(1, 2, 3) }), {
      limits: { values: 2 },
    });
    expect(few.pages.unseen.get(0)).toBe('more values than are decoded of one file');
  });

  test('a dictionary that is larger than its limit, and more reads than are made', async () => {
    const stored = text(...Array.from({ length: 3000 }, (_, index) => `a value of its own ${index % 1000}`));
    const chunk: ChunkSpec = { stored, encodings: [8, 3], encodingStats: [[0, 8, 1]] };
    const look = (limits: object) =>
      lookInto(columnFile('optional binary c (STRING)', chunk, chunk), {
        depth: 'pages',
        limits: { wholeBytes: 9, ...limits },
      });
    expect((await look({ dictionaryBytes: 100 })).pages.unseen.get(0)).toMatch(
      /^a dictionary of \d+ bytes is larger than 100$/u,
    );
    expect((await look({ reads: 1 })).pages.unseen.get(0)).toBe('more than 1 reads of one file are not made');
    expect((await look({ totalBytes: 30_000 })).pages.unseen.get(0)).toBe(
      'more than 30000 bytes of one file are not read',
    );
  });

  test('a dictionary behind another, and bytes without end that are no page', async () => {
    const garbage = (byte: number) =>
      columnFile('required int32 c', { stored: int32(1, 2, 3), codec: 0, lies: { packedBytes: byte } });
    for (const packedBytes of [0, 1, 5]) {
      const { pages } = await lookInto(garbage(packedBytes));
      expect(pages.damage).toHaveLength(1);
    }
  });
});
