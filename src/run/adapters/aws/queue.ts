import { createHash } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { HeadgateError } from '../../../error.ts';
import { utf8Bytes } from '../../../text/utf8-order.ts';
import { FIFO_QUEUES, type OutgoingMessage, type Queue, type QueueName } from '../../ports/queue.ts';
import { translate } from './aws-error.ts';
import { batchesOf } from './batches.ts';

export interface SqsSettings {
  readonly client: Pick<SQSClient, 'send'>;
  /** A function has the URLs of the queues that it sends to. */
  readonly urls: { readonly [Name in QueueName]?: string };
}

const MAX_BODY_BYTES = 256 * 1024;
const MAX_DELAY_SECONDS = 900;
const LIMITS = { items: 10, bytes: MAX_BODY_BYTES } as const;

/** SQS. A FIFO queue has one delay for all its messages, so theirs are not sent. */
export function createSqsQueue({ client, urls }: SqsSettings): Queue {
  return {
    async send(queue, messages) {
      for (const message of messages) checkMessage(queue, message);
      const url = urls[queue];
      if (url === undefined)
        throw new HeadgateError('NOT_CONFIGURED', `this function does not know queue ${queue}`);
      for (const batch of batchesOf(messages, ({ body }) => utf8Bytes(body), LIMITS))
        await sendBatch(client, queue, url, batch);
    },
  };
}

async function sendBatch(
  client: SqsSettings['client'],
  queue: QueueName,
  url: string,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  try {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: messages.map((message, index) => ({
          Id: String(index),
          MessageBody: message.body,
          ...(FIFO_QUEUES.has(queue) ? fifo(message) : delay(message)),
        })),
      }),
    );
    // A part may fail inside a 200.
    if (Failed.length > 0)
      throw new HeadgateError(
        'WRITE_FAILED',
        `${Failed.length} of ${messages.length} messages were not taken by queue ${queue}: ${Failed[0]?.Code ?? ''}`,
      );
  } catch (error) {
    throw translate(error, { action: 'sqs:SendMessage', resource: `queue ${queue}`, isWrite: true });
  }
}

function fifo({ group = '', deduplicationId, body }: OutgoingMessage) {
  return {
    MessageGroupId: group,
    MessageDeduplicationId: deduplicationId ?? createHash('sha256').update(body).digest('hex'),
  };
}

function delay({ delaySeconds = 0 }: OutgoingMessage) {
  return delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {};
}

const ID = /^[\x21-\x7e]{1,128}$/u;

function checkMessage(queue: QueueName, message: OutgoingMessage): void {
  const { body, group, deduplicationId, delaySeconds = 0 } = message;
  if (FIFO_QUEUES.has(queue) && (group === undefined || !ID.test(group)))
    throw new HeadgateError(
      'INTERNAL',
      `queue ${queue} needs a group of 1 to 128 printable ASCII characters`,
    );
  if (deduplicationId !== undefined && !ID.test(deduplicationId))
    throw new HeadgateError('INTERNAL', 'a deduplication id has 1 to 128 printable ASCII characters');
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS)
    throw new HeadgateError(
      'INTERNAL',
      `a delay of ${delaySeconds} seconds, expected 0 to ${MAX_DELAY_SECONDS}`,
    );
  const bytes = utf8Bytes(body);
  if (bytes === 0 || bytes > MAX_BODY_BYTES)
    throw new HeadgateError('NOT_STORABLE', `a message of ${bytes} bytes, expected 1 to ${MAX_BODY_BYTES}`);
}
