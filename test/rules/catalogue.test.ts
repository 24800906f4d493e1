import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ruleRecords } from '../../src/cli/rule-records.ts';
import { RULE_IDS } from '../../src/contract/vocabulary.ts';
import { renderRules } from '../../src/report/rules.ts';
import { RULES, ruleOf } from '../../src/rules/catalogue.ts';
import { judgeExample } from '../support/run-example.ts';

describe('RUL-1: the catalogue', () => {
  test('has one record for each id', () => {
    expect(RULES.map(({ id }) => id).sort()).toEqual([...RULE_IDS].sort());
    expect(ruleOf('type-changed').group).toBe('type');
  });

  test('pins the ids: they are public and never renamed', () => {
    expect([...RULE_IDS].sort().join(' ')).toBe(
      'codec-unsupported column-ambiguous column-encrypted column-missing column-order column-renamed column-unexpected decimal-digits-reduced decimal-scale-reduced encoding-unsupported field-missing field-unexpected file-encrypted file-not-parquet file-stray file-truncated footer-malformed footer-too-large integer-unsigned list-legacy map-shape nesting-changed null-share partition-column-in-file partition-path partition-value quality-unproven readability required-null required-unproven row-count timestamp-unit timestamp-zone type-changed type-narrowed type-null type-widened value-length value-range',
    );
  });

  test.each(RULES)('$id fires on its failing example', async ({ id, examples, message }) => {
    const { findings, unproven } = await judgeExample(examples.failing);
    const finding = findings.find(({ rule }) => rule === id);
    expect(finding ?? unproven.find(({ rule }) => rule === id)).toMatchObject({ rule: id });
    if (finding) expect(message(finding)).toMatch(/^[a-z0-9"`].*[^.]$/u);
  });

  test.each(RULES)('$id does not fire on its passing example', async ({ id, examples }) => {
    const { findings, unproven } = await judgeExample(examples.passing);
    expect([...findings, ...unproven].filter(({ rule }) => rule === id)).toEqual([]);
  });

  test.each(RULES)('$id says what it finds and what to do', ({ summary, remedy }) => {
    for (const text of [summary, remedy]) expect(text).toMatch(/^[a-z`].{15,}[^.]$/u);
  });
});

test('RUL-2: docs/rules.md is what the catalogue says (npm run docs)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/rules.md'), 'utf8');
  expect(page).toBe(renderRules(ruleRecords(), 'markdown'));
});
