export const QUEUE_NAMES = ['validate', 'publish', 'quarantine', 'catalog', 'converge'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export interface OutgoingMessage {
  /** JSON text. */
  readonly body: string;
  /** Messages of one group are handled one batch at a time, in order (FIFO queues). */
  readonly group?: string;
  /** A second message with it within five minutes is dropped (FIFO queues). */
  readonly deduplicationId?: string;
  /** 0 to 900. */
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
  receive(queue: QueueName, max: number): Promise<readonly Delivery[]>;
  acknowledge(queue: QueueName, receipt: string): Promise<void>;
  /** Makes the message visible again after the delay; after the queue's last try it goes to the dead letters. */
  retryLater(queue: QueueName, receipt: string, delaySeconds: number): Promise<void>;
}
