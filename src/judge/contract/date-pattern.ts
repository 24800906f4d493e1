/** A date pattern in the letters of Java's `DateTimeFormatter`, as far as folders of partitions have use for it. */
export type DatePattern = readonly DatePart[];

type DatePart =
  | { readonly kind: 'literal'; readonly text: string }
  /** `digits` is fixed, or 0 for a number without leading zeros. */
  | { readonly kind: 'field'; readonly field: DateField; readonly digits: number };

/** From coarse to fine. */
export const DATE_FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
export type DateField = (typeof DATE_FIELDS)[number];

export type ReadDatePattern =
  | { readonly ok: true; readonly pattern: DatePattern; readonly finest: DateField }
  | { readonly ok: false; readonly problem: string; readonly suggestion?: string };

const FIELD_OF: Readonly<Record<string, DateField>> = {
  y: 'year',
  u: 'year',
  M: 'month',
  d: 'day',
  H: 'hour',
  m: 'minute',
  s: 'second',
};
const WORDS = {
  year: 'yyyy',
  month: 'MM',
  day: 'dd',
  hour: 'HH',
  minute: 'mm',
  second: 'ss',
} as const satisfies Record<DateField, string>;
/** Letters that mean something else than people think: week-based year, day of the year, hours from 1 or to 12. */
const MISTAKEN: Readonly<Record<string, string>> = { Y: 'y', D: 'd', h: 'H', k: 'H', K: 'H', L: 'M' };

const MAX_CHARACTERS = 64;

/**
 * Reads a pattern whose every value is one text and the other way round: numbers from the year down to some field, each
 * once, of a fixed width or followed by something else.
 */
export function readDatePattern(text: string): ReadDatePattern {
  if (text.length > MAX_CHARACTERS)
    return { ok: false, problem: `it has more than ${MAX_CHARACTERS} characters` };
  const parts: DatePart[] = [];
  for (const [token] of text.matchAll(/'(?:[^']|'')*'?|([A-Za-z])\1*|[^A-Za-z']+/gu)) {
    const part = partOf(token);
    if (typeof part === 'string') return refused(part, text);
    parts.push(part);
  }
  return whole(parts, text);
}

function partOf(token: string): DatePart | string {
  const [letter = ''] = token;
  if (letter === "'") {
    if (!/^'(?:[^']|'')*'$/u.test(token)) return `${token} is a quote that does not end`;
    return { kind: 'literal', text: token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'") };
  }
  if (!/[A-Za-z]/u.test(letter))
    return /[[\]{}#]/u.test(token)
      ? `${token} holds a character that patterns reserve`
      : { kind: 'literal', text: token };
  const field = FIELD_OF[letter];
  if (field === undefined) return `${token} is not a number from the year to the second`;
  if (field === 'year')
    return token.length === 4 ? { kind: 'field', field, digits: 4 } : 'a year has four digits (yyyy)';
  if (token.length > 2) return `${token} is not a number of one or two digits`;
  return { kind: 'field', field, digits: token.length === 2 ? 2 : 0 };
}

function whole(pattern: DatePattern, text: string): ReadDatePattern {
  const fields = pattern.flatMap((part) => (part.kind === 'field' ? [part.field] : []));
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice !== undefined) return refused(`the ${twice} stands twice`, text);
  const missing = DATE_FIELDS.slice(0, Math.max(1, fields.length)).find((field) => !fields.includes(field));
  const finest = DATE_FIELDS[fields.length - 1];
  if (missing !== undefined || finest === undefined)
    return refused(`there is no ${missing} (${WORDS[missing ?? 'year']})`, text, missing);
  const isOpen = pattern.some(
    (part, index) =>
      part.kind === 'field' && part.digits === 0 && /^(field|\d)/u.test(startOf(pattern[index + 1])),
  );
  if (isOpen)
    return refused('a number without a fixed width must be followed by something else than digits', text);
  return { ok: true, pattern, finest };
}

function startOf(part: DatePart | undefined): string {
  return part?.kind === 'literal' ? part.text : (part?.kind ?? '');
}

