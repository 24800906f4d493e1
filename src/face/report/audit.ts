import type { AuditReport, Cause, ErrorCause } from '../../tools/audit/audit-report.ts';
import { STATES, sizeText } from './audit-words.ts';
import type { AuditFormat } from './formats.ts';
import { auditPage } from './html/audit-page.ts';
import { code1, escapeText, table } from './markdown.ts';
import type { AuditRenderOptions } from './options.ts';
import { type Paint, painter, SEVERITY_COLOURS } from './paint.ts';
import { admittedText, alsoLine, EFFECT_WORDS } from './text.ts';

/** The report of an audit. Rows of files (`jsonl`, `parquet`) are written as they come; for them this is for people. */
export function renderAudit(
  report: AuditReport,
  format: Exclude<AuditFormat, 'jsonl' | 'parquet'>,
  options: AuditRenderOptions,
): string {
  switch (format) {
    case 'text':
      return renderText(report, options);
    case 'json':
      return `${JSON.stringify(report, undefined, 2)}\n`;
    case 'markdown':
      return renderMarkdown(report, options);
    case 'html':
      return auditPage(report, options);
  }
}

const SHOWN_PARTITIONS = 3;

function renderText(
  report: AuditReport,
  { color, verbose }: Pick<AuditRenderOptions, 'color' | 'verbose'>,
): string {
  const paint = painter(color);
  const { shown, hidden } = chosen(report.causes, verbose);
  const blocks = shown.map((cause) => causeText(cause, paint));
  const errors = report.errors.map((error) => errorText(error, paint));
  return `${[...blocks, ...errors, tablesText(report, paint), closing(report, hidden, paint)]
    .filter((block) => block !== '')
    .join('\n\n')}\n`;
}

/** Findings that only inform are many, and no reason to act. */
function chosen(causes: readonly Cause[], verbose: boolean) {
  const shown = verbose ? causes : causes.filter(({ severity }) => severity !== 'info');
  return { shown, hidden: causes.length - shown.length };
}

function causeText(cause: Cause, paint: Paint): string {
  const { rule, path, severity, effect, athena, reference, versions, declaredAt } = cause;
  const at = path ? ` at ${paint('bold', path)}` : '';
  const lines = [
    `${paint(SEVERITY_COLOURS[severity], severity.padEnd(7))} ${rule}${at}  ${paint('dim', `${cause.table} ${cause.contractVersion}`)}  ${count(cause.files, 'file')}, ${sizeText(cause.bytes)}`,
    `          held     ${count(cause.hold, 'file')}${partitionsText(cause)}`,
    `          expected ${cause.expected}${declaredAt ? `  (${declaredAt.file}:${declaredAt.line})` : ''}`,
    `          found    ${actualText(cause)}`,
  ];
  if (effect !== 'none') {
    const where = `(${reference ?? 'file'}${versions && versions !== 'all' ? `, Trino ${versions}` : ''})`;
    lines.push(
      `          Athena   ${EFFECT_WORDS[effect]}${athena ? `: ${athena}` : ''}${paint('dim', ` ${where}`)}`,
    );
  }
  for (const seen of cause.also ?? []) lines.push(alsoLine(seen, paint));
  lines.push(`          first    ${cause.firstFile}`);
  if (cause.lastFile !== cause.firstFile) lines.push(`          last     ${cause.lastFile}`);
  if (severity !== 'info') lines.push(`          do       ${cause.remedy}`);
  return lines.join('\n');
}

