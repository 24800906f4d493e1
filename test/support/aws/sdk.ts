import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Through } from './faults.ts';
import type { Commands, Input, SdkWorld } from './sdk-command.ts';
import { dynamoCommands } from './sdk-dynamo.ts';
import { glueCommands } from './sdk-glue.ts';
import { s3Commands } from './sdk-s3.ts';
import { sqsCommands } from './sdk-sqs.ts';

/** The SDK's clients over the strict AWS in memory: what is sent is carried out, each call may be cut or failed. */
export interface Sdk {
  readonly s3: Pick<S3Client, 'send'>;
  readonly glue: Pick<GlueClient, 'send'>;
  readonly dynamo: Pick<DynamoDBClient, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly events: Pick<EventBridgeClient, 'send'>;
  readonly sns: Pick<SNSClient, 'send'>;
}

export function createSdk(sdkWorld: SdkWorld, through: Through): Sdk {
  const client = (commands: Commands) => ({
    send: (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
      const { name } = command.constructor;
      const act = commands[name];
      if (!act) throw new Error(`the scripted client does not know ${name}`);
      return through(name, [command.input], () => act(command.input));
    },
  });
  const { world } = sdkWorld;
  const made = {
    s3: client(s3Commands(sdkWorld)),
    glue: client(glueCommands(sdkWorld)),
    dynamo: client(dynamoCommands(sdkWorld)),
    sqs: client(sqsCommands(sdkWorld)),
    events: client({
      PutEventsCommand: ({ Entries }) => {
        const failed = Entries.map((entry: Input) => {
          const event = { ...JSON.parse(entry.Detail), type: entry.DetailType };
          const { schemaVersion: _, ...busEvent } = event;
          if (world.failEvent(busEvent)) return { ErrorCode: 'ThrottlingException' };
          sdkWorld.publish([busEvent]);
          return { EventId: randomUUID() };
        });
        const FailedEntryCount = failed.filter((entry: Input) => entry.ErrorCode).length;
        return { FailedEntryCount, Entries: failed };
      },
    }),
    sns: client({
      PublishCommand: ({ TopicArn, Subject, Message }) => {
        sdkWorld.topics.push({ topic: TopicArn, subject: Subject, message: Message });
        return { MessageId: randomUUID() };
      },
    }),
  };
  return made as unknown as Sdk;
}
