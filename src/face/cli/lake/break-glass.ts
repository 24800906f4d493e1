import type { Grant } from '../../../judge/verdict/policy.ts';
import { NO_TABLE, readTrail } from '../../../run/ledger/trail.ts';
import { type Granted, grant, revoke, runningGrants } from '../../../run/table/break-glass.ts';
import type { GuardedTable } from '../../../run/table/guarded-table.ts';
import { safeText } from '../../../text/safe.ts';
import { alignColumns } from '../../report/columns.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { type Named, oneToActOn } from './by-id.ts';
import { timeOf } from './incident.ts';
import { openSession, tableNamed } from './lake-session.ts';
import type { ActOptions, LakeSession } from './session.ts';

export interface GrantOptions extends ActOptions {
  readonly until: string;
  readonly reason: string;
}

/** `headgate break-glass grant TABLE RULE [PATH]`: a waiver for some hours, where the contract cannot be changed in time. */
export async function runBreakGlassGrant(
  [table, rule, path = '']: readonly [string, string, string | undefined],
  options: GrantOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const guarded = tableNamed(session, table);
  const until = timeOf(options.until, session.guard.clock.now());
  const isDryRun = options.dryRun === true;
  const granted = await grant(
    session.guard,
    guarded,
    { rule, path, until, reason: options.reason },
    { by: await session.who(), isDryRun },
  );
  if (granted.kind === 'refused') throw new UsageError(granted.why);
  printGrant(session, guarded, granted, isDryRun, options, terminal);
  return 0;
}

function printGrant(
  session: LakeSession,
  guarded: GuardedTable,
  { grant: given }: Extract<Granted, { readonly kind: 'granted' }>,
  isDryRun: boolean,
  { format }: GrantOptions,
  terminal: Terminal,
): void {
  if (format === 'json') {
    const result = { table: guarded.name, grant: shown(given) };
    terminal.out(`${JSON.stringify({ schemaVersion: 1, dryRun: isDryRun, ...result }, undefined, 2)}\n`);
    return;
  }
  terminal.out(alignColumns([[isDryRun ? 'would be granted' : 'granted', ...cells(guarded.name, given)]]));
  if (isDryRun) return;
  const to = guarded.recipients.channels.map((channel) => safeText(channel, 120)).join(' ');
  terminal.err(
    `told ${to === '' ? 'those who are paged' : to}; what is held goes on by \`headgate quarantine release --all --table ${guarded.name}${session.flags}\`\n`,
  );
}

/** `headgate break-glass list`: what runs now; with `--all` the trail of everything that people did. */
export async function runBreakGlassList(
  options: ActOptions & { readonly all?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const grants = await allGrants(session);
  const trail =
    options.all === true ? await readTrail(session.guard, [...session.tables.keys(), NO_TABLE]) : undefined;
  if (options.format === 'json') {
    const running = grants.map(({ guarded, given }) => ({ table: guarded.name, ...shown(given) }));
    const body = { schemaVersion: 1, grants: running, ...(trail && { trail }) };
    terminal.out(`${JSON.stringify(body, undefined, 2)}\n`);
    return 0;
  }
  if (grants.length === 0) terminal.out('no grant runs\n');
  else terminal.out(alignColumns(grants.map(({ guarded, given }) => cells(guarded.name, given))));
  if (trail && trail.length > 0)
    terminal.out(
      `\n${alignColumns(trail.map(({ at, act, table, by, what }) => [at, act, table, by, what]))}`,
    );
  return 0;
}

/** `headgate break-glass revoke ID`: the rule counts again from now on; what was admitted stays. */
export async function runBreakGlassRevoke(
  id: string,
  options: ActOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const { guarded, given } = oneToActOn(await allGrants(session), GRANT, id, terminal);
  const isDryRun = options.dryRun === true;
  if (!isDryRun) await revoke(session.guard, guarded, given, await session.who());
  const outcome = isDryRun ? 'would be revoked' : 'revoked';
  terminal.out(
    options.format === 'json'
      ? `${JSON.stringify({ schemaVersion: 1, dryRun: isDryRun, outcome, table: guarded.name, grant: shown(given) }, undefined, 2)}\n`
      : alignColumns([[outcome, ...cells(guarded.name, given)]]),
  );
  return 0;
}

interface GrantOfTable {
  readonly guarded: GuardedTable;
  readonly given: Grant;
}

const GRANT: Named<GrantOfTable> = {
  kind: 'grant',
  list: 'break-glass list',
  idOf: ({ given }) => given.id,
  inWords: ({ guarded, given }) => cells(guarded.name, given).slice(1).join('  '),
};

async function allGrants({ guard, tables }: LakeSession): Promise<readonly GrantOfTable[]> {
  const grants: GrantOfTable[] = [];
  for (const guarded of tables.values())
    for (const given of await runningGrants(guard, guarded)) grants.push({ guarded, given });
  return grants;
}

/** The path comes from a command line, and before that from a file. */
function shown(given: Grant): Grant {
  return { ...given, path: safeText(given.path, 256) };
}

function cells(table: string, { id, rule, path, until, by, reason }: Grant): readonly string[] {
  return [id, table, rule, safeText(path, 256) || '-', `until ${until}`, by, reason];
}
