import { describe, expect, test } from 'vitest';
import { provenBounds } from '../../src/judge/parquet/bounds.ts';
import { codecName, codecsOf, encodingName, encodingsOf } from '../../src/judge/parquet/chunk-names.ts';
import { chunksOf } from '../../src/judge/parquet/chunks.ts';
import type { ChunkFacts, StatValue } from '../../src/judge/parquet/facts.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import type { LeafNode } from '../../src/judge/parquet/schema.ts';
import { decodeStatistic } from '../../src/judge/parquet/statistics-value.ts';
import { memorySource } from '../support/memory-source.ts';
import { type ChunkSpec, fileAround, footerBytes, parquetFile, plain } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { factsOf } from '../support/read-spec.ts';
import { binary, i32, i64, list, struct } from '../support/thrift-writer.ts';

async function leafOf(message: string): Promise<LeafNode> {
  const facts = await factsOf({ schema: [parseMessage(message)], rows: 0 });
  const [leaf] = facts.leaves;
  if (leaf === undefined) throw new Error('no leaf');
  return leaf;
}

async function chunk(spec: ChunkSpec, message = 'optional int32 c'): Promise<ChunkFacts> {
  const facts = await factsOf({
    schema: [parseMessage(message)],
    rowGroups: [{ rows: 10, columns: { c: spec } }],
  });
  const [first] = chunksOf(facts, 0) ?? [];
  if (first === undefined) throw new Error('no chunk');
  return first;
}

const bytes = (...values: readonly number[]) => Uint8Array.from(values);

