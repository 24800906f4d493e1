import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Architecture,
  EventSourceMapping,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../lambdas/permissions.ts';
import { HeadgateError } from '../src/error.ts';
import { FIFO_QUEUES, type QueueName } from '../src/run/ports/queue.ts';
import type { Resources } from './areas.ts';
import { CONTRACTS_PATH, withCode } from './code.ts';
import { MEMORY_MB, TIMEOUT_SECONDS } from './function-settings.ts';
import { type DeploymentNames, functionNames } from './names.ts';
import { QUEUE_ORDER, QUEUES, type WorkQueues } from './queues.ts';
import { createRole } from './roles.ts';

export interface FunctionsProps {
  readonly names: DeploymentNames;
  readonly resources: Resources;
  readonly queues: WorkQueues;
  /** JSON text of the contracts. */
  readonly contracts: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly logRetentionDays: number;
  readonly keyArns: readonly string[];
}

/** Called by EventBridge itself, so Lambda holds what they could not handle. */
const CALLED_BY_EVENTS: ReadonlySet<FunctionName> = new Set(['watch', 'incident', 'canary']);
const BATCH_WINDOW_SECONDS = 1;

/** One function for each handler, each with its own role and log, reading its own queue. */
export class Functions extends Construct {
  /** Those that this deployment has. */
  readonly all: ReadonlyMap<FunctionName, LambdaFunction>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.all = new Map(
      functionNames(props.resources.tables).map((name) => [name, this.create(name, props)] as const),
    );
    for (const name of QUEUE_ORDER) this.read(name, props.queues);
  }

  of(name: FunctionName): LambdaFunction {
    const found = this.all.get(name);
    if (found === undefined) throw new HeadgateError('INTERNAL', `this deployment has no function ${name}`);
    return found;
  }

  private create(name: FunctionName, props: FunctionsProps): LambdaFunction {
    const scope = new Construct(this, idOf(name));
    const logGroup = new LogGroup(scope, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const source = QUEUE_ORDER.find((queue) => QUEUES[queue].readBy === name);
    const { undelivered } = props.queues;
    const isCalledByEvents = CALLED_BY_EVENTS.has(name);
    const role = createRole(scope, name, props.names, props.resources, {
      logGroupArn: logGroup.logGroupArn,
      sourceQueueArn: source && props.queues.all[source].queue.queueArn,
      deadLetterArn: isCalledByEvents ? undelivered.queueArn : undefined,
      keyArns: props.keyArns,
    });
    return withCode(
      name,
      props.contracts,
      (code) =>
        new LambdaFunction(scope, 'Function', {
          description: `Headgate ${name}`,
          code,
          handler: 'index.handler',
          runtime: Runtime.NODEJS_24_X,
          architecture: Architecture.ARM_64,
          memorySize: MEMORY_MB,
          timeout: Duration.seconds(TIMEOUT_SECONDS[name]),
          tracing: Tracing.ACTIVE,
          logGroup,
          role,
          environment: {
            ...props.variables,
            HEADGATE_FUNCTION: name,
            HEADGATE_CONTRACTS: CONTRACTS_PATH,
            NODE_OPTIONS: '--enable-source-maps',
          },
          ...(isCalledByEvents && { deadLetterQueue: undelivered }),
        }),
    );
  }

  private read(name: keyof WorkQueues['all'], { all: queues }: WorkQueues): void {
    const { readBy, maxConcurrency, batchSize } = QUEUES[name];
    const isFifo = FIFO_QUEUES.has(name as QueueName);
    new EventSourceMapping(this.of(readBy), 'Source', {
      target: this.of(readBy),
      eventSourceArn: queues[name].queue.queueArn,
      batchSize,
      // Lambda gathers no batch of a FIFO queue.
      ...(!isFifo && { maxBatchingWindow: Duration.seconds(BATCH_WINDOW_SECONDS) }),
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }
}

export function idOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
