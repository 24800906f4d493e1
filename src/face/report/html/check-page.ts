import { type CountedCause, countFindings, worstFirst } from '../../../tools/audit/causes.ts';
import type { CheckReport, FileError, FileReport, FindingReport } from '../../../tools/scan/report.ts';
import type { RenderOptions } from '../options.ts';
import { type UnprovenRow, unprovenPart } from './audit-page.ts';
import { causeId, causeList } from './cause-card.ts';
import { renderPage } from './document.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { chip, code, count, dataTable, note, section, type Tile, thousands, tiles } from './parts.ts';

/** The report of a check as one page: causes first, as an audit has them, then the files. */
export function checkPage(report: CheckReport, { source, version }: RenderOptions): string {
  const { files, errors, basis } = report;
  const causes = causesOf(files);
  return renderPage({
    title: 'Check',
    about: html`of ${count(report.summary.files, 'file')}`,
    version,
    body: [
      tiles(tilesOf(report)),
      basis ? note(basis.note) : NOTHING,
      section(
        'Causes',
        causes.length > 0 ? causeList(causes, source, false) : note(nothingFound(report.summary.files)),
      ),
      waivedPart(files),
      errorsPart(errors),
      filesPart(files),
      unprovenPart(unprovenOf(files)),
    ],
  });
}

function nothingFound(files: number): string {
  return files === 0
    ? 'no files to judge: name files, a folder that holds some, or a glob'
    : 'every file that was judged keeps its contract';
}

function causesOf(files: readonly FileReport[]) {
  const causes = new Map<string, CountedCause>();
  for (const report of files)
    countFindings(causes, { kind: 'judged', report, bytes: undefined, partition: '' });
  return worstFirst(causes.values());
}

function tilesOf({ summary }: CheckReport): readonly Tile[] {
  const { files, admit, byGrant, hold, ignore, errors } = summary;
  return [
    { name: 'files', value: thousands(files) },
    {
      name: 'admitted',
      value: thousands(admit),
      ...(admit > 0 && { tone: 'good' as const }),
      ...(byGrant > 0 && { more: `${thousands(byGrant)} by break-glass` }),
    },
    { name: 'held', value: thousands(hold), ...(hold > 0 && { tone: 'error' as const }) },
    { name: 'ignored', value: thousands(ignore) },
    ...(errors > 0 ? [{ name: 'not judged', value: thousands(errors), tone: 'error' as const }] : []),
  ];
}

type Waiver = NonNullable<FindingReport['waived']>;

/** What a waiver or a grant lowers, once for each rule and place. */
function waivedPart(files: readonly FileReport[]): Markup {
  const waived = new Map<
    string,
    { readonly table: string; readonly finding: FindingReport; readonly by: Waiver }
  >();
  for (const { table, findings } of files)
    for (const finding of findings)
      if (finding.waived)
        waived.set(JSON.stringify([table, finding.rule, finding.path, finding.waived]), {
          table,
          finding,
          by: finding.waived,
        });
  if (waived.size === 0) return NOTHING;
  const rows = dataTable(
    'findings that a waiver or a break-glass grant lowers',
    [
      { name: 'table', value: ({ table }) => code(table) },
      { name: 'rule', value: ({ finding }) => code(finding.rule) },
      { name: 'path', value: ({ finding }) => code(finding.path) },
      { name: 'until', value: ({ by }) => html`${by.until}` },
      { name: 'why', value: ({ by }) => html`${by.reason}` },
      {
        name: 'by',
        value: ({ by }) => html`${by.grant ? `${by.grant.by}, break-glass ${by.grant.id}` : 'the contract'}`,
      },
    ],
    [...waived.values()],
  );
  return section('Waived', rows);
}

const SHOWN_FILES = 1_000;

function errorsPart(errors: readonly FileError[]): Markup {
  if (errors.length === 0) return NOTHING;
  const rows = dataTable<FileError>(
    'files that were not judged',
    [
      { name: 'file', value: ({ uri }) => code(uri) },
      { name: 'code', value: ({ code: name }) => code(name) },
      { name: 'why', value: ({ message }) => html`${message}` },
    ],
    errors.slice(0, SHOWN_FILES),
  );
  return section('Not judged', rows, moreOf(errors.length));
}

const VERDICTS = {
  hold: { order: 0, tone: 'error', word: 'held' },
  ignore: { order: 1, tone: 'info', word: 'ignored' },
  admit: { order: 2, tone: 'good', word: 'admitted' },
} as const satisfies Record<FileReport['verdict'], object>;

/** Held files first. */
function filesPart(files: readonly FileReport[]): Markup {
  if (files.length === 0) return NOTHING;
  const sorted = files.toSorted((a, b) => VERDICTS[a.verdict].order - VERDICTS[b.verdict].order);
  const rows = dataTable<FileReport>(
    'files, held ones first',
    [
      { name: 'verdict', value: ({ verdict }) => chip(VERDICTS[verdict].tone, VERDICTS[verdict].word) },
      {
        name: 'file',
        value: ({ uri, notes }) =>
          html`${code(uri)}${notes.map((text) => html`<br><span class="soft">${text}</span>`)}`,
      },
      {
        name: 'table',
        value: ({ table, contractVersion, ignored }) =>
          html`${[`${table} ${contractVersion}`.trim(), ignored ?? ''].filter(Boolean).join(', ')}`,
      },
      { name: 'rows', isNumber: true, value: ({ facts }) => html`${facts && thousands(facts.rows)}` },
      { name: 'findings', value: findingLinks },
    ],
    sorted.slice(0, SHOWN_FILES),
  );
  return section('Files', rows, moreOf(files.length));
}

/** To the cause of each finding, where both sides of it are. */
function findingLinks({ table, contractVersion, findings }: FileReport): Markup {
  return html`${findings.map(
    ({ rule, path, severity }) =>
      html`<div>${chip(severity)} <a href="#${causeId({ rule, path, table, contractVersion })}">${rule}${path ? ` at ${path}` : ''}</a></div>`,
  )}`;
}

function moreOf(all: number): Markup {
  return all > SHOWN_FILES
    ? note(`and ${count(all - SHOWN_FILES, 'file')} more; --format json lists them`)
    : NOTHING;
}

function unprovenOf(files: readonly FileReport[]): readonly UnprovenRow[] {
  const rows = new Map<string, UnprovenRow>();
  for (const { table, unproven } of files)
    for (const { rule, path, why } of unproven) {
      const key = JSON.stringify([rule, path, table, why]);
      rows.set(key, { rule, path, table, why, files: (rows.get(key)?.files ?? 0) + 1 });
    }
  return [...rows.values()].toSorted((a, b) => b.files - a.files);
}
