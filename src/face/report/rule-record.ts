import type { RuleId, Severity } from '../../judge/contract/vocabulary.ts';

/** A rule as reports and documentation show it. */
export interface RuleRecord {
  readonly id: RuleId;
  readonly group: string;
  readonly summary: string;
  readonly remedy: string;
  readonly severity: Severity;
  /** The examples in words, a few lines each. */
  readonly failing: string;
  readonly passing: string;
}
