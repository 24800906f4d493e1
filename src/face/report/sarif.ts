import type { Issue } from '../../judge/contract/issue.ts';
import type { CheckReport, FileReport, FindingReport } from '../../tools/scan/report.ts';
import type { IssueOptions, RenderOptions } from './options.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;
const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** SARIF 2.1.0: a result for each finding, at the contract's line, with the data file beside it. */
export function renderSarif(report: CheckReport, { rules, version }: RenderOptions): string {
  const driverRules = rules.map(({ id, summary, remedy, severity }) => ({
    id,
    shortDescription: { text: summary },
    help: { text: remedy },
    defaultConfiguration: { level: LEVELS[severity] },
  }));
  const results = report.files.flatMap((file) => file.findings.map((finding) => toResult(file, finding)));
  const notifications = report.errors.map(({ uri, code, message }) => ({
    level: 'error',
    message: { text: `${uri} was not judged: ${message}` },
    descriptor: { id: code },
    locations: [physical(uri)],
  }));
  return log(version, driverRules, results, {
    executionSuccessful: report.errors.length === 0,
    toolExecutionNotifications: notifications,
  });
}

function toResult(file: FileReport, finding: FindingReport): unknown {
  const {
    rule,
    path,
    severity,
    message,
    declaredAt,
    expected,
    actual,
    effect,
    assumed,
    athena,
    reference,
    also,
    waived,
  } = finding;
  const logicalLocations = path
    ? [{ fullyQualifiedName: `${file.table}.${path}`, kind: 'member' }]
    : undefined;
  const place = declaredAt
    ? physical(declaredAt.file, declaredAt.line, declaredAt.column)
    : physical(file.uri);
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: `${file.uri}: ${path ? `${path}: ` : ''}${message}` },
    locations: [{ ...place, ...(logicalLocations && { logicalLocations }) }],
    analysisTarget: { uri: toUri(file.uri) },
    partialFingerprints: { 'cause/v1': `${file.table}/${rule}/${path}` },
    ...(waived && { suppressions: [{ kind: 'inSource', justification: waived.reason }] }),
    properties: { uri: file.uri, path, expected, actual, effect, severity, assumed, athena, reference, also },
  };
}

export function renderSarifIssues(issues: readonly Issue[], { version }: IssueOptions): string {
  const rules = [...new Set(issues.map(({ rule }) => rule))].map((id) => ({ id }));
  const results = issues.map(({ rule, severity, message, file, line, column }) => ({
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: message },
    locations: [physical(file, line, column)],
  }));
  return log(version, rules, results, { executionSuccessful: true });
}

function physical(uri: string, line?: number, column?: number): Readonly<Record<string, unknown>> {
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(uri) },
      ...(line !== undefined && { region: { startLine: line, startColumn: column } }),
    },
  };
}

/** A path as a URI reference: whatever is no URI character is spelled in percent. */
function toUri(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~/:=@!$&'()*+,;]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

function log(
  version: string,
  rules: readonly unknown[],
  results: readonly unknown[],
  invocation: object,
): string {
  const driver = { name: 'Headgate', version, rules };
  const run = { tool: { driver }, invocations: [invocation], results };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}
