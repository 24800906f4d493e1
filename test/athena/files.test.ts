import { describe, expect, test } from 'vitest';
import { versionsText } from '../../src/athena/engines.ts';
import {
  codecError,
  encodingError,
  opensLogicalType,
  predictCodec,
  predictEncoding,
  predictEncryptedColumn,
  predictLogicalType,
  predictUnreadable,
  unreadableError,
} from '../../src/athena/files.ts';

describe('ATH-6: files, codecs and encodings', () => {
  test.each([
    ['file-not-parquet', 'Malformed Parquet file. Expected magic number: PAR1'],
    ['file-truncated', 'Malformed Parquet file. Expected magic number: PAR1'],
    ['file-encrypted', 'Error opening Hive split (the file is encrypted, and there is no key)'],
    ['footer-malformed', 'Error opening Hive split: can not read FileMetaData'],
  ] as const)('K90: %s breaks every query', (rule, text) => {
    const prediction = predictUnreadable(rule);
    expect([prediction?.reference, prediction?.effect, prediction?.versions]).toEqual([
      'K90',
      'query-fails',
      'all',
    ]);
    const name =
      rule === 'footer-malformed' || rule === 'file-encrypted' ? 'HIVE_CANNOT_OPEN_SPLIT' : 'HIVE_BAD_DATA';
    expect(prediction?.error).toEqual({ name, text });
  });

  test('K90: an encrypted footer was no Parquet to versions that know no encryption', () => {
    expect(unreadableError('file-encrypted', 476)).toEqual({
      name: 'HIVE_BAD_DATA',
      text: 'Malformed Parquet file. Expected magic number: PAR1 got: PARE',
    });
  });

  test('a large footer is no fault of the file', () => {
    expect(predictUnreadable('footer-too-large')).toBeUndefined();
  });

  test.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'LZ4', 'LZO'])('%s is read', (codec) => {
    expect(predictCodec(codec)).toBeUndefined();
  });

  test.each(['BROTLI', 'LZ4_RAW', 'CODEC_17'])('K92: %s is not', (codec) => {
    const prediction = predictCodec(codec);
    expect([prediction?.reference, prediction?.effect]).toEqual(['K92', 'query-fails']);
    expect(prediction?.error).toEqual({
      name: 'GENERIC_INTERNAL_ERROR',
      text: `Codec not supported in Parquet: ${codec}`,
    });
    expect(codecError(codec, 440)?.name).toBe('HIVE_CURSOR_ERROR');
  });

  test.each([
    'PLAIN',
    'PLAIN_DICTIONARY',
    'RLE_DICTIONARY',
    'RLE',
    'BIT_PACKED',
    'DELTA_BINARY_PACKED',
    'DELTA_LENGTH_BYTE_ARRAY',
    'DELTA_BYTE_ARRAY',
  ])('%s is read', (encoding) => {
    expect(predictEncoding(encoding)).toBeUndefined();
    expect(encodingError(encoding, 413)).toBeUndefined();
  });

  test('K93: BYTE_STREAM_SPLIT is read from 444 on, an unknown encoding never', () => {
    expect(encodingError('BYTE_STREAM_SPLIT', 443)?.name).toBe('HIVE_CURSOR_ERROR');
    expect(encodingError('BYTE_STREAM_SPLIT', 444)).toBeUndefined();
    const prediction = predictEncoding('BYTE_STREAM_SPLIT');
    expect([prediction?.reference, prediction?.effect, prediction?.versions]).toEqual([
      'K93',
      'query-fails',
      '413 to 443',
    ]);
    expect(prediction?.error).toEqual({
      name: 'HIVE_CURSOR_ERROR',
      text: 'Failed to read Parquet file: Unsupported Parquet encoding: BYTE_STREAM_SPLIT',
    });
    expect(predictEncoding('ENCODING_12')?.versions).toBe('all');
  });

  test('K89: a logical type that a version does not know keeps it from opening the file', () => {
    expect([opensLogicalType('FLOAT16', 440), opensLogicalType('FLOAT16', 476)]).toEqual([false, true]);
    expect([opensLogicalType('UUID', 413), opensLogicalType('VARIANT', 483)]).toEqual([true, true]);
    const prediction = predictLogicalType('FLOAT16');
    expect([prediction?.reference, prediction?.effect, prediction?.error?.name]).toEqual([
      'K89',
      'query-fails',
      'HIVE_CANNOT_OPEN_SPLIT',
    ]);
    expect([prediction?.versions, predictLogicalType('GEOMETRY')?.versions]).toEqual([
      '413 to 475',
      '413 to 476',
    ]);
    expect(predictLogicalType('STRING')).toBeUndefined();
  });

  test('K97: an encrypted column fails when read', () => {
    expect([predictEncryptedColumn().reference, predictEncryptedColumn().effect]).toEqual([
      'K97',
      'query-fails',
    ]);
  });

  test('versions as people say them', () => {
    const marks = (text: string) => [...text].map((mark) => mark === 'x');
    expect(versionsText(marks('xxxxxxxxx'))).toBe('all');
    expect(versionsText(marks('x........'))).toBe('413 to 439');
    expect(versionsText(marks('.x.......'))).toBe('440');
    expect(versionsText(marks('.....xxxx'))).toBe('from 450');
    expect(versionsText(marks('x.x.....x'))).toBe('413 to 439, 441 to 443, from 477');
  });
});
