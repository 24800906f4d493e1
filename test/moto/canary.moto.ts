import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { CANARY_CONTRACT } from '../support/canary-lake.ts';
import { lambdaContext } from '../support/lambda.ts';
import { type RecordedCall, undeclared } from '../support/recorded-calls.ts';
import { type MotoLake, motoLake, PATIENT } from './lake.ts';

const endpoint = inject('endpoint');
/** As the built-in contract, with deletes that are mirrored within the test. */
const QUICK_CANARY = CANARY_CONTRACT.replace('"1m"', '"1s"').replace('"30s"', '"1s"');
let lake: MotoLake;

afterEach(() => {
  lake.calls.restore();
  const byFunctions = lake.calls.calls.filter((call): call is RecordedCall => call.by !== undefined);
  expect(undeclared(byFunctions)).toEqual([]);
});

async function deployed(trigger: 'eventbridge' | 'sqs'): Promise<void> {
  lake = await motoLake(endpoint, {}, { trigger });
  lake.deploy({}, QUICK_CANARY);
}

async function beat(remainingMs = 90_000) {
  lake.calls.by('canary');
  return lake.functions
    .canary(
      { job: 'heartbeat' },
      lambdaContext(() => remainingMs),
    )
    .finally(() => lake.calls.by(undefined));
}

/** Keys in every bucket, and scopes of the heartbeat's table in the ledger. */
async function left(): Promise<readonly string[]> {
  const keys = (
    await Promise.all(['landing', 'lake', 'quarantine'].map((bucket) => lake.keys(bucket)))
  ).flat();
  const { Items = [] } = await lake.stack.clients.dynamo.send(new ScanCommand({ TableName: 'ledger' }));
  const scopes = Items.map(({ scope }) => scope?.S ?? '').filter((scope) => scope.includes('canary'));
  return [...keys, ...new Set(scopes)].sort();
}

describe('OPS-1 the heartbeat on moto', () => {
  test.each(['eventbridge', 'sqs'] as const)(
    'told by %s: healthy three times, no page, and nothing left',
    async (trigger) => {
      await deployed(trigger);
      for (let hour = 0; hour < 3; hour++) {
        expect((await beat()).findings).toEqual([]);
        await lake.settle();
        await lake.functions.watch({ job: 'reconcile' }, PATIENT);
        await lake.settle();
      }
      await lake.functions.incident({ job: 'tick' }, PATIENT);
      expect(lake.telemetry.measured).toEqual(['CanaryFailed 0', 'CanaryFailed 0', 'CanaryFailed 0']);
      expect(lake.telemetry.failures).toEqual([]);
      expect(await lake.pages()).toEqual([]);
      expect(await left()).toEqual([
        'breaker/shop.headgate_canary',
        'folder/shop.headgate_canary',
        'incidents/shop.headgate_canary',
        'table/shop.headgate_canary',
      ]);
    },
  );

  test('with the switch of the bucket off it fails, and leaves nothing', async () => {
    await deployed('eventbridge');
    await lake.stack.clients.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: 'landing', NotificationConfiguration: {} }),
    );
    const { findings } = await beat(30_000);
    expect(findings.map(({ check }) => check)).toEqual(['good-published', 'bad-held']);
    expect(lake.telemetry.measured).toEqual(['CanaryFailed 1']);
    expect(await left()).toEqual([]);
  });
});
