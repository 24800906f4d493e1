import { describe, expect, test } from 'vitest';
import { type CountedDay, countHeld, splitDay } from '../../src/tools/audit/days.ts';

describe('AUD-1 the day of a partition', () => {
  test.each([
    ['dt=2026-10-02/country=DE/', '2026-10-02', 'country=DE/'],
    ['country=DE/dt=20261002/', '2026-10-02', 'country=DE/'],
    ['at=2026-10-02 11%3A00%3A00/', '2026-10-02', ''],
    ['year=2026/month=1/day=2/hour=03/', '2026-01-02', 'hour=03/'],
    ['Year=2026/Month=11/Day=30/', '2026-11-30', ''],
    ['year=2026/month=11/', '', 'year=2026/month=11/'],
    ['batch=202610021/', '', 'batch=202610021/'],
    ['2026-10-02/', '', '2026-10-02/'],
    ['country=DE/', '', 'country=DE/'],
    ['', '', ''],
  ])('%s', (folder, day, partition) => {
    expect(splitDay(folder)).toEqual({ day, partition });
  });
});

describe('AUD-7 held files by day', () => {
  const counted = (...folders: readonly string[]) => {
    const days = new Map<string, CountedDay>();
    for (const folder of folders) countHeld(days, 't', folder);
    return [...days.values()];
  };

  test('files of one partition on one day are one cell', () => {
    expect(counted('dt=2026-01-01/c=A/', 'dt=2026-01-01/c=A/', 'dt=2026-01-01/c=B/', '')).toEqual([
      { table: 't', day: '2026-01-01', partition: 'c=A/', hold: 2 },
      { table: 't', day: '2026-01-01', partition: 'c=B/', hold: 1 },
      { table: 't', day: '', partition: '', hold: 1 },
    ]);
  });

  test('beyond the bound partitions share a cell of their day, and none is lost', () => {
    const folders = Array.from(
      { length: 20_000 },
      (_, index) => `dt=2026-01-0${(index % 2) + 1}/c=${index}/`,
    );
    const cells = counted(...folders);
    expect(cells).toHaveLength(5_002);
    expect(cells.slice(-2)).toEqual([
      { table: 't', day: '2026-01-01', partition: '…', hold: 7_500 },
      { table: 't', day: '2026-01-02', partition: '…', hold: 7_500 },
    ]);
  });

  test('beyond twice the bound, days share one', () => {
    // Five thousand cells, then as many days of their own, then two that have no room left.
    const days = Array.from(
      { length: 10_002 },
      (_, index) => `dt=${1000 + Math.floor(index / 10)}-01-${10 + (index % 10)}/c=${index}/`,
    );
    const cells = counted(...days);
    expect(cells).toHaveLength(10_001);
    expect(cells[5_000]).toEqual({ table: 't', day: '1500-01-10', partition: '…', hold: 1 });
    expect(cells.at(-1)).toEqual({ table: 't', day: '…', partition: '…', hold: 2 });
  });
});
