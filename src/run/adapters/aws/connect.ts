import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { HeadgateError } from '../../../error.ts';
import type { Catalog, TableRef } from '../../ports/catalog.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { Queue } from '../../ports/queue.ts';
import { translate } from './aws-error.ts';
import { createGlueCatalog } from './catalog.ts';
import { type AwsSettings, clientConfig } from './clients.ts';
import { type DeadLetterArns, redrive } from './dead-letters.ts';
import type { ChannelTopics } from './environment.ts';
import { createEventBridgeBus } from './event-bus.ts';
import { createDynamoLedger } from './ledger.ts';
import {
  createChannelNotifier,
  createChatNotifier,
  createEmailNotifier,
  createPagerDutyNotifier,
} from './notifiers.ts';
import { createSqsQueue, type SqsSettings } from './queue.ts';
import { readGlueTable } from './read-glue-table.ts';

// One function for each port, so that a bundle holds only the clients that its function uses.

export function connectCatalog(settings: AwsSettings, catalogId: string | undefined): Catalog {
  return createGlueCatalog({
    client: new GlueClient(clientConfig(settings, 'catalog')),
    ...(catalogId !== undefined && { catalogId }),
  });
}

/** Reads one table of Glue as it is answered. */
export function connectGlueReader(
  settings: AwsSettings,
  catalogId: string | undefined,
): (ref: TableRef) => Promise<unknown> {
  const client = new GlueClient(clientConfig(settings, 'catalog'));
  return (ref) => readGlueTable(client, ref, catalogId);
}

export function connectLedger(settings: AwsSettings, table: string): Ledger {
  return createDynamoLedger({ client: new DynamoDBClient(clientConfig(settings, 'other')), table });
}

export function connectQueue(settings: AwsSettings, urls: SqsSettings['urls']): Queue {
  return createSqsQueue({ client: new SQSClient(clientConfig(settings, 'other')), urls });
}

export function connectBus(settings: AwsSettings, bus: string): EventBus {
  return createEventBridgeBus({ client: new EventBridgeClient(clientConfig(settings, 'other')), bus });
}

export function connectDeadLetters(
  settings: AwsSettings,
  arns: DeadLetterArns,
): (queue: string) => Promise<void> {
  const client = new SQSClient(clientConfig(settings, 'other'));
  return (queue) => redrive(client, arns, queue);
}

export interface Channels {
  readonly chatTopic?: string | undefined;
  readonly emailTopic?: string | undefined;
  readonly channelTopics?: ChannelTopics | undefined;
  /** Name or ARN of the secret that holds the routing key. */
  readonly pagerDutySecret?: string | undefined;
  /** Of the service region; default: the first one. */
  readonly pagerDutyUrl?: string | undefined;
}

/** One notifier for each channel that is set up. */
export function connectNotifiers(
  settings: AwsSettings,
  { chatTopic, emailTopic, channelTopics, pagerDutySecret, pagerDutyUrl }: Channels,
): readonly Notifier[] {
  const client = new SNSClient(clientConfig(settings, 'other'));
  return [
    ...(chatTopic === undefined ? [] : [createChatNotifier({ client, topicArn: chatTopic })]),
    ...(channelTopics === undefined ? [] : [createChannelNotifier({ client, topics: channelTopics })]),
    ...(emailTopic === undefined ? [] : [createEmailNotifier({ client, topicArn: emailTopic })]),
    ...(pagerDutySecret === undefined
      ? []
      : [
          createPagerDutyNotifier({
            fetch,
            routingKey: secretReader(settings, pagerDutySecret),
            ...(pagerDutyUrl !== undefined && { url: pagerDutyUrl }),
          }),
        ]),
  ];
}

function secretReader(settings: AwsSettings, secret: string): () => Promise<string> {
  const client = new SecretsManagerClient(clientConfig(settings, 'other'));
  return async () => {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
      if (SecretString) return SecretString.trim();
    } catch (error) {
      throw translate(error, {
        action: 'secretsmanager:GetSecretValue',
        resource: 'the PagerDuty secret',
        isWrite: false,
      });
    }
    throw new HeadgateError(
      'NOT_CONFIGURED',
      'the PagerDuty secret holds no text: put the routing key there',
    );
  };
}
