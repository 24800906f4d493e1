import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accountBuckets } from '../../../src/run/adapters/aws/account-buckets.ts';
import { accountGlue } from '../../../src/run/adapters/aws/account-glue.ts';
import { accountQueues } from '../../../src/run/adapters/aws/account-queues.ts';
import { accountRest } from '../../../src/run/adapters/aws/account-rest.ts';
import { DOCTOR_ACTIONS } from '../../../src/tools/doctor/rights.ts';
import { scripted, serviceError } from '../../support/send-script.ts';

const denied = serviceError('AccessDeniedException', 403, 'no');
const none = scripted({}).client;

describe('OPS-5 reading an account', () => {
  test('no call of these adapters can change anything', () => {
    const folder = resolve(import.meta.dirname, '../../../src/run/adapters/aws');
    const commands = readdirSync(folder)
      .filter((file) => file.startsWith('account'))
      .flatMap((file) => [...readFileSync(resolve(folder, file), 'utf8').matchAll(/new (\w+)Command\(/gu)])
      .map(([, name]) => name);
    expect(new Set(commands).size).toBeGreaterThan(15);
    expect(commands.filter((name) => !/^(?:Get|List|Describe|BatchGet)[A-Z]/u.test(name ?? ''))).toEqual([]);
  });
});

test('OPS-5 the rights that the doctor asks for are those of its calls, and none that writes', () => {
  const folder = resolve(import.meta.dirname, '../../../src/run/adapters/aws');
  const named = readdirSync(folder)
    .filter((file) => file.startsWith('account'))
    .flatMap((file) => [
      ...readFileSync(resolve(folder, file), 'utf8').matchAll(/'((?:[a-z0-9]+):(?:Get|List|Describe)\w+)'/gu),
    ])
    .map(([, action]) => action);
  // Tables are read by the catalog's adapter, what was applied by the ledger's.
  expect([...new Set([...named, 'glue:GetTable', 'dynamodb:GetItem'])].sort()).toEqual([...DOCTOR_ACTIONS]);
  expect(DOCTOR_ACTIONS.filter((action) => !/:(?:Get|List|Describe)/u.test(action))).toEqual([]);
});

describe('OPS-3 Glue and Lake Formation', () => {
  test('crawlers are read page by page, with what Glue does where nothing is said', async () => {
    const { client, sent } = scripted({
      GetCrawlersCommand: [
        {
          Crawlers: [
            {
              Name: 'a',
              Targets: {
                S3Targets: [{ Path: 's3://lake/t', Exclusions: ['x/**'] }, { Path: 's3://other' }],
                CatalogTargets: [{ DatabaseName: 'shop', Tables: ['t', 'u'] }],
              },
              SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
            },
          ],
          NextToken: 'more',
        },
        { Crawlers: [{ Name: 'b' }] },
      ],
    });
    expect(await accountGlue({ glue: client, lakeFormation: none }).crawlers()).toEqual([
      {
        name: 'a',
        targets: [
          { uri: 's3://lake/t', exclusions: ['x/**'] },
          { uri: 's3://other', exclusions: [] },
        ],
        tables: [
          { database: 'shop', name: 't' },
          { database: 'shop', name: 'u' },
        ],
        updates: 'LOG',
        deletes: 'LOG',
      },
      {
        name: 'b',
        targets: [],
        tables: [],
        updates: 'UPDATE_IN_DATABASE',
        deletes: 'DEPRECATE_IN_DATABASE',
      },
    ]);
    expect(sent.map(({ input }) => input)).toEqual([{}, { NextToken: 'more' }]);
  });
  test('jobs tell their arguments, and visual targets that keep a table up to date', async () => {
    const { client } = scripted({
      GetJobsCommand: [
        {
          Jobs: [
            {
              Name: 'j',
              DefaultArguments: { '--a': '1' },
              NonOverridableArguments: { '--b': '2' },
              CodeGenConfigurationNodes: {
                n1: {
                  S3GlueParquetTarget: {
                    SchemaChangePolicy: { EnableUpdateCatalog: true, Database: 'shop', Table: 't' },
                  },
                },
                n2: { S3DirectTarget: { SchemaChangePolicy: { EnableUpdateCatalog: false } } },
                n3: { SelectFields: { Name: 'x' } },
              },
            },
          ],
        },
      ],
    });
    expect(await accountGlue({ glue: client, lakeFormation: none }).jobs()).toEqual([
      { name: 'j', arguments: { '--a': '1', '--b': '2' }, updates: [{ database: 'shop', name: 't' }] },
    ]);
  });
  test('a missing permission is an error that names the action, never an empty list', async () => {
    const { client } = scripted({ GetCrawlersCommand: [denied], GetJobsCommand: [denied] });
    const account = accountGlue({ glue: client, lakeFormation: none });
    await expect(account.crawlers()).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining('glue:GetCrawlers'),
    });
    await expect(account.jobs()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
  test('grants of the table and of its database; parts of a table are no grant of it', async () => {
    const { client, sent } = scripted({
      ListPermissionsCommand: [
        {
          PrincipalResourcePermissions: [
            { Principal: { DataLakePrincipalIdentifier: 'p1' }, Permissions: ['ALTER'] },
            {
              Principal: { DataLakePrincipalIdentifier: 'p2' },
              Permissions: ['SELECT'],
              Resource: { TableWithColumns: { DatabaseName: 'shop', Name: 't' } },
            },
          ],
        },
        {
          PrincipalResourcePermissions: [
            { Principal: { DataLakePrincipalIdentifier: 'p3' }, Permissions: ['CREATE_TABLE'] },
          ],
        },
      ],
    });
    const account = accountGlue({ glue: none, lakeFormation: client });
    const found = await account.tableGrants({ database: 'Shop', name: 'T' });
    expect(found).toEqual([
      { principal: 'p1', on: 'table', permissions: ['ALTER'] },
      { principal: 'p3', on: 'database', permissions: ['CREATE_TABLE'] },
    ]);
    expect(sent.map(({ input }) => input.Resource)).toEqual([
      { Table: { DatabaseName: 'shop', Name: 't' } },
      { Database: { Name: 'shop' } },
    ]);
  });
  test.each([
    ['arn:aws:s3:::lake', true],
    ['arn:aws:s3:::lake/t', true],
    ['arn:aws:s3:::lake/t/', true],
    ['arn:aws:s3:::lake/t2', false],
    ['arn:aws:s3:::lak', false],
  ])('%s is the registered location: %s', async (ResourceArn, isHolder) => {
    const { client } = scripted({
      ListResourcesCommand: [{ ResourceInfoList: [{ ResourceArn }] }],
      ListPermissionsCommand: [
        {
          PrincipalResourcePermissions: [
            { Principal: { DataLakePrincipalIdentifier: 'p' }, Permissions: ['DATA_LOCATION_ACCESS'] },
          ],
        },
      ],
    });
    expect(await accountGlue({ glue: none, lakeFormation: client }).locationGrants('s3://lake/t/')).toEqual(
      isHolder ? [{ principal: 'p', on: 'location', permissions: ['DATA_LOCATION_ACCESS'] }] : undefined,
    );
  });
});

describe('OPS-3 buckets', () => {
  test('settings that are not made have a word of their own; a bucket that is not there has none', async () => {
    const unset = accountBuckets({
      client: scripted({
        GetBucketNotificationConfigurationCommand: [{}],
        GetBucketVersioningCommand: [{}],
        GetBucketOwnershipControlsCommand: [serviceError('OwnershipControlsNotFoundError', 404)],
        GetBucketPolicyCommand: [serviceError('NoSuchBucketPolicy', 404)],
        GetBucketLifecycleConfigurationCommand: [serviceError('NoSuchLifecycleConfiguration', 404)],
      }).client,
    });
    expect(await unset.notice('b')).toEqual({ toEventBridge: false, toQueues: [] });
    expect(await unset.versioning('b')).toBe('Off');
    expect(await unset.ownership('b')).toBe('ACLs');
    expect(await unset.policy('b')).toBe('');
    expect(await unset.expiries('b')).toEqual([]);
    const gone = serviceError('NoSuchBucket', 404);
    const missing = accountBuckets({
      client: scripted({
        GetBucketVersioningCommand: [gone],
        GetBucketPolicyCommand: [gone],
        GetBucketLifecycleConfigurationCommand: [gone],
      }).client,
    });
    expect(await missing.versioning('b')).toBeUndefined();
    expect(await missing.policy('b')).toBeUndefined();
    expect(await missing.expiries('b')).toBeUndefined();
  });
  test('events count that are of all new files below a prefix', async () => {
    const { client, sent } = scripted({
      GetBucketNotificationConfigurationCommand: [
        {
          EventBridgeConfiguration: {},
          QueueConfigurations: [
            { QueueArn: 'q1', Events: ['s3:ObjectCreated:*'] },
            {
              QueueArn: 'q2',
              Events: ['s3:ObjectCreated:*'],
              Filter: { Key: { FilterRules: [{ Name: 'Prefix', Value: 't/' }] } },
            },
            {
              QueueArn: 'q3',
              Events: ['s3:ObjectCreated:*'],
              Filter: { Key: { FilterRules: [{ Name: 'suffix', Value: '.parquet' }] } },
            },
            { QueueArn: 'q4', Events: ['s3:ObjectRemoved:*'] },
          ],
        },
      ],
    });
    expect(await accountBuckets({ client, bucketOwner: '123' }).notice('b')).toEqual({
      toEventBridge: true,
      toQueues: [
        { queueArn: 'q1', prefix: '' },
        { queueArn: 'q2', prefix: 't/' },
      ],
    });
    expect(sent[0]?.input).toEqual({ Bucket: 'b', ExpectedBucketOwner: '123' });
  });
  test('rules count that remove current objects', async () => {
    const { client } = scripted({
      GetBucketLifecycleConfigurationCommand: [
        {
          Rules: [
            { ID: 'a', Status: 'Enabled', Expiration: { Days: 30 }, Filter: { Prefix: 't/' } },
            { ID: 'b', Status: 'Disabled', Expiration: { Days: 30 }, Filter: {} },
            { ID: 'c', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 3 } },
            { ID: 'd', Status: 'Enabled', Expiration: { ExpiredObjectDeleteMarker: true } },
            {
              ID: 'e',
              Status: 'Enabled',
              Expiration: { Days: 1 },
              Filter: { And: { Prefix: 'x/', Tags: [] } },
            },
            { Status: 'Enabled', Expiration: { Date: new Date(0) }, Prefix: 'old/' },
          ],
        },
      ],
    });
    expect(await accountBuckets({ client }).expiries('b')).toEqual([
      { id: 'a', prefix: 't/' },
      { id: 'e', prefix: 'x/' },
      { id: '(unnamed)', prefix: 'old/' },
    ]);
  });
  test('a denied read is an error', async () => {
    const { client } = scripted({ GetBucketPolicyCommand: [serviceError('AccessDenied', 403)] });
    await expect(accountBuckets({ client }).policy('b')).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining('s3:GetBucketPolicy'),
    });
  });
});

