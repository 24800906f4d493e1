import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateDatabaseCommand } from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { FIFO_QUEUES, QUEUE_NAMES, type QueueName } from '../../src/run/ports/queue.ts';
import { type MotoClients, motoClients, resetMoto } from './clients.ts';

export const STACK_QUEUES = [...QUEUE_NAMES, 'incident', 'pages'] as const;
export type StackQueue = (typeof STACK_QUEUES)[number];

/** What the stack would make, made by calls of the SDK: what moto makes of templates proves nothing. */
export interface Stack {
  readonly clients: MotoClients;
  readonly queues: Readonly<Record<StackQueue, string>>;
  readonly deadLetters: Readonly<Record<StackQueue, string>>;
  readonly variables: Readonly<Record<string, string>>;
}

const MAX_RECEIVES: Readonly<Record<StackQueue, number>> = {
  validate: 5,
  publish: 5,
  quarantine: 5,
  catalog: 10,
  converge: 5,
  incident: 5,
  pages: 5,
};
/** Minutes on AWS; here the queue's one delay only has to be there. */
const CONVERGE_DELAY_SECONDS = '1';

export async function provision(
  endpoint: string,
  options: {
    readonly trigger?: 'eventbridge' | 'sqs';
    readonly writes?: 'landing' | 'lake';
  } = {},
): Promise<Stack> {
  await resetMoto(endpoint);
  const clients = motoClients(endpoint);
  const queues = {} as Record<StackQueue, string>;
  const deadLetters = {} as Record<StackQueue, string>;
  const arns = {} as Record<StackQueue, string>;
  const deadArns = {} as Record<StackQueue, string>;
  for (const name of STACK_QUEUES) {
    const dead = await makeQueue(clients, `${name}-dead`, name, {});
    const queue = await makeQueue(clients, name, name, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVES[name] }),
      ...(name === 'converge' && { DelaySeconds: CONVERGE_DELAY_SECONDS }),
    });
    queues[name] = queue.url;
    arns[name] = queue.arn;
    deadLetters[name] = dead.url;
    deadArns[name] = dead.arn;
  }
  await makeBuckets(clients, arns.validate, options);
  const topic = await makeBusAndTopic(clients, arns);
  await clients.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'shop' } }));
  await clients.dynamo.send(
    new CreateTableCommand({
      TableName: 'ledger',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'scope', AttributeType: 'S' },
        { AttributeName: 'id', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'scope', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
    }),
  );
  return {
    clients,
    queues,
    deadLetters,
    variables: {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: endpoint,
      HEADGATE_LEDGER_TABLE: 'ledger',
      HEADGATE_BUS: 'headgate',
      HEADGATE_QUARANTINE: 's3://quarantine/',
      HEADGATE_CHAT_TOPIC: topic,
      HEADGATE_MAX_FOOTER_BYTES: String(1024 * 1024),
      ...Object.fromEntries(
        QUEUE_NAMES.flatMap((name) => [
          [`HEADGATE_QUEUE_${name.toUpperCase()}`, queues[name]],
          [`HEADGATE_DEAD_LETTERS_${name.toUpperCase()}`, deadArns[name]],
        ]),
      ),
    },
  };
}

async function makeQueue(
  { sqs }: MotoClients,
  name: string,
  kind: StackQueue,
  attributes: Record<string, string>,
): Promise<{ readonly url: string; readonly arn: string }> {
  const isFifo = FIFO_QUEUES.has(kind as QueueName);
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName: isFifo ? `${name}.fifo` : name,
      Attributes: { VisibilityTimeout: '190', ...(isFifo && { FifoQueue: 'true' }), ...attributes },
    }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return { url: QueueUrl, arn: Attributes?.QueueArn ?? '' };
}

async function makeBuckets(
  { s3, events }: MotoClients,
  validateArn: string,
  {
    trigger = 'eventbridge',
    writes = 'landing',
  }: { readonly trigger?: 'eventbridge' | 'sqs'; readonly writes?: 'landing' | 'lake' },
): Promise<void> {
  for (const Bucket of ['landing', 'lake', 'quarantine', 'config']) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  }
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: writes,
      NotificationConfiguration:
        trigger === 'eventbridge'
          ? { EventBridgeConfiguration: {} }
          : {
              QueueConfigurations: [
                { QueueArn: validateArn, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] },
              ],
            },
    }),
  );
  if (trigger === 'sqs') return;
  await events.send(
    new PutRuleCommand({
      Name: writes,
      EventPattern: JSON.stringify({
        source: ['aws.s3'],
        'detail-type': ['Object Created', 'Object Deleted'],
        detail: { bucket: { name: [writes] }, object: { key: [{ prefix: 't/' }, { prefix: 'canary/' }] } },
      }),
    }),
  );
  await events.send(new PutTargetsCommand({ Rule: writes, Targets: [{ Id: 'validate', Arn: validateArn }] }));
}

async function makeBusAndTopic(
  { events, sns }: MotoClients,
  arns: Readonly<Record<StackQueue, string>>,
): Promise<string> {
  await events.send(new CreateEventBusCommand({ Name: 'headgate' }));
  await events.send(
    new PutRuleCommand({
      Name: 'incident',
      EventBusName: 'headgate',
      EventPattern: JSON.stringify({ source: ['headgate'] }),
    }),
  );
  await events.send(
    new PutTargetsCommand({
      Rule: 'incident',
      EventBusName: 'headgate',
      Targets: [{ Id: 'incident', Arn: arns.incident }],
    }),
  );
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'pages' }));
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: arns.pages,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  return TopicArn;
}
