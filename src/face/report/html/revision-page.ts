import type { FindingReport } from '../../../tools/scan/report.ts';
import type { DataEvidence } from '../data-evidence.ts';
import type { RevisionOptions } from '../options.ts';
import { headline, toldCounts } from '../revision-data.ts';
import type { ChangeReport, ContractRevision, RevisionReport } from '../revision-report.ts';
import { findingText, placeOf, SIDES, summaryLine } from '../revision-words.ts';
import { errorsPart } from './audit-page.ts';
import { causeList, declaration, type Lines, linesOf, type Source } from './cause-card.ts';
import { renderPage } from './document.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { chip, code, dataTable, note, section, thousands, tiles } from './parts.ts';

/** What a new version of contracts breaks, as one page. */
export function revisionPage(
  report: RevisionReport,
  { source, version }: Pick<RevisionOptions, 'source' | 'version'>,
): string {
  const { summary, contracts, added, removed, data } = report;
  const lines = linesOf(source);
  const changes = contracts.flatMap((contract) => contract.changes);
  const breaking = changes.filter(({ breaks }) => breaks.length > 0).length;
  return renderPage({
    title: 'Diff',
    about: html`${summaryLine(report)}`,
    version,
    body: [
      tiles([
        { name: 'contracts', value: thousands(summary.contracts) },
        { name: 'changes', value: thousands(summary.changes) },
        { name: 'breaking', value: thousands(breaking), ...(breaking > 0 && { tone: 'warning' as const }) },
        {
          name: 'not allowed',
          value: thousands(summary.errors),
          tone: summary.errors > 0 ? 'error' : 'good',
        },
      ]),
      contracts
        .filter((contract) => contract.changes.length > 0)
        .map((contract) => contractPart(contract, lines)),
      namesPart('New contracts', added),
      namesPart('Contracts that are gone: nothing guards their tables', removed),
      data ? dataPart(data, source) : NOTHING,
    ].flat(),
  });
}

function contractPart({ base, revision, changes, proposals }: ContractRevision, lines: Lines): Markup {
  return section(
    `${revision.file}, ${base.version} → ${revision.version}`,
    ...changes.map((change) => changeCard(change, lines)),
    ...proposals.map(
      ({ table, why, text }) =>
        html`<h3>${table}: ${why}</h3><pre>${text.split('\n').map((line) => html`<span class="want">${line}</span>`)}</pre>`,
    ),
  );
}

function changeCard(change: ChangeReport, lines: Lines): Markup {
  const { rule, severity, expected, actual, declaredAt, waived, since } = change;
  const about = [
    `${declaredAt.file}:${declaredAt.line}`,
    ...(since === undefined ? [] : [`against ${since}`]),
    ...(waived ? [`waived until ${waived.until}: ${waived.reason}`] : []),
  ];
  return html`<details class="cause" open data-severity="${severity}">
<summary>${chip(severity)}<span class="what">${rule} at ${code(placeOf(change))}</span><span class="amount"></span><span class="about">${about.join(' · ')}</span></summary>
<div class="body"><div class="sides"><div><h3>was</h3>${sideText(expected, 'have')}</div><div><h3>is</h3>${sideText(actual, 'want')}${declaration(declaredAt, lines)}</div></div>
<div class="sides">${(['backward', 'forward'] as const).map((side) => html`<div><h3>${SIDES[side]}</h3>${findings(change[side])}</div>`)}</div></div>
</details>
`;
}

function sideText(text: string, tone: 'have' | 'want'): Markup {
  return text === ''
    ? html`<p class="soft">nothing</p>`
    : html`<pre><span class="${tone}">${text}</span></pre>`;
}

function findings(all: readonly FindingReport[]): Markup {
  if (all.length === 0) return html`<p>${chip('good', 'admitted')}</p>`;
  return html`<ul class="files">${all.map((finding) => html`<li>${chip(finding.severity)} ${findingText(finding)}</li>`)}</ul>`;
}

function namesPart(title: string, contracts: RevisionReport['added']): Markup {
  if (contracts.length === 0) return NOTHING;
  return section(
    title,
    html`<ul>${contracts.map(({ file, version }) => html`<li>${code(file)} ${version}</li>`)}</ul>`,
  );
}

function dataPart(data: DataEvidence, source: Source): Markup {
  const causes = data.tables.flatMap((table) => table.causes);
  return html`${section(
    'Existing data',
    note(headline(data), data.state !== 'complete'),
    dataTable(
      'what the change does to files that exist',
      [
        { name: 'table', value: ({ table }) => code(table) },
        { name: 'files', value: (one) => html`${toldCounts(one)}` },
        { name: 'first', value: ({ brokenFiles: [first] }) => (first ? code(first.uri) : NOTHING) },
      ],
      data.tables,
    ),
  )}${causes.length > 0 ? section('What breaks files that were good', causeList(causes, source, true)) : NOTHING}${errorsPart(data.errors)}`;
}
