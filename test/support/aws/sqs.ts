import { createHash } from 'node:crypto';
import { HeadgateError } from '../../../src/error.ts';
import {
  type Delivery,
  type OutgoingMessage,
  QUEUE_NAMES,
  type QueueName,
} from '../../../src/run/ports/queue.ts';
import { utf8Bytes } from '../../../src/text/utf8-order.ts';
import type { AwsLimits } from './limits.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface QueueSettings {
  readonly isFifo: boolean;
  /** Tries before a message goes to the dead letters. */
  readonly maxReceiveCount: number;
  /** A FIFO queue has one delay for all its messages: theirs are not looked at. */
  readonly delaySeconds: number;
  /** How long a message that was received is not seen by others. */
  readonly visibilitySeconds: number;
}

/** As the stack makes them: a visibility of six runs of the function and ten seconds. */
export const QUEUE_SETTINGS: Readonly<Record<QueueName, QueueSettings>> = {
  validate: { isFifo: false, maxReceiveCount: 5, delaySeconds: 0, visibilitySeconds: 190 },
  publish: { isFifo: false, maxReceiveCount: 5, delaySeconds: 0, visibilitySeconds: 1810 },
  quarantine: { isFifo: false, maxReceiveCount: 5, delaySeconds: 0, visibilitySeconds: 1810 },
  catalog: { isFifo: true, maxReceiveCount: 10, delaySeconds: 0, visibilitySeconds: 370 },
  converge: { isFifo: true, maxReceiveCount: 5, delaySeconds: 60, visibilitySeconds: 1810 },
};

export interface QueuedMessage {
  readonly id: number;
  readonly body: string;
  readonly group: string | undefined;
  readonly visibleAtMs: number;
  readonly receiveCount: number;
  readonly receipt: string | undefined;
}

/** SQS's state. */
export interface Sqs {
  /** Not yet acknowledged, dead letters left out. */
  readonly messages: (queue: QueueName) => readonly QueuedMessage[];
  readonly deadLetters: (queue: QueueName) => readonly string[];
  send(queue: QueueName, messages: readonly OutgoingMessage[]): void;
  /** Without the limits of `send`: for S3's own notifications. */
  deliver(queue: QueueName, body: string, delayMs: number): void;
  receive(queue: QueueName, max: number): readonly Delivery[];
  acknowledge(queue: QueueName, receipt: string): void;
  changeVisibility(queue: QueueName, receipt: string, seconds: number): void;
  /** Everything in flight becomes visible now, as when visibility time-outs pass. */
  expireVisibility(queue: QueueName): void;
  /** Everything is gone, as the queue of a process that was killed. */
  purge(queue: QueueName): void;
  /** Delivers everything once more that a standard queue holds now, in flight or not: at least once is no more than that. */
  duplicate(queue: QueueName, delayMs: number): void;
  /** Moves the dead letters back, as a redrive does. */
  redrive(queue: QueueName): void;
  /** Order in which a standard queue hands out what is visible; a message may stand in it twice. */
  arrange: (visible: readonly QueuedMessage[]) => readonly QueuedMessage[];
  /** Makes entries of a batch fail inside a 200. */
  failSend: (queue: QueueName, body: string) => boolean;
}

interface State {
  messages: QueuedMessage[];
  readonly deadLetters: string[];
  readonly dedup: Map<string, number>;
}

