import type { Effect } from '../../judge/athena/prediction.ts';
import type { RecordKind } from '../ledger/record-kind.ts';
import type { Notice } from '../ports/notifier.ts';

/** All incidents of one table and contract version, with what is to be told about them. Plain data, bounded in size. */
export interface Incidents {
  readonly table: string;
  readonly contractVersion: string;
  /** Open ones, and those resolved within the last day: their thread may be reopened. */
  readonly incidents: readonly Incident[];
  /** What was counted already, as short hashes, newest last: events come at least once. */
  readonly counted: readonly string[];
  /** Notices that are not known to be delivered, oldest first. */
  readonly outbox: readonly QueuedNotice[];
}

/** id contract version. */
export const INCIDENTS: RecordKind<Incidents> = {
  name: 'incidents',
  form: 1,
  needs: {
    table: 'string',
    contractVersion: 'string',
    incidents: 'array',
    counted: 'array',
    outbox: 'array',
  },
};

/** A notice with what stands in front of it, so that it can be said again with the counts of its delivery. */
export type QueuedNotice = Notice & { readonly why?: string };

export interface Incident {
  readonly id: string;
  readonly status: 'open' | 'resolved';
  readonly openedAt: string;
  /** When it last happened. */
  readonly lastAt: string;
  readonly resolvedAt?: string;
  /** What it is about: any of these pairs in a new finding makes the finding part of it. */
  readonly pairs: readonly Pair[];
  /** There were more pairs than are kept. */
  readonly hasMorePairs: boolean;
  /** How often it happened: files, or looks at the catalog. */
  readonly count: number;
  /** How many files of it were held when that was last counted. */
  readonly held?: number;
  /** How many files the last notice spoke of. */
  readonly told?: number;
  readonly effect: Effect;
  readonly first?: Place;
  readonly last?: Place;
  readonly servesOldData: boolean;
  /** Something of it may be held: only a look at the holds ends it. */
  readonly isHeld: boolean;
  /** When something last happened that no end will be told of (`observe`, `onHold: alert`, the catalog). */
  readonly quietSince?: string;
  readonly owner: Owner;
  readonly mutedUntil?: string;
  readonly massDrift?: { readonly held: number; readonly judged: number; readonly isReadable: boolean };
  /** Number of the last notice. */
  readonly sequence: number;
}

/** One rule that fired at one place, with both sides as they were first seen. */
export interface Pair {
  readonly rule: string;
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** One file of an incident. */
export interface Place {
  /** `s3://bucket/key`, safe to show. */
  readonly uri: string;
  /** The partition folder; empty where the key has none. */
  readonly folder: string;
  readonly holdId?: string;
}

export interface Owner {
  readonly team: string | undefined;
  readonly channels: readonly string[];
}

/** What can happen to the incidents of a table and version. */
export type IncidentEvent =
  /** Somebody should know. `id` is counted once, however often it comes. */
  | {
      readonly kind: 'happened';
      readonly id: string;
      readonly at: string;
      readonly pairs: readonly Pair[];
      readonly effect: Effect;
      readonly owner: Owner;
      readonly place?: Place;
      readonly servesOldData: boolean;
      /** `held`: lasts until a look at the holds finds none. `quiet`: lasts until a day passes without it. */
      readonly lasts: 'held' | 'quiet';
      /** A test of ours: an incident that it opens is muted from the start. */
      readonly isExpected?: boolean;
      /** Said in front, and each time: what joins an incident is told then too. */
      readonly why?: string;
    }
  | {
      readonly kind: 'mass-drift';
      readonly id: string;
      readonly at: string;
      readonly held: number;
      readonly judged: number;
      /** Bad files stay where queries read them meanwhile (`in-place`). */
      readonly isReadable: boolean;
      readonly owner: Owner;
    }
  | { readonly kind: 'breaker-closed'; readonly by: string }
  /** What the pair is about has ended. */
  | { readonly kind: 'over'; readonly pair: Pick<Pair, 'rule' | 'path'>; readonly why: string }
  /** What is held now, by the pairs of each hold. */
  | { readonly kind: 'looked'; readonly held: readonly (readonly Pick<Pair, 'rule' | 'path'>[])[] }
  | { readonly kind: 'tick' }
  /** How many files of incidents are held now. `isTold`: people should hear where that is far more than they know. */
  | { readonly kind: 'counted'; readonly held: ReadonlyMap<string, number>; readonly isTold: boolean }
  | { readonly kind: 'mute'; readonly incident: string; readonly until: string }
  | { readonly kind: 'resolve'; readonly incident: string; readonly by: string }
  | { readonly kind: 'sent'; readonly incident: string; readonly sequence: number };

/** ISO 8601, UTC, with milliseconds: text order is time order. */
export interface Moment {
  readonly now: string;
  /** 24 hours earlier. */
  readonly dayAgo: string;
}

/** Open incidents kept apart; what comes beyond is folded into the newest. */
export const MAX_OPEN = 10;
/** Open and resolved ones together. */
export const MAX_KEPT = 30;
export const MAX_PAIRS = 40;
export const MAX_COUNTED = 2048;
export const MAX_OUTBOX = 50;

/** No end of a mute. */
export const FOR_EVER = '9999-12-31T23:59:59.999Z';

export function noIncidents(table: string, contractVersion: string): Incidents {
  return { table, contractVersion, incidents: [], counted: [], outbox: [] };
}

/** The identity of a pair. */
export function pairKey({ rule, path }: Pick<Pair, 'rule' | 'path'>): string {
  return JSON.stringify([rule, path]);
}
