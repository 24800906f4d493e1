import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { isolateIn } from '../../lambdas/isolation.ts';
import { queueHandler } from '../../lambdas/queue-handler.ts';
import { compileContracts } from '../../src/judge/contract/compiled.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { lambdaContext, rememberingTelemetry, sqsRecord } from '../support/lambda.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const thread = (name: string) => new URL(`./threads/${name}.mjs`, import.meta.url);
const record = (id: string, receives = 3) => sqsRecord(id, JSON.stringify({ id }), receives);

describe('AWS-25: a record that came three times is handled in a thread of its own', () => {
  test('the thread answers for it', async () => {
    const isolate = isolateIn(thread('answers'));
    expect(await isolate(record('good'), 'r-s0', 20_000)).toBe('done');
    expect(await isolate(record('bad'), 'r-s0', 20_000)).toBe('failed');
  });
  test.each([
    ['grows', 20_000, 'ended its thread'],
    ['hangs', 500, 'was not done after 500 ms'],
    ['recurses', 20_000, 'ended its thread'],
    ['exits', 20_000, 'ended its thread without an answer'],
  ])('FM-11: one that %s is cut', async (id, timeoutMs, why) => {
    const isolate = isolateIn(thread('poison'), { maxOldGenerationSizeMb: 24 });
    await expect(isolate(record(id), 'r-s0', timeoutMs)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining(why),
    });
  });
  test('FM-11: of a batch with poison only the poison comes again; its neighbours are done, before and after it', async () => {
    const done: string[] = [];
    const telemetry = rememberingTelemetry();
    const handler = queueHandler<{ readonly id: string }>(
      {
        read: (body) => [body as { readonly id: string }],
        run: async (messages) => {
          done.push(...messages.map(({ id }) => id));
          return [];
        },
      },
      telemetry,
      async (one, batchId, timeoutMs) => {
        const isPoison = ['grows', 'hangs'].includes(one.messageId);
        const isolate = isolateIn(thread(isPoison ? 'poison' : 'answers'), { maxOldGenerationSizeMb: 24 });
        return isolate(one, batchId, timeoutMs);
      },
    );
    const Records = [
      record('grows'),
      record('a', 1),
      record('hangs'),
      record('good'),
      record('bad'),
      record('b', 2),
    ];
    const endsAtMs = Date.now() + 10_000;
    const answer = await handler(
      { Records },
      lambdaContext(() => endsAtMs - Date.now()),
    );
    // One that hangs left the others their share of the time.
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'grows',
      'hangs',
      'bad',
    ]);
    expect(done).toEqual(['a', 'b']);
    // What the thread told itself is not told twice.
    expect(telemetry.failures).toHaveLength(2);
  });
  test('what there is no time for comes again', async () => {
    const handler = queueHandler<string>(
      { read: () => [], run: async () => [] },
      rememberingTelemetry(),
      () => {
        throw new Error('no thread is started');
      },
    );
    const answer = await handler(
      { Records: [record('a')] },
      lambdaContext(() => 1_000),
    );
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'a' }]);
  });
});

describe('AWS-25: the gate’s bundle is its own thread', () => {
  const run = promisify(execFile);
  const root = resolve(import.meta.dirname, '../..');

  async function bundled(): Promise<{ readonly bundle: string; readonly contracts: string }> {
    const folder = temporaryFolder();
    const bundle = join(folder, 'index.mjs');
    await build({
      entryPoints: [join(root, 'lambdas/gate/index.ts')],
      absWorkingDir: root,
      bundle: true,
      outfile: bundle,
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
      banner: {
        js: "import { createRequire as topLevelCreateRequire } from 'node:module'; const require = topLevelCreateRequire(import.meta.url);",
      },
    });
    const read = readContract(contractYaml(), { file: 't.odcs.yaml' });
    if (!read.ok) throw new Error('the test contract is none');
    const contracts = join(folder, 'contracts.json');
    writeFileSync(contracts, compileContracts([read.contract]));
    return { bundle, contracts };
  }

  test('S3’s test event is done, a foreign message fails, and the thread logs where the function logs', {
    timeout: 60_000,
  }, async () => {
    const { bundle, contracts } = await bundled();
    const testEvent = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'landing' });
    const Records = [
      sqsRecord('m1', testEvent, 3),
      sqsRecord('m2', '{"foreign":1}', 4),
      sqsRecord('m3', testEvent),
    ];
    const script = `
      const { handler } = await import(${JSON.stringify(pathToFileURL(bundle).href)});
      const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 25000 };
      console.log('\\n' + JSON.stringify(await handler(${JSON.stringify({ Records })}, context)));`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], {
      env: {
        PATH: process.env.PATH,
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        HEADGATE_CONTRACTS: contracts,
        HEADGATE_LEDGER_TABLE: 'ledger',
        HEADGATE_BUS: 'headgate',
        HEADGATE_QUARANTINE: 's3://quarantine/',
      },
    });
    const lines = stdout.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
    const told = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('"code":"NOT_STORABLE"'));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ level: 'ERROR', messageId: 'm2' });
  });
});
