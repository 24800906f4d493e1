import { GetPartitionsCommand, GetTableCommand, UpdateTableCommand } from '@aws-sdk/client-glue';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { type CountedModes, dollarsPerMillion } from '../../bench/cost-table.ts';
import { listHolds } from '../../src/run/hold/hold.ts';
import { release } from '../../src/run/hold/release.ts';
import { guardedTables } from '../../src/run/table/guarded-table.ts';
import { sqsRecord } from '../support/lambda.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { type RecordedCall, undeclared } from '../support/recorded-calls.ts';
import { TABLE } from '../support/simulation/contract.ts';
import { fileBytes } from '../support/simulation/files.ts';
import { countCalls, writeCalls } from './call-counts.ts';
import { type MotoLake, motoLake, PATIENT } from './lake.ts';

const endpoint = inject('endpoint');
let lake: MotoLake;

afterEach(() => {
  lake.calls.restore();
  expect(undeclared(byFunctions(), { isInPlace: lake.isInPlace })).toEqual([]);
});

const QUICK = { policy: ['settle: 1s', 'deleteAfter: 1s'] } as const;
const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';

async function partitions(): Promise<readonly string[]> {
  const { Partitions = [] } = await lake.stack.clients.glue.send(
    new GetPartitionsCommand({ DatabaseName: 'shop', TableName: 't' }),
  );
  return Partitions.map(({ Values = [] }) => Values.join('/')).sort();
}

async function glueTable() {
  const { Table } = await lake.stack.clients.glue.send(
    new GetTableCommand({ DatabaseName: 'shop', Name: 't' }),
  );
  if (Table === undefined) throw new Error('there is no table');
  return Table;
}

async function columns(): Promise<readonly string[]> {
  return ((await glueTable()).StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => `${Name} ${Type}`);
}

async function quarantined(): Promise<number> {
  return (await lake.keys('quarantine')).filter((key) => key.endsWith('data.parquet')).length;
}

/** Every version that was ever written below the table's location. */
async function written(): Promise<number> {
  const { Versions = [] } = await lake.stack.clients.s3.send(
    new ListObjectVersionsCommand({ Bucket: 'lake' }),
  );
  return Versions.length;
}

async function pageKinds(): Promise<readonly string[]> {
  return (await lake.pages()).map(({ metadata }) => metadata.eventType);
}

async function sweep(): Promise<void> {
  await lake.functions.watch({ job: 'reconcile' }, PATIENT);
  await lake.settle();
}

/** Calls of the functions, without those of the test's own clients. */
function byFunctions(): readonly RecordedCall[] {
  return lake.calls.calls.filter((call): call is RecordedCall => call.by !== undefined);
}

describe.each(['eventbridge', 'sqs'] as const)('AWS-3 end to end, told by %s', (trigger) => {
  test('a good file is published, its table and partition are there; a drifted one is held and paged', async () => {
    lake = await motoLake(endpoint, QUICK, { trigger });
    await lake.put(a, 'good');
    await lake.put(b, 'drifted');
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await lake.keys('lake')).toEqual([`t/${a}`]);
    expect(await lake.bytes('lake', `t/${a}`)).toEqual(fileBytes('good', a));
    expect(await columns()).toEqual(['id bigint', 'v string']);
    expect(await partitions()).toEqual(['2026-11-01']);
    expect(await quarantined()).toBe(1);
    expect(await pageKinds()).toEqual(['open']);
    const [page] = await lake.pages();
    expect(page?.content.title).toContain('type-changed at id');
    expect(page?.content.nextSteps.join('\n')).toContain('headgate quarantine show');
  });
});

