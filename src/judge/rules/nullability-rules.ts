import type { ProofBy } from '../parquet/facts.ts';
import type { FileShape } from '../parquet/shape.ts';
import { nodeOf, type Pair } from './alignment.ts';
import type { Observed } from './observed.ts';
import { type Evidence, pairFinding, type Rule } from './rule.ts';
import { countNulls, levelsOnce, whyUnseen } from './value-answers.ts';

/** What the footer says about nulls at one place. */
type Nulls =
  | { readonly kind: 'none'; readonly by?: ProofBy }
  | { readonly kind: 'some'; readonly count: number }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Null counts count leaf slots, so nesting changes their meaning: zero under structs alone proves that nothing is
 * null; more than zero may be rows whose parent is null; under a list or map the number proves nothing.
 */
function nullsOf(pair: Pair, shape: FileShape, observed: Observed): Nulls {
  if (!shape.nullable || observed.facts.rows === 0) return { kind: 'none' };
  const byFooter = nullsByFooter(pair, shape, observed);
  if (byFooter.kind !== 'unknown') return byFooter;
  const counted = countNulls(pair, observed);
  if (counted === undefined) {
    const ordinal = levelsOnce(observed).get(nodeOf(shape))?.ordinal ?? -1;
    return { kind: 'unknown', why: whyUnseen(observed, ordinal, byFooter.why) };
  }
  return counted === 0 ? { kind: 'none', by: 'data' } : { kind: 'some', count: counted };
}

function nullsByFooter(pair: Pair, shape: FileShape, observed: Observed): Nulls {
  if (pair.isRepeated) return { kind: 'unknown', why: 'under a list or map, null counts prove nothing' };
  if (shape.kind === 'struct') return nullsOfStruct(shape, observed);
  if (shape.kind !== 'scalar')
    return { kind: 'unknown', why: 'null counts do not tell null lists from empty ones' };
  const { rowGroups } = observed.facts;
  if (rowGroups === undefined) return { kind: 'unknown', why: 'the row groups were not read' };
  const count = rowGroups.nullCounts[shape.leaf.ordinal] ?? -1;
  if (count < 0) return { kind: 'unknown', why: 'no null count in the statistics' };
  if (count === 0) return { kind: 'none', by: 'statistics' };
  return pair.parentsRequired
    ? { kind: 'some', count }
    : { kind: 'unknown', why: `${count} nulls counted, which may be rows whose parent is null` };
}

/** A struct has no null count of its own; one leaf in it that is never null proves that the struct never is. */
function nullsOfStruct(shape: Extract<FileShape, { readonly kind: 'struct' }>, observed: Observed): Nulls {
  const hasProof = (field: FileShape): boolean => {
    if (field.kind === 'struct') return field.fields.some((inner) => hasProof(inner.shape));
    return field.kind === 'scalar' && observed.facts.rowGroups?.nullCounts[field.leaf.ordinal] === 0;
  };
  return hasProof(shape)
    ? { kind: 'none' }
    : { kind: 'unknown', why: 'a struct has no null count of its own' };
}

export function requiredNulls(pair: Pair, observed: Observed): Nulls | undefined {
  return pair.field.required && pair.shape ? nullsOf(pair, pair.shape, observed) : undefined;
}

function requiredNull(pair: Pair, observed: Observed): Evidence | undefined {
  const nulls = requiredNulls(pair, observed);
  if (nulls?.kind === 'none' && nulls.by !== undefined)
    return { kind: 'proven', path: pair.path, by: nulls.by };
  if (nulls?.kind !== 'some') return undefined;
  const evidence = pairFinding(pair, observed, {
    expected: 'no nulls',
    actual: pair.isRepeated
      ? `${nulls.count} are null`
      : `${nulls.count} of ${observed.facts.rows} rows are null`,
  });
  // Nulls are read as nulls: what breaks is the contract, not the query.
  return { ...evidence, effect: 'none' } as Evidence;
}

function requiredUnproven(pair: Pair, observed: Observed): Evidence | undefined {
  const nulls = requiredNulls(pair, observed);
  return nulls?.kind === 'unknown' ? { kind: 'unproven', path: pair.path, why: nulls.why } : undefined;
}

const nullabilityRule = { group: 'nullability', scope: 'pair' } as const;

export const NULLABILITY_RULES = [
  {
    ...nullabilityRule,
    id: 'required-null',
    severity: 'error',
    summary: 'a column that the contract requires holds nulls',
    remedy: 'fill the value before writing, or drop `required` in a new contract version',
    examples: {
      failing: {
        contract: ['id string required'],
        file: ['optional binary id (STRING)'],
        statistics: ['id nulls=3'],
        rows: 10,
      },
      passing: {
        contract: ['id string required'],
        file: ['optional binary id (STRING)'],
        statistics: ['id nulls=0'],
        rows: 10,
      },
    },
    check: requiredNull,
    message: ({ actual }) => `required, but ${actual}`,
  },
  {
    ...nullabilityRule,
    id: 'required-unproven',
    severity: 'info',
    summary: 'whether a required column holds nulls cannot be told from the footer',
    remedy: 'let the writer write statistics, or mark the column REQUIRED in the file',
    examples: {
      failing: {
        contract: ['id string required'],
        file: ['optional binary id (STRING)'],
        statistics: [],
        rows: 10,
      },
      passing: { contract: ['id string required'], file: ['required binary id (STRING)'], rows: 10 },
    },
    check: requiredUnproven,
    message: ({ actual }) => `required, but not provable: ${actual}`,
  },
] as const satisfies readonly Rule[];
