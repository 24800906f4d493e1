import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { UNSCOPED_ACTIONS } from '../../infra/unscoped-actions.ts';
import { environmentFrom, needed } from '../../src/run/adapters/aws/environment.ts';
import { QUEUE_NAMES } from '../../src/run/ports/queue.ts';
import { tableContract } from '../support/stack-contracts.ts';
import { ACCOUNT, contractFolder, synth } from '../support/synth.ts';

const stack = synth();
const { template } = stack;
const all = (type: string) => [...stack.resources].filter(([, resource]) => resource.type === type);
const one = (type: string, part: string) => {
  const found = all(type).filter(([id]) => new RegExp(`${part}[0-9A-F]{8}$`, 'u').test(id));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0]?.[1].properties ?? {};
};

describe('INF-1 a stack from a folder of contracts', () => {
  test('everything that guards the tables of schemas/ is there', () => {
    template.resourceCountIs('AWS::Lambda::Function', 8);
    template.resourceCountIs('AWS::SQS::Queue', 13);
    template.resourceCountIs('AWS::Events::Archive', 1);
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 2);
    template.hasResourceProperties('AWS::Glue::Database', {
      CatalogId: '123456789012',
      DatabaseInput: { Name: 'shop' },
    });
    expect(
      all('AWS::S3::Bucket')
        .map(([, { properties }]) => properties.BucketName)
        .filter(Boolean),
    ).toEqual(['shop-lake', 'shop-lake-landing']);
  });
  test('it needs no function of CDK’s own', () => {
    expect(Object.values(stack.json.Resources).filter(({ Type }) => Type.startsWith('Custom::'))).toEqual([]);
  });
  test('the same contracts give the same template', () => {
    expect(synth().json).toEqual(stack.json);
  });
});

describe('INF-3 queues and functions', () => {
  test.each([
    ['Validate', 190, 5, undefined],
    ['Publish', 1810, 5, undefined],
    ['Quarantine', 1810, 5, undefined],
    ['Catalog', 370, 10, true],
    ['Converge', 1810, 5, true],
    ['Incident', 190, 5, undefined],
  ])('queue %s: visibility %i s, %i tries', (name, visibility, tries, fifo) => {
    const queue = one('AWS::SQS::Queue', `Queues${name}`);
    expect(queue).toMatchObject({ VisibilityTimeout: visibility, MessageRetentionPeriod: 345_600 });
    expect(queue.FifoQueue).toBe(fifo);
    expect(queue.RedrivePolicy).toMatchObject({ maxReceiveCount: tries });
    expect(queue.DelaySeconds).toBe(name === 'Converge' ? 60 : undefined);
    const dead = one('AWS::SQS::Queue', `Queues${name}DeadLetters`);
    expect(dead).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
    expect(dead.FifoQueue).toBe(fifo);
  });
  test('each queue is read in batches, with what failed given back, and never by too many', () => {
    const sources = all('AWS::Lambda::EventSourceMapping').map(([, { properties }]) => properties);
    expect(sources).toHaveLength(6);
    for (const source of sources) {
      expect(source).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: expect.any(Number) },
      });
      const isFifo = /Catalog|Converge/u.test(String(source.EventSourceArn));
      expect(source.MaximumBatchingWindowInSeconds).toBe(isFifo ? undefined : 1);
      // SQS gives ten messages of a FIFO queue at most.
      const size = /Validate/u.test(String(source.EventSourceArn))
        ? 50
        : /Publish/u.test(String(source.EventSourceArn))
          ? 20
          : 10;
      expect(source.BatchSize).toBe(size);
    }
    expect(
      all('AWS::Lambda::Function').filter(([, { properties }]) => properties.ReservedConcurrentExecutions),
    ).toEqual([]);
  });
  test('no visibility is shorter than six runs of its function', () => {
    for (const [, { properties }] of all('AWS::Lambda::EventSourceMapping')) {
      const reader = stack.resources.get(String(properties.FunctionName))?.properties;
      const queueId = String(properties.EventSourceArn).split(':').at(-1) ?? '';
      const visibility = Number(stack.resources.get(queueId)?.properties.VisibilityTimeout);
      expect(visibility).toBeGreaterThan(6 * Number(reader?.Timeout));
    }
  });
  test('functions run on Node 24 and arm64, traced, each with a log of its own that ends', () => {
    for (const [, { properties }] of all('AWS::Lambda::Function'))
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 512,
        TracingConfig: { Mode: 'Active' },
        Handler: 'index.handler',
      });
    const groups = all('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(10);
    for (const [, { properties }] of groups) expect(properties.RetentionInDays).toBe(90);
  });
  test('every function has the variables that it reads', () => {
    for (const [, { properties }] of all('AWS::Lambda::Function')) {
      const { Variables } = properties.Environment as {
        readonly Variables: Readonly<Record<string, string>>;
      };
      const environment = environmentFrom(Variables);
      for (const name of [
        'contracts',
        'registry',
        'ledgerTable',
        'bus',
        'quarantine',
        'bucketOwner',
        'catalogId',
        'chatTopic',
      ] as const)
        expect(needed(environment, name)).not.toBe('');
      expect(environment.contracts).toBe('/var/task/contracts.json');
      expect(Object.keys(environment.queues).toSorted()).toEqual([...QUEUE_NAMES].toSorted());
    }
  });
});

