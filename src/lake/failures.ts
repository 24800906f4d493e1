import type { QueueConsumer } from '../ports/queue.ts';

export interface TrackedConsumer {
  readonly consumer: QueueConsumer;
  /** Messages whose last try failed, with why; one that succeeds later leaves. */
  readonly failing: ReadonlyMap<string, unknown>;
  /** The error of the message that is put back next. */
  noteError(error: unknown): void;
}

/** Remembers which messages fail, over all of their tries. */
export function trackFailures(inner: QueueConsumer): TrackedConsumer {
  const bodies = new Map<string, string>();
  const failing = new Map<string, unknown>();
  let lastError: unknown;
  const idOf = (queue: string, receipt: string) => `${queue} ${receipt}`;
  return {
    failing,
    noteError(error) {
      lastError = error;
    },
    consumer: {
      async receive(queue, max) {
        const deliveries = await inner.receive(queue, max);
        for (const { receipt, body } of deliveries) bodies.set(idOf(queue, receipt), body);
        return deliveries;
      },
      async acknowledge(queue, receipt) {
        const id = idOf(queue, receipt);
        failing.delete(bodies.get(id) ?? '');
        bodies.delete(id);
        await inner.acknowledge(queue, receipt);
      },
      async retryLater(queue, receipt, delaySeconds) {
        const id = idOf(queue, receipt);
        failing.set(bodies.get(id) ?? '', lastError);
        bodies.delete(id);
        await inner.retryLater(queue, receipt, delaySeconds);
      },
    },
  };
}
