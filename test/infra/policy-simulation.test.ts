import { describe, expect, test } from 'vitest';
import { type Decision, evaluate, type Request, type Statement } from '../support/iam/evaluate.ts';
import { policiesOf } from '../support/iam/stack-policies.ts';
import { everyMode } from '../support/stack-contracts.ts';
import { ACCOUNT, REGION, synth } from '../support/synth.ts';

const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;
const CHECKOUT = role('checkout');
const PARTNER = role('partner', '999999999999');
const ONCALL = role('oncall');

const stack = synth({
  contracts: everyMode(),
  producers: [
    { roleArn: CHECKOUT, tables: ['shop.orders'] },
    { roleArn: PARTNER, tables: ['shop.feed'] },
  ],
  operators: [ONCALL],
});
const policies = policiesOf(stack);

/** Roles that are not the stack's, with what their own policies say. */
const ALLOW_ALL: readonly Statement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
const OTHERS: Readonly<Record<string, { readonly arn: string; readonly statements: readonly Statement[] }>> =
  {
    checkout: { arn: CHECKOUT, statements: [] },
    partner: { arn: PARTNER, statements: ALLOW_ALL },
    stranger: { arn: role('stranger', '999999999999'), statements: ALLOW_ALL },
    oncall: { arn: ONCALL, statements: ALLOW_ALL },
    analyst: {
      arn: role('analyst'),
      statements: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: '*' }],
    },
    admin: { arn: role('admin'), statements: ALLOW_ALL },
  };

const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${idOf('AWS::SQS::Queue', name)}`;
const quarantine = `arn:aws:s3:::${idOf('AWS::S3::Bucket', 'OwnQuarantine').toLowerCase()}`;
const registry = `arn:aws:s3:::${idOf('AWS::S3::Bucket', 'OwnRegistry').toLowerCase()}`;
const ledger = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${idOf('AWS::DynamoDB::Table', 'Ledger')}`;
const objectRule = `arn:aws:events:${REGION}:${ACCOUNT}:rule/${idOf('AWS::Events::Rule', 'Objectslanding')}`;
const glue = (path: string) => `arn:aws:glue:${REGION}:${ACCOUNT}:${path}`;

/** The one resource of a type whose logical id says so much. */
function idOf(type: string, part: string): string {
  const found = [...stack.resources].filter(
    ([id, resource]) =>
      resource.type === type && new RegExp(`^Headgate[A-Z]?[a-zA-Z]*${part}[0-9A-F]{8}$`, 'u').test(id),
  );
  if (found.length !== 1) throw new Error(`${found.length} resources of ${type} named ${part}`);
  return found[0]?.[0] ?? '';
}

const LANDED = 'arn:aws:s3:::landing/orders/dt=2026-11-01/a.parquet';
const FED = 'arn:aws:s3:::landing/feed/dt=2026-11-01/a.parquet';
const PUBLISHED = 'arn:aws:s3:::lake/orders/dt=2026-11-01/a.parquet';
const IN_PLACE = 'arn:aws:s3:::old/logs/dt=2026-11-01/a.parquet';
const ALERTED = 'arn:aws:s3:::old/ticks/dt=2026-11-01/a.parquet';
const OBSERVED = 'arn:aws:s3:::raw/seen/dt=2026-11-01/a.parquet';
const HEARTBEAT = 'arn:aws:s3:::landing/headgate-canary/landing/good-1.parquet';
const HELD = `${quarantine}/shop.orders/2026-11-01/abc/data.parquet`;
const BODY = `${registry}/registry/contracts/abc.json`;
const IF_MATCH = { 's3:if-match': '"e"' };
const IF_NONE_MATCH = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };
const TAGS = { 's3:RequestObjectTagKeys': ['headgate.verdict'] };
const below = (prefix: string) => ({ 's3:prefix': prefix });

type Row = readonly [
  who: string,
  action: string,
  resource: string,
  context: Request['context'],
  decision: Decision,
];

