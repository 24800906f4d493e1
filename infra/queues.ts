import { Duration, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from '../lambdas/permissions.ts';
import { FIFO_QUEUES, type QueueName } from '../src/run/ports/queue.ts';
import { TIMEOUT_SECONDS } from './function-settings.ts';

export type StackQueueName = QueueName | 'incident';

interface QueueSettings {
  readonly readBy: FunctionName;
  /** How often a message is tried before it is a dead letter. */
  readonly maxReceiveCount: number;
  readonly maxConcurrency: number;
  /** Messages of one call of the function. More of them share what a call costs; a FIFO queue gives ten at most. */
  readonly batchSize: number;
  readonly delaySeconds?: number;
}

/** The queues of the pipeline (aws.md 3). Who sends and what a group is stands with the senders. */
export const QUEUES = {
  validate: { readBy: 'gate', maxReceiveCount: 5, maxConcurrency: 100, batchSize: 50 },
  // As many as are copied at once: a batch of the largest files still fits into the function's time.
  publish: { readBy: 'publish', maxReceiveCount: 5, maxConcurrency: 50, batchSize: 20 },
  quarantine: { readBy: 'quarantine', maxReceiveCount: 5, maxConcurrency: 20, batchSize: 10 },
  // Glue throttles: more tries, and few tables at once.
  catalog: { readBy: 'catalog', maxReceiveCount: 10, maxConcurrency: 10, batchSize: 10 },
  // SQS has one delay for all messages of a FIFO queue: the default of `settle`.
  converge: { readBy: 'watch', maxReceiveCount: 5, maxConcurrency: 20, batchSize: 10, delaySeconds: 60 },
  incident: { readBy: 'incident', maxReceiveCount: 5, maxConcurrency: 5, batchSize: 10 },
} as const satisfies Record<StackQueueName, QueueSettings>;

export const QUEUE_ORDER = Object.keys(QUEUES) as StackQueueName[];

export interface WorkQueue {
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

const DEAD_LETTER_DAYS = 14;
const SOURCE_DAYS = 4;
/** Six tries of the function, and the window in which a batch is gathered (aws.md 3). */
const VISIBILITY = { timesTimeout: 6, spareSeconds: 10 } as const;

/** One queue for each kind of work, each with its own dead letters. */
export class WorkQueues extends Construct {
  readonly all: Readonly<Record<StackQueueName, WorkQueue>>;
  /** Events that EventBridge could not deliver, and those that a function without a queue could not handle. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: { readonly encryptionKey?: IKey | undefined }) {
    super(scope, id);
    const common = {
      enforceSSL: true,
      ...(props.encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    };
    this.all = Object.fromEntries(
      QUEUE_ORDER.map((name) => [name, this.workQueue(name, QUEUES[name], common)]),
    ) as Readonly<Record<StackQueueName, WorkQueue>>;
    this.undelivered = this.deadLetterQueue('UndeliveredEvents', common);
  }

  private workQueue(name: StackQueueName, settings: QueueSettings, common: object): WorkQueue {
    const isFifo = FIFO_QUEUES.has(name as QueueName);
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const fifo = isFifo ? { fifo: true } : {};
    const deadLetters = this.deadLetterQueue(`${id}DeadLetters`, { ...common, ...fifo });
    const queue = new Queue(this, id, {
      ...common,
      ...fifo,
      visibilityTimeout: Duration.seconds(
        VISIBILITY.timesTimeout * TIMEOUT_SECONDS[settings.readBy] + VISIBILITY.spareSeconds,
      ),
      retentionPeriod: Duration.days(SOURCE_DAYS),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: settings.maxReceiveCount },
      ...(settings.delaySeconds !== undefined && {
        deliveryDelay: Duration.seconds(settings.delaySeconds),
      }),
    });
    return { queue, deadLetters };
  }

  private deadLetterQueue(id: string, common: object): Queue {
    const queue = new Queue(this, id, { ...common, retentionPeriod: Duration.days(DEAD_LETTER_DAYS) });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'it is a dead-letter queue itself; an alarm says when anything is in it',
    });
    return queue;
  }
}
