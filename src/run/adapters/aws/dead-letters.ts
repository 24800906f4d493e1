import { type SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { HeadgateError } from '../../../error.ts';
import { translate } from './aws-error.ts';

/** ARNs of dead-letter queues, by the queue that they belong to. */
export type DeadLetterArns = Readonly<Record<string, string>>;

/** Has SQS move all dead letters of a queue back to it, in its own time. Handling a message twice is harmless. */
export async function redrive(
  client: Pick<SQSClient, 'send'>,
  arns: DeadLetterArns,
  queue: string,
): Promise<void> {
  const SourceArn = arns[queue];
  if (SourceArn === undefined)
    throw new HeadgateError('NOT_CONFIGURED', `the deployment names no dead letters of queue ${queue}`);
  try {
    await client.send(new StartMessageMoveTaskCommand({ SourceArn }));
  } catch (error) {
    throw translate(error, { action: 'sqs:StartMessageMoveTask', resource: `queue ${queue}`, isWrite: true });
  }
}
