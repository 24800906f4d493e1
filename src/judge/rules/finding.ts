import type { Effect, WorstPrediction } from '../athena/prediction.ts';
import type { RuleId, Severity } from '../contract/vocabulary.ts';
import type { ProofBy } from '../parquet/facts.ts';

/** One rule that fired at one place. Plain values: text for people is made where it is shown. */
export interface Finding {
  readonly rule: RuleId;
  /** Contract notation (`lines[].price`); empty for file-level findings. */
  readonly path: string;
  /** The contract's side and the file's side, already bounded and safe to show. */
  readonly expected: string;
  readonly actual: string;
  /** What an Athena query does with it. */
  readonly effect: Effect;
  /** The prediction behind the effect, where the file could be compared with a declared type. */
  readonly prediction?: WorstPrediction;
  /** Where the contract declares the expected side. */
  readonly declaredAt?: { readonly file: string; readonly line: number; readonly column: number };
  /** What to do here, where the rule's own remedy says too little. */
  readonly remedy?: string;
  /** The severity that the contract states for this very check (`quality[].severity`). */
  readonly stated?: Severity;
}

/** A finding after policy. */
export interface JudgedFinding extends Finding {
  readonly severity: Severity;
  readonly waived?: WaivedBy;
}

/** What lowered a finding: a waiver of the contract, or a person's grant in an emergency. */
export interface WaivedBy {
  /** A waiver's last UTC day, or the time at which a grant ends. */
  readonly until: string;
  readonly reason: string;
  /** What the finding would be without. */
  readonly severity: Severity;
  readonly grant?: { readonly id: string; readonly by: string };
}

/** A rule that cannot be decided by what was looked at. */
export interface Unproven {
  readonly rule: RuleId;
  readonly path: string;
  readonly why: string;
}

/** A rule that the values keep, and what says so. */
export interface Proven {
  readonly rule: RuleId;
  readonly path: string;
  readonly by: ProofBy;
}