const ROWS: readonly Row[] = [
  // The gate reads what lands, and can do nothing to it.
  ['gate', 's3:GetObject', LANDED, {}, 'allow'],
  ['gate', 's3:GetObject', IN_PLACE, {}, 'allow'],
  ['gate', 's3:GetObject', OBSERVED, {}, 'allow'],
  ['gate', 's3:ListBucket', 'arn:aws:s3:::landing', {}, 'allow'],
  ['gate', 's3:ListBucket', 'arn:aws:s3:::landing', below('orders/dt=2026-11-01/'), 'allow'],
  ['gate', 's3:ListBucket', 'arn:aws:s3:::landing', below('salaries/'), 'implicit-deny'],
  ['gate', 's3:GetObject', 'arn:aws:s3:::landing/salaries/a.parquet', {}, 'implicit-deny'],
  ['gate', 's3:GetObject', 'arn:aws:s3:::landing/orders-old/a.parquet', {}, 'implicit-deny'],
  ['gate', 's3:DeleteObject', LANDED, IF_MATCH, 'implicit-deny'],
  ['gate', 's3:PutObject', LANDED, {}, 'implicit-deny'],
  ['gate', 's3:PutObject', PUBLISHED, IF_NONE_MATCH, 'explicit-deny'],
  ['gate', 's3:PutObject', HELD, IF_NONE_MATCH, 'explicit-deny'],
  ['gate', 'sqs:SendMessage', queueArn('Publish'), {}, 'allow'],
  ['gate', 'sqs:ReceiveMessage', queueArn('Validate'), {}, 'allow'],
  ['gate', 'sqs:ReceiveMessage', queueArn('Publish'), {}, 'implicit-deny'],
  ['gate', 'sqs:SendMessage', queueArn('Incident'), {}, 'implicit-deny'],
  ['gate', 'glue:GetTable', glue('table/shop/orders'), {}, 'implicit-deny'],
  ['gate', 'dynamodb:DeleteItem', ledger, {}, 'implicit-deny'],
  ['gate', 'dynamodb:PutItem', ledger, {}, 'allow'],
  ['gate', 's3:GetObject', LANDED, { 'aws:SecureTransport': 'false' }, 'explicit-deny'],
  // Only publish writes below a location, and deletes there by condition alone.
  ['publish', 's3:PutObject', PUBLISHED, IF_NONE_MATCH, 'allow'],
  ['publish', 's3:PutObjectTagging', PUBLISHED, {}, 'allow'],
  ['publish', 's3:AbortMultipartUpload', PUBLISHED, {}, 'allow'],
  ['publish', 's3:GetObject', LANDED, {}, 'allow'],
  ['publish', 's3:DeleteObject', PUBLISHED, IF_MATCH, 'allow'],
  ['publish', 's3:DeleteObject', PUBLISHED, {}, 'explicit-deny'],
  ['publish', 's3:DeleteObjectVersion', PUBLISHED, {}, 'explicit-deny'],
  ['publish', 's3:DeleteObject', LANDED, IF_MATCH, 'implicit-deny'],
  ['publish', 's3:DeleteObject', FED, IF_MATCH, 'allow'],
  ['publish', 's3:DeleteObject', FED, {}, 'explicit-deny'],
  ['publish', 's3:PutObject', IN_PLACE, IF_NONE_MATCH, 'implicit-deny'],
  ['publish', 's3:PutObject', HELD, IF_NONE_MATCH, 'explicit-deny'],
  ['publish', 'glue:UpdateTable', glue('table/shop/orders'), {}, 'implicit-deny'],
  ['quarantine', 's3:PutObject', HELD, IF_NONE_MATCH, 'allow'],
  ['quarantine', 's3:GetObject', LANDED, {}, 'allow'],
  ['quarantine', 's3:DeleteObject', IN_PLACE, IF_MATCH, 'allow'],
  ['quarantine', 's3:DeleteObject', IN_PLACE, {}, 'explicit-deny'],
  ['quarantine', 's3:DeleteObject', FED, IF_MATCH, 'allow'],
  ['quarantine', 's3:DeleteObject', LANDED, IF_MATCH, 'implicit-deny'],
  ['quarantine', 's3:DeleteObject', ALERTED, IF_MATCH, 'implicit-deny'],
  ['quarantine', 's3:DeleteObject', OBSERVED, IF_MATCH, 'implicit-deny'],
  ['quarantine', 's3:PutObject', PUBLISHED, IF_NONE_MATCH, 'explicit-deny'],
  ['quarantine', 's3:DeleteObject', HELD, IF_MATCH, 'implicit-deny'],
  // Only catalog writes tables, reads no data, and leaves alone what is only observed.
  ['catalog', 'glue:UpdateTable', glue('table/shop/orders'), {}, 'allow'],
  ['catalog', 'glue:CreateTable', glue('database/shop'), {}, 'allow'],
  ['catalog', 'glue:CreateTable', glue('catalog'), {}, 'allow'],
  ['catalog', 'glue:BatchCreatePartition', glue('table/shop/logs'), {}, 'allow'],
  ['catalog', 'glue:UpdateTable', glue('table/shop/seen'), {}, 'implicit-deny'],
  ['catalog', 'glue:UpdateTable', glue('table/shop/salaries'), {}, 'implicit-deny'],
  ['catalog', 'glue:DeleteTable', glue('table/shop/orders'), {}, 'implicit-deny'],
  ['catalog', 's3:GetObject', LANDED, {}, 'implicit-deny'],
  ['catalog', 's3:GetObject', BODY, {}, 'allow'],
  ['watch', 'glue:GetTable', glue('table/shop/seen'), {}, 'allow'],
  ['watch', 'glue:UpdateTable', glue('table/shop/orders'), {}, 'implicit-deny'],
  ['watch', 's3:ListBucket', 'arn:aws:s3:::lake', below('orders/'), 'allow'],
  ['watch', 's3:PutObject', PUBLISHED, IF_NONE_MATCH, 'explicit-deny'],
  ['incident', 's3:GetObject', LANDED, {}, 'implicit-deny'],
  ['incident', 'dynamodb:PutItem', ledger, {}, 'allow'],
  ['incident', 'sqs:SendMessage', queueArn('Validate'), {}, 'implicit-deny'],
  ['audit', 's3:GetObject', LANDED, {}, 'allow'],
  ['audit', 's3:DeleteObject', IN_PLACE, IF_MATCH, 'implicit-deny'],
  ['audit', 'dynamodb:PutItem', ledger, {}, 'implicit-deny'],
  ['canary', 's3:PutObject', HEARTBEAT, IF_NONE_MATCH, 'allow'],
  ['canary', 's3:PutObject', LANDED, IF_NONE_MATCH, 'implicit-deny'],
  ['canary', 's3:DeleteObject', LANDED, IF_MATCH, 'implicit-deny'],
  ['audits', 's3:PutObject', `${quarantine}/audits/1/manifest.json`, {}, 'allow'],
  ['audits', 's3:PutObject', HELD, {}, 'implicit-deny'],
  ['audits', 's3:GetObject', LANDED, {}, 'explicit-deny'],
  ['audits', 's3:ListBucket', 'arn:aws:s3:::landing', below('orders/'), 'allow'],
  ['sweeps', 's3:ListBucket', 'arn:aws:s3:::landing', below('orders/'), 'implicit-deny'],
  ['sweeps', 's3:GetObject', LANDED, {}, 'explicit-deny'],
  ['sweeps', 'dynamodb:PutItem', ledger, {}, 'explicit-deny'],
  // A producer does in its landing what Spark does, without a condition; and nowhere else.
  ['checkout', 's3:PutObject', LANDED, {}, 'allow'],
  ['checkout', 's3:DeleteObject', LANDED, {}, 'allow'],
  ['checkout', 's3:PutObject', 'arn:aws:s3:::landing/orders/_temporary/0/task/part-0.parquet', {}, 'allow'],
  ['checkout', 's3:GetObject', 'arn:aws:s3:::landing/orders/_temporary/0/task/part-0.parquet', {}, 'allow'],
  ['checkout', 's3:ListBucket', 'arn:aws:s3:::landing', below('orders/dt=2026-11-01/'), 'allow'],
  ['checkout', 's3:AbortMultipartUpload', LANDED, {}, 'allow'],
  ['checkout', 's3:PutObject', LANDED, { 'aws:SecureTransport': 'false' }, 'explicit-deny'],
  ['checkout', 's3:PutObject', LANDED, TAGS, 'explicit-deny'],
  ['checkout', 's3:PutObject', FED, {}, 'implicit-deny'],
  ['checkout', 's3:PutObject', PUBLISHED, IF_NONE_MATCH, 'explicit-deny'],
  ['partner', 's3:PutObject', FED, {}, 'allow'],
  ['partner', 's3:GetObject', FED, {}, 'allow'],
  ['partner', 's3:PutObject', LANDED, {}, 'implicit-deny'],
  ['stranger', 's3:PutObject', FED, {}, 'implicit-deny'],
  // Readers read what is published, not what landed.
  ['analyst', 's3:GetObject', PUBLISHED, {}, 'allow'],
  ['analyst', 's3:GetObject', LANDED, {}, 'explicit-deny'],
  ['analyst', 's3:GetObject', IN_PLACE, {}, 'allow'],
  ['analyst', 's3:GetObject', OBSERVED, {}, 'allow'],
  // Not even an administrator publishes, forges a verdict, or deletes what is held.
  ['admin', 's3:PutObject', PUBLISHED, {}, 'explicit-deny'],
  ['admin', 's3:DeleteObject', PUBLISHED, {}, 'explicit-deny'],
  ['admin', 's3:PutObjectTagging', PUBLISHED, {}, 'explicit-deny'],
  ['admin', 's3:PutObjectTagging', IN_PLACE, TAGS, 'explicit-deny'],
  ['admin', 's3:PutObjectTagging', IN_PLACE, { 's3:RequestObjectTagKeys': ['team'] }, 'allow'],
  ['admin', 's3:DeleteObject', HELD, {}, 'explicit-deny'],
  ['admin', 's3:PutObject', OBSERVED, {}, 'allow'],
  ['admin', 's3:PutBucketPolicy', 'arn:aws:s3:::lake', {}, 'allow'],
  ['admin', 's3:PutObject', BODY, { 's3:ObjectCreationOperation': 'true' }, 'explicit-deny'],
  ['admin', 's3:PutObject', BODY, IF_NONE_MATCH, 'explicit-deny'],
  ['admin', 's3:DeleteObject', BODY, {}, 'explicit-deny'],
  // People on call release and purge.
  ['oncall', 's3:GetObject', LANDED, {}, 'allow'],
  ['oncall', 's3:PutObject', LANDED, IF_NONE_MATCH, 'allow'],
  ['oncall', 's3:DeleteObject', HELD, IF_MATCH, 'allow'],
  ['oncall', 's3:PutObject', PUBLISHED, IF_NONE_MATCH, 'explicit-deny'],
  // Services are let in for what is the stack's own.
  [
    'events.amazonaws.com',
    'sqs:SendMessage',
    queueArn('Validate'),
    { 'aws:SourceArn': objectRule, 'aws:SourceAccount': ACCOUNT },
    'allow',
  ],
  [
    'events.amazonaws.com',
    'sqs:SendMessage',
    queueArn('Validate'),
    { 'aws:SourceArn': objectRule, 'aws:SourceAccount': '999999999999' },
    'implicit-deny',
  ],
  [
    'events.amazonaws.com',
    'sqs:SendMessage',
    queueArn('Validate'),
    { 'aws:SourceArn': objectRule.replace('rule/', 'rule/other-'), 'aws:SourceAccount': ACCOUNT },
    'implicit-deny',
  ],
  [
    'events.amazonaws.com',
    'sqs:SendMessage',
    queueArn('Publish'),
    { 'aws:SourceArn': objectRule, 'aws:SourceAccount': ACCOUNT },
    'implicit-deny',
  ],
];

