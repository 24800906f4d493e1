import { beforeEach, describe, expect, test } from 'vitest';
import type { BusEvent, EventBus } from '../../src/run/ports/event-bus.ts';
import type { Notice, Notifier } from '../../src/run/ports/notifier.ts';
import { codeOf } from '../support/error-code.ts';

export interface ChannelsUnderTest {
  readonly events: EventBus;
  readonly notifier: Notifier;
  readonly published: () => readonly BusEvent[];
  readonly sent: () => readonly Notice[];
}

const event = (id: string): BusEvent => ({
  id,
  type: 'ObjectHeld',
  at: '2026-11-03T10:00:00.000Z',
  detail: { table: 'shop.orders', text: 'a\nb "c" é', list: [1, null] },
});
const NOTICE: Notice = {
  kind: 'open',
  dedupKey: 'shop.orders@1.0.0',
  sequence: 1,
  title: 'orders: 3 files held',
  lines: ['a\nb'],
  commands: ['headgate incident show 1'],
  table: 'shop.orders',
  team: undefined,
  channels: ['#data'],
  at: '2026-11-03T10:00:00.000Z',
};

export function channelsSuite(name: string, make: () => Promise<ChannelsUnderTest>): void {
  describe(`PRT-13 events and notices: ${name}`, () => {
    let world: ChannelsUnderTest;
    beforeEach(async () => {
      world = await make();
    });
    test('all events are out when publishing returns, also more than a call of AWS takes', async () => {
      const events = Array.from({ length: 25 }, (_, i) => event(`e${i}`));
      await world.events.publish(events);
      expect(world.published()).toEqual(events);
      await world.events.publish([]);
      expect(world.published()).toHaveLength(25);
    });
    test('publishing all again is safe: ids tell', async () => {
      await world.events.publish([event('e1')]);
      await world.events.publish([event('e1'), event('e2')]);
      expect(new Set(world.published().map(({ id }) => id))).toEqual(new Set(['e1', 'e2']));
    });
    test('an event or a notice that is too large is refused, and nothing is out', async () => {
      const large = { ...event('large'), detail: { text: 'x'.repeat(256 * 1024) } };
      expect(await codeOf(world.events.publish([event('small'), large]))).toBe('NOT_STORABLE');
      expect(world.published()).toEqual([]);
      expect(await codeOf(world.notifier.notify({ ...NOTICE, lines: ['x'.repeat(256 * 1024)] }))).toBe(
        'NOT_STORABLE',
      );
      expect(world.sent()).toEqual([]);
    });
    test('a notice is delivered as it is', async () => {
      await world.notifier.notify(NOTICE);
      const { team: _, ...rest } = NOTICE;
      expect(world.sent()).toHaveLength(1);
      expect(world.sent()[0]).toMatchObject(rest);
    });
  });
}
