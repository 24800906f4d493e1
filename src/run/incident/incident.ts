import { HeadgateError } from '../../error.ts';
import type { Guard } from '../guard/guard.ts';
import { HOLDS } from '../hold/hold.ts';
import { recordKey, recordScope } from '../ledger/record-kind.ts';
import { readRecord, recordPages, updateRecord } from '../ledger/records.ts';
import { guardedTables, isCanary } from '../table/guarded-table.ts';
import { toBeCounted, withCounts } from './counts.ts';
import {
  type IncidentInput,
  incidentInputs,
  type PublishedEvent,
  type TableFacts,
} from './incident-input.ts';
import {
  INCIDENTS,
  type Incident,
  type IncidentEvent,
  type Incidents,
  noIncidents,
  type Pair,
  pairKey,
} from './incidents.ts';
import { belonging, boundPath } from './match.ts';
import { reduce } from './reduce.ts';

/** What incidents may touch: they tell people, and move nothing. */
export type IncidentGuard = Pick<Guard, 'ledger' | 'notifier' | 'clock' | 'contracts'>;

type HeldPairs = readonly Pick<Pair, 'rule' | 'path'>[];

const DAY_MS = 86_400_000;

/**
 * Opens, joins, counts and resolves incidents by what the system told, and delivers what people should know. Events may
 * come twice and in any order. All is stored and delivered when it returns; where it throws, the same events may be
 * given again: nothing is counted and nobody is paged twice.
 */
export async function handleEvents(guard: IncidentGuard, events: readonly PublishedEvent[]): Promise<void> {
  const factsOf = await tableFacts(guard);
  const inputs = events.flatMap((event) => incidentInputs(event, factsOf));
  const byKey = new Map<string, IncidentInput[]>();
  for (const input of inputs) {
    const key = JSON.stringify([input.table, input.contractVersion ?? null]);
    byKey.set(key, [...(byKey.get(key) ?? []), input]);
  }
  for (const group of byKey.values()) {
    const [{ table, contractVersion } = { table: '', contractVersion: undefined }] = group;
    const versions = contractVersion === undefined ? await versionsOf(guard, table) : [contractVersion];
    for (const version of versions) await handle(guard, table, version, group);
  }
}

async function handle(
  guard: IncidentGuard,
  table: string,
  version: string,
  inputs: readonly IncidentInput[],
): Promise<void> {
  const events = inputs.flatMap(({ event }) => event ?? []);
  const needsLook = inputs.some(({ event }) => event === undefined);
  await changeIncidents(guard, table, version, events, needsLook);
  await deliver(guard, table, version);
}

/** On a schedule: what has nothing left held, or was quiet for a day, is resolved; what was not sent is. */
export async function tickIncidents(guard: IncidentGuard, tables: readonly string[]): Promise<void> {
  for (const table of tables)
    for (const version of await versionsOf(guard, table)) {
      await changeIncidents(guard, table, version, [{ kind: 'tick' }], true);
      await deliver(guard, table, version);
    }
}

export type IncidentOrder =
  | { readonly kind: 'mute'; readonly until: string }
  | { readonly kind: 'resolve'; readonly by: string };

/** A person's order about one incident of a table. Returns whether there is such an incident. */
export async function orderIncident(
  guard: IncidentGuard,
  table: string,
  incident: string,
  order: IncidentOrder,
): Promise<boolean> {
  for await (const page of recordPages(guard, recordScope(INCIDENTS, table)))
    for (const { id: version, value } of page) {
      if (!value.incidents.some(({ id }) => id === incident)) continue;
      await changeIncidents(guard, table, version, [{ ...order, incident }], false);
      await deliver(guard, table, version);
      return true;
    }
  return false;
}

async function versionsOf(guard: IncidentGuard, table: string): Promise<readonly string[]> {
  const versions: string[] = [];
  for await (const page of recordPages(guard, recordScope(INCIDENTS, table)))
    versions.push(...page.map(({ id }) => id));
  return versions;
}

function keyOf(table: string, version: string) {
  return recordKey(INCIDENTS, table, version);
}

/**
 * Reduces the stored incidents by compare and set: the holds are looked at within it, so that no new one is missed, and counted
 * where people are told of them.
 */
