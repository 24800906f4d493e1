import { createHash } from 'node:crypto';
import { HeadgateError } from '../../../error.ts';
import { utf8Bytes } from '../../../text/utf8-order.ts';
import {
  type Delivery,
  FIFO_QUEUES,
  type OutgoingMessage,
  QUEUE_NAMES,
  type Queue,
  type QueueConsumer,
  type QueueName,
} from '../../ports/queue.ts';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_DELAY_SECONDS = 900;
const VISIBILITY_MS = 900_000;
const DEDUPLICATION_MS = 300_000;
const TRIES: Readonly<Record<QueueName, number>> = {
  validate: 5,
  publish: 5,
  quarantine: 5,
  catalog: 10,
  converge: 5,
};

interface Message {
  readonly body: string;
  readonly group: string;
  visibleAtMs: number;
  receiveCount: number;
  receipt: string | undefined;
}

interface State {
  /** In the order of sending. */
  readonly messages: Set<Message>;
  readonly byReceipt: Map<string, Message>;
  /** When each deduplication id was sent first, oldest first. */
  readonly sentAtMs: Map<string, number>;
  readonly deadLetters: string[];
}

export interface LocalQueue {
  readonly queue: Queue;
  readonly consumer: QueueConsumer;
  readonly deadLetters: (queue: QueueName) => readonly string[];
}

/**
 * Queues in memory, with the order, tries and dead letters of SQS. What is in them is lost with the process: a message
 * only says where to look, and a start looks everywhere. `nowMs` is any clock that does not go back.
 */
export function createLocalQueue(nowMs: () => number = () => performance.now()): LocalQueue {
  const states = new Map<QueueName, State>(
    QUEUE_NAMES.map((name) => [
      name,
      { messages: new Set(), byReceipt: new Map(), sentAtMs: new Map(), deadLetters: [] },
    ]),
  );
  const stateOf = (queue: QueueName) => states.get(queue) as State;
  let receipts = 0;
  const deliver = (state: State, message: Message): Delivery => {
    if (message.receipt !== undefined) state.byReceipt.delete(message.receipt);
    const receipt = String(++receipts);
    message.receipt = receipt;
    message.receiveCount++;
    message.visibleAtMs = nowMs() + VISIBILITY_MS;
    state.byReceipt.set(receipt, message);
    return { body: message.body, receipt, receiveCount: message.receiveCount };
  };

  return {
    deadLetters: (queue) => stateOf(queue).deadLetters,
    queue: {
      async send(queue, messages) {
        for (const message of messages) checkMessage(queue, message);
        const state = stateOf(queue);
        for (const message of messages) {
          if (FIFO_QUEUES.has(queue) && isDuplicate(state, message, nowMs())) continue;
          state.messages.add({
            body: message.body,
            group: message.group ?? '',
            visibleAtMs: nowMs() + 1000 * (message.delaySeconds ?? 0),
            receiveCount: 0,
            receipt: undefined,
          });
        }
      },
    },
    consumer: {
      async receive(queue, max) {
        const state = stateOf(queue);
        return ready(queue, state, nowMs(), max).map((message) => deliver(state, message));
      },
      async acknowledge(queue, receipt) {
        const state = stateOf(queue);
        const message = state.byReceipt.get(receipt);
        if (!message) return;
        state.byReceipt.delete(receipt);
        state.messages.delete(message);
      },
      async retryLater(queue, receipt, delaySeconds) {
        const state = stateOf(queue);
        const message = state.byReceipt.get(receipt);
        if (!message) return;
        state.byReceipt.delete(receipt);
        message.receipt = undefined;
        message.visibleAtMs = nowMs() + 1000 * delaySeconds;
      },
    },
  };
}

/** What may be received now; what has had its last try goes to the dead letters on the way. */
function ready(queue: QueueName, state: State, nowMs: number, max: number): readonly Message[] {
  const isFifo = FIFO_QUEUES.has(queue);
  const blocked = new Set<string>();
  const found: Message[] = [];
  for (const message of state.messages) {
    if (found.length >= max) break;
    if (message.visibleAtMs > nowMs) {
      if (isFifo) blocked.add(message.group);
    } else if (message.receiveCount >= TRIES[queue]) {
      state.messages.delete(message);
      if (message.receipt !== undefined) state.byReceipt.delete(message.receipt);
      state.deadLetters.push(message.body);
    } else if (!blocked.has(message.group)) found.push(message);
  }
  return found;
}

function isDuplicate(state: State, { body, deduplicationId }: OutgoingMessage, nowMs: number): boolean {
  for (const [id, sentAtMs] of state.sentAtMs) {
    if (nowMs - sentAtMs < DEDUPLICATION_MS) break;
    state.sentAtMs.delete(id);
  }
  const id = deduplicationId ?? createHash('sha256').update(body).digest('hex');
  if (state.sentAtMs.has(id)) return true;
  state.sentAtMs.set(id, nowMs);
  return false;
}

const NAME = /^[\x21-\x7e]{1,128}$/u;

function checkMessage(
  queue: QueueName,
  { body, group, deduplicationId, delaySeconds = 0 }: OutgoingMessage,
): void {
  if (FIFO_QUEUES.has(queue) && (group === undefined || !NAME.test(group)))
    throw new HeadgateError(
      'INTERNAL',
      `queue ${queue} needs a group of 1 to 128 printable ASCII characters`,
    );
  if (deduplicationId !== undefined && !NAME.test(deduplicationId))
    throw new HeadgateError('INTERNAL', 'a deduplication id has 1 to 128 printable ASCII characters');
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS)
    throw new HeadgateError('INTERNAL', `a delay of ${delaySeconds} seconds, expected 0 to 900`);
  const bytes = utf8Bytes(body);
  if (bytes === 0 || bytes > MAX_BODY_BYTES)
    throw new HeadgateError('NOT_STORABLE', `a message of ${bytes} bytes, expected 1 to ${MAX_BODY_BYTES}`);
}
