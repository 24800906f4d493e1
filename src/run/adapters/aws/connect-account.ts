import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Account } from '../../ports/account.ts';
import { accountBuckets } from './account-buckets.ts';
import { accountGlue } from './account-glue.ts';
import { accountQueues } from './account-queues.ts';
import { accountRest } from './account-rest.ts';
import { type AwsSettings, clientConfig } from './clients.ts';

/** An account as its caller may see it. Apart from the other ports: no function needs these clients. */
export function connectAccount(
  settings: AwsSettings,
  {
    catalogId,
    bucketOwner,
  }: { readonly catalogId?: string | undefined; readonly bucketOwner?: string | undefined },
): Account {
  const other = clientConfig(settings, 'other');
  return {
    ...accountGlue({
      glue: new GlueClient(clientConfig(settings, 'catalog')),
      lakeFormation: new LakeFormationClient(other),
      ...(catalogId !== undefined && { catalogId }),
    }),
    ...accountBuckets({
      client: new S3Client(clientConfig(settings, 'objects')),
      ...(bucketOwner !== undefined && { bucketOwner }),
    }),
    ...accountQueues({ sqs: new SQSClient(other), lambda: new LambdaClient(other) }),
    ...accountRest({
      events: new EventBridgeClient(other),
      athena: new AthenaClient(other),
      dynamo: new DynamoDBClient(other),
    }),
  };
}