function decide([who, action, resource, context]: Row, of = policies): Decision {
  const actor =
    who === 'person' ? person : (of.roles.get(who) ?? OTHERS[who] ?? { arn: who, statements: [] });
  const owner = [...of.resources].find(([arn]) => resource === arn || resource.startsWith(`${arn}/`));
  return evaluate(
    {
      principal: actor.arn,
      action,
      resource,
      context: {
        'aws:SecureTransport': 'true',
        ...(actor.arn.startsWith('arn:') && { 'aws:PrincipalArn': actor.arn }),
        ...context,
      },
    },
    { identity: actor.statements, resource: owner?.[1] ?? [], account: ACCOUNT },
  );
}

/** A role of people who have the operators' policies and nothing else. */
const person = {
  arn: ONCALL,
  statements: [...stack.resources.values()].flatMap(({ type, properties }) =>
    type === 'AWS::IAM::ManagedPolicy'
      ? (properties.PolicyDocument as { readonly Statement: readonly Statement[] }).Statement
      : [],
  ),
};

const PEOPLE: readonly Row[] = [
  ['person', 's3:PutObject', LANDED, IF_NONE_MATCH, 'allow'],
  ['person', 's3:PutObject', IN_PLACE, IF_NONE_MATCH, 'allow'],
  ['person', 's3:PutObject', OBSERVED, IF_NONE_MATCH, 'implicit-deny'],
  ['person', 's3:PutObject', PUBLISHED, IF_NONE_MATCH, 'explicit-deny'],
  ['person', 's3:GetObject', HELD, {}, 'allow'],
  ['person', 's3:DeleteObject', HELD, IF_MATCH, 'allow'],
  ['person', 's3:DeleteObject', HELD, {}, 'implicit-deny'],
  ['person', 's3:DeleteObjectVersion', HELD, {}, 'implicit-deny'],
  ['person', 's3:PutObject', BODY, IF_NONE_MATCH, 'implicit-deny'],
  ['person', 's3:GetObject', BODY, {}, 'allow'],
  ['person', 'glue:UpdateTable', glue('table/shop/orders'), {}, 'allow'],
  ['person', 'glue:DeleteTable', glue('table/shop/orders'), {}, 'implicit-deny'],
  ['person', 'sqs:StartMessageMoveTask', queueArn('ValidateDeadLetters'), {}, 'allow'],
  ['person', 'sqs:ReceiveMessage', queueArn('Validate'), {}, 'implicit-deny'],
  ['person', 'sqs:SendMessage', queueArn('Incident'), {}, 'allow'],
  [
    'person',
    'lambda:InvokeFunction',
    'arn:aws:lambda:eu-west-1:123456789012:function:gate',
    {},
    'implicit-deny',
  ],
];

