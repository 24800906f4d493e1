import { describe, expect, test } from 'vitest';
import { readBreaker } from '../../src/run/breaker/breaker.ts';
import { type SeenKeys, watchKeys } from '../../src/run/lake/key-watch.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { quarantined } from '../support/simulation/views.ts';

describe('LAK-60 (F): a poll that finds a tenth of bad files first', () => {
  test('opens no breaker; strays and markers are no part of the share', async () => {
    const lake = simulate();
    lake.world.deliver = () => [];
    const worker = lake.worker();
    const table = await worker.table();
    const seen: SeenKeys = new Map();
    const poll = () => watchKeys(worker.guard, table, seen, { youngMs: 0, nowMs: lake.world.clock.ms });
    await poll();
    for (let part = 100; part < 160; part++) lake.put(`dt=2026-11-01/a${part}.parquet`, 'drifted');
    for (let part = 100; part < 400; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'good');
    for (let part = 100; part < 150; part++) lake.put(`dt=2026-11-01/notes${part}.csv`, 'csv');
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    expect(await poll()).toBe(411);
    const { judged } = await readBreaker(worker.guard, table);
    // An estimate of 360.
    expect(Math.abs(judged - 360)).toBeLessThan(30);
    await worker.drain();
    expect(await readBreaker(worker.guard, table)).toMatchObject({ state: 'closed', held: 60 });
    expect(quarantined(lake)).toHaveLength(60);
  });
});
