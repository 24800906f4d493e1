import { isDeepStrictEqual } from 'node:util';
import type { Flow } from './flows.ts';
import { type Cut, runFlow } from './run-flow.ts';
import type { Simulation } from './simulation.ts';
import { everReadable, lostObjects, pages, partitions, quarantined, readable } from './views.ts';

/** How a flow ended: what readers see, what is held, who was paged, what was lost. */
export async function endOf(flow: Flow, lake: Simulation) {
  return {
    readable: readable(lake),
    quarantined: quarantined(lake),
    partitions: await partitions(lake),
    pages: pages(lake).length,
    lost: lostObjects(lake.world).map(({ key }) => key),
    readWrongly: everReadable(lake).filter((kind) => !(flow.mayBeRead as readonly string[]).includes(kind)),
  };
}

export function expectedEnd(flow: Flow) {
  return {
    readable: flow.readable,
    quarantined: flow.quarantined ?? [],
    partitions: flow.partitions,
    pages: flow.pages ?? 0,
    lost: flow.purged ?? [],
    readWrongly: [],
  };
}

/** What is wrong at the end of a run that was cut, if anything. */
export async function cutAt(
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
    if (isDeepStrictEqual(end, expectedEnd(flow)) && lostAtCrash.length === 0) return undefined;
    return { name, lostAtCrash, end };
  } catch (error) {
    return { error: String(error), cause: String((error as Error).cause) };
  }
}