const INDEX = `${registry}/registry/index.json`;
/** What only Headgate's roles and operators do, with and without operators. */
const STRANGERS: readonly (readonly [action: string, resource: string, context: Request['context']])[] = [
  ['s3:GetObject', HELD, {}],
  ['s3:GetObjectVersion', HELD, {}],
  ['s3:PutObject', HELD, IF_NONE_MATCH],
  ['s3:DeleteObject', HELD, IF_MATCH],
  ['s3:DeleteObjectVersion', HELD, {}],
  ['s3:PutObjectTagging', HELD, {}],
  ['s3:GetObject', BODY, {}],
  ['s3:PutObject', BODY, IF_NONE_MATCH],
  ['s3:GetObject', INDEX, {}],
  ['s3:PutObject', INDEX, {}],
  ['s3:DeleteObject', INDEX, {}],
  ...[
    'GetItem',
    'BatchGetItem',
    'Query',
    'Scan',
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'BatchWriteItem',
  ].map((call) => [`dynamodb:${call}`, ledger, {}] as const),
  ...['Select', 'Insert', 'Update', 'Delete'].map((call) => [`dynamodb:PartiQL${call}`, ledger, {}] as const),
];
/** What an account needs to get back in, and to get back what it had. */
const RECOVERY: readonly (readonly [action: string, resource: string])[] = [
  ['s3:PutBucketPolicy', quarantine],
  ['s3:DeleteBucketPolicy', quarantine],
  ['s3:GetBucketPolicy', registry],
  ['s3:PutBucketPolicy', registry],
  ['dynamodb:PutResourcePolicy', ledger],
  ['dynamodb:DeleteResourcePolicy', ledger],
  ['dynamodb:RestoreTableToPointInTime', ledger],
  ['dynamodb:CreateBackup', ledger],
  ['dynamodb:DescribeTable', ledger],
];

