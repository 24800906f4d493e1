import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { channelId } from '../src/judge/contract/channel-id.ts';
import type { GuardedTable } from '../src/run/table/guarded-table.ts';

export interface TopicsProps {
  readonly encryptionKey: IKey | undefined;
  readonly emails: readonly string[];
  readonly deployment: string;
  readonly tables: readonly GuardedTable[];
}

/** A channel that a contract names for notifications, and what it takes. */
interface Channel {
  readonly name: string;
  readonly kind: 'chat' | 'text';
  readonly address: string | undefined;
}

/** Where pages and alarms go: chat, mail where addresses are given, alarms, and a topic for each channel of the contracts. */
export class Topics extends Construct {
  readonly chat: Topic;
  readonly email: Topic | undefined;
  readonly alarms: Topic;
  /** Of each channel that the contracts name. */
  readonly channels: readonly Topic[];
  /** `HEADGATE_CHANNEL_TOPICS`. */
  readonly channelVariable: string | undefined;

  constructor(scope: Construct, id: string, props: TopicsProps) {
    super(scope, id);
    const { encryptionKey, emails, deployment } = props;
    const create = (
      name: string,
      more: { readonly topicName?: string; readonly displayName?: string } = {},
    ) =>
      new Topic(this, name, {
        ...more,
        enforceSSL: true,
        ...(encryptionKey && { masterKey: encryptionKey }),
      });
    this.chat = create('Chat');
    this.alarms = create('Alarms');
    this.email = emails.length > 0 ? create('Email') : undefined;
    const channels = channelsOf(props.tables);
    this.channels = channels.map(({ name, address }) => {
      const topic = create(`Channel-${channelId(name)}`, {
        topicName: `${deployment}-${channelId(name)}`,
        displayName: name.replace(/[^\x20-\x7e]/gu, '?').slice(0, 100),
      });
      if (address !== undefined) topic.addSubscription(new EmailSubscription(address));
      return topic;
    });
    const { partition, region, account } = Stack.of(this);
    this.channelVariable =
      channels.length === 0
        ? undefined
        : [
            `arn:${partition}:sns:${region}:${account}:${deployment}-`,
            ...channels.map(({ name, kind }) => `${kind}:${channelId(name)}`),
          ].join(' ');
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
    return [this.chat, ...(this.email ? [this.email] : []), ...this.channels];
  }
}

/** Amazon Q Developer serves these; every other tool gets plain text. */
const CHAT_TOOLS: readonly (string | undefined)[] = ['slack', 'teams', undefined];

function channelsOf(tables: readonly GuardedTable[]): readonly Channel[] {
  const channels = new Map<string, Channel>();
  for (const { contracts } of tables)
    for (const { channel, tool, scope } of contracts[0]?.owner.support ?? []) {
      if (scope !== 'notifications' || channels.has(channel)) continue;
      const isAddress = tool === 'email' && /^[^\s@]+@[^\s@]+$/u.test(channel);
      channels.set(channel, {
        name: channel,
        kind: CHAT_TOOLS.includes(tool) ? 'chat' : 'text',
        address: isAddress ? channel : undefined,
      });
    }
  return [...channels.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
