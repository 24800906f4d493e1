import type { Messages } from '../message/messages.ts';
import type { QueueConsumer } from '../ports/queue.ts';

export interface TrackedConsumer {
  readonly consumer: QueueConsumer;
  /** Messages whose last try failed, with why; one that succeeds later leaves. */
  readonly failing: ReadonlyMap<string, unknown>;
  /** The error of the message that is put back next. */
  noteError(error: unknown): void;
}

/** Remembers which messages fail, over all of their tries, and tells each failure with what it is about. */
export function trackFailures(
  inner: QueueConsumer,
  tell: (error: unknown, about: string) => void,
): TrackedConsumer {
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
        const body = bodies.get(id) ?? '';
        failing.set(body, lastError);
        bodies.delete(id);
        tell(lastError, aboutOf(body));
        await inner.retryLater(queue, receipt, delaySeconds);
      },
    },
  };
}

/** The object or folder that a message is about. */
function aboutOf(body: string): string {
  const message = JSON.parse(body) as Messages[keyof Messages];
  switch (message.kind) {
    case 'look':
      return `s3://${message.bucket}/${message.key}`;
    case 'publish':
    case 'hold':
      return `s3://${message.origin.bucket}/${message.origin.key}`;
    case 'batch':
    case 'register':
    case 'converge':
      return `${message.table} ${message.folder}`.trimEnd();
    case 'apply':
    case 'sweep':
      return message.table;
  }
}