function partitionsText({ partitions, firstPartitions }: Cause): string {
  if (partitions === 0) return '';
  const names = firstPartitions.slice(0, SHOWN_PARTITIONS);
  const more = partitions - names.length;
  return `, in ${count(partitions, 'partition')}: ${names.join(' ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function actualText({ actual }: Cause): string {
  const [only, ...others] = actual;
  if (only && others.length === 0) return only.text;
  return actual
    .map(({ text, files }) => `${text === '…' ? 'others' : text} in ${count(files, 'file')}`)
    .join('; ');
}

function errorText(
  { code, files, firstFile, firstMessage, lastFile, retryable }: ErrorCause,
  paint: Paint,
): string {
  const lines = [
    `${paint('red', 'ERROR  ')} ${code}  ${count(files, 'file')} not judged`,
    `          first    ${firstFile}: ${firstMessage}`,
  ];
  if (lastFile !== firstFile) lines.push(`          last     ${lastFile}`);
  if (retryable) lines.push('          do       audit again: this may pass');
  return lines.join('\n');
}

function tablesText({ tables }: AuditReport, paint: Paint): string {
  return tables
    .map(
      ({ table: name, files, hold, bytes, partitions, heldPartitions }) =>
        `${paint('bold', name)}  ${count(files, 'file')}, ${sizeText(bytes)}${partitions > 0 ? `, ${count(partitions, 'partition')}` : ''}; held: ${count(hold, 'file')}${partitions > 0 ? ` in ${count(heldPartitions, 'partition')}` : ''}`,
    )
    .join('\n');
}

function closing(report: AuditReport, hidden: number, paint: Paint): string {
  const { summary, unproven, state, prefix } = report;
  if (summary.files === 0 && state === 'complete') return `no file is below ${prefix}`;
  const notes = [
    ...(hidden > 0 ? [`${count(hidden, 'more cause')} that only inform; --verbose lists them`] : []),
    ...(report.basis ? [report.basis.note] : []),
    ...(unproven.length > 0
      ? [`${count(unproven.length, 'rule')} that footers do not prove; --format json lists them`]
      : []),
  ];
  return [
    ...notes.map((note) => paint('dim', note)),
    `${paint('yellow', STATES[state])}${summaryLine(report, paint)}`,
  ].join('\n');
}

/** One line: what there is, and what became of it. */
export function summaryLine({ summary, ignored, samplePerPartition }: AuditReport, paint: Paint): string {
  const { files, admit, byGrant, hold, ignore, superseded, errors, notSampled, bytes, heldBytes } = summary;
  const reasons = Object.entries(ignored).map(([reason, number]) => `${number} ${reason}`);
  const parts = [
    paint(admit > 0 ? 'green' : 'dim', admittedText(admit, byGrant)),
    paint(hold > 0 ? 'red' : 'dim', `${hold} held${hold > 0 ? ` (${sizeText(heldBytes)})` : ''}`),
    paint('dim', `${ignore} ignored${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`),
    ...(superseded > 0 ? [`${superseded} changed while they were read`] : []),
    ...(errors > 0 ? [paint('red', `${errors} not judged`)] : []),
    ...(samplePerPartition !== undefined
      ? [`${notSampled} left out by --sample per-partition:${samplePerPartition}`]
      : []),
  ];
  return `${count(files, 'file')}, ${sizeText(bytes)}: ${parts.join(', ')}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** For a ticket or a wiki: the summary, a table of causes, and what was not judged. */
function renderMarkdown(report: AuditReport, { verbose }: AuditRenderOptions): string {
  const { shown } = chosen(report.causes, verbose);
  const head = `${STATES[report.state]}${summaryLine(report, painter(false))}`;
  const lines = ['## Headgate audit', '', `${code1(report.prefix)}: ${escapeText(head)}.`];
  if (shown.length > 0)
    lines.push(
      '',
      table(
        [
          'severity',
          'rule',
          'path',
          'table',
          'files',
          'held',
          'size',
          'partitions',
          'expected',
          'found',
          'Athena',
          'first',
        ],
        shown.map(causeRow),
      ),
    );
  if (report.errors.length > 0)
    lines.push(
      '',
      '### Not judged',
      '',
      table(
        ['code', 'files', 'first', 'why'],
        report.errors.map(({ code, files, firstFile, firstMessage }) => [
          code,
          `${files}`,
          code1(firstFile),
          escapeText(firstMessage),
        ]),
      ),
    );
  return `${lines.join('\n')}\n`;
}

function causeRow(cause: Cause): readonly string[] {
  const { severity, rule, path, effect, reference } = cause;
  return [
    severity,
    code1(rule),
    path ? code1(path) : '',
    escapeText(`${cause.table} ${cause.contractVersion}`),
    `${cause.files}`,
    `${cause.hold}`,
    sizeText(cause.bytes),
    `${cause.partitions}`,
    escapeText(cause.expected),
    escapeText(actualText(cause)),
    effect === 'none' ? '' : `${effect}${reference ? ` (${reference})` : ''}`,
    code1(cause.firstFile),
  ];
}