describe('LAK-91 (I): registry, ledger and quarantine are closed to strangers', () => {
  const bare = policiesOf(synth({ contracts: everyMode() }));
  const asked = (who: string, action: string, resource: string, context: Request['context'], of = policies) =>
    decide([who, action, resource, context, 'allow'], of);

  test.each(STRANGERS)('%s on %s', (action, resource, context) => {
    for (const who of ['admin', 'analyst', 'checkout', 'partner', 'stranger'])
      for (const of of [policies, bare])
        expect(asked(who, action, resource, context, of)).toBe('explicit-deny');
    // Who was an operator is one no more where none is named.
    expect(asked('oncall', action, resource, context, bare)).toBe('explicit-deny');
    const isForNobody = action.startsWith('s3:Delete') && resource === BODY;
    expect(asked('oncall', action, resource, context)).toBe(isForNobody ? 'explicit-deny' : 'allow');
  });

  test.each(RECOVERY)('%s on %s stays with whoever IAM lets', (action, resource) => {
    for (const of of [policies, bare]) expect(asked('admin', action, resource, {}, of)).toBe('allow');
  });

  test.each([
    ['gate', 's3:GetObject', BODY, {}],
    ['gate', 's3:GetObject', INDEX, {}],
    ['gate', 'dynamodb:PutItem', ledger, {}],
    ['quarantine', 's3:PutObject', HELD, IF_NONE_MATCH],
    ['incident', 'dynamodb:Query', ledger, {}],
    ['audits', 's3:PutObject', `${quarantine}/audits/1/manifest.json`, {}],
  ] as const)('%s does %s on %s, with operators and without', (who, action, resource, context) => {
    for (const of of [policies, bare]) expect(asked(who, action, resource, context, of)).toBe('allow');
  });
});

describe('INF-4 what the policies of a synthesised stack allow', () => {
  test.each(ROWS)('%s %s on %s with %j: %s', (...row) => {
    expect(decide(row)).toBe(row[4]);
  });
  test.each(PEOPLE)('%s %s on %s with %j: %s', (...row) => {
    expect(decide(row)).toBe(row[4]);
  });
  test('every role of the stack is among the rows', () => {
    expect([...policies.roles.keys()].toSorted()).toEqual([
      'audit',
      'audits',
      'canary',
      'catalog',
      'gate',
      'incident',
      'publish',
      'quarantine',
      'sweeps',
      'watch',
    ]);
    const asked = new Set(ROWS.map(([who]) => who));
    expect([...policies.roles.keys()].filter((name) => !asked.has(name))).toEqual([]);
  });
});
