import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { cutPoints } from '../support/simulation/cut-points.ts';
import { cutAt, endOf, expectedEnd } from '../support/simulation/ends.ts';
import { FLOWS } from '../support/simulation/flows.ts';
import { runFlow } from '../support/simulation/run-flow.ts';

const OVER_SDK = { overSdk: true } as const;
/** Of the worlds that a death can leave, which the ports' own test has all: here the adapters make them. */
const EVERY = 3;

describe('AWS-2: P1 to P6 hold wherever a worker of the AWS adapters dies', () => {
  test.each(FLOWS)('$name, without any trouble', async (flow) => {
    expect(await endOf(flow, await runFlow(flow, undefined, undefined, OVER_SDK))).toEqual(expectedEnd(flow));
  });

  test.each(FLOWS)('$name, cut in worlds that a death can leave', { timeout: 240_000 }, async (flow) => {
    const wrong: unknown[] = [];
    const { trace } = (await runFlow(flow, undefined, undefined, OVER_SDK)).world.faults;
    for (const cut of cutPoints(trace, EVERY)) {
      const outcome = await cutAt(flow, cut, OVER_SDK);
      if (outcome !== undefined) wrong.push({ ...cut, ...outcome });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test('FM-28: where every copy goes in parts', { timeout: 240_000 }, async () => {
    const options = { ...OVER_SDK, limits: { copyBytes: 40, partBytes: 50 } };
    const wrong: unknown[] = [];
    for (const flow of FLOWS) {
      const lake = await runFlow(flow, undefined, undefined, options);
      if (!isDeepStrictEqual(await endOf(flow, lake), expectedEnd(flow))) wrong.push(flow.name);
    }
    const [first] = FLOWS;
    if (!first) throw new Error('there are no flows');
    const { trace } = (await runFlow(first, undefined, undefined, options)).world.faults;
    expect(trace.filter(({ name }) => name === 'UploadPartCopyCommand').length).toBeGreaterThan(1);
    for (const cut of cutPoints(trace)) {
      const outcome = await cutAt(first, cut, options);
      if (outcome !== undefined) wrong.push({ ...cut, ...outcome });
    }
    expect(wrong).toEqual([]);
  });
});
