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

/** How the report of an audit is shown. */
export interface AuditRenderOptions {
  readonly color: boolean;
  /** Also what no verdict hangs on. */
  readonly verbose: boolean;
  /** Text of a contract file, for the lines around a cause's declaration. */
  readonly source: (file: string) => string | undefined;
  readonly version: string;
}

/** How a comparison of contracts is shown. */
export interface RevisionOptions {
  readonly color: boolean;
  readonly verbose: boolean;
  /** Text of a contract file that is compared, for the lines around a change. */
  readonly source: (file: string) => string | undefined;
  readonly version: string;
}
