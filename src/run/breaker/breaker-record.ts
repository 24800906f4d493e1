import type { DistinctSketch } from '../ledger/distinct-sketch.ts';
import type { RecordKind } from '../ledger/record-kind.ts';

export interface BreakerRecord {
  readonly state: 'closed' | 'open';
  /** What the counts were made under: contract hash and Headgate's version. */
  readonly signature: string;
  readonly changedAt: string;
  /** The signature before it: gates that still have it are late, and not new. */
  readonly previous?: string;
  /** How often it was closed: what was counted before the last time counts no more. */
  readonly closings?: number;
  readonly openedAt?: string;
  /** `MassDrift` for this opening is out. */
  readonly isAnnounced?: boolean;
  /** A person closed it under this signature, and so said that its holds are right. */
  readonly closed?: { readonly at: string; readonly by: string; readonly signature: string };
  /** Objects deleted without new files, by UTC minute, an hour at most; and until when a person allowed more. */
  readonly deleted?: readonly { readonly minute: string; readonly objects: DistinctSketch }[];
  /** The same as older versions counted it, by the clock's hour. */
  readonly deletes?: { readonly hour: string; readonly count: number };
  readonly deletesAllowedUntil?: string;
}

/** A part of a table's counts: gates that run at once write to different ones. */
export interface BreakerShard {
  /** Newest last, few: those of the version before are kept while it still runs somewhere. */
  readonly counts: readonly BreakerCounts[];
}

export interface BreakerCounts {
  /** The signature, and how often the breaker had been closed. */
  readonly under: string;
  /** Objects judged or known to come, and held, by UTC minute, newest last, five minutes at most. */
  readonly minutes: readonly {
    readonly minute: string;
    readonly judged: DistinctSketch;
    readonly held: DistinctSketch;
  }[];
}

/** id `state`, in one scope with the shards. */
export const BREAKERS: RecordKind<BreakerRecord> = {
  name: 'breaker',
  form: 1,
  needs: { state: 'string', signature: 'string', changedAt: 'string' },
};

/** id counts/0 to counts/7. */
export const BREAKER_SHARDS: RecordKind<BreakerShard> = {
  name: 'breaker',
  form: 1,
  needs: { counts: 'array' },
  // The first shards had numbers for all signatures together; they were of five minutes, and count no more.
  carry: ({ counts = [] }) => ({ counts }),
};
