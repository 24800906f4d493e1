import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** Services that put messages into queues and topics which the key encrypts. */
const SENDERS = ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] as const;

/** Lets services use the key for this account. The policy of a key of another stack is not written: its owner says it there. */
export function letServicesUse(key: IKey): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'HeadgateSenders',
      principals: SENDERS.map((service) => new ServicePrincipal(service)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      // In the policy of a key it stands for the key.
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(key).account } },
    }),
  );
}
