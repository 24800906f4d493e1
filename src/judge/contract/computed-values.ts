import { type CalendarTime, formatDate, laterTime, readDatePattern } from './date-pattern.ts';
import { fixedTime } from './date-projection.ts';
import { integerText, isProjected } from './projected-values.ts';
import type { KeyProjection } from './projection.ts';

/** Where a projection begins that knows no time of its own. */
const SOME_DAY = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } as const;

/** One of the values that are computed: neighbours differ as long as there are more. */
export function computedValue(projection: KeyProjection, index: number): string {
  switch (projection.kind) {
    case 'enum':
      return projection.values[index % projection.values.length] ?? '';
    case 'integer': {
      const { from, to, interval, digits } = projection;
      const [first, step] = [BigInt(from), BigInt(interval)];
      const count = (BigInt(to) - first) / step + 1n;
      return integerText(first + (BigInt(index) % count) * step, digits);
    }
    case 'date':
      return dateValue(projection, index);
    case 'injected':
      return projection.as === 'number' ? String(index) : `value-${index}`;
  }
}

function dateValue(projection: Extract<KeyProjection, { readonly kind: 'date' }>, index: number): string {
  const { format, from, to, interval, unit } = projection;
  const read = readDatePattern(format);
  if (!read.ok) return '';
  const first: CalendarTime = fixedTime(format, from) ?? SOME_DAY;
  const value = formatDate(read.pattern, laterTime(first, index * interval, unit));
  return isProjected(projection, value) ? value : fixedTime(format, from) ? from : to;
}

/** Values at the edges of what is computed: where another projection computes them too, it computes what is between. */
export function edgeValues(projection: KeyProjection): readonly string[] {
  if (projection.kind === 'enum') return projection.values;
  const near = [computedValue(projection, 0), computedValue(projection, 1)];
  if (projection.kind === 'injected') return near;
  const { from, to, interval } = projection;
  const last =
    projection.kind === 'date'
      ? to
      : integerText(BigInt(to) - ((BigInt(to) - BigInt(from)) % BigInt(interval)), projection.digits);
  return [...new Set([...near, ...(isProjected(projection, last) ? [last] : [])])];
}
