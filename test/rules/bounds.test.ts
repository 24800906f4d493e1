import { describe, expect, test } from 'vitest';
import type { StatValue } from '../../src/judge/parquet/facts.ts';
import type { LeafNode, LogicalType } from '../../src/judge/parquet/schema.ts';
import { compareWithLimit, outermost } from '../../src/judge/rules/bounds.ts';

function leaf(annotation?: LogicalType): LeafNode {
  return {
    kind: 'leaf',
    name: 'c',
    repetition: 'OPTIONAL',
    fieldId: undefined,
    convertedType: undefined,
    logicalType: annotation,
    annotation,
    physicalType: 'INT64',
    typeLength: undefined,
    ordinal: 0,
    path: ['c'],
  };
}

const decimal = leaf({ kind: 'DECIMAL', precision: 38, scale: 2 });
const date = leaf({ kind: 'DATE' });
const micros = leaf({ kind: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' });
const millis = leaf({ kind: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' });
const plain = leaf();

describe('VER-1: a statistic is compared with a limit as it is written', () => {
  test.each<[string, StatValue, number | string, LeafNode, number | undefined]>([
    ['integer below', 4n, 5, plain, -1],
    ['integer equal', 5n, 5, plain, 0],
    ['integer above', 6n, 5, plain, 1],
    ['64 bits lose nothing', 9007199254740993n, '9007199254740992', plain, 1],
    ['negative limit', -7n, -6.5, plain, -1],
    ['decimal equal', 12345n, 123.45, decimal, 0],
    ['decimal just below', 12344n, 123.45, decimal, -1],
    ['decimal just above', 12346n, 123.45, decimal, 1],
    ['decimal of 38 digits', 99999999999999999999999999999999999999n, 1e36, decimal, -1],
    ['limit with exponent', 150n, 1.5e2, plain, 0],
    ['limit with negative exponent', 0n, 1e-7, plain, -1],
    ['double', 0.5, 0.25, plain, 0.25],
    ['double NaN', Number.NaN, 0, plain, undefined],
    ['double against a word', 0.5, 'x', plain, undefined],
    ['date equal', 20_089n, '2025-01-01', date, 0],
    ['date before 1970', -1n, '1970-01-01', date, -1],
    ['leap day', 19_782n, '2024-02-29', date, 0],
    ['day after leap day', 19_783n, '2024-03-01', date, 0],
    ['century without leap day', 47_541n, '2100-03-01', date, 0],
    ['date against garbage', 1n, 'yesterday', date, undefined],
    ['timestamp equal', 1_735_689_600_000_000n, '2025-01-01T00:00:00Z', micros, 0],
    ['one microsecond later', 1_735_689_600_000_001n, '2025-01-01T00:00:00Z', micros, 1],
    ['fraction in the limit', 1_735_689_600_500_000n, '2025-01-01T00:00:00.5Z', micros, 0],
    ['finer limit than unit', 1_735_689_600_000n, '2025-01-01T00:00:00.000001Z', millis, -1],
    ['offset east', 1_735_682_400_000n, '2025-01-01T00:00:00+02:00', millis, 0],
    ['offset west', 1_735_696_800_000n, '2025-01-01T00:00:00-02:00', millis, 0],
    ['date for a timestamp', 1_735_689_600_000n, '2025-01-01', millis, 0],
    ['minutes only', 1_735_693_260_000n, '2025-01-01 01:01', millis, 0],
    ['bytes', new Uint8Array([1]), 1, plain, undefined],
    ['boolean', true, 1, plain, undefined],
    ['a word for a number', 1n, 'one', plain, undefined],
  ])('%s', (_, value, limit, node, expected) => {
    expect(compareWithLimit(value, limit, node)).toBe(expected);
  });
});

describe('VER-1: the outermost value that a limit lets through', () => {
  const double: LeafNode = { ...plain, physicalType: 'DOUBLE' };
  test.each<[string, number | string, 'min' | 'max', boolean, LeafNode, StatValue | undefined]>([
    ['an integer limit itself', 5, 'min', false, plain, 5n],
    ['the next integer above an exclusive limit', 5, 'min', true, plain, 6n],
    ['the next integer below an exclusive limit', 5, 'max', true, plain, 4n],
    ['the integer above a fraction', 5.5, 'min', false, plain, 6n],
    ['the same where it is exclusive', 5.5, 'min', true, plain, 6n],
    ['the integer below a fraction', 5.5, 'max', false, plain, 5n],
    ['the same where it is exclusive, below', 5.5, 'max', true, plain, 5n],
    ['the integer below a negative fraction', -5.5, 'max', false, plain, -6n],
    ['the integer above a negative fraction', -5.5, 'min', false, plain, -5n],
    ['a whole number written with a point, exclusive', '5.0', 'max', true, plain, 4n],
    ['a decimal in its unscaled digits', 1.5, 'min', false, decimal, 150n],
    ['the next decimal', 1.5, 'min', true, decimal, 151n],
    ['a day', '1970-01-02', 'max', false, date, 1n],
    ['the day before', '1970-01-02', 'max', true, date, 0n],
    ['a timestamp in its unit', '1970-01-01T00:00:01Z', 'min', false, micros, 1_000_000n],
    ['a double', 0.5, 'max', false, double, 0.5],
    ['a double just below', 2, 'max', true, double, 2 - 2 * 2 ** -20],
    ['a double just above', 0, 'min', true, double, 2 ** -20],
    ['a word for a double', 'x', 'max', false, double, undefined],
    ['a word for an integer', 'x', 'min', false, plain, undefined],
    ['a word for a date', 'x', 'min', false, date, undefined],
  ])('%s', (_, limit, side, isExclusive, node, expected) => {
    expect(outermost(limit, side, isExclusive, node)).toBe(expected);
  });
});

test('the outermost value that a limit lets through, as statistics say it', () => {
  const leafOf = (physicalType: LeafNode['physicalType'], annotation?: LogicalType): LeafNode => ({
    ...leaf(annotation),
    physicalType,
  });
  const int = leafOf('INT32');
  const money = leafOf('INT64', { kind: 'DECIMAL', precision: 12, scale: 2 });
  const day = leafOf('INT32', { kind: 'DATE' });
  const at = leafOf('INT64', { kind: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' });
  const cases: readonly (readonly [number | string, 'min' | 'max', boolean, LeafNode, unknown])[] = [
    [5, 'min', false, int, 5n],
    [5, 'min', true, int, 6n],
    [5, 'max', true, int, 4n],
    [5.5, 'min', false, int, 6n],
    [5.5, 'max', false, int, 5n],
    [5.5, 'max', true, int, 5n],
    [-5.5, 'min', true, int, -5n],
    [-5.5, 'max', false, int, -6n],
    [0.5, 'min', false, money, 50n],
    [0.125, 'min', false, money, 13n],
    [99.5, 'max', true, money, 9949n],
    ['1970-01-03', 'min', false, day, 2n],
    ['1970-01-03', 'min', true, day, 3n],
    ['1970-01-01T00:00:01Z', 'max', false, at, 1000n],
    ['yesterday', 'min', false, day, undefined],
    ['five', 'min', false, int, undefined],
    [0.25, 'max', false, leafOf('DOUBLE'), 0.25],
    ['0.25', 'max', false, leafOf('FLOAT'), undefined],
  ];
  for (const [limit, side, isExclusive, node, expected] of cases)
    expect([limit, side, isExclusive, outermost(limit, side, isExclusive, node)]).toEqual([
      limit,
      side,
      isExclusive,
      expected,
    ]);
  expect(outermost(1, 'min', true, leafOf('DOUBLE'))).toBeGreaterThan(1);
  expect(outermost(-1, 'max', true, leafOf('DOUBLE'))).toBeLessThan(-1);
});
