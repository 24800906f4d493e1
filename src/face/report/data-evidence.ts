import type { Severity } from '../../judge/contract/vocabulary.ts';
import type { Cause, ErrorCause } from '../../tools/audit/audit-report.ts';
import type { FindingReport } from '../../tools/scan/report.ts';

/** What a change of contracts does to files that exist: each was judged by the old version and by the new one. */
export interface DataEvidence {
  readonly prefix: string;
  /** `complete`, or why it ended before all was looked at. */
  readonly state: 'complete' | 'limit' | 'interrupted';
  readonly samplePerPartition?: number;
  readonly summary: {
    /** All that was looked at. */
    readonly files: number;
    /** Files that the new version holds and the old one does not. */
    readonly broken: number;
    /** Files that both hold: nothing that the change is to blame for. */
    readonly brokenBefore: number;
    /** Files that the old version holds and the new one does not. */
    readonly mended: number;
    readonly ignored: number;
    /** Files of no table that both sides declare. */
    readonly others: number;
    readonly superseded: number;
    readonly errors: number;
    readonly notSampled: number;
  };
  readonly tables: readonly TableEvidence[];
  readonly errors: readonly ErrorCause[];
}

export interface TableEvidence {
  readonly table: string;
  /** `error` where the table's `compatibility` asks that old files stay good. */
  readonly severity: Severity;
  /** Of the new document. */
  readonly declaredAt: { readonly file: string; readonly line: number; readonly column: number };
  readonly files: number;
  readonly broken: number;
  readonly brokenBytes: number;
  readonly brokenPartitions: number;
  readonly brokenBefore: number;
  readonly mended: number;
  /** What breaks files that were good: worst first. */
  readonly causes: readonly Cause[];
  /** The first of them in the order of keys; bounded. */
  readonly brokenFiles: readonly BrokenFile[];
}

export interface BrokenFile {
  readonly uri: string;
  readonly partition: string;
  readonly findings: readonly Pick<
    FindingReport,
    'rule' | 'path' | 'expected' | 'actual' | 'effect' | 'severity'
  >[];
}
