import { formatLogAbove } from '../../judge/contract/table-format.ts';
import type { Failure, Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { type Ending, endHolds } from '../hold/end-hold.ts';
import { type HoldRecord, stateOf } from '../hold/hold.ts';
import type { BatchMessage, Origin, PublishMessage } from '../message/messages.ts';
import { lookOf, originId } from '../message/origin.ts';
import { send } from '../message/send.ts';
import type { ContractSet } from '../ports/contract-source.ts';
import { isPlaced } from '../table/folder.ts';
import { type GuardedTable, guardedTables } from '../table/guarded-table.ts';
import { keyBelow, locate } from '../table/located.ts';
import { readTable } from '../table/table-record.ts';
import { runBatch } from './batch.ts';
import { noteOverwritten, noteWhole, rememberedOf, type Witnessed } from './folder-record.ts';
import { mirror } from './mirror.ts';
import { type Asked, registerFolder } from './register-folder.ts';
import { sideBySide } from './side-by-side.ts';
import { holdsOf, recordedFor, sortUnmatched } from './survey.ts';
import { forgetWaiting, noteWaiting } from './waiting.ts';

/** What publishing may touch: it never writes the catalog. */
export type PublishGuard = Pick<
  Guard,
  'objects' | 'ledger' | 'queue' | 'events' | 'contracts' | 'clock' | 'observer' | 'settings'
>;

/** Together the fifty requests that one client has under way. */
const CONCURRENT_FOLDERS = 5;
const CONCURRENT_COPIES = 10;

/** What a process keeps from call to call; losing it costs a request now and then. */
export interface PublishMemory {
  readonly witnessed: Witnessed;
  readonly asked: Asked;
}

export function newPublishMemory(): PublishMemory {
  return { witnessed: new Map(), asked: new Map() };
}

/** Publishes admitted objects, or, where their folder is a batch, notes them until it is complete. */
export async function publish(
  guard: PublishGuard,
  messages: readonly (PublishMessage | BatchMessage)[],
  memory: PublishMemory = newPublishMemory(),
): Promise<readonly Failure[]> {
  const contracts = await guard.contracts.current();
  const failures: Failure[] = [];
  await inParallel(groupsOf(contracts, messages), CONCURRENT_FOLDERS, async (group) => {
    try {
      if (group.kind === 'batch') await runBatch(guard, group.guarded, group.folder);
      else failures.push(...(await publishFolder(guard, group, memory)));
    } catch (error) {
      failures.push(...group.indexes.map((index) => ({ index, error })));
    }
  });
  return failures;
}

type Group = {
  readonly guarded: GuardedTable;
  readonly folder: string;
  readonly indexes: number[];
} & ({ readonly kind: 'publish'; readonly messages: PublishMessage[] } | { readonly kind: 'batch' });

/** Messages by kind, table and folder. A table that is no longer declared has nothing to publish; its landing stays. */
function groupsOf(
  contracts: ContractSet,
  messages: readonly (PublishMessage | BatchMessage)[],
): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [index, message] of messages.entries()) {
    const guarded = guardedTables(contracts).get(message.table);
    if (guarded?.placement.mode !== 'promote') continue;
    const folder = message.kind === 'batch' ? message.folder : locate(guarded, message.origin.key).folder;
    const id = JSON.stringify([message.kind, message.table, folder]);
    const group =
      groups.get(id) ??
      (message.kind === 'batch'
        ? { kind: 'batch', guarded, folder, indexes: [] }
        : { kind: 'publish', guarded, folder, indexes: [], messages: [] });
    groups.set(id, group);
    group.indexes.push(index);
    if (group.kind === 'publish' && message.kind === 'publish') group.messages.push(message);
  }
  return [...groups.values()];
}

