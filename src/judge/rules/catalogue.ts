import type { RuleId } from '../contract/vocabulary.ts';
import { CATALOG_RULES } from './catalog-rules.ts';
import { COLUMN_RULES } from './column-rules.ts';
import { FILE_RULES } from './file-rules.ts';
import { NESTED_RULES } from './nested-rules.ts';
import { NULLABILITY_RULES } from './nullability-rules.ts';
import { PAGE_RULES } from './page-rules.ts';
import { PARTITION_RULES } from './partition-rules.ts';
import { PLACE_RULES } from './place-rules.ts';
import { QUALITY_RULES } from './quality-rules.ts';
import { READABILITY_RULES } from './readability-rules.ts';
import { REVISION_RULES } from './revision-rules.ts';
import type { Check, Rule } from './rule.ts';
import { TYPE_RULES } from './type-rules.ts';
import { VALUE_RULES } from './value-rules.ts';

/** Every rule, in the order of documentation. */
export const RULES: readonly Rule[] = [
  ...FILE_RULES,
  ...PLACE_RULES,
  ...PAGE_RULES,
  ...COLUMN_RULES,
  ...TYPE_RULES,
  ...NESTED_RULES,
  ...NULLABILITY_RULES,
  ...PARTITION_RULES,
  ...QUALITY_RULES,
  ...VALUE_RULES,
  ...READABILITY_RULES,
  ...CATALOG_RULES,
  ...REVISION_RULES,
];

const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

/** The record of a rule; every id has one (a test counts them). */
export function ruleOf(id: RuleId): Rule {
  const rule = BY_ID.get(id);
  if (rule === undefined) throw new Error(`rule ${id} has no record`);
  return rule;
}

/** The rules that look at one scope. */
export function rulesOf<Scope extends Check['scope']>(
  scope: Scope,
): readonly Extract<Rule, { readonly scope: Scope }>[] {
  return RULES.filter((rule): rule is Extract<Rule, { readonly scope: Scope }> => rule.scope === scope);
}
