/** Plain JSON. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/** `scope` groups entries that are listed together; `id` is one of them. Each has 1 to 1,024 bytes of UTF-8, else NOT_STORABLE. */
export interface LedgerKey {
  readonly scope: string;
  readonly id: string;
}

export interface LedgerEntry extends LedgerKey {
  /** With its key at most 400 KB as JSON text, else NOT_STORABLE. */
  readonly value: Json;
  /** Changes with every write, and is never used again. */
  readonly revision: string;
}

export interface PutOptions {
  /** ISO 8601, UTC: from then on the entry may be gone at any time, or stay. */
  readonly expiresAt?: string;
}

/**
 * Small facts that outlive a process: incidents, sagas, the breaker, what is applied. A write states what it expects to
 * be there, so that no update is lost.
 */
export interface Ledger {
  get(key: LedgerKey): Promise<LedgerEntry | undefined>;
  /** Stores the value where the entry still has that revision; `undefined` expects no entry. */
  put(
    key: LedgerKey,
    value: Json,
    expectedRevision: string | undefined,
    options?: PutOptions,
  ): Promise<'stored' | 'conflict'>;
  remove(key: LedgerKey, expectedRevision: string): Promise<'removed' | 'conflict'>;
  /** Pages of the scope's entries whose id starts with `idPrefix`, in the order of their ids' UTF-8 bytes; no page is empty. */
  list(scope: string, idPrefix?: string): AsyncIterable<readonly LedgerEntry[]>;
}
