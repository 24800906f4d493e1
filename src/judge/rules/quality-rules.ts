import type { Comparison, Limits, QualityCheck } from '../contract/contract.ts';
import { provenBounds } from '../parquet/bounds.ts';
import type { ChunkFacts } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { formatHiveType } from '../types/format-hive-type.ts';
import type { Pair } from './alignment.ts';
import { compareWithLimit } from './bounds.ts';
import type { Observed } from './observed.ts';
import { type Evidence, pairFinding, type Rule } from './rule.ts';

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

function inWords(comparison: Comparison, unit: string): string {
  const bound = 'bound' in comparison ? String(comparison.bound) : comparison.bounds.join(' and ');
  return `${WORDS[comparison.operator]} ${bound} ${unit}`;
}

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

function nullShare(pair: Pair, observed: Observed): Evidence | undefined {
  const check = nullCheck(pair);
  if (check === undefined || pair.shape === undefined || observed.facts.rows === 0) return undefined;
  const count = nullCount(pair, observed);
  if (count === undefined)
    return { kind: 'unproven', path: pair.path, why: 'no null count that counts rows of this column' };
  const { rows } = observed.facts;
  const value = check.unit === 'percent' ? (100 * count) / rows : count;
  if (holds(check.comparison, value)) return undefined;
  const evidence = pairFinding(pair, observed, {
    expected: `nulls: ${inWords(check.comparison, check.unit)}`,
    actual: `${count} of ${rows} rows are null`,
  });
  return { ...evidence, effect: 'none', stated: check.severity } as Evidence;
}

function nullCount(pair: Pair, observed: Observed): number | undefined {
  if (pair.shape?.kind !== 'scalar' || pair.isRepeated) return undefined;
  if (!pair.shape.nullable && pair.parentsRequired) return 0;
  const count = observed.facts.rowGroups?.nullCounts[pair.shape.leaf.ordinal] ?? -1;
  return count < 0 || (count > 0 && !pair.parentsRequired) ? undefined : count;
}

/** Each limit, the bound that decides it, and the sign of (bound − limit) that keeps it. */
const RANGE = [
  { key: 'minimum', side: 'min', keeps: (sign: number) => sign >= 0, words: 'at least' },
  { key: 'exclusiveMinimum', side: 'min', keeps: (sign: number) => sign > 0, words: 'more than' },
  { key: 'maximum', side: 'max', keeps: (sign: number) => sign <= 0, words: 'at most' },
  { key: 'exclusiveMaximum', side: 'max', keeps: (sign: number) => sign < 0, words: 'less than' },
] as const satisfies readonly {
  readonly key: keyof Limits;
  readonly side: 'min' | 'max';
  readonly keeps: (sign: number) => boolean;
  readonly words: string;
}[];

function valueRange(pair: Pair, observed: Observed): Evidence | undefined {
  const stated = RANGE.filter(({ key }) => pair.field.limits[key] !== undefined);
  if (stated.length === 0 || pair.shape?.kind !== 'scalar') return undefined;
  const { leaf } = pair.shape;
  const chunks = observed.chunks(leaf.ordinal);
  if (chunks === undefined) return { kind: 'unproven', path: pair.path, why: 'the row groups were not read' };
  let unproven: Evidence | undefined;
  const isFloating = /^(FLOAT|DOUBLE)$/u.test(leaf.physicalType) || leaf.annotation?.kind === 'FLOAT16';
  for (const chunk of isFloating ? chunks : []) {
    if (chunk.values === 0 || chunk.nullCount === chunk.values || chunk.nanCount === 0) continue;
    if (chunk.nanCount === undefined)
      unproven ??= { kind: 'unproven', path: pair.path, why: 'no count of NaN, which lies in no range' };
    else return withNaN(pair, observed, chunk);
  }
  for (const { key, side, keeps, words } of stated) {
    const limit = pair.field.limits[key] ?? 0;
    for (const chunk of chunks) {
      if (chunk.values === 0 || chunk.nullCount === chunk.values) continue;
      const bound = provenBounds(chunk, leaf, observed.facts.rowGroups?.orderKnown[leaf.ordinal] ?? false)[
        side
      ];
      const sign = bound && compareWithLimit(bound.value, limit, leaf);
      if (bound === undefined || sign === undefined)
        unproven ??= { kind: 'unproven', path: pair.path, why: `no ${side} in the statistics` };
      else if (!keeps(sign)) {
        // A shortened bound lies outside the values: it proves nothing about any of them.
        if (bound.exact !== false) return outOfRange(pair, observed, chunk, side, `${words} ${limit}`);
        unproven ??= { kind: 'unproven', path: pair.path, why: `the ${side} in the statistics is not exact` };
      }
    }
  }
  return unproven;
}

