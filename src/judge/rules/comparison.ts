import type { Comparison } from '../contract/contract.ts';

/** ODCS operators on a count; `between` leaves its bounds out, by the standard's prose. */
export function holds(comparison: Comparison, value: number): boolean {
  switch (comparison.operator) {
    case 'mustBe':
      return value === comparison.bound;
    case 'mustNotBe':
      return value !== comparison.bound;
    case 'mustBeGreaterThan':
      return value > comparison.bound;
    case 'mustBeGreaterOrEqualTo':
      return value >= comparison.bound;
    case 'mustBeLessThan':
      return value < comparison.bound;
    case 'mustBeLessOrEqualTo':
      return value <= comparison.bound;
    case 'mustBeBetween':
      return value > comparison.bounds[0] && value < comparison.bounds[1];
    case 'mustNotBeBetween':
      return !(value > comparison.bounds[0] && value < comparison.bounds[1]);
  }
}

const WORDS = {
  mustBe: 'exactly',
  mustNotBe: 'not',
  mustBeGreaterThan: 'more than',
  mustBeGreaterOrEqualTo: 'at least',
  mustBeLessThan: 'less than',
  mustBeLessOrEqualTo: 'at most',
  mustBeBetween: 'between',
  mustNotBeBetween: 'not between',
} as const satisfies Record<Comparison['operator'], string>;

/** A comparison as one would say it. */
export function inWords(comparison: Comparison, unit: string): string {
  const bound = 'bound' in comparison ? String(comparison.bound) : comparison.bounds.join(' and ');
  return `${WORDS[comparison.operator]} ${bound} ${unit}`;
}

/** `1 row has`, `7 rows have`. */
export function countPhrase(count: number): string {
  return count === 1 ? '1 row has' : `${count} rows have`;
}
