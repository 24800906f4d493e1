import { createHash } from 'node:crypto';
import { SEVERITIES } from '../../../judge/contract/vocabulary.ts';
import type { Cause } from '../../../tools/audit/audit-report.ts';
import { sizeText } from '../audit-words.ts';
import { EFFECT_WORDS } from '../text.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { chip, code, command, count } from './parts.ts';

export type Source = (file: string) => string | undefined;

/** All causes with the filters that choose among them. */
export function causeList(causes: readonly Cause[], source: Source, hasBytes: boolean): Markup {
  if (causes.length === 0) return NOTHING;
  const lines = linesOf(source);
  return html`${causes.length > 1 ? filters(causes) : NOTHING}
${causes.map((cause) => causeCard(cause, lines, hasBytes))}`;
}

function filters(causes: readonly Cause[]): Markup {
  const choices = [
    ['severity', SEVERITIES.toReversed().filter((one) => causes.some(({ severity }) => severity === one))],
    ['table', distinct(causes.map(({ table }) => table))],
    ['rule', distinct(causes.map(({ rule }) => rule))],
    ['effect', distinct(causes.map(effectOf))],
  ] as const;
  return html`<form class="filters" hidden aria-label="filters">
<label>search<input type="search" name="text" autocomplete="off"></label>
${choices.map(
  ([name, values]) =>
    html`<label>${name}<select name="${name}"><option value="">all</option>${values.map((value) => html`<option>${value}</option>`)}</select></label>`,
)}
<button type="reset">clear</button><span class="shown" role="status"></span></form>`;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted();
}

function effectOf({ effect }: Pick<Cause, 'effect'>): string {
  return EFFECT_WORDS[effect] || 'none';
}

/** The same for the same cause in every report, so that a link to it outlives the page. */
export function causeId({
  rule,
  path,
  table,
  contractVersion,
}: Pick<Cause, 'rule' | 'path' | 'table' | 'contractVersion'>): string {
  const hash = createHash('sha256').update(JSON.stringify([rule, path, table, contractVersion]));
  return `cause-${hash.digest('hex').slice(0, 12)}`;
}

export type Lines = (file: string) => readonly string[];

/** Documents are split once, however many causes point into them. */
export function linesOf(source: Source): Lines {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const lines = known.get(file) ?? source(file)?.split(/\r?\n/u) ?? [];
    known.set(file, lines);
    return lines;
  };
}

function causeCard(cause: Cause, lines: Lines, hasBytes: boolean): Markup {
  const { rule, path, table, contractVersion, severity, files, bytes, hold, partitions } = cause;
  const id = causeId(cause);
  const about = [
    `${table} ${contractVersion}`.trim(),
    ...(hold > 0 ? [`${count(hold, 'file')} held`] : []),
    ...(partitions > 0 ? [`in ${count(partitions, 'partition')}`] : []),
    ...(cause.effect === 'none' ? [] : [`Athena: ${effectOf(cause)}`]),
  ];
  return html`<details class="cause" id="${id}" data-severity="${severity}" data-table="${table}" data-rule="${rule}" data-effect="${effectOf(cause)}">
<summary>${chip(severity)}<span class="what">${rule}${path ? html` at ${code(path)}` : NOTHING}</span><span class="amount">${count(files, 'file')}${hasBytes ? `, ${sizeText(bytes)}` : ''}</span><span class="about">${about.join(' · ')}</span></summary>
<div class="body"><div class="sides"><div>${expectedSide(cause, lines)}</div><div>${foundSide(cause)}</div></div>
${effectPart(cause)}${placePart(cause)}<h3>what to do</h3><p>${cause.remedy}</p>${commandPart(cause)}<p><a href="#${id}">link to this cause</a></p></div>
</details>
`;
}

const AROUND = 2;
const LINE_CHARACTERS = 160;

function expectedSide({ expected, declaredAt }: Cause, lines: Lines): Markup {
  return html`<h3>expected ${expected ? code(expected) : NOTHING}</h3>${declaredAt ? declaration(declaredAt, lines) : NOTHING}`;
}

/** The lines of a contract around a place, the line itself marked. */
export function declaration(
  { file, line }: { readonly file: string; readonly line: number },
  lines: Lines,
): Markup {
  const first = Math.max(1, line - AROUND);
  const around = lines(file).slice(first - 1, line + AROUND);
  return html`<p class="soft">${code(`${file}:${line}`)}</p>${around.length === 0 ? NOTHING : html`<pre>${around.map((text, index) => contractLine(text, first + index, line))}</pre>`}`;
}

function contractLine(text: string, number: number, declared: number): Markup {
  const shown = text.length > LINE_CHARACTERS ? `${text.slice(0, LINE_CHARACTERS)}…` : text;
  const inside = html`<i>${number}</i>${shown.replaceAll('\t', '    ')}`;
  return number === declared ? html`<span class="want">${inside}</span>` : html`<span>${inside}</span>`;
}

function foundSide({ actual, files }: Cause): Markup {
  const [only] = actual;
  const isOne = actual.length === 1 && only !== undefined;
  return html`<h3>found ${isOne ? code(only.text) : NOTHING}</h3><p class="soft">${isOne ? `in ${count(files, 'file')}` : 'most files first'}</p>
<pre>${actual.map(({ text, files: number }) => html`<span class="have"><i>${number}</i>${text === '…' ? 'others' : text}</span>`)}</pre>`;
}

function effectPart({ effect, athena, reference, versions, also = [] }: Cause): Markup {
  if (effect === 'none' && also.length === 0) return NOTHING;
  const rows = [{ effect, athena, versions: versions ?? 'all' }, ...also];
  return html`<h3>what queries in Athena see${reference ? html` <span class="soft">(${reference})</span>` : NOTHING}</h3>
<ul class="files">${rows.map(
    (row) =>
      html`<li>${effectOf(row)}${row.athena ? html`: ${code(row.athena)}` : NOTHING}${row.versions === 'all' ? NOTHING : html` <span class="soft">(Trino ${row.versions})</span>`}</li>`,
  )}</ul>`;
}

function placePart({ firstFile, lastFile, firstPartitions, partitions }: Cause): Markup {
  const files = firstFile === lastFile ? [firstFile] : [firstFile, lastFile];
  const more = partitions - firstPartitions.length;
  return html`<h3>${files.length === 1 ? 'file' : 'first and last file'}</h3><ul class="files">${files.map((file) => html`<li>${code(file)}</li>`)}</ul>
${
  firstPartitions.length > 0
    ? html`<h3>partitions</h3><p>${firstPartitions.map((name) => html`${code(name)} `)}${more > 0 ? `and ${more} more` : ''}</p>`
    : NOTHING
}`;
}

/** Judges the first file again; nothing where its name, the contract's or the table's is not shown as it is. */
function commandPart({ firstFile, declaredAt, rule }: Cause): Markup {
  const explain = command(`headgate explain ${rule}`);
  if (!declaredAt || !isWhole(firstFile) || !isWhole(declaredAt.file)) return explain;
  return html`${command(`headgate check ${quoted(firstFile)} --contract ${quoted(declaredAt.file)}`)}${explain}`;
}

/** Text made safe has its odd characters spelled out, or its end cut off. */
function isWhole(text: string): boolean {
  return !/\\u\{|… \(\d+ characters\)$/u.test(text);
}

/** One word of a POSIX shell, which is no option either. */
function quoted(text: string): string {
  if (text.startsWith('-')) return quoted(`./${text}`);
  return /^[\w./:=@%+,-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
