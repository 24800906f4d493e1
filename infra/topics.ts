import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface TopicsProps {
  readonly encryptionKey: IKey | undefined;
  readonly emails: readonly string[];
  /** Channels that contracts name for notifications. */
  readonly channels: readonly string[];
}

/** Where pages and alarms go: chat, mail where addresses are given, alarms, and a topic for each channel of the contracts. */
export class Topics extends Construct {
  readonly chat: Topic;
  readonly email: Topic | undefined;
  readonly alarms: Topic;
  /** By channel as the contracts spell it. */
  readonly channels: ReadonlyMap<string, Topic>;

  constructor(scope: Construct, id: string, { encryptionKey, emails, channels }: TopicsProps) {
    super(scope, id);
    const create = (name: string) =>
      new Topic(this, name, {
        enforceSSL: true,
        ...(encryptionKey && { masterKey: encryptionKey }),
      });
    this.chat = create('Chat');
    this.alarms = create('Alarms');
    this.email = emails.length > 0 ? create('Email') : undefined;
    this.channels = new Map(channels.map((channel) => [channel, create(`Channel-${channel}`)]));
    for (const address of emails) {
      this.email?.addSubscription(new EmailSubscription(address));
      this.alarms.addSubscription(new EmailSubscription(address));
    }
    this.alarms.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.alarms.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }

  get pages(): readonly Topic[] {
    return [this.chat, ...(this.email ? [this.email] : []), ...this.channels.values()];
  }
}