function refused(problem: string, text: string, missing?: DateField): ReadDatePattern {
  const unquoted = text.split(/('(?:[^']|'')*')/u);
  const corrected = unquoted
    .map((part) =>
      part.startsWith("'") ? part : part.replace(/[YDhkKL]/gu, (letter) => MISTAKEN[letter] ?? letter),
    )
    .join('');
  const monthOf = missing === 'month' ? corrected.replace(/mm/u, 'MM') : corrected;
  const suggestion = monthOf !== text && readDatePattern(monthOf).ok ? { suggestion: monthOf } : {};
  return { ok: false, problem, ...suggestion };
}

/** A moment of the calendar, coarse fields first; what a pattern does not name is where the next coarser field begins. */
export type CalendarTime = Readonly<Record<DateField, number>>;

const MOST = { hour: 23, minute: 59, second: 59 } as const satisfies Partial<Record<DateField, number>>;

/** What a text names; nothing for one that the pattern would not write, or that is on no calendar. */
export function parseDate(pattern: DatePattern, text: string): CalendarTime | undefined {
  const time = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  let at = 0;
  for (const part of pattern) {
    if (part.kind === 'literal') {
      at += part.text.length;
      continue;
    }
    const digits = /^\d+/u.exec(text.slice(at, at + (part.digits || 2)))?.[0] ?? '';
    time[part.field] = Number(digits || Number.NaN);
    at += digits.length;
  }
  const { year, month, day, hour, minute, second } = time;
  const isDay = day >= 1 && day <= daysOf(year, month);
  const isTime = hour <= MOST.hour && minute <= MOST.minute && second <= MOST.second;
  return isDay && isTime && formatDate(pattern, time) === text ? time : undefined;
}

export function formatDate(pattern: DatePattern, time: CalendarTime): string {
  return pattern
    .map((part) =>
      part.kind === 'literal' ? part.text : String(time[part.field]).padStart(part.digits, '0'),
    )
    .join('');
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

const UNIT_SECONDS = { WEEKS: 604_800, DAYS: 86_400, HOURS: 3600, MINUTES: 60, SECONDS: 1 } as const;
/** What `ChronoUnit` calls the steps of a calendar. */
export type CalendarUnit = 'YEARS' | 'MONTHS' | keyof typeof UNIT_SECONDS;

/** Whole steps from one time to another; nothing where the last one is not whole. */
export function stepsBetween(
  first: CalendarTime,
  last: CalendarTime,
  unit: CalendarUnit,
): number | undefined {
  if (unit === 'YEARS' || unit === 'MONTHS') {
    const months = monthsOf(last) - monthsOf(first);
    const { year, month } = first;
    const isWhole = secondsOf({ ...last, year, month }) === secondsOf(first);
    const steps = unit === 'YEARS' ? months / 12 : months;
    return isWhole && Number.isInteger(steps) ? steps : undefined;
  }
  const steps = (secondsOf(last) - secondsOf(first)) / UNIT_SECONDS[unit];
  return Number.isInteger(steps) ? steps : undefined;
}

/** A time some steps later. The day must be one that every month has. */
export function laterTime(first: CalendarTime, steps: number, unit: CalendarUnit): CalendarTime {
  if (unit === 'YEARS' || unit === 'MONTHS') {
    const months = monthsOf(first) + steps * (unit === 'YEARS' ? 12 : 1);
    return { ...first, year: Math.floor(months / 12), month: (months % 12) + 1 };
  }
  const { hour, minute, second } = first;
  const seconds = (hour * 60 + minute) * 60 + second + steps * UNIT_SECONDS[unit];
  let { year, month } = first;
  let day = first.day + Math.floor(seconds / 86_400);
  for (; day > daysOf(year, month); [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1])
    day -= daysOf(year, month);
  return {
    year,
    month,
    day,
    hour: Math.floor(seconds / 3600) % 24,
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
  };
}

/** Months since the beginning of the calendar. */
function monthsOf({ year, month }: CalendarTime): number {
  return year * 12 + month - 1;
}

/** Seconds since the beginning of the calendar. */
export function secondsOf({ year, month, day, hour, minute, second }: CalendarTime): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  let days = before * 365 + leapDays + day;
  for (let passed = 1; passed < month; passed++) days += daysOf(year, passed);
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}
