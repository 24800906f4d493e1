import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** Incidents, holds, sagas and breakers: paid by use, restorable to any second of the last weeks, kept when the stack goes. */
export function createLedger(scope: Construct, id: string, encryptionKey: IKey | undefined): Table {
  return new Table(scope, id, {
    partitionKey: { name: 'scope', type: AttributeType.STRING },
    sortKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    timeToLiveAttribute: 'expiresAt',
    ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
  });
}
