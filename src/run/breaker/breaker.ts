import type { Guard } from '../guard/guard.ts';
import { bounded, countOf, type DistinctSketch, EMPTY, sketchOf, union } from '../ledger/distinct-sketch.ts';
import { recordKey } from '../ledger/record-kind.ts';
import { updateRecord } from '../ledger/records.ts';
import { busEvent } from '../message/bus-event.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import {
  type BreakerState,
  type Counted,
  countedOf,
  countInShard,
  isNewSignature,
  minuteOf,
  minutesWithin,
  NEVER,
  readBreakerState,
  sumOf,
  type VerdictCounts,
} from './breaker-counts.ts';
import { BREAKERS, type BreakerRecord } from './breaker-record.ts';

/** The rules of the design, section 6. */
const SHARE_HELD = 0.2;
const HELD_AFTER_CHANGE = 50;
const HELD_AT_ANY_TIME = 5000;
const FRESH_MS = 3_600_000;
const FEW_DELETES = 10;
const SHARE_DELETED = 0.5;
/** Minutes before the current one: an hour, and the rest of the minute in which it began. */
const DELETES_MINUTES = 60;
const DELETES_KEPT = 512;

type BreakerGuard = Pick<Guard, 'ledger' | 'events' | 'clock'>;
type Named = Pick<GuardedTable, 'name'>;

/**
 * Counts verdicts of a table by the objects that they are about, and opens the breaker where they add up to a mistake of ours.
 * An object that is judged again, because its verdict bounced or its message came twice, is counted once. An opening is announced
 * by one `MassDrift` event, also where the process ended before it was out.
 */
export async function countVerdicts(
  guard: BreakerGuard & Pick<Guard, 'settings'>,
  table: GuardedTable,
  { judged, held }: { readonly judged: readonly string[]; readonly held: readonly string[] },
): Promise<BreakerRecord['state']> {
  return settle(guard, table, await count(guard, table, countedOf(judged, held)));
}

/**
 * Counts objects that a listing found unjudged, before they are asked for: what is held is a share of all that is known to come,
 * whatever comes first. Returns the breaker's state, which this never changes.
 */
export async function countExpected(
  guard: Pick<Guard, 'ledger' | 'clock' | 'settings'>,
  table: GuardedTable,
  expected: DistinctSketch,
): Promise<BreakerRecord['state']> {
  const { record } = await count(guard, table, { judged: expected, held: EMPTY });
  return record.state;
}

async function count(
  guard: Pick<Guard, 'ledger' | 'clock' | 'settings'>,
  table: GuardedTable,
  counted: Counted,
): Promise<BreakerState> {
  const now = guard.clock.now();
  const signature = `${table.contractHash} ${guard.settings.version}`;
  const state = await countInShard(guard, { table: table.name, signature, now }, counted);
  if (!isNewSignature(state.record, signature, now)) return state;
  const record = await updateRecord(guard, breakerKey(table), (stored) =>
    afterSignature(stored, signature, now),
  );
  return { ...state, record: record ?? state.record };
}

/**
 * Whether the breaker of a table is open, asked before anything of it is moved. What gates that ran at once did not see of
 * each other is added up here, so that nothing is moved on half a count.
 */
export async function isBreakerOpen(guard: BreakerGuard, table: GuardedTable): Promise<boolean> {
  return (await settle(guard, table, await readBreakerState(guard, table.name))) === 'open';
}

/** Opens what is to be opened, and announces what is not known to be announced. */
async function settle(
  guard: BreakerGuard,
  table: GuardedTable,
  state: BreakerState,
): Promise<BreakerRecord['state']> {
  const now = guard.clock.now();
  const counts = sumOf(state, now);
  const key = breakerKey(table);
  let { record } = state;
  if (record.state === 'closed') {
    if (!isTooMuch(record, counts, now)) return 'closed';
    record = (await updateRecord(guard, key, (stored) => opened(stored, record, now))) ?? record;
  }
  if (record.state === 'closed' || record.isAnnounced) return record.state;
  const [active] = table.contracts;
  const detail = {
    table: table.name,
    contractVersion: active?.version ?? '',
    ...counts,
    mode: table.placement.mode,
    owner: table.recipients,
  };
  const event = busEvent({ type: 'MassDrift', detail }, record.openedAt ?? now, [
    table.name,
    record.openedAt ?? '',
  ]);
  await guard.events.publish([event]);
  const { openedAt } = record;
  await updateRecord(guard, key, (stored) =>
    stored?.state === 'open' && stored.openedAt === openedAt ? { ...stored, isAnnounced: true } : stored,
  );
  return 'open';
}

/** A new signature starts the counts again, and its first hour is when a wrong contract shows. */
function afterSignature(
  stored: BreakerRecord | undefined,
  signature: string,
  now: string,
): BreakerRecord | undefined {
  const record = stored ?? NEVER;
  if (!isNewSignature(record, signature, now)) return stored;
  return {
    ...record,
    signature,
    changedAt: now,
    ...(record.signature !== '' && { previous: record.signature }),
  };
}

/** Only on what was counted: where somebody closed it meanwhile, or another version came, the counts are of the past. */
function opened(
  stored: BreakerRecord | undefined,
  counted: BreakerRecord,
  now: string,
): BreakerRecord | undefined {
  const isSame = stored?.signature === counted.signature && stored.closings === counted.closings;
  if (!isSame || stored.state === 'open') return stored;
  const { isAnnounced: _, ...rest } = stored;
  return { ...rest, state: 'open', openedAt: now };
}

