import { describe, expect, test } from 'vitest';
import {
  cursorOver,
  MalformedFooter,
  nextField,
  readBinary,
  readInt,
  readListHeader,
  readListOf,
  readLong,
  readText,
  readVarint,
  skipField,
  TruncatedFooter,
} from '../../src/judge/parquet/thrift.ts';
import { fc } from '../support/property.ts';
import { varint, zigzag } from '../support/thrift-writer.ts';

const over = (...bytes: readonly number[]) => cursorOver(Uint8Array.from(bytes));

describe('FTR-7: Thrift compact primitives', () => {
  test.each([
    [[0x00], 0],
    [[0x7f], 127],
    [[0x80, 0x01], 128],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], 4294967295],
    [[0x80, 0x80, 0x80, 0x80, 0x08], 2147483648],
  ])('varint %j is %i', (bytes, value) => {
    const cursor = over(...bytes);
    expect(readVarint(cursor)).toBe(value);
    expect(cursor.at).toBe(bytes.length);
  });

  test.each([[[0xff, 0xff, 0xff, 0xff, 0x10]], [[0x80, 0x80, 0x80, 0x80, 0x80, 0x01]]])(
    'varint %j is too long',
    (bytes) => {
      expect(() => readVarint(over(...bytes))).toThrow('a 32-bit number is longer than 5 bytes');
    },
  );

  test.each([
    [[0x00], 0],
    [[0x01], -1],
    [[0x02], 1],
    [[0x03], -2],
    [[0xfe, 0xff, 0xff, 0xff, 0x0f], 2147483647],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], -2147483648],
  ])('zigzag %j is %i', (bytes, value) => {
    expect(readInt(over(...bytes))).toBe(value);
  });

  test.each([
    0,
    1,
    -1,
    63,
    -64,
    64,
    2 ** 31,
    -(2 ** 31),
    2 ** 40 + 3,
    -(2 ** 40) - 3,
    2 ** 52 - 1,
    -(2 ** 52),
  ])('64-bit %i', (value) => {
    expect(readLong(over(...zigzag(value)))).toBe(value);
  });

  test('a 64-bit count beyond 2^53 is refused, and one that never ends too', () => {
    expect(() => readLong(over(...zigzag(2n ** 53n)))).toThrow('a count is larger than 2^53');
    expect(() => readLong(over(...Array(11).fill(0x80), 1))).toThrow(
      'a 64-bit number is longer than 10 bytes',
    );
  });

  test('field headers: deltas, long forms, and what is none', () => {
    expect(nextField(over(0x15), 0)).toBe((1 << 4) | 5);
    expect(nextField(over(0xf8), 3)).toBe((18 << 4) | 8);
    expect(nextField(over(0x00), 3)).toBe(0);
    expect(nextField(over(0x08, 0xfe, 0xff, 0x03), 2)).toBe((32767 << 4) | 8);
    expect(() => nextField(over(0x10), 0)).toThrow('a field has no type');
    expect(() => nextField(over(0x05, 0x01), 0)).toThrow('a field id is out of range');
    expect(() => nextField(over(0x05, 0x80, 0x80, 0x04), 0)).toThrow('a field id is out of range');
  });

  test('lists: short and long headers, and sizes that the bytes cannot pay for', () => {
    expect(readListHeader(over(0x2c, 0, 0))).toBe(2 * 16 + 12);
    expect(readListHeader(over(0xf5, 0x0f, ...Array(15).fill(0)))).toBe(15 * 16 + 5);
    expect(() => readListHeader(over(0x2c, 0))).toThrow(
      'a list claims more elements than the footer has bytes',
    );
    expect(readListOf(over(0x25, 0, 0), 5)).toBe(2);
    expect(readListOf(over(0x00), 12)).toBe(0);
    expect(() => readListOf(over(0x25, 0, 0), 12)).toThrow('another type');
  });

  test('texts: ASCII, UTF-8, long ones, and lengths that lie', () => {
    expect(readText(over(3, 0x61, 0x62, 0x63))).toBe('abc');
    expect(readText(over(0))).toBe('');
    expect(readText(over(2, 0xc3, 0xa4))).toBe('ä');
    expect(readText(over(1, 0xff))).toBe('\udcff');
    expect(readText(over(60, ...Array(60).fill(0x61)))).toBe('a'.repeat(60));
    expect(readBinary(over(2, 1, 2))).toBe(1);
    expect(() => readBinary(over(3, 1, 2))).toThrow('a text is longer than the footer');
  });

  const textOf = (bytes: Uint8Array) => readText(over(...varint(bytes.length), ...bytes));

  test.each<[bytes: readonly number[], text: string]>([
    [[0xef, 0xbb, 0xbf, 0x69, 0x64], '\ufeffid'],
    [[0x69, 0x64, 0xff], 'id\udcff'],
    [[0x69, 0x64, 0xfe], 'id\udcfe'],
    [[0x69, 0x64, 0xef, 0xbf, 0xbd], 'id\ufffd'],
    [[0xe2, 0x82, 0xac, 0x80, 0xe2, 0x82], '€\udc80\udce2\udc82'],
    // Overlong, surrogates, beyond U+10FFFF: Unicode, table 3-7.
    [[0xc0, 0xaf, 0xe0, 0x9f, 0xbf], '\udcc0\udcaf\udce0\udc9f\udcbf'],
    [[0xed, 0xa0, 0x80, 0xed, 0x9f, 0xbf], '\udced\udca0\udc80\ud7ff'],
    [[0xf0, 0x8f, 0xbf, 0xbf, 0xf0, 0x90, 0x80, 0x80], '\udcf0\udc8f\udcbf\udcbf\u{10000}'],
    [[0xf4, 0x8f, 0xbf, 0xbf, 0xf4, 0x90, 0x80, 0x80], '\u{10ffff}\udcf4\udc90\udc80\udc80'],
    [[0xf5, 0x80, 0xe1, 0x80, 0x41], '\udcf5\udc80\udce1\udc80A'],
  ])('FTR-10: %j keeps every byte', (bytes, text) => {
    expect(textOf(Uint8Array.from(bytes))).toBe(text);
    expect(textOf(Uint8Array.from([...Array(49).fill(0x61), ...bytes]))).toBe('a'.repeat(49) + text);
  });

  test('FTR-10: texts are equal only where their bytes are, and UTF-8 reads as itself', () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xe2, 0xed, 0xef, 0xf0, 0xf4));
    const bytes = fc.array(byte, { maxLength: 6 });
    const backToBytes = (text: string) =>
      [...text].flatMap((character) => {
        const code = character.codePointAt(0) ?? 0;
        return code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...new TextEncoder().encode(character)];
      });
    fc.assert(
      fc.property(bytes, (raw) => {
        expect(backToBytes(textOf(Uint8Array.from(raw)))).toEqual(raw);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => textOf(new TextEncoder().encode(text)) === text),
    );
  });

  test('a head ends where its bytes do: that is truncated, not malformed', () => {
    const head = cursorOver(Uint8Array.of(5, 1, 2), 100);
    expect(() => readBinary(head)).toThrow(TruncatedFooter);
    expect(() => readVarint(cursorOver(new Uint8Array(0), 10))).toThrow(TruncatedFooter);
    expect(() => readVarint(over())).toThrow(MalformedFooter);
    expect(() => skipField(cursorOver(Uint8Array.of(1, 2), 50), 7)).toThrow(TruncatedFooter);
  });

  test.each<[type: number, bytes: readonly number[], length: number]>([
    [1, [9], 0],
    [2, [9], 0],
    [3, [9, 9], 1],
    [4, [0x80, 0x01, 9], 2],
    [5, [0x01, 9], 1],
    [6, [0xff, 0xff, 0x01, 9], 3],
    [7, [1, 2, 3, 4, 5, 6, 7, 8, 9], 8],
    [8, [2, 7, 7, 9], 3],
    [9, [0x31, 1, 2, 1, 9], 4],
    [9, [0x23, 7, 7, 9], 3],
    [9, [0x25, 0x80, 0x01, 0x01, 9], 4],
    [10, [0x18, 1, 7, 9], 3],
    [9, [0x2c, 0x15, 0x02, 0x00, 0x00, 9], 5],
    [12, [0x15, 0x02, 0x18, 0x01, 0x61, 0x00, 9], 6],
  ])('skips type %i in %j', (type, bytes, length) => {
    const cursor = over(...bytes);
    skipField(cursor, type);
    expect(cursor.at).toBe(length);
  });

  test('skipping refuses types that Parquet does not use, endless numbers and deep nesting', () => {
    for (const type of [0, 11, 13, 14, 15])
      expect(() => skipField(over(0, 0), type)).toThrow('a type that Parquet does not use');
    expect(() => skipField(over(...Array(11).fill(0x80), 0), 6)).toThrow('a number is longer than 10 bytes');
    expect(() => skipField(over(1, 2), 7)).toThrow('runs over the end');
    const deep = (levels: number) => over(...Array(levels).fill(0x1c), ...Array(levels + 1).fill(0));
    expect(() => skipField(deep(31), 12)).not.toThrow();
    expect(() => skipField(deep(32), 12)).toThrow('nested more than 32 deep');
    expect(() => skipField(over(...Array(40).fill(0x19), 0), 9)).toThrow('nested more than 32 deep');
  });
});
