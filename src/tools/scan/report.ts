import type { ErrorCode } from '../../error.ts';
import type { Effect } from '../../judge/athena/prediction.ts';
import type { Depth, RuleId, Severity } from '../../judge/contract/vocabulary.ts';
import type { ProofBy } from '../../judge/parquet/facts.ts';

/** What `headgate check` found: the one value that all output formats render. Every text in it is safe to show. */
export interface CheckReport {
  readonly schemaVersion: 1;
  readonly summary: {
    readonly files: number;
    readonly admit: number;
    /** Of those admitted: only by a person's break-glass grant. */
    readonly byGrant: number;
    readonly hold: number;
    readonly ignore: number;
    readonly errors: number;
  };
  readonly files: readonly FileReport[];
  /** Files that could not be judged: errors of ours or of the call, never verdicts. */
  readonly errors: readonly FileError[];
  /** Absent where no file is one of a guarded table. */
  readonly basis?: Basis;
}

/** What verdicts rest on beside the contracts: what a ledger says of the catalog and of grants, or that nobody asked one. */
export interface Basis {
  /** The lake or deployment whose ledger was asked. */
  readonly ledger: string | null;
  /** What it said, or what could not be known: one line for people. */
  readonly note: string;
}

export interface FileReport {
  readonly uri: string;
  /** Empty where a file is ignored that is no table's, as is `contractVersion`. */
  readonly table: string;
  readonly contractVersion: string;
  readonly verdict: 'admit' | 'hold' | 'ignore';
  /** Why an ignored file is ignored: `marker`, `hidden`, `zero-bytes`, … */
  readonly ignored?: string;
  /** The worst effect of all findings. */
  readonly effect: Effect;
  readonly findings: readonly FindingReport[];
  readonly unproven: readonly { readonly rule: RuleId; readonly path: string; readonly why: string }[];
  /** Rules about values that these keep, and what says so. */
  readonly proven: readonly { readonly rule: RuleId; readonly path: string; readonly by: ProofBy }[];
  /** Things worth knowing that change nothing, e.g. `partition rules skipped: no name=value segment in the path`. */
  readonly notes: readonly string[];
  readonly facts?: {
    readonly rows: number;
    readonly rowGroups: number | undefined;
    readonly footerBytes: number;
    readonly bytesRead: number;
    readonly reads: number;
    readonly createdBy: string | undefined;
    /** How far the file was looked into; `bytesRead` and `reads` count it all. */
    readonly depth: Depth;
  };
}

export interface FindingReport {
  readonly rule: RuleId;
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly effect: Effect;
  readonly severity: Severity;
  /** One sentence for people: lower case, no full stop. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** Nothing in the file proves or disproves the effect: the worse was taken. */
  readonly assumed?: true;
  /** The error that Athena is predicted to give, `NAME: text`; absent where the query runs. */
  readonly athena?: string;
  /** Row of the readability table, `K70`. */
  readonly reference?: string;
  /** Engine versions that show the effect, `all`, `from 450`. */
  readonly versions?: string;
  /** What other queries or other engine versions show beside it, the worst first. */
  readonly also?: readonly AlsoReport[];
  /** Until when and why a waiver, or a person's grant, lowers it. */
  readonly waived?: {
    readonly until: string;
    readonly reason: string;
    /** What it would be without. */
    readonly severity: Severity;
    readonly grant?: { readonly id: string; readonly by: string };
  };
  /** The contract's line. */
  readonly declaredAt?: { readonly file: string; readonly line: number; readonly column: number };
}

export interface AlsoReport {
  readonly effect: Effect;
  readonly versions: string;
  /** `NAME: text`; absent where the query runs. */
  readonly athena?: string;
}

export interface FileError {
  readonly uri: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}
