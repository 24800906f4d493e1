import type { Incidents } from '../incident/incidents.ts';
import { pairKey } from '../incident/incidents.ts';
import { purge } from '../pipeline/purge.ts';
import { LEDGER_SCOPES } from '../pipeline/records.ts';
import { release } from '../pipeline/release.ts';
import { listRecords } from '../pipeline/stored.ts';
import { alignColumns } from '../report/columns.ts';
import { actAs } from './acts.ts';
import { allHolds, causeOf, type Hold, oneById, uriOf } from './holds.ts';
import { openSession, tableNamed } from './lake-session.ts';
import { type ExitCode, type Terminal, UsageError } from './run.ts';
import type { ActOptions, LakeSession } from './session.ts';

export interface ReleaseOptions extends ActOptions {
  readonly incident?: string;
  readonly all?: boolean;
  readonly table?: string;
}

interface Done {
  readonly hold: Hold;
  readonly outcome: string;
  readonly detail: string;
  readonly isDone: boolean;
}

/**
 * `headgate quarantine release ID… | --incident ID | --all --table T`: judges again and hands back what the contracts of
 * today admit. Exit 1 where something stays held. Where nobody guards the lake, the work that follows is done at once.
 */
export async function runRelease(
  ids: readonly string[],
  options: ReleaseOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const holds = await chosen(session, ids, options);
  const isDryRun = options.dryRun === true;
  const done: Done[] = [];
  for (const hold of holds) {
    const by = isDryRun ? session.by : await actOn(session, 'release', hold);
    const released = await release(session.guard, hold.guarded, hold.record, { by, isDryRun });
    done.push({
      hold,
      outcome: released.outcome,
      ...releasedText(released),
      isDone: released.outcome === 'released',
    });
  }
  const anyReleased = done.some(({ isDone }) => isDone);
  print(done, anyReleased && !isDryRun ? await session.followUp() : undefined, options, terminal);
  return done.every(({ isDone }) => isDone) ? 0 : 1;
}

function actOn(
  session: LakeSession,
  act: 'release' | 'purge',
  { guarded, record }: Hold,
  how = '',
): Promise<string> {
  return actAs(session, {
    act,
    table: guarded.name,
    what: `hold ${record.holdId} of ${uriOf(record)}${how}`,
  });
}

function releasedText(released: Awaited<ReturnType<typeof release>>): { readonly detail: string } {
  switch (released.outcome) {
    case 'released':
      return { detail: '' };
    case 'still-held': {
      const [first] = released.findings;
      return {
        detail: first ? `${first.rule}${first.path === '' ? '' : ` at ${first.path}`}: ${first.message}` : '',
      };
    }
    case 'waits-for-apply':
      return { detail: `run \`headgate apply\` first: ${released.why}` };
    case 'superseded':
      return { detail: `${released.by} by its producer meanwhile` };
    case 'not-held':
      return { detail: released.status };
  }
}

/** The holds that the call means. Releasing everything takes a table's name, so that nobody does it by accident. */
async function chosen(
  session: LakeSession,
  ids: readonly string[],
  { incident, all, table }: ReleaseOptions,
): Promise<readonly Hold[]> {
  const ways = [ids.length > 0, incident !== undefined, all === true].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('name what to release: ids, or --incident ID, or --all --table TABLE');
  const holds = await allHolds(session);
  if (ids.length > 0) return ids.map((id) => oneById(holds, ({ record }) => record.holdId, id, 'hold'));
  const held = holds.filter(({ record }) => record.status === 'held');
  if (incident !== undefined) return ofIncident(session, held, incident);
  if (table === undefined) throw new UsageError('--all needs --table TABLE: whose held files are meant?');
  const { name } = tableNamed(session, table);
  return nonEmpty(
    held.filter(({ guarded }) => guarded.name === name),
    `nothing of table ${name} is held`,
  );
}

async function ofIncident(
  session: LakeSession,
  held: readonly Hold[],
  prefix: string,
): Promise<readonly Hold[]> {
  const all: {
    readonly id: string;
    readonly table: string;
    readonly version: string;
    readonly pairs: ReadonlySet<string>;
  }[] = [];
  for (const { name } of session.tables.values())
    for (const { value } of await listRecords<Incidents>(session.guard, LEDGER_SCOPES.incidents(name)))
      for (const { id, pairs } of value.incidents)
        all.push({ id, table: name, version: value.contractVersion, pairs: new Set(pairs.map(pairKey)) });
  const incident = oneById(all, ({ id }) => id, prefix, 'incident');
  return nonEmpty(
    held.filter(
      ({ guarded, record }) =>
        guarded.name === incident.table &&
        record.judgedBy.contractVersion === incident.version &&
        record.findings.some((finding) => incident.pairs.has(pairKey(finding))),
    ),
    `nothing of incident ${incident.id} is held`,
  );
}

function nonEmpty(holds: readonly Hold[], otherwise: string): readonly Hold[] {
  if (holds.length === 0) throw new UsageError(otherwise);
  return holds;
}

export interface PurgeOptions extends ActOptions {
  readonly keepOld?: boolean;
  readonly dropOld?: boolean;
}

/** `headgate quarantine purge ID…`: removes held objects for good. Exit 1 where one was not removed. */
export async function runPurge(
  ids: readonly string[],
  options: PurgeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.keepOld && options.dropOld)
    throw new UsageError('--keep-old and --drop-old contradict each other: give one');
  const session = await openSession(options, terminal);
  const holds = await allHolds(session);
  const isDryRun = options.dryRun === true;
  const keep = options.keepOld ? 'old' : options.dropOld ? 'none' : undefined;
  const done: Done[] = [];
  for (const id of ids) {
    const hold = oneById(holds, ({ record }) => record.holdId, id, 'hold');
    if (!isDryRun) await actOn(session, 'purge', hold, keep === 'old' ? ', the last good one kept' : '');
    const purged = await purge(session.guard, hold.guarded, hold.record, { ...(keep && { keep }), isDryRun });
    const detail =
      purged.outcome === 'choice-needed'
        ? 'last good data is published under its key: --keep-old brings it back to landing, --drop-old lets it go too'
        : purged.outcome === 'not-held'
          ? purged.status
          : '';
    done.push({ hold, outcome: purged.outcome, detail, isDone: purged.outcome === 'purged' });
  }
  const changed = !isDryRun && done.some(({ isDone }) => isDone);
  print(done, changed ? await session.leaveToGuard() : undefined, options, terminal);
  return done.every(({ isDone }) => isDone) ? 0 : 1;
}

function print(
  done: readonly Done[],
  note: string | undefined,
  { format, dryRun = false }: ActOptions,
  terminal: Terminal,
): void {
  if (format === 'json') {
    const results = done.map(({ hold, outcome, detail }) => ({
      holdId: hold.record.holdId,
      table: hold.record.table,
      uri: uriOf(hold.record),
      outcome,
      detail,
    }));
    terminal.out(
      `${JSON.stringify({ schemaVersion: 1, dryRun, results, ...(note && { note }) }, undefined, 2)}\n`,
    );
    return;
  }
  terminal.out(
    alignColumns(
      done.map(({ hold, outcome, detail, isDone }) => [
        isDone && dryRun ? `would be ${outcome}` : outcome,
        hold.record.holdId,
        hold.record.table,
        causeOf(hold.record),
        uriOf(hold.record),
        detail,
      ]),
    ),
  );
  if (note) terminal.err(`${note}\n`);
}
