import { busEvent } from './bus-event.ts';
import type { Guard } from './guard.ts';
import type { GuardedTable } from './guarded-table.ts';
import { updateLedger } from './ledger-update.ts';
import { type BreakerRecord, LEDGER_SCOPES } from './records.ts';

/** The rules of the design, section 6. */
const WINDOW_MINUTES = 5;
const SHARE_HELD = 0.2;
const HELD_AFTER_CHANGE = 50;
const HELD_AT_ANY_TIME = 5000;
const FRESH_MS = 3_600_000;
const FEW_DELETES = 10;
const SHARE_DELETED = 0.5;

const NEVER: BreakerRecord = { state: 'closed', signature: '', changedAt: '', minutes: [] };

export interface VerdictCounts {
  readonly judged: number;
  readonly held: number;
}

type Named = Pick<GuardedTable, 'name'>;

/**
 * Counts one batch of verdicts of a table, and opens the breaker where they add up to a mistake of ours. An opening is
 * announced by one `MassDrift` event, also where the process ended before it was out.
 */
export async function countVerdicts(
  guard: Pick<Guard, 'ledger' | 'events' | 'clock' | 'settings'>,
  table: GuardedTable,
  counts: VerdictCounts,
): Promise<BreakerRecord['state']> {
  const now = guard.clock.now();
  const signature = `${table.contractHash} ${guard.settings.version}`;
  const key = breakerKey(table);
  const record =
    (await updateLedger<BreakerRecord>(guard.ledger, key, (stored) =>
      afterVerdicts(stored, counts, signature, now),
    )) ?? NEVER;
  if (record.state === 'closed' || record.isAnnounced) return record.state;
  const [active] = table.contracts;
  const { judged, held } = sum(record.minutes);
  const detail = {
    table: table.name,
    contractVersion: active?.version ?? '',
    held,
    judged,
    mode: table.placement.mode,
    owner: table.recipients,
  };
  const event = busEvent({ type: 'MassDrift', detail }, record.openedAt ?? now, [
    table.name,
    record.openedAt ?? '',
  ]);
  await guard.events.publish([event]);
  await updateLedger<BreakerRecord>(guard.ledger, key, (stored) =>
    stored?.state === 'open' && stored.openedAt === record.openedAt
      ? { ...stored, isAnnounced: true }
      : stored,
  );
  return 'open';
}

/**
 * The record after a batch. A new signature starts the counts again, and its first hour is when a wrong contract shows.
 * What a person closed under the same signature is no surprise any more; for an hour nothing opens it again, so that
 * the sweep that follows can hold what it finds.
 */
export function afterVerdicts(
  stored: BreakerRecord | undefined,
  { judged, held }: VerdictCounts,
  signature: string,
  now: string,
): BreakerRecord {
  const isChanged = stored?.signature !== signature;
  const before: BreakerRecord = isChanged
    ? { ...(stored ?? NEVER), signature, changedAt: now, minutes: [] }
    : stored;
  const record = { ...before, minutes: addTo(before.minutes, { judged, held }, now) };
  if (record.state === 'open' || !isTooMuch(record, now)) return record;
  const { isAnnounced: _, ...rest } = record;
  return { ...rest, state: 'open', openedAt: now };
}

function addTo(
  minutes: BreakerRecord['minutes'],
  { judged, held }: VerdictCounts,
  now: string,
): BreakerRecord['minutes'] {
  const minute = now.slice(0, 16);
  const oldest = minutesBefore(now, WINDOW_MINUTES - 1);
  const kept = minutes.filter((entry) => entry.minute >= oldest);
  const same = kept.find((entry) => entry.minute === minute);
  const others = kept.filter((entry) => entry !== same);
  const counted = { minute, judged: judged + (same?.judged ?? 0), held: held + (same?.held ?? 0) };
  // A clock that goes back leaves minutes that seem to come: they are few.
  return [...others, counted].slice(-2 * WINDOW_MINUTES);
}

