import type { Contract, Table } from '../../../judge/contract/contract.ts';
import { safeText } from '../../../text/safe.ts';
import type { Audited } from '../../../tools/audit/audit-report.ts';
import { createTally, type Tally } from '../../../tools/audit/tally.ts';
import { DEMANDS } from '../../../tools/revision/demands.ts';
import type { BrokenFile, DataEvidence, TableEvidence } from '../../report/data-evidence.ts';
import type { TwiceJudged } from './judge-twice.ts';

/** What one look at a file led to. */
export type Looked =
  | { readonly kind: 'judged'; readonly twice: TwiceJudged }
  | Extract<Audited, { readonly kind: 'superseded' | 'error' }>;

const MAX_LISTED = 1000;

interface Counted {
  readonly about: Pick<TableEvidence, 'table' | 'severity' | 'declaredAt'>;
  files: number;
  brokenBefore: number;
  mended: number;
  readonly broken: Tally;
  readonly listed: BrokenFile[];
}

/** Counts what a change means for files, in memory that does not grow with them. */
export function gatherEvidence(changed: readonly { readonly base: Contract; readonly revision: Contract }[]) {
  const tables = new Map<string, Counted>();
  for (const { base, revision } of changed)
    for (const table of revision.tables)
      if (base.tables.some(({ name }) => name === table.name))
        tables.set(keyOf(revision.id, table.name), counted(revision, table));
  const all = createTally();
  let [others, ignored] = [0, 0];

  const addTwice = (twice: TwiceJudged) => {
    if (twice.kind === 'other') others++;
    else if (twice.kind === 'ignored') ignored++;
    else {
      const table = tables.get(keyOf(twice.contractId, twice.table));
      if (table === undefined) throw new RangeError(`table ${twice.table} is not compared`);
      count(table, twice);
    }
  };
  return {
    add(result: Looked) {
      if (result.kind === 'judged') addTwice(result.twice);
      else all.add([result]);
    },
    leftOut: all.leftOut,
    evidence(): Pick<DataEvidence, 'summary' | 'tables' | 'errors'> {
      const { summary, errors } = all.report({ prefix: '', state: 'complete' });
      const shown = [...tables.values()].filter(({ files }) => files > 0).map(evidenceOf);
      const sum = (of: (table: TableEvidence) => number) =>
        shown.reduce((total, table) => total + of(table), 0);
      return {
        summary: {
          files: summary.files + others + ignored + sum(({ files }) => files),
          broken: sum(({ broken }) => broken),
          brokenBefore: sum(({ brokenBefore }) => brokenBefore),
          mended: sum(({ mended }) => mended),
          ignored,
          others,
          superseded: summary.superseded,
          errors: summary.errors,
          notSampled: summary.notSampled,
        },
        tables: shown,
        errors,
      };
    },
  };
}

function keyOf(contractId: string, table: string): string {
  return JSON.stringify([contractId, table]);
}

function demandsBackward({ policy }: Table): boolean {
  return DEMANDS[policy.compatibility].some((direction) => direction === 'backward');
}

function counted(revision: Contract, table: Table): Counted {
  return {
    about: {
      table: safeText(table.name),
      severity: demandsBackward(table) ? 'error' : 'info',
      declaredAt: { file: safeText(revision.file, 512), ...table.position },
    },
    files: 0,
    brokenBefore: 0,
    mended: 0,
    broken: createTally(),
    listed: [],
  };
}

function count(table: Counted, twice: Exclude<TwiceJudged, { readonly kind: 'other' | 'ignored' }>): void {
  table.files++;
  if (twice.kind === 'broken-before') table.brokenBefore++;
  if (twice.kind === 'mended') table.mended++;
  if (twice.kind !== 'broken' || twice.report === undefined) return;
  const { report, bytes, partition } = twice;
  table.broken.add([{ kind: 'judged', report, bytes, partition }]);
  if (table.listed.length >= MAX_LISTED) return;
  const findings = report.findings.map(({ rule, path, expected, actual, effect, severity }) => ({
    rule,
    path,
    expected,
    actual,
    effect,
    severity,
  }));
  table.listed.push({ uri: report.uri, partition, findings });
}

function evidenceOf({ about, files, brokenBefore, mended, broken, listed }: Counted): TableEvidence {
  const { summary, causes } = broken.report({ prefix: '', state: 'complete' });
  return {
    ...about,
    files,
    broken: summary.hold,
    brokenBytes: summary.heldBytes,
    brokenPartitions: summary.heldPartitions,
    brokenBefore,
    mended,
    causes,
    brokenFiles: listed,
  };
}
