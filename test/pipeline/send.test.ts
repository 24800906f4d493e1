import { expect, test } from 'vitest';
import type { ApplyMessage, ConvergeMessage, RegisterMessage } from '../../src/run/message/messages.ts';
import { send } from '../../src/run/message/send.ts';
import { virtualClock } from '../support/aws/virtual-clock.ts';
import { createAwsWorld } from '../support/aws/world.ts';

const register = (table: string, folder: string): RegisterMessage => ({ kind: 'register', table, folder });
const converge = (folder: string): ConvergeMessage => ({ kind: 'converge', table: 'shop.t', folder });

const apply = (table: string, contractHash: string): ApplyMessage => ({ kind: 'apply', table, contractHash });

test.each(['shop.t', `${'d'.repeat(255)}.${'t'.repeat(255)}`, 'größe.日本', 'with space.t', ''])(
  'PIP-20: a queue takes messages of the table %s, and the types of one table are one group',
  async (table) => {
    const { sqs, process } = createAwsWorld();
    const { queue, clock } = process();
    await send(
      { queue, clock },
      { catalog: [{ message: apply(table, 'a') }, { message: apply(table, 'b') }] },
    );
    await send({ queue, clock }, { catalog: [{ message: apply('another', 'a') }] });
    const groups = sqs.messages('catalog').map(({ group }) => group);
    expect(groups).toHaveLength(3);
    expect(groups[0]).toBe(groups[1]);
    expect(groups[2]).not.toBe(groups[0]);
  },
);

test('PIP-20, LAK-110: a partition is a group of its own, apart from the types of its table', async () => {
  const clock = virtualClock('2026-11-03T10:00:00.000Z');
  const { sqs, process } = createAwsWorld({ clock });
  const { queue } = process();
  for (const message of [
    register('shop.t', 'a/'),
    register('shop.t', 'b/'),
    register('shop.u', 'a/'),
    apply('shop.t', 'h'),
    register('shop.t', 'a/'),
  ]) {
    await send({ queue, clock }, { catalog: [{ message }] });
    clock.advance(2000);
  }
  const groups = sqs.messages('catalog').map(({ group }) => group);
  expect(groups).toHaveLength(5);
  expect(new Set(groups).size).toBe(4);
  expect(groups[4]).toBe(groups[0]);
});

test('PIP-20: tables whose long names begin alike are two groups', async () => {
  const { sqs, process } = createAwsWorld();
  const names = ['a', 'b'].map((end) => 'x'.repeat(200) + end);
  for (const name of names) await send(process(), { catalog: [{ message: apply(name, 'h') }] });
  expect(new Set(sqs.messages('catalog').map(({ group }) => group)).size).toBe(2);
});

test('PIP-20: a second wish is dropped only while the first is still to come', async () => {
  const clock = virtualClock('2026-11-03T10:00:00.000Z');
  const { sqs, process } = createAwsWorld({ clock });
  const { queue } = process();
  const wish = (delaySeconds: number) => ({ converge: [{ message: converge('a/'), delaySeconds }] });
  await send({ queue, clock }, wish(60));
  await send({ queue, clock }, wish(60));
  expect(sqs.messages('converge')).toHaveLength(1);
  clock.advance(60_000);
  await send({ queue, clock }, wish(60));
  expect(sqs.messages('converge')).toHaveLength(2);
  await send({ queue, clock }, { converge: [{ message: converge('b/'), delaySeconds: 60 }] });
  expect(sqs.messages('converge')).toHaveLength(3);
  clock.advance(1000);
  await send({ queue, clock }, wish(0));
  expect(sqs.messages('converge')).toHaveLength(4);
});

test('PIP-20: the wishes of two objects for the same types are two messages, one object’s are one', async () => {
  const { sqs, process } = createAwsWorld();
  const wish = (key: string): ApplyMessage => ({
    kind: 'apply',
    table: 'shop.t',
    contractHash: 'h',
    rider: {
      kind: 'publish',
      table: 'shop.t',
      origin: { bucket: 'landing', key, etag: 'e', sizeBytes: 1, writtenAt: '2026-11-03T10:00:00.000Z' },
      judgedBy: { contractHash: 'h', contractVersion: '1.0.0', catalogVersion: '1.0.0' },
    },
  });
  for (const key of ['t/a', 't/b', 't/a']) await send(process(), { catalog: [{ message: wish(key) }] });
  expect(sqs.messages('catalog')).toHaveLength(2);
});

test('PIP-20: what is due later than a queue can wait comes as late as it can', async () => {
  const { sqs, process, clock } = createAwsWorld();
  const look = { kind: 'look', bucket: 'landing', key: 't/a' } as const;
  await send(process(), { validate: [{ message: look, delaySeconds: 5000 }] });
  expect(sqs.messages('validate')[0]?.visibleAtMs).toBe(clock.ms() + 900_000);
});