describe('FTR-4: statistics as values', () => {
  test.each<[message: string, raw: Uint8Array, value: StatValue | undefined]>([
    ['optional boolean c', bytes(0), false],
    ['optional boolean c', bytes(1), true],
    ['optional boolean c', bytes(0, 0), undefined],
    ['optional int32 c', bytes(0xff, 0xff, 0xff, 0xff), -1n],
    ['optional int32 c', bytes(0x01, 0x02, 0, 0), 513n],
    ['optional int32 c', bytes(1, 2, 3), undefined],
    ['optional int32 c (INTEGER(32,false))', bytes(0x00, 0x28, 0x6b, 0xee), 4000000000n],
    ['optional int32 c (INTEGER(8,true))', bytes(0x80, 0xff, 0xff, 0xff), -128n],
    ['optional int32 c (DATE)', bytes(0x79, 0x4e, 0, 0), 20089n],
    ['optional int64 c', bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), 9223372036854775807n],
    ['optional int64 c', bytes(1, 2, 3, 4), undefined],
    [
      'optional int64 c (INTEGER(64,false))',
      bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
      18446744073709551615n,
    ],
    ['optional int64 c (TIMESTAMP(NANOS,true))', bytes(1, 0, 0, 0, 0, 0, 0, 0x80), -9223372036854775807n],
    ['optional int64 c (DECIMAL(18,2))', bytes(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), -2n],
    ['optional int96 c', new Uint8Array(12), new Uint8Array(12)],
    ['optional int96 c', new Uint8Array(11), undefined],
    ['optional float c', bytes(0, 0, 0xc0, 0x3f), 1.5],
    ['optional float c', bytes(0, 0), undefined],
    ['optional double c', bytes(0, 0, 0, 0, 0, 0, 0xf8, 0xbf), -1.5],
    ['optional double c', bytes(0, 0, 0, 0), undefined],
    ['optional binary c', bytes(0xff, 0x00), bytes(0xff, 0x00)],
    ['optional binary c', bytes(), bytes()],
    [
      'optional binary c (DECIMAL(38,6))',
      bytes(0x09, 0xc0, 0x5b, 0x8c, 0xbc, 0x6d, 0x44, 0x4c, 0x8c, 0x40),
      46049670062710715092032n,
    ],
    ['optional binary c (DECIMAL(9,2))', bytes(0xff, 0x00), -256n],
    ['optional binary c (DECIMAL(9,2))', bytes(0x80), -128n],
    ['optional binary c (DECIMAL(9,2))', bytes(0x7f), 127n],
    ['optional binary c (DECIMAL(9,2))', bytes(), undefined],
    ['optional binary c (DECIMAL(9,2))', new Uint8Array(65), undefined],
    ['optional binary c (DECIMAL(9,2))', new Uint8Array(64), 0n],
    ['optional fixed_len_byte_array(3) c (DECIMAL(5,2))', bytes(0xff, 0xff, 0xfe), -2n],
    ['optional fixed_len_byte_array(3) c (DECIMAL(5,2))', bytes(0xff, 0xfe), undefined],
    ['optional fixed_len_byte_array(2) c (FLOAT16)', bytes(0x00, 0x3e), 1.5],
    ['optional fixed_len_byte_array(2) c (FLOAT16)', bytes(0x00, 0xc0), -2],
    ['optional fixed_len_byte_array(2) c (FLOAT16)', bytes(0x01, 0x00), 2 ** -24],
    ['optional fixed_len_byte_array(2) c (FLOAT16)', bytes(0x00, 0x7c), Number.POSITIVE_INFINITY],
    ['optional fixed_len_byte_array(2) c (FLOAT16)', bytes(0x00, 0xfc), Number.NEGATIVE_INFINITY],
    ['optional fixed_len_byte_array(2) c (FLOAT16)', bytes(0x01, 0x7c), Number.NaN],
    ['optional fixed_len_byte_array(2) c (FLOAT16)', bytes(0x00, 0x80), -0],
    ['optional fixed_len_byte_array(4) c (FLOAT16)', bytes(1, 2, 3, 4), bytes(1, 2, 3, 4)],
    ['optional fixed_len_byte_array(16) c (UUID)', new Uint8Array(16), new Uint8Array(16)],
  ])('%s %o', async (message, raw, value) => {
    expect(decodeStatistic(raw, await leafOf(message))).toEqual(value);
  });

  test('absent is not zero', async () => {
    const none = await chunk({ noStatistics: true });
    expect([none.nullCount, none.minValue, none.maxValue, none.legacyMin, none.legacyMax]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect((await chunk({ nullCount: 0 })).nullCount).toBe(0);
    const empty = await factsOf({
      schema: [parseMessage('optional int32 c')],
      rowGroups: [{ rows: 0, columns: { c: { noStatistics: true } } }],
    });
    expect([chunksOf(empty, 0)?.[0]?.nullCount, empty.rowGroups?.nullCounts[0]]).toEqual([0, 0]);
  });

  test('both pairs of fields, and what is exact', async () => {
    const found = await chunk({
      min: plain.int32(1),
      max: plain.int32(2),
      legacyMin: plain.int32(3),
      legacyMax: plain.int32(4),
      minExact: true,
      maxExact: false,
      nullCount: 5,
      values: 10,
    });
    expect(found).toMatchObject({
      minValue: 1n,
      maxValue: 2n,
      legacyMin: 3n,
      legacyMax: 4n,
      isMinExact: true,
      isMaxExact: false,
      nullCount: 5,
      values: 10,
    });
    const other = await chunk({ minExact: false, maxExact: true });
    expect([other.isMinExact, other.isMaxExact]).toEqual([false, true]);
  });

  test('bloom filter, column index, encryption, sizes', async () => {
    const none = await chunk({});
    expect([none.hasBloomFilter, none.hasColumnIndex, none.encrypted, none.unencodedByteArrayBytes]).toEqual([
      false,
      false,
      false,
      undefined,
    ]);
    const all = await chunk({ bloomFilter: true, columnIndex: true, encrypted: true, unencodedBytes: 77 });
    expect([all.hasBloomFilter, all.hasColumnIndex, all.encrypted, all.unencodedByteArrayBytes]).toEqual([
      true,
      true,
      true,
      77,
    ]);
  });

  test.each<[name: string, spec: ChunkSpec, isDictionaryOnly: boolean]>([
    ['old dictionary', { encodings: [2, 3, 4] }, true],
    ['old dictionary and plain', { encodings: [2, 3, 0] }, false],
    ['new dictionary, whose fallback cannot be told', { encodings: [8, 3] }, false],
    ['plain', { encodings: [0, 3] }, false],
    [
      'pages say dictionary',
      {
        encodings: [0, 3, 8],
        encodingStats: [
          [2, 0, 1],
          [0, 8, 3],
        ],
      },
      true,
    ],
    ['pages say dictionary, version 2', { encodings: [0, 8], encodingStats: [[3, 2, 1]] }, true],
    [
      'pages say both',
      {
        encodings: [0, 8],
        encodingStats: [
          [0, 8, 3],
          [0, 0, 1],
        ],
      },
      false,
    ],
    [
      'a count of zero',
      {
        encodings: [0, 8],
        encodingStats: [
          [0, 8, 3],
          [0, 0, 0],
        ],
      },
      true,
    ],
    ['only other pages', { encodings: [2, 3], encodingStats: [[2, 0, 1]] }, true],
    ['plain pages', { encodings: [2, 3], encodingStats: [[0, 0, 1]] }, false],
  ])('dictionary only: %s', async (_, spec, isDictionaryOnly) => {
    expect((await chunk(spec)).dictionaryOnly).toBe(isDictionaryOnly);
  });

  test('codecs and encodings by name', async () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 17].map(codecName)).toEqual([
      'UNCOMPRESSED',
      'SNAPPY',
      'GZIP',
      'LZO',
      'BROTLI',
      'LZ4',
      'ZSTD',
      'LZ4_RAW',
      'CODEC_17',
    ]);
    expect([0, 2, 3, 4, 5, 6, 7, 8, 9, 12].map(encodingName)).toEqual([
      'PLAIN',
      'PLAIN_DICTIONARY',
      'RLE',
      'BIT_PACKED',
      'DELTA_BINARY_PACKED',
      'DELTA_LENGTH_BYTE_ARRAY',
      'DELTA_BYTE_ARRAY',
      'RLE_DICTIONARY',
      'BYTE_STREAM_SPLIT',
      'ENCODING_12',
    ]);
    const facts = await factsOf({
      schema: [parseMessage('optional int32 c'), parseMessage('optional int32 d')],
      rowGroups: [
        { rows: 1, columns: { c: { codec: 1, encodings: [0, 3] }, d: { codec: 99, encodings: [9] } } },
        { rows: 1, columns: { c: { codec: 6, encodings: [8] }, d: { codec: 31, encodings: [40] } } },
      ],
    });
    const { rowGroups } = facts;
    if (rowGroups === undefined) throw new Error('unread');
    expect(codecsOf(rowGroups, 0)).toEqual(['SNAPPY', 'ZSTD']);
    expect(encodingsOf(rowGroups, 0)).toEqual(['PLAIN', 'RLE', 'RLE_DICTIONARY']);
    expect(codecsOf(rowGroups, 1)).toEqual(['CODEC_31']);
    expect(encodingsOf(rowGroups, 1)).toEqual(['BYTE_STREAM_SPLIT', 'ENCODING_31']);
    expect((await chunk({ codec: 99, encodings: [40] })).codec).toBe('CODEC_99');
  });
});

