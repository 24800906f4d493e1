import { isAssumed, type PredictedError, type WorstPrediction } from '../../../judge/athena/prediction.ts';
import type { Table } from '../../../judge/contract/contract.ts';
import type { FooterResult } from '../../../judge/parquet/facts.ts';
import { ruleOf } from '../../../judge/rules/catalogue.ts';
import type { JudgedFinding } from '../../../judge/rules/finding.ts';
import type { Verdict } from '../../../judge/verdict/judge.ts';
import { safeText } from '../../../text/safe.ts';
import type { FileReport, FindingReport } from '../../../tools/scan/report.ts';

const URI_CHARACTERS = 1024;

/** A verdict in the words of a report: every text bounded and safe to show. */
export function fileReport(uri: string, table: Table, verdict: Verdict, footer?: FooterResult): FileReport {
  return {
    uri: safeText(uri, URI_CHARACTERS),
    table: safeText(table.name),
    contractVersion: safeText(verdict.contractVersion),
    verdict: verdict.verdict,
    effect: verdict.effect,
    findings: verdict.findings.map(findingReport),
    unproven: verdict.unproven.map(({ rule, path, why }) => ({
      rule,
      path: safeText(path),
      why: safeText(why),
    })),
    proven: verdict.proven.map(({ rule, path, by }) => ({ rule, path: safeText(path), by })),
    notes: verdict.notes,
    ...(footer?.ok && { facts: factsReport(footer) }),
  };
}

/** A key that Athena does not read, or nobody wrote data under: listed, never judged. */
export function ignoredReport(
  uri: string,
  table: Table | undefined,
  reason: string,
  notes: readonly string[] = [],
): FileReport {
  return {
    uri: safeText(uri, URI_CHARACTERS),
    table: safeText(table?.name ?? ''),
    contractVersion: safeText(table?.contractVersion ?? ''),
    verdict: 'ignore',
    ignored: reason,
    effect: 'none',
    findings: [],
    unproven: [],
    proven: [],
    notes,
  };
}

function factsReport({
  facts,
}: Extract<FooterResult, { readonly ok: true }>): NonNullable<FileReport['facts']> {
  return {
    rows: facts.rows,
    rowGroups: facts.rowGroups?.count,
    footerBytes: facts.footerBytes,
    bytesRead: facts.bytesRead + (facts.pages?.bytesRead ?? 0),
    reads: facts.reads + (facts.pages?.reads ?? 0),
    createdBy: facts.createdBy === undefined ? undefined : safeText(facts.createdBy),
    depth: facts.pages?.depth ?? 'footer',
  };
}

/** A finding in the words of a report. */
export function findingReport(finding: JudgedFinding): FindingReport {
  const { rule, prediction, declaredAt, waived } = finding;
  const record = ruleOf(rule);
  return {
    rule,
    path: safeText(finding.path),
    expected: safeText(finding.expected, 512),
    actual: safeText(finding.actual, 512),
    effect: finding.effect,
    severity: finding.severity,
    message: safeText(record.message(finding), 1024),
    remedy: finding.remedy ?? record.remedy,
    ...(prediction && athenaSays(prediction)),
    ...(prediction && finding.effect !== 'none' && isAssumed(prediction) && { assumed: true as const }),
    ...(waived && { waived: { ...waived, reason: safeText(waived.reason, 512) } }),
    ...(declaredAt && { declaredAt }),
  };
}

/** The row that says so, and the error that a query gets where it gets one. */
function athenaSays(
  prediction: WorstPrediction,
): Pick<FindingReport, 'athena' | 'reference' | 'versions' | 'also'> {
  const { effect, filterError, error, reference, versions, also } = prediction;
  return {
    ...errorSays(effect === 'filters-may-fail' ? filterError : error),
    reference,
    versions,
    ...(also && {
      also: also.map((seen) => ({ effect: seen.effect, versions: seen.versions, ...errorSays(seen.error) })),
    }),
  };
}

function errorSays(error: PredictedError | undefined): { readonly athena?: string } {
  return error ? { athena: safeText(`${error.name}: ${error.text}`, 512) } : {};
}
