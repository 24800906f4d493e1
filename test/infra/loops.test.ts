import { describe, expect, test } from 'vitest';
import { matchesPattern } from '../support/event-pattern.ts';
import { lambdaContext } from '../support/lambda.ts';
import { lambdaLake } from '../support/lambda-lake.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { FLOWS, type Flow } from '../support/simulation/flows.ts';
import { everyMode } from '../support/stack-contracts.ts';
import { contractFolder, type SynthesisedStack, synth } from '../support/synth.ts';

interface WrittenObject {
  readonly by: string;
  readonly bucket: string;
  readonly key: string;
  /** `x-amz-meta-headgate-…` that says which way the copy went. */
  readonly route: string | undefined;
}

const known = new Map<string, Promise<readonly WrittenObject[]>>();

/** Each flow runs once, whichever test asks first. */
function writesOf(flow: Flow): Promise<readonly WrittenObject[]> {
  const writes = known.get(flow.name) ?? runFlow(flow);
  known.set(flow.name, writes);
  return writes;
}

/** Everything that functions and people write to S3 in a flow, by the calls that they make. */
async function runFlow(flow: Flow): Promise<readonly WrittenObject[]> {
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
  }
  return lake.world.faults.trace.flatMap(({ process, name, args }) => {
    const input = args[0] as {
      readonly Bucket?: string;
      readonly Key?: string;
      readonly Metadata?: Readonly<Record<string, string>>;
    };
    if (!/^(?:PutObject|CopyObject|CreateMultipartUpload)Command$/u.test(name)) return [];
    const { Bucket = '', Key = '', Metadata = {} } = input;
    return [
      {
        by: lake.functionOf(process) ?? 'a person',
        bucket: Bucket,
        key: Key,
        route: Metadata['headgate-route'],
      },
    ];
  });
}

/** Rules that an object's event would start. */
function rulesFor(stack: SynthesisedStack, { bucket, key }: Pick<WrittenObject, 'bucket' | 'key'>) {
  const event = {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: bucket }, object: { key } },
  };
  return [...stack.resources].filter(
    ([, { type, properties }]) =>
      type === 'AWS::Events::Rule' &&
      properties.EventPattern !== undefined &&
      properties.EventBusName === undefined &&
      matchesPattern(properties.EventPattern, event),
  );
}

const stacks = new Map<string, SynthesisedStack>();

/** Flows share contracts, and so stacks. */
function stackOf({ contract = {} }: Flow): SynthesisedStack {
  const text = contractYaml(contract);
  const stack = stacks.get(text) ?? synth({ contracts: contractFolder({ 't.odcs.yaml': text }) });
  stacks.set(text, stack);
  return stack;
}

describe('INF-2 what starts the gate', () => {
  test.each(FLOWS)('FM-17: $name: nothing that a function writes starts it', async (flow) => {
    const stack = stackOf(flow);
    // What producers write does start it, or this test would prove nothing.
    const landing = flow.contract?.mode === 'in-place' || flow.contract?.isOnePlace ? 'lake' : 'landing';
    expect(rulesFor(stack, { bucket: landing, key: 't/dt=2026-11-01/a.parquet' })).toHaveLength(1);
    const written = await writesOf(flow);
    const starting = written.filter((object) => rulesFor(stack, object).length > 0);
    expect(starting.filter(({ by }) => by !== 'a person')).toEqual([]);
    // A release or a restored file goes through the front door again, and says so.
    expect(starting.filter(({ route }) => route !== 'release' && route !== 'restore')).toEqual([]);
  });
  test('FM-17: what a person hands back starts it, marked', async () => {
    const handedBack = await Promise.all(
      FLOWS.map(async (flow) =>
        (await writesOf(flow)).filter((object) => rulesFor(stackOf(flow), object).length > 0),
      ),
    );
    expect(new Set(handedBack.flat().map(({ by, route }) => `${by}: ${route}`))).toEqual(
      new Set(['a person: release', 'a person: restore']),
    );
  });
  test('FM-17: the stack’s own buckets have no rule, whatever is written there', () => {
    const stack = synth({ contracts: everyMode() });
    const named = [...stack.resources.values()].flatMap(({ type, properties }) =>
      type === 'AWS::Events::Rule'
        ? ((
            properties.EventPattern as {
              readonly detail?: { readonly bucket?: { readonly name: readonly string[] } };
            }
          )?.detail?.bucket?.name ?? [])
        : [],
    );
    expect(named.toSorted()).toEqual(['landing', 'old', 'raw']);
    for (const object of [
      { bucket: 'lake', key: 'orders/dt=2026-11-01/a.parquet' },
      { bucket: 'lake', key: 'headgate-canary/published/good.parquet' },
      { bucket: 'landing', key: 'elsewhere/a.parquet' },
    ])
      expect(rulesFor(stack, object)).toEqual([]);
  });
  test('rules are on prefixes, so that markers and strays are seen', () => {
    const stack = synth({ contracts: everyMode() });
    for (const key of ['orders/_SUCCESS', 'orders/dt=2026-11-01/part-0', 'orders/notes.txt'])
      expect(rulesFor(stack, { bucket: 'landing', key })).toHaveLength(1);
    stack.template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created', 'Object Deleted'],
        detail: {
          bucket: { name: ['landing'] },
          object: {
            key: [{ prefix: 'feed/' }, { prefix: 'headgate-canary/landing/' }, { prefix: 'orders/' }],
          },
        },
      },
    });
  });
});