describe('INF-16 pages', () => {
  test('each channel of the contracts has a topic, which the paging function knows', () => {
    const support = [
      '{ channel: "#crew", tool: slack, scope: notifications, url: "https://x.example" }',
      '{ channel: crew@shop.example, tool: email, scope: notifications, url: "mailto:crew@shop.example" }',
      '{ channel: "#chatter", tool: slack, scope: interactive, url: "https://x.example" }',
    ].join(', ');
    const told = synth({
      contracts: contractFolder({
        'orders.yaml': tableContract('orders', {
          guarded: 's3://landing/orders/',
          location: 's3://lake/orders/',
          support,
        }),
      }),
    });
    const topics = [...told.resources.values()].filter(({ type }) => type === 'AWS::SNS::Topic');
    expect(topics.flatMap(({ properties }) => properties.DisplayName ?? [])).toEqual([
      '#crew',
      'crew@shop.example',
    ]);
    told.template.resourceCountIs('AWS::SNS::Subscription', 1);
    told.template.hasResourceProperties('AWS::SNS::Subscription', {
      Endpoint: 'crew@shop.example',
      Protocol: 'email',
    });
    const incident = [...told.resources].find(([id]) => /FunctionsIncidentFunction/u.test(id))?.[1]
      .properties;
    const { Variables } = (incident?.Environment ?? {}) as {
      readonly Variables: Readonly<Record<string, string>>;
    };
    const { channelTopics } = environmentFrom(Variables);
    expect([channelTopics?.chat.length, channelTopics?.text.length]).toEqual([1, 1]);
    const names = topics.map(({ properties }) => properties.TopicName).filter(Boolean);
    expect(names.map((name) => `arn:aws:sns:eu-west-1:${ACCOUNT}:${name}`).toSorted()).toEqual(
      [...(channelTopics?.chat ?? []), ...(channelTopics?.text ?? [])]
        .map((id) => `${channelTopics?.arnPrefix}${id}`)
        .toSorted(),
    );
  });
  test('variables stay below what a function takes', () => {
    for (const [, { properties }] of all('AWS::Lambda::Function'))
      expect(JSON.stringify(properties.Environment).length).toBeLessThan(4096);
  });
});

