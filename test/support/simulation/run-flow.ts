import { Crash } from '../aws/faults.ts';
import type { Flow } from './flows.ts';
import { type Simulation, simulate } from './simulation.ts';

export interface Cut {
  /** Of the flow's port calls, from 1. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** Runs a flow; where a cut is given its worker dies there, and a fresh one does the step again. */
export async function runFlow(
  { contract, steps }: Flow,
  cut?: Cut,
  atCrash?: (lake: Simulation) => void,
  options?: Parameters<typeof simulate>[1],
): Promise<Simulation> {
  const lake = simulate(contract, options);
  if (cut?.when === 'before') lake.world.faults.cutBefore(cut.call);
  if (cut?.when === 'after') lake.world.faults.cutAfter(cut.call);
  let worker = lake.worker();
  for (const step of steps) {
    if ('job' in step) {
      step.job(lake);
      continue;
    }
    try {
      await step.work(worker);
    } catch (error) {
      if (!isCrash(error)) throw error;
      atCrash?.(lake);
      worker = lake.worker();
      await step.work(worker);
    }
  }
  return lake;
}

function isCrash(error: unknown): boolean {
  return error instanceof Crash;
}
