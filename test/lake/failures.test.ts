import { describe, expect, test } from 'vitest';
import { createLocalQueue } from '../../src/run/adapters/local/queue.ts';
import { trackFailures } from '../../src/run/lake/failures.ts';

const origin = { bucket: 'landing', key: 't/a.parquet', etag: 'e', sizeBytes: 1, writtenAt: '' };

describe('DEV-1: work that fails is told with what it is about', () => {
  test.each([
    ['validate', { kind: 'look', bucket: 'landing', key: 't/a.parquet' }, 's3://landing/t/a.parquet'],
    ['publish', { kind: 'publish', table: 'shop.t', origin }, 's3://landing/t/a.parquet'],
    ['publish', { kind: 'batch', table: 'shop.t', folder: 'dt=1/' }, 'shop.t dt=1/'],
    ['quarantine', { kind: 'hold', table: 'shop.t', origin }, 's3://landing/t/a.parquet'],
    ['catalog', { kind: 'register', table: 'shop.t', folder: '' }, 'shop.t'],
    ['catalog', { kind: 'apply', table: 'shop.t' }, 'shop.t'],
    ['converge', { kind: 'converge', table: 'shop.t', folder: 'dt=1/' }, 'shop.t dt=1/'],
  ] as const)('%s %j: %s', async (name, message, about) => {
    const local = createLocalQueue();
    const told: unknown[] = [];
    const { consumer, failing, noteError } = trackFailures(local.consumer, (error, what) =>
      told.push([error, what]),
    );
    await local.queue.send(name, [{ body: JSON.stringify(message), group: 'g' }]);
    const [first] = await consumer.receive(name, 1);
    noteError('disk full');
    await consumer.retryLater(name, first?.receipt ?? '', 0);
    expect(told).toEqual([['disk full', about]]);
    expect([...failing.values()]).toEqual(['disk full']);
    const [again] = await consumer.receive(name, 1);
    await consumer.acknowledge(name, again?.receipt ?? '');
    expect(failing.size).toBe(0);
    // A receipt that nobody gave out is nothing that failed.
    await consumer.acknowledge(name, 'unknown');
    expect(told).toHaveLength(1);
  });
});
