import { describe, expect, test } from 'vitest';
import { canCoerce, predictStalePartition } from '../../src/judge/athena/coercion.ts';
import { predictPartitionKeyInFile } from '../../src/judge/athena/partition-keys.ts';
import { predictPartitionCount, predictPartitionValue } from '../../src/judge/athena/partition-values.ts';
import { column, hive, type Stats } from '../support/athena-case.ts';

describe('ATH-5: K94 partition values', () => {
  test.each<[type: string, good: readonly string[], bad: readonly string[]]>([
    ['boolean', ['true', 'false', 'TRUE'], ['1', '', 'yes']],
    ['tinyint', ['127', '-128', '08', '+5'], ['128', '-129', '', ' 1', '1.0', 'x']],
    ['smallint', ['32767', '-32768'], ['32768', '-32769', '']],
    ['int', ['08', '2147483647', '-2147483648'], ['2147483648', '-2147483649', '1e3', '']],
    [
      'bigint',
      ['9223372036854775807', '-9223372036854775808'],
      ['9223372036854775808', '-9223372036854775809', ''],
    ],
    ['float', ['1.5', '-1e10', 'NaN', '-Infinity', '.5', '5.', ' 1 ', '1f'], ['', 'x', '.', 'nan', '1,5']],
    ['double', ['1.5', '1d'], ['', 'one']],
    [
      // The text is Java's `BigDecimal`'s, which takes an exponent, and no space around it.
      'decimal(5,2)',
      ['123.45', '-0.5', '000123', '1.500', '1e2', '1.5E+1', '.5e1', '12345e-2', '0e9', '5.'],
      ['1234', '1.234', '', '.', 'x', '1e3', '1e-3', 'e2', '1e', '1e1.5', ' 1', '1e9999999999'],
    ],
    ['string', ['', 'anything', 'a/b'], []],
    ['varchar(3)', ['abc', '', 'äöü'], ['abcd']],
    ['char(3)', ['abc'], ['abcd']],
    [
      'date',
      ['2026-01-31', '2024-02-29', '2000-02-29', '2026-1-31'],
      ['2026-02-29', '1900-02-29', '20260131', '2026-13-01', '2026-00-10', '2026-01-00', '2026-04-31', ''],
    ],
    [
      'timestamp',
      ['2026-01-31 10:20:30', '2026-01-31 10:20:30.123', '2026-01-31'],
      ['2026-01-31 24:00:00', '2026-01-31 10:60:00', '2026-01-31 10:00:60', '2026-01-32 10:00:00', 'now'],
    ],
    ['binary', [], ['x']],
    ['array<int>', [], ['1']],
    ['struct<a:int>', [], ['1']],
    ['map<int,int>', [], ['1']],
  ])('%s', (type, good, bad) => {
    for (const value of good)
      expect([value, predictPartitionValue(hive(type), value).effect]).toEqual([value, 'none']);
    for (const value of bad)
      expect([value, predictPartitionValue(hive(type), value).effect]).toEqual([value, 'query-fails']);
  });

  test('the default partition is NULL for every type that a key can have', () => {
    expect(predictPartitionValue(hive('int'), null).effect).toBe('none');
    expect(predictPartitionValue(hive('date'), null).effect).toBe('none');
    expect(predictPartitionValue(hive('binary'), null).effect).toBe('query-fails');
  });

  test('errors', () => {
    expect(predictPartitionValue(hive('int'), 'x').error?.name).toBe('HIVE_INVALID_PARTITION_VALUE');
    expect(predictPartitionValue(hive('map<int,int>'), 'x').error).toEqual({
      name: 'NOT_SUPPORTED',
      text: 'Unsupported type [map] for partition',
    });
    expect(predictPartitionValue(hive('int'), '1').error).toBeUndefined();
  });

  test('K98: as many values as keys', () => {
    expect(predictPartitionCount(2, 2).effect).toBe('none');
    expect(predictPartitionCount(2, 1).effect).toBe('query-fails');
    expect(predictPartitionCount(2, 1).error?.name).toBe('GENERIC_INTERNAL_ERROR');
  });
});

