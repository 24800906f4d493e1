import { describe, expect, test } from 'vitest';
import { purge } from '../../src/run/hold/purge.ts';
import { release } from '../../src/run/hold/release.ts';
import { grant } from '../../src/run/table/break-glass.ts';
import { Crash } from '../support/aws/faults.ts';
import type { TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { landed, lostObjects, quarantined, readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const EVERY = Number(process.env.CRASH_POINTS_EVERY ?? 1);
const bad = { [a]: 'drifted bad' };

const MODES = {
  keep: {},
  consume: { policy: ['landing: consume'] },
  'in place': { mode: 'in-place' },
} as const satisfies Record<string, TestContract>;
type Mode = keyof typeof MODES;
const EACH = (Object.keys(MODES) as Mode[]).map((mode) => ({ mode }));

/** A bad object, held, under a contract that would admit it by now. */
async function heldAndAdmitted(mode: Mode): Promise<{ readonly lake: Simulation; readonly worker: Worker }> {
  const lake = simulate(MODES[mode]);
  const worker = lake.worker();
  await worker.sweep();
  lake.wait(10);
  lake.put(a, 'drifted', 'bad');
  await worker.settle();
  lake.wait(30);
  lake.deploy({ ...MODES[mode], version: '1.1.0', id: 'string' });
  lake.world.faults.reset();
  return { lake, worker };
}

async function only(worker: Worker) {
  const [hold] = await worker.holds();
  if (hold === undefined) throw new Error('nothing is held');
  return hold;
}
const releaseIt = async (worker: Worker) =>
  release(worker.guard, await worker.table(), await only(worker), { by: 'ana' });
const purgeIt = async (worker: Worker) => purge(worker.guard, await worker.table(), await only(worker), {});

async function endOf(lake: Simulation, mode: Mode) {
  const worker = lake.worker();
  await worker.settle();
  lake.wait(4000);
  await worker.settle();
  const { status, endReason } = await only(worker);
  const inLanding = mode === 'in place' ? {} : landed(lake);
  return {
    readable: readable(lake),
    landed: inLanding,
    quarantined: quarantined(lake),
    hold: `${status} ${endReason}`,
  };
}

/** By hand. */
const PURGED = { readable: {}, landed: {}, quarantined: [], hold: 'ended purged' };
const RELEASED = (mode: Mode) => ({
  readable: bad,
  landed: mode === 'keep' ? bad : {},
  quarantined: ['drifted bad'],
  hold: 'ended published',
});

describe('LAK-62 (F): of a purge and a release at once one is done, and the other says that it was not', () => {
  /** One person's command stops at its call of that number until the other's is done. */
  const both = async (
    mode: Mode,
    first: typeof releaseIt | typeof purgeIt,
    second: typeof first,
    call: number,
  ) => {
    const { lake, worker } = await heldAndAdmitted(mode);
    const other = lake.worker();
    let isDone = false;
    let outcome: unknown;
    lake.world.faults.intercept(async ({ number }) => {
      if (isDone || number < call) return;
      isDone = true;
      outcome = (await second(other)).outcome;
    });
    const firstOutcome = (await first(worker)).outcome;
    lake.world.faults.intercept(undefined);
    return { outcomes: [firstOutcome, outcome], end: await endOf(lake, mode), isReached: isDone };
  };

  test.each(EACH)('$mode', { timeout: 60_000 }, async ({ mode }) => {
    const seen = new Set<string>();
    for (const isReleaseFirst of [true, false])
      for (let call = 1; ; call += EVERY) {
        const [first, second] = isReleaseFirst ? [releaseIt, purgeIt] : [purgeIt, releaseIt];
        const { outcomes, end, isReached } = await both(mode, first, second, call);
        if (!isReached) break;
        const [released, purged] = isReleaseFirst ? outcomes : outcomes.toReversed();
        seen.add(`${released} ${purged}`);
        // A purge may follow a release at any time: it takes what quarantine has, and leaves what was handed back.
        if (released === 'released' && purged === 'purged')
          expect(end).toEqual({ ...RELEASED(mode), quarantined: [], hold: 'ended purged' });
        else if (purged === 'purged') expect(end).toEqual(PURGED);
        else expect(end).toEqual(RELEASED(mode));
        expect(['released', 'purged']).toContain(purged === 'purged' ? purged : released);
      }
    if (EVERY > 1) return;
    expect([...seen]).toContain('not-held purged');
    expect([...seen]).toContain('released not-held');
  });

  test.each(EACH)('two releases at once hand it back once: $mode', async ({ mode }) => {
    for (let call = 1; ; call += EVERY) {
      const { outcomes, end, isReached } = await both(mode, releaseIt, releaseIt, call);
      if (!isReached) break;
      expect(outcomes).toContain('released');
      expect(end).toEqual(RELEASED(mode));
    }
  });
});

describe('LAK-62 (F): a purge that was cut off is finished by the next, and touches only what is held', () => {
  test.each(EACH)('cut before and after every call: $mode', { timeout: 60_000 }, async ({ mode }) => {
    for (let call = 1, isReached = true; isReached; call += EVERY)
      for (const when of ['before', 'after'] as const) {
        const { lake } = await heldAndAdmitted(mode);
        lake.deploy(MODES[mode]);
        if (when === 'before') lake.world.faults.cutBefore(call);
        else lake.world.faults.cutAfter(call);
        try {
          await purgeIt(lake.worker());
          isReached = false;
          lake.world.faults.reset();
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          await purgeIt(lake.worker());
        }
        expect(await endOf(lake, mode)).toEqual(PURGED);
        expect(await purgeIt(lake.worker())).toEqual({ outcome: 'not-held', status: 'purged' });
      }
  });

  test.each(EACH)('what was released and published stays: $mode', async ({ mode }) => {
    const { lake, worker } = await heldAndAdmitted(mode);
    await releaseIt(worker);
    await worker.settle();
    expect(await purgeIt(worker)).toEqual({ outcome: 'purged' });
    expect(await endOf(lake, mode)).toEqual({ ...RELEASED(mode), quarantined: [], hold: 'ended purged' });
    expect(lostObjects(lake.world)).toEqual([]);
  });
});

test.each(EACH)(
  'LAK-62 (F): what was released by a grant and judged after its end is held again, and its first hold ends: $mode',
  async ({ mode }) => {
    const lake = simulate(MODES[mode]);
    const worker = lake.worker();
    await worker.sweep();
    lake.wait(10);
    lake.put(a, 'drifted', 'bad');
    await worker.settle();
    const until = new Date(lake.world.clock.ms() + 3_600_000).toISOString();
    const request = { rule: 'type-changed', path: 'id', until, reason: 'month end, ticket 4711' };
    await grant(worker.guard, await worker.table(), request, { by: 'ana' });
    expect(await releaseIt(worker)).toMatchObject({ outcome: 'released', grants: [{ by: 'ana' }] });
    lake.wait(7200);
    await worker.settle();
    lake.wait(3600);
    await worker.settle();
    expect(readable(lake)).toEqual({});
    expect(new Set(quarantined(lake))).toEqual(new Set(['drifted bad']));
    const ends = (await worker.holds()).map(({ status, endReason }) => `${status} ${endReason ?? ''}`.trim());
    expect(ends.toSorted()).toEqual(mode === 'keep' ? ['held'] : ['ended overwritten', 'held']);
    expect(lostObjects(lake.world)).toEqual([]);
  },
);
