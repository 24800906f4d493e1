import { describe, expect, test } from 'vitest';
import { cutAt, endOf, expectedEnd } from '../support/simulation/ends.ts';
import { FLOWS } from '../support/simulation/flows.ts';
import { runFlow } from '../support/simulation/run-flow.ts';

/** Every call, unless a run that only looks for mutants takes each so-manyth. */
const EVERY = Number(process.env.CRASH_POINTS_EVERY ?? 1);

let points = 0;

describe('PIP-10: P1 to P6 hold wherever a worker dies', () => {
  test.each(FLOWS)('$name, without any trouble', async (flow) => {
    expect(await endOf(flow, await runFlow(flow))).toEqual(expectedEnd(flow));
  });

  test.each(FLOWS)('$name, cut before and after every port call', { timeout: 120_000 }, async (flow) => {
    const calls = (await runFlow(flow)).world.faults.trace.length;
    const wrong: unknown[] = [];
    for (let call = 1; call <= calls; call += EVERY)
      for (const when of ['before', 'after'] as const) {
        points++;
        const outcome = await cutAt(flow, { call, when });
        if (outcome !== undefined) wrong.push({ call, when, ...outcome });
      }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test.runIf(EVERY === 1)('the number of points', () => {
    console.log(`crash points: ${points}`);
    expect(points).toBeGreaterThan(4000);
  });
});
