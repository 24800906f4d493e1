import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import type { Resources } from '../../infra/areas.ts';
import { deployedContracts } from '../../infra/contracts.ts';
import { namesOf } from '../../infra/names.ts';
import { QUEUE_ORDER } from '../../infra/queues.ts';
import { flatten } from '../../infra/references.ts';
import { createRole } from '../../infra/roles.ts';
import type { FunctionName } from '../../lambdas/permissions.ts';
import { tableContract } from '../support/stack-contracts.ts';
import { contractFolder } from '../support/synth.ts';

interface Policy {
  readonly Properties: { readonly PolicyDocument: unknown };
}

/** The role of one function for so many tables of one bucket, by its policies. */
function roleFor(name: FunctionName, count: number) {
  const files = Array.from({ length: count }, (_, index) => {
    const table = `table_with_a_long_name_${index}`;
    const places = { guarded: `s3://landing/${table}/`, location: `s3://lake/${table}/` };
    return [`${table}.yaml`, tableContract(table, places)] as const;
  });
  const { tables } = deployedContracts(contractFolder(Object.fromEntries(files)), {
    now: '2026-11-03T10:00:00.000Z',
  });
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  const { partition, region, account } = stack;
  const resources: Resources = {
    partition,
    region,
    account,
    tables,
    quarantine: { bucket: 'quarantine', prefix: '' },
    registry: { bucket: 'registry', prefix: '' },
    queueArns: Object.fromEntries(
      QUEUE_ORDER.map((queue) => [queue, `arn:aws:sqs:eu-west-1:123456789012:${queue}`]),
    ),
    ledgerArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/ledger',
    busArn: 'arn:aws:events:eu-west-1:123456789012:event-bus/headgate',
    topicArns: [],
    secretArn: undefined,
  };
  createRole(stack, name, namesOf(stack), resources, {
    logGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:x:*',
    sourceQueueArn: undefined,
    deadLetterArn: undefined,
    keyArns: [],
  });
  const template = Template.fromStack(stack);
  const documents = (type: string) =>
    Object.values(template.findResources(type)).map((policy) =>
      JSON.stringify((policy as Policy).Properties.PolicyDocument, (_key, value: unknown) =>
        typeof value === 'object' && value !== null && 'Fn::Join' in value ? flatten(value) : value,
      ).replaceAll('<AWS::Partition>', 'aws'),
    );
  return { own: documents('AWS::IAM::Policy'), managed: documents('AWS::IAM::ManagedPolicy') };
}

test.each([
  ['publish', 200],
  ['watch', 200],
] as const)(
  'LAK-111: the role of %s for %i tables of one bucket stays in the quotas of IAM',
  (name, count) => {
    const { own, managed } = roleFor(name, count);
    expect(own).toHaveLength(1);
    expect(own[0]?.length).toBeLessThan(10_240);
    expect(managed.length).toBeLessThanOrEqual(10);
    for (const document of managed) expect(document.length).toBeLessThan(6_144);
    // None of the tables was left out.
    const all = [...own, ...managed].join();
    for (let index = 0; index < count; index++) expect(all).toContain(`/table_with_a_long_name_${index}/*`);
  },
);

test('LAK-111: more tables than one role can be allowed are refused, with the way out', () => {
  expect(() => roleFor('watch', 300)).toThrow(
    /^the role of function watch needs \d+ managed policies for all tables, and IAM attaches 10 to a role: split the contracts between several deployments$/u,
  );
});
