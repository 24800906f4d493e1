import { describe, expect, test } from 'vitest';
import { gate } from '../../src/run/gate/gate.ts';
import type { Guard } from '../../src/run/guard/guard.ts';
import { purge } from '../../src/run/hold/purge.ts';
import { quarantine } from '../../src/run/hold/quarantine.ts';
import { release } from '../../src/run/hold/release.ts';
import type { HoldMessage } from '../../src/run/message/messages.ts';
import { grant } from '../../src/run/table/break-glass.ts';
import type { TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { landed, lostObjects, pages, quarantined, readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const EVERY = Number(process.env.CRASH_POINTS_EVERY ?? 1);

const MODES = {
  keep: {},
  consume: { policy: ['landing: consume'] },
  'in place': { mode: 'in-place' },
} as const satisfies Record<string, TestContract>;
type Mode = keyof typeof MODES;

const onHolds = async (worker: Worker, act: 'release' | 'purge') => {
  const table = await worker.table();
  for (const hold of await worker.holds())
    if (hold.status === 'held')
      expect(
        act === 'release'
          ? await release(worker.guard, table, hold, { by: 'ana' })
          : await purge(worker.guard, table, hold, { keep: 'none' }),
      ).toMatchObject({ outcome: act === 'release' ? 'released' : 'purged' });
};

/** What people and producers do once the bad object is held. */
const ACTS = {
  'a release under a revised contract': async (lake, worker, mode) => {
    lake.deploy({ ...MODES[mode], version: '1.1.0', id: 'string' });
    await onHolds(worker, 'release');
  },
  'a release by a grant': async (lake, worker) => {
    const until = new Date(lake.world.clock.ms() + 20 * 3_600_000).toISOString();
    const request = { rule: 'type-changed', path: 'id', until, reason: 'month end, ticket 4711' };
    await grant(worker.guard, await worker.table(), request, { by: 'ana' });
    await onHolds(worker, 'release');
  },
  'a purge': (_, worker) => onHolds(worker, 'purge'),
  'a good overwrite': async (lake) => lake.put(a, 'good', 'new'),
  'the same bytes again': async (lake) => lake.put(a, 'drifted', 'bad'),
  'a delete by the producer': async (lake, _, mode) => {
    if (mode === 'keep') lake.remove(a);
  },
} as const satisfies Record<string, (lake: Simulation, worker: Worker, mode: Mode) => Promise<void>>;
type Act = keyof typeof ACTS;

/** Whether a person ended the hold: then nothing of it is to be deleted. */
const isOver = (act: Act) => act.includes('release') || act === 'a purge';

interface End {
  readonly readable: Readonly<Record<string, string>>;
  readonly landed: Readonly<Record<string, string>>;
  readonly quarantined: readonly string[];
  /** `status reason` of each hold. */
  readonly holds: readonly string[];
}
const bad = { [a]: 'drifted bad' };
const good = { [a]: 'good new' };
const held = ['drifted bad'];

/** By hand: how it ends. */
const ENDS: Readonly<Record<Act, Readonly<Record<Mode, End>>>> = {
  'a release under a revised contract': {
    keep: { readable: bad, landed: bad, quarantined: held, holds: ['ended published'] },
    consume: { readable: bad, landed: {}, quarantined: held, holds: ['ended published'] },
    'in place': { readable: bad, landed: {}, quarantined: held, holds: ['ended published'] },
  },
  'a release by a grant': {
    keep: { readable: bad, landed: bad, quarantined: held, holds: ['ended published'] },
    consume: { readable: bad, landed: {}, quarantined: held, holds: ['ended published'] },
    'in place': { readable: bad, landed: {}, quarantined: held, holds: ['ended published'] },
  },
  'a purge': {
    keep: { readable: {}, landed: {}, quarantined: [], holds: ['ended purged'] },
    consume: { readable: {}, landed: {}, quarantined: [], holds: ['ended purged'] },
    'in place': { readable: {}, landed: {}, quarantined: [], holds: ['ended purged'] },
  },
  'a good overwrite': {
    keep: { readable: good, landed: good, quarantined: held, holds: ['ended overwritten'] },
    consume: { readable: good, landed: {}, quarantined: held, holds: ['ended overwritten'] },
    'in place': { readable: good, landed: {}, quarantined: held, holds: ['held'] },
  },
  'the same bytes again': {
    keep: { readable: {}, landed: bad, quarantined: held, holds: ['held'] },
    consume: { readable: {}, landed: {}, quarantined: held, holds: ['held'] },
    'in place': { readable: {}, landed: {}, quarantined: held, holds: ['held'] },
  },
  'a delete by the producer': {
    keep: { readable: {}, landed: {}, quarantined: held, holds: ['ended deleted'] },
    consume: { readable: {}, landed: {}, quarantined: held, holds: ['held'] },
    'in place': { readable: {}, landed: {}, quarantined: held, holds: ['held'] },
  },
};

/**
 * One delivery pauses at its call of that number, or never comes; the other is handled, something happens, and the first goes on.
 * Gives how many calls the slow one made.
 */
async function run(mode: Mode, act: Act, pauseAt?: number) {
  const lake = simulate(MODES[mode]);
  const worker = lake.worker();
  await worker.sweep();
  lake.wait(10);
  let paused = (): void => undefined;
  let goOn = (): void => undefined;
  const isPaused = new Promise<void>((resolve) => {
    paused = resolve;
  });
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { processId, ...ports } = lake.world.process();
  const guard: Guard = { ...ports, observer: { record: () => undefined }, settings: worker.guard.settings };
  let calls = 0;
  /** Deletes that the slow one asked for after it had paused. */
  let deletes = 0;
  let slow: Promise<unknown> = Promise.resolve();
  const watch = () =>
    lake.world.faults.intercept(async ({ process, name }) => {
      if (process !== processId) return;
      if (++calls > (pauseAt ?? 0) && name === 'objects.remove') deletes++;
      if (calls !== pauseAt) return;
      paused();
      await mayGoOn;
    });
  // The slow delivery starts first, so that it may have begun what the other one ends.
  lake.put(a, 'drifted', 'bad');
  const message = await verdictOf(lake, worker);
  watch();
  if (pauseAt !== undefined) {
    slow = quarantine(guard, [message]);
    await Promise.race([isPaused, slow]);
  }
  await worker.settle();
  lake.wait(30);
  await ACTS[act](lake, worker, mode);
  await worker.settle();
  goOn();
  await slow;
  await worker.settle();
  lake.wait(4000);
  await worker.settle();
  const end: End = {
    readable: readable(lake),
    landed: mode === 'in place' ? {} : landed(lake),
    quarantined: quarantined(lake),
    holds: (await worker.holds()).map(({ status, endReason }) =>
      [status, endReason].filter(Boolean).join(' '),
    ),
  };
  const lost = lostObjects(lake.world).length;
  return { end, calls, deletes, pages: pages(lake).length, lost, failures: worker.failures.length };
}

/** Judges the object without handling what follows. */
async function verdictOf(lake: Simulation, worker: Worker): Promise<HoldMessage> {
  const [look] = lake.world.sqs.messages('validate');
  await gate(worker.guard, [JSON.parse(look?.body ?? '{}')]);
  const [first] = lake.world.sqs.messages('quarantine');
  if (first === undefined) throw new Error('nothing is to be held');
  return JSON.parse(first.body) as HoldMessage;
}

describe('LAK-62 (F): a slow duplicate delivery deletes, moves and tells nothing that a person or producer undid', () => {
  const cells = (Object.keys(ACTS) as Act[]).flatMap((act) =>
    (Object.keys(MODES) as Mode[]).map((mode) => ({ act, mode })),
  );

  test.each(cells)('$act, $mode, paused at every call', { timeout: 120_000 }, async ({ act, mode }) => {
    const without = await run(mode, act);
    expect(without.end).toEqual(ENDS[act][mode]);
    // The first delivery alone: nothing makes it pause.
    const { calls: longest } = await run(mode, act, Number.POSITIVE_INFINITY);
    expect(longest).toBeGreaterThan(10);
    const wrong: unknown[] = [];
    const { calls: _, deletes: __, ...expected } = without;
    for (let call = 1; call <= longest; call += EVERY) {
      const { calls, deletes, ...seen } = await run(mode, act, call);
      expect(isOver(act) ? deletes : 0).toBe(0);
      if (JSON.stringify(seen) !== JSON.stringify(expected)) wrong.push({ call, calls, seen, expected });
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});