describe('FTR-4: sums over row groups', () => {
  test('null counts add up, and one that is absent makes the sum unknown', async () => {
    const facts = await factsOf({
      schema: ['a', 'b', 'c', 'd'].map((name) => parseMessage(`optional int32 ${name}`)),
      rows: 20,
      rowGroups: [
        {
          rows: 10,
          columns: {
            a: { nullCount: 2 },
            b: { nullCount: 0 },
            c: { nullCount: 1 },
            d: { nullCount: 0 },
          },
        },
        {
          rows: 10,
          columns: {
            a: { nullCount: 3 },
            b: { nullCount: 0 },
            c: { noStatistics: true },
            d: { nullCount: 4 },
          },
        },
      ],
    });
    expect([...(facts.rowGroups?.nullCounts ?? [])]).toEqual([5, 0, Number.NEGATIVE_INFINITY, 4]);
    expect([...(facts.rowGroups?.rows ?? [])]).toEqual([10, 10]);
    expect(chunksOf(facts, 2)?.map(({ nullCount, rowGroup }) => [rowGroup, nullCount])).toEqual([
      [0, 1],
      [1, undefined],
    ]);
    expect(chunksOf(facts, 9)).toBeUndefined();
  });

  test('unknown stays unknown when a later row group has a count', async () => {
    const facts = await factsOf({
      schema: [parseMessage('optional int32 a')],
      rowGroups: [
        { rows: 1, columns: { a: { noStatistics: true } } },
        { rows: 1, columns: { a: { nullCount: 3 } } },
      ],
    });
    expect(facts.rowGroups?.nullCounts[0]).toBe(Number.NEGATIVE_INFINITY);
  });

  test('many row groups, encrypted columns, column orders', async () => {
    const rowGroups = Array.from({ length: 40 }, (_, index) => ({
      rows: index,
      columns: index === 39 ? { a: { encrypted: true } } : {},
    }));
    const facts = await factsOf({
      schema: [parseMessage('optional int32 a'), parseMessage('optional int32 b')],
      rowGroups,
    });
    expect(facts.rowGroups?.count).toBe(40);
    expect([...(facts.rowGroups?.encrypted ?? [])]).toEqual([1, 0]);
    expect(facts.rowGroups?.orderKnown).toEqual([true, true]);
    expect(chunksOf(facts, 1)?.length).toBe(40);
    const unordered = await factsOf({ schema: [parseMessage('optional int32 a')], columnOrders: false });
    expect(unordered.rowGroups?.orderKnown).toEqual([false]);
    const other = await factsOf({
      schema: [parseMessage('optional int32 a')],
      extra: { 7: list(12, [struct({ 2: struct({}) })]) },
    });
    expect(other.rowGroups?.orderKnown).toEqual([false]);
  });

  test('schema mode has none', async () => {
    const facts = await factsOf({ schema: [parseMessage('optional int32 a')] }, 'schema');
    expect(chunksOf(facts, 0)).toBeUndefined();
  });
});

