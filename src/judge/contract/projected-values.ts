import { secondsOf, stepsBetween } from './date-pattern.ts';
import { fixedTime, isRelative } from './date-projection.ts';
import { ESCAPED, type KeyProjection } from './projection.ts';

type Projects<Kind extends KeyProjection['kind']> = (
  projection: Extract<KeyProjection, { readonly kind: Kind }>,
  value: string,
) => boolean;

const PROJECTS = {
  enum: ({ values }, value) => values.includes(value),
  integer: projectsInteger,
  date: projectsDate,
  injected: ({ as }, value) =>
    as === 'number'
      ? /^(0|-?[1-9]\d{0,18})$/u.test(value)
      : value !== '' && !ESCAPED.test(value) && value !== HIVE_NULL,
} as const satisfies { readonly [Kind in KeyProjection['kind']]: Projects<Kind> };

/** A query that asks for NULL asks for no value. */
const HIVE_NULL = '__HIVE_DEFAULT_PARTITION__';

/**
 * Whether Athena computes the folder of a value, as it is written there: to the letter, so that `2026-1-5` is not
 * `2026-01-05`. A bound that moves with the clock lets everything through on its side.
 */
export function isProjected(projection: KeyProjection, value: string): boolean {
  return (PROJECTS[projection.kind] as Projects<KeyProjection['kind']>)(projection as never, value);
}

function projectsInteger(
  { from, to, interval, digits }: Extract<KeyProjection, { readonly kind: 'integer' }>,
  value: string,
): boolean {
  if (!/^-?\d{1,40}$/u.test(value)) return false;
  const number = BigInt(value);
  const isInRange = number >= BigInt(from) && number <= BigInt(to);
  return (
    isInRange && (number - BigInt(from)) % BigInt(interval) === 0n && integerText(number, digits) === value
  );
}

/** As Java's `%0<digits>d`: the sign takes one of the digits. */
export function integerText(number: bigint, digits: number): string {
  return number < 0n ? `-${String(-number).padStart(digits - 1, '0')}` : String(number).padStart(digits, '0');
}

function projectsDate(
  { format, from, to, interval, unit }: Extract<KeyProjection, { readonly kind: 'date' }>,
  value: string,
): boolean {
  const time = fixedTime(format, value);
  if (time === undefined) return false;
  const [first, last] = [from, to].map((bound) => (isRelative(bound) ? undefined : fixedTime(format, bound)));
  if (last && secondsOf(time) > secondsOf(last)) return false;
  // From a start that moves, each value that the format can write is a step: nothing else is read as a projection.
  if (first === undefined) return true;
  const steps = stepsBetween(first, time, unit);
  return steps !== undefined && steps >= 0 && steps % interval === 0;
}

/**
 * Whether all that `before` computes is computed by `after` too. What cannot be told is not: another way of computing, or a
 * bound that becomes relative to now.
 */
export function covers(after: KeyProjection, before: KeyProjection): boolean {
  if (before.kind === 'enum')
    return after.kind !== 'injected' && before.values.every((value) => isProjected(after, value));
  if (before.kind === 'integer' && after.kind === 'integer')
    return (
      after.digits === before.digits &&
      BigInt(before.interval) % BigInt(after.interval) === 0n &&
      isProjected(after, integerText(BigInt(before.from), after.digits)) &&
      BigInt(before.to) <= BigInt(after.to)
    );
  if (before.kind === 'date' && after.kind === 'date')
    return (
      after.format === before.format &&
      after.unit === before.unit &&
      before.interval % after.interval === 0 &&
      (after.from === before.from || (!isRelative(before.from) && isProjected(after, before.from))) &&
      (after.to === before.to || isLater(before.format, after.to, before.to))
    );
  return before.kind === 'injected' && after.kind === 'injected' && after.as === before.as;
}

function isLater(format: string, after: string, before: string): boolean {
  const [a, b] = [fixedTime(format, after), fixedTime(format, before)];
  return a !== undefined && b !== undefined && secondsOf(a) >= secondsOf(b);
}

const SHOWN_VALUES = 10;

/** What is computed, for people: `yyyy-MM-dd from 2021-01-01 to NOW`. */
export function projectionText(projection: KeyProjection): string {
  switch (projection.kind) {
    case 'enum': {
      const { values } = projection;
      const more = values.length > SHOWN_VALUES ? ` and ${values.length - SHOWN_VALUES} more` : '';
      return `one of ${values.slice(0, SHOWN_VALUES).join(', ')}${more}`;
    }
    case 'integer': {
      const { from, to, interval, digits } = projection;
      const [least, greatest] = [from, to].map((bound) => integerText(BigInt(bound), digits));
      return `a number from ${least} to ${greatest}${interval === '1' ? '' : `, every ${interval}`}`;
    }
    case 'date': {
      const { format, from, to, interval, unit } = projection;
      const words = unit.toLowerCase();
      const steps = interval === 1 ? `each ${words.slice(0, -1)}` : `every ${interval} ${words}`;
      return `${format} from ${from} to ${to}, ${steps}`;
    }
    case 'injected':
      return projection.as === 'number' ? 'a whole number' : 'a value that needs no escape';
  }
}
