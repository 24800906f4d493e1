import { beforeEach, describe, expect, test } from 'vitest';
import type { Delivery, Queue, QueueConsumer, QueueName } from '../../src/run/ports/queue.ts';
import { codeOf } from '../support/error-code.ts';

export interface QueueUnderTest {
  readonly queue: Queue;
  readonly consumer: QueueConsumer;
  readonly advance: (seconds: number) => void;
  readonly deadLetters: (queue: QueueName) => readonly string[];
}

export function queueSuite(name: string, make: () => Promise<QueueUnderTest>): void {
  describe(`PRT-11 queue: ${name}`, () => {
    let world: QueueUnderTest;
    beforeEach(async () => {
      world = await make();
    });
    const send = (queue: QueueName, ...messages: Parameters<Queue['send']>[1]) =>
      world.queue.send(queue, messages);
    const receive = (queue: QueueName, max = 10) => world.consumer.receive(queue, max);
    const bodies = (deliveries: readonly Delivery[]) => deliveries.map(({ body }) => body);
    const only = (deliveries: readonly Delivery[]): Delivery => {
      expect(deliveries).toHaveLength(1);
      return deliveries[0] as Delivery;
    };

    test('a message is delivered, unseen by others, and gone once acknowledged', async () => {
      expect(await receive('validate')).toEqual([]);
      await send('validate', { body: '{"a":1}' });
      const delivery = only(await receive('validate'));
      expect(delivery.body).toBe('{"a":1}');
      expect(delivery.receiveCount).toBe(1);
      expect(await receive('validate')).toEqual([]);
      expect(await receive('publish')).toEqual([]);
      await world.consumer.acknowledge('validate', delivery.receipt);
      world.advance(3_600);
      expect(await receive('validate')).toEqual([]);
    });
    test('what is not acknowledged comes again, and counts', async () => {
      await send('validate', { body: 'x' });
      only(await receive('validate'));
      world.advance(3_600);
      expect(only(await receive('validate')).receiveCount).toBe(2);
    });
    test('no more than max, none twice', async () => {
      await send('validate', ...Array.from({ length: 25 }, (_, i) => ({ body: String(i) })));
      const first = await receive('validate', 4);
      expect(first).toHaveLength(4);
      const rest: Delivery[] = [];
      for (let page = await receive('validate'); page.length > 0; page = await receive('validate'))
        rest.push(...page);
      expect(new Set(bodies([...first, ...rest])).size).toBe(25);
    });
    test('a delayed message comes when its time has come', async () => {
      await send('publish', { body: 'later', delaySeconds: 90 });
      expect(await receive('publish')).toEqual([]);
      world.advance(89);
      expect(await receive('publish')).toEqual([]);
      world.advance(2);
      expect(bodies(await receive('publish'))).toEqual(['later']);
    });
    test('a retry comes after its delay', async () => {
      await send('publish', { body: 'x' });
      await world.consumer.retryLater('publish', only(await receive('publish')).receipt, 30);
      expect(await receive('publish')).toEqual([]);
      world.advance(31);
      expect(only(await receive('publish')).receiveCount).toBe(2);
    });
    test('after the fifth try a message goes to the dead letters', async () => {
      await send('quarantine', { body: 'poison' }, { body: 'fine' });
      for (let round = 1; round <= 5; round++) {
        for (const { body, receipt, receiveCount } of await receive('quarantine')) {
          if (body === 'fine') await world.consumer.acknowledge('quarantine', receipt);
          else {
            expect(receiveCount).toBe(round);
            await world.consumer.retryLater('quarantine', receipt, 0);
          }
        }
      }
      expect(await receive('quarantine')).toEqual([]);
      expect(world.deadLetters('quarantine')).toEqual(['poison']);
    });
    test('a catalog message has ten tries', async () => {
      await send('catalog', { body: 'x', group: 'g' });
      for (let round = 1; round <= 10; round++)
        await world.consumer.retryLater('catalog', only(await receive('catalog')).receipt, 0);
      expect(await receive('catalog')).toEqual([]);
      expect(world.deadLetters('catalog')).toEqual(['x']);
    });
    test('a receipt that is no longer valid does nothing', async () => {
      await send('validate', { body: 'x' });
      const old = only(await receive('validate'));
      world.advance(3_600);
      const fresh = only(await receive('validate'));
      await world.consumer.acknowledge('validate', old.receipt);
      await world.consumer.retryLater('validate', old.receipt, 0);
      expect(await receive('validate')).toEqual([]);
      await world.consumer.retryLater('validate', fresh.receipt, 0);
      expect(only(await receive('validate')).receiveCount).toBe(3);
    });
    test('a message or a delay that no queue takes is refused, and none is sent', async () => {
      const large = { body: 'x'.repeat(256 * 1024 + 1) };
      expect(await codeOf(send('validate', { body: 'fine' }, large))).toBe('NOT_STORABLE');
      expect(await codeOf(send('validate', { body: 'x', delaySeconds: 901 }))).toBe('INTERNAL');
      expect(await codeOf(send('catalog', { body: 'no group' }))).toBe('INTERNAL');
      expect(await receive('validate')).toEqual([]);
    });

    describe('PRT-12 groups', () => {
      test('a group is handled one batch at a time, in order, beside other groups', async () => {
        await send(
          'catalog',
          { body: 'a1', group: 'a', deduplicationId: '1' },
          { body: 'a2', group: 'a', deduplicationId: '2' },
          { body: 'b1', group: 'b', deduplicationId: '3' },
        );
        const first = only(await receive('catalog', 1));
        expect(first.body).toBe('a1');
        expect(bodies(await receive('catalog'))).toEqual(['b1']);
        expect(await receive('catalog')).toEqual([]);
        await world.consumer.acknowledge('catalog', first.receipt);
        expect(bodies(await receive('catalog'))).toEqual(['a2']);
      });
      test('one receive may hold several of a group, in order', async () => {
        const messages = Array.from({ length: 8 }, (_, i) => ({ body: `m${i}`, group: 'g' }));
        await send('catalog', ...messages);
        expect(bodies(await receive('catalog'))).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
      });
      test('a retry of the first holds the group back', async () => {
        await send('catalog', { body: '1', group: 'g' }, { body: '2', group: 'g' });
        await world.consumer.retryLater('catalog', only(await receive('catalog', 1)).receipt, 60);
        expect(await receive('catalog')).toEqual([]);
        world.advance(61);
        expect(bodies(await receive('catalog'))).toEqual(['1', '2']);
      });
      test('a second message with the same deduplication id is dropped for five minutes, also once handled', async () => {
        await send('catalog', { body: 'first', group: 'g', deduplicationId: 'd' });
        await world.consumer.acknowledge('catalog', only(await receive('catalog')).receipt);
        world.advance(299);
        await send('catalog', { body: 'second', group: 'g', deduplicationId: 'd' });
        expect(await receive('catalog')).toEqual([]);
        world.advance(2);
        await send('catalog', { body: 'third', group: 'g', deduplicationId: 'd' });
        expect(bodies(await receive('catalog'))).toEqual(['third']);
      });
      test('without an id the body decides', async () => {
        await send('catalog', { body: 'same', group: 'g' });
        await send('catalog', { body: 'same', group: 'g' }, { body: 'other', group: 'g' });
        expect(bodies(await receive('catalog'))).toEqual(['same', 'other']);
      });
      test('queues without groups drop nothing', async () => {
        await send(
          'validate',
          { body: 'same', deduplicationId: 'd' },
          { body: 'same', deduplicationId: 'd' },
        );
        expect(bodies(await receive('validate'))).toEqual(['same', 'same']);
      });
    });
  });
}
