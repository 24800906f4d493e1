import type { QualityCheck } from '../contract/contract.ts';
import type { KeyFacts } from '../parquet/facts.ts';
import type { Pair } from './alignment.ts';
import { countPhrase, holds, inWords } from './comparison.ts';
import type { Observed } from './observed.ts';
import { type Evidence, pairFinding, type Rule } from './rule.ts';
import { uniqueKeys } from './unique-keys.ts';
import { type Count, countFailing, countNulls } from './value-answers.ts';
import { type TestedCheck, testedChecks } from './value-tests.ts';

const UNLOOKED = {
  pattern: 'the pattern needs the data',
  invalid: 'invalidValues check needs the data',
  missing: 'missingValues check needs the data',
} as const satisfies Record<TestedCheck['kind'], string>;

/** What the values of a column say to each of its checks. */
function invalidValues(observed: Observed): readonly Evidence[] {
  return observed.alignment.pairs.flatMap((pair) => {
    const { shape } = pair;
    if (shape?.kind !== 'scalar') return [];
    return testedChecks(pair.field, shape.leaf).flatMap((tested) => {
      const count = countOf(tested, pair, observed, shape.leaf.ordinal);
      return count.kind === 'unknown' ? [] : [answer(tested, count, pair, observed)];
    });
  });
}

function countOf(tested: TestedCheck, pair: Pair, observed: Observed, ordinal: number): Count {
  const { test, kind, check } = tested;
  const unlooked = check ? checkNeedsData(check) : UNLOOKED[kind];
  if (typeof test === 'string') return { kind: 'unknown', why: test };
  const failing = countFailing(observed, ordinal, test, unlooked);
  if (failing.kind === 'unknown' || kind !== 'missing' || !check?.values?.includes(null)) return failing;
  const nulls = nullsOfRows(pair, observed);
  return nulls === undefined
    ? { kind: 'unknown', why: 'no null count that counts rows of this column' }
    : { ...failing, count: failing.count + nulls };
}

function nullsOfRows(pair: Pair, observed: Observed): number | undefined {
  if (pair.shape?.kind !== 'scalar' || pair.isRepeated || !pair.parentsRequired) return undefined;
  if (!pair.shape.nullable) return 0;
  const counted = observed.facts.rowGroups?.nullCounts[pair.shape.leaf.ordinal] ?? -1;
  return counted >= 0 ? counted : countNulls(pair, observed);
}

function checkNeedsData({ id, type, metric }: QualityCheck): string {
  return `${type === 'library' ? (metric ?? type) : type} check${id ? ` ${id}` : ''} needs the data`;
}

function answer(
  { kind, check }: TestedCheck,
  { count, by }: Extract<Count, { readonly kind: 'counted' }>,
  pair: Pair,
  observed: Observed,
): Evidence {
  const { rows } = observed.facts;
  const value = check?.unit === 'percent' ? (rows === 0 ? 0 : (100 * count) / rows) : count;
  const isKept = check?.comparison ? holds(check.comparison, value) : count === 0;
  if (isKept) return { kind: 'proven', path: pair.path, by };
  const what = { pattern: 'match the pattern', invalid: 'are valid', missing: 'are not missing' }[kind];
  const evidence = pairFinding(pair, observed, {
    expected: check?.comparison
      ? `${check.metric}: ${inWords(check.comparison, check.unit)}`
      : `values that ${what}`,
    actual: `${count} of ${rows} ${kind === 'missing' ? 'are missing' : 'are not'}, by the ${by}`,
  });
  return { ...evidence, effect: 'none', stated: check?.severity ?? 'error' } as Evidence;
}

/** What the values say to each column, or columns together, that must be unique. */
function duplicates(observed: Observed): readonly Evidence[] {
  return uniqueKeys(observed).flatMap(
    ({ path, facts, comparison, unit, severity, position }): readonly Evidence[] => {
      if (
        facts?.duplicates === undefined ||
        (facts.isLeast && holds(comparison, shareOf(facts, unit, observed)))
      )
        return [];
      const { isLeast, by } = facts;
      if (holds(comparison, shareOf(facts, unit, observed))) return [{ kind: 'proven', path, by }];
      return [
        {
          kind: 'finding',
          path,
          expected: `duplicates: ${inWords(comparison, unit)}`,
          actual: `${isLeast ? 'at least ' : ''}${countPhrase(facts.duplicates)} a value that an earlier row has, by the ${by}`,
          effect: 'none',
          stated: severity,
          declaredAt: { file: observed.expected.file, ...position },
        },
      ];
    },
  );
}

