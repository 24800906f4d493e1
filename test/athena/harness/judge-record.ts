import type { Effect, Prediction } from '../../../src/judge/athena/prediction.ts';
import type { HiveType } from '../../../src/judge/types/hive-type.ts';
import type { Meanings, Variant } from './fixtures.ts';
import type { ObservationRecord, Said } from './record.ts';
import { type Right, rightValue, type Shown } from './right-value.ts';
import { shownValue } from './shown.ts';

/** What the engine did with one form of a column, in the words of a prediction. */
export interface Outcome {
  readonly projection: Prediction['projection'];
  readonly filter: Prediction['filter'];
  readonly effect: Effect;
  readonly error?: string | undefined;
  readonly filterError?: string | undefined;
}

/** The answer to one query of a record. */
export function saidTo(record: ObservationRecord, query: string): Said | undefined {
  return record.answers.find(({ of }) => of.includes(query));
}

/** The forms of a file that a record asked. */
export function variantsOf(record: ObservationRecord): readonly Variant[] {
  const names = record.answers.flatMap(({ of }) => of.map((name) => name.split('.')[0] as Variant));
  return [...new Set(names)].sort();
}

/**
 * What the answers about one form say, measured against what was written. Forms that are asked with predicates alone
 * (dictionary, bloom filter) read their values as form `a` does.
 */
export function outcomeOf(
  record: ObservationRecord,
  variant: Variant,
  meaning: Meanings[string],
  type: HiveType,
): Outcome {
  const right = meaning.values.map((logical) => rightValue(meaning.kind, logical, type));
  const selected = saidTo(record, `${variant}.select`) ?? saidTo(record, 'a.select');
  if (selected === undefined) throw new Error(`${record.id}: nobody asked for ${variant}.select`);
  const filters = ['equal', 'from', 'null'].flatMap((name) => {
    const said = saidTo(record, `${variant}.${name}`);
    return said ? [{ name, said }] : [];
  });
  if ('error' in selected) {
    const other = filters.find(({ said }) => 'error' in said && said.error !== selected.error);
    const filterError = other && 'error' in other.said ? other.said.error : undefined;
    return {
      projection: 'query-fails',
      filter: filterError ? 'filters-may-fail' : 'none',
      effect: 'query-fails',
      error: selected.error,
      filterError,
    };
  }
  const projection = isRight(selected.rows, right, type) ? 'none' : 'wrong-results';
  const { filter, filterError } = filterOutcome(filters, right, type, projection);
  const effect: Effect = projection === 'wrong-results' ? projection : filter;
  return { projection, filter, effect, filterError };
}

function isRight(rows: readonly (readonly unknown[])[], right: readonly Right[], type: HiveType): boolean {
  return rows.length === right.length && right.every((each, index) => isSame(rows[index]?.[0], each, type));
}

function isSame(raw: unknown, right: Right, type: HiveType): boolean {
  if (right.kind === 'any') return true;
  return right.kind === 'value' && sameText(shownValue(raw, type), right.value);
}

/** Numbers that are spelt differently (1E0, 1.0) are the same. */
function sameText(a: Shown, b: Shown): boolean {
  if (typeof a === 'string' && typeof b === 'string')
    return (
      a === b ||
      (/^-?[\d.]+(E-?\d+)?$/iu.test(a) &&
        /^-?[\d.]+(E-?\d+)?$/iu.test(b) &&
        a.trim() !== '' &&
        Number(a) === Number(b) &&
        /[.eE]/u.test(a + b))
    );
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A predicate that fails, or that gives other rows than the selected values answer, is harm; the worst counts. */
function filterOutcome(
  filters: readonly { readonly name: string; readonly said: Said }[],
  right: readonly Right[],
  type: HiveType,
  projection: Outcome['projection'],
): Pick<Outcome, 'filter' | 'filterError'> {
  let filterError: string | undefined;
  let isWrong = false;
  for (const { name, said } of filters) {
    if ('error' in said) filterError = said.error;
    else if (projection === 'none' && !isExpected(name, said.rows, right, type)) isWrong = true;
  }
  if (isWrong) return { filter: 'wrong-results', filterError };
  return { filter: filterError ? 'filters-may-fail' : 'none', filterError };
}

/** `equal` asks for the first value, `from` for that and what is above it, `null` for the NULLs. */
function isExpected(
  name: string,
  rows: readonly (readonly unknown[])[],
  right: readonly Right[],
  type: HiveType,
): boolean {
  const isNull = (each: Right) => each.kind === 'value' && each.value === null;
  const [low] = right;
  if (low === undefined) return true;
  const isRaw = right.some(({ kind }) => kind !== 'value') || type.kind === 'struct';
  if (isRaw) return true;
  if (name !== 'null' && isNull(low)) return rows.length === 0;
  const wanted = right.filter((each) => {
    if (name === 'null') return isNull(each);
    if (each.kind !== 'value' || low.kind !== 'value' || isNull(each)) return false;
    if (name === 'from') return isAtLeast(each.value, low.value, type);
    return JSON.stringify(each.value) === JSON.stringify(low.value);
  });
  return rows.length === wanted.length && wanted.every((each, index) => isSame(rows[index]?.[0], each, type));
}

/** As SQL orders: text by its characters, and every other value of a fixture is above its first, but NaN. */
function isAtLeast(each: Shown, low: Shown, type: HiveType): boolean {
  if (type.kind === 'string' || type.kind === 'varchar' || type.kind === 'char')
    return String(each) >= String(low);
  return each !== 'NaN';
}