describe('OPS-3 queues, rules, work groups, the ledger', () => {
  test('a queue by its attributes, its dead letters by their ARN, who reads it', async () => {
    const { client: sqs, sent } = scripted({
      GetQueueUrlCommand: [{ QueueUrl: 'https://sqs/dead' }],
      GetQueueAttributesCommand: [
        {
          Attributes: {
            QueueArn: 'arn:aws:sqs:eu-west-1:1:validate',
            ApproximateNumberOfMessages: '7',
            ApproximateNumberOfMessagesNotVisible: '2',
            ApproximateNumberOfMessagesDelayed: '1',
            MaximumMessageSize: '1048576',
            VisibilityTimeout: '190',
            RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:1:dead","maxReceiveCount":5}',
          },
        },
        { Attributes: { QueueArn: 'arn:aws:sqs:eu-west-1:1:dead', RedrivePolicy: 'no JSON' } },
      ],
    });
    const { client: lambda } = scripted({
      ListEventSourceMappingsCommand: [
        {
          EventSourceMappings: [
            { FunctionArn: 'arn:f', State: 'Enabled' },
            { FunctionArn: 'arn:g', State: 'Disabled' },
          ],
        },
      ],
      GetFunctionConfigurationCommand: [
        { Timeout: 30, Role: 'arn:role' },
        serviceError('ResourceNotFoundException', 404),
      ],
    });
    const account = accountQueues({ sqs, lambda });
    expect(await account.queue('https://sqs/validate')).toEqual({
      arn: 'arn:aws:sqs:eu-west-1:1:validate',
      visible: 7,
      inFlight: 2,
      delayed: 1,
      maxMessageBytes: 1_048_576,
      visibilitySeconds: 190,
      deadLetterArn: 'arn:aws:sqs:eu-west-1:1:dead',
    });
    expect(await account.queueByArn('arn:aws:sqs:eu-west-1:1:dead')).toMatchObject({
      visible: 0,
      maxMessageBytes: 262_144,
      visibilitySeconds: 30,
      deadLetterArn: undefined,
    });
    expect(sent[1]?.input).toEqual({ QueueName: 'dead', QueueOwnerAWSAccountId: '1' });
    expect(await account.pollers('arn:aws:sqs:eu-west-1:1:validate')).toEqual([
      { functionArn: 'arn:f', isEnabled: true, timeoutSeconds: 30, roleArn: 'arn:role' },
      { functionArn: 'arn:g', isEnabled: false, timeoutSeconds: undefined, roleArn: undefined },
    ]);
  });
  test('a queue that is gone is none', async () => {
    const { client } = scripted({
      GetQueueAttributesCommand: [serviceError('QueueDoesNotExist', 400)],
      GetQueueUrlCommand: [serviceError('QueueDoesNotExist', 400)],
    });
    const account = accountQueues({ sqs: client, lambda: none });
    expect(await account.queue('https://sqs/validate')).toBeUndefined();
    expect(await account.queueByArn('arn:aws:sqs:eu-west-1:1:dead')).toBeUndefined();
  });
  test('rules with their targets; a bus that is gone has none', async () => {
    const { client } = scripted({
      ListRulesCommand: [
        {
          Rules: [
            { Name: 'r', State: 'DISABLED', EventPattern: '{}' },
            { Name: 's', State: 'ENABLED', ScheduleExpression: 'rate(1 hour)' },
          ],
        },
        serviceError('ResourceNotFoundException', 400),
      ],
      ListTargetsByRuleCommand: [
        { Targets: [{ Id: 'a', Arn: 'arn:q', DeadLetterConfig: { Arn: 'arn:d' } }] },
        { Targets: [{ Id: 'b', Arn: 'arn:f' }] },
      ],
    });
    const account = accountRest({ events: client, athena: none, dynamo: none });
    expect(await account.rules('default')).toEqual([
      {
        name: 'r',
        isEnabled: false,
        pattern: '{}',
        schedule: undefined,
        targetArns: ['arn:q'],
        deadLetterArns: ['arn:d'],
      },
      {
        name: 's',
        isEnabled: true,
        pattern: undefined,
        schedule: 'rate(1 hour)',
        targetArns: ['arn:f'],
        deadLetterArns: [],
      },
    ]);
    expect(await account.rules('headgate')).toBeUndefined();
  });
  test('work groups with the engine that they really run', async () => {
    const { client } = scripted({
      ListWorkGroupsCommand: [
        {
          WorkGroups: [
            {
              Name: 'primary',
              State: 'ENABLED',
              EngineVersion: {
                SelectedEngineVersion: 'AUTO',
                EffectiveEngineVersion: 'Athena engine version 3',
              },
            },
            { Name: 'off', State: 'DISABLED' },
          ],
        },
      ],
    });
    expect(await accountRest({ events: none, athena: client, dynamo: none }).workGroups()).toEqual([
      { name: 'primary', isEnabled: true, engine: 'Athena engine version 3' },
      { name: 'off', isEnabled: false, engine: 'not told' },
    ]);
  });
  test('the ledger by its keys and its recovery', async () => {
    const { client } = scripted({
      DescribeTableCommand: [
        {
          Table: {
            TableStatus: 'ACTIVE',
            KeySchema: [
              { AttributeName: 'scope', KeyType: 'HASH' },
              { AttributeName: 'id', KeyType: 'RANGE' },
            ],
          },
        },
        serviceError('ResourceNotFoundException', 400),
      ],
      DescribeContinuousBackupsCommand: [
        {
          ContinuousBackupsDescription: {
            PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
          },
        },
      ],
    });
    const account = accountRest({ events: none, athena: none, dynamo: client });
    expect(await account.ledger('t')).toEqual({
      status: 'ACTIVE',
      keys: ['scope HASH', 'id RANGE'],
      isRecoverable: true,
    });
    expect(await account.ledger('t')).toBeUndefined();
  });
});