function isTooMuch({ minutes, changedAt, closed, signature }: BreakerRecord, now: string): boolean {
  const { judged, held } = sum(minutes);
  const isAccepted = closed?.signature === signature;
  if (held > HELD_AT_ANY_TIME) return !isAccepted || !isWithin(closed.at, now, FRESH_MS);
  const isFresh = !isAccepted && isWithin(changedAt, now, FRESH_MS);
  return isFresh && held > HELD_AFTER_CHANGE && held > judged * SHARE_HELD;
}

function sum(minutes: BreakerRecord['minutes']): VerdictCounts {
  return {
    judged: minutes.reduce((total, { judged }) => total + judged, 0),
    held: minutes.reduce((total, { held }) => total + held, 0),
  };
}

function isWithin(since: string, now: string, spanMs: number): boolean {
  return Date.parse(now) - Date.parse(since) <= spanMs;
}

function minutesBefore(now: string, minutes: number): string {
  return new Date(Date.parse(now) - minutes * 60_000).toISOString().slice(0, 16);
}

/** The breaker of a table; closed where nothing was ever counted. */
export async function readBreaker(guard: Pick<Guard, 'ledger'>, table: Named): Promise<BreakerRecord> {
  const entry = await guard.ledger.get(breakerKey(table));
  return (entry?.value as unknown as BreakerRecord | undefined) ?? NEVER;
}

/**
 * A person says that what was held is held rightly, and with `allowDeletes` that deletes of the next hour are meant.
 * The sweep that must follow is the caller's. Returns whether it had been open.
 */
export async function closeBreaker(
  guard: Pick<Guard, 'ledger' | 'events' | 'clock'>,
  table: Named,
  { by, allowDeletes }: { readonly by: string; readonly allowDeletes: boolean },
): Promise<boolean> {
  const now = guard.clock.now();
  const wasOpen = (await readBreaker(guard, table)).state === 'open';
  await updateLedger<BreakerRecord>(guard.ledger, breakerKey(table), (stored) => {
    const { openedAt: _, isAnnounced: __, ...rest } = stored ?? NEVER;
    return {
      ...rest,
      state: 'closed',
      minutes: [],
      closed: { at: now, by, signature: rest.signature },
      ...(allowDeletes && { deletesAllowedUntil: new Date(Date.parse(now) + FRESH_MS).toISOString() }),
    };
  });
  const detail = { table: table.name, by, allowsDeletes: allowDeletes };
  await guard.events.publish([busEvent({ type: 'BreakerClosed', detail }, now, [table.name, now])]);
  return wasOpen;
}

/**
 * Counts deletes that no new file explains, before they are done. Paused ones are not counted: they come again.
 * `publishedObjects` is the count of the last reconcile; unknown counts as none, so that ten deletes ask.
 */
export async function countDeletes(
  guard: Pick<Guard, 'ledger' | 'events' | 'clock'>,
  table: Named,
  deletes: number,
  publishedObjects: number | undefined,
): Promise<'allowed' | 'paused'> {
  const now = guard.clock.now();
  let paused: number | undefined;
  await updateLedger<BreakerRecord>(guard.ledger, breakerKey(table), (stored) => {
    const decided = afterDeletes(stored, deletes, publishedObjects, now);
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

/** Over half of a table's objects and at least ten, added up over one clock hour, wait for a person. */
export function afterDeletes(
  stored: BreakerRecord | undefined,
  deletes: number,
  publishedObjects: number | undefined,
  now: string,
): DeletesDecided {
  const record = stored ?? NEVER;
  const hour = now.slice(0, 13);
  const count = deletes + (record.deletes?.hour === hour ? record.deletes.count : 0);
  const isAllowed = record.deletesAllowedUntil !== undefined && now <= record.deletesAllowedUntil;
  const isMuch = count >= FEW_DELETES && count > (publishedObjects ?? 0) * SHARE_DELETED;
  return isMuch && !isAllowed
    ? { kind: 'paused', deletes: count }
    : { kind: 'allowed', record: { ...record, deletes: { hour, count } } };
}

function breakerKey({ name }: Named) {
  return { scope: LEDGER_SCOPES.breaker(name), id: 'state' };
}
