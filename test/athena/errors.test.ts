import { describe, expect, test } from 'vitest';
import { trinoName } from '../../src/judge/athena/error-text.ts';
import { hive, inAny, inEngine } from '../support/athena-case.ts';

describe('ATH-1: predicted errors, by the templates of reference 3.1', () => {
  test.each([
    [
      'date',
      'optional int64 today (TIMESTAMP(MICROS,false))',
      'Unsupported Trino column type (date) for Parquet column ([today] optional int64 today (TIMESTAMP(MICROS,false)))',
    ],
    [
      'string',
      'optional int32 Xx',
      'Unsupported Trino column type (varchar) for Parquet column ([xx] optional int32 xx)',
    ],
    [
      'int',
      'optional float c',
      'Unsupported Trino column type (integer) for Parquet column ([c] optional float c)',
    ],
    [
      'float',
      'required double c',
      'Unsupported Trino column type (real) for Parquet column ([c] required double c)',
    ],
    [
      'binary',
      'optional int32 c (INTEGER(16,false))',
      'Unsupported Trino column type (varbinary) for Parquet column ([c] optional int32 c (INTEGER(16,false)))',
    ],
    [
      'timestamp',
      'optional int64 c (DECIMAL(10,2))',
      'Unsupported Trino column type (timestamp(3)) for Parquet column ([c] optional int64 c (DECIMAL(10,2)))',
    ],
    [
      'decimal(10,2)',
      'optional binary c (STRING)',
      'Unsupported Trino column type (decimal(10,2)) for Parquet column ([c] optional binary c (STRING))',
    ],
    [
      'varchar(4)',
      'optional fixed_len_byte_array(16) c (UUID)',
      'Unsupported Trino column type (varchar(4)) for Parquet column ([c] optional fixed_len_byte_array(16) c (UUID))',
    ],
    [
      'string',
      'optional int32 c (UNKNOWN)',
      'Unsupported Trino column type (varchar) for Parquet column ([c] optional int32 c)',
    ],
  ])('%s over %s', async (declared, stored, text) => {
    const { error } = await inEngine(422, declared, stored);
    expect(error).toEqual({ name: 'NOT_SUPPORTED', text });
  });

  test.each([
    ['int', 'optional int64 c', 'HIVE_CURSOR_ERROR', 'Failed to read Parquet file'],
    [
      'decimal(5,2)',
      'optional int64 c (DECIMAL(10,2))',
      'INVALID_CAST_ARGUMENT',
      "Cannot cast DECIMAL(10, 2) 'value' to DECIMAL(5, 2)",
    ],
    ['decimal(5,0)', 'optional int32 c', 'INVALID_CAST_ARGUMENT', 'Cannot read value as DECIMAL(5, 0)'],
  ])('%s over %s, when a value does not fit', async (declared, stored, name, text) => {
    const { error } = await inEngine(422, declared, stored);
    expect(error?.name).toBe(name);
    expect(error?.text).toContain(text);
  });

  test('names of the file are bounded and made safe', async () => {
    const { error } = await inEngine(422, 'int', `optional float ${'x'.repeat(500)}`);
    expect(error?.text.length).toBeLessThan(400);
  });

  test.each([
    ['array<map<string,int>>', 'array(map(varchar, integer))'],
    ['struct<a:float,b:binary>', 'row(a real, b varbinary)'],
    ['char(3)', 'char(3)'],
    ['timestamp', 'timestamp(3)'],
    ['bigint', 'bigint'],
  ])('%s is %s to Trino', (type, name) => {
    expect(trinoName(hive(type))).toBe(name);
  });

  test.each([
    ['timestamp', 'optional int64 c (TIMESTAMP(NANOS,true))', ['rounded-to-ms']],
    ['timestamp', 'optional int64 c (TIMESTAMP(MILLIS,true))', []],
    ['timestamp', 'optional int96 c', ['rounded-to-ms']],
    ['binary', 'optional fixed_len_byte_array(16) c (UUID)', ['raw-bytes']],
    ['float', 'optional float c', ['float-filter-report']],
  ])('%s over %s warns of %j', async (declared, stored, warnings) => {
    expect((await inEngine(422, declared, stored)).warnings).toEqual(warnings);
  });

  test('a double over a 64-bit integer fails beyond 2^53, seen in 476', async () => {
    const within = await inEngine(476, 'double', 'optional int64 c', { min: 0n, max: 9007199254740992n });
    expect(within.projection).toBe('none');
    const beyond = await inEngine(476, 'double', 'optional int64 c', { min: 0n, max: 9007199254740993n });
    expect([beyond.effect, beyond.error?.name]).toEqual(['query-fails', 'INVALID_CAST_ARGUMENT']);
  });
});

describe('ATH-2: the versions that show the worst effect', () => {
  test.each([
    ['double', 'optional float c', 'all'],
    ['double', 'optional int32 c', '413 to 447'],
    ['string', 'optional int64 c', '413 to 449'],
    ['decimal(10,2)', 'optional int32 c', 'from 477'],
    ['date', 'optional int32 c (INTEGER(16,true))', '413 to 475'],
    ['array<int>', 'repeated int32 c', '413 to 440'],
  ])('%s over %s: %s', async (declared, stored, versions) => {
    const prediction = await inAny(declared, stored);
    if (prediction.effect !== 'none') expect(prediction.versions).toBe(versions);
    else expect((await inAny(declared, stored, { min: 1, max: 2 })).versions).toBe(versions);
  });

  test('an effect in the middle of the range', async () => {
    const prediction = await inAny('decimal(20,2)', 'optional int64 c (DECIMAL(10,2))', { min: 1n, max: 2n });
    expect([prediction.effect, prediction.versions]).toEqual(['filters-may-fail', '413 to 439']);
  });
});