function shareOf(
  { duplicates: count = 0 }: KeyFacts,
  unit: QualityCheck['unit'],
  { facts }: Observed,
): number {
  return unit === 'percent' ? (facts.rows === 0 ? 0 : (100 * count) / facts.rows) : count;
}

/** Checks that what was looked at cannot decide: reported, so that nobody believes they were made. They never hold a file. */
function qualityUnproven(observed: Observed): readonly Evidence[] {
  const unproven = (
    path: string,
    checks: readonly QualityCheck[],
    decided: ReadonlySet<string>,
  ): Evidence[] =>
    checks
      .filter(({ metric, comparison }) => comparison === undefined || !decided.has(metric ?? ''))
      .map((check) => ({ kind: 'unproven', path, why: checkNeedsData(check) }));
  return [
    ...unproven('', observed.expected.quality, OF_TABLE),
    ...observed.alignment.pairs.flatMap((pair) => {
      const { path, field, shape } = pair;
      const tested = shape?.kind === 'scalar' ? testedChecks(field, shape.leaf) : [];
      const checks = new Set(tested.map(({ check }) => check));
      const others = field.quality.filter((check) => !checks.has(check));
      return [
        ...unproven(path, others, OF_COLUMN),
        ...tested.flatMap((one): readonly Evidence[] => {
          if (shape?.kind !== 'scalar') return [];
          const count = countOf(one, pair, observed, shape.leaf.ordinal);
          return count.kind === 'unknown' ? [{ kind: 'unproven', path, why: count.why }] : [];
        }),
        ...(field.limits.pattern !== undefined && shape?.kind !== 'scalar'
          ? [{ kind: 'unproven' as const, path, why: UNLOOKED.pattern }]
          : []),
      ];
    }),
    ...uniqueKeys(observed).flatMap(({ path, facts, comparison, unit, name }): readonly Evidence[] => {
      if (
        facts?.duplicates !== undefined &&
        !(facts.isLeast && holds(comparison, shareOf(facts, unit, observed)))
      )
        return [];
      return [{ kind: 'unproven', path, why: facts?.why ?? `${name} needs the data` }];
    }),
  ];
}

/** What other rules decide. */
const OF_TABLE: ReadonlySet<string> = new Set(['rowCount', 'duplicateValues']);
const OF_COLUMN: ReadonlySet<string> = new Set(['nullValues', 'duplicateValues']);

const qualityRule = { group: 'quality', scope: 'file' } as const;

export const VALUE_RULES = [
  {
    ...qualityRule,
    id: 'value-invalid',
    severity: 'error',
    summary:
      'values are not listed, do not match the pattern or stand for nothing, by a dictionary or the data',
    remedy: 'fix the values, or change the check in a new contract version',
    examples: {
      failing: {
        contract: ['status string pattern=^(open|paid)$'],
        file: ['optional binary status (STRING)'],
        values: ['status open,paid,lost'],
      },
      passing: {
        contract: ['status string pattern=^(open|paid)$'],
        file: ['optional binary status (STRING)'],
        values: ['status open,paid,open'],
      },
    },
    check: invalidValues,
    message: ({ expected, actual }) => `expected ${expected}, but ${actual}`,
  },
  {
    ...qualityRule,
    id: 'value-duplicate',
    severity: 'error',
    summary:
      'a value that must be unique stands in more than one row of the file, by a dictionary or the data',
    remedy: 'write each key once; the check is made per file',
    examples: {
      failing: {
        contract: ['id string unique'],
        file: ['optional binary id (STRING)'],
        values: ['id a,b,a'],
      },
      passing: {
        contract: ['id string unique'],
        file: ['optional binary id (STRING)'],
        values: ['id a,b,c'],
      },
    },
    check: duplicates,
    message: ({ expected, actual }) => `expected ${expected}, but ${actual}`,
  },
  {
    ...qualityRule,
    id: 'quality-unproven',
    severity: 'info',
    summary: 'a quality check of the contract that cannot be decided by what was looked at',
    remedy:
      'look deeper (`--depth pages` or `data`), or run the check on the data after the file is admitted',
    examples: {
      failing: { contract: ['id int duplicateValues mustBe 0 rows'], file: ['optional int32 id'] },
      passing: { contract: ['id int'], file: ['optional int32 id'] },
    },
    check: qualityUnproven,
    message: ({ actual }) => actual,
  },
] as const satisfies readonly Rule[];
