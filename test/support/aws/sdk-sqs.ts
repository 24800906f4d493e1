import { HeadgateError } from '../../../src/error.ts';
import type { QueueName } from '../../../src/run/ports/queue.ts';
import type { Commands, Input, SdkWorld } from './sdk-command.ts';

const URL_PREFIX = 'https://queues.invalid/';

export function queueUrl(queue: QueueName): string {
  return URL_PREFIX + queue;
}

/** SQS by its API: a message that is not taken is told inside a 200. */
export function sqsCommands({ world: { sqs } }: SdkWorld): Commands {
  return {
    SendMessageBatchCommand: ({ QueueUrl, Entries }) => {
      if (Entries.length > 10) throw new Error('more than 10 entries');
      const queue = QueueUrl.slice(URL_PREFIX.length) as QueueName;
      const Failed: object[] = [];
      for (const entry of Entries as Input[])
        try {
          sqs.send(queue, [
            {
              body: entry.MessageBody,
              ...(entry.MessageGroupId !== undefined && { group: entry.MessageGroupId }),
              ...(entry.MessageDeduplicationId !== undefined && {
                deduplicationId: entry.MessageDeduplicationId,
              }),
              ...(entry.DelaySeconds !== undefined && { delaySeconds: entry.DelaySeconds }),
            },
          ]);
        } catch (error) {
          if (!(error instanceof HeadgateError)) throw error;
          Failed.push({ Id: entry.Id, Code: error.code, SenderFault: error.code !== 'WRITE_FAILED' });
        }
      return { Failed };
    },
  };
}
