import { isAssumed, isLikelyHarmless } from '../athena/prediction.ts';
import type { Policy, Reaction } from '../contract/contract.ts';
import {
  CATALOG_RULE_IDS,
  FILE_RULE_IDS,
  PLACE_RULE_IDS,
  type RuleId,
  SEVERITIES,
  type Severity,
} from '../contract/vocabulary.ts';
import { RULES } from '../rules/catalogue.ts';
import type { Finding, JudgedFinding, WaivedBy } from '../rules/finding.ts';

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

const UNWAIVABLE: ReadonlySet<RuleId> = new Set([...FILE_RULE_IDS, ...PLACE_RULE_IDS, ...CATALOG_RULE_IDS]);

/** Nobody can waive what breaks every reader, what none can reach, and what no file breaks. */
export function isWaivable(rule: RuleId): boolean {
  return !UNWAIVABLE.has(rule);
}

/** A waiver that a person granted when the contract could not be changed in time: the same, for hours, with their name on it. */
export interface Grant {
  readonly id: string;
  readonly rule: RuleId;
  /** As the finding has it; empty only where that is. */
  readonly path: string;
  /** ISO 8601, UTC: it runs before. */
  readonly until: string;
  readonly reason: string;
  /** Who granted it. */
  readonly by: string;
  readonly at: string;
}

/** What findings are judged by beside the contract. */
export interface PolicyContext {
  /** Athena reads what lies there. */
  readonly isRead: boolean;
  /** ISO 8601, UTC, compared with the end of waivers and grants. */
  readonly now: string;
  readonly grants: readonly Grant[];
}

/**
 * The finding with its severity: the rule's own (or what policy or the contract states), raised to error by any
 * Athena effect, then lowered by a waiver or a grant that still runs.
 */
export function applyPolicy(finding: Finding, policy: Policy, context: PolicyContext): JudgedFinding {
  const severity = worse(stated(finding, policy, context.isRead), fromEffect(finding, policy));
  const waived = isWaivable(finding.rule) ? waiverOf(finding, policy, context) : undefined;
  return waived
    ? { ...finding, severity: 'info', waived: { ...waived, severity } }
    : { ...finding, severity };
}

/** The contract's word comes first: a grant says something only where it is silent. */
function waiverOf(
  { rule, path }: Finding,
  { waivers }: Policy,
  { now, grants }: PolicyContext,
): Omit<WaivedBy, 'severity'> | undefined {
  const isMeant = (one: { readonly rule: RuleId; readonly path: string }) =>
    one.rule === rule && one.path === path;
  const waiver = waivers.find((one) => isMeant(one) && one.until >= now.slice(0, 10));
  if (waiver) return { until: waiver.until, reason: waiver.reason };
  const grant = grants.find((one) => isMeant(one) && one.until > now);
  return grant && { until: grant.until, reason: grant.reason, grant: { id: grant.id, by: grant.by } };
}

function stated(finding: Finding, policy: Policy, isRead: boolean): Severity {
  if (finding.rule in SET_BY) return SEVERITY_OF[policy[SET_BY[finding.rule as keyof typeof SET_BY]]];
  // One stray breaks a location; in landing it only stands about.
  if (finding.rule === 'file-stray') return isRead ? 'error' : 'warning';
  return finding.stated ?? DEFAULTS[finding.rule];
}

function fromEffect({ effect, prediction }: Finding, { onAssumed }: Policy): Severity {
  if (effect === 'none') return 'info';
  if (prediction === undefined || !isAssumed(prediction)) return 'error';
  return SEVERITY_OF[onAssumed ?? (isLikelyHarmless(prediction) ? 'warn' : 'hold')];
}

function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}
