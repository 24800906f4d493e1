import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import { CreateCrawlerCommand, CreateJobCommand } from '@aws-sdk/client-glue';
import {
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { run } from '../support/run-cli.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { type MotoLake, motoLake } from './lake.ts';

const endpoint = inject('endpoint');
const folder = mkdtempSync(join(tmpdir(), 'headgate-doctor-'));
let lake: MotoLake;
afterEach(() => lake.calls.restore());

/** Told by a queue: moto does not give back the switch of EventBridge. */
async function deployed(trigger: 'sqs' | 'eventbridge' = 'sqs'): Promise<readonly string[]> {
  lake = await motoLake(endpoint, {}, { trigger });
  const { clients } = lake.stack;
  for (const Bucket of ['landing', 'lake', 'quarantine'])
    await clients.s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      }),
    );
  const deny = (bucket: string, Action: readonly string[]) => {
    const base = { Effect: 'Deny', Principal: '*', Resource: `arn:aws:s3:::${bucket}/t/*` };
    const ours = { 'aws:PrincipalArn': ['arn:aws:iam::123456789012:role/publish'] };
    return JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { ...base, Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        {
          ...base,
          Action: 's3:DeleteObject',
          Condition: { ArnLike: ours, Null: { 's3:if-match': 'true' } },
        },
        { ...base, Action, Condition: { ArnNotLike: ours } },
      ],
    });
  };
  await clients.s3.send(
    new PutBucketPolicyCommand({
      Bucket: 'lake',
      Policy: deny('lake', ['s3:PutObject', 's3:DeleteObject']),
    }),
  );
  await clients.s3.send(
    new PutBucketPolicyCommand({
      Bucket: 'landing',
      Policy: deny('landing', ['s3:GetObject']),
    }),
  );
  const contract = join(folder, 'c.odcs.yaml');
  writeFileSync(contract, contractYaml());
  const deployment = join(folder, 'deployment.json');
  writeFileSync(deployment, JSON.stringify(lake.stack.variables));
  return ['doctor', '--deployment', deployment, '--contracts', contract, '--format', 'json'];
}

interface Answer {
  readonly summary: Readonly<Record<string, number | boolean>>;
  readonly findings: readonly { readonly check: string; readonly where: string; readonly severity: string }[];
  readonly unchecked: readonly { readonly what: string; readonly why: string }[];
}

async function doctor(args: readonly string[]) {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  const { code, out, err } = await run(args);
  const { findings, unchecked, summary } = JSON.parse(out === '' ? err : out) as Answer;
  return { code, summary, found: findings.map(({ check, where }) => `${check}: ${where}`).sort(), unchecked };
}

/** What moto has no word for: functions that read queues, recovery of the ledger, the engine of a work group. */
const MOTO_LACKS = /^(?:queue-unread|ledger-unrecoverable|athena-engine): /u;

describe('OPS-3 headgate doctor on moto', () => {
  test('OPS-5 a deployment where all is well has no findings, and no call but reads was made', async () => {
    const args = await deployed();
    lake.calls.by('watch');
    const { code, found, unchecked } = await doctor(args);
    expect(unchecked).toEqual([]);
    expect(found.filter((one) => !MOTO_LACKS.test(one))).toEqual([]);
    const commands = new Set(
      lake.calls.calls.filter(({ by }) => by === 'watch').map(({ command }) => command),
    );
    expect([...commands].filter((name) => !/^(?:Get|List|Describe)/u.test(name))).toEqual([]);
    expect(commands.size).toBeGreaterThan(12);
    // By what moto lacks.
    expect(code).toBe(1);
  });

  test('a bucket that tells nobody any more is found', async () => {
    const args = await deployed();
    await lake.stack.clients.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: 'landing', NotificationConfiguration: {} }),
    );
    const { code, found } = await doctor(args);
    expect(found).toContain('bucket-events-off: s3://landing/t/');
    expect(code).toBe(1);
  });

  test('what would leave the table unguarded is found', async () => {
    const args = await deployed('eventbridge');
    const { s3, glue, events, sqs } = lake.stack.clients;
    await glue.send(
      new CreateCrawlerCommand({
        Name: 'nightly',
        Role: 'arn:aws:iam::123456789012:role/crawler',
        DatabaseName: 'shop',
        Targets: { S3Targets: [{ Path: 's3://lake/' }] },
        SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' },
      }),
    );
    await glue.send(
      new CreateJobCommand({
        Name: 'load',
        Role: 'arn:aws:iam::123456789012:role/job',
        Command: { Name: 'glueetl', ScriptLocation: 's3://scripts/load.py' },
        DefaultArguments: { '--enableUpdateCatalog': 'true' },
      }),
    );
    await s3.send(
      new PutBucketVersioningCommand({
        Bucket: 'lake',
        VersioningConfiguration: { Status: 'Suspended' },
      }),
    );
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket: 'landing',
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
      }),
    );
    await events.send(new DisableRuleCommand({ Name: 'landing' }));
    await sqs.send(new SendMessageCommand({ QueueUrl: lake.stack.deadLetters.publish, MessageBody: 'dead' }));
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: lake.stack.queues.validate,
        Attributes: { MaximumMessageSize: '65536' },
      }),
    );
    const { code, found, unchecked } = await doctor(args);
    expect(unchecked).toEqual([]);
    expect(found.filter((one) => !MOTO_LACKS.test(one) && !one.startsWith('bucket-events-off'))).toEqual([
      'bucket-statements: s3://landing/t/',
      'bucket-unversioned: bucket lake',
      'crawler-overlaps: crawler nightly',
      'dead-letters: dead letters of publish',
      'job-updates-catalog: job load',
      'landing-readable: s3://landing/t/',
      'queue-message-size: queue validate',
      'rule-disabled: rule landing',
    ]);
    expect(code).toBe(1);
  });

  test('planned, without a deployment, and as text and markdown', async () => {
    const args = await deployed();
    const planned = [
      ...args.slice(0, 1),
      ...args.slice(3),
      '--endpoint-url',
      endpoint,
      '--region',
      'us-east-1',
    ];
    const { found, summary } = await doctor(planned);
    expect(found.filter((one) => !MOTO_LACKS.test(one))).toEqual([]);
    expect(summary).toMatchObject({ tables: 1, isDeployed: false });
    const text = await run([...planned, '--format', 'text']);
    expect(text.out).toContain('1 tables without a deployment');
    expect((await run([...planned, '--format', 'markdown'])).out).toContain('## Headgate doctor');
  });
});
