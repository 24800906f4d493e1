import type { Delivery, QueueConsumer, QueueName } from '../ports/queue.ts';
import { QUEUE_NAMES } from '../ports/queue.ts';
import { updateCatalog } from './catalog.ts';
import type { CatalogCache } from './catalog-table.ts';
import { converge } from './converge.ts';
import { gate } from './gate.ts';
import type { Failure, Guard } from './guard.ts';
import type { Messages } from './messages.ts';
import { publish } from './publish.ts';
import { quarantine } from './quarantine.ts';

/** What handles each queue's messages. */
const USE_CASES = {
  validate: (guard, messages) => gate(guard, messages),
  publish: (guard, messages) => publish(guard, messages),
  quarantine: (guard, messages) => quarantine(guard, messages),
  catalog: (guard, messages, cache) => updateCatalog(guard, messages, cache),
  converge: (guard, messages) => converge(guard, messages),
} as const satisfies {
  readonly [Name in QueueName]: (
    guard: Guard,
    messages: readonly Messages[Name][],
    cache: CatalogCache,
  ) => Promise<readonly Failure[]>;
};

export interface WorkOptions {
  readonly batchSize: number;
  readonly retryDelaySeconds: number;
  readonly cache: CatalogCache;
  /** Called for each message that failed; it comes again by itself. */
  readonly onFailure?: (queue: QueueName, error: unknown) => void;
}

/**
 * Takes at most one batch from each queue and handles it; the number of messages taken, 0 when all queues are quiet.
 * A message that fails, or a batch that cannot be handled at all, comes again: an error of ours is never a verdict.
 */
export async function workOnce(guard: Guard, consumer: QueueConsumer, options: WorkOptions): Promise<number> {
  let taken = 0;
  for (const queue of QUEUE_NAMES) {
    const deliveries = await consumer.receive(queue, options.batchSize);
    taken += deliveries.length;
    if (deliveries.length > 0) await handle(guard, consumer, queue, deliveries, options);
  }
  return taken;
}

async function handle(
  guard: Guard,
  consumer: QueueConsumer,
  queue: QueueName,
  deliveries: readonly Delivery[],
  options: WorkOptions,
): Promise<void> {
  const failed = new Map<number, unknown>();
  try {
    const messages = deliveries.map(({ body }) => JSON.parse(body) as never);
    const run = USE_CASES[queue] as (
      guard: Guard,
      messages: readonly never[],
      cache: CatalogCache,
    ) => Promise<readonly Failure[]>;
    for (const { index, error } of await run(guard, messages, options.cache)) failed.set(index, error);
  } catch (error) {
    for (const index of deliveries.keys()) failed.set(index, error);
  }
  for (const [index, { receipt }] of deliveries.entries()) {
    const error = failed.get(index);
    if (!failed.has(index)) {
      await consumer.acknowledge(queue, receipt);
      continue;
    }
    options.onFailure?.(queue, error);
    await consumer.retryLater(queue, receipt, options.retryDelaySeconds);
  }
}
