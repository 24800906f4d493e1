export const QUEUE_NAMES = ['validate', 'publish', 'quarantine', 'catalog', 'converge'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** Queues with groups: a message without one is refused. */
export const FIFO_QUEUES: ReadonlySet<QueueName> = new Set(['catalog', 'converge']);

export interface OutgoingMessage {
  /** JSON text, at most 256 KB, else NOT_STORABLE. */
  readonly body: string;
  /** Messages of one group are handled one batch at a time, in order (FIFO queues). 1 to 128 printable ASCII characters. */
  readonly group?: string;
  /** A second message with it within five minutes is dropped (FIFO queues); without it, the body decides. As `group`. */
  readonly deduplicationId?: string;
  /** 0 to 900. On a FIFO queue a wish: SQS has one delay there for the whole queue, so the message may come sooner. */
  readonly delaySeconds?: number;
}

/** Takes messages for later. Delivery is at least once, in no order but within a group. */
export interface Queue {
  /** All are taken when it returns. Throws `HeadgateError` where some were not: then sending all again is safe. */
  send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void>;
}

export interface Delivery {
  readonly body: string;
  readonly receipt: string;
  /** 1 for the first delivery. */
  readonly receiveCount: number;
}

/** The receiving side, for runs without Lambda's own pollers. */
export interface QueueConsumer {
  /** At most `max` messages, which others do not see until they are acknowledged or their time is over; none is not an error. */
  receive(queue: QueueName, max: number): Promise<readonly Delivery[]>;
  /** Done with it for good. A receipt that is no longer valid does nothing. */
  acknowledge(queue: QueueName, receipt: string): Promise<void>;
  /** Makes the message visible again after the delay; after the queue's last try it goes to the dead letters. */
  retryLater(queue: QueueName, receipt: string, delaySeconds: number): Promise<void>;
}
