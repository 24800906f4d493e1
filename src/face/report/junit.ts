import type { Issue } from '../../judge/contract/issue.ts';
import type { CheckReport, FileReport, FindingReport } from '../../tools/scan/report.ts';
import type { IssueOptions, RenderOptions } from './options.ts';

/** JUnit XML: a test case for each file; error findings fail it, the others stand in its output. */
export function renderJunit(report: CheckReport, _: RenderOptions): string {
  const cases = [
    ...report.files.map(fileCase),
    ...report.errors.map(({ uri, code, message }) =>
      testCase(uri, 'errors', [element('error', { type: code, message }, message)]),
    ),
  ];
  const failures = report.files.filter(hasErrors).length;
  return suite('headgate check', cases, failures, report.errors.length, report.summary.ignore);
}

function hasErrors({ findings }: FileReport): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function fileCase(file: FileReport): string {
  const children: string[] = [];
  if (file.verdict === 'ignore') children.push(element('skipped', { message: file.ignored ?? 'ignored' }));
  for (const finding of file.findings)
    if (finding.severity === 'error')
      children.push(
        element('failure', { type: finding.rule, message: headline(finding) }, describe(finding)),
      );
  const others = file.findings.filter(({ severity }) => severity !== 'error');
  if (others.length > 0) children.push(element('system-out', {}, others.map(describe).join('\n')));
  return testCase(file.uri, file.table, children);
}

function headline({ rule, path, message }: FindingReport): string {
  return `${rule}${path ? ` at ${path}` : ''}: ${message}`;
}

function describe(finding: FindingReport): string {
  const { severity, expected, actual, effect, assumed, athena, remedy } = finding;
  return `${severity} ${headline(finding)}; expected ${expected}; actual ${actual}; effect ${effect}${assumed ? ' (assumed)' : ''}${athena ? `; ${athena}` : ''}; ${remedy}`;
}

export function renderJunitIssues(issues: readonly Issue[], _: IssueOptions): string {
  const byFile = new Map<string, Issue[]>();
  for (const issue of issues) byFile.set(issue.file, [...(byFile.get(issue.file) ?? []), issue]);
  const cases = [...byFile].map(([file, found]) =>
    testCase(
      file,
      'contracts',
      found.map(({ severity, rule, line, column, message }) =>
        severity === 'error'
          ? element('failure', { type: rule, message }, `${line}:${column} ${message}`)
          : element('system-out', {}, `${line}:${column} ${severity} ${rule}: ${message}`),
      ),
    ),
  );
  const failures = [...byFile.values()].filter((found) =>
    found.some(({ severity }) => severity === 'error'),
  ).length;
  return suite('headgate lint', cases, failures, 0, 0);
}

function suite(
  name: string,
  cases: readonly string[],
  failures: number,
  errors: number,
  skipped: number,
): string {
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite name="${name}" ${counts}>\n${cases.join('\n')}\n</testsuite>\n</testsuites>\n`;
}

function testCase(name: string, className: string, children: readonly string[]): string {
  return children.length === 0
    ? `<testcase name="${escapeXml(name)}" classname="${escapeXml(className)}"/>`
    : `<testcase name="${escapeXml(name)}" classname="${escapeXml(className)}">\n${children.join('\n')}\n</testcase>`;
}

function element(tag: string, attributes: Readonly<Record<string, string>>, text = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return text === ''
    ? `<${tag}${written.join('')}/>`
    : `<${tag}${written.join('')}>${escapeXml(text)}</${tag}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML 1.0 does not have at all are shown as a question mark. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
}