function withNaN(pair: Pair, observed: Observed, { nanCount, rowGroup }: ChunkFacts): Evidence {
  const evidence = pairFinding(pair, observed, {
    expected: 'numbers in a range',
    actual: `row group ${rowGroup} has ${nanCount} NaN, by its statistics`,
  });
  return { ...evidence, effect: 'none', stated: 'error' } as Evidence;
}

function outOfRange(
  pair: Pair,
  observed: Observed,
  chunk: ChunkFacts,
  side: 'min' | 'max',
  expected: string,
): Evidence {
  // The value itself is data of the user's: it stays out of findings, which travel to logs and pages.
  const evidence = pairFinding(pair, observed, {
    expected,
    actual: `${side} of row group ${chunk.rowGroup} lies outside, by its statistics`,
  });
  return { ...evidence, effect: 'none', stated: 'error' } as Evidence;
}

function valueLength(pair: Pair, observed: Observed): Evidence | undefined {
  if (pair.shape?.kind !== 'scalar') return undefined;
  const { type } = pair.field;
  if ((type.kind === 'varchar' || type.kind === 'char') && (pair.prediction?.effect ?? 'none') !== 'none') {
    const { leaf } = pair.shape;
    if (leaf.annotation === undefined || !TEXT.has(leaf.annotation.kind)) return undefined;
    return pairFinding(pair, observed, {
      expected: formatHiveType(type),
      actual: 'text of any length',
    });
  }
  const { minLength, maxLength } = pair.field.limits;
  if (minLength === undefined && maxLength === undefined) return undefined;
  return minLength === undefined && maxLength !== undefined && isShort(pair.shape.leaf, maxLength, observed)
    ? undefined
    : { kind: 'unproven', path: pair.path, why: 'statistics bound the order of text, not its length' };
}

const TEXT: ReadonlySet<string> = new Set(['STRING', 'ENUM', 'JSON']);

/** All values of a chunk together are no longer than one may be: only then do size statistics prove the length. */
function isShort(leaf: LeafNode, maxLength: number, observed: Observed): boolean {
  const chunks = observed.chunks(leaf.ordinal);
  return (
    chunks?.every(
      ({ nullCount, values, unencodedByteArrayBytes }) =>
        nullCount === values || (unencodedByteArrayBytes ?? Number.POSITIVE_INFINITY) <= maxLength,
    ) ?? false
  );
}

/** Checks that no footer can decide: reported, so that nobody believes they were made. They never hold a file. */
function qualityUnproven(observed: Observed): readonly Evidence[] {
  const unproven = (path: string, checks: readonly QualityCheck[], decidable: string): Evidence[] =>
    checks
      .filter(({ metric, comparison }) => metric !== decidable || comparison === undefined)
      .map(({ id, type, metric }) => ({
        kind: 'unproven',
        path,
        why: `${type === 'library' ? (metric ?? type) : type} check${id ? ` ${id}` : ''} needs the data`,
      }));
  return [
    ...unproven('', observed.expected.quality, 'rowCount'),
    ...observed.alignment.pairs.flatMap(({ path, field }) => [
      ...unproven(path, field.quality, 'nullValues'),
      ...(field.unique ? [{ kind: 'unproven' as const, path, why: 'uniqueness needs the data' }] : []),
      ...(field.limits.pattern === undefined
        ? []
        : [{ kind: 'unproven' as const, path, why: 'the pattern needs the data' }]),
    ]),
  ];
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
    summary: 'the statistics say that values lie outside the declared minimum or maximum',
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
    summary: 'text may be longer than varchar(n) or char(n) allows: Athena cuts it without a word',
    remedy: 'declare string with logicalTypeOptions.maxLength instead, or cut the text before writing',
    examples: {
      failing: { contract: ['code varchar(4)'], file: ['optional binary code (STRING)'] },
      passing: { contract: ['code string'], file: ['optional binary code (STRING)'] },
    },
    check: valueLength,
    message: ({ expected, actual }) => `declared ${expected}, stored as ${actual}`,
  },
  {
    ...qualityRule,
    id: 'quality-unproven',
    severity: 'info',
    scope: 'file',
    summary: 'a quality check of the contract that no footer can decide',
    remedy: 'run the check on the data after the file is admitted',
    examples: {
      failing: { contract: ['id int duplicateValues mustBe 0 rows'], file: ['optional int32 id'] },
      passing: { contract: ['id int'], file: ['optional int32 id'] },
    },
    check: qualityUnproven,
    message: ({ actual }) => actual,
  },
] as const satisfies readonly Rule[];
