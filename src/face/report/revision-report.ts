import type { RuleId, Severity } from '../../judge/contract/vocabulary.ts';
import type { FindingReport } from '../../tools/scan/report.ts';
import type { DataEvidence } from './data-evidence.ts';

/** What `headgate diff` found: the one value that all output formats render. Every text in it is safe to show. */
export interface RevisionReport {
  readonly schemaVersion: 1;
  readonly summary: {
    readonly contracts: number;
    readonly changes: number;
    readonly errors: number;
    readonly warnings: number;
  };
  readonly contracts: readonly ContractRevision[];
  /** Contracts that only the new side has. */
  readonly added: readonly { readonly id: string; readonly file: string; readonly version: string }[];
  /** Contracts that only the old side has: nothing guards their tables now. */
  readonly removed: readonly { readonly id: string; readonly file: string; readonly version: string }[];
  /** What it does to files that exist, where they were looked at. */
  readonly data?: DataEvidence;
}

export interface ContractRevision {
  readonly id: string;
  readonly base: { readonly file: string; readonly version: string };
  readonly revision: { readonly file: string; readonly version: string };
  readonly level: 'none' | 'patch' | 'minor' | 'major';
  readonly nextVersion?: string;
  readonly changes: readonly ChangeReport[];
  readonly proposals: readonly Proposal[];
}

export interface ChangeReport {
  readonly rule: RuleId;
  readonly table: string;
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly severity: Severity;
  readonly breaks: readonly ('backward' | 'forward')[];
  /** What the judge says of files of the old version under the new table, and the other way round. */
  readonly backward: readonly FindingReport[];
  readonly forward: readonly FindingReport[];
  readonly unproven: readonly { readonly rule: RuleId; readonly path: string; readonly why: string }[];
  /** In the new document. */
  readonly declaredAt: { readonly file: string; readonly line: number; readonly column: number };
  readonly waived?: { readonly until: string; readonly reason: string };
  readonly since?: string;
}

/** Text to paste into the new document. */
export interface Proposal {
  readonly table: string;
  readonly why: string;
  readonly text: string;
}
