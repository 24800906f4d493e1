import type { EventRule, Poller, QueueState } from '../../run/ports/account.ts';
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
  undelivered: 'arn:aws:sqs:us-east-1:123456789012:undelivered',
  watch: 'arn:aws:lambda:us-east-1:123456789012:function:headgate-watch',
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

/** What the stack writes into the policy of a bucket that it did not make, shortened. */
function policyOf(bucket: string, statement: object): string {
  const base = { Effect: 'Deny', Principal: '*', Resource: `arn:aws:s3:::${bucket}/orders/*` };
  const ours = { 'aws:PrincipalArn': [ARN.publish] };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...base,
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        ...base,
        Action: 's3:DeleteObject',
        Condition: { ArnLike: ours, Null: { 's3:if-match': 'true' } },
      },
      { ...base, Condition: { ArnNotLike: ours }, ...statement },
    ],
  });
}

export const DENY_WRITES = policyOf('lake', { Action: ['s3:PutObject', 's3:DeleteObject'] });
const DENY_READS = policyOf('landing', { Action: ['s3:GetObject', 's3:GetObjectVersion'] });

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
  schedule: undefined,
  targetArns: [ARN.validate],
  deadLetterArns: [ARN.undelivered],
};
export const SWEEP: EventRule = {
  ...RULE,
  name: 'headgate-hourly',
  pattern: undefined,
  schedule: 'rate(1 hour)',
  targetArns: [ARN.watch],
};
export const BUS_RULE: EventRule = {
  name: 'headgate-incident',
  isEnabled: true,
  pattern: '{"source":["headgate"]}',
  schedule: undefined,
  targetArns: [ARN.incident],
  deadLetterArns: [ARN.undelivered],
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
  roleArn: 'arn:aws:iam::123456789012:role/headgate-gate',
};
export const VALIDATE: QueueEntry = {
  name: 'validate',
  state: found(QUEUE),
  deadLetters: found({ ...QUEUE, arn: ARN.validateDead, deadLetterArn: undefined }),
  pollers: found([POLLER]),
};
/** The queues whose functions' roles grants and policies are compared with. */
const PUBLISH: QueueEntry = {
  ...VALIDATE,
  name: 'publish',
  pollers: found([{ ...POLLER, roleArn: ARN.publish }]),
};
const CATALOG: QueueEntry = {
  ...VALIDATE,
  name: 'catalog',
  pollers: found([{ ...POLLER, roleArn: ARN.catalog }]),
};

const CONVERGE: QueueEntry = {
  ...VALIDATE,
  name: 'converge',
  pollers: found([{ ...POLLER, functionArn: ARN.watch }]),
};

export const DEPLOYMENT: DeploymentState = {
  queues: [VALIDATE, PUBLISH, CATALOG, CONVERGE],
  otherDeadLetters: [
    { name: 'events', arn: ARN.undelivered, state: found({ ...QUEUE, arn: ARN.undelivered }) },
  ],
  ledger: found({ status: 'ACTIVE', keys: ['scope HASH', 'id RANGE'], isRecoverable: true }),
  busRules: found([BUS_RULE]),
};

export const HEALTHY: Snapshot = {
  tables: [ORDERS],
  buckets: [LANDING, LAKE, QUARANTINE],
  crawlers: found([]),
  jobs: found([]),
  workGroups: found([{ name: 'primary', isEnabled: true, engine: 'Athena engine version 3' }]),
  rules: found([RULE, SWEEP]),
  deployment: DEPLOYMENT,
};
