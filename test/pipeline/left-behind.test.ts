import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { QUEUE_NAMES } from '../../src/run/ports/queue.ts';
import { Crash } from '../support/aws/faults.ts';
import { cutPoints } from '../support/simulation/cut-points.ts';
import type { Cut } from '../support/simulation/run-flow.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import { landed, lostObjects, partitions, quarantined, readable } from '../support/simulation/views.ts';

const FOLDER = 'dt=2026-11-01/';
const EVERY = Number(process.env.CRASH_POINTS_EVERY ?? 1);

describe('LAK-61 (F): what is known of an overwrite lasts until the last of its deletes', () => {
  /** Twelve old files beside one new: more deletes than half of the table, so without the overwrite a person is asked. */
  const overwrite = async (during?: { readonly call: number; readonly act: (lake: Simulation) => void }) => {
    const lake = simulate();
    const worker = lake.worker();
    for (let part = 0; part < 12; part++) lake.put(`${FOLDER}old-${part}.parquet`, 'good', `old ${part}`);
    await worker.settle();
    lake.wait(100);
    for (let part = 0; part < 12; part++) lake.remove(`${FOLDER}old-${part}.parquet`);
    lake.put(`${FOLDER}new.parquet`, 'good', 'new');
    lake.world.faults.reset();
    lake.world.faults.intercept(({ number }) => {
      if (number === during?.call) during.act(lake);
    });
    await worker.settle();
    return { lake, worker, calls: lake.world.faults.trace.length };
  };

  test('without any trouble the old files go with the new one', async () => {
    const { lake } = await overwrite();
    expect(readable(lake)).toEqual({ [`${FOLDER}new.parquet`]: 'good new' });
  });

  test.each([
    [
      'another new file comes',
      (lake: Simulation) => lake.put(`${FOLDER}late.parquet`, 'good', 'late'),
      { [`${FOLDER}late.parquet`]: 'good late' },
    ],
    [
      'an old file comes back',
      (lake: Simulation) => lake.put(`${FOLDER}old-3.parquet`, 'good', 'back'),
      { [`${FOLDER}old-3.parquet`]: 'good back' },
    ],
  ] as const)(
    'whenever %s, nobody is asked and nothing old stays',
    { timeout: 120_000 },
    async (_, act, also) => {
      const { calls } = await overwrite();
      const wrong: unknown[] = [];
      for (let call = 1; call <= calls; call += 5 * EVERY) {
        const { lake } = await overwrite({ call, act });
        const seen = readable(lake);
        const isTold = lake.world.published.some(({ type }) => type === 'DeletesPaused');
        const expected = { ...also, [`${FOLDER}new.parquet`]: 'good new' };
        if (isTold || sorted(seen) !== sorted(expected)) wrong.push({ call, seen, isTold });
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );
});

function sorted(view: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(view).sort());
}

describe('LAK-67 (F): a worker that dies with its queue leaves nothing in a landing that is to be empty', () => {
  test.each([
    { policy: ['landing: consume'], marker: undefined },
    { policy: ['landing: consume', 'completion: success-marker'], marker: `${FOLDER}_SUCCESS` },
  ])(
    'cut in every world that a death can leave: $policy',
    { timeout: 120_000 },
    async ({ policy, marker }) => {
      const run = async (cut?: Cut) => {
        const lake = simulate({ policy });
        lake.put(`${FOLDER}a.parquet`, 'good', 'a');
        lake.put(`${FOLDER}b.parquet`, 'good', 'b', { multipart: { parts: 2 } });
        lake.wait(5);
        if (marker) lake.putMarker(marker);
        if (cut?.when === 'before') lake.world.faults.cutBefore(cut.call);
        if (cut?.when === 'after') lake.world.faults.cutAfter(cut.call);
        try {
          await lake.worker().settle();
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          for (const queue of QUEUE_NAMES) lake.world.sqs.purge(queue);
          await lake.worker().settle();
        }
        const trace = [...lake.world.faults.trace];
        // Once it is quiet a sweep does nothing, and asks for nothing.
        lake.wait(3600);
        await lake.worker().sweep();
        return {
          trace,
          end: {
            landed: landed(lake),
            readable: Object.keys(readable(lake)).length,
            partitions: await partitions(lake),
            asked: QUEUE_NAMES.flatMap((queue) => lake.world.sqs.messages(queue)).length,
            lost: lostObjects(lake.world),
          },
        };
      };
      const { trace, end } = await run();
      expect(end).toEqual({ landed: {}, readable: 2, partitions: ['2026-11-01'], asked: 0, lost: [] });
      const wrong: unknown[] = [];
      for (const cut of cutPoints(trace)) {
        const again = await run(cut);
        if (!isDeepStrictEqual(again.end, end)) wrong.push({ ...cut, end: again.end });
      }
      expect(wrong.slice(0, 3)).toEqual([]);
    },
  );

  test('bytes that somebody else put below the location let no source go unjudged', async () => {
    const lake = simulate({ policy: ['landing: consume'] });
    const worker = lake.worker();
    lake.world.deliver = () => [];
    lake.put(`${FOLDER}a.parquet`, 'drifted', 'a');
    const object = lake.world.buckets.current('landing', `t/${FOLDER}a.parquet`);
    lake.world.buckets.put('lake', `t/${FOLDER}a.parquet`, { bytes: object?.bytes ?? new Uint8Array() });
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted a']);
    expect(landed(lake)).toEqual({});
  });
});
