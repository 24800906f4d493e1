import { connectDeadLetters } from '../adapters/aws/connect.ts';
import { safeText } from '../text/safe.ts';
import { readDeployment, settingsOf } from './deployment-session.ts';
import { type ExitCode, type Terminal, UsageError } from './run.ts';
import type { LakeOptions } from './session.ts';

/** `headgate redrive [QUEUE…]`: hands dead letters back, once what broke them is mended. */
export async function runRedrive(
  queues: readonly string[],
  options: LakeOptions & { readonly deployment: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const environment = readDeployment(options.deployment);
  const known = Object.keys(environment.deadLetters);
  const unknown = queues.find((queue) => !known.includes(queue));
  if (unknown !== undefined)
    throw new UsageError(
      `the deployment has no queue ${safeText(unknown, 60)}: there is ${known.join(', ')}`,
    );
  const redrive = connectDeadLetters(settingsOf(environment, options), environment.deadLetters);
  for (const queue of queues.length === 0 ? known : queues) {
    await redrive(queue);
    terminal.out(`${queue}: its dead letters go back\n`);
  }
  return 0;
}
