import type { Severity } from '../../judge/contract/vocabulary.ts';
import type { RuleRecord } from './rule-record.ts';

/** How the report of a check is shown. */
export interface RenderOptions {
  /** Text of a contract file, for code frames. */
  readonly source: (file: string) => string | undefined;
  readonly color: boolean;
  readonly failOn: Severity;
  /** Every file by itself, also those that share one cause. */
  readonly verbose: boolean;
  readonly rules: readonly RuleRecord[];
  readonly version: string;
}

/** How issues of contracts are shown. */
export interface IssueOptions {
  readonly color: boolean;
  /** How many documents were read. */
  readonly documents: number;
  readonly version: string;
}
