import { countVerdicts } from '../breaker/breaker.ts';
import { noteDeparture } from '../folder/folder-record.ts';
import { noteLogsAmong } from '../folder/format-logs.ts';
import { type Asked, noteAsked, wasAsked } from '../folder/register-folder.ts';
import { appendVerdicts, type LoggedVerdict } from '../folder/verdict-log.ts';
import type { Failure, Guard } from '../guard/guard.ts';
import { settleEach } from '../guard/in-parallel.ts';
import { busEvent } from '../message/bus-event.ts';
import type { LookMessage, Messages } from '../message/messages.ts';
import { originId } from '../message/origin.ts';
import { send } from '../message/send.ts';
import type { ContractSet } from '../ports/contract-source.ts';
import type { BusEvent } from '../ports/event-bus.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import type { JudgingRecord } from '../table/judge-object.ts';
import { claimPartition } from '../table/partition-claim.ts';
import { readTable, updateTable } from '../table/table-record.ts';
import type { NextMessage } from './consequences.ts';
import { type Departed, type Look, lookAt } from './look.ts';

/** What the gate may touch: it reads data, and neither copies, deletes nor writes the catalog. */
export type GateGuard = Pick<
  Guard,
  'ledger' | 'queue' | 'events' | 'contracts' | 'clock' | 'observer' | 'settings'
> & {
  readonly objects: Pick<ObjectStore, 'head' | 'open'>;
};

export interface GateOptions {
  readonly batchId?: string;
  /** Kept by the process from call to call. */
  readonly asked?: Asked;
}

const CONCURRENT_READS = 10;

/**
 * Looks at each key: ignores it, or reads its footer, judges it, and sends the verdict on. Repeating it is harmless.
 * What could not be looked at is a failure of its message alone, and comes again.
 */
export async function gate(
  guard: GateGuard,
  looks: readonly LookMessage[],
  options: GateOptions = {},
): Promise<readonly Failure[]> {
  const contracts = await guard.contracts.current();
  // First, so that the files which a log came with are judged with it.
  await noteLogsAmong(guard, contracts, looks);
  const recordOf = onceForEachTable(guard);
  const { results, failures } = await settleEach(looks, CONCURRENT_READS, (look) =>
    lookAt(guard, contracts, look, recordOf, (...spelling) => claimPartition(guard, ...spelling)),
  );
  await actOn(
    guard,
    contracts,
    results.filter((result) => result !== undefined),
    options,
  );
  return failures;
}

/** A table's record is read once a batch, and only where a file of it is judged. In place the first look begins the guard. */
function onceForEachTable(
  guard: Pick<Guard, 'ledger' | 'clock'>,
): (guarded: GuardedTable) => Promise<JudgingRecord> {
  const records = new Map<string, Promise<JudgingRecord>>();
  const recordOf = async ({ name, placement }: GuardedTable) => {
    const entry = await readTable(guard, name);
    if (entry !== undefined || placement.mode !== 'in-place') return entry?.value ?? {};
    return updateTable(guard, name, (record) => record);
  };
  return (guarded) => {
    const before = records.get(guarded.name);
    if (before !== undefined) return before;
    const record = recordOf(guarded);
    records.set(guarded.name, record);
    return record;
  };
}

async function actOn(
  guard: GateGuard,
  contracts: ContractSet,
  looks: readonly Look[],
  { batchId, asked = new Map() }: GateOptions,
): Promise<void> {
  const registered = new Set<string>();
  const outgoing: Outgoing = {};
  const events: BusEvent[] = [];
  const judged = new Map<GuardedTable, string[]>();
  const held = new Map<GuardedTable, string[]>();
  const log = new Map<GuardedTable, LoggedVerdict[]>();
  const departures = new Map<string, Departed>();
  const now = guard.clock.now();
  for (const look of looks) {
    observe(guard, look, now);
    if (look.kind === 'folder-changed') addTo(outgoing, look.next);
    if ('departed' in look && look.departed !== undefined)
      departures.set(JSON.stringify([look.departed.guarded.name, look.departed.folder]), look.departed);
    if (look.kind !== 'judged') continue;
    if (look.verdict !== 'ignore') push(judged, look.guarded, originId(look.origin));
    if (look.verdict === 'hold') push(held, look.guarded, originId(look.origin));
    if (look.logged) push(log, look.guarded, look.logged);
    for (const next of look.next) if (!isAskedTwice(next, registered, asked, now)) addTo(outgoing, next);
    for (const { event, identity } of look.events) events.push(busEvent(event, now, identity));
  }
  for (const { guarded, folder } of departures.values()) await noteDeparture(guard, guarded, folder);
  for (const [guarded, ids] of judged)
    await countVerdicts(guard, guarded, { judged: ids, held: held.get(guarded) ?? [] });
  await send(guard, outgoing as Parameters<typeof send>[1]);
  for (const { message } of outgoing.catalog ?? [])
    if (message.kind === 'register') noteAsked(asked, message.table, message.folder, Date.parse(now));
  if (events.length > 0) await guard.events.publish(events);
  // Last: a logged verdict is one whose consequences are on their way.
  for (const [guarded, verdicts] of log) await appendVerdicts(guard, guarded, verdicts, batchId);
  if (contracts.stale !== undefined) {
    guard.observer.record({ kind: 'contracts-stale', table: '-' });
    const event = { type: 'ContractsStale', detail: { reason: contracts.stale } } as const;
    await guard.events.publish([busEvent(event, now, [contracts.stale, now.slice(0, 13)])]);
  }
}

/** Files of one partition wish for the same: one message of a batch says it, and none where one is just out. */
function isAskedTwice({ message }: NextMessage, registered: Set<string>, asked: Asked, now: string): boolean {
  if (message.kind !== 'register') return false;
  const id = JSON.stringify([message.table, message.folder]);
  if (registered.has(id) || wasAsked(asked, message.table, message.folder, Date.parse(now))) return true;
  registered.add(id);
  return false;
}

function push<Key, Value>(into: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = into.get(key);
  if (values) values.push(value);
  else into.set(key, [value]);
}

type Outgoing = { -readonly [Name in keyof Messages]?: Omit<NextMessage, 'queue'>[] };

function addTo(outgoing: Outgoing, { queue, ...sent }: NextMessage): void {
  const messages = outgoing[queue] ?? [];
  messages.push(sent);
  outgoing[queue] = messages;
}

function outcomeOf(look: Extract<Look, { readonly kind: 'judged' | 'superseded' }>) {
  if (look.kind === 'superseded') return 'superseded';
  return look.verdict === 'ignore' && look.isLeft ? 'unmatched' : look.verdict;
}

function observe({ observer }: Pick<Guard, 'observer'>, look: Look, now: string): void {
  if (look.kind === 'ignored')
    observer.record({ kind: 'ignored', table: look.guarded.name, reason: look.reason });
  if (look.kind !== 'judged' && look.kind !== 'superseded') return;
  if (look.kind === 'judged' && look.verdict === 'admit')
    for (const grant of look.grants)
      observer.record({ kind: 'granted', table: look.guarded.name, key: look.origin.key, grant });
  observer.record({
    kind: 'looked-at',
    table: look.guarded.name,
    key: look.origin.key,
    outcome: outcomeOf(look),
    ...(look.kind === 'judged' && look.verdict === 'hold' && look.isLeft && { isLeft: true }),
    exposedSeconds: Math.max(0, (Date.parse(now) - Date.parse(look.origin.writtenAt)) / 1000),
  });
}
