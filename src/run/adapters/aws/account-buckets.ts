import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  type LifecycleRule,
  type QueueConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Account } from '../../ports/account.ts';
import { read } from './account-read.ts';

export interface AccountBucketSettings {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucketOwner?: string;
}

/** What S3 says of buckets. A missing bucket is `undefined` everywhere; a setting that is not made has its own word. */
export function accountBuckets({
  client,
  bucketOwner,
}: AccountBucketSettings): Pick<Account, 'notice' | 'versioning' | 'ownership' | 'policy' | 'expiries'> {
  const of = (bucket: string) => ({
    Bucket: bucket,
    ...(bucketOwner !== undefined && { ExpectedBucketOwner: bucketOwner }),
  });
  /** `unset`: what S3 answers where there is a bucket, and no such setting. */
  const ask = async <Value>(
    action: string,
    bucket: string,
    send: () => Promise<Value>,
    unset?: { readonly name: string; readonly value: Value },
  ) => {
    let isUnset = false;
    const value = await read(action, `bucket ${bucket}`, send, (name) => {
      isUnset = name === unset?.name;
      return isUnset;
    });
    return isUnset ? unset?.value : value;
  };

  return {
    notice: (bucket) =>
      ask('s3:GetBucketNotification', bucket, async () => {
        const { EventBridgeConfiguration, QueueConfigurations = [] } = await client.send(
          new GetBucketNotificationConfigurationCommand(of(bucket)),
        );
        return {
          toEventBridge: EventBridgeConfiguration !== undefined,
          toQueues: QueueConfigurations.flatMap(noticeOf),
        };
      }),
    versioning: (bucket) =>
      ask('s3:GetBucketVersioning', bucket, async () => {
        const { Status } = await client.send(new GetBucketVersioningCommand(of(bucket)));
        return Status ?? 'Off';
      }),
    ownership: (bucket) =>
      ask(
        's3:GetBucketOwnershipControls',
        bucket,
        async () => {
          const { OwnershipControls } = await client.send(new GetBucketOwnershipControlsCommand(of(bucket)));
          return OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? 'ACLs';
        },
        { name: 'OwnershipControlsNotFoundError', value: 'ACLs' },
      ),
    policy: (bucket) =>
      ask(
        's3:GetBucketPolicy',
        bucket,
        async () => (await client.send(new GetBucketPolicyCommand(of(bucket)))).Policy ?? '',
        { name: 'NoSuchBucketPolicy', value: '' },
      ),
    expiries: (bucket) =>
      ask(
        's3:GetLifecycleConfiguration',
        bucket,
        async () => {
          const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand(of(bucket)));
          return Rules.filter(expires).map((rule) => ({
            id: rule.ID ?? '(unnamed)',
            prefix: prefixOf(rule),
          }));
        },
        { name: 'NoSuchLifecycleConfiguration', value: [] },
      ),
  };
}

/** A configuration that leaves out files by their suffix, or does not tell of new ones, guards nothing. */
function noticeOf({ QueueArn = '', Events = [], Filter }: QueueConfiguration) {
  const rules = Filter?.Key?.FilterRules ?? [];
  const isWhole = rules.every(({ Name }) => Name?.toLowerCase() === 'prefix');
  const tells = Events.some((event) => event === 's3:ObjectCreated:*');
  return isWhole && tells ? [{ queueArn: QueueArn, prefix: rules[0]?.Value ?? '' }] : [];
}

function expires({ Status, Expiration }: LifecycleRule): boolean {
  return Status === 'Enabled' && (Expiration?.Days !== undefined || Expiration?.Date !== undefined);
}

function prefixOf({ Filter, Prefix }: LifecycleRule): string {
  return Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '';
}