describe('OPS-3 what AWS leaves out, and what comes in pages', () => {
  test('answers without any field are nothing, and no trouble', async () => {
    const { client } = scripted({
      GetCrawlersCommand: [{ Crawlers: [{}, { Targets: { S3Targets: [{}], CatalogTargets: [{}] } }] }],
      GetJobsCommand: [{ Jobs: [{}] }],
      ListPermissionsCommand: [{ PrincipalResourcePermissions: [{}] }, {}],
      ListResourcesCommand: [{ ResourceInfoList: [{}] }],
      ListRulesCommand: [{ Rules: [{}] }],
      ListTargetsByRuleCommand: [serviceError('ResourceNotFoundException', 400)],
      ListWorkGroupsCommand: [{ WorkGroups: [{}] }, serviceError('ResourceNotFoundException', 400)],
      DescribeTableCommand: [{ Table: {} }],
      DescribeContinuousBackupsCommand: [{}],
      GetQueueAttributesCommand: [{}],
      GetQueueUrlCommand: [{}],
      ListEventSourceMappingsCommand: [{ EventSourceMappings: [{}] }],
      GetFunctionConfigurationCommand: [{}],
    });
    const glue = accountGlue({ glue: client, lakeFormation: client });
    expect(await glue.crawlers()).toMatchObject([
      { name: '', targets: [], tables: [], updates: 'UPDATE_IN_DATABASE' },
      { targets: [{ uri: '', exclusions: [] }], tables: [] },
    ]);
    expect(await glue.jobs()).toEqual([{ name: '', arguments: {}, updates: [] }]);
    expect(await glue.tableGrants({ database: 'shop', name: 't' })).toEqual([]);
    expect(await glue.locationGrants('s3://lake/t/')).toBeUndefined();
    const rest = accountRest({ events: client, athena: client, dynamo: client });
    expect(await rest.rules('default')).toMatchObject([{ name: '', isEnabled: true, targetArns: [] }]);
    expect(await rest.workGroups()).toEqual([{ name: '', isEnabled: true, engine: 'not told' }]);
    expect(await rest.workGroups()).toEqual([]);
    expect(await rest.ledger('t')).toEqual({ status: 'unknown', keys: [], isRecoverable: false });
    const queues = accountQueues({ sqs: client, lambda: client });
    expect(await queues.queue('https://sqs/q')).toMatchObject({
      arn: '',
      visible: 0,
      deadLetterArn: undefined,
    });
    expect(await queues.queueByArn('')).toBeUndefined();
    expect(await queues.pollers('')).toMatchObject([{ functionArn: '', isEnabled: false }]);
  });

  test('each call goes on where its last page ended', async () => {
    const { client, sent } = scripted({
      GetJobsCommand: [{ Jobs: [{ Name: 'a' }], NextToken: '2' }, { Jobs: [{ Name: 'b' }] }],
      ListResourcesCommand: [
        { ResourceInfoList: [], NextToken: '2' },
        { ResourceInfoList: [{ ResourceArn: 'arn:aws:s3:::lake' }] },
      ],
      ListPermissionsCommand: [{ NextToken: '2' }, { PrincipalResourcePermissions: [] }],
      ListRulesCommand: [{ Rules: [{ Name: 'r' }], NextToken: '2' }, { Rules: [] }],
      ListTargetsByRuleCommand: [
        { Targets: [{ Id: 'a' }], NextToken: '2' },
        { Targets: [{ Id: 'b', Arn: 'arn:b' }] },
      ],
      ListWorkGroupsCommand: [{ WorkGroups: [], NextToken: '2' }, { WorkGroups: [{ Name: 'w' }] }],
      ListEventSourceMappingsCommand: [{ EventSourceMappings: [], NextMarker: '2' }, {}],
    });
    const glue = accountGlue({ glue: client, lakeFormation: client, catalogId: '123456789012' });
    expect((await glue.jobs()).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(await glue.locationGrants('s3://lake/t/')).toEqual([]);
    const rest = accountRest({ events: client, athena: client, dynamo: none });
    expect(await rest.rules('default')).toMatchObject([{ name: 'r', targetArns: ['arn:b'] }]);
    expect(await rest.workGroups()).toMatchObject([{ name: 'w' }]);
    expect(await accountQueues({ sqs: none, lambda: client }).pollers('arn:q')).toEqual([]);
    const tokens = sent.map(
      ({ input }) =>
        (input as { NextToken?: string; Marker?: string }).NextToken ?? (input as { Marker?: string }).Marker,
    );
    expect(tokens.filter((token) => token === '2')).toHaveLength(7);
  });
});
