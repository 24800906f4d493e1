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

/** What is wrong at the end of a run that was cut, if anything. */
async function cutAt(flow: Flow, cut: Cut): Promise<object | undefined> {
  const lostAtCrash: string[] = [];
  try {
    const lake = await runFlow(flow, cut, (crashed) => {
      const lost = lostObjects(crashed.world).map(({ key }) => key);
      lostAtCrash.push(...lost.filter((key) => !flow.purged?.includes(key)));
    });
    const end = await endOf(flow, lake);
    const name = lake.world.faults.trace[cut.call - 1]?.name;
    if (JSON.stringify(end) === JSON.stringify(expectedEnd(flow)) && lostAtCrash.length === 0)
      return undefined;
    return { name, lostAtCrash, end };
  } catch (error) {
    return { error: String(error), cause: String((error as Error).cause) };
  }
}
