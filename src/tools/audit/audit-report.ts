import type { ErrorCode } from '../../error.ts';
import type { Effect } from '../../judge/athena/prediction.ts';
import type { RuleId, Severity } from '../../judge/contract/vocabulary.ts';
import type { Basis, FileError, FileReport, FindingReport } from '../scan/report.ts';

/** What one look at a file that is there led to. Every text in it is safe to show. */
export type Audited =
  | {
      readonly kind: 'judged';
      readonly report: FileReport;
      /** Of the file; absent where it was not opened. */
      readonly bytes: number | undefined;
      /** Its folder down to the last `name=value` one, below the table's root; empty where there is none. */
      readonly partition: string;
    }
  /** No table's, and nothing that Athena or a job would call data: hidden, a marker. */
  | { readonly kind: 'ignored'; readonly uri: string; readonly reason: string }
  /** It was replaced, changed or deleted while it was read: what is there now was not looked at. */
  | { readonly kind: 'superseded'; readonly uri: string }
  | { readonly kind: 'error'; readonly error: FileError };

/** What `headgate audit` found: the one value that all output formats render. */
export interface AuditReport {
  readonly schemaVersion: 1;
  readonly prefix: string;
  /** `complete`, or why it ended before all was looked at. */
  readonly state: 'complete' | 'limit' | 'interrupted';
  /** How many files of each partition were read; absent where all were. */
  readonly samplePerPartition?: number;
  readonly summary: AuditCounts;
  /** Why files are ignored: `hidden`, `folder-marker`, `zero-bytes`, … */
  readonly ignored: Readonly<Record<string, number>>;
  readonly tables: readonly AuditedTable[];
  /** Held files by table, day and partition, in the order of their keys; bounded. */
  readonly days: readonly DayCount[];
  /** Worst first. */
  readonly causes: readonly Cause[];
  /** What footers could not prove, most files first. */
  readonly unproven: readonly UnprovenCause[];
  /** Files that were not judged, by error code, most first. */
  readonly errors: readonly ErrorCause[];
  /** Absent where no file is one of a guarded table. */
  readonly basis?: Basis;
}

export interface AuditCounts {
  /** All but what `--sample` left out. */
  readonly files: number;
  readonly admit: number;
  /** Of those admitted: only by a person's break-glass grant. */
  readonly byGrant: number;
  readonly hold: number;
  readonly ignore: number;
  readonly superseded: number;
  readonly errors: number;
  readonly notSampled: number;
  /** Of judged files. */
  readonly bytes: number;
  readonly heldBytes: number;
  readonly partitions: number;
  readonly heldPartitions: number;
}

export interface AuditedTable {
  readonly table: string;
  readonly files: number;
  readonly hold: number;
  readonly bytes: number;
  readonly partitions: number;
  readonly heldPartitions: number;
}

/** All findings of one rule at one path of one table, by one version of its contract. */
export interface Cause {
  readonly rule: RuleId;
  /** `…` for what came beyond the bound on causes. */
  readonly path: string;
  readonly table: string;
  readonly contractVersion: string;
  /** The worst of its files, as is `effect`. */
  readonly severity: Severity;
  readonly effect: Effect;
  readonly files: number;
  /** Files that are held for it, perhaps not for it alone. */
  readonly hold: number;
  readonly bytes: number;
  readonly partitions: number;
  /** The first of them in the order of keys. */
  readonly firstPartitions: readonly string[];
  readonly firstFile: string;
  readonly lastFile: string;
  readonly expected: string;
  /** What files have instead, most files first; bounded. */
  readonly actual: readonly { readonly text: string; readonly files: number }[];
  readonly athena?: string;
  readonly reference?: string;
  readonly versions?: string;
  readonly also?: FindingReport['also'];
  readonly declaredAt?: FindingReport['declaredAt'];
  readonly remedy: string;
}

export interface UnprovenCause {
  readonly rule: RuleId;
  readonly path: string;
  readonly table: string;
  readonly why: string;
  readonly files: number;
}

export interface ErrorCause {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly files: number;
  readonly firstFile: string;
  readonly firstMessage: string;
  readonly lastFile: string;
}

/** Held files of one table in one partition on one day: a cell of the audit's calendar, which has none where nothing is held. */
export interface DayCount {
  readonly table: string;
  /** `2026-10-02`; empty where no folder names a day, `…` for what came beyond the bound on cells. */
  readonly day: string;
  /** The other folders, `country=DE/`; empty where there are none, `…` for what came beyond the bound. */
  readonly partition: string;
  readonly hold: number;
}
