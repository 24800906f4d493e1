import type { Severity } from '../../../judge/contract/vocabulary.ts';
import { html, type Markup, NOTHING } from './markup.ts';

export interface Tile {
  readonly name: string;
  readonly value: string;
  readonly more?: string;
  readonly tone?: 'error' | 'warning' | 'good';
}

/** The counts at the top. */
export function tiles(all: readonly Tile[]): Markup {
  return html`<dl class="tiles">${all.map(
    ({ name, value, more, tone = 'plain' }) =>
      html`<div class="is-${tone}"><dt>${name}</dt><dd>${value}${more === undefined ? NOTHING : html`<small>${more}</small>`}</dd></div>`,
  )}</dl>`;
}

export function chip(severity: Severity | 'good', word: string = severity): Markup {
  return html`<span class="chip ${severity}">${word}</span>`;
}

export function code(text: string): Markup {
  return html`<code>${text}</code>`;
}

export interface Column<Row> {
  readonly name: string;
  readonly isNumber?: true;
  readonly value: (row: Row) => Markup;
}

/** A table that scrolls by itself where it is wider than the page. */
export function dataTable<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Markup {
  const kind = ({ isNumber }: Column<Row>) => (isNumber ? html` class="number"` : NOTHING);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${kind(column)}>${column.name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td${kind(column)}>${column.value(row)}</td>`)}</tr>\n`)}</tbody></table></div>`;
}

export function section(title: string, ...body: readonly Markup[]): Markup {
  return html`<h2>${title}</h2>\n${body}`;
}

export function note(text: string, isAlert = false): Markup {
  return html`<p class="note${isAlert ? ' alert' : ''}">${text}</p>`;
}

/** A command, with a button that copies it. */
export function command(text: string): Markup {
  return html`<div class="command"><code>${text}</code><button type="button" class="copy" hidden>copy</button></div>`;
}

/** `1,234 files`. */
export function count(number: number, word: string): string {
  return `${thousands(number)} ${word}${number === 1 ? '' : 's'}`;
}

export function thousands(number: number): string {
  return `${number}`.replace(/\B(?=(?:\d{3})+$)/gu, ',');
}
