import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { allow, createMachine } from './machine.ts';
import type { DeploymentNames } from './names.ts';
import { sweepDefinition } from './sweep-definition.ts';

export interface SweepsProps {
  readonly names: DeploymentNames;
  readonly watch: LambdaFunction;
  readonly logRetentionDays: number;
}

/** A state machine that sweeps one large table in pieces: `watch` says which, compares them, and ends the sweep. */
export class Sweeps extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { names, watch, logRetentionDays }: SweepsProps) {
    super(scope, id);
    this.machine = createMachine(this, {
      names,
      name: names.sweepMachine,
      roleName: 'sweeps',
      mayDo: 'What sweeps in pieces may do: call the function that compares',
      comment: 'Sweeps a table that is too large for one function',
      definition: sweepDefinition(),
      substitutions: { WatchFunctionArn: watch.functionArn },
      statements: [allow(['lambda:InvokeFunction'], [watch.functionArn])],
      logRetentionDays,
    });
  }
}
