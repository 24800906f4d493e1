import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDirectory } from '../../../run/adapters/local/file-tree.ts';
import { type GuardedLake, type OpenLakeInput, openGuardedLake } from '../../../run/lake/guarded-lake.ts';
import { askForSweep } from '../../../run/lake/nudge.ts';
import { type GuardedTable, guardedTables } from '../../../run/table/guarded-table.ts';
import { safeText } from '../../../text/safe.ts';
import { suggest } from '../../../text/suggest.ts';
import { type Terminal, UsageError } from '../run.ts';
import { flagsOf, type LakeOptions, type LakeSession, usable, userName } from './session.ts';

/** A folder as the lake. */
export interface FolderSession extends LakeSession, GuardedLake {}

export interface OpenSession
  extends Pick<OpenLakeInput, 'waits' | 'onContracts' | 'onSkipped' | 'show' | 'observer' | 'youngMs'> {
  /** The lake need not have been guarded before. */
  readonly isNew?: boolean;
}

const OWN_FOLDER = '.headgate';

/** Opens the deployment, the folder that the options name, or the current one. Throws `UsageError` for a wrong call. */
export async function openSession(options: LakeOptions, terminal: Terminal): Promise<LakeSession> {
  if (options.deployment === undefined) return openFolder(options, terminal);
  if (options.lake !== undefined)
    throw new UsageError('give --lake for a folder, or --deployment for AWS, and not both');
  const { openDeployment } = await import('./deployment-session.ts');
  return openDeployment({ ...options, deployment: options.deployment }, terminal);
}

export async function openFolder(
  options: LakeOptions,
  terminal: Terminal,
  open: OpenSession = {},
): Promise<FolderSession> {
  const folder = await lakeFolder(options.lake, open.isNew ?? false);
  const guarded = openGuardedLake({
    folder,
    contracts: options.contracts,
    version: terminal.version,
    ...(options.env !== undefined && { environment: options.env }),
    ...open,
  });
  const contracts = await usable(guarded.guard.contracts.current());
  return {
    ...guarded,
    folder,
    contracts,
    tables: guardedTables(contracts),
    by: userName(),
    who: async () => userName(),
    flags: flagsOf(options),
    followUp: () => followUp(guarded),
    leaveToGuard: () => leaveToGuard(guarded),
  };
}

/** The folder that is the lake: the named one, or the current one. Throws `UsageError` where it is not one. */
export async function lakeFolder(given: string | undefined, isNew = false): Promise<string> {
  const folder = resolve(given ?? '.');
  const shown = safeText(given ?? folder);
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined)
    throw new UsageError(`the lake ${shown} does not exist: make the folder, or name another with --lake`);
  if (!found.isDirectory())
    throw new UsageError(`the lake ${shown} is a file, expected a folder laid out as <bucket>/<key>`);
  if (isNew || (await isDirectory(join(folder, OWN_FOLDER)))) return folder;
  throw new UsageError(
    given === undefined
      ? 'the current folder is not a guarded lake (it has no .headgate/): name one with --lake DIR'
      : `the lake ${shown} was never guarded (it has no .headgate/): run \`headgate dev --lake ${shown}\` first`,
  );
}

/** The table of that name, qualified or not. Throws `UsageError` where none or several have it. */
export function tableNamed({ tables }: Pick<LakeSession, 'tables'>, name: string): GuardedTable {
  const exact = tables.get(name);
  if (exact) return exact;
  const found = [...tables.values()].filter(({ table }) => table.name === name);
  const [only] = found;
  if (found.length > 1)
    throw new UsageError(
      `table ${safeText(name, 120)} is in several databases: name one of ${found.map((table) => table.name).join(', ')}`,
    );
  if (only) return only;
  const names = [...tables.keys()];
  const near = suggest(name, names);
  throw new UsageError(
    `no contract declares table ${safeText(name, 120)}: ${near ? `did you mean ${near}?` : `there is ${names.join(', ')}`}`,
  );
}

/**
 * Has the work done that a change leads to: by the process that guards the lake, or, where nobody does, at once. Returns
 * what happens, in words.
 */
async function followUp(session: GuardedLake): Promise<string> {
  const id = session.guardProcessId();
  if (id !== undefined) {
    await askForSweep(session.guard);
    return `\`headgate dev\` (process ${id}) picks it up`;
  }
  const letGo = session.takeGuard();
  try {
    await session.settleNow();
  } finally {
    letGo();
  }
  return 'nobody guards the lake now: what is due was done';
}

/** Leaves the work to whoever guards the lake now or next. Returns what happens, in words. */
async function leaveToGuard(session: GuardedLake): Promise<string> {
  const id = session.guardProcessId();
  if (id === undefined) return 'nobody guards the lake now: the next `headgate dev` run picks it up';
  await askForSweep(session.guard);
  return `\`headgate dev\` (process ${id}) picks it up`;
}
