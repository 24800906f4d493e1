import { describe, expect, test } from 'vitest';
import { LOCAL_PAGE_LIMITS } from '../../src/judge/pages/limits.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { judge } from '../../src/judge/verdict/judge.ts';
import { lookDeeper } from '../../src/judge/verdict/look-deeper.ts';
import { contractOf, contractText } from '../support/contract-text.ts';
import { columnFile, int32, text } from '../support/look-into.ts';
import { memorySource } from '../support/memory-source.ts';
import { type FileSpec, parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';

/** What is found, unproven and proven of a file at depth data, in words. */
async function told(columns: string, file: FileSpec, more?: string): Promise<readonly string[]> {
  const contracts = [contractOf(contractText(columns, more === undefined ? {} : { more }))];
  const source = memorySource(parquetFile(file));
  const facts = await lookDeeper(source, await readFooter(source), {
    contracts,
    table: 't',
    depth: 'data',
    limits: LOCAL_PAGE_LIMITS,
  });
  const { verdict, findings, unproven, proven } = judge({
    contracts,
    table: 't',
    facts,
    key: {},
    now: '2026-06-15T12:00:00Z',
  });
  return [
    verdict,
    ...findings.map(({ rule, severity, expected, actual }) => `${severity} ${rule}: ${expected}: ${actual}`),
    ...unproven.map(({ why }) => `unproven: ${why}`),
    ...proven.map(({ rule }) => `proven ${rule}`),
  ];
}

const TEXT = 'optional binary c (STRING)';
const check = (what: string, type = 'string') =>
  `- { name: c, physicalType: ${type}, quality: [{ type: library, ${what} }] }`;
const words = (...values: readonly (string | undefined)[]) => columnFile(TEXT, { stored: text(...values) });

describe('DEP-6: what a check says of shares, of several conditions, and of what it cannot decide', () => {
  test('a share of invalid values', async () => {
    const column = check(
      'metric: invalidValues, mustBeLessThan: 50, unit: percent, arguments: { validValues: [a, b] }',
    );
    expect(await told(column, words('a', 'b', 'x'))).toEqual(['admit', 'proven value-invalid']);
    expect(await told(column, words('a', 'x'))).toEqual([
      'hold',
      expect.stringMatching(/^error value-invalid: invalidValues: .*: 1 of 2 are not, by the data$/u),
    ]);
  });

  test('a list and a pattern together: both must hold', async () => {
    const column = check(
      'metric: invalidValues, mustBe: 0, arguments: { validValues: [ab, AB, cd], pattern: "^[a-z]+$" }',
    );
    expect(await told(column, words('ab', 'cd'))).toEqual(['admit', 'proven value-invalid']);
    expect((await told(column, words('ab', 'AB')))[1]).toMatch(/: 1 of 2 are not, by the data$/u);
    expect((await told(column, words('ab', 'ef')))[1]).toMatch(/: 1 of 2 are not, by the data$/u);
  });

  test('a pattern alone, and one that is not run', async () => {
    const column = (pattern: string) =>
      check(`metric: invalidValues, mustBe: 0, arguments: { pattern: "${pattern}" }`);
    expect(await told(column('^a'), words('ab'))).toEqual(['admit', 'proven value-invalid']);
    const why = expect.stringMatching(/^unproven: the pattern looks around or back, or is too large/u);
    expect(await told(column('(?=a)'), words('ab'))).toEqual(['admit', why]);
    const both = check('metric: invalidValues, mustBe: 0, arguments: { validValues: [a], pattern: "(?=a)" }');
    expect(await told(both, words('a'))).toEqual(['admit', why]);
  });

  test('a pattern of numbers says nothing that can be decided', async () => {
    const column = check('metric: invalidValues, mustBe: 0, arguments: { pattern: "^1" }', 'int');
    expect(await told(column, columnFile('optional int32 c', { stored: int32(1) }))).toEqual([
      'admit',
      'unproven: its values cannot be compared with what is asked',
    ]);
    const listed = check(
      'metric: invalidValues, mustBe: 0, arguments: { validValues: [1], pattern: "^1" }',
      'int',
    );
    expect((await told(listed, columnFile('optional int32 c', { stored: int32(2) })))[0]).toBe('hold');
    expect((await told(listed, columnFile('optional int32 c', { stored: int32(1) })))[1]).toContain(
      'cannot be compared',
    );
  });

  test('booleans, and a list that holds one among numbers', async () => {
    const truths = columnFile('optional boolean c', { stored: [Uint8Array.of(1)] });
    const column = (values: string, type: string) =>
      check(`metric: invalidValues, mustBe: 0, arguments: { validValues: [${values}] }`, type);
    expect((await told(column('true', 'boolean'), truths))[0]).toBe('admit');
    expect((await told(column('false', 'boolean'), truths))[0]).toBe('hold');
    expect(
      await told(column('true, 1', 'int'), columnFile('optional int32 c', { stored: int32(1) })),
    ).toEqual(['admit', 'proven value-invalid']);
  });

  test('nulls that count as missing, in a column that can have none', async () => {
    const column = check('metric: missingValues, mustBe: 0, arguments: { missingValues: [null, ""] }');
    expect(await told(column, columnFile('required binary c (STRING)', { stored: text('a') }))).toEqual([
      'admit',
      'proven value-invalid',
    ]);
    const uncounted = columnFile(TEXT, { stored: text('a', undefined), noStatistics: true });
    expect((await told(column, uncounted))[1]).toMatch(/: 1 of 2 are missing, by the data$/u);
  });

  test('checks that no values decide are named by their id', async () => {
    const sql =
      '- { name: c, physicalType: string, quality: [{ id: own, type: sql, query: "select 1", mustBe: 1 }] }';
    expect(await told(sql, words('a'))).toEqual(['admit', 'unproven: sql check own needs the data']);
    const rule =
      '- { name: c, physicalType: string, quality: [{ type: library, rule: ownRule, mustBe: 0 }] }';
    expect(await told(rule, words('a'))).toEqual(['admit', 'unproven: library check needs the data']);
    const between = check('id: q, metric: invalidValues, mustBe: 0');
    expect(await told(between, words('a'))).toEqual([
      'admit',
      'unproven: invalidValues check q needs the data',
    ]);
  });

  test('a column with a damaged page, and nulls below a struct that may be null itself', async () => {
    const column = check('metric: invalidValues, mustBe: 0, arguments: { validValues: [a] }');
    const damaged = columnFile(TEXT, { stored: text('a'), lies: { unpackedBytes: 77 } });
    expect((await told(column, damaged)).at(-1)).toMatch(/^unproven: a page is damaged: /u);
    const struct = `- name: s
  physicalType: struct<a:string>
  logicalType: object
  properties:
    - { name: a, logicalType: string, physicalType: string, quality: [{ type: library, metric: missingValues, mustBe: 0, arguments: { missingValues: [null] } }] }`;
    const file: FileSpec = {
      schema: [parseMessage('optional group s { optional binary a (STRING); }')],
      rowGroups: [{ rows: 1, columns: { 's.a': { stored: text('x'), values: 1, nullCount: 0 } } }],
    };
    expect((await told(struct, file)).at(-1)).toBe('unproven: no null count that counts rows of this column');
  });

  test('nulls of a struct, and of what lies in a list', async () => {
    const struct =
      '- { name: s, physicalType: "struct<a:int>", quality: [{ type: library, metric: nullValues, mustBe: 0 }] }';
    const file: FileSpec = {
      schema: [parseMessage('optional group s { optional int32 a; }')],
      rowGroups: [{ rows: 2, columns: { 's.a': { stored: int32(1, undefined), values: 2, nullCount: 1 } } }],
    };
    // The null stands at level 1: the struct is there, its field is not.
    expect((await told(struct, file))[0]).toBe('admit');
    const list = `- name: c
  physicalType: array<int>
  logicalType: array
  items: { physicalType: int, logicalType: integer, quality: [{ type: library, metric: nullValues, mustBe: 0 }] }`;
    const lists: FileSpec = {
      schema: [parseMessage('optional group c (LIST) { repeated group list { optional int32 element } }')],
      rowGroups: [{ rows: 1, columns: { 'c.list.element': { values: 1, nullCount: 0 } } }],
    };
    expect((await told(list, lists)).at(-1)).toBe('unproven: no null count that counts rows of this column');
  });

  test('a share of duplicates, and a check with an id', async () => {
    const column = (limit: number) =>
      check(`id: dup, metric: duplicateValues, mustBeLessThan: ${limit}, unit: percent`, 'int');
    const file = columnFile('optional int32 c', { stored: int32(1, 1, 2, 3) });
    expect(await told(column(26), file)).toEqual(['admit', 'proven value-duplicate']);
    expect((await told(column(25), file))[1]).toMatch(
      /: 1 row has a value that an earlier row has, by the data$/u,
    );
    const strange = `quality: [{ id: dup, type: library, metric: duplicateValues, mustBe: 0, arguments: { properties: [c, gone] } }]`;
    expect((await told('- { name: c, physicalType: int }', file, strange)).at(-1)).toContain('dup');
  });

  test('lengths with one end alone', async () => {
    const column = (options: string) =>
      `- { name: c, physicalType: string, logicalType: string, logicalTypeOptions: { ${options} } }`;
    expect(await told(column('minLength: 2'), words('ab', undefined))).toEqual([
      'admit',
      'proven value-length',
    ]);
    expect((await told(column('minLength: 2'), words('a')))[1]).toContain('text of at least 2 characters');
    expect(await told(column('maxLength: 2'), words('ab'))).toEqual(['admit', 'proven value-length']);
    expect((await told(column('maxLength: 1'), words('ab')))[1]).toContain('text of 0 to 1 characters');
  });

  test('a file without rows keeps every share', async () => {
    const file: FileSpec = { schema: [parseMessage(TEXT)], rowGroups: [] };
    const column = check(
      'metric: invalidValues, mustBeLessThan: 1, unit: percent, arguments: { validValues: [a] }',
    );
    expect((await told(column, file))[0]).toBe('admit');
    expect((await told(check('metric: duplicateValues, mustBeLessThan: 1, unit: percent'), file))[0]).toBe(
      'admit',
    );
  });
});
