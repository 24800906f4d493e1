import type { Issue } from '../../judge/contract/issue.ts';
import type { CheckReport, FileReport, FindingReport } from '../../tools/scan/report.ts';
import type { IssueOptions, RenderOptions } from './options.ts';
import { admittedText } from './text.ts';

const ICONS = { admit: '✅', hold: '⛔', ignore: '➖' } as const;

/** For a pull request or a wiki: a summary, a table of findings, and what was not judged. */
export function renderMarkdown(report: CheckReport, _: RenderOptions): string {
  const { files, admit, byGrant, hold, ignore, errors } = report.summary;
  const lines = [
    '## Headgate check',
    '',
    `${files} files: ${admittedText(admit, byGrant)}, ${hold} held, ${ignore} ignored, ${errors} not judged.`,
    ...(report.basis ? ['', escapeText(report.basis.note)] : []),
  ];
  const rows = report.files.flatMap((file) => file.findings.map((finding) => findingRow(file, finding)));
  if (rows.length > 0)
    lines.push('', table(['', 'file', 'severity', 'rule', 'path', 'expected', 'actual', 'Athena'], rows));
  if (report.errors.length > 0)
    lines.push(
      '',
      '### Not judged',
      '',
      table(
        ['file', 'code', 'why'],
        report.errors.map(({ uri, code, message }) => [code1(uri), code, escapeText(message)]),
      ),
    );
  return `${lines.join('\n')}\n`;
}

function findingRow(file: FileReport, finding: FindingReport): readonly string[] {
  const { severity, rule, path, expected, actual, effect, assumed, reference } = finding;
  return [
    ICONS[file.verdict],
    code1(file.uri),
    severity,
    code1(rule),
    path ? code1(path) : '',
    escapeText(expected),
    escapeText(actual),
    effect === 'none' ? '' : `${effect}${assumed ? ', assumed' : ''}${reference ? ` (${reference})` : ''}`,
  ];
}

export function renderMarkdownIssues(issues: readonly Issue[], { documents }: IssueOptions): string {
  const head = `## Headgate lint\n\n${documents} contracts, ${issues.length} issues.\n`;
  if (issues.length === 0) return head;
  const rows = issues.map(({ severity, rule, file, line, column, message }) => [
    severity,
    code1(`${file}:${line}:${column}`),
    code1(rule),
    escapeText(message),
  ]);
  return `${head}\n${table(['severity', 'place', 'rule', 'message'], rows)}\n`;
}

/** A markdown table; every cell is one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that is not markup, a link, a mention or the end of a cell, whatever it says. */
export function escapeText(text: string): string {
  return text
    .replace(/[\r\n]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~]/gu, (character) => `\\${character}`)
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//');
}

/** Text between as many backticks as it needs; a pipe would end the cell even there. */
export function code1(text: string): string {
  const flat = text.replace(/[\r\n]+/gu, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}
