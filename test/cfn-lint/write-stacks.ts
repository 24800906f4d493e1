import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { everyMode } from '../support/stack-contracts.ts';
import { synth } from '../support/synth.ts';

/** Stacks with every property stated, for cfn-lint, beside the one of `npm run synth`. */
const folder = resolve(import.meta.dirname, '../../cdk.out');
const CHECKOUT = 'arn:aws:iam::123456789012:role/checkout';

const everything = synth(
  {
    contracts: everyMode(),
    producers: [{ roleArn: CHECKOUT, tables: ['shop.orders'] }],
    operators: ['arn:aws:iam::123456789012:role/oncall'],
    quarantine: { expiry: Duration.days(365), objectLock: Duration.days(30) },
    emails: ['crew@shop.example'],
    pagerDutySecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:pagerduty-AbCdEf',
    inventories: ['s3://reports/inventory/'],
    lakeFormation: true,
    existingBuckets: { raw: { policyApplied: true, eventBridgeEnabled: true } },
  },
  { build: (stack) => ({ encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }) },
);
mkdirSync(folder, { recursive: true });
writeFileSync(resolve(folder, 'EveryProperty.template.json'), JSON.stringify(everything.json, null, 1));
