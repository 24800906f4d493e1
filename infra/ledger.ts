import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** Incidents, holds, sagas and breakers: paid by use, restorable to any second of the last weeks, kept when the stack goes. */
export function createLedger(scope: Construct, id: string, encryptionKey: IKey | undefined): TableV2 {
  return new TableV2(scope, id, {
    partitionKey: { name: 'scope', type: AttributeType.STRING },
    sortKey: { name: 'id', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    encryption: encryptionKey
      ? TableEncryptionV2.customerManagedKey(encryptionKey)
      : TableEncryptionV2.dynamoOwnedKey(),
  });
}
