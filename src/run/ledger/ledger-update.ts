import { HeadgateError } from '../../error.ts';
import { safeText } from '../../text/safe.ts';
import type { Json, Ledger, LedgerKey } from '../ports/ledger.ts';

const TRIES = 10;

/**
 * Changes one entry by compare and set: `change` sees what is stored and may run again on what somebody else stored
 * meanwhile. Giving back `undefined` or the same value stores nothing. Returns what is stored at the end; throws a
 * retryable CONFLICT where others were always faster.
 */
export async function updateLedger<Value extends object>(
  ledger: Pick<Ledger, 'get' | 'put'>,
  key: LedgerKey,
  change: (stored: Value | undefined) => Value | undefined | Promise<Value | undefined>,
): Promise<Value | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const entry = await ledger.get(key);
    const stored = entry?.value as Value | undefined;
    const changed = await change(stored);
    if (changed === undefined || changed === stored) return stored;
    const outcome = await ledger.put(key, changed as unknown as Json, entry?.revision);
    if (outcome === 'stored') return changed;
  }
  throw new HeadgateError(
    'CONFLICT',
    `ledger entry ${safeText(key.scope, 120)} ${safeText(key.id, 120)} changed each of ${TRIES} times that it was to be written`,
  );
}