export function createSqs(clock: VirtualClock, limits: AwsLimits): Sqs {
  const states = new Map<QueueName, State>(
    QUEUE_NAMES.map((name) => [name, { messages: [], deadLetters: [], dedup: new Map() }]),
  );
  const stateOf = (queue: QueueName) => states.get(queue) as State;
  let counter = 0;
  const add = (queue: QueueName, body: string, group: string | undefined, delayMs: number) =>
    stateOf(queue).messages.push({
      id: ++counter,
      body,
      group,
      visibleAtMs: clock.ms() + delayMs,
      receiveCount: 0,
      receipt: undefined,
    });
  const change = (
    queue: QueueName,
    id: number,
    to: (message: QueuedMessage) => QueuedMessage,
  ): QueuedMessage | undefined => {
    const { messages } = stateOf(queue);
    const index = messages.findIndex((message) => message.id === id);
    const before = messages[index];
    if (before) messages[index] = to(before);
    return messages[index];
  };
  const inFlight = (queue: QueueName, receipt: string) =>
    stateOf(queue).messages.find((message) => message.receipt === receipt);

  const sqs: Sqs = {
    arrange: (visible) => visible,
    failSend: () => false,
    messages: (queue) => stateOf(queue).messages,
    deadLetters: (queue) => stateOf(queue).deadLetters,
    deliver: (queue, body, delayMs) => void add(queue, body, undefined, delayMs),
    send(queue, messages) {
      for (const message of messages) checkMessage(queue, message, limits);
      let failed = 0;
      for (const message of messages) {
        if (sqs.failSend(queue, message.body)) failed++;
        else if (!isDuplicate(stateOf(queue), queue, message, clock.ms(), limits))
          add(
            queue,
            message.body,
            message.group,
            1000 *
              (QUEUE_SETTINGS[queue].isFifo
                ? QUEUE_SETTINGS[queue].delaySeconds
                : (message.delaySeconds ?? 0)),
          );
      }
      if (failed > 0)
        throw new HeadgateError('WRITE_FAILED', `${failed} of ${messages.length} messages were not taken`);
    },
    receive(queue, max) {
      const state = stateOf(queue);
      const { maxReceiveCount, isFifo } = QUEUE_SETTINGS[queue];
      state.messages = state.messages.filter((message) => {
        const isDead = message.visibleAtMs <= clock.ms() && message.receiveCount >= maxReceiveCount;
        if (isDead) state.deadLetters.push(message.body);
        return !isDead;
      });
      const ready = isFifo
        ? readyInGroups(state.messages, clock.ms())
        : visibleAt(state.messages, clock.ms());
      const arranged = isFifo ? ready : sqs.arrange(ready);
      return arranged.slice(0, Math.min(max, limits.messagesPerReceive)).map(({ id }): Delivery => {
        const received = change(queue, id, (message) => ({
          ...message,
          receiveCount: message.receiveCount + 1,
          receipt: `${queue}-${id}-${++counter}`,
          visibleAtMs: clock.ms() + QUEUE_SETTINGS[queue].visibilitySeconds * 1000,
        })) as QueuedMessage;
        return { body: received.body, receipt: received.receipt ?? '', receiveCount: received.receiveCount };
      });
    },
    acknowledge(queue, receipt) {
      const state = stateOf(queue);
      state.messages = state.messages.filter((message) => message.receipt !== receipt);
    },
    changeVisibility(queue, receipt, seconds) {
      const message = inFlight(queue, receipt);
      if (message)
        change(queue, message.id, (m) => ({
          ...m,
          receipt: undefined,
          visibleAtMs: clock.ms() + seconds * 1000,
        }));
    },
    expireVisibility(queue) {
      const state = stateOf(queue);
      state.messages = state.messages.map((message) =>
        message.receipt === undefined ? message : { ...message, receipt: undefined, visibleAtMs: clock.ms() },
      );
    },
    purge(queue) {
      stateOf(queue).messages = [];
      stateOf(queue).dedup.clear();
    },
    duplicate(queue, delayMs) {
      if (QUEUE_SETTINGS[queue].isFifo) return;
      for (const { body } of [...stateOf(queue).messages]) add(queue, body, undefined, delayMs);
    },
    redrive(queue) {
      for (const body of stateOf(queue).deadLetters.splice(0)) add(queue, body, 'redriven', 0);
    },
  };
  return sqs;
}

function visibleAt(messages: readonly QueuedMessage[], nowMs: number): readonly QueuedMessage[] {
  return messages.filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
}

/** FIFO: the first messages of each group up to one that is delayed, and nothing of a group that has one in flight. */
function readyInGroups(messages: readonly QueuedMessage[], nowMs: number): readonly QueuedMessage[] {
  const blocked = new Set<string>();
  return messages.filter(({ group = '', visibleAtMs }) => {
    if (visibleAtMs > nowMs) blocked.add(group);
    return !blocked.has(group);
  });
}

function isDuplicate(
  state: State,
  queue: QueueName,
  { body, deduplicationId }: OutgoingMessage,
  nowMs: number,
  limits: AwsLimits,
): boolean {
  if (!QUEUE_SETTINGS[queue].isFifo) return false;
  const id = deduplicationId ?? createHash('sha256').update(body).digest('hex');
  const seenMs = state.dedup.get(id);
  if (seenMs !== undefined && nowMs - seenMs < limits.deduplicationSeconds * 1000) return true;
  state.dedup.set(id, nowMs);
  return false;
}

function checkMessage(
  queue: QueueName,
  { body, group, delaySeconds = 0, deduplicationId }: OutgoingMessage,
  limits: AwsLimits,
): void {
  const { isFifo } = QUEUE_SETTINGS[queue];
  if (isFifo && (group === undefined || !/^[\x21-\x7e]{1,128}$/u.test(group)))
    throw new HeadgateError(
      'INTERNAL',
      `queue ${queue} needs a group of 1 to 128 printable ASCII characters`,
    );
  if (deduplicationId !== undefined && !/^[\x21-\x7e]{1,128}$/u.test(deduplicationId))
    throw new HeadgateError('INTERNAL', 'a deduplication id has 1 to 128 printable ASCII characters');
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > limits.delaySeconds)
    throw new HeadgateError('INTERNAL', `a delay of ${delaySeconds} seconds, expected 0 to 900`);
  if (body === '' || utf8Bytes(body) > limits.messageBytes)
    throw new HeadgateError(
      'NOT_STORABLE',
      `a message of ${utf8Bytes(body)} bytes, expected 1 to ${limits.messageBytes}`,
    );
}
