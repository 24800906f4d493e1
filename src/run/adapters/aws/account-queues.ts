import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Account, QueueState } from '../../ports/account.ts';
import { pages, read } from './account-read.ts';

export interface AccountQueueSettings {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly lambda: Pick<LambdaClient, 'send'>;
}

/** What SQS says of queues, and Lambda of who reads them. Attributes alone: no message is ever received. */
export function accountQueues({
  sqs,
  lambda,
}: AccountQueueSettings): Pick<Account, 'queue' | 'queueByArn' | 'pollers'> {
  const queue = (url: string) =>
    read('sqs:GetQueueAttributes', `queue ${nameOf(url)}`, async () => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      );
      return stateOf(Attributes);
    });
  return {
    queue,
    async queueByArn(arn) {
      const [, , , , account = '', name = ''] = arn.split(':');
      const url = await read('sqs:GetQueueUrl', `queue ${name}`, async () => {
        const { QueueUrl } = await sqs.send(
          new GetQueueUrlCommand({
            QueueName: name,
            ...(account !== '' && { QueueOwnerAWSAccountId: account }),
          }),
        );
        return QueueUrl;
      });
      return url === undefined ? undefined : queue(url);
    },
    async pollers(queueArn) {
      const mappings = await read('lambda:ListEventSourceMappings', nameOf(queueArn), () =>
        pages(
          (Marker) =>
            lambda.send(
              new ListEventSourceMappingsCommand({ EventSourceArn: queueArn, ...(Marker && { Marker }) }),
            ),
          ({ EventSourceMappings }) => EventSourceMappings,
          ({ NextMarker }) => NextMarker,
        ),
      );
      return Promise.all(
        (mappings ?? []).map(async ({ FunctionArn = '', State = '' }) => {
          const settings = await read('lambda:GetFunctionConfiguration', nameOf(FunctionArn), () =>
            lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FunctionArn })),
          );
          return {
            functionArn: FunctionArn,
            isEnabled: RUNNING.has(State),
            timeoutSeconds: settings?.Timeout,
            roleArn: settings?.Role,
          };
        }),
      );
    },
  };
}

/** States of a mapping that reads, or is about to. */
const RUNNING: ReadonlySet<string> = new Set(['Enabled', 'Enabling', 'Creating', 'Updating']);

function nameOf(place: string): string {
  return place.split(/[/:]/u).at(-1) ?? '';
}

/** What SQS takes where an attribute is not told: the limit of before 2025, and 30 seconds. */
const DEFAULTS = { messageBytes: 262_144, visibilitySeconds: 30 } as const;

function stateOf(attributes: Readonly<Record<string, string>>): QueueState {
  const number = (name: string, otherwise = 0) => Number(attributes[name] ?? otherwise);
  return {
    arn: attributes.QueueArn ?? '',
    visible: number('ApproximateNumberOfMessages'),
    inFlight: number('ApproximateNumberOfMessagesNotVisible'),
    delayed: number('ApproximateNumberOfMessagesDelayed'),
    maxMessageBytes: number('MaximumMessageSize', DEFAULTS.messageBytes),
    visibilitySeconds: number('VisibilityTimeout', DEFAULTS.visibilitySeconds),
    deadLetterArn: deadLetterOf(attributes.RedrivePolicy),
  };
}

function deadLetterOf(policy: string | undefined): string | undefined {
  try {
    const { deadLetterTargetArn } = JSON.parse(policy ?? '{}') as { readonly deadLetterTargetArn?: unknown };
    return typeof deadLetterTargetArn === 'string' ? deadLetterTargetArn : undefined;
  } catch {
    return undefined;
  }
}
