import { connectDeadLetters, connectLedger } from '../../../run/adapters/aws/connect.ts';
import { needed, UNDELIVERED } from '../../../run/adapters/aws/environment.ts';
import { NO_TABLE } from '../../../run/ledger/trail.ts';
import { safeText } from '../../../text/safe.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { actAs } from './acts.ts';
import { readDeployment, settingsOf, whoBy } from './deployment-session.ts';
import type { LakeOptions } from './session.ts';

/** `headgate redrive [QUEUE…]`: hands dead letters back, once what broke them is mended. */
export async function runRedrive(
  queues: readonly string[],
  options: LakeOptions & { readonly deployment: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const environment = readDeployment(options.deployment);
  const known = Object.keys(environment.deadLetters).filter((name) => name !== UNDELIVERED);
  const unknown = queues.find((queue) => !known.includes(queue));
  if (unknown !== undefined)
    throw new UsageError(
      `the deployment has no queue ${safeText(unknown, 60)}: there is ${known.join(', ')}`,
    );
  const settings = settingsOf(environment, options);
  const guard = {
    ledger: connectLedger(settings, needed(environment, 'ledgerTable')),
    clock: { now: terminal.now },
  };
  const who = whoBy(environment, options);
  const redrive = connectDeadLetters(settings, environment.deadLetters);
  for (const queue of queues.length === 0 ? known : queues) {
    await actAs(
      { guard, who },
      { act: 'redrive', table: NO_TABLE, what: `the dead letters of queue ${queue}` },
    );
    await redrive(queue);
    terminal.out(`${queue}: its dead letters go back\n`);
  }
  return 0;
}
