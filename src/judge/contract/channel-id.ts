import { createHash } from 'node:crypto';

/** What a channel of a contract's `support` is called where names take few characters: a topic, a variable. */
export function channelId(channel: string): string {
  return createHash('sha256').update(channel).digest('hex').slice(0, 16);
}
