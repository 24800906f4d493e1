import { beforeAll, describe, expect, test } from 'vitest';
import { deployedContracts } from '../../infra/contracts.ts';
import { diagnose } from '../../src/tools/doctor/catalogue.ts';
import { observe } from '../../src/tools/doctor/observe.ts';
import { type StackAccount, stackAccount } from '../support/stack-account.ts';
import { SCHEMAS, type SynthesisedStack, synth } from '../support/synth.ts';

const PRODUCER = 'arn:aws:iam::123456789012:role/orders-job';
let stack: SynthesisedStack;
beforeAll(() => {
  stack = synth({ producers: [{ roleArn: PRODUCER }] });
}, 120_000);

async function findings({ account, names }: StackAccount): Promise<readonly string[]> {
  const { tables } = deployedContracts(SCHEMAS, { now: '2026-11-25T00:00:00Z' });
  const { findings: found, unchecked } = diagnose(await observe(account, tables, names));
  expect(unchecked).toEqual([]);
  return found.map(({ check, where }) => `${check}: ${where}`);
}

/** Changes the properties of every resource of a type, or of those that a test names. */
function change(
  deployed: StackAccount,
  type: string,
  properties: Readonly<Record<string, unknown>>,
  isMeant: (id: string) => boolean = () => true,
): void {
  for (const id of deployed.idsOf(type).filter(isMeant)) {
    const resource = deployed.resources.get(id);
    if (resource)
      deployed.resources.set(id, { ...resource, properties: { ...resource.properties, ...properties } });
  }
}

function drop(deployed: StackAccount, type: string, isMeant: (id: string) => boolean): void {
  for (const id of deployed.idsOf(type).filter(isMeant)) deployed.resources.delete(id);
}

describe('OPS-8 the doctor and the stack agree', () => {
  test('what the stack makes of the example contracts has no finding', async () => {
    expect(await findings(stackAccount(stack))).toEqual([]);
  });

  test('FM-18: a rule that is deleted, or disabled, is found', async () => {
    const deleted = stackAccount(stack);
    drop(deleted, 'AWS::Events::Rule', (id) => id.includes('Objects'));
    expect(await findings(deleted)).toEqual([
      'rule-missing: s3://shop-lake-landing/customers/',
      'rule-missing: s3://shop-lake-landing/headgate-canary/landing/',
      'rule-missing: s3://shop-lake-landing/orders/',
    ]);
    const disabled = stackAccount(stack);
    change(disabled, 'AWS::Events::Rule', { State: 'DISABLED' });
    const found = await findings(disabled);
    expect(found.every((one) => one.startsWith('rule-disabled: '))).toBe(true);
    // Objects, the bus, the sweeps of the hour and the week, the catalog, the tick, the heartbeat.
    expect(found).toHaveLength(7);
  });

  test('FM-18: the switch of a bucket that is off is found', async () => {
    const deployed = stackAccount(stack);
    change(deployed, 'AWS::S3::Bucket', { NotificationConfiguration: undefined });
    expect((await findings(deployed)).filter((one) => !one.startsWith('bucket-events-off: '))).toEqual([]);
    expect(await findings(deployed)).toHaveLength(3);
  });

  test.each([
    ['rules with a schedule are gone', 'AWS::Events::Rule', /Jobs/u, ['sweep-missing: the function watch']],
    ['the rule of the bus is gone', 'AWS::Events::Rule', /EventsIncidents/u, ['bus-missing: the event bus']],
    [
      'nobody reads the queue of the gate',
      'AWS::Lambda::EventSourceMapping',
      /Gate/u,
      ['queue-unread: queue validate'],
    ],
    [
      'the policy of the lake is gone',
      'AWS::S3::BucketPolicy',
      /shoplake(?!landing)/u,
      expect.arrayContaining(['location-writable: s3://shop-lake/orders/']),
    ],
    [
      'the dead letters of a queue are gone, and the queue too',
      'AWS::SQS::Queue',
      /Publish/u,
      ['queue-missing: queue publish'],
    ],
    ['the ledger is gone', 'AWS::DynamoDB::Table', /./u, ['ledger-unusable: the ledger']],
  ])('%s', async (_, type, pattern, expected) => {
    const deployed = stackAccount(stack);
    drop(deployed, type, (id) => pattern.test(id));
    expect(await findings(deployed)).toEqual(expected);
  });

  test('a policy that a person wrote anew, without the publish role, is found', async () => {
    const deployed = stackAccount(stack);
    const text = JSON.stringify([...deployed.resources]).replaceAll('-publish-eu-west-1', '-other-eu-west-1');
    const renamed = new Map(JSON.parse(text) as [string, never][]);
    for (const id of deployed.idsOf('AWS::S3::BucketPolicy')) {
      const policy = renamed.get(id);
      if (policy) deployed.resources.set(id, policy);
    }
    const found = await findings(deployed);
    expect(found).toContain('location-shut: s3://shop-lake/orders/');
  });
});