describe('ATH-5: K64 a partition key that is also in the file', () => {
  test.each<
    [
      type: string,
      value: string | null | undefined,
      stored: string,
      stats: Stats,
      effect: string,
      basis: string,
    ]
  >([
    ['string', 'DE', 'optional binary c (STRING)', { min: 'DE', max: 'DE', nulls: 0 }, 'none', 'statistics'],
    [
      'string',
      'DE',
      'optional binary c (STRING)',
      { min: 'DE', max: 'FR', nulls: 0 },
      'wrong-results',
      'statistics',
    ],
    [
      'string',
      'DE',
      'optional binary c (STRING)',
      { min: 'AT', max: 'DE', nulls: 0 },
      'wrong-results',
      'statistics',
    ],
    [
      'string',
      'DE',
      'optional binary c (STRING)',
      { min: 'DE', max: 'DE', nulls: 1 },
      'wrong-results',
      'statistics',
    ],
    ['string', 'DE', 'optional binary c (STRING)', { nulls: 10 }, 'wrong-results', 'statistics'],
    ['string', 'DE', 'optional binary c (STRING)', 'none', 'wrong-results', 'assumed'],
    ['string', 'DE', 'optional binary c (STRING)', 'unread', 'wrong-results', 'assumed'],
    ['int', '+7', 'optional int32 c', { min: 7n, max: 7n, nulls: 0 }, 'none', 'statistics'],
    ['int', 'x', 'optional int32 c', { min: 7n, max: 7n, nulls: 0 }, 'wrong-results', 'assumed'],
    [
      'date',
      '2026-01-01',
      'optional int32 c (DATE)',
      { min: 20454n, max: 20454n, nulls: 0 },
      'none',
      'statistics',
    ],
    [
      'date',
      '2026-01-01',
      'optional int32 c (DATE)',
      { min: 20454n, max: 20455n, nulls: 0 },
      'wrong-results',
      'statistics',
    ],
    ['boolean', 'true', 'optional boolean c', { min: 1, max: 1, nulls: 0 }, 'none', 'statistics'],
    ['boolean', 'true', 'optional boolean c', { min: 0, max: 1, nulls: 0 }, 'wrong-results', 'statistics'],
    [
      'decimal(9,2)',
      '12.5',
      'optional int32 c (DECIMAL(9,2))',
      { min: 1250n, max: 1250n, nulls: 0 },
      'none',
      'statistics',
    ],
    [
      'decimal(9,2)',
      '-12.50',
      'optional int32 c (DECIMAL(9,2))',
      { min: 1250n, max: 1250n, nulls: 0 },
      'wrong-results',
      'statistics',
    ],
    [
      'timestamp',
      '2026-01-01 00:00:01.5',
      'optional int64 c (TIMESTAMP(MICROS,true))',
      { min: 1767225601500000n, max: 1767225601500000n, nulls: 0 },
      'none',
      'statistics',
    ],
    [
      'timestamp',
      '2026-01-01 00:00:01',
      'optional int64 c (TIMESTAMP(MILLIS,true))',
      { min: 1767225601001n, max: 1767225601001n, nulls: 0 },
      'wrong-results',
      'statistics',
    ],
    [
      'string',
      null,
      'optional binary c (STRING)',
      { min: 'DE', max: 'DE', nulls: 0 },
      'wrong-results',
      'assumed',
    ],
    [
      'string',
      undefined,
      'optional binary c (STRING)',
      { min: 'DE', max: 'DE', nulls: 0 },
      'wrong-results',
      'assumed',
    ],
    ['string', 'DE', 'optional binary c (STRING)', { values: 0 }, 'none', 'statistics'],
    ['string', 'DE', 'optional group c { optional binary a (STRING) }', 'none', 'wrong-results', 'assumed'],
  ])('%s %s', async (type, value, stored, stats, effect, basis) => {
    const { node, statistics } = await column(stored, stats);
    const prediction = predictPartitionKeyInFile(hive(type), value, node, statistics);
    expect([prediction.reference, prediction.effect, prediction.basis]).toEqual(['K64', effect, basis]);
  });
});

