import { ruleOf } from '../../judge/rules/catalogue.ts';
import type { Verdict } from '../../judge/verdict/judge.ts';
import { safeText } from '../../text/safe.ts';
import type { PipelineEvent } from '../message/events.ts';
import {
  type HeldFinding,
  type HoldMessage,
  type JudgedBy,
  MAX_TRAVELLING_FINDINGS,
  type Origin,
} from '../message/messages.ts';
import { originId } from '../message/origin.ts';
import type { GuardedTable } from '../table/guarded-table.ts';

/** The errors of a verdict, bounded and safe to show: they travel through queues, reports and pages. */
export function heldFindings({ findings }: Pick<Verdict, 'findings'>): {
  readonly findings: readonly HeldFinding[];
  readonly findingCount: number;
} {
  const errors = findings.filter(({ severity }) => severity === 'error');
  return {
    findings: errors.slice(0, MAX_TRAVELLING_FINDINGS).map((finding) => ({
      rule: finding.rule,
      path: safeText(finding.path, 256),
      expected: safeText(finding.expected, 256),
      actual: safeText(finding.actual, 256),
      effect: finding.effect,
      message: safeText(withRemedy(finding), 512),
    })),
    findingCount: errors.length,
  };
}

function withRemedy(finding: Verdict['findings'][number]): string {
  const message = ruleOf(finding.rule).message(finding);
  return finding.remedy === undefined ? message : `${message}: ${finding.remedy}`;
}

export function holdMessage(
  guarded: GuardedTable,
  origin: Origin,
  judgedBy: JudgedBy,
  verdict: Verdict,
): HoldMessage {
  return {
    kind: 'hold',
    table: guarded.name,
    origin,
    judgedBy,
    effect: verdict.effect,
    ...heldFindings(verdict),
  };
}

/** An object that is bad or missed, and was not moved. */
export function alert(
  guarded: GuardedTable,
  origin: Origin,
  verdict: Pick<Verdict, 'findings' | 'effect' | 'contractVersion'>,
): PipelineEvent {
  return {
    type: 'ObjectHeld',
    detail: {
      table: guarded.name,
      contractVersion: verdict.contractVersion,
      holdId: originId(origin),
      origin,
      effect: verdict.effect,
      ...heldFindings(verdict),
      mode: guarded.placement.mode,
      oldDataServed: false,
      owner: guarded.recipients,
    },
  };
}
