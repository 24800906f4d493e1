import type { Notice } from '../../../run/ports/notifier.ts';
import { safeText } from '../../../text/safe.ts';
import type { ExitCode, Terminal } from '../run.ts';
import { openSession } from './lake-session.ts';
import type { LakeOptions } from './session.ts';

/** `headgate alert test`: one page that says it is a test, and its end, to every channel of a deployment or folder. */
export async function runAlertTest(options: LakeOptions, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession(options, terminal);
  const at = session.guard.clock.now();
  const [table] = session.tables.values();
  const notice: Notice = {
    kind: 'open',
    dedupKey: `headgate-test-${at.replaceAll(/[^\d]/gu, '')}`,
    sequence: 1,
    title: `test of the alerts by ${session.by}: nothing is held`,
    lines: ['if you read this, pages arrive here'],
    commands: [`headgate incident list${session.flags}`],
    table: table?.name ?? '-',
    team: table?.recipients.team,
    channels: table?.recipients.channels ?? [],
    at,
  };
  await session.guard.notifier.notify(notice);
  await session.guard.notifier.notify({ ...notice, kind: 'resolve', sequence: 2 });
  terminal.out(`sent a test page and its end as ${safeText(notice.dedupKey)}: look whether both arrived\n`);
  return 0;
}