describe('ATH-5: what a path says is compared in the form in which the column stores it', () => {
  test.each<[string, string, string, Stats, 'same' | 'other' | 'unknown']>([
    ['boolean', 'false', 'optional boolean c', { min: 0, max: 0, nulls: 0 }, 'same'],
    ['boolean', 'true', 'optional int32 c', { min: 1n, max: 1n, nulls: 0 }, 'unknown'],
    ['date', '2026-01-01', 'optional int32 c', { min: 20454n, max: 20454n, nulls: 0 }, 'unknown'],
    ['date', '1 January', 'optional int32 c (DATE)', { min: 20454n, max: 20454n, nulls: 0 }, 'unknown'],
    ['date', '2026-01-01', 'optional int32 c (DATE)', { min: 20454n, max: 20454n, nulls: 1 }, 'other'],
    ['date', '2026-01-01', 'optional int32 c (DATE)', 'none', 'unknown'],
    // 2026-01-01T00:00:00Z is 1,767,225,600 s after 1970.
    [
      'timestamp',
      '2026-01-01',
      'optional int64 c (TIMESTAMP(NANOS,true))',
      { min: 1767225600000000000n, max: 1767225600000000000n, nulls: 0 },
      'same',
    ],
    [
      'timestamp',
      '2026-01-01 01:02:03.004000',
      'optional int64 c (TIMESTAMP(MILLIS,true))',
      { min: 1767229323004n, max: 1767229323004n, nulls: 0 },
      'same',
    ],
    // No millisecond is that time.
    [
      'timestamp',
      '2026-01-01 00:00:00.0001',
      'optional int64 c (TIMESTAMP(MILLIS,true))',
      { min: 1767225600000n, max: 1767225600000n, nulls: 0 },
      'unknown',
    ],
    [
      'timestamp',
      'now',
      'optional int64 c (TIMESTAMP(MILLIS,true))',
      { min: 1n, max: 1n, nulls: 0 },
      'unknown',
    ],
    ['timestamp', '2026-01-01', 'optional int64 c', { min: 1n, max: 1n, nulls: 0 }, 'unknown'],
    [
      'decimal(9,2)',
      '-12.5',
      'optional int32 c (DECIMAL(9,2))',
      { min: -1250n, max: -1250n, nulls: 0 },
      'same',
    ],
    ['decimal(9,2)', '12', 'optional int32 c (DECIMAL(9,2))', { min: 1200n, max: 1200n, nulls: 0 }, 'same'],
    [
      'decimal(9,2)',
      '12.505',
      'optional int32 c (DECIMAL(9,2))',
      { min: 1250n, max: 1250n, nulls: 0 },
      'unknown',
    ],
    [
      'decimal(9,2)',
      'twelve',
      'optional int32 c (DECIMAL(9,2))',
      { min: 1200n, max: 1200n, nulls: 0 },
      'unknown',
    ],
    ['decimal(9,2)', '12', 'optional int32 c', { min: 12n, max: 12n, nulls: 0 }, 'unknown'],
    ['int', '+5', 'optional int32 c', { min: 5n, max: 5n, nulls: 0 }, 'same'],
    ['int', 'five', 'optional int32 c', { min: 5n, max: 5n, nulls: 0 }, 'unknown'],
    ['double', '5', 'optional double c', { min: 5, max: 5, nulls: 0 }, 'unknown'],
  ])('%s %s as %s', async (type, value, stored, stats, says) => {
    const { node, statistics } = await column(stored, stats);
    const { effect, basis } = predictPartitionKeyInFile(hive(type), value, node, statistics);
    expect([effect, basis]).toEqual([
      says === 'same' ? 'none' : 'wrong-results',
      says === 'unknown' ? 'assumed' : 'statistics',
    ]);
  });
});

