import type { Effect } from '../../judge/athena/prediction.ts';
import type { Audited } from '../../tools/audit/audit-report.ts';
import type { FileError, FileReport, FindingReport } from '../../tools/scan/report.ts';

/** One file of an audit as a row: the same shape whatever became of it. Every text in it is safe to show. */
export interface AuditRow {
  readonly schemaVersion: 1;
  readonly uri: string;
  readonly outcome: FileReport['verdict'] | 'superseded' | 'error';
  readonly table?: string;
  readonly contractVersion?: string;
  /** Its `name=value` folders. */
  readonly partition?: string;
  readonly bytes?: number;
  readonly rows?: number;
  readonly createdBy?: string;
  /** Why it is ignored. */
  readonly ignored?: string;
  readonly effect?: Effect;
  readonly findings: readonly RowFinding[];
  readonly unproven: FileReport['unproven'];
  readonly error?: Omit<FileError, 'uri'>;
}

/** What to do, and where the contract says so, is told once for each cause. */
type RowFinding = Omit<FindingReport, 'remedy' | 'declaredAt'>;

export function auditRow(audited: Audited): AuditRow {
  switch (audited.kind) {
    case 'judged':
      return judgedRow(audited);
    case 'ignored':
      return { ...bare(audited.uri, 'ignore'), ignored: audited.reason };
    case 'superseded':
      return bare(audited.uri, 'superseded');
    case 'error': {
      const { uri, ...error } = audited.error;
      return { ...bare(uri, 'error'), error };
    }
  }
}

function bare(uri: string, outcome: AuditRow['outcome']): AuditRow {
  return { schemaVersion: 1, uri, outcome, findings: [], unproven: [] };
}

function judgedRow({ report, bytes, partition }: Extract<Audited, { readonly kind: 'judged' }>): AuditRow {
  const { uri, verdict, table, contractVersion, ignored, effect, unproven, facts } = report;
  return {
    schemaVersion: 1,
    uri,
    outcome: verdict,
    table,
    contractVersion,
    ...(partition !== '' && { partition }),
    ...(bytes !== undefined && { bytes }),
    ...(facts && { rows: facts.rows }),
    ...(facts?.createdBy !== undefined && { createdBy: facts.createdBy }),
    ...(ignored !== undefined && { ignored }),
    effect,
    findings: report.findings.map(({ remedy: _, declaredAt: __, ...finding }) => finding),
    unproven,
  };
}
