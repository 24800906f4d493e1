import { describe, expect, test } from 'vitest';
import { FLOWS, type Flow } from '../support/simulation/flows.ts';
import { type Cut, runFlow } from '../support/simulation/run-flow.ts';
import type { Simulation } from '../support/simulation/simulation.ts';
import {
  everReadable,
  lostObjects,
  pages,
  partitions,
  quarantined,
  readable,
} from '../support/simulation/views.ts';

async function endOf(flow: Flow, lake: Simulation) {
  return {
    readable: readable(lake),
    quarantined: quarantined(lake),
    partitions: await partitions(lake),
    pages: pages(lake).length,
    lost: lostObjects(lake.world).map(({ key }) => key),
    readWrongly: everReadable(lake).filter((kind) => !(flow.mayBeRead as readonly string[]).includes(kind)),
  };
}

function expectedEnd(flow: Flow) {
  return {
    readable: flow.readable,
    quarantined: flow.quarantined ?? [],
    partitions: flow.partitions,
    pages: flow.pages ?? 0,
    lost: flow.purged ?? [],
    readWrongly: [],
  };
}

let points = 0;

const OVER_SDK = { overSdk: true } as const;
/** Every call with SDK_STEP=1; in a normal run every third, as one port call is up to three of the SDK. */
const SDK_STEP = Number(process.env.SDK_STEP ?? 3);

describe('P1 to P6 hold wherever a worker dies', () => {
  test.each(FLOWS)('$name, without any trouble', async (flow) => {
    expect(await endOf(flow, await runFlow(flow))).toEqual(expectedEnd(flow));
  });

  test.each(FLOWS)(
    'PIP-10: $name, cut before and after every port call',
    { timeout: 120_000 },
    async (flow) => {
      const calls = (await runFlow(flow)).world.faults.trace.length;
      const wrong: unknown[] = [];
      for (let call = 1; call <= calls; call++)
        for (const when of ['before', 'after'] as const) {
          points++;
          const outcome = await cutAt(flow, { call, when });
          if (outcome !== undefined) wrong.push({ call, when, ...outcome });
        }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );

  test.each(FLOWS)('AWS-2: $name, through the AWS adapters, without any trouble', async (flow) => {
    expect(await endOf(flow, await runFlow(flow, undefined, undefined, OVER_SDK))).toEqual(expectedEnd(flow));
  });

  test.each(FLOWS)(
    'AWS-2: $name, cut before and after calls of the SDK',
    { timeout: 240_000 },
    async (flow) => {
      const calls = (await runFlow(flow, undefined, undefined, OVER_SDK)).world.faults.trace.length;
      const wrong: unknown[] = [];
      for (let call = 1; call <= calls; call += SDK_STEP)
        for (const when of ['before', 'after'] as const) {
          points++;
          const outcome = await cutAt(flow, { call, when }, OVER_SDK);
          if (outcome !== undefined) wrong.push({ call, when, ...outcome });
        }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );

  test('the number of points', () => {
    console.log(`crash points: ${points}`);
    expect(points).toBeGreaterThan(1000);
  });
});

/** What is wrong at the end of a run that was cut, if anything. */
async function cutAt(
  flow: Flow,
  cut: Cut,
  options?: Parameters<typeof runFlow>[3],
): Promise<object | undefined> {
  const lostAtCrash: string[] = [];
  try {
    const lake = await runFlow(
      flow,
      cut,
      (crashed) => {
        const lost = lostObjects(crashed.world).map(({ key }) => key);
        lostAtCrash.push(...lost.filter((key) => !flow.purged?.includes(key)));
      },
      options,
    );
    const end = await endOf(flow, lake);
    const name = lake.world.faults.trace[cut.call - 1]?.name;
    if (JSON.stringify(end) === JSON.stringify(expectedEnd(flow)) && lostAtCrash.length === 0)
      return undefined;
    return { name, lostAtCrash, end };
  } catch (error) {
    return { error: String(error), cause: String((error as Error).cause) };
  }
}
