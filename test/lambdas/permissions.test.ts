import { describe, expect, test } from 'vitest';
import { actionsOf, FUNCTION_CALLS, type FunctionName } from '../../lambdas/permissions.ts';
import { lambdaContext } from '../support/lambda.ts';
import { type LambdaLake, lambdaLake } from '../support/lambda-lake.ts';
import { type RecordedCall, undeclared } from '../support/recorded-calls.ts';
import { FLOWS, type Flow } from '../support/simulation/flows.ts';

/** Runs a flow by the functions; where a person acts, a worker of the command line does. */
async function runByFunctions(flow: Flow): Promise<LambdaLake> {
  const lake = lambdaLake(flow.contract);
  const idle = { drain: async () => {}, settle: async () => {}, sweep: async () => {} };
  for (const step of flow.steps) {
    if ('job' in step) step.job(lake);
    else {
      await lake.settle();
      await step.work({ ...lake.worker(), ...idle });
    }
    await lake.settle();
    await lake.functions.watch({ job: 'reconcile', isThorough: true }, lambdaContext());
    await lake.settle();
    await lake.functions.incident({ job: 'tick' }, lambdaContext());
  }
  const bucket = flow.contract?.mode === 'in-place' ? 'lake' : 'landing';
  const items = [...(lake.world.buckets.all.get(bucket)?.versions.keys() ?? [])].map((Key) => ({ Key }));
  await lake.functions.audit({ bucket, items });
  return lake;
}

function callsOf(lake: LambdaLake): readonly RecordedCall[] {
  return lake.world.faults.trace.flatMap(({ process, name, args }) => {
    const by = lake.functionOf(process);
    return by === undefined || !name.endsWith('Command')
      ? []
      : [{ by, command: name, input: args[0] as RecordedCall['input'] }];
  });
}

describe('AWS-5 permissions', () => {
  test.each(FLOWS)('$name: no function makes a call that it does not declare', async (flow) => {
    const lake = await runByFunctions(flow);
    expect(lake.telemetry.failures).toEqual([]);
    const calls = callsOf(lake);
    expect(calls.length).toBeGreaterThan(5);
    expect(undeclared(calls, { isInPlace: flow.contract?.mode === 'in-place' })).toEqual([]);
  });

  test.each(FLOWS)('$name: a person makes no call that operators are not granted', async (flow) => {
    const lake = await runByFunctions(flow);
    const calls = lake.world.faults.trace.flatMap(({ process, name, args }) =>
      lake.functionOf(process) !== undefined || !name.endsWith('Command')
        ? []
        : [{ by: 'operator' as const, command: name, input: args[0] as RecordedCall['input'] }],
    );
    expect(undeclared(calls, { isInPlace: flow.contract?.mode === 'in-place' })).toEqual([]);
  });

  test('the gate cannot write or delete any object, nor touch the catalog', () => {
    const actions = actionsOf('gate');
    expect([...actions.keys()].filter((action) => /Delete|s3:Put|glue:/u.test(action))).toEqual([]);
  });
  test('only publish writes below a location, only catalog writes tables', () => {
    const names = Object.keys(FUNCTION_CALLS) as FunctionName[];
    const having = (action: string, area: string) =>
      names.filter((name) => ([...(actionsOf(name).get(action) ?? [])] as string[]).includes(area));
    expect(having('s3:PutObject', 'location')).toEqual(['publish']);
    expect(having('s3:DeleteObject', 'location')).toEqual(['publish']);
    expect(having('glue:UpdateTable', 'tables')).toEqual(['catalog']);
    expect(having('s3:PutObject', 'guarded')).toEqual([]);
  });
  test('the heartbeat touches S3 only where its own table lies, and queues and tables not at all', () => {
    const actions = [...actionsOf('canary')];
    const areas = actions.flatMap(([action, of]) => (action.startsWith('s3:') ? [...of] : []));
    expect([...new Set(areas)].sort()).toEqual([
      'canary guarded',
      'canary location',
      'canary quarantine',
      'registry',
    ]);
    expect([...(actionsOf('canary').get('s3:DeleteObject') ?? [])]).not.toContain('canary location');
    expect(actions.filter(([action]) => /^(?:sqs|glue|sns|secretsmanager):/u.test(action))).toEqual([]);
  });
  test('a call that is not declared is found', () => {
    const call = { by: 'gate', command: 'DeleteObjectCommand', input: { Bucket: 'lake', Key: 'k' } } as const;
    expect(undeclared([call])).toEqual(['gate DeleteObjectCommand location']);
  });
});
