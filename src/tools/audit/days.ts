import type { DayCount } from './audit-report.ts';
import { REST } from './causes.ts';

export type CountedDay = { -readonly [Key in keyof DayCount]: DayCount[Key] };

/** Beyond so many cells, further partitions of a day share one; beyond twice as many, all days of a table do. */
const MAX_CELLS = 5_000;

/** Counts a held file, in bounded memory. */
export function countHeld(days: Map<string, CountedDay>, table: string, partition: string): void {
  cellOf(days, table, splitDay(partition)).hold++;
}

function cellOf(
  days: Map<string, CountedDay>,
  table: string,
  place: Pick<DayCount, 'day' | 'partition'>,
): CountedDay {
  const steps = [
    { ...place, limit: MAX_CELLS },
    { day: place.day, partition: REST, limit: 2 * MAX_CELLS },
    { day: REST, partition: REST, limit: Number.POSITIVE_INFINITY },
  ];
  for (const { limit, ...at } of steps) {
    const key = JSON.stringify([table, at.day, at.partition]);
    const known = days.get(key);
    if (known) return known;
    if (days.size >= limit) continue;
    const cell: CountedDay = { table, ...at, hold: 0 };
    days.set(key, cell);
    return cell;
  }
  throw new RangeError('the last step has no limit');
}

const DATE = /^(\d{4})-?(\d{2})-?(\d{2})(?!\d)/u;

/**
 * The day that a partition folder names, in one folder (`dt=2026-10-02/`, `dt=20261002/`) or in three (`year=2026/month=10/day=2/`),
 * and the folders besides.
 */
export function splitDay(folder: string): Pick<DayCount, 'day' | 'partition'> {
  const parts = folder.split('/').filter((part) => part !== '');
  const textOf = (part: string) => part.slice(part.indexOf('=') + 1);
  const rest = (...taken: readonly (string | undefined)[]) =>
    parts
      .filter((part) => !taken.includes(part))
      .map((part) => `${part}/`)
      .join('');
  const dated = parts.find((part) => part.includes('=') && DATE.test(textOf(part)));
  if (dated !== undefined) {
    const [, year, month, day] = DATE.exec(textOf(dated)) ?? [];
    return { day: `${year}-${month}-${day}`, partition: rest(dated) };
  }
  const [year, month, day] = [/^year=\d{4}$/iu, /^month=\d{1,2}$/iu, /^day=\d{1,2}$/iu].map((pattern) =>
    parts.find((part) => pattern.test(part)),
  );
  if (year === undefined || month === undefined || day === undefined) return { day: '', partition: folder };
  const two = (part: string) => textOf(part).padStart(2, '0');
  return { day: `${textOf(year)}-${two(month)}-${two(day)}`, partition: rest(year, month, day) };
}
