import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { deny, notBy } from './bucket-policy.ts';

/** Everything that reads or changes entries, by whatever call. */
const ENTRIES = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:PartiQLSelect',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

/**
 * Incidents, holds, sagas and breakers: paid by use, restorable to any second of the last weeks, kept when the stack goes.
 * Entries are for these roles alone; backups, restores and this policy stay with whoever IAM lets.
 */
export function createLedger(
  scope: Construct,
  id: string,
  {
    encryptionKey,
    knownRoles,
  }: { readonly encryptionKey: IKey | undefined; readonly knownRoles: readonly string[] },
): Table {
  return new Table(scope, id, {
    partitionKey: { name: 'scope', type: AttributeType.STRING },
    sortKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    timeToLiveAttribute: 'expiresAt',
    // `*` is the table itself, whose name is not known before it is.
    resourcePolicy: new PolicyDocument({
      statements: [deny('OnlyHeadgateAndOperators', ENTRIES, ['*'], notBy(knownRoles))],
    }),
    ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
  });
}
