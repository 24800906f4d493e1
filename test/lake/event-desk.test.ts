import { describe, expect, test } from 'vitest';
import { eventDesk } from '../../src/run/lake/event-desk.ts';
import type { BusEvent } from '../../src/run/ports/event-bus.ts';
import { MemoryWorld } from '../support/ports-in-memory.ts';

const event = (id: string): BusEvent => ({
  id,
  type: 'CatalogUpdated',
  at: '2026-06-15T12:00:00.000Z',
  detail: { table: 'shop.t', contractVersion: '1.0.0', changes: [] },
});

describe('DEV-16: events reach the incidents before the work that told them is done', () => {
  test('what comes while a batch is handled is handled together, in order', async () => {
    const world = new MemoryWorld();
    const batches: (readonly string[])[] = [];
    const desk = eventDesk(
      {
        publish: async (events) => {
          batches.push(events.map(({ id }) => id));
        },
      },
      world,
    );
    await Promise.all([desk.publish([event('1')]), desk.publish([event('2')]), desk.publish([])]);
    await desk.publish([event('3')]);
    expect(batches).toEqual([['1', '2'], ['3']]);
  });

  test('a log that fails fails all who wait for it, and nobody after', async () => {
    const world = new MemoryWorld();
    let fails = true;
    const desk = eventDesk(
      {
        publish: async () => {
          if (fails) throw new Error('full');
        },
      },
      world,
    );
    const results = await Promise.allSettled([desk.publish([event('1')]), desk.publish([event('2')])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    await expect(desk.publish([event('1')])).resolves.toBe(undefined);
  });
});