describe('ATH-5: K95 and K63 partitions with older types', () => {
  test.each([
    ['int', 'int', true],
    ['INT', 'int', true],
    ['tinyint', 'bigint', true],
    ['int', 'bigint', true],
    ['bigint', 'int', false],
    ['smallint', 'tinyint', false],
    ['int', 'double', false],
    ['int', 'string', true],
    ['string', 'int', true],
    ['string', 'double', false],
    ['varchar(5)', 'varchar(9)', true],
    ['char(3)', 'char(5)', true],
    ['char(3)', 'string', false],
    ['float', 'double', true],
    ['double', 'float', true],
    ['double', 'decimal(9,2)', true],
    ['decimal(9,2)', 'decimal(12,2)', true],
    ['decimal(9,2)', 'double', true],
    ['date', 'timestamp', false],
    ['timestamp', 'string', true],
    ['boolean', 'string', false],
    ['string', 'array<string>', false],
    ['array<int>', 'array<bigint>', true],
    ['array<bigint>', 'array<int>', false],
    ['map<int,int>', 'map<bigint,bigint>', true],
    ['map<int,bigint>', 'map<int,int>', false],
    ['map<bigint,int>', 'map<int,int>', false],
    ['struct<a:int>', 'struct<a:int,b:int>', true],
    ['struct<a:int,b:int>', 'struct<a:int>', true],
    ['struct<a:int,b:int>', 'struct<b:int,a:int>', false],
    ['struct<a:int>', 'struct<x:int,a:int>', false],
    ['struct<a:int>', 'struct<A:bigint>', true],
    ['struct<a:bigint>', 'struct<a:int>', false],
  ])('%s can become %s: %s', (partition, table, can) => {
    expect(canCoerce(hive(partition), hive(table), 413)).toBe(can);
  });

  test.each([
    ['int', 'double', 'K95', 'query-fails'],
    ['int', 'bigint', 'K63', 'none'],
    ['struct<a:int>', 'struct<a:int,b:int>', 'K63', 'wrong-results'],
    ['struct<a:int,b:int>', 'struct<a:bigint>', 'K63', 'none'],
    ['varchar(5)', 'varchar(9)', 'K63', 'wrong-results'],
    ['varchar(9)', 'varchar(5)', 'K63', 'none'],
    ['varchar(5)', 'string', 'K63', 'wrong-results'],
    ['string', 'varchar(5)', 'K63', 'none'],
    ['string', 'int', 'K63', 'wrong-results'],
    ['decimal(9,2)', 'decimal(12,2)', 'K63', 'wrong-results'],
    ['decimal(12,2)', 'decimal(9,2)', 'K63', 'query-fails'],
    ['decimal(9,2)', 'decimal(9,4)', 'K63', 'query-fails'],
    ['array<string>', 'array<int>', 'K63', 'wrong-results'],
    ['map<int,string>', 'map<int,int>', 'K63', 'wrong-results'],
    ['string', 'string', 'K63', 'none'],
    ['struct<a:string>', 'struct<a:int>', 'K63', 'wrong-results'],
  ])('%s read as %s: %s %s', (partition, table, row, effect) => {
    const prediction = predictStalePartition(hive(partition), hive(table));
    expect([prediction.reference, prediction.effect]).toEqual([row, effect]);
    expect(prediction.warnings).toEqual(['stale-partition']);
    const failsWith = row === 'K95' ? 'HIVE_PARTITION_SCHEMA_MISMATCH' : 'INVALID_CAST_ARGUMENT';
    expect(prediction.error?.name).toBe(effect === 'query-fails' ? failsWith : undefined);
  });
});