async function publishFolder(
  guard: PublishGuard,
  { guarded, folder, indexes, messages }: Extract<Group, { readonly kind: 'publish' }>,
  { witnessed, asked }: PublishMemory,
): Promise<readonly Failure[]> {
  const current = await currentVerdicts(guard, guarded, messages);
  const [first] = current;
  if (first === undefined) return [];
  const witness = keyBelow(guarded.landing, first.origin.key);
  if (await isBatch(guard, guarded, folder, { witness, witnessed })) {
    await noteWaiting(guard, guarded, folder, current);
    return [];
  }
  const holds = await holdsOf(guard, guarded, folder);
  const failures: Failure[] = [];
  const published = await inParallel(current, CONCURRENT_COPIES, async (message) => {
    // A contract change alone never publishes what is held: a person releases it.
    if (holds.get(originId(message.origin))?.status === 'held') return false;
    try {
      return (await mirror(guard, guarded, message.origin, message.description)).outcome === 'published';
    } catch (error) {
      failures.push({ index: indexes[messages.indexOf(message)] ?? 0, error });
      return false;
    }
  });
  const good = current.filter((_, index) => published[index]).map(({ origin }) => origin);
  await forgetWaiting(guard, guarded, folder, good.map(originId));
  if (good.length > 0) await registerFolder(guard, guarded, folder, asked);
  await endHolds(guard, guarded, endedBy(good, holds));
  return failures;
}

/** A good object under a key ends the hold of the bad one that lay there before. */
function endedBy(published: readonly Origin[], holds: ReadonlyMap<string, HoldRecord>): readonly Ending[] {
  const etags = new Map(published.map(({ key, etag }) => [key, etag]));
  return [...holds.values()].flatMap((record): readonly Ending[] => {
    const etag = etags.get(record.origin.key);
    if (etag === undefined || !['DONE', 'released'].includes(stateOf(record))) return [];
    const isItself = etag === record.origin.etag || etag === record.releasedEtag;
    return [{ record, reason: isItself ? 'published' : 'overwritten' }];
  });
}

/**
 * What was judged under other contracts, for other types than the catalog holds, before a log was seen, or by a gate that let
 * other places pass, goes back.
 */
async function currentVerdicts(
  guard: PublishGuard,
  guarded: GuardedTable,
  messages: readonly PublishMessage[],
): Promise<readonly PublishMessage[]> {
  const { catalogVersion, formatLogs } = recordedFor((await readTable(guard, guarded.name))?.value);
  const isCurrent = ({ judgedBy, origin }: PublishMessage) => {
    const relativeKey = keyBelow(guarded.landing, origin.key);
    return (
      judgedBy.contractHash === guarded.contractHash &&
      judgedBy.catalogVersion === catalogVersion &&
      formatLogAbove(formatLogs, relativeKey) === undefined &&
      isPlaced(guarded.table, relativeKey)
    );
  };
  const outdated = messages.filter((message) => !isCurrent(message));
  await send(guard, {
    validate: outdated.map(({ origin }) => ({ message: lookOf(origin) })),
  });
  return messages.filter(isCurrent);
}

/**
 * A stated completion makes a folder a batch, and so does an overwrite: a mirrored object that landing has lost. Both sides
 * are listed only where what is remembered of the folder does not rule that out.
 */
async function isBatch(
  guard: PublishGuard,
  guarded: GuardedTable,
  folder: string,
  { witness, witnessed }: { readonly witness: string; readonly witnessed: Witnessed },
): Promise<boolean> {
  const { completion, landing } = guarded.table.policy;
  if (completion.kind !== 'first-file') return true;
  if (landing === 'consume') return false;
  const remembered = await rememberedOf(guard, guarded, folder, witnessed);
  if (remembered.kind === 'whole') return false;
  if (remembered.kind === 'overwritten') return true;
  let isWitnessed = false;
  for await (const { landing, location } of sideBySide(guard, guarded, folder)) {
    isWitnessed ||= landing.has(witness);
    const unmatched = [...location].filter(([relativeKey]) => !landing.has(relativeKey));
    // The first of ours that landing lacks tells it: the others are asked about once all of them are due.
    for (let start = 0; start < unmatched.length; start += CONCURRENT_COPIES) {
      const some = new Map(unmatched.slice(start, start + CONCURRENT_COPIES));
      const { missing } = await sortUnmatched(guard, guarded, { landing, location: some });
      if (missing.length === 0) continue;
      await noteOverwritten(guard, guarded, folder, remembered.revision);
      return true;
    }
  }
  if (isWitnessed) await noteWhole(guard, guarded, folder, { revision: remembered.revision, witness });
  return false;
}
