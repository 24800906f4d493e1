import { HeadgateError } from '../../error.ts';
import { publish } from '../folder/publish.ts';
import { watchFolders } from '../folder/watch.ts';
import { gate } from '../gate/gate.ts';
import type { Failure, Guard } from '../guard/guard.ts';
import { quarantine } from '../hold/quarantine.ts';
import type { Messages } from '../message/messages.ts';
import type { Delivery, QueueConsumer, QueueName } from '../ports/queue.ts';
import { QUEUE_NAMES } from '../ports/queue.ts';
import { updateCatalog } from '../table/catalog.ts';
import type { CatalogCache } from '../table/catalog-table.ts';

/** What handles each queue's messages. */
const USE_CASES = {
  validate: (guard, messages) => gate(guard, messages),
  publish: (guard, messages) => publish(guard, messages),
  quarantine: (guard, messages) => quarantine(guard, messages),
  catalog: (guard, messages, cache) => updateCatalog(guard, messages, cache),
  converge: (guard, messages) => watchFolders(guard, messages),
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
  const run = USE_CASES[queue] as (
    guard: Guard,
    messages: readonly never[],
    cache: CatalogCache,
  ) => Promise<readonly Failure[]>;
  const failed = await failuresOf(deliveries, (messages) => run(guard, messages, options.cache));
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

/**
 * What failed, by its place. One message that nobody can handle must not take the others of its batch to the dead
 * letters: a batch that fails for what waiting does not mend is handled one by one.
 */
async function failuresOf(
  deliveries: readonly Delivery[],
  run: (messages: readonly never[]) => Promise<readonly Failure[]>,
): Promise<ReadonlyMap<number, unknown>> {
  try {
    const failures = await run(deliveries.map(({ body }) => JSON.parse(body) as never));
    return new Map(failures.map(({ index, error }) => [index, error]));
  } catch (error) {
    if (isRetryable(error) || deliveries.length === 1)
      return new Map(deliveries.map((_, index) => [index, error]));
  }
  const failed = new Map<number, unknown>();
  for (const [index, delivery] of deliveries.entries())
    for (const error of (await failuresOf([delivery], run)).values()) failed.set(index, error);
  return failed;
}

/** Whether waiting may help: a bug or a missing permission is told at once. */
function isRetryable(error: unknown): boolean {
  return error instanceof HeadgateError && error.retryable;
}
