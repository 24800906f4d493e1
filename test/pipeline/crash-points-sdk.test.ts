import { describe, expect, test } from 'vitest';
import { cutAt, endOf, expectedEnd } from '../support/simulation/ends.ts';
import { FLOWS } from '../support/simulation/flows.ts';
import { runFlow } from '../support/simulation/run-flow.ts';

const OVER_SDK = { overSdk: true } as const;
/** Every call with SDK_STEP=1; in a normal run every fifth, as one call of a port is up to three of the SDK. */
const SDK_STEP = Number(process.env.SDK_STEP ?? 5) * Number(process.env.CRASH_POINTS_EVERY ?? 1);

describe('AWS-2: P1 to P6 hold wherever a worker of the AWS adapters dies', () => {
  test.each(FLOWS)('$name, without any trouble', async (flow) => {
    expect(await endOf(flow, await runFlow(flow, undefined, undefined, OVER_SDK))).toEqual(expectedEnd(flow));
  });

  test.each(FLOWS)('$name, cut before and after calls of the SDK', { timeout: 240_000 }, async (flow) => {
    const calls = (await runFlow(flow, undefined, undefined, OVER_SDK)).world.faults.trace.length;
    const wrong: unknown[] = [];
    for (let call = 1; call <= calls; call += SDK_STEP)
      for (const when of ['before', 'after'] as const) {
        const outcome = await cutAt(flow, { call, when }, OVER_SDK);
        if (outcome !== undefined) wrong.push({ call, when, ...outcome });
      }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test('FM-28: where every copy goes in parts', { timeout: 240_000 }, async () => {
    const options = { ...OVER_SDK, limits: { copyBytes: 40, partBytes: 50 } };
    const wrong: unknown[] = [];
    for (const flow of FLOWS) {
      const lake = await runFlow(flow, undefined, undefined, options);
      const ends = JSON.stringify(await endOf(flow, lake)) === JSON.stringify(expectedEnd(flow));
      if (!ends) wrong.push(flow.name);
    }
    const [first] = FLOWS;
    if (!first) throw new Error('there are no flows');
    const { trace } = (await runFlow(first, undefined, undefined, options)).world.faults;
    expect(trace.filter(({ name }) => name === 'UploadPartCopyCommand').length).toBeGreaterThan(1);
    for (let call = 1; call <= trace.length; call++)
      for (const when of ['before', 'after'] as const) {
        const outcome = await cutAt(first, { call, when }, options);
        if (outcome !== undefined) wrong.push({ call, when, ...outcome });
      }
    expect(wrong).toEqual([]);
  });
});
