import { describe, expect, test } from 'vitest';
import { versionsText } from '../../src/judge/athena/engines.ts';
import {
  codecError,
  encodingError,
  opensLogicalType,
  predictCodec,
  predictEncoding,
  predictEncryptedColumn,
  predictLogicalType,
  predictProblem,
  predictProblemIn,
} from '../../src/judge/athena/files.ts';
import type { Contradiction } from '../../src/judge/parquet/contradiction.ts';

describe('ATH-6: files, codecs and encodings', () => {
  test.each([
    ['file-not-parquet', 'Malformed Parquet file. Expected magic number: PAR1'],
    ['file-truncated', 'Malformed Parquet file. Expected magic number: PAR1'],
    ['file-encrypted', 'Error opening Hive split (the file is encrypted, and there is no key)'],
    ['footer-malformed', 'Error opening Hive split: can not read FileMetaData'],
  ] as const)('K90: %s breaks every query', (rule, text) => {
    const prediction = predictProblem({ rule });
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
    expect(predictProblemIn({ rule: 'file-encrypted' }, 476)?.error).toEqual({
      name: 'HIVE_BAD_DATA',
      text: 'Malformed Parquet file. Expected magic number: PAR1 got: PARE',
    });
  });

  /** By what Trino 435, 440, 476 and 483 did with files built that way (`observed/`, built/…). */
  test.each<
    [
      contradiction: Contradiction,
      effect: string,
      basis: string,
      error?: string | undefined,
      versions?: string,
    ]
  >([
    ['pages-nowhere', 'query-fails', 'types', 'HIVE_CANNOT_OPEN_SPLIT'],
    ['pages-cut-off', 'query-fails', 'types', 'GENERIC_INTERNAL_ERROR'],
    ['pages-shared', 'wrong-results', 'types'],
    ['pages-shifted', 'query-fails', 'assumed', 'GENERIC_INTERNAL_ERROR'],
    ['dictionary-misplaced', 'none', 'types'],
    ['index-outside', 'filters-may-fail', 'types'],
    ['rows-fewer', 'wrong-results', 'types'],
    ['rows-more', 'query-fails', 'types', 'GENERIC_INTERNAL_ERROR'],
    ['bounds-short', 'query-fails', 'types', 'HIVE_CANNOT_OPEN_SPLIT'],
    ['values-odd', 'none', 'types'],
    ['rows-of-file', 'none', 'types'],
    ['group-outside', 'wrong-results', 'types', undefined, 'from 476'],
    ['path-elsewhere', 'wrong-results', 'assumed'],
    ['path-twice', 'query-fails', 'types', 'HIVE_BAD_DATA'],
    ['path-unknown', 'query-fails', 'types', 'HIVE_CANNOT_OPEN_SPLIT'],
    ['file-other', 'wrong-results', 'assumed'],
    ['file-mixed', 'query-fails', 'types', 'HIVE_BAD_DATA'],
  ])('K86: %s: %s', (contradiction, effect, basis, error, versions = 'all') => {
    const found = predictProblem({ rule: 'footer-contradictory', contradiction });
    expect([found?.reference, found?.effect, found?.basis, found?.error?.name, found?.versions]).toEqual([
      'K86',
      effect,
      basis,
      error,
      versions,
    ]);
  });

  test('K86: what older versions call it', () => {
    const name = (contradiction: Contradiction) =>
      predictProblemIn({ rule: 'footer-contradictory', contradiction }, 440)?.error?.name;
    expect([name('pages-cut-off'), name('path-twice'), name('group-outside')]).toEqual([
      'HIVE_CURSOR_ERROR',
      'HIVE_CANNOT_OPEN_SPLIT',
      undefined,
    ]);
    expect(predictProblem({ rule: 'footer-contradictory', contradiction: 'index-outside' })).toMatchObject({
      projection: 'none',
      filter: 'filters-may-fail',
      filterError: { name: 'HIVE_CANNOT_OPEN_SPLIT' },
    });
  });

  test('a large footer is no fault of the file', () => {
    expect(predictProblem({ rule: 'footer-too-large' })).toBeUndefined();
  });

  test.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'LZ4', 'LZO'])('%s is read', (codec) => {
    expect(predictCodec(codec)).toBeUndefined();
  });

  test('K92: a codec that nobody knows keeps the file closed', () => {
    const prediction = predictCodec('CODEC_17');
    expect([
      prediction?.reference,
      prediction?.effect,
      prediction?.versions,
      prediction?.error?.name,
    ]).toEqual(['K92', 'query-fails', 'all', 'HIVE_CANNOT_OPEN_SPLIT']);
  });

  test.each(['BROTLI', 'LZ4_RAW'])('K92: %s is not', (codec) => {
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