describe('FTR-7: row groups that are none', () => {
  const refusal = async (file: Uint8Array) => {
    const result = await readFooter(memorySource(file));
    return result.ok ? 'read' : result.problem.actual;
  };
  const schema = [parseMessage('optional int32 a')];
  const withGroups = (groups: Parameters<typeof list>[1]) =>
    fileAround(footerBytes({ schema, extra: { 4: list(12, groups) } }));

  test('another number of columns, none at all, no rows, negative counts', async () => {
    expect(await refusal(withGroups([struct({ 1: list(12, []), 3: i64(1) })]))).toBe(
      'a row group has 0 columns, the schema 1',
    );
    expect(await refusal(withGroups([struct({ 3: i64(1) })]))).toBe('a row group has no columns');
    for (const rows of [undefined, i64(-1)])
      expect(await refusal(parquetFile({ schema, rowGroups: [{ rows: 1, fields: { 3: rows } }] }))).toBe(
        'a row group has no number of rows, or a negative one',
      );
    expect(
      await refusal(parquetFile({ schema, rowGroups: [{ rows: 1, columns: { a: { nullCount: -1 } } }] })),
    ).toBe('a null count is negative');
    expect(await refusal(parquetFile({ schema, rows: -1, rowGroups: [] }))).toBe(
      'the number of rows is negative',
    );
  });

  test('a chunk of another type than its column', async () => {
    expect(
      await refusal(parquetFile({ schema, rowGroups: [{ rows: 1, columns: { a: { type: 2 } } }] })),
    ).toBe('a column chunk has another physical type than its column');
  });

  test('row groups before the schema, and none at all', async () => {
    expect(await refusal(fileAround([0x49, 0x0c, 0x00]))).toBe('the row groups stand before the schema');
    expect(await refusal(fileAround(footerBytes({ schema, extra: { 4: i32(1) } })))).toBe(
      'the footer lacks its version, its schema, its number of rows or its row groups',
    );
  });

  const withMetadata = (metadata: ChunkSpec['metadata'], more: ChunkSpec = {}) =>
    parquetFile({
      schema,
      rowGroups: [{ rows: 10, columns: { a: { ...more, metadata: metadata ?? {} } } }],
    });

  test('details that only a closer look finds damaged count as absent', async () => {
    const sizes = withMetadata({ 16: struct({ 1: i64(2n ** 60n) }) }, { codec: 6, nullCount: 1 });
    const result = await readFooter(memorySource(sizes));
    if (!result.ok) throw new Error(result.problem.actual);
    expect(chunksOf(result.facts, 0)?.[0]).toMatchObject({
      codec: 'ZSTD',
      nullCount: 1,
      dictionaryOnly: false,
      unencodedByteArrayBytes: undefined,
    });
  });

  test('fields that are not known inside statistics, sizes and pages', async () => {
    const odd = withMetadata({
      12: struct({ 3: i64(2), 20: i32(1), 4: undefined }),
      13: list(12, [struct({ 1: i32(0), 2: i32(2), 3: i32(1), 9: binary('x') })]),
      16: struct({ 1: i64(5), 2: list(6, [i64(1)]) }),
    });
    const result = await readFooter(memorySource(odd));
    expect(result.ok && chunksOf(result.facts, 0)?.[0]).toMatchObject({
      nullCount: 2,
      dictionaryOnly: true,
      unencodedByteArrayBytes: 5,
    });
  });
});

