import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DRIFTS, type Harm, VARIATIONS } from '../../bench/compare/cases.ts';
import { datacontractAnswer, type HeadgateReport, headgateAnswer } from '../../bench/compare/outcomes.ts';
import { comparisonPage, recordLines } from '../../bench/compare/page.ts';
import type { Comparison } from '../../bench/compare/result.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');
const comparison = JSON.parse(read('bench/results/comparison.json')) as Comparison;

/** What docs/athena.md says in a cell, as a drift says it; rising. */
const WORDS: readonly (readonly [word: string, harm: Harm])[] = [
  ['ok', 'none'],
  ['filter', 'filters-may-fail'],
  ['wrong', 'wrong-results'],
  ['fails', 'query-fails'],
];

/** The worst that any observed Trino answered, by record, as docs/athena.md links it. */
function worstAnswers(): ReadonlyMap<string, Harm> {
  const ranks = new Map<string, number>();
  const ids = new Map(
    readdirSync(resolve(root, 'test/athena/observed')).flatMap((file) =>
      [...recordLines(read(`test/athena/observed/${file}`))].map(([id, line]) => [`${file}#L${line}`, id]),
    ),
  );
  for (const [, word = '', link = ''] of read('docs/athena.md').matchAll(
    /\[(\w+)\]\(\.\.\/test\/athena\/observed\/([^)]+)\)/gu,
  )) {
    const id = ids.get(link);
    const rank = WORDS.findIndex(([known]) => known === word);
    if (id !== undefined && rank >= 0) ranks.set(id, Math.max(rank, ranks.get(id) ?? 0));
  }
  return new Map([...ranks].map(([id, rank]) => [id, WORDS[rank]?.[1] ?? 'none']));
}

describe('CMP-2: what a tool says of a file, counted', () => {
  const unproven = [{ rule: 'value-range', path: 'a', why: 'no min' }];
  const finding = { rule: 'type-widened', path: 'a', message: 'declared int', effect: 'none' };
  const one = (file: Partial<HeadgateReport['files'][number]>): HeadgateReport => ({
    files: [{ verdict: 'admit', ...file }],
    errors: [],
  });

  test.each([
    ['held', one({ verdict: 'hold', findings: [finding] }), 'a', 'stops', 'type-widened at a: declared int'],
    ['not judged', { files: [], errors: [{ message: 'gone' }] }, 'a', 'stops', 'gone'],
    [
      'admitted with a finding',
      one({ findings: [finding], unproven }),
      'a',
      'tells',
      'type-widened at a: declared int',
    ],
    ['unproven at this place', one({ unproven }), 'a', 'not checked', 'unproven: no min'],
    ['unproven at another', one({ unproven }), 'b', 'silent', ''],
    ['unproven, and the file as a whole is asked about', one({ unproven }), undefined, 'silent', ''],
  ] as const)('Headgate: %s', (_, report, path, outcome, says) => {
    expect(headgateAnswer(report, path)).toEqual({ outcome, says });
  });

  const check = (result: string | null, reason: string | null, field = 'm[value]') => ({
    ...{ name: 'Check m', type: 'field_type', field },
    ...{ result, reason },
  });
  const skipped = check('warning', 'Checking types in parquet files is not supported yet.');

  test.each([
    ['a failed check', 'failed', [check('failed', 'was 3'), skipped], true, 'stops', 'Check m: was 3'],
    [
      'a warning of its own',
      'warning',
      [check('warning', 'no object'), skipped],
      true,
      'tells',
      'Check m: no object',
    ],
    ['types that it does not check', 'warning', [skipped], true, 'not checked', skipped.reason],
    ['the same, where types are not the matter', 'warning', [skipped], false, 'silent', ''],
    ['the same, of another column', 'warning', [{ ...skipped, field: 'x' }], true, 'silent', ''],
    ['nothing', 'passed', [check('passed', null)], true, 'silent', ''],
  ] as const)('datacontract-cli: %s', (_, result, checks, isType, outcome, says) => {
    expect(datacontractAnswer({ result, checks }, 'm{}', isType)).toEqual({ outcome, says });
  });
});

describe('CMP-1: docs/comparison.md', () => {
  test('is what the kept results give', () => {
    const lines = recordLines(read('test/athena/observed/435.json'));
    expect(read('docs/comparison.md')).toBe(comparisonPage(comparison, lines));
  });

  test('has an answer of each tool to each of at least 40 drifts and 10 good files, and to no other', () => {
    const ids = [...DRIFTS, ...VARIATIONS].map(({ id }) => id);
    expect(DRIFTS.length).toBeGreaterThanOrEqual(40);
    expect(VARIATIONS.length).toBeGreaterThanOrEqual(10);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(comparison.answers).sort()).toEqual(ids.toSorted());
    for (const answers of Object.values(comparison.answers))
      expect(Object.keys(answers).sort()).toEqual(['files', 'headgate', 'view']);
  });

  test('has drifts of every kind, also those that only a reader of the data finds', () => {
    const counts = new Map<string, number>();
    for (const { group } of DRIFTS) counts.set(group, (counts.get(group) ?? 0) + 1);
    for (const group of ['file', 'column', 'type', 'nested', 'partition', 'footer', 'data'])
      expect([group, (counts.get(group) ?? 0) >= 5]).toEqual([group, true]);
  });

  const answers = worstAnswers();
  test.each(
    DRIFTS.flatMap(({ id, harm, proof }) => ('records' in proof ? [[id, harm, proof.records] as const] : [])),
  )('%s: a real Trino answered as it says', (_, harm, records) => {
    expect(records.map((record) => answers.get(record))).toEqual(records.map(() => harm));
  });

  // Each file is one of the forms that were observed: where another form of the same types reads wrong, the case says why.
  test.each(
    VARIATIONS.flatMap(({ id, proof }) => ('records' in proof ? [[id, proof.records] as const] : [])),
  )('%s: a real Trino read it right', (_, records) => {
    expect(records.map((record) => answers.get(record))).toEqual(records.map(() => 'none'));
  });

  test('what is said carries no path of the machine that ran it', () => {
    const said = Object.values(comparison.answers).flatMap((answers) => Object.values(answers));
    expect(said.filter(({ says }) => /\/(tmp|home|root|Users|var)\//u.test(says))).toEqual([]);
  });
});
