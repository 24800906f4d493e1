import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ruleRecords } from '../../src/face/cli/contract/rule-records.ts';
import { renderRules } from '../../src/face/report/rules.ts';
import { FILE_RULE_IDS, RULE_IDS } from '../../src/judge/contract/vocabulary.ts';
import { RULES, ruleOf } from '../../src/judge/rules/catalogue.ts';
import { compareExample } from '../support/catalog-example.ts';
import { reviseExample } from '../support/revision-example.ts';
import { judgeExample } from '../support/run-example.ts';

const FILE_RULES = RULES.filter(({ group }) => group !== 'catalog' && group !== 'revision');
const CATALOG_RULES = RULES.filter(({ group }) => group === 'catalog');
const REVISION_RULES = RULES.filter(({ group }) => group === 'revision');

describe('RUL-1: the catalogue', () => {
  test('has one record for each id', () => {
    expect(RULES.map(({ id }) => id).sort()).toEqual([...RULE_IDS].sort());
    expect(ruleOf('type-changed').group).toBe('type');
    expect(RULES.filter(({ group }) => group === 'file').map(({ id }) => id)).toEqual(FILE_RULE_IDS);
  });

  test('pins the ids: they are public and never renamed', () => {
    expect([...RULE_IDS].sort().join(' ')).toBe(
      'annotation-misplaced catalog-collision catalog-drift codec-unsupported column-added column-ambiguous column-encrypted column-missing column-order column-removed column-renamed column-unexpected decimal-digits-reduced decimal-scale-reduced documentation-changed encoding-unsupported field-missing field-unexpected file-encrypted file-not-parquet file-stray file-truncated file-unmatched footer-contradictory footer-malformed footer-too-large index-access integer-unsigned list-legacy location-changed logical-type-unsupported map-shape nesting-changed null-share page-damaged partition-column-in-file partition-elsewhere partition-path partition-projection partition-schema-stale partition-value partitioning-changed policy-changed quality-changed quality-unproven readability required-null required-unproven row-count table-added table-format-foreign table-removed timestamp-unit timestamp-zone type-changed type-narrowed type-null type-widened value-duplicate value-invalid value-length value-range version-not-bumped',
    );
  });

  test.each(FILE_RULES)('$id fires on its failing example', async ({ id, examples, message }) => {
    const { findings, unproven } = await judgeExample(examples.failing);
    const finding = findings.find(({ rule }) => rule === id);
    expect(finding ?? unproven.find(({ rule }) => rule === id)).toMatchObject({ rule: id });
    if (finding) expect(message(finding)).toMatch(/^[a-z0-9"`].*[^.]$/u);
  });

  test.each(FILE_RULES)('$id does not fire on its passing example', async ({ id, examples }) => {
    const { findings, unproven } = await judgeExample(examples.passing);
    expect([...findings, ...unproven].filter(({ rule }) => rule === id)).toEqual([]);
  });

  test.each(CATALOG_RULES)(
    '$id fires on its failing catalog, and only there',
    ({ id, examples, message }) => {
      const failing = compareExample(examples.failing);
      expect(failing.map(({ rule }) => rule)).toEqual([id]);
      for (const difference of failing) expect(message(difference)).toMatch(/^[a-z].*[^.]$/u);
      expect(compareExample(examples.passing)).toEqual([]);
    },
  );

  test.each(REVISION_RULES)('$id fires on its failing revision', ({ id, examples, message }) => {
    const found = reviseExample(examples.failing).changes.filter(({ rule }) => rule === id);
    expect(found).toHaveLength(1);
    for (const change of found) expect(message({ ...change, effect: 'none' })).toMatch(/^[a-z].*[^.]$/u);
    expect(reviseExample(examples.passing).changes.filter(({ rule }) => rule === id)).toEqual([]);
  });

  test('an id without a record is a mistake of ours', () => {
    expect(() => ruleOf('no-such-rule' as 'type-changed')).toThrow('rule no-such-rule has no record');
  });

  test.each(RULES)('$id words a finding without a full stop', ({ id, message }) => {
    const words = message({
      rule: id,
      path: 'p',
      expected: 'one side',
      actual: 'the other side',
      effect: 'none',
    });
    expect(words).toMatch(/^[a-z].{8,}[^.]$/u);
  });

  test('many undeclared fields and many columns are told in part', async () => {
    const fields = Array.from({ length: 8 }, (_, index) => `optional int32 x${index}`).join('; ');
    const { findings } = await judgeExample({
      contract: ['s struct<a:int>'],
      file: [`optional group s { optional int32 a; ${fields} }`],
    });
    expect(findings[0]?.actual).toBe('x0 INT32, x1 INT32, x2 INT32, x3 INT32, x4 INT32, and 3 more');
    const columns = ['a', 'b', 'c', 'd', 'e'];
    const codec = await judgeExample({
      contract: columns.map((name) => `${name} int`),
      file: columns.map((name) => `optional int32 ${name}`),
      codec: 'BROTLI',
    });
    expect(codec.findings[0]).toMatchObject({
      rule: 'codec-unsupported',
      actual: 'BROTLI in a, b, c and 2 more columns',
    });
  });

  test('partition folders: another number of them, the default partition, a key that is also a column', async () => {
    const contract = ['a int', 'dt date partition', 'country string partition'];
    const one = await judgeExample({ contract, file: ['optional int32 a'], key: 'dt=2026-01-01/x.parquet' });
    expect(one.findings).toMatchObject([
      { rule: 'partition-path', expected: 'dt=/country=', actual: 'dt=', prediction: { reference: 'K98' } },
    ]);
    const nulls = await judgeExample({
      contract,
      file: ['optional int32 a'],
      key: 'dt=__HIVE_DEFAULT_PARTITION__/country=x/x.parquet',
    });
    expect(nulls.verdict).toBe('admit');
    const also = await judgeExample({
      contract,
      file: ['optional int32 a', 'optional binary COUNTRY (STRING)'],
      key: 'dt=2026-01-01/country=x/x.parquet',
    });
    expect(also.findings).toMatchObject([
      { rule: 'partition-column-in-file', path: 'country', effect: 'wrong-results' },
    ]);
  });

  test.each(RULES)('$id says what it finds and what to do', ({ summary, remedy }) => {
    for (const text of [summary, remedy]) expect(text).toMatch(/^[a-z`].{15,}[^.]$/u);
  });
});

test('RUL-2: docs/rules.md is what the catalogue says (npm run docs)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/rules.md'), 'utf8');
  expect(page).toBe(renderRules(ruleRecords(), 'markdown'));
});
