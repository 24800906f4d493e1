import { describe, expect, test } from 'vitest';
import { closeBreaker } from '../../src/pipeline/breaker.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import { partitions, quarantined } from '../support/simulation/views.ts';

const DAY = 86_400;
const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-02/b.parquet';

/** How many objects are looked at while `act` runs. */
async function looksDuring(lake: Simulation, act: () => Promise<void>): Promise<number> {
  let opened = 0;
  lake.world.faults.intercept(({ name }) => {
    if (name === 'objects.slice') opened++;
  });
  await act();
  return opened;
}

describe('PIP-31: a sweep in place', () => {
  test('looks at no file again that has a verdict, however old it is', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(b, 'good', 'b');
    expect(await looksDuring(lake, () => worker.settle())).toBe(2);
    for (const days of [1, 2, 5, 10, 20, 40]) {
      lake.wait(days * DAY);
      expect(await looksDuring(lake, () => worker.settle())).toBe(0);
    }
    expect(await partitions(lake)).toEqual(['2026-11-01', '2026-11-02']);
  });

  test('finds what was lost since the last sweep, however long ago that was', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.settle();
    lake.world.deliver = () => [];
    lake.wait(3600);
    lake.put(a, 'drifted', 'a');
    lake.wait(30 * DAY);
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted a']);
  });

  test('finds a lost file that is dated hours before it was there, as multipart uploads are', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.settle();
    lake.wait(3 * DAY);
    await worker.settle();
    lake.world.deliver = () => [];
    lake.put(a, 'drifted', 'a', { multipart: { parts: 2, startedMsAgo: 20 * 3_600_000 } });
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted a']);
  });

  test('finds one that is dated days before within a week', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.settle();
    lake.wait(6 * DAY);
    await worker.settle();
    lake.world.deliver = () => [];
    lake.put(a, 'drifted', 'a', { multipart: { parts: 2, startedMsAgo: 3 * DAY * 1000 } });
    await worker.settle();
    expect(quarantined(lake)).toEqual([]);
    lake.wait(2 * DAY);
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted a']);
  });

  test('a late file of an old batch has no settled partition judged again', async () => {
    const lake = simulate({ mode: 'in-place', policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.wait(1);
    lake.putMarker('_SUCCESS');
    await worker.settle();
    expect(await partitions(lake)).toEqual(['2026-11-01']);
    lake.wait(60 * DAY);
    await worker.settle();
    const looks = await looksDuring(lake, async () => {
      lake.put(b, 'good', 'b');
      lake.wait(1);
      lake.putMarker('_SUCCESS');
      await worker.settle();
    });
    expect(looks).toBe(1);
    expect(await partitions(lake)).toEqual(['2026-11-01', '2026-11-02']);
  });

  test('holds what an open breaker let lie, once a person has closed it, days later', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.settle();
    for (let file = 0; file < 60; file++) lake.put(`dt=2026-11-01/${file}.parquet`, 'drifted', `${file}`);
    await worker.settle();
    const before = quarantined(lake).length;
    expect(before).toBeLessThan(60);
    for (let day = 0; day < 4; day++) {
      lake.wait(DAY);
      await worker.settle();
    }
    expect(quarantined(lake)).toHaveLength(before);
    await closeBreaker(worker.guard, await worker.table(), { by: 'ana', allowDeletes: false });
    await worker.settle();
    expect(quarantined(lake)).toHaveLength(60);
  });
});
