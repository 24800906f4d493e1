import { grantText } from '../../../judge/verdict/through-grant.ts';
import { purge } from '../../../run/hold/purge.ts';
import { release } from '../../../run/hold/release.ts';
import { alignColumns } from '../../report/columns.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { actAs } from './acts.ts';
import { expectYes, isAgreed, type YesOptions } from './agree.ts';
import { oneToActOn } from './by-id.ts';
import { allHolds, causeOf, HOLD, type Hold, uriOf } from './holds.ts';
import { allIncidents, heldOf, INCIDENT } from './incidents.ts';
import { openSession, tableNamed } from './lake-session.ts';
import { type ActOptions, type LakeSession, tellContracts } from './session.ts';

export interface ReleaseOptions extends ActOptions, YesOptions {
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
  if (options.all) expectYes('--all releases all that the contracts of today admit', options, terminal);
  const session = await openSession(options, terminal);
  tellContracts(session, terminal);
  const holds = await chosen(session, ids, options, terminal);
  const areMany = options.all === true || (options.incident !== undefined && holds.length > 1);
  if (areMany && !options.all) expectYes(`--incident releases ${inFiles(holds.length)}`, options, terminal);
  if (areMany && !(await isReleaseAgreed(holds, options, terminal))) return 1;
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

function isReleaseAgreed(
  holds: readonly Hold[],
  options: ReleaseOptions,
  terminal: Terminal,
): Promise<boolean> {
  const files = inFiles(holds.length);
  const name = holds[0]?.guarded.name ?? '';
  return isAgreed(
    `Release ${files} of ${name}, as far as the contracts of today admit them?`,
    options,
    terminal,
  );
}

function inFiles(count: number): string {
  return `${count} held ${count === 1 ? 'file' : 'files'}`;
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
      return { detail: released.grants ? `only by ${grantText(released.grants)}` : '' };
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
  terminal: Terminal,
): Promise<readonly Hold[]> {
  const ways = [ids.length > 0, incident !== undefined, all === true].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('name what to release: ids, or --incident ID, or --all --table TABLE');
  if (all === true && table === undefined)
    throw new UsageError('--all needs --table TABLE: whose held files are meant?');
  const holds = await allHolds(session);
  if (ids.length > 0) return namedBy(holds, ids, terminal);
  const held = holds.filter(({ record }) => record.status === 'held');
  if (incident !== undefined) {
    const entries = await allIncidents(session);
    const entry = oneToActOn(entries, INCIDENT, incident, terminal);
    return nonEmpty(heldOf(entry, entries, held), `nothing of incident ${entry.incident.id} is held`);
  }
  const { name } = tableNamed(session, table ?? '');
  return nonEmpty(
    held.filter(({ guarded }) => guarded.name === name),
    `nothing of table ${name} is held`,
  );
}

/** Two beginnings may mean one hold. */
function namedBy(holds: readonly Hold[], ids: readonly string[], terminal: Terminal): readonly Hold[] {
  return [...new Set(ids.map((id) => oneToActOn(holds, HOLD, id, terminal)))];
}

function nonEmpty(holds: readonly Hold[], otherwise: string): readonly Hold[] {
  if (holds.length === 0) throw new UsageError(otherwise);
  return holds;
}

export interface PurgeOptions extends ActOptions, YesOptions {
  readonly keepOld?: boolean;
  readonly dropOld?: boolean;
}

const SHOWN = 3;

function purgeQuestion(holds: readonly Hold[]): string {
  const shown = holds.slice(0, SHOWN).map(({ record }) => uriOf(record));
  const more = holds.length > SHOWN ? ` and ${holds.length - SHOWN} more` : '';
  return `Remove ${inFiles(holds.length)} for good: ${shown.join(', ')}${more}?`;
}

/** `headgate quarantine purge ID…`: removes held objects for good. Exit 1 where one was not removed. */
export async function runPurge(
  ids: readonly string[],
  options: PurgeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.keepOld && options.dropOld)
    throw new UsageError('--keep-old and --drop-old contradict each other: give one');
  expectYes('what is purged is gone for good', options, terminal);
  const session = await openSession(options, terminal);
  const holds = namedBy(await allHolds(session), ids, terminal);
  if (!(await isAgreed(purgeQuestion(holds), options, terminal))) return 1;
  const isDryRun = options.dryRun === true;
  const keep = options.keepOld ? 'old' : options.dropOld ? 'none' : undefined;
  const done: Done[] = [];
  for (const hold of holds) {
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