describe('INF-5 wildcards', () => {
  interface Statement {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }
  const statements = all('AWS::IAM::Policy').flatMap(
    ([, { properties }]) =>
      (properties.PolicyDocument as { readonly Statement: readonly Statement[] }).Statement,
  );
  const list = (value: string | readonly string[]) => (typeof value === 'string' ? [value] : value);

  test('no action has one', () => {
    expect(statements.length).toBeGreaterThan(50);
    expect(statements.flatMap(({ Action }) => list(Action)).filter((action) => action.includes('*'))).toEqual(
      [],
    );
  });
  test('only actions that know no resource have every resource', () => {
    const open = statements
      .filter(({ Resource }) => list(Resource).includes('*'))
      .flatMap(({ Action }) => list(Action));
    expect(open.filter((action) => !(action in UNSCOPED_ACTIONS))).toEqual([]);
    expect([...new Set(open)].toSorted()).toEqual(Object.keys(UNSCOPED_ACTIONS).toSorted());
    for (const page of Object.values(UNSCOPED_ACTIONS))
      expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//u);
  });
  test('every object that a role may touch is below a prefix of a contract, or of the deployment’s own', () => {
    const objects = new Set(
      statements.flatMap(({ Resource }) => list(Resource)).filter((arn) => /:s3:::[^/]+\//u.test(arn)),
    );
    const own = /^arn:aws:s3:::headgateown(?:quarantine|registry)[0-9a-f]{8}\//u;
    expect([...objects].filter((arn) => !own.test(arn)).toSorted()).toEqual([
      'arn:aws:s3:::shop-lake-landing/customers/*',
      'arn:aws:s3:::shop-lake-landing/headgate-canary/landing/*',
      'arn:aws:s3:::shop-lake-landing/orders/*',
      'arn:aws:s3:::shop-lake/customers/*',
      'arn:aws:s3:::shop-lake/headgate-canary/published/*',
      'arn:aws:s3:::shop-lake/orders/*',
    ]);
  });
});

describe('INF-6 what is closed', () => {
  test('every bucket is private, encrypted, versioned and kept', () => {
    const buckets = all('AWS::S3::Bucket');
    expect(buckets).toHaveLength(5);
    for (const [id, { properties }] of buckets) {
      expect(properties).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: expect.anything(),
      });
      expect(stack.json.Resources[id]).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });
  test('buckets, queues and topics take TLS only', () => {
    const policies = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap(
      (type) => all(type),
    );
    const guarded = ['AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::SNS::Topic'].flatMap((type) => all(type));
    expect(policies).toHaveLength(guarded.length);
    for (const [, { properties }] of policies)
      expect((properties.PolicyDocument as { readonly Statement: unknown[] }).Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
  });
  test('services are let in only for resources of this account', () => {
    const served = ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']
      .flatMap((type) => all(type))
      .flatMap(
        ([, { properties }]) =>
          (properties.PolicyDocument as { readonly Statement: readonly Record<string, unknown>[] }).Statement,
      )
      .filter(
        ({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('amazonaws.com'),
      );
    expect(served.length).toBeGreaterThan(4);
    for (const { Condition } of served)
      expect(Condition).toMatchObject({ StringEquals: { 'aws:SourceAccount': ACCOUNT } });
    for (const [, { properties }] of all('AWS::Lambda::Permission'))
      expect(properties).toMatchObject({
        SourceAccount: ACCOUNT,
        SourceArn: expect.stringContaining(':rule/'),
      });
  });
  test('landing has no expiry, and published keeps what it replaced for a month', () => {
    for (const name of ['shop-lake', 'shop-lake-landing'])
      template.hasResourceProperties('AWS::S3::Bucket', {
        BucketName: name,
        LifecycleConfiguration: {
          Rules: [
            {
              Status: 'Enabled',
              ExpirationInDays: Match.absent(),
              ExpirationDate: Match.absent(),
              NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            },
          ],
        },
      });
  });
  test('only buckets with guarded prefixes tell EventBridge', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'shop-lake-landing',
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'shop-lake',
      NotificationConfiguration: Match.absent(),
    });
  });
  test('every rule tries for a day, and then keeps the event', () => {
    for (const [, { properties }] of all('AWS::Events::Rule').filter(([, { properties: p }]) => p.Targets))
      for (const target of properties.Targets as readonly unknown[])
        expect(target).toMatchObject({
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: expect.stringContaining('UndeliveredEvents') },
        });
  });
});

describe('INF-10 what must outlive a deploy', () => {
  test('the ledger is paid by use, restorable and kept', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'scope', KeyType: 'HASH' },
          { AttributeName: 'id', KeyType: 'RANGE' },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    });
  });
  test('stateful resources keep their logical ids: another id is another resource, and the old one is left behind', () => {
    const stateful = /^AWS::(?:S3::Bucket|DynamoDB::Table|Glue::Database|Events::EventBus)$/u;
    expect(
      [...stack.resources].flatMap(([id, { type }]) => (stateful.test(type) ? [id] : [])).toSorted(),
    ).toEqual([
      'HeadgateDatabasesshop23C12E6B',
      'HeadgateDatashoplake2AE655A3',
      'HeadgateDatashoplakelandingEF9999C2',
      'HeadgateEventsBus43C26BBF',
      'HeadgateLedger34AC95EC',
      'HeadgateOwnAccessLogs694DBE60',
      'HeadgateOwnQuarantineAF87721B',
      'HeadgateOwnRegistry50989514',
    ]);
  });
  test('the bus is archived for two weeks', () => {
    template.hasResourceProperties('AWS::Events::Archive', { RetentionDays: 14 });
  });
});

describe('INF-14 the deployment file', () => {
  test('an output holds what --deployment takes', () => {
    const [[id, output] = ['', undefined]] = Object.entries(stack.json.Outputs ?? {});
    expect(id).toBe('HeadgateDeployment');
    const value = JSON.parse(String(stack.resolve(output?.Value))) as Record<string, string>;
    const environment = environmentFrom(value);
    expect(Object.keys(environment.deadLetters).toSorted()).toEqual([
      'catalog',
      'converge',
      'events',
      'incident',
      'publish',
      'quarantine',
      'validate',
    ]);
    expect(environment.region).toBe('eu-west-1');
    expect(environment.contracts).toBe('headgate.contracts.json');
    for (const name of ['ledgerTable', 'bus', 'quarantine'] as const) expect(environment[name]).toBeDefined();
    expect(Object.values(value).every((text) => typeof text === 'string')).toBe(true);
  });
});
