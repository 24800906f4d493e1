import { type IncidentOrder, orderIncident } from '../../../run/incident/incident.ts';
import type { Incident } from '../../../run/incident/incidents.ts';
import { safeText } from '../../../text/safe.ts';
import { alignColumns } from '../../report/columns.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { actAs } from './acts.ts';
import { oneById, oneToActOn } from './by-id.ts';
import { allHolds } from './holds.ts';
import { allIncidents, causeOf, heldOf, INCIDENT, letThrough } from './incidents.ts';
import { openSession } from './lake-session.ts';
import type { ActOptions } from './session.ts';

/** `headgate incident list`: one line for each open incident, oldest first; with `--all` those of the last day too. */
export async function runIncidentList(
  options: ActOptions & { readonly all?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const all = await allIncidents(session);
  const holds = await allHolds(session);
  const entries = all
    .filter(({ incident }) => options.all === true || incident.status === 'open')
    .map((entry) => ({ ...entry, held: heldOf(entry, all, holds).length }));
  if (options.format === 'json') {
    const incidents = entries.map(({ table, contractVersion, incident, held }) => ({
      table,
      contractVersion,
      ...incident,
      held,
    }));
    terminal.out(`${JSON.stringify({ schemaVersion: 1, incidents }, undefined, 2)}\n`);
    return 0;
  }
  if (entries.length === 0) {
    terminal.out(`no incident is open${options.all ? ', and none was in the last day' : ''}\n`);
    return 0;
  }
  terminal.out(
    alignColumns(
      entries.map(({ table, contractVersion, incident, held }) => [
        incident.id,
        stateOf(incident, session.guard.clock.now()),
        incident.openedAt,
        `${table} ${contractVersion}`,
        countOf(incident, held),
        incident.effect,
        causeOf(incident),
      ]),
    ),
  );
  return 0;
}

/** What is held of it now, of how many there were; how often it happened, where nothing of it was ever held. */
function countOf({ count, last }: Incident, held: number): string {
  if (last?.holdId === undefined) return `${count}x`;
  return held >= count ? `${held} held` : `${held} of ${count} held`;
}

function stateOf({ status, mutedUntil }: Incident, now: string): string {
  return status === 'open' && mutedUntil !== undefined && mutedUntil > now ? 'muted' : status;
}

/** `headgate incident show ID`: what it is about, both sides of each difference, and what to run next. */
export async function runIncidentShow(
  id: string,
  options: ActOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const entries = await allIncidents(session);
  const entry = oneById(entries, INCIDENT, id);
  const { table, contractVersion, incident } = entry;
  const holds = await allHolds(session);
  const held = heldOf(entry, entries, holds).length;
  const byGrant = letThrough(entry, entries, holds).length;
  if (options.format === 'json') {
    terminal.out(
      `${JSON.stringify({ schemaVersion: 1, table, contractVersion, ...incident, held, byGrant }, undefined, 2)}\n`,
    );
    return 0;
  }
  const { owner, first, last, mutedUntil, resolvedAt } = incident;
  const facts: (readonly [string, string])[] = [
    ['incident', incident.id],
    ['table', `${table} ${contractVersion}`],
    ['opened', incident.openedAt],
    ['last', incident.lastAt],
    ['count', countOf(incident, held)],
    ...(byGrant > 0
      ? [['break-glass', `let ${byGrant} ${byGrant === 1 ? 'file' : 'files'} of it through`] as const]
      : []),
    ['Athena', incident.effect],
    [
      'owner',
      [owner.team ?? 'none in the contract', ...owner.channels].map((name) => safeText(name, 120)).join(' '),
    ],
    ...(first ? [['first file', first.uri] as const] : []),
    ...(last && last.uri !== first?.uri ? [['last file', last.uri] as const] : []),
    ...(last && last.folder !== ''
      ? [['partition', `${last.folder} is without what is held of it`] as const]
      : []),
    ...(incident.servesOldData ? [['readers see', 'old data of the held keys'] as const] : []),
    ...(mutedUntil ? [['muted until', mutedUntil] as const] : []),
    ...(resolvedAt ? [['resolved', resolvedAt] as const] : []),
  ];
  const lines = [
    `${stateOf(incident, session.guard.clock.now()).toUpperCase()}  ${table} ${contractVersion}: ${causeOf(incident)}`,
    ...incident.pairs.flatMap(({ rule, path, expected, actual }) => [
      `  ${rule}${path === '' ? '' : ` at ${path}`}`,
      `          expected ${expected}`,
      `          actual   ${actual}`,
    ]),
    '',
    alignColumns(facts.map(([name, value]) => [`  ${name}`, value])).trimEnd(),
    '',
    '  next',
    ...nextCommands(table, incident).map((command) => `    ${command}${session.flags}`),
  ];
  terminal.out(`${lines.join('\n')}\n`);
  return 0;
}

function nextCommands(table: string, { id, last, isHeld, massDrift, status }: Incident): readonly string[] {
  return [
    ...(massDrift ? [`headgate breaker close ${table}`] : []),
    ...(last?.holdId === undefined ? [] : [`headgate quarantine show ${last.holdId}`]),
    ...(isHeld ? [`headgate quarantine release --incident ${id}`] : []),
    ...(status === 'open' ? [`headgate incident resolve ${id}`] : []),
  ];
}

/** `headgate incident mute ID --until TIME`: no updates until then; it still opens, counts and resolves. */
export async function runIncidentMute(
  id: string,
  options: ActOptions & { readonly until: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const until = timeOf(options.until, terminal.now());
  return order(id, { kind: 'mute', until }, `muted until ${until}`, options, terminal);
}

/** `headgate incident resolve ID`: a person says that it is over; the same trouble within a day opens it again. */
export async function runIncidentResolve(
  id: string,
  options: ActOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return order(id, { kind: 'resolve', by: '' }, 'resolved', options, terminal);
}

async function order(
  id: string,
  wanted: IncidentOrder,
  outcome: string,
  options: ActOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const entries = await allIncidents(session);
  const entry = oneToActOn(entries, INCIDENT, id, terminal);
  const { table, incident } = entry;
  const held = heldOf(entry, entries, await allHolds(session)).length;
  const isDryRun = options.dryRun === true;
  const by = isDryRun
    ? session.by
    : await actAs(session, {
        act: wanted.kind === 'mute' ? 'incident-mute' : 'incident-resolve',
        table,
        what: `incident ${incident.id}: ${causeOf(incident)}${wanted.kind === 'mute' ? `, until ${wanted.until}` : ''}`,
      });
  const byPerson = wanted.kind === 'resolve' ? { ...wanted, by } : wanted;
  if (!isDryRun && !(await orderIncident(session.guard, table, incident.id, byPerson)))
    throw new UsageError(`incident ${incident.id} is gone meanwhile`);
  const result = { incident: incident.id, table, outcome, held };
  terminal.out(
    options.format === 'json'
      ? `${JSON.stringify({ schemaVersion: 1, dryRun: isDryRun, ...result }, undefined, 2)}\n`
      : `${isDryRun ? 'would be ' : ''}${outcome}  ${incident.id}  ${table}  ${causeOf(incident)}\n`,
  );
  if (wanted.kind === 'resolve' && held > 0)
    terminal.err(
      `${held} ${held === 1 ? 'file' : 'files'} of it ${held === 1 ? 'stays' : 'stay'} held: run \`headgate quarantine list --incident ${incident.id}${session.flags}\`\n`,
    );
  return 0;
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time (ISO 8601), or a span from now such as `90m`, `4h` or `2d`; always as an ISO time in UTC. */
export function timeOf(text: string, now: string): string {
  const [, count, unit] = /^(\d{1,5})([mhd])$/u.exec(text) ?? [];
  const time = count ? Date.parse(now) + Number(count) * (UNITS_MS[unit ?? ''] ?? 0) : isoTime(text);
  if (Number.isNaN(time))
    throw new UsageError(
      `--until ${safeText(text, 60)} is not a time: give one such as 2026-06-15T18:00:00Z, or a span such as 4h`,
    );
  if (time <= Date.parse(now)) throw new UsageError(`--until ${safeText(text, 60)} is in the past`);
  return new Date(time).toISOString();
}

function isoTime(text: string): number {
  return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/u.test(text)
    ? Date.parse(text)
    : Number.NaN;
}
