import { safeText } from '../../text/safe.ts';
import { suggest } from '../../text/suggest.ts';
import type { HiveType } from '../types/hive-type.ts';
import {
  type CalendarTime,
  type DateField,
  formatDate,
  parseDate,
  readDatePattern,
  secondsOf,
} from './date-pattern.ts';
import {
  ESCAPED,
  INTERVAL_UNITS,
  type IntervalUnit,
  isPositive,
  type KeyProjection,
  notPositive,
  type ProjectionProblem,
  type ProjectionSettings,
  problem,
  type ReadKeyProjection,
  refuse,
  shown,
} from './projection.ts';

const RELATIVE = /^\s*NOW\s*(?:([+-])\s*(\d{1,6})\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?\s*)?$/u;

/** A bound that moves with the clock: it is true of no time that a file could be judged at. */
export function isRelative(bound: string): boolean {
  return RELATIVE.test(bound);
}

/** Days that a unit has about, to tell which of two is longer. */
const UNIT_DAYS = {
  YEARS: 365,
  MONTHS: 30,
  WEEKS: 7,
  DAYS: 1,
  HOURS: 1 / 24,
  MINUTES: 1 / 1440,
  SECONDS: 1 / 86_400,
} as const satisfies Record<IntervalUnit, number>;

/** Days from now, about. */
function offsetOf(bound: string): number {
  const [, sign, count = '0', unit = 'DAY'] = RELATIVE.exec(bound) ?? [];
  return (sign === '-' ? -1 : 1) * Number(count) * UNIT_DAYS[`${unit}S` as IntervalUnit];
}

const UNIT_OF = {
  year: 'YEARS',
  month: 'MONTHS',
  day: 'DAYS',
  hour: 'HOURS',
  minute: 'MINUTES',
  second: 'SECONDS',
} as const satisfies Record<DateField, IntervalUnit>;

/** Without an interval Athena steps by days and months alone. */
const DEFAULT_UNITS: readonly IntervalUnit[] = ['DAYS', 'MONTHS'];
const SAMPLE = { year: 2026, month: 11, day: 30, hour: 23, minute: 59, second: 58 } as const;

/** Reads the settings of a key whose values are dates or times. */
export function readDate(settings: ProjectionSettings, type: HiveType): ReadKeyProjection {
  const { format = '', range = '' } = settings;
  const read = readDatePattern(format);
  if (!read.ok)
    return refuse([
      problem(
        'format',
        `format ${shown(format)} cannot be checked: ${safeText(read.problem)}`,
        read.suggestion,
      ),
    ]);
  const sample = formatDate(read.pattern, SAMPLE);
  if (type.kind === 'date' && sample !== '2026-11-30')
    return refuse([
      problem(
        'format',
        `format ${shown(format)} writes no value of a date key (${shown(sample)}): use yyyy-MM-dd, or declare the key as string`,
        'yyyy-MM-dd',
      ),
    ]);
  if (ESCAPED.test(sample))
    return refuse([
      problem(
        'format',
        `format ${shown(format)} writes ${shown(sample)}, which is not the name of one folder: use letters, digits, - and _`,
      ),
    ]);
  const finest = UNIT_OF[read.finest];
  const stepped = stepOf(settings, finest);
  const bounds = range.split(',');
  const [from = '', to = ''] = bounds.map((bound) => (isRelative(bound) ? bound.trim() : bound));
  const problems = [
    ...stepped.problems,
    ...(bounds.length === 2
      ? bounds.flatMap((bound) =>
          isRelative(bound) || parseDate(read.pattern, bound) !== undefined
            ? []
            : [wrongBound(bound, sample)],
        )
      : [wrongBound(range, sample)]),
  ];
  if (problems.length > 0) return refuse(problems);
  const { interval, unit } = stepped;
  const projection = { kind: 'date', format, from, to, interval, unit } as const;
  const wrong = orderProblem(projection) ?? startProblem(projection, finest);
  return wrong ? refuse([wrong]) : { ok: true, projection };
}

function wrongBound(bound: string, sample: string): ProjectionProblem {
  const meant = /^\s*now\b/iu.test(bound) ? bound.trim().toUpperCase() : undefined;
  return problem(
    'range',
    `${shown(bound)} is neither a date as format writes it (${shown(sample)}) nor relative to now (NOW-3YEARS, NOW): expected two of them with a comma between`,
    meant !== undefined && meant !== bound && isRelative(meant) ? meant : undefined,
  );
}

/** The step of a date, by default one day or one month; finer than what is written it would compute a folder again and again. */
function stepOf(
  { interval, 'interval.unit': stated }: ProjectionSettings,
  finest: IntervalUnit,
): {
  readonly interval: number;
  readonly unit: IntervalUnit;
  readonly problems: readonly ProjectionProblem[];
} {
  const unit = (stated?.trim().toUpperCase() ?? finest) as IntervalUnit;
  const needed = (['interval', 'interval.unit'] as const).filter(
    (setting) =>
      (setting === 'interval' ? interval : stated) === undefined && !DEFAULT_UNITS.includes(finest),
  );
  const problems = needed.map((setting) =>
    problem(
      setting,
      `${setting} is missing: Athena has a default for days and months alone, here state interval: 1 and interval.unit: ${finest}`,
    ),
  );
  if (interval !== undefined && !isPositive(interval)) problems.push(notPositive('interval', interval));
  if (!INTERVAL_UNITS.includes(unit))
    problems.push(
      problem(
        'interval.unit',
        `interval.unit ${shown(stated ?? '')} is not known: expected ${INTERVAL_UNITS.join(', ')}`,
        suggest(unit, INTERVAL_UNITS),
      ),
    );
  else if (UNIT_DAYS[unit] < UNIT_DAYS[finest])
    problems.push(
      problem(
        'interval.unit',
        `interval.unit ${unit} is finer than what format writes, so that each folder would be computed several times: use ${finest}`,
        finest,
      ),
    );
  return { interval: Number(interval ?? 1), unit, problems };
}

type DateProjection = Extract<KeyProjection, { readonly kind: 'date' }>;

function orderProblem({ from, to, format }: DateProjection): ProjectionProblem | undefined {
  if (isRelative(from) !== isRelative(to)) return undefined;
  const placeOf = (bound: string) =>
    isRelative(from) ? offsetOf(bound) : secondsOf(fixedTime(format, bound) ?? SAMPLE);
  const isInOrder = placeOf(from) < placeOf(to);
  return isInOrder ? undefined : problem('range', `${shown(from)} is not before ${shown(to)}`);
}

/** Where steps are longer than what is written, they must start from a fixed place, and at the same place in each month. */
function startProblem({ from, interval, unit, format }: DateProjection, finest: IntervalUnit) {
  if (interval === 1 && unit === finest) return undefined;
  if (isRelative(from))
    return problem(
      'range',
      `steps of ${interval} ${unit} from ${from} compute other folders each time: state a date to start from`,
    );
  const day = fixedTime(format, from)?.day ?? 1;
  return day > 28 && (unit === 'MONTHS' || unit === 'YEARS')
    ? problem(
        'range',
        `steps of ${unit} from day ${day} have no such day in every month: start from day 28 or before`,
      )
    : undefined;
}

/** The time of a bound; nothing for one that is relative to now, and for a text that the format does not write. */
export function fixedTime(format: string, bound: string): CalendarTime | undefined {
  const read = readDatePattern(format);
  return read.ok ? parseDate(read.pattern, bound) : undefined;
}
