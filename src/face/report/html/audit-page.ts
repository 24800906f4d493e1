import type { AuditReport, ErrorCause } from '../../../tools/audit/audit-report.ts';
import { STATES, sizeText } from '../audit-words.ts';
import type { AuditRenderOptions } from '../options.ts';
import { calendars } from './calendar.ts';
import { causeList } from './cause-card.ts';
import { renderPage } from './document.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { code, count, dataTable, note, section, type Tile, thousands, tiles } from './parts.ts';

/** The report of an audit as one page. */
export function auditPage(
  report: AuditReport,
  { source, version }: Pick<AuditRenderOptions, 'source' | 'version'>,
): string {
  const { prefix, state, causes, days, errors, basis, summary } = report;
  const nothing =
    summary.files === 0 ? `no file is below ${prefix}` : 'every file that was judged keeps its contract';
  return renderPage({
    title: 'Audit',
    about: html`of ${code(prefix)}`,
    version,
    body: [
      tiles(tilesOf(report)),
      state === 'complete' ? NOTHING : note(STATES[state].trim(), true),
      basis ? note(basis.note) : NOTHING,
      days.length > 0 ? section('Days', ...calendars(days)) : NOTHING,
      section('Causes', causes.length > 0 ? causeList(causes, source, true) : note(nothing)),
      errorsPart(errors),
      tablesPart(report),
      unprovenPart(report.unproven),
    ],
  });
}

function tilesOf({ summary, ignored, samplePerPartition }: AuditReport): readonly Tile[] {
  const { files, admit, byGrant, hold, ignore, superseded, errors, notSampled, bytes, heldBytes } = summary;
  const reasons = Object.entries(ignored).map(([reason, number]) => `${thousands(number)} ${reason}`);
  return [
    { name: 'files', value: thousands(files), more: sizeText(bytes) },
    {
      name: 'admitted',
      value: thousands(admit),
      ...(admit > 0 && { tone: 'good' as const }),
      ...(byGrant > 0 && { more: `${thousands(byGrant)} by break-glass` }),
    },
    {
      name: 'held',
      value: thousands(hold),
      ...(hold > 0 && { tone: 'error' as const, more: sizeText(heldBytes) }),
    },
    {
      name: 'ignored',
      value: thousands(ignore),
      ...(reasons.length > 0 && { more: reasons.join(', ') }),
    },
    ...(superseded > 0 ? [{ name: 'changed while read', value: thousands(superseded) }] : []),
    ...(errors > 0 ? [{ name: 'not judged', value: thousands(errors), tone: 'error' as const }] : []),
    ...(samplePerPartition === undefined
      ? []
      : [
          {
            name: 'left out',
            value: thousands(notSampled),
            more: `by --sample per-partition:${samplePerPartition}`,
          },
        ]),
  ];
}

export function errorsPart(errors: readonly ErrorCause[]): Markup {
  if (errors.length === 0) return NOTHING;
  const table = dataTable<ErrorCause>(
    'files that were not judged',
    [
      { name: 'code', value: ({ code: name }) => code(name) },
      { name: 'files', isNumber: true, value: ({ files }) => html`${thousands(files)}` },
      { name: 'first', value: ({ firstFile }) => code(firstFile) },
      { name: 'why', value: ({ firstMessage }) => html`${firstMessage}` },
      { name: 'again', value: ({ retryable }) => html`${retryable ? 'this may pass' : 'no'}` },
    ],
    errors,
  );
  return section('Not judged', table);
}

function tablesPart({ tables }: AuditReport): Markup {
  if (tables.length === 0) return NOTHING;
  const table = dataTable(
    'what each table has',
    [
      { name: 'table', value: ({ table: name }) => code(name) },
      { name: 'files', isNumber: true, value: ({ files }) => html`${thousands(files)}` },
      { name: 'held', isNumber: true, value: ({ hold }) => html`${thousands(hold)}` },
      { name: 'size', isNumber: true, value: ({ bytes }) => html`${sizeText(bytes)}` },
      { name: 'partitions', isNumber: true, value: ({ partitions }) => html`${thousands(partitions)}` },
      { name: 'with held files', isNumber: true, value: (one) => html`${thousands(one.heldPartitions)}` },
    ],
    tables,
  );
  return section('Tables', table);
}

/** A rule that what was read does not decide. */
export interface UnprovenRow {
  readonly rule: string;
  readonly path: string;
  readonly table: string;
  readonly why: string;
  readonly files: number;
}

const SHOWN_UNPROVEN = 200;

export function unprovenPart(unproven: readonly UnprovenRow[]): Markup {
  if (unproven.length === 0) return NOTHING;
  const table = dataTable(
    'rules that what was read does not decide',
    [
      { name: 'table', value: ({ table: name }) => code(name) },
      { name: 'path', value: ({ path }) => code(path) },
      { name: 'rule', value: ({ rule }) => code(rule) },
      { name: 'why', value: ({ why }) => html`${why}` },
      { name: 'files', isNumber: true, value: ({ files }) => html`${thousands(files)}` },
    ],
    unproven.slice(0, SHOWN_UNPROVEN),
  );
  const more = unproven.length - SHOWN_UNPROVEN;
  return section(
    'Unproven',
    table,
    more > 0 ? note(`and ${count(more, 'rule')} more; --format json lists them`) : NOTHING,
  );
}
