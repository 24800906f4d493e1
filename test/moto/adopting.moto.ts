import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  BatchCreatePartitionCommand,
  CreateTableCommand,
  GetPartitionsCommand,
  GetTableCommand,
} from '@aws-sdk/client-glue';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, expect, inject, test } from 'vitest';
import { run } from '../support/run-cli.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';
import { type FileKind, fileBytes } from '../support/simulation/files.ts';
import { type MotoLake, motoLake, PATIENT } from './lake.ts';

// The steps of docs/adopting.md, on one existing table.

const endpoint = inject('endpoint');
const folder = mkdtempSync(join(tmpdir(), 'headgate-adopting-'));
const POLICY = ['settle: 1s', 'deleteAfter: 1s'];
const OBSERVE: TestContract = { version: '1.0.0', mode: 'observe', isOnePlace: true, policy: POLICY };
const IN_PLACE: TestContract = { version: '1.0.1', mode: 'in-place', policy: POLICY };
const PROMOTE: TestContract = { version: '1.0.2', policy: POLICY };
const BACK: TestContract = { version: '1.0.3', mode: 'in-place', policy: POLICY };
let lake: MotoLake;
afterEach(() => lake.calls.restore());

async function write(bucket: 'lake' | 'landing', key: string, kind: FileKind): Promise<void> {
  const Body = fileBytes(kind, key);
  await lake.stack.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `t/${key}`, Body }));
}

/** A table as a job and a crawler left it: two partitions, one bad file, nothing of Headgate. */
async function existingTable(): Promise<void> {
  const { s3, glue, events, sqs } = lake.stack.clients;
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: 'lake',
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  await write('lake', 'dt=2026-11-01/old.parquet', 'good');
  await write('lake', 'dt=2026-11-01/old-bad.parquet', 'drifted');
  const storage = {
    Columns: [
      { Name: 'id', Type: 'bigint' },
      { Name: 'v', Type: 'string' },
    ],
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  };
  await glue.send(
    new CreateTableCommand({
      DatabaseName: 'shop',
      TableInput: {
        Name: 't',
        Owner: 'analytics',
        TableType: 'EXTERNAL_TABLE',
        Parameters: { classification: 'parquet', theirs: 'kept' },
        PartitionKeys: [{ Name: 'dt', Type: 'date' }],
        StorageDescriptor: { ...storage, Location: 's3://lake/t/' },
      },
    }),
  );
  await glue.send(
    new BatchCreatePartitionCommand({
      DatabaseName: 'shop',
      TableName: 't',
      PartitionInputList: [
        { Values: ['2026-11-01'], StorageDescriptor: { ...storage, Location: 's3://lake/t/dt=2026-11-01/' } },
      ],
    }),
  );
  // The rule that the stack makes for a guarded bucket.
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: lake.stack.queues.validate, AttributeNames: ['QueueArn'] }),
  );
  const detail = { bucket: { name: ['lake'] }, object: { key: [{ prefix: 't/' }] } };
  await events.send(
    new PutRuleCommand({ Name: 'lake', EventPattern: JSON.stringify({ source: ['aws.s3'], detail }) }),
  );
  await events.send(
    new PutTargetsCommand({ Rule: 'lake', Targets: [{ Id: 'validate', Arn: Attributes?.QueueArn }] }),
  );
}

function cli(contract: TestContract, ...args: readonly string[]) {
  const file = join(folder, `c-${contract.version}.odcs.yaml`);
  writeFileSync(file, contractYaml(contract));
  return run([...args, '--contracts', file, '--endpoint-url', endpoint, '--region', 'us-east-1']);
}

async function sweep(): Promise<void> {
  await lake.functions.watch({ job: 'reconcile' }, PATIENT);
  await lake.settle();
}

async function partitions(): Promise<readonly string[]> {
  const { Partitions = [] } = await lake.stack.clients.glue.send(
    new GetPartitionsCommand({ DatabaseName: 'shop', TableName: 't' }),
  );
  return Partitions.map(({ Values = [] }) => Values.join('/')).sort();
}

async function table() {
  const { Table } = await lake.stack.clients.glue.send(
    new GetTableCommand({ DatabaseName: 'shop', Name: 't' }),
  );
  return Table;
}

const held = async () => (await lake.keys('quarantine')).filter((key) => key.endsWith('data.parquet')).length;
const pages = async () => (await lake.pages()).map(({ metadata }) => metadata.eventType);

