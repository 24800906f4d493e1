import { HeadgateError } from '../../error.ts';
import type { Ledger, LedgerKey, PutOptions } from '../ports/ledger.ts';
import { named, parseRecord, type RecordKey, type RecordScope, recordJson } from './record-kind.ts';

/** An entry as it was read. */
export interface Stored<Value> extends LedgerKey {
  readonly value: Value;
  readonly revision: string;
}

const TRIES_TO_UPDATE = 10;
const TRIES_TO_REMOVE = 20;

export async function readRecord<Value extends object>(
  { ledger }: { readonly ledger: Pick<Ledger, 'get'> },
  { kind, scope, id }: RecordKey<Value>,
): Promise<Stored<Value> | undefined> {
  const entry = await ledger.get({ scope, id });
  return entry && { ...entry, value: parseRecord(kind, entry) };
}

/** Stores a record where the entry still has that revision; `undefined` expects no entry. */
export function writeRecord<Value extends object>(
  { ledger }: { readonly ledger: Pick<Ledger, 'put'> },
  { kind, scope, id }: RecordKey<Value>,
  value: Value,
  expectedRevision: string | undefined,
  options?: PutOptions,
): Promise<'stored' | 'conflict'> {
  return ledger.put({ scope, id }, recordJson(kind, value), expectedRevision, options);
}

/**
 * Changes one entry by compare and set: `change` sees what is stored and may run again on what somebody else stored
 * meanwhile. Giving back `undefined` or the same value stores nothing. Returns what is stored at the end; throws a
 * retryable CONFLICT where others were always faster.
 */
export async function updateRecord<Value extends object>(
  guard: { readonly ledger: Pick<Ledger, 'get' | 'put'> },
  key: RecordKey<Value>,
  change: (stored: Value | undefined) => Value | undefined | Promise<Value | undefined>,
  options?: PutOptions,
): Promise<Value | undefined> {
  for (let tries = 0; tries < TRIES_TO_UPDATE; tries++) {
    const entry = await readRecord(guard, key);
    const changed = await change(entry?.value);
    if (changed === undefined || changed === entry?.value) return entry?.value;
    if ((await writeRecord(guard, key, changed, entry?.revision, options)) === 'stored') return changed;
  }
  throw new HeadgateError(
    'CONFLICT',
    `ledger entry ${named(key)} changed each of ${TRIES_TO_UPDATE} times that it was to be written`,
  );
}

/** Removes an entry, whatever this version's it holds by now; nothing to do where it is gone. */
export async function removeRecord<Value extends object>(
  guard: { readonly ledger: Pick<Ledger, 'get' | 'remove'> },
  key: RecordKey<Value>,
): Promise<void> {
  for (let tries = 0; tries < TRIES_TO_REMOVE; tries++) {
    const entry = await readRecord(guard, key);
    if (entry === undefined || (await removeAt(guard, key, entry.revision)) === 'removed') return;
  }
  throw new HeadgateError('CONFLICT', `ledger entry ${named(key)} is changed by others all the time`);
}

/** Removes an entry as it was read. */
export function removeAt(
  { ledger }: { readonly ledger: Pick<Ledger, 'remove'> },
  { scope, id }: LedgerKey,
  revision: string,
): Promise<'removed' | 'conflict'> {
  return ledger.remove({ scope, id }, revision);
}

/** Pages of a scope's entries whose id starts with the prefix. */
export async function* recordPages<Value extends object>(
  { ledger }: { readonly ledger: Pick<Ledger, 'list'> },
  { kind, scope }: RecordScope<Value>,
  idPrefix = '',
): AsyncGenerator<readonly Stored<Value>[]> {
  for await (const page of ledger.list(scope, idPrefix))
    yield page.map((entry) => ({ ...entry, value: parseRecord(kind, entry) }));
}

/** All entries of a scope whose id starts with the prefix. */
export async function listRecords<Value extends object>(
  guard: { readonly ledger: Pick<Ledger, 'list'> },
  scope: RecordScope<Value>,
  idPrefix = '',
): Promise<readonly Stored<Value>[]> {
  const entries: Stored<Value>[] = [];
  for await (const page of recordPages(guard, scope, idPrefix)) entries.push(...page);
  return entries;
}
