import type { EventRule, Poller, QueueState } from '../ports/account.ts';
import type { BucketState, DeploymentState, QueueEntry, Snapshot, TableState } from './snapshot.ts';

// An account where all is well: examples of the checks change one thing in it.

export function found<Value>(value: Value) {
  return { kind: 'seen', value } as const;
}

export const ARN = {
  publish: 'arn:aws:iam::123456789012:role/headgate-publish',
  catalog: 'arn:aws:iam::123456789012:role/headgate-catalog',
  validate: 'arn:aws:sqs:us-east-1:123456789012:validate',
  validateDead: 'arn:aws:sqs:us-east-1:123456789012:validate-dead',
  incident: 'arn:aws:sqs:us-east-1:123456789012:incident',
} as const;

export const ORDERS: TableState = {
  name: 'shop.orders',
  ref: { database: 'shop', name: 'orders' },
  mode: 'promote',
  guarded: 's3://landing/orders/',
  location: 's3://lake/orders/',
  partitions: 'registered',
  isPartitioned: true,
  differences: found([]),
  grants: found([{ principal: 'IAM_ALLOWED_PRINCIPALS', on: 'table', permissions: ['ALL'] }]),
  locationGrants: found(undefined),
};

export const DENY_WRITES = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:PutObject', 's3:DeleteObject'],
      Resource: 'arn:aws:s3:::lake/orders/*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ARN.publish] } },
    },
  ],
});
const DENY_READS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::landing/orders/*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ARN.publish] } },
    },
  ],
});

const BUCKET = {
  notice: found({ toEventBridge: false, toQueues: [] }),
  versioning: found('Enabled'),
  ownership: found('BucketOwnerEnforced'),
  policy: found(''),
  expiries: found([]),
} as const;

export const LANDING: BucketState = {
  ...BUCKET,
  name: 'landing',
  uses: [{ prefix: 'orders/', as: 'landing' }],
  notice: found({ toEventBridge: true, toQueues: [] }),
  policy: found(DENY_READS),
};
export const LAKE: BucketState = {
  ...BUCKET,
  name: 'lake',
  uses: [{ prefix: 'orders/', as: 'location' }],
  policy: found(DENY_WRITES),
};
export const QUARANTINE: BucketState = {
  ...BUCKET,
  name: 'quarantine',
  uses: [{ prefix: '', as: 'quarantine' }],
};

export const RULE: EventRule = {
  name: 'headgate-landing',
  isEnabled: true,
  pattern: JSON.stringify({
    source: ['aws.s3'],
    detail: { bucket: { name: ['landing'] }, object: { key: [{ prefix: 'orders/' }] } },
  }),
  targetArns: [ARN.validate],
};
export const BUS_RULE: EventRule = {
  name: 'headgate-incident',
  isEnabled: true,
  pattern: '{"source":["headgate"]}',
  targetArns: [ARN.incident],
};

export const QUEUE: QueueState = {
  arn: ARN.validate,
  visible: 0,
  inFlight: 0,
  delayed: 0,
  maxMessageBytes: 1_048_576,
  visibilitySeconds: 190,
  deadLetterArn: ARN.validateDead,
};
export const POLLER: Poller = {
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:headgate-gate',
  isEnabled: true,
  timeoutSeconds: 30,
};
export const VALIDATE: QueueEntry = {
  name: 'validate',
  state: found(QUEUE),
  deadLetters: found({ ...QUEUE, arn: ARN.validateDead, deadLetterArn: undefined }),
  pollers: found([POLLER]),
};

export const DEPLOYMENT: DeploymentState = {
  queues: [VALIDATE],
  ledger: found({ status: 'ACTIVE', keys: ['scope HASH', 'id RANGE'], isRecoverable: true }),
  busRules: found([BUS_RULE]),
  roles: { publish: ARN.publish, catalog: ARN.catalog },
};

export const HEALTHY: Snapshot = {
  tables: [ORDERS],
  buckets: [LANDING, LAKE, QUARANTINE],
  crawlers: found([]),
  jobs: found([]),
  workGroups: found([{ name: 'primary', isEnabled: true, engine: 'Athena engine version 3' }]),
  rules: found([RULE]),
  deployment: DEPLOYMENT,
};
