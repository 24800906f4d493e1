import type { Issue } from '../../judge/contract/issue.ts';
import type { CheckReport, FileReport, FindingReport } from '../../tools/scan/report.ts';
import type { IssueOptions, RenderOptions } from './options.ts';

export const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** GitHub workflow commands: one annotation for each finding, at the contract's line where it has one. */
export function renderGithub(report: CheckReport, _: RenderOptions): string {
  const lines = [
    ...report.files.flatMap((file) => file.findings.map((finding) => annotate(file, finding))),
    ...report.errors.map(({ uri, code, message }) =>
      command('error', { file: uri, title: code }, `${uri} was not judged: ${message}`),
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function annotate({ uri }: FileReport, finding: FindingReport): string {
  const { severity, rule, path, message, declaredAt, assumed, athena } = finding;
  const place = declaredAt
    ? { file: declaredAt.file, line: declaredAt.line, col: declaredAt.column }
    : { file: uri };
  const text = `${uri}: ${path ? `${path}: ` : ''}${message}${assumed ? ', assumed' : ''}${athena ? ` (Athena: ${athena})` : ''}`;
  return command(LEVELS[severity], { ...place, title: path ? `${rule} at ${path}` : rule }, text);
}

export function renderGithubIssues(issues: readonly Issue[], _: IssueOptions): string {
  return issues
    .map(
      ({ severity, rule, file, line, column, message }) =>
        `${command(LEVELS[severity], { file, line, col: column, title: rule }, message)}\n`,
    )
    .join('');
}

export function command(
  level: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${level} ${written.join(',')}::${escapeData(message)}`;
}

/** The toolkit's escapes: what would end a command or a property is spelled in percent. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
