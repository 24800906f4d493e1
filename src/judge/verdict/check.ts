import type { FormatLog } from '../contract/table-format.ts';
import type { RuleId } from '../contract/vocabulary.ts';
import type { FooterProblem } from '../parquet/facts.ts';
import { formatFileType } from '../parquet/format-file-type.ts';
import type { Pair } from '../rules/alignment.ts';
import { rulesOf } from '../rules/catalogue.ts';
import type { Finding, Proven, Unproven } from '../rules/finding.ts';
import type { Observed } from '../rules/observed.ts';
import type { Evidence, StrayKey } from '../rules/rule.ts';
import { bothSides } from '../rules/type-rules.ts';

/** All that the rules found, before policy. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly unproven: readonly Unproven[];
  readonly proven: readonly Proven[];
}

const KEY_RULES = rulesOf('key');
const LOG_RULES = rulesOf('log');
const FOOTER_RULES = rulesOf('footer');
const FILE_RULES = rulesOf('file');
const PAIR_RULES = rulesOf('pair');
const EFFECT_RULES = rulesOf('effect');

interface Collected {
  readonly findings: Finding[];
  readonly unproven: Unproven[];
  readonly proven: Proven[];
}

function nothingYet(): Collected {
  return { findings: [], unproven: [], proven: [] };
}

function collect(into: Collected, rule: RuleId, evidence: Evidence | undefined): void {
  if (evidence === undefined) return;
  const { kind, ...rest } = evidence;
  if (kind === 'finding') into.findings.push({ rule, ...(rest as Omit<Finding, 'rule'>) });
  else if (kind === 'unproven') into.unproven.push({ rule, ...(rest as Omit<Unproven, 'rule'>) });
  else into.proven.push({ rule, ...(rest as Omit<Proven, 'rule'>) });
}

/** What a key that belongs to no file of the table breaks. */
export function checkStray(stray: StrayKey): Checked {
  const found = nothingYet();
  for (const { id, check } of KEY_RULES) collect(found, id, check(stray));
  return found;
}

/** What a file breaks that lies in a table of another format. */
export function checkLog(log: FormatLog): Checked {
  const found = nothingYet();
  for (const { id, check } of LOG_RULES) collect(found, id, check(log));
  return found;
}

/** What a footer that could not be read, or not whole, breaks. */
export function checkProblem(problem: FooterProblem): Checked {
  const found = nothingYet();
  for (const { id, check } of FOOTER_RULES) collect(found, id, check(problem));
  return found;
}

/** Runs every rule over one observed file: whole file first, then each aligned pair in contract order. */
export function check(observed: Observed): Checked {
  const found = nothingYet();
  for (const rule of FILE_RULES)
    for (const evidence of rule.check(observed)) collect(found, rule.id, evidence);
  for (const pair of observed.alignment.pairs) {
    let isExplained = false;
    for (const rule of PAIR_RULES) {
      const evidence = rule.check(pair, observed);
      collect(found, rule.id, evidence);
      isExplained ||= evidence?.kind === 'finding' && evidence.effect !== 'none';
    }
    const by = provenBy(pair);
    if (by !== undefined) found.proven.push({ rule: 'readability', path: pair.path, by });
    if (pair.prediction === undefined || pair.prediction.effect === 'none' || isExplained) continue;
    const declaredAt = { file: observed.expected.file, ...pair.field.position };
    collectEffect(found, { path: pair.path, ...bothSides(pair), prediction: pair.prediction, declaredAt });
  }
  for (const { path, node, prediction } of observed.unaligned) {
    const expected = `the type of version ${observed.applied.contractVersion}, which the catalog holds`;
    collectEffect(found, { path, expected, actual: formatFileType(node), prediction, declaredAt: undefined });
  }
  return found;
}

/** What says that Athena reads a place right, where neither its type nor its statistics do. */
function provenBy({ prediction }: Pair): Proven['by'] | undefined {
  if (prediction?.effect !== 'none') return undefined;
  const { basis } = prediction;
  return basis === 'dictionary' || basis === 'data' ? basis : undefined;
}

function collectEffect(
  found: Collected,
  effect: Parameters<(typeof EFFECT_RULES)[number]['check']>[0],
): void {
  if (effect.prediction.effect === 'none') return;
  for (const rule of EFFECT_RULES) collect(found, rule.id, rule.check(effect));
}
