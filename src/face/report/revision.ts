import type { Severity } from '../../judge/contract/vocabulary.ts';
import type { FindingReport } from '../../tools/scan/report.ts';
import type { RevisionFormat } from './formats.ts';
import { command, LEVELS } from './github.ts';
import { revisionPage } from './html/revision-page.ts';
import { code1, escapeText, table } from './markdown.ts';
import type { RevisionOptions } from './options.ts';
import { type Paint, painter, SEVERITY_COLOURS } from './paint.ts';
import { dataAnnotations, dataComment, dataText } from './revision-data.ts';
import type { ChangeReport, ContractRevision, RevisionReport } from './revision-report.ts';
import { findingText, placeOf, SIDES, summaryLine, wordsOf } from './revision-words.ts';

type Render = (report: RevisionReport, options: RevisionOptions) => string;

const RENDERERS = {
  text: renderPlan,
  json: (report) => `${JSON.stringify(report, undefined, 2)}\n`,
  github: renderAnnotations,
  markdown: renderComment,
  html: (report, options) => revisionPage(report, options),
} as const satisfies Record<RevisionFormat, Render>;

/** A comparison of contracts in one of the output formats. */
export function renderRevision(
  report: RevisionReport,
  format: RevisionFormat,
  options: RevisionOptions,
): string {
  return RENDERERS[format](report, options);
}

function renderPlan(report: RevisionReport, { color, verbose }: RevisionOptions): string {
  const paint = painter(color);
  const blocks = report.contracts
    .filter(({ changes }) => changes.length > 0)
    .map((contract) => planOf(contract, verbose, paint));
  const others = [
    ...report.added.map(
      ({ file, version }) =>
        `${paint('green', '+')} ${file} ${version}: a new contract, nothing to compare it with`,
    ),
    ...report.removed.map(
      ({ file, version }) =>
        `${paint('red', '-')} ${file} ${version}: this contract is gone, and nothing guards its tables`,
    ),
  ];
  const data = report.data ? [dataText(report.data, verbose, paint)] : [];
  return `${[...blocks, ...(others.length > 0 ? [others.join('\n')] : []), ...data, summaryLine(report)].join('\n\n')}\n`;
}

function planOf(contract: ContractRevision, verbose: boolean, paint: Paint): string {
  const { base, revision, changes, proposals } = contract;
  const lines = [`${paint('bold', revision.file)}  ${base.version} → ${revision.version}`];
  for (const change of changes) lines.push(...changeLines(change, verbose, paint));
  for (const { table: name, why, text } of proposals)
    lines.push('', `  ${name}: ${why}`, ...text.split('\n').map((line) => `    ${paint('cyan', line)}`));
  return lines.join('\n');
}

const SIGNS: Readonly<Record<string, readonly ['green' | 'red' | 'yellow', string]>> = {
  'column-added': ['green', '+'],
  'table-added': ['green', '+'],
  'column-removed': ['red', '-'],
  'table-removed': ['red', '-'],
};

function changeLines(change: ChangeReport, verbose: boolean, paint: Paint): readonly string[] {
  const [colour, sign] = SIGNS[change.rule] ?? ['yellow', '~'];
  const weight = paint(SEVERITY_COLOURS[change.severity], change.severity.padEnd(7));
  const since = change.since === undefined ? '' : paint('dim', `  (against ${change.since})`);
  const lines = [
    `  ${paint(colour, sign)} ${weight} ${change.rule} at ${paint('bold', placeOf(change))}: ${wordsOf(change)}${since}`,
  ];
  for (const side of ['backward', 'forward'] as const)
    for (const finding of change[side])
      if (verbose || finding.severity !== 'info' || finding.waived)
        lines.push(`            ${SIDES[side]}: ${findingText(finding)}`);
  if (change.waived) lines.push(`            waived until ${change.waived.until}: ${change.waived.reason}`);
  return lines;
}

/** One annotation for each change, on the line that declares it now. */
function renderAnnotations({ contracts, removed, data }: RevisionReport): string {
  const lines = contracts.flatMap(({ changes }) =>
    changes.map((change) => {
      const { severity, rule, declaredAt } = change;
      const place = { file: declaredAt.file, line: declaredAt.line, col: declaredAt.column };
      const evidence = (['backward', 'forward'] as const).flatMap((side) =>
        change[side]
          .filter((finding) => finding.severity !== 'info')
          .map((finding) => `${SIDES[side]}: ${findingText(finding)}`),
      );
      const text = [`${placeOf(change)}: ${wordsOf(change)}`, ...evidence].join('\n');
      return command(LEVELS[severity], { ...place, title: `${rule} at ${placeOf(change)}` }, text);
    }),
  );
  const gone = removed.map(({ file }) =>
    command('error', { file, title: 'contract removed' }, 'nothing guards its tables'),
  );
  return [...lines, ...gone, ...(data ? dataAnnotations(data) : [])].map((line) => `${line}\n`).join('');
}

/** For a pull request: the verdict first, then a table, then what to paste. */
function renderComment(report: RevisionReport): string {
  const lines = ['## Headgate diff', '', escapeText(summaryLine(report))];
  for (const { revision, base, changes, proposals } of report.contracts) {
    if (changes.length === 0) continue;
    lines.push('', `### ${code1(revision.file)} ${escapeText(`${base.version} → ${revision.version}`)}`, '');
    lines.push(
      table(
        ['', 'change', 'at', 'was', 'is', 'old files, new table', 'new files, old table'],
        changes.map(row),
      ),
    );
    for (const { why, text } of proposals)
      lines.push('', escapeText(why), '', '```yaml', text.replaceAll('```', "'''"), '```');
  }
  for (const { file, version } of report.added) lines.push('', `New: ${code1(file)} ${escapeText(version)}`);
  for (const { file, version } of report.removed)
    lines.push('', `Gone: ${code1(file)} ${escapeText(version)}`);
  if (report.data) lines.push(...dataComment(report.data));
  return `${lines.join('\n')}\n`;
}

const ICONS = { error: '⛔', warning: '⚠️', info: '➖' } as const satisfies Record<Severity, string>;

function row(change: ChangeReport): readonly string[] {
  const { severity, rule, expected, actual, backward, forward, waived } = change;
  const cell = (findings: readonly FindingReport[]) =>
    findings
      .filter((finding) => finding.severity !== 'info' || finding.waived)
      .map((finding) => escapeText(findingText(finding)))
      .join('; ') || 'admitted';
  return [
    ICONS[severity],
    code1(rule),
    code1(placeOf(change)),
    escapeText(expected),
    escapeText(actual),
    cell(backward) + (waived ? escapeText(` (waived until ${waived.until})`) : ''),
    cell(forward),
  ];
}
