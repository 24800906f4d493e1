import { describe, expect, test } from 'vitest';
import { cutPoints } from '../support/simulation/cut-points.ts';
import { cutAt, endOf, expectedEnd } from '../support/simulation/ends.ts';
import { FLOWS } from '../support/simulation/flows.ts';
import { runFlow } from '../support/simulation/run-flow.ts';

describe('PIP-10: P1 to P6 hold wherever a worker dies', () => {
  test.each(FLOWS)('$name, without any trouble', async (flow) => {
    expect(await endOf(flow, await runFlow(flow))).toEqual(expectedEnd(flow));
  });

  test.each(FLOWS)('$name, cut in every world that a death can leave', { timeout: 120_000 }, async (flow) => {
    const wrong: unknown[] = [];
    for (const cut of cutPoints((await runFlow(flow)).world.faults.trace)) {
      const outcome = await cutAt(flow, cut);
      if (outcome !== undefined) wrong.push({ ...cut, ...outcome });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

describe('where a run is cut', () => {
  const calls = (
    [
      ['consumer.receive', [{}]],
      ['ledger.get', undefined],
      ['objects.copy', { outcome: 'copied' }],
      ['objects.head', {}],
      ['ledger.put', 'conflict'],
      ['ledger.put', 'stored'],
      ['consumer.receive', []],
      ['queue.send', undefined],
    ] as const
  ).map(([name, result], index) => ({ number: index + 1, process: 1, name, args: [], result }));

  test.skipIf(process.env.LONG !== undefined || process.env.CRASH_POINTS_EVERY)(
    'at the start, and after each call that may have changed something',
    () => {
      expect(cutPoints(calls)).toEqual([
        { call: 1, when: 'before' },
        { call: 1, when: 'after' },
        { call: 3, when: 'after' },
        { call: 6, when: 'after' },
        { call: 8, when: 'after' },
      ]);
    },
  );
});
