import { createHash } from 'node:crypto';
import type { Guard } from '../guard/guard.ts';
import type { ApplyMessage, Messages } from './messages.ts';
import { originId } from './origin.ts';

/** SQS takes no longer delay. What is due later hops: see `converge`. */
const MAX_DELAY_SECONDS = 900;

interface Sent<Message> {
  readonly message: Message;
  readonly delaySeconds?: number;
}

/**
 * Sends to each queue what it carries. The FIFO queues get groups, in which one thing happens after the other: the table for
 * its types in the catalog, the folder for its partition and for convergences, so that a folder that fails holds up no other.
 */
export async function send(
  { queue, clock }: Pick<Guard, 'queue' | 'clock'>,
  outgoing: { readonly [Name in keyof Messages]?: readonly Sent<Messages[Name]>[] },
): Promise<void> {
  const nowSeconds = Date.parse(clock.now()) / 1000;
  for (const name of ['validate', 'publish', 'quarantine', 'catalog', 'converge'] as const) {
    const messages = outgoing[name] ?? [];
    if (messages.length === 0) continue;
    await queue.send(
      name,
      messages.map(({ message, delaySeconds = 0 }) => ({
        body: JSON.stringify(message),
        ...(delaySeconds > 0 && { delaySeconds: Math.min(Math.ceil(delaySeconds), MAX_DELAY_SECONDS) }),
        ...fifo(message, nowSeconds, delaySeconds),
      })),
    );
  }
}

/**
 * A second message about the same thing is dropped only while the first is still to come: the window that they share
 * is no longer than the delay, so whoever handles the first sees what the second was about.
 */
function fifo(message: Messages[keyof Messages], nowSeconds: number, delaySeconds: number) {
  const windowSeconds = Math.min(Math.max(delaySeconds, 1), 60);
  const window = Math.floor(nowSeconds / windowSeconds);
  switch (message.kind) {
    case 'converge':
      // One that is due at another minute is another wish: it must not make an earlier one late.
      return {
        group: short([message.table, message.folder]),
        deduplicationId: short([
          'converge',
          message.table,
          message.folder,
          minuteOf(message.notBefore),
          window,
        ]),
      };
    case 'sweep':
      return {
        group: short(['sweep', message.table]),
        deduplicationId: short(['sweep', message.table, message.after, window]),
      };
    case 'register':
      return {
        group: short(['register', message.table, message.folder]),
        deduplicationId: short(['register', message.table, message.folder, window]),
      };
    case 'apply':
      // What rides along is part of it: one object's wish must not swallow another's.
      return {
        group: groupOf(message.table),
        deduplicationId: short([message.table, message.contractHash, riderOf(message.rider), window]),
      };
    case 'look':
    case 'publish':
    case 'batch':
    case 'hold':
      return {};
  }
}

function minuteOf(isoTime = ''): string {
  return isoTime.slice(0, 16);
}

function riderOf(rider: ApplyMessage['rider']): string {
  if (rider === undefined) return '';
  return rider.kind === 'publish' ? originId(rider.origin) : rider.folder;
}

/** Glue's names are longer than SQS's groups, and of more characters. */
function groupOf(table: string): string {
  return /^[\x21-\x7e]{1,128}$/u.test(table) ? table : short([table]);
}

/** SQS takes 128 characters of a few kinds; a folder may hold anything. */
function short(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
