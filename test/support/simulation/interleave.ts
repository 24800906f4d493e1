import type fc from 'fast-check';
import { HeadgateError } from '../../../src/error.ts';
import type { BusEvent } from '../../../src/run/ports/event-bus.ts';
import { Crash, type PortCall } from '../aws/faults.ts';
import { type Act, CALL_KINDS, comeBack, perform, STRAY_KEYS, type Variant } from './acts.ts';
import type { Simulation, Worker } from './simulation.ts';

/** How late each worker learns of new contracts: a registry is read again every minute, functions are deployed one by one. */
const CONTRACT_LAG_SECONDS = [0, 30, 110] as const;

interface Sleeper {
  readonly wakesAtMs: number;
  readonly wake: () => void;
  /** Settles when its worker is done. */
  done: Promise<void>;
}

/** Workers, some of whom are asleep in the middle of what they do: the others do not know. */
export interface Crew {
  readonly sleepers: Sleeper[];
}

/** What happens to the worker that makes the next call of a kind, but for those that are `left`. */
type Fate = Extract<Act, { readonly kind: 'kill' | 'pause' }> & { left: number };

function takeFate<Kind extends Fate['kind']>(
  fates: Fate[],
  { name }: PortCall,
  kind: Kind,
): (Fate & { readonly kind: Kind }) | undefined {
  const index = fates.findIndex((fate) => fate.kind === kind && CALL_KINDS[fate.at].test(name));
  const fate = fates[index];
  if (fate === undefined || fate.left-- > 0) return undefined;
  fates.splice(index, 1);
  return fate as Fate & { readonly kind: Kind };
}

/** The acts of a burst and three workers run at once; the scheduler says whose next port call happens. */
export async function interleave(
  lake: Simulation,
  variant: Variant,
  scheduler: fc.Scheduler,
  burst: readonly Act[],
  crew: Crew,
): Promise<void> {
  const { world } = lake;
  const turn = () => scheduler.schedule(Promise.resolve());
  const fates: Fate[] = [];
  const asleep = new Map<number, () => void>();
  world.faults.inject((call) => {
    const fate = takeFate(fates, call, 'kill');
    return fate && { kind: 'cut', when: fate.when };
  });
  world.faults.intercept(async (call: PortCall) => {
    await turn();
    wakeThoseDue(lake, crew);
    const fallAsleep = asleep.get(call.process);
    const fate = fallAsleep && takeFate(fates, call, 'pause');
    if (fallAsleep === undefined || fate === undefined) return;
    await new Promise<void>((wake) => {
      crew.sleepers.push({
        wakesAtMs: world.clock.ms() + fate.seconds * 1000,
        wake,
        done: Promise.resolve(),
      });
      fallAsleep();
    });
  });
  let isBusy = true;
  /** Ends when the burst does, or where the worker falls asleep: then another takes its place. */
  const work = async (lagSeconds: number): Promise<void> => {
    let sleep: () => void = () => undefined;
    const slept = new Promise<'slept'>((resolve) => {
      sleep = () => resolve('slept');
    });
    const run = async () => {
      let worker = lake.worker(lagSeconds);
      asleep.set(worker.processId, sleep);
      while (isBusy) {
        await turn();
        try {
          await worker.drain();
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          worker = lake.worker(lagSeconds);
          asleep.set(worker.processId, sleep);
        }
      }
    };
    const done = run();
    if ((await Promise.race([done, slept])) !== 'slept') return;
    const sleeper = crew.sleepers.at(-1);
    if (sleeper) sleeper.done = done;
    await work(lagSeconds);
  };
  const act = async () => {
    for (const what of burst) {
      for (let turns = 0; turns < what.after; turns++) await turn();
      if (what.kind === 'pause' || what.kind === 'kill') fates.push({ ...what, left: what.calls });
      else await attempt(() => perform(lake, variant, lake.worker(), what));
    }
    isBusy = false;
  };
  await scheduler.waitFor(Promise.all([act(), ...CONTRACT_LAG_SECONDS.map(work)]));
  world.faults.reset();
}

function wakeThoseDue({ world }: Simulation, { sleepers }: Crew): void {
  for (const { wakesAtMs, wake } of sleepers) if (wakesAtMs <= world.clock.ms()) wake();
}

/** A process may die of its own act, and a person is told what cannot be done. */
async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Crash || error instanceof HeadgateError)) throw error;
  }
}

/**
 * Everything quiet, long enough for every delay: buckets are back, sleepers go on with what they remember, lost events are found
 * by the sweep.
 */
export async function comeToRest(
  lake: Simulation,
  scheduler: fc.Scheduler,
  { sleepers }: Crew,
): Promise<Worker> {
  lake.world.deliver = () => [0];
  comeBack(lake);
  const worker = lake.worker();
  await worker.settle();
  for (const { wake } of sleepers) wake();
  await scheduler.waitFor(Promise.all(sleepers.map(({ done }) => done)));
  for (let hour = 0; hour < 3; hour++) {
    await worker.settle();
    lake.wait(4000);
  }
  await worker.settle();
  return worker;
}

const EFFECTS =
  /^(objects\.(copy|remove|write)|queue\.send|events\.publish|notifier\.notify|catalog\.(create|update))/u;

/**
 * What a further sweep still does, though nothing happened: at rest nothing. Strays that nobody moves are looked at again, and what
 * is told of them is told under the same id.
 */
export async function unrest({ world }: Simulation, worker: Worker): Promise<readonly string[]> {
  const before = world.faults.trace.length;
  const told = new Set(world.published.map(({ id }) => id));
  await worker.sweep();
  await worker.drain();
  return world.faults.trace
    .slice(before)
    .filter(({ name }) => EFFECTS.test(name))
    .filter(({ name, args }) => !isStrayAgain(name, args, told))
    .map(({ name, args }) => `${name} ${JSON.stringify(args).slice(0, 300)}`);
}

function isStrayAgain(name: string, args: readonly unknown[], told: ReadonlySet<string>): boolean {
  if (name === 'events.publish') return (args[0] as readonly BusEvent[]).every(({ id }) => told.has(id));
  const [queue, messages] = args as readonly [string, readonly { readonly body: string }[]];
  return (
    name === 'queue.send' &&
    queue === 'validate' &&
    messages.every(({ body }) => isStray(JSON.parse(body).key))
  );
}

function isStray(key: string): boolean {
  return STRAY_KEYS.some((stray) => key === `t/${stray}`);
}
