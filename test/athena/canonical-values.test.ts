import { expect, test } from 'vitest';
import { canonicalPartitionValue } from '../../src/judge/athena/partition-values.ts';
import { hive } from '../support/athena-case.ts';

test.each<readonly [type: string, same: readonly string[], others: readonly string[]]>([
  // Trino 476 finds all four of `01`, `1`, `001` and `+1` by `day = 1`.
  ['int', ['1', '01', '001', '+1'], ['-1', '10', '0', '1x']],
  ['tinyint', ['-8', '-08'], ['8']],
  ['bigint', ['9223372036854775807', '+09223372036854775807'], ['9223372036854775806']],
  ['boolean', ['true', 'TRUE', 'True'], ['false', '1']],
  [
    'date',
    ['2026-01-03', '2026-1-3', '2026-01-3', '2026-01-03 00:00:00', '2026-1-3 00:00'],
    ['2026-01-30', '2026-10-3'],
  ],
  ['timestamp', ['2026-01-03 00:00:00', '2026-1-3', '2026-01-03 00:00:00.000'], ['2026-01-03 00:00:01']],
  [
    'timestamp',
    ['2026-01-03 10:20:30.5', '2026-01-03 10:20:30.500'],
    ['2026-01-03 10:20:30.05', '2026-01-03 10:20:30'],
  ],
  ['timestamp', ['2026-01-03 10:20:00', '2026-01-03 10:20'], ['2026-01-03 10:20:01', '2026-01-03 20:10']],
  ['timestamp', ['2026-01-03 01:02:03.5', '2026-1-3 1:2:3.50'], ['2026-01-03 01:02:03.05']],
  ['decimal(5,2)', ['1e2', '100', '100.00', '10E1', '.1e3'], ['1e1', '1']],
  ['decimal(5,2)', ['0.05', '5e-2', '.05'], ['0.5', '0.51']],
  ['decimal(5,2)', ['1.5', '1.50', '01.5', '+1.500'], ['15', '-1.5', '1.05', '10.5']],
  ['decimal(5,2)', ['0', '-0', '0.00', '.0', '00'], ['0.01', '-0.01', '10', '100']],
  ['double', ['1.5', '1.50', '15e-1', '1.5d', ' 1.5 '], ['1.4999999999', '-1.5']],
  ['double', ['8', '0x1p3', '0X1P3', '0x.8p4', '0x80p-4d'], ['0x1p4', '0x1.8p3', '-0x1p3']],
  ['double', ['12', '0x1.8p3', '+0x1.8p+3'], ['0x18p3']],
  ['double', ['0.1', '1e-1'], ['0.10000000149011612']],
  ['float', ['0.1', '1e-1', '0.10000000149011612'], ['0.2']],
  ['double', ['NaN'], ['nan', 'Infinity']],
  ['char(5)', ['a', 'a  '], [' a', 'A']],
  ['string', ['01'], ['1', '01 ', ' 01']],
  ['varchar(5)', ['a'], ['a ', 'A']],
])('LAK-14 (A4): of %s, %j are one value, and %j are others', (type, same, others) => {
  const canonical = (value: string) => canonicalPartitionValue(hive(type), value);
  expect(new Set(same.map(canonical)).size).toBe(1);
  const [first = ''] = same;
  for (const other of others) expect([other, canonical(other)]).not.toEqual([other, canonical(first)]);
  // What the type takes none of stays apart as text.
  expect(new Set(others.map(canonical)).size).toBe(others.length);
});