/**
 * What a person closed under the same signature is no longer a surprise; for an hour nothing opens it again, so that the sweep
 * that follows can hold what it finds.
 */
export function isTooMuch(
  { changedAt, closed, signature }: Pick<BreakerRecord, 'changedAt' | 'closed' | 'signature'>,
  { judged, held }: VerdictCounts,
  now: string,
): boolean {
  const isAccepted = closed?.signature === signature;
  if (held > HELD_AT_ANY_TIME) return !isAccepted || !isWithin(closed.at, now, FRESH_MS);
  const isFresh = !isAccepted && isWithin(changedAt, now, FRESH_MS);
  return isFresh && held > HELD_AFTER_CHANGE && held > judged * SHARE_HELD;
}

function isWithin(since: string, now: string, spanMs: number): boolean {
  return Date.parse(now) - Date.parse(since) <= spanMs;
}

/** The breaker of a table with the counts of the last minutes; closed where nothing was ever counted. */
export async function readBreaker(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  table: Named,
): Promise<Omit<BreakerRecord, 'deleted' | 'deletes'> & VerdictCounts> {
  const state = await readBreakerState(guard, table.name);
  const { deleted: _, deletes: __, ...record } = state.record;
  return { ...record, ...sumOf(state, guard.clock.now()) };
}

/**
 * A person says that what was held is held rightly, and with `allowDeletes` that deletes of the next hour are meant.
 * The sweep that must follow is the caller's. Returns whether it had been open.
 */
export async function closeBreaker(
  guard: BreakerGuard,
  table: Named,
  { by, allowDeletes }: { readonly by: string; readonly allowDeletes: boolean },
): Promise<boolean> {
  const now = guard.clock.now();
  const wasOpen = (await readBreaker(guard, table)).state === 'open';
  await updateRecord(guard, breakerKey(table), (stored): BreakerRecord => {
    const { openedAt: _, isAnnounced: __, ...rest } = stored ?? NEVER;
    return {
      ...rest,
      state: 'closed',
      closings: (rest.closings ?? 0) + 1,
      closed: { at: now, by, signature: rest.signature },
      ...(allowDeletes && { deletesAllowedUntil: new Date(Date.parse(now) + FRESH_MS).toISOString() }),
    };
  });
  const detail = { table: table.name, by, allowsDeletes: allowDeletes };
  await guard.events.publish([busEvent({ type: 'BreakerClosed', detail }, now, [table.name, now])]);
  return wasOpen;
}

/**
 * Counts deletes that no new file explains, by the ids of their objects, before they are done: those of a batch that was cut off
 * are counted once. Paused ones are not counted: they come again. `publishedObjects` is the count of the last reconcile; unknown
 * counts as none, so that ten deletes ask.
 */
export async function countDeletes(
  guard: BreakerGuard,
  table: Named,
  ids: readonly string[],
  publishedObjects: number | undefined,
): Promise<'allowed' | 'paused'> {
  const now = guard.clock.now();
  let paused: number | undefined;
  await updateRecord(guard, breakerKey(table), (stored) => {
    const decided = afterDeletes(stored, sketchOf(ids), publishedObjects, now);
    paused = decided.kind === 'paused' ? decided.deletes : undefined;
    return decided.kind === 'paused' ? undefined : decided.record;
  });
  if (paused === undefined) return 'allowed';
  const detail = { table: table.name, deletes: paused, objects: publishedObjects ?? 0 };
  const hour = now.slice(0, 13);
  await guard.events.publish([busEvent({ type: 'DeletesPaused', detail }, now, [table.name, hour])]);
  return 'paused';
}

export type DeletesDecided =
  | { readonly kind: 'allowed'; readonly record: BreakerRecord }
  | { readonly kind: 'paused'; readonly deletes: number };

/** Over half of a table's objects and at least ten, added up over the 60 minutes before, wait for a person. */
export function afterDeletes(
  stored: BreakerRecord | undefined,
  deletes: DistinctSketch,
  publishedObjects: number | undefined,
  now: string,
): DeletesDecided {
  const { deletes: old, ...record } = stored ?? NEVER;
  const before = minutesWithin(record.deleted ?? [], now, DELETES_MINUTES);
  const isOldRecent = old !== undefined && isWithin(`${old.hour}:59:59.999Z`, now, FRESH_MS);
  const count =
    countOf(union([...before.map(({ objects }) => objects), deletes])) + (isOldRecent ? old.count : 0);
  const isAllowed = record.deletesAllowedUntil !== undefined && now <= record.deletesAllowedUntil;
  const isMuch = count >= FEW_DELETES && count > (publishedObjects ?? 0) * SHARE_DELETED;
  if (isMuch && !isAllowed) return { kind: 'paused', deletes: count };
  const minute = minuteOf(now);
  const same = before.find((entry) => entry.minute === minute);
  const minutes = [
    ...before.filter((entry) => entry !== same),
    { minute, objects: union([same?.objects ?? EMPTY, deletes]) },
  ];
  const objects = bounded(
    minutes.map((entry) => entry.objects),
    DELETES_KEPT,
  );
  const deleted = minutes.map((entry, index) => ({ minute: entry.minute, objects: objects[index] ?? EMPTY }));
  return { kind: 'allowed', record: { ...record, ...(isOldRecent && { deletes: old }), deleted } };
}

function breakerKey({ name }: Named) {
  return recordKey(BREAKERS, name, 'state');
}
