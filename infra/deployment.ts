import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { QUEUE_ORDER, type WorkQueues } from './queues.ts';

/** Where `headgate registry` finds what was deployed, beside `headgate.json`. */
const CONTRACTS_FILE = 'headgate.contracts.json';

/** Puts the compiled contracts into the cloud assembly, to be kept beside `headgate.json`. */
export function keepContracts(scope: Construct, contracts: string): void {
  const folder = Stage.of(scope)?.outdir;
  if (folder !== undefined) writeFileSync(join(folder, CONTRACTS_FILE), contracts);
}

/**
 * Writes the output `<construct id>Deployment`: the JSON object that `--deployment` takes. It holds
 * names and addresses, no secret.
 */
export function writeDeployment(
  scope: Construct,
  variables: Readonly<Record<string, string>>,
  { all: queues, undelivered }: WorkQueues,
): CfnOutput {
  const stack = Stack.of(scope);
  const output = new CfnOutput(scope, 'Deployment', {
    description: 'Save it as headgate.json: commands take it by --deployment',
    value: stack.toJsonString({
      AWS_REGION: stack.region,
      ...variables,
      HEADGATE_CONTRACTS: CONTRACTS_FILE,
      ...Object.fromEntries(
        QUEUE_ORDER.map((name) => [
          `HEADGATE_DEAD_LETTERS_${name.toUpperCase()}`,
          queues[name].deadLetters.queueArn,
        ]),
      ),
      HEADGATE_DEAD_LETTERS_EVENTS: undelivered.queueArn,
    }),
  });
  // Commands in the documentation name it.
  output.overrideLogicalId(`${scope.node.id.replace(/[^A-Za-z0-9]/gu, '')}Deployment`);
  return output;
}
