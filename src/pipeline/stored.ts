import { HeadgateError } from '../error.ts';
import type { Json, LedgerEntry, LedgerKey } from '../ports/ledger.ts';
import type { Guard } from './guard.ts';

/** A ledger entry whose value is known to be of a type: each scope has one writer, this code. */
export type Stored<Value> = Omit<LedgerEntry, 'value'> & { readonly value: Value };

const TRIES = 20;

/**
 * Changes one entry on what is there now, and again where somebody was faster. `change` gives the new value, or
 * `undefined` to leave it. Throws CONFLICT, to be repeated, where others always are faster.
 */
export async function updateRecord<Value>(
  { ledger }: Pick<Guard, 'ledger'>,
  key: LedgerKey,
  change: (value: Value | undefined) => Value | undefined,
): Promise<Value | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const entry = (await ledger.get(key)) as Stored<Value> | undefined;
    const next = change(entry?.value);
    if (next === undefined || next === entry?.value) return entry?.value;
    if ((await ledger.put(key, next as Json, entry?.revision)) === 'stored') return next;
  }
  throw new HeadgateError(
    'CONFLICT',
    `ledger entry ${key.scope} ${key.id} is changed by others all the time`,
  );
}

/** Removes an entry, whatever it holds by now; nothing to do where it is gone. */
export async function removeRecord({ ledger }: Pick<Guard, 'ledger'>, key: LedgerKey): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const entry = await ledger.get(key);
    if (entry === undefined || (await ledger.remove(key, entry.revision)) === 'removed') return;
  }
  throw new HeadgateError(
    'CONFLICT',
    `ledger entry ${key.scope} ${key.id} is changed by others all the time`,
  );
}

/** All entries of a scope whose id starts with the prefix. */
export async function listRecords<Value>(
  { ledger }: Pick<Guard, 'ledger'>,
  scope: string,
  idPrefix = '',
): Promise<readonly Stored<Value>[]> {
  const entries: Stored<Value>[] = [];
  for await (const page of ledger.list(scope, idPrefix)) entries.push(...(page as readonly Stored<Value>[]));
  return entries;
}
