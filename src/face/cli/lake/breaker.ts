import { closeBreaker, readBreaker } from '../../../run/breaker/breaker.ts';
import { alignColumns } from '../../report/columns.ts';
import type { ExitCode, Terminal } from '../run.ts';
import { actAs } from './acts.ts';
import { expectYes, isAgreed, type YesOptions } from './agree.ts';
import { openSession, tableNamed } from './lake-session.ts';
import type { ActOptions } from './session.ts';

/** `headgate breaker list`: one line for each table. Exit 1 where one is open. */
export async function runBreakerList(options: ActOptions, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const breakers = await Promise.all(
    [...session.tables.values()].map(async (guarded) => ({
      table: guarded.name,
      ...(await readBreaker(session.guard, guarded)),
    })),
  );
  if (options.format === 'json') {
    terminal.out(`${JSON.stringify({ schemaVersion: 1, breakers }, undefined, 2)}\n`);
  } else {
    const now = session.guard.clock.now();
    terminal.out(
      alignColumns(
        breakers.map(({ table, state, held, judged, openedAt, deletesAllowedUntil }) => [
          state,
          table,
          `${held} of ${judged} files held in the last minutes`,
          [
            ...(openedAt ? [`opened ${openedAt}`] : []),
            ...(deletesAllowedUntil && deletesAllowedUntil > now
              ? [`deletes allowed until ${deletesAllowedUntil}`]
              : []),
          ].join(', '),
        ]),
      ),
    );
  }
  return breakers.some(({ state }) => state === 'open') ? 1 : 0;
}

/** `headgate breaker close TABLE`: a person says that what is held is held rightly; then the table is swept. */
export async function runBreakerClose(
  name: string,
  options: ActOptions & YesOptions & { readonly allowDeletes?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const allowDeletes = options.allowDeletes === true;
  if (allowDeletes) expectYes('deletes of an hour go on, however many', options, terminal);
  const session = await openSession(options, terminal);
  const guarded = tableNamed(session, name);
  const isDryRun = options.dryRun === true;
  const question = `Let deletes of ${guarded.name} go on for one hour, however many there are?`;
  if (allowDeletes && !(await isAgreed(question, options, terminal))) return 1;
  const wasOpen = isDryRun
    ? (await readBreaker(session.guard, guarded)).state === 'open'
    : await closeBreaker(session.guard, guarded, {
        by: await actAs(session, {
          act: 'breaker-close',
          table: guarded.name,
          what: allowDeletes ? 'the breaker, with deletes allowed for one hour' : 'the breaker',
        }),
        allowDeletes,
      });
  const note = isDryRun ? undefined : await session.leaveToGuard();
  const result = { table: guarded.name, wasOpen, allowDeletes };
  if (options.format === 'json')
    terminal.out(`${JSON.stringify({ schemaVersion: 1, dryRun: isDryRun, ...result }, undefined, 2)}\n`);
  else {
    const state = wasOpen ? (isDryRun ? 'would be closed' : 'closed') : 'was closed already';
    terminal.out(`${state}  ${guarded.name}${allowDeletes ? '  deletes are allowed for one hour' : ''}\n`);
    if (note) terminal.err(`${note}\n`);
  }
  return 0;
}