async function changeIncidents(
  guard: IncidentGuard,
  table: string,
  version: string,
  events: readonly IncidentEvent[],
  needsLook: boolean,
): Promise<void> {
  const now = guard.clock.now();
  const moment = { now, dayAgo: new Date(Date.parse(now) - DAY_MS).toISOString() };
  const isTick = events.some(({ kind }) => kind === 'tick');
  await updateRecord(guard, keyOf(table, version), async (stored) => {
    const before = stored ?? noIncidents(table, version);
    const after = events.reduce((state, event) => reduce(state, event, moment), before);
    const waiting = needsLook
      ? after.incidents.filter(({ status, isHeld }) => status === 'open' && isHeld)
      : [];
    const looked =
      waiting.length > 0
        ? reduce(after, { kind: 'looked', held: await heldPairs(guard, table, version, waiting) }, moment)
        : after;
    const told = toBeCounted(before, looked);
    const counting = isTick
      ? [...told, ...looked.incidents.filter((one) => waiting.some(({ id }) => id === one.id))]
      : told;
    if (counting.length === 0) return looked === before ? stored : looked;
    const held = await countHeld(guard, table, version, looked, counting);
    return withCounts(before, reduce(looked, { kind: 'counted', held, isTold: isTick }, moment));
  });
}

/** The pairs of what is held of a table and version, until each of the incidents has been seen to have some. */
async function heldPairs(
  guard: IncidentGuard,
  table: string,
  version: string,
  incidents: readonly Incident[],
): Promise<readonly HeldPairs[]> {
  const held = new Map<string, HeldPairs>();
  const seen = new Set<string>();
  for await (const page of pairsOfHolds(guard, table, version)) {
    for (const pairs of page) {
      held.set(JSON.stringify(pairs), pairs);
      for (const pair of pairs) seen.add(pairKey(pair));
    }
    if (incidents.every(({ pairs }) => pairs.some((pair) => seen.has(pairKey(pair))))) break;
  }
  return [...held.values()];
}

/** How many files are held of each incident, by all that the ledger has. */
async function countHeld(
  guard: IncidentGuard,
  table: string,
  version: string,
  { incidents }: Incidents,
  counting: readonly Incident[],
): Promise<ReadonlyMap<string, number>> {
  const belongs = belonging(incidents);
  const held = new Map(counting.map(({ id }) => [id, 0]));
  for await (const page of pairsOfHolds(guard, table, version))
    for (const pairs of page)
      for (const incident of counting)
        if (belongs(incident, pairs)) held.set(incident.id, (held.get(incident.id) ?? 0) + 1);
  return held;
}

async function* pairsOfHolds(
  guard: IncidentGuard,
  table: string,
  version: string,
): AsyncGenerator<readonly HeldPairs[]> {
  for await (const page of recordPages(guard, recordScope(HOLDS, table)))
    yield page.flatMap(({ value: { status, judgedBy, findings } }) => {
      if (status !== 'held' || judgedBy.contractVersion !== version) return [];
      return [findings.map(({ rule, path }) => ({ rule, path: boundPath(path) }))];
    });
}

/** Sends what the outbox holds, in order, and marks each as sent. One that is sent twice carries the same number. */
async function deliver(guard: IncidentGuard, table: string, version: string): Promise<void> {
  const state = (await readRecord(guard, keyOf(table, version)))?.value;
  for (const notice of state?.outbox ?? []) {
    const { why: _, ...said } = notice;
    await guard.notifier.notify(said);
    const sent = { kind: 'sent', incident: notice.dedupKey, sequence: notice.sequence } as const;
    await changeIncidents(guard, table, version, [sent], false);
  }
}

/** Whom events go to that do not say it; nobody where the contracts cannot be read: the page itself counts more. */
async function tableFacts({ contracts }: IncidentGuard): Promise<(table: string) => TableFacts> {
  const unknown: TableFacts = { recipients: { team: undefined, channels: [] }, isCanary: false };
  try {
    const tables = guardedTables(await contracts.current());
    return (table) => {
      const guarded = tables.get(table);
      return guarded ? { recipients: guarded.recipients, isCanary: isCanary(guarded) } : unknown;
    };
  } catch (error) {
    if (error instanceof HeadgateError) return () => unknown;
    throw error;
  }
}
