import { HeadgateError } from '../../error.ts';
import type { Guard } from '../guard/guard.ts';
import type { LedgerEntry, LedgerKey } from '../ports/ledger.ts';

/** A ledger entry whose value is known to be of a type: each scope has one writer, this code. */
export type Stored<Value> = Omit<LedgerEntry, 'value'> & { readonly value: Value };

const TRIES = 20;

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
