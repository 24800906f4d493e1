import { createHash } from 'node:crypto';
import { safeText } from '../../text/safe.ts';
import type { Guard } from '../guard/guard.ts';
import { type RecordKind, recordKey, recordScope } from './record-kind.ts';
import { listRecords, writeRecord } from './records.ts';

/** What people do that changes what readers see, or who is told. */
export const ACTS = [
  'apply',
  'break-glass-grant',
  'break-glass-revoke',
  'breaker-close',
  'incident-mute',
  'incident-resolve',
  'purge',
  'redrive',
  'registry-publish',
  'registry-rollback',
  'release',
] as const;

/** One entry of the audit trail: who decided what, when. Every text in it is bounded and safe to show. */
export interface Act {
  readonly act: (typeof ACTS)[number];
  /** The qualified name; `-` where it is about no single table. */
  readonly table: string;
  /** An ARN on AWS, the user's name on a lake. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** What it was done to, in words. */
  readonly what: string;
}

/** id time/hash. Append-only. */
export const TRAIL: RecordKind<Act> = {
  name: 'trail',
  form: 1,
  needs: { act: 'string', table: 'string', by: 'string', at: 'string', what: 'string' },
};

/** Acts that are about no single table. */
export const NO_TABLE = '-';

const MAX_WHAT_CHARACTERS = 600;

/**
 * Appends an act to the trail: nothing is ever changed or removed there. It is written before the act is done, so that none is
 * done without a trace; one that then fails stands there all the same.
 */
export async function recordAct(guard: Pick<Guard, 'ledger'>, given: Act): Promise<Act> {
  const act: Act = {
    act: given.act,
    table: safeText(given.table, 255),
    by: safeText(given.by, 300),
    at: given.at,
    what: safeText(given.what, MAX_WHAT_CHARACTERS),
  };
  const hash = createHash('sha256').update(JSON.stringify(act)).digest('hex').slice(0, 12);
  // A conflict is the same act, already there.
  await writeRecord(guard, recordKey(TRAIL, act.table, `${act.at}/${hash}`), act, undefined);
  return act;
}

/** The trail of some tables, oldest first. */
export async function readTrail(
  guard: Pick<Guard, 'ledger'>,
  tables: readonly string[],
): Promise<readonly Act[]> {
  const acts: Act[] = [];
  for (const table of tables)
    for (const { value } of await listRecords(guard, recordScope(TRAIL, table))) acts.push(value);
  return acts.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
