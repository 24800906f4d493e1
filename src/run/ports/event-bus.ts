import type { Json } from './ledger.ts';

export interface BusEvent {
  /** The same for the same happening, however often it is published. */
  readonly id: string;
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly detail: { readonly [name: string]: Json | undefined };
}

/** Tells everybody who listens. Delivery is at least once, in no order. */
export interface EventBus {
  /** All are out when it returns. Throws `HeadgateError` where some were not: then publishing all again is safe. */
  publish(events: readonly BusEvent[]): Promise<void>;
}
