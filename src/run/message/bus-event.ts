import { createHash } from 'node:crypto';
import type { BusEvent } from '../ports/event-bus.ts';
import type { PipelineEvent } from './events.ts';

/** An event as the bus carries it. `identity` says which happening it is: the same parts give the same id, always. */
export function busEvent(event: PipelineEvent, at: string, identity: readonly string[]): BusEvent {
  const id = createHash('sha256')
    .update(JSON.stringify([event.type, ...identity]))
    .digest('hex')
    .slice(0, 32);
  // Details are plain data; their interfaces only lack the index signature of JSON.
  return { id, type: event.type, at, detail: event.detail as unknown as BusEvent['detail'] };
}
