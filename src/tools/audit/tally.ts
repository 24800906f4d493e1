import { grantsThat } from '../../judge/verdict/through-grant.ts';
import type { FileError } from '../scan/report.ts';
import type {
  AuditCounts,
  Audited,
  AuditedTable,
  AuditReport,
  ErrorCause,
  UnprovenCause,
} from './audit-report.ts';
import { type CountedCause, countFindings, worstFirst } from './causes.ts';
import { type CountedDay, countHeld } from './days.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Judged = Extract<Audited, { readonly kind: 'judged' }>;

/** One table's counts, with the last partition of each kind: see `CountedCause`. */
interface CountedTable extends Mutable<AuditedTable> {
  lastPartition: string | undefined;
  lastHeldPartition: string | undefined;
}

/** Everything that an audit remembers, as plain JSON. It grows with causes and tables, never with files. */
export interface SavedTally {
  readonly counts: AuditCounts;
  readonly ignored: Readonly<Record<string, number>>;
  readonly tables: readonly (readonly [string, CountedTable])[];
  readonly days: readonly (readonly [string, CountedDay])[];
  readonly causes: readonly (readonly [string, CountedCause])[];
  readonly unproven: readonly (readonly [string, UnprovenCause])[];
  readonly errors: readonly (readonly [string, ErrorCause])[];
}

export interface Tally {
  /** Results come in the order of their keys. */
  readonly add: (results: readonly Audited[]) => void;
  readonly leftOut: (files: number) => void;
  readonly counts: () => AuditCounts;
  readonly save: () => SavedTally;
  readonly report: (about: Pick<AuditReport, 'prefix' | 'state' | 'samplePerPartition'>) => AuditReport;
}

const MAX_UNPROVEN = 1000;

const NOTHING: AuditCounts = {
  files: 0,
  admit: 0,
  byGrant: 0,
  hold: 0,
  ignore: 0,
  superseded: 0,
  errors: 0,
  notSampled: 0,
  bytes: 0,
  heldBytes: 0,
  partitions: 0,
  heldPartitions: 0,
};

/** Counts what was found, going on from what an earlier run saved. */
export function createTally(saved?: SavedTally): Tally {
  const counts: Mutable<AuditCounts> = { ...NOTHING, ...saved?.counts };
  const ignored: Record<string, number> = { ...saved?.ignored };
  const tables = new Map(saved?.tables);
  const days = new Map(saved?.days);
  const causes = new Map(saved?.causes);
  const unproven = new Map<string, Mutable<UnprovenCause>>(saved?.unproven);
  const errors = new Map<string, Mutable<ErrorCause>>(saved?.errors);

  const addIgnored = (reason: string) => {
    counts.ignore++;
    ignored[reason] = (ignored[reason] ?? 0) + 1;
  };
  const addJudged = (judged: Judged) => {
    const { report, bytes = 0 } = judged;
    if (report.verdict === 'ignore') {
      // Data that nobody publishes is counted, and told.
      if (report.findings.some(({ severity }) => severity === 'error')) countFindings(causes, judged);
      return addIgnored(report.ignored ?? 'stray');
    }
    counts[report.verdict]++;
    if (report.verdict === 'admit' && grantsThat(report.findings).length > 0) counts.byGrant++;
    counts.bytes += bytes;
    if (report.verdict === 'hold') counts.heldBytes += bytes;
    countTable(tables, judged, counts);
    if (report.verdict === 'hold') countHeld(days, report.table, judged.partition);
    countFindings(causes, judged);
    countUnproven(unproven, judged);
  };

  return {
    add(results) {
      for (const result of results) {
        counts.files++;
        if (result.kind === 'judged') addJudged(result);
        else if (result.kind === 'ignored') addIgnored(result.reason);
        else if (result.kind === 'superseded') counts.superseded++;
        else {
          counts.errors++;
          countError(errors, result.error);
        }
      }
    },
    leftOut(files) {
      counts.notSampled += files;
    },
    counts: () => ({ ...counts }),
    save: () => ({
      counts,
      ignored,
      tables: [...tables],
      days: [...days],
      causes: [...causes],
      unproven: [...unproven],
      errors: [...errors],
    }),
    report: (about) => ({
      schemaVersion: 1,
      ...about,
      summary: { ...counts },
      ignored: { ...ignored },
      tables: [...tables.values()].map(({ lastPartition: _, lastHeldPartition: __, ...table }) => table),
      days: [...days.values()],
      causes: worstFirst(causes.values()),
      unproven: [...unproven.values()].toSorted((a, b) => b.files - a.files),
      errors: [...errors.values()].toSorted((a, b) => b.files - a.files),
    }),
  };
}

function countTable(
  tables: Map<string, CountedTable>,
  { report, bytes = 0, partition }: Judged,
  counts: Mutable<AuditCounts>,
): void {
  const table = tables.get(report.table) ?? {
    table: report.table,
    files: 0,
    hold: 0,
    bytes: 0,
    partitions: 0,
    heldPartitions: 0,
    lastPartition: undefined,
    lastHeldPartition: undefined,
  };
  tables.set(report.table, table);
  table.files++;
  table.bytes += bytes;
  if (partition !== '' && table.lastPartition !== partition) {
    table.lastPartition = partition;
    table.partitions++;
    counts.partitions++;
  }
  if (report.verdict !== 'hold') return;
  table.hold++;
  if (partition === '' || table.lastHeldPartition === partition) return;
  table.lastHeldPartition = partition;
  table.heldPartitions++;
  counts.heldPartitions++;
}

function countUnproven(unproven: Map<string, Mutable<UnprovenCause>>, { report }: Judged): void {
  for (const { rule, path, why } of report.unproven) {
    const key = JSON.stringify([rule, path, report.table, why]);
    const known = unproven.get(key);
    if (known) known.files++;
    else if (unproven.size < MAX_UNPROVEN)
      unproven.set(key, { rule, path, table: report.table, why, files: 1 });
  }
}

function countError(errors: Map<string, Mutable<ErrorCause>>, error: FileError): void {
  const { code, retryable, uri, message } = error;
  const known = errors.get(code);
  if (known) {
    known.files++;
    known.lastFile = uri;
  } else
    errors.set(code, { code, retryable, files: 1, firstFile: uri, firstMessage: message, lastFile: uri });
}