test('OPS-6 an existing table: audit, observe, in-place, promote, and back', async () => {
  lake = await motoLake(endpoint, OBSERVE);
  await existingTable();
  await lake.settle();

  // 1. Audit what is there, before anything is deployed.
  const audited = await cli(OBSERVE, 'audit', 's3://lake/t/', '--format', 'json');
  expect(audited.code).toBe(1);
  expect(JSON.parse(audited.out).summary).toMatchObject({ admit: 1, hold: 1 });
  const doctor = await cli(OBSERVE, 'doctor', '--format', 'json');
  expect(JSON.parse(doctor.out).unchecked).toEqual([]);

  // 2. Observe: judged and told, nothing moved, the catalog untouched.
  await write('lake', 'dt=2026-11-02/observed.parquet', 'drifted');
  await lake.settle();
  await sweep();
  expect(await held()).toBe(0);
  expect((await lake.keys('lake')).length).toBe(3);
  expect(await pages()).toEqual(['open']);
  expect(await partitions()).toEqual(['2026-11-01']);
  expect((await table())?.Parameters).toEqual({ classification: 'parquet', theirs: 'kept' });
  // S3 dates objects by whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await write('lake', 'dt=2026-11-02/later.parquet', 'drifted');
  await lake.settle();
  expect(await held()).toBe(0);

  // 3. In place: new bad files are moved, and those since the first sweep; older ones are left to the audit.
  lake.deploy(IN_PLACE);
  await write('lake', 'dt=2026-11-03/good.parquet', 'good');
  await write('lake', 'dt=2026-11-04/bad.parquet', 'drifted');
  await lake.settle();
  await sweep();
  expect(lake.telemetry.failures).toEqual([]);
  expect(await lake.keys('lake')).toEqual([
    't/dt=2026-11-01/old-bad.parquet',
    't/dt=2026-11-01/old.parquet',
    't/dt=2026-11-02/observed.parquet',
    't/dt=2026-11-03/good.parquet',
  ]);
  expect(await held()).toBe(2);
  expect(await partitions()).toEqual(['2026-11-01', '2026-11-03']);
  expect((await table())?.Owner).toBe('analytics');
  expect((await table())?.Parameters).toMatchObject({ theirs: 'kept', 'headgate.managed': 'true' });

  // 4. Promote: what audit found is repaired, landing is filled with what is there, then the producer moves.
  for (const Key of ['t/dt=2026-11-01/old-bad.parquet', 't/dt=2026-11-02/observed.parquet'])
    await lake.stack.clients.s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key }));
  for (const Key of await lake.keys('lake'))
    await lake.stack.clients.s3.send(
      new CopyObjectCommand({ Bucket: 'landing', Key, CopySource: `lake/${Key}` }),
    );
  lake.deploy(PROMOTE);
  await write('landing', 'dt=2026-11-05/good.parquet', 'good');
  await write('landing', 'dt=2026-11-05/bad.parquet', 'drifted');
  await lake.settle();
  await sweep();
  expect(lake.telemetry.failures).toEqual([]);
  expect(await lake.keys('lake')).toEqual([
    't/dt=2026-11-01/old.parquet',
    't/dt=2026-11-03/good.parquet',
    't/dt=2026-11-05/good.parquet',
  ]);
  // Every file of the table is now one that Headgate published.
  for (const Key of await lake.keys('lake')) {
    const { Metadata } = await lake.stack.clients.s3.send(new HeadObjectCommand({ Bucket: 'lake', Key }));
    expect(Metadata).toMatchObject({ 'headgate-route': 'keep' });
  }
  expect(await held()).toBe(3);
  expect(await partitions()).toEqual(['2026-11-01', '2026-11-03', '2026-11-05']);
  await lake.stack.clients.s3.send(
    new DeleteObjectCommand({ Bucket: 'landing', Key: 't/dt=2026-11-01/old.parquet' }),
  );
  await lake.settle();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await sweep();
  expect(await lake.keys('lake')).not.toContain('t/dt=2026-11-01/old.parquet');

  // 5. And back: readers keep what they have, the producer writes where they read.
  lake.deploy(BACK);
  await write('lake', 'dt=2026-11-06/good.parquet', 'good');
  await write('lake', 'dt=2026-11-06/bad.parquet', 'drifted');
  await lake.settle();
  await sweep();
  expect(lake.telemetry.failures).toEqual([]);
  expect(await lake.keys('lake')).toEqual([
    't/dt=2026-11-03/good.parquet',
    't/dt=2026-11-05/good.parquet',
    't/dt=2026-11-06/good.parquet',
  ]);
  expect(await partitions()).toEqual(['2026-11-01', '2026-11-03', '2026-11-05', '2026-11-06']);
});

test('OPS-6 Firehose: its default prefix is no partition folder, a Hive-style one is', async () => {
  lake = await motoLake(endpoint, PROMOTE);
  const key = 'shop-1-2026-11-01-10-00-00-0f3c.parquet';
  await lake.put(`2026/11/01/10/${key}`, 'good');
  await lake.put(`dt=2026-11-01/${key}`, 'good');
  await lake.settle();
  expect(await lake.keys('lake')).toEqual([`t/dt=2026-11-01/${key}`]);
  const report = (await lake.keys('quarantine')).find((one) => one.endsWith('report.json')) ?? '';
  const { findings } = JSON.parse(Buffer.from(await lake.bytes('quarantine', report)).toString());
  expect(findings).toMatchObject([{ rule: 'partition-path' }]);
});