describe('FTR-4: bounds that prove something', () => {
  const bounds = async (message: string, spec: ChunkSpec, orderKnown = true) => {
    const leaf = await leafOf(message);
    const { min, max } = provenBounds(await chunk(spec, message), leaf, orderKnown);
    return [min?.value, max?.value, min?.exact, max?.exact];
  };
  const ints = { min: plain.int32(1), max: plain.int32(2) };
  const old = { legacyMin: plain.int32(1), legacyMax: plain.int32(2) };
  const none = [undefined, undefined, undefined, undefined];

  test('each side by itself, under a known order', async () => {
    expect(await bounds('optional int32 c', { ...ints, minExact: true, maxExact: false })).toEqual([
      1n,
      2n,
      true,
      false,
    ]);
    expect(await bounds('optional int32 c', { max: plain.int32(2) })).toEqual([
      undefined,
      2n,
      undefined,
      undefined,
    ]);
    expect(await bounds('optional int32 c', { min: plain.int32(2) })).toEqual([
      2n,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await bounds('optional int32 c', ints, false)).toEqual(none);
  });

  test('the deprecated pair only where signed order is right', async () => {
    expect(await bounds('optional int32 c', old)).toEqual([1n, 2n, undefined, undefined]);
    expect(await bounds('optional int32 c', old, false)).toEqual([1n, 2n, undefined, undefined]);
    // Both ends below 2^31: signed and unsigned order agree.
    expect(await bounds('optional int32 c (INTEGER(32,false))', old)).toEqual([1n, 2n, undefined, undefined]);
    const high = { legacyMin: plain.int32(1), legacyMax: plain.int32(-1) };
    expect(await bounds('optional int32 c (INTEGER(32,false))', high)).toEqual(none);
    const long = { legacyMin: plain.int64(0n), legacyMax: plain.int64(-1n) };
    expect(await bounds('optional int64 c (INTEGER(64,false))', long)).toEqual(none);
    expect(await bounds('optional binary c', { legacyMin: bytes(1), legacyMax: bytes(2) })).toEqual(none);
  });

  test('never for types without an order', async () => {
    expect(await bounds('optional int96 c', { min: new Uint8Array(12), max: new Uint8Array(12) })).toEqual(
      none,
    );
    const twelve = { min: new Uint8Array(12), max: new Uint8Array(12) };
    expect(await bounds('optional fixed_len_byte_array(12) c (INTERVAL)', twelve)).toEqual(none);
    expect(await bounds('optional int32 c (UNKNOWN)', ints)).toEqual(none);
    expect(await bounds('optional binary c (ODD)', { min: bytes(1), max: bytes(2) })).toEqual(none);
  });

  test('no NaN, and a zero may hide the other zero', async () => {
    expect(
      await bounds('optional double c', { min: plain.double(Number.NaN), max: plain.double(1) }),
    ).toEqual([undefined, 1, undefined, undefined]);
    expect(await bounds('optional double c', { min: plain.double(0), max: plain.double(-0) })).toEqual([
      -0,
      0,
      undefined,
      undefined,
    ]);
  });
});
