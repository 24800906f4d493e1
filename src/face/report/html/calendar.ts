import type { DayCount } from '../../../tools/audit/audit-report.ts';
import { html, type Markup } from './markup.ts';
import { count } from './parts.ts';

const MAX_COLUMNS = 62;
const MAX_ROWS = 40;
const OTHERS = '…';

/** Held files of each table by day and partition: darker is more. Months stand for days where these are too many. */
export function calendars(days: readonly DayCount[]): readonly Markup[] {
  return [...groupBy(days, ({ table }) => table)].map(([table, cells]) => calendar(table, cells));
}

function calendar(table: string, cells: readonly DayCount[]): Markup {
  const isByMonth = new Set(cells.map(({ day }) => day)).size > MAX_COLUMNS;
  const columnOf = ({ day }: DayCount) => (isByMonth && day.length === 10 ? day.slice(0, 7) : day);
  const all = [...new Set(cells.map(columnOf))].toSorted(dayOrder);
  const columns = all.slice(-MAX_COLUMNS);
  const cut =
    all.length > MAX_COLUMNS ? `; ${count(all.length - MAX_COLUMNS, 'earlier column')} left out` : '';
  const rows = rowsOf(cells, columnOf);
  const most = Math.max(...rows.flatMap(({ held }) => [...held.values()]));
  const caption = `files of ${table} that would be held, by ${isByMonth ? 'month' : 'day'} and partition${cut}`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="heat"><caption>${caption}</caption>
<thead><tr><th scope="col" rowspan="2">partition</th>${groupsOf(columns).map(({ name, size }) => html`<th class="group" scope="colgroup" colspan="${size}">${name}</th>`)}</tr>
<tr>${columns.map((day) => html`<th scope="col">${shortDay(day)}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ partition, held }) =>
      html`<tr><th scope="row" title="${partition}">${partition}</th>${columns.map((day) => cell(held.get(day) ?? 0, most))}</tr>\n`,
  )}</tbody></table></div>`;
}

interface Row {
  readonly partition: string;
  readonly held: ReadonlyMap<string, number>;
}

/** Partitions with the most held files first; those beyond the bound share a row. */
function rowsOf(cells: readonly DayCount[], columnOf: (cell: DayCount) => string): readonly Row[] {
  const groups = [...groupBy(cells, ({ partition }) => partition)].toSorted(
    ([, a], [, b]) => total(b) - total(a),
  );
  const named = groups.filter(([partition]) => partition !== OTHERS);
  const rest = [
    ...named.slice(MAX_ROWS).flatMap(([, own]) => own),
    ...groups.filter(([partition]) => partition === OTHERS).flatMap(([, own]) => own),
  ];
  const row = (partition: string, own: readonly DayCount[]): Row => {
    const held = new Map<string, number>();
    for (const one of own) held.set(columnOf(one), (held.get(columnOf(one)) ?? 0) + one.hold);
    return { partition, held };
  };
  return [
    ...named.slice(0, MAX_ROWS).map(([partition, own]) => row(partition || 'all', own)),
    ...(rest.length > 0 ? [row('others', rest)] : []),
  ];
}

function groupBy(
  cells: readonly DayCount[],
  keyOf: (cell: DayCount) => string,
): ReadonlyMap<string, readonly DayCount[]> {
  const groups = new Map<string, DayCount[]>();
  for (const cell of cells) {
    const group = groups.get(keyOf(cell));
    if (group) group.push(cell);
    else groups.set(keyOf(cell), [cell]);
  }
  return groups;
}

function total(cells: readonly DayCount[]): number {
  return cells.reduce((sum, { hold }) => sum + hold, 0);
}

function cell(held: number, most: number): Markup {
  if (held === 0) return html`<td></td>`;
  const level = Math.max(1, Math.ceil((held / most) * 4));
  return html`<td class="h${level}" title="${count(held, 'file')}">${shortCount(held)}</td>`;
}

/** At most four characters: `999`, `1.2k`, `34k`, `5m`. */
function shortCount(number: number): string {
  for (const [unit, size] of [
    ['m', 1e6],
    ['k', 1e3],
  ] as const)
    if (number >= size)
      return `${(number / size).toFixed(number < 10 * size ? 1 : 0).replace('.0', '')}${unit}`;
  return `${number}`;
}

/** What has no day stands first, what came beyond the bound last. */
function dayOrder(a: string, b: string): number {
  if (a === OTHERS || b === OTHERS) return Number(a === OTHERS) - Number(b === OTHERS);
  return a < b ? -1 : 1;
}

/** Months above days, years above months. */
function groupsOf(columns: readonly string[]): readonly { readonly name: string; readonly size: number }[] {
  const groups: { readonly name: string; size: number }[] = [];
  for (const day of columns) {
    const name = groupOf(day);
    const last = groups.at(-1);
    if (last?.name === name) last.size++;
    else groups.push({ name, size: 1 });
  }
  return groups;
}

function groupOf(day: string): string {
  if (day === '') return 'no day';
  return day === OTHERS ? 'other days' : day.slice(0, -3);
}

function shortDay(day: string): string {
  return day === '' || day === OTHERS ? 'all' : day.slice(-2);
}
