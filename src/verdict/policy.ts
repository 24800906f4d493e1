import type { Effect } from '../athena/prediction.ts';
import type { Mode, Policy, Reaction } from '../contract/contract.ts';
import { FILE_RULE_IDS, type RuleId, SEVERITIES, type Severity } from '../contract/vocabulary.ts';
import { RULES } from '../rules/catalogue.ts';
import type { Finding, JudgedFinding } from '../rules/finding.ts';

const SEVERITY_OF = { hold: 'error', warn: 'warning', admit: 'info' } as const satisfies Record<
  Reaction,
  Severity
>;

/** The rules whose severity a policy key sets. */
const SET_BY = {
  'column-missing': 'onMissingColumn',
  'column-renamed': 'onMissingColumn',
  'column-unexpected': 'onUnknownColumn',
} as const satisfies Partial<Record<RuleId, keyof Policy>>;

const DEFAULTS: Readonly<Record<RuleId, Severity>> = Object.fromEntries(
  RULES.map(({ id, severity }) => [id, severity]),
) as Record<RuleId, Severity>;

const UNWAIVABLE: ReadonlySet<RuleId> = new Set(FILE_RULE_IDS);

/**
 * The finding with its severity: the rule's own (or what policy or the contract states), raised to error by any
 * Athena effect, then lowered by a waiver that still runs. `today` is a UTC day, `yyyy-MM-dd`.
 */
export function applyPolicy(
  finding: Finding,
  policy: Policy,
  mode: Mode | undefined,
  today: string,
): JudgedFinding {
  const severity = worse(stated(finding, policy, mode), fromEffect(finding.effect));
  const waiver = UNWAIVABLE.has(finding.rule)
    ? undefined
    : policy.waivers.find(
        ({ rule, path, until }) => rule === finding.rule && path === finding.path && until >= today,
      );
  return waiver
    ? { ...finding, severity: 'info', waived: { until: waiver.until, reason: waiver.reason } }
    : { ...finding, severity };
}

function stated(finding: Finding, policy: Policy, mode: Mode | undefined): Severity {
  if (finding.rule in SET_BY) return SEVERITY_OF[policy[SET_BY[finding.rule as keyof typeof SET_BY]]];
  // One stray breaks a table's own prefix; in landing it only stands about.
  if (finding.rule === 'file-stray') return mode === 'in-place' ? 'error' : 'warning';
  return finding.stated ?? DEFAULTS[finding.rule];
}

function fromEffect(effect: Effect): Severity {
  return effect === 'none' ? 'info' : 'error';
}

function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}
