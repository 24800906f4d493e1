import { createHash } from 'node:crypto';
import { HeadgateError } from '../../error.ts';
import { safeText } from '../../text/safe.ts';
import { type Guard, STRAGGLERS_MS } from '../guard/guard.ts';
import { bounded, countOf, type DistinctSketch, EMPTY, sketchOf, union } from '../ledger/distinct-sketch.ts';
import { parseRecord, recordKey, recordScope } from '../ledger/record-kind.ts';
import { type Stored, writeRecord } from '../ledger/records.ts';
import {
  BREAKER_SHARDS,
  BREAKERS,
  type BreakerCounts,
  type BreakerRecord,
  type BreakerShard,
} from './breaker-record.ts';

/** Files of a table that were held, of those that were judged or that a listing asked to be judged. */
export interface VerdictCounts {
  readonly judged: number;
  readonly held: number;
}

/** The same, as the objects that they are: one that is told twice is counted once. */
export interface Counted {
  readonly judged: DistinctSketch;
  readonly held: DistinctSketch;
}

/** All that the ledger knows of a table's breaker, by one consistent query. */
export interface BreakerState {
  readonly record: BreakerRecord;
  readonly shards: readonly (Stored<BreakerShard> | undefined)[];
}

const WINDOW_MINUTES = 5;
/** One entry would take the writes of every gate at once: each batch counts in one of these. */
const SHARDS = 8;
/** Of each kind in one shard: some two kilobytes. Together they tell some thousand objects one by one. */
const HASHES_PER_SHARD = 256;
const MAX_SIGNATURES = 3;
const TRIES = 40;

export const NEVER: BreakerRecord = { state: 'closed', signature: '', changedAt: '' };

export async function readBreakerState(guard: Pick<Guard, 'ledger'>, table: string): Promise<BreakerState> {
  const shards: (Stored<BreakerShard> | undefined)[] = Array.from({ length: SHARDS });
  let record = NEVER;
  for await (const page of guard.ledger.list(recordScope(BREAKERS, table).scope))
    for (const entry of page) {
      const index = shardIndex(entry.id);
      if (index !== undefined) shards[index] = { ...entry, value: parseRecord(BREAKER_SHARDS, entry) };
      else if (entry.id === 'state') record = parseRecord(BREAKERS, entry);
    }
  return { record, shards };
}

/** Objects by their ids. What is held is judged. */
export function countedOf(judged: readonly string[], held: readonly string[]): Counted {
  return { judged: sketchOf([...judged, ...held]), held: sketchOf(held) };
}

/**
 * Counts objects in one of the shards; where another gate writes there at the same moment, the next one takes them. Objects that
 * were counted before, there or elsewhere, add nothing. `signature` says what the counts are made under. Returns what was there
 * before, with the counts of now.
 */
export async function countInShard(
  guard: Pick<Guard, 'ledger'>,
  { table, signature, now }: { table: string; signature: string; now: string },
  counted: Counted,
): Promise<BreakerState> {
  // A way of its own through the shards: batches that meet once do not meet again and again.
  const way = createHash('sha256').update(counted.judged.hashes).digest();
  for (let tries = 0; tries < TRIES; tries++) {
    const state = await readBreakerState(guard, table);
    const index = (way[tries % way.length] ?? 0) % SHARDS;
    const stored = state.shards[index];
    const under = `${signature} ${state.record.closings ?? 0}`;
    const value = addTo(stored, counted, under, now);
    const key = recordKey(BREAKER_SHARDS, table, shardId(index));
    if ((await writeRecord(guard, key, value, stored?.revision)) === 'conflict') continue;
    return { ...state, shards: state.shards.with(index, { ...key, value, revision: '' }) };
  }
  throw new HeadgateError(
    'CONFLICT',
    `the counts of table ${safeText(table, 120)} were changed by others each of ${TRIES} times that a batch was to be counted`,
  );
}

/** The counts of the last five minutes under the breaker's own signature, over all shards. */
export function sumOf({ record, shards }: BreakerState, now: string): VerdictCounts {
  const under = `${record.signature} ${record.closings ?? 0}`;
  const minutes = shards
    .flatMap((entry) => countsIn(entry, now))
    .filter((counts) => counts.under === under)
    .flatMap((counts) => counts.minutes);
  return {
    judged: countOf(union(minutes.map(({ judged }) => judged))),
    held: countOf(union(minutes.map(({ held }) => held))),
  };
}

/** Whether a gate that counts under this signature makes it the breaker's own: it is new, and not the one that has just been. */
export function isNewSignature(record: BreakerRecord, signature: string, now: string): boolean {
  if (record.signature === signature) return false;
  const isStraggler =
    record.previous === signature && Date.parse(now) - Date.parse(record.changedAt) <= STRAGGLERS_MS;
  return !isStraggler;
}

/** What still counts. Older versions counted numbers, under signatures of their own. */
function countsIn(entry: Stored<BreakerShard> | undefined, now: string): readonly BreakerCounts[] {
  return (entry?.value.counts ?? []).flatMap(({ under, minutes }) => {
    const kept = minutesWithin(minutes, now, WINDOW_MINUTES - 1).filter(
      ({ held }) => typeof held === 'object',
    );
    return kept.length === 0 ? [] : [{ under, minutes: kept }];
  });
}

function addTo(
  stored: Stored<BreakerShard> | undefined,
  added: Counted,
  under: string,
  now: string,
): BreakerShard {
  const before = countsIn(stored, now);
  const kept = before.find((counts) => counts.under === under)?.minutes ?? [];
  const minute = minuteOf(now);
  const same = kept.find((entry) => entry.minute === minute) ?? { judged: EMPTY, held: EMPTY };
  const minutes = [
    ...kept.filter((entry) => entry !== same),
    { minute, judged: union([same.judged, added.judged]), held: union([same.held, added.held]) },
  ];
  const judged = bounded(
    minutes.map((entry) => entry.judged),
    HASHES_PER_SHARD,
  );
  const held = bounded(
    minutes.map((entry) => entry.held),
    HASHES_PER_SHARD,
  );
  const counts = {
    under,
    minutes: minutes.map((entry, index) => ({
      minute: entry.minute,
      judged: judged[index] ?? EMPTY,
      held: held[index] ?? EMPTY,
    })),
  };
  return { counts: [...before.filter((one) => one.under !== under), counts].slice(-MAX_SIGNATURES) };
}

export function minuteOf(now: string): string {
  return now.slice(0, 16);
}

/** The entries of this minute and of so many before it. */
export function minutesWithin<Entry extends { readonly minute: string }>(
  entries: readonly Entry[],
  now: string,
  minutesBefore: number,
): readonly Entry[] {
  const spanMs = minutesBefore * 60_000;
  const minuteAt = (ms: number) => minuteOf(new Date(ms).toISOString());
  const oldest = minuteAt(Date.parse(now) - spanMs);
  // Clocks differ by a little; what one that went back left further ahead says nothing of now.
  const newest = minuteAt(Date.parse(now) + spanMs);
  return entries.filter(({ minute }) => minute >= oldest && minute <= newest);
}

function shardId(index: number): string {
  return `counts/${index}`;
}

function shardIndex(id: string): number | undefined {
  const index = /^counts\/(\d)$/u.exec(id)?.[1];
  return index === undefined || Number(index) >= SHARDS ? undefined : Number(index);
}
