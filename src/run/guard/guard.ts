import type { PageLimits } from '../../judge/pages/limits.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContractSource } from '../ports/contract-source.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Observer } from '../ports/observer.ts';
import type { Queue } from '../ports/queue.ts';

/** The world, as the use cases see it. Each takes only what it may touch: `Pick<Guard, …>` is its permission. */
export interface Guard {
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly queue: Queue;
  readonly events: EventBus;
  readonly notifier: Notifier;
  readonly contracts: ContractSource;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly settings: GuardSettings;
}

export interface GuardSettings {
  /** Where held objects go unless the contract says otherwise: `s3://bucket/prefix/`. */
  readonly quarantine: string;
  /** Headgate's own version: a new one counts as a change for the circuit breaker. */
  readonly version: string;
  readonly maxFooterBytes: number;
  /** How far pages are looked into at most, where a contract asks for it. */
  readonly pageLimits: PageLimits;
}

/** One message of a batch that could not be handled: it comes again. The others of the batch are done. */
export interface Failure {
  readonly index: number;
  readonly error: unknown;
}

/** While a new version spreads, workers that have the old one go on: they do not make the old one new again. */
export const STRAGGLERS_MS = 120_000;
