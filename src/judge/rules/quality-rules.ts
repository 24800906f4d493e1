import type { Comparison, QualityCheck } from '../contract/contract.ts';
import type { ProofBy } from '../parquet/facts.ts';
import type { Pair } from './alignment.ts';
import { holds, inWords } from './comparison.ts';
import type { Observed } from './observed.ts';
import { type Evidence, pairFinding, type Rule } from './rule.ts';
import { countNulls, whyUnseen } from './value-answers.ts';
import { valueLength } from './value-length.ts';
import { valueRange } from './value-range.ts';

function rowCount(observed: Observed): readonly Evidence[] {
  const { rows } = observed.facts;
  return observed.expected.quality.flatMap(({ metric, comparison, severity, position }) =>
    metric === 'rowCount' && comparison && !holds(comparison, rows)
      ? [
          {
            kind: 'finding' as const,
            path: '',
            expected: inWords(comparison, 'rows'),
            actual: `${rows} rows`,
            effect: 'none' as const,
            stated: severity,
            declaredAt: { file: observed.expected.file, ...position },
          },
        ]
      : [],
  );
}

/** The first `nullValues` check of a column that has a comparison. */
function nullCheck(pair: Pair): (QualityCheck & { readonly comparison: Comparison }) | undefined {
  for (const check of pair.field.quality)
    if (check.metric === 'nullValues' && check.comparison) return { ...check, comparison: check.comparison };
  return undefined;
}

/** What the contract says of how many nulls there may be. */
export function nullShare(pair: Pair, observed: Observed): Evidence | undefined {
  const check = nullCheck(pair);
  if (check === undefined || pair.shape === undefined || observed.facts.rows === 0) return undefined;
  const counted = nullCount(pair, observed);
  if (counted === undefined) {
    const why = 'no null count that counts rows of this column';
    const unseen = pair.shape.kind === 'scalar' ? whyUnseen(observed, pair.shape.leaf.ordinal, why) : why;
    return { kind: 'unproven', path: pair.path, why: unseen };
  }
  const { count, by } = counted;
  const { rows } = observed.facts;
  const value = check.unit === 'percent' ? (100 * count) / rows : count;
  if (holds(check.comparison, value)) return { kind: 'proven', path: pair.path, by };
  const evidence = pairFinding(pair, observed, {
    expected: `nulls: ${inWords(check.comparison, check.unit)}`,
    actual: `${count} of ${rows} rows are null`,
  });
  return { ...evidence, effect: 'none', stated: check.severity } as Evidence;
}

interface Nulls {
  readonly count: number;
  readonly by: ProofBy;
}

/** Rows that are null at a place: by the footer, else by the pages. */
function nullCount(pair: Pair, observed: Observed): Nulls | undefined {
  if (pair.shape === undefined || pair.isRepeated) return undefined;
  if (pair.shape.kind === 'scalar') {
    if (!pair.shape.nullable && pair.parentsRequired) return { count: 0, by: 'statistics' };
    const count = observed.facts.rowGroups?.nullCounts[pair.shape.leaf.ordinal] ?? -1;
    if (count === 0 || (count > 0 && pair.parentsRequired)) return { count, by: 'statistics' };
  }
  // Levels tell a null of this very place from one of its parents, which is no row without it.
  const count = pair.parentsRequired ? countNulls(pair, observed) : undefined;
  return count === undefined ? undefined : { count, by: 'data' };
}

const qualityRule = { group: 'quality', severity: 'error' } as const;

export const QUALITY_RULES = [
  {
    ...qualityRule,
    id: 'row-count',
    scope: 'file',
    summary: 'the file has more or fewer rows than the contract allows one file to have',
    remedy: 'see why the job wrote so many or so few rows; the check is made per file',
    examples: {
      failing: {
        contract: ['id int', 'rowCount mustBeGreaterOrEqualTo 1'],
        file: ['optional int32 id'],
        rows: 0,
      },
      passing: {
        contract: ['id int', 'rowCount mustBeGreaterOrEqualTo 1'],
        file: ['optional int32 id'],
        rows: 1,
      },
    },
    check: rowCount,
    message: ({ expected, actual }) => `expected ${expected}, found ${actual}`,
  },
  {
    ...qualityRule,
    id: 'value-range',
    scope: 'pair',
    summary: 'values lie outside the declared minimum or maximum, by the statistics or the values themselves',
    remedy: 'fix the values, or change the limit in a new contract version',
    examples: {
      failing: {
        contract: ['amount double min=0'],
        file: ['optional double amount'],
        statistics: ['amount nulls=0 min=-1 max=5'],
      },
      passing: {
        contract: ['amount double min=0'],
        file: ['optional double amount'],
        statistics: ['amount nulls=0 min=0 max=5'],
      },
    },
    check: valueRange,
    message: ({ expected, actual }) => `values must be ${expected}, but the ${actual}`,
  },
  {
    ...qualityRule,
    id: 'null-share',
    scope: 'pair',
    summary: 'a column holds more or fewer nulls than the contract allows',
    remedy: 'fill the values before writing, or change the check in a new contract version',
    examples: {
      failing: {
        contract: ['email string nullValues mustBeLessOrEqualTo 1 percent'],
        file: ['optional binary email (STRING)'],
        statistics: ['email nulls=2'],
        rows: 100,
      },
      passing: {
        contract: ['email string nullValues mustBeLessOrEqualTo 1 percent'],
        file: ['optional binary email (STRING)'],
        statistics: ['email nulls=1'],
        rows: 100,
      },
    },
    check: nullShare,
    message: ({ expected, actual }) => `${expected}, but ${actual}`,
  },
  {
    ...qualityRule,
    id: 'value-length',
    severity: 'info',
    scope: 'pair',
    summary:
      'text is, or may be, of another length than the contract allows: Athena cuts varchar(n) and char(n) without a word',
    remedy: 'declare string with logicalTypeOptions.maxLength instead, or cut the text before writing',
    examples: {
      failing: { contract: ['code varchar(4)'], file: ['optional binary code (STRING)'] },
      passing: { contract: ['code string'], file: ['optional binary code (STRING)'] },
    },
    check: valueLength,
    message: ({ expected, actual }) => `declared ${expected}, stored as ${actual}`,
  },
] as const satisfies readonly Rule[];
