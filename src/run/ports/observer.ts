/** What happened to one object: for metrics, and for whoever watches. Never more than a key: no values, no statistics. */
export type Observation =
  | {
      readonly kind: 'looked-at';
      readonly table: string;
      readonly key: string;
      readonly outcome: 'admit' | 'hold' | 'ignore' | 'unmatched' | 'waits-for-apply' | 'superseded';
      /** Held by its verdict, and left where it is. */
      readonly isLeft?: boolean;
      /** From the producer's write to the verdict: in place, readers could see the object that long. */
      readonly exposedSeconds: number;
    }
  | { readonly kind: 'ignored'; readonly table: string; readonly reason: string }
  /** From the first copy to the last delete of a batch: readers could see old and new together that long. */
  | {
      readonly kind: 'mixed';
      readonly table: string;
      readonly folder: string;
      readonly mixedSeconds: number;
    }
  /** An object was admitted because of a grant, by its id. */
  | { readonly kind: 'granted'; readonly table: string; readonly key: string; readonly grant: string }
  /** The newest contracts cannot be used: files are judged by the last known good ones. Of no table (`-`). */
  | { readonly kind: 'contracts-stale'; readonly table: '-' }
  | { readonly kind: 'published' | 'unpublished' | 'held'; readonly table: string; readonly key: string };

/** Is told what happened, at once and without an answer. It must not throw. */
export interface Observer {
  record(observation: Observation): void;
}

export const NO_OBSERVER: Observer = { record: () => {} };
