import { createHash } from 'node:crypto';
import { HeadgateError } from '../error.ts';
import type { Json, LedgerEntry } from '../ports/ledger.ts';
import { safeText } from '../text/safe.ts';
import type { Guard } from './guard.ts';
import { type BreakerCounts, type BreakerRecord, type BreakerShard, LEDGER_SCOPES } from './records.ts';

/** Files judged and held of a table. */
export interface VerdictCounts {
  readonly judged: number;
  readonly held: number;
}

/** All that the ledger knows of a table's breaker, by one consistent query. */
export interface BreakerState {
  readonly record: BreakerRecord;
  readonly shards: readonly (LedgerEntry | undefined)[];
}

const WINDOW_MINUTES = 5;
/** One entry would take the writes of every gate at once: each batch counts in one of these. */
const SHARDS = 8;
const MAX_SIGNATURES = 3;
const TRIES = 40;
/** While a new version spreads, gates of the old one still count: they do not make the old one new again. */
const STRAGGLERS_MS = 120_000;

export const NEVER: BreakerRecord = { state: 'closed', signature: '', changedAt: '' };

export async function readBreakerState(guard: Pick<Guard, 'ledger'>, table: string): Promise<BreakerState> {
  const shards: (LedgerEntry | undefined)[] = Array.from({ length: SHARDS });
  let record = NEVER;
  for await (const page of guard.ledger.list(LEDGER_SCOPES.breaker(table)))
    for (const entry of page) {
      const index = shardIndex(entry.id);
      if (index !== undefined) shards[index] = entry;
      else if (entry.id === 'state') record = entry.value as unknown as BreakerRecord;
    }
  return { record, shards };
}

/**
 * Counts one batch in a shard that the batch's own name chooses: the same batch, counted again after a cut-off, is counted in
 * the same place. Where another gate writes there at the same moment, the next shard takes it. `signature` says what the counts
 * are made under. Returns what was there before, with the counts of now.
 */
export async function countInShard(
  guard: Pick<Guard, 'ledger'>,
  { table, batch, signature, now }: { table: string; batch: string; signature: string; now: string },
  counts: VerdictCounts,
): Promise<BreakerState> {
  // A way of its own through the shards: batches that meet once do not meet again and again.
  const way = createHash('sha256').update(batch).digest();
  for (let tries = 0; tries < TRIES; tries++) {
    const state = await readBreakerState(guard, table);
    const index = (way[tries % way.length] ?? 0) % SHARDS;
    const stored = state.shards[index];
    const under = `${signature} ${state.record.closings ?? 0}`;
    const shard = addTo(stored, counts, under, now);
    const key = { scope: LEDGER_SCOPES.breaker(table), id: shardId(index) };
    const value = shard as unknown as Json;
    if ((await guard.ledger.put(key, value, stored?.revision)) === 'conflict') continue;
    return { ...state, shards: state.shards.with(index, { ...key, value, revision: '' }) };
  }
  throw new HeadgateError(
    'CONFLICT',
    `the counts of table ${safeText(table, 120)} were changed by others each of ${TRIES} times that a batch was to be counted`,
  );
}

/** The counts of the last five minutes under the breaker's own signature, over all shards. */
export function sumOf({ record, shards }: BreakerState, now: string): VerdictCounts {
  let judged = 0;
  let held = 0;
  const under = `${record.signature} ${record.closings ?? 0}`;
  for (const entry of shards)
    for (const counts of countsIn(entry))
      if (counts.under === under)
        for (const minute of windowOf(counts.minutes, now)) {
          judged += minute.judged;
          held += minute.held;
        }
  return { judged, held };
}

/** Whether a gate that counts under this signature makes it the breaker's own: it is new, and not the one that has just been. */
export function isNewSignature(record: BreakerRecord, signature: string, now: string): boolean {
  if (record.signature === signature) return false;
  const isStraggler =
    record.previous === signature && Date.parse(now) - Date.parse(record.changedAt) <= STRAGGLERS_MS;
  return !isStraggler;
}

function countsIn(entry: LedgerEntry | undefined): readonly BreakerCounts[] {
  return (entry?.value as unknown as BreakerShard | undefined)?.counts ?? [];
}

function addTo(
  stored: LedgerEntry | undefined,
  { judged, held }: VerdictCounts,
  under: string,
  now: string,
): BreakerShard {
  const before = countsIn(stored);
  const kept = windowOf(before.find((counts) => counts.under === under)?.minutes ?? [], now);
  const minute = now.slice(0, 16);
  const same = kept.find((entry) => entry.minute === minute);
  const counted = { minute, judged: judged + (same?.judged ?? 0), held: held + (same?.held ?? 0) };
  const minutes = [...kept.filter((entry) => entry !== same), counted];
  return {
    counts: [...before.filter((counts) => counts.under !== under), { under, minutes }].slice(-MAX_SIGNATURES),
  };
}

function windowOf(minutes: BreakerCounts['minutes'], now: string): BreakerCounts['minutes'] {
  const spanMs = (WINDOW_MINUTES - 1) * 60_000;
  const minuteAt = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  const oldest = minuteAt(Date.parse(now) - spanMs);
  // Clocks differ by a little; what one that went back left further ahead says nothing of now.
  const newest = minuteAt(Date.parse(now) + spanMs);
  return minutes.filter(({ minute }) => minute >= oldest && minute <= newest);
}

function shardId(index: number): string {
  return `counts/${index}`;
}

function shardIndex(id: string): number | undefined {
  const index = /^counts\/(\d)$/u.exec(id)?.[1];
  return index === undefined || Number(index) >= SHARDS ? undefined : Number(index);
}