describe('AWS-3 end to end', () => {
  test('widened, huge footers: published; truncated, foreign: held', async () => {
    lake = await motoLake(endpoint, QUICK);
    const narrow = parquetFile({
      schema: [
        { name: 'id', repetition: 'REQUIRED', type: 'INT32' },
        { name: 'v', repetition: 'OPTIONAL', type: 'BYTE_ARRAY', converted: 'UTF8' },
      ],
      rows: 3,
      rowGroups: [{ rows: 3, columns: { id: { nullCount: 0 }, v: { nullCount: 0 } } }],
    });
    await lake.put('dt=2026-11-01/widened.parquet', narrow);
    await lake.put('dt=2026-11-01/huge.parquet', fileBytes('good', 'x'.repeat(300_000)));
    await lake.put('dt=2026-11-01/over-the-limit.parquet', fileBytes('good', 'y'.repeat(2_000_000)));
    await lake.put('dt=2026-11-01/truncated.parquet', 'truncated');
    await lake.put('dt=2026-11-01/csv.parquet', 'csv');
    await lake.put('dt=2026-11-01/_SUCCESS', new Uint8Array());
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await lake.keys('lake')).toEqual([
      't/dt=2026-11-01/huge.parquet',
      't/dt=2026-11-01/over-the-limit.parquet',
      't/dt=2026-11-01/widened.parquet',
    ]);
    expect(await quarantined()).toBe(2);
  });

  test.each(['eventbridge', 'sqs'] as const)(
    'FM-23: keys with any characters are published under the same key, hostile partition values are held, told by %s',
    async (trigger) => {
      lake = await motoLake(endpoint, QUICK, { trigger });
      const good = [
        'a +%é😀.parquet',
        '100%25.parquet',
        'quote\'"<>&.parquet',
        'p..%2F..%2Fetc.parquet',
        'x'.repeat(900),
      ];
      for (const name of good) await lake.put(`dt=2026-11-01/${name}.parquet`, 'good', name);
      for (const value of ['..%2F..%2Flake', '2026-13-45', "'; DROP TABLE t", '%00'])
        await lake.put(`dt=${value}/a.parquet`, 'good', value);
      await lake.settle();
      expect(lake.telemetry.failures).toEqual([]);
      expect(await lake.keys('lake')).toEqual(good.map((name) => `t/dt=2026-11-01/${name}.parquet`).sort());
      expect(await quarantined()).toBe(4);
      expect(await partitions()).toEqual(['2026-11-01']);
    },
  );

  test('FM-1: the same event three times has one effect', async () => {
    lake = await motoLake(endpoint, QUICK);
    await lake.put(a, 'good');
    await lake.put(b, 'drifted');
    const { sqs } = lake.stack.clients;
    const QueueUrl = lake.stack.queues.validate;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    for (const { Body } of [...Messages, ...Messages])
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: Body }));
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await written()).toBe(1);
    expect(await quarantined()).toBe(1);
    expect(await pageKinds()).toEqual(['open']);
  });

  test('FM-2, FM-4: a file that is overwritten between its verdict and its publication is not published', async () => {
    lake = await motoLake(endpoint, QUICK);
    await lake.put(a, 'good', 'one');
    await lake.pump('validate');
    await lake.put(a, 'drifted', 'two');
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await lake.keys('lake')).toEqual([]);
    expect(await quarantined()).toBe(1);
  });

  test('a good file that is replaced by a better one, then by a bad one: the last good one stays readable', async () => {
    lake = await motoLake(endpoint, QUICK);
    for (const [kind, mark] of [
      ['good', 'one'],
      ['good', 'two'],
      ['drifted', 'three'],
    ] as const) {
      await lake.put(a, kind, mark);
      await lake.settle();
    }
    expect(await lake.bytes('lake', `t/${a}`)).toEqual(fileBytes('good', 'two'));
    const [page] = await lake.pages();
    expect(page?.content.description).toContain('old data is served');
  });

  test('FM-19, FM-27: a deleted file is unpublished by the sweep, whose event never came', async () => {
    lake = await motoLake(endpoint, QUICK);
    await lake.put(a, 'good');
    await lake.put(b, 'good');
    await lake.settle();
    await lake.remove(b);
    await sweep();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await sweep();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await lake.keys('lake')).toEqual([`t/${a}`]);
    expect(await partitions()).toEqual(['2026-11-01']);
  });

  test('a held file that a revised contract admits is published when a person releases it', async () => {
    lake = await motoLake(endpoint, { ...QUICK, version: '1.0.0' });
    await lake.put(a, 'drifted');
    await lake.settle();
    expect(await lake.keys('lake')).toEqual([]);
    lake.deploy({ ...QUICK, version: '1.1.0', id: 'string' });
    await sweep();
    expect(await lake.keys('lake')).toEqual([]);
    const { guard } = lake.functions;
    const guarded = guardedTables(await guard.contracts.current()).get(TABLE);
    if (!guarded) throw new Error('not deployed');
    const [held] = await listHolds(guard, guarded);
    if (!held) throw new Error('nothing is held');
    expect(await release(guard, guarded, held, { by: 'ana' })).toEqual({ outcome: 'released' });
    await lake.settle();
    expect(await lake.keys('lake')).toEqual([`t/${a}`]);
    expect(await columns()).toEqual(['id string', 'v string']);
    await lake.functions.incident({ job: 'tick' }, PATIENT);
    expect(await pageKinds()).toEqual(['open', 'resolve']);
  });

  test('a contract that changes half-way: what was judged by the old one is judged again', async () => {
    lake = await motoLake(endpoint, { ...QUICK, version: '1.0.0' });
    await lake.put(a, 'new-column');
    await lake.pump('validate');
    lake.deploy(
      {
        version: '1.1.0',
        columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
        policy: [...QUICK.policy, 'accept: [{ version: 1.0.0, until: "2030-01-01" }]'],
      },
      { ...QUICK, version: '1.0.0' },
    );
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await lake.keys('lake')).toEqual([`t/${a}`]);
    expect(await columns()).toEqual(['id bigint', 'v string', 'w bigint']);
    expect(await written()).toBe(1);
  });

  test('FM-15: a table that a stranger edited is told by Glue’s event, and keeps what is the stranger’s', async () => {
    lake = await motoLake(endpoint, QUICK);
    await lake.put(a, 'good');
    await lake.settle();
    const { Parameters, StorageDescriptor, PartitionKeys, TableType } = await glueTable();
    await lake.stack.clients.glue.send(
      new UpdateTableCommand({
        DatabaseName: 'shop',
        TableInput: {
          Name: 't',
          Owner: 'crawler',
          TableType,
          PartitionKeys,
          Parameters: { ...Parameters, theirs: 'kept' },
          StorageDescriptor: { ...StorageDescriptor, Columns: [{ Name: 'id', Type: 'string' }] },
        },
      }),
    );
    const change = {
      source: 'aws.glue',
      'detail-type': 'Glue Data Catalog Table State Change',
      detail: { databaseName: 'shop', tableName: 't', typeOfChange: 'UpdateTable' },
    };
    await lake.functions.watch({ Records: [sqsRecord('m1', JSON.stringify(change))] }, PATIENT);
    await lake.settle();
    expect(await pageKinds()).toEqual(['open']);
    expect((await lake.pages())[0]?.content.title).toContain('catalog-drift');
    const { Owner, Parameters: after } = await glueTable();
    expect([Owner, after?.theirs]).toEqual(['crawler', 'kept']);
  });

  test('FM-20: a job of 500 files with one drift pages once', async () => {
    lake = await motoLake(endpoint, QUICK);
    await putJob();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await lake.keys('lake')).toHaveLength(495);
    expect(await quarantined()).toBe(5);
    expect(await partitions()).toHaveLength(5);
    expect(await pageKinds()).toEqual(['open']);
    countDollars('promote', PROMOTE_DOLLARS);
  });

  test('the same job in place: nothing is copied, what is held leaves its place', async () => {
    lake = await motoLake(endpoint, { ...QUICK, mode: 'in-place' }, { writes: 'lake' });
    // The first look begins the guard: what is dated before it is told and stays.
    await lake.put('dt=2026-11-01/first.parquet', 'good');
    await lake.settle();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await putJob();
    expect(lake.telemetry.failures).toEqual([]);
    expect(await lake.keys('lake')).toHaveLength(496);
    expect(await quarantined()).toBe(5);
    expect(await partitions()).toHaveLength(5);
    countDollars('in-place', IN_PLACE_DOLLARS);
  });
});

const JOB_FILES = 500;
/** Of all services, for a million files: what was promised. */
const PROMOTE_DOLLARS = 9;
const IN_PLACE_DOLLARS = 2.5;

/** Five partitions, one file in a hundred drifted. */
async function putJob(): Promise<void> {
  for (let start = 0; start < JOB_FILES; start += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const number = start + index;
        const isDrifted = number % 100 === 7;
        return lake.put(
          `dt=2026-11-0${1 + (number % 5)}/part-${number}.parquet`,
          isDrifted ? 'drifted' : 'good',
        );
      }),
    );
    // A backlog slows moto's queues down by its length.
    await lake.settle();
  }
}

function countDollars(mode: keyof CountedModes, atMost: number): void {
  const counts = countCalls(JOB_FILES, byFunctions(), lake.batches);
  if (process.env.WRITE_RESULTS !== undefined) writeCalls(mode, counts);
  expect(dollarsPerMillion(counts)).toBeLessThanOrEqual(atMost);
}
