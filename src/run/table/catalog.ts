import { HeadgateError } from '../../error.ts';
import { safeText } from '../../text/safe.ts';
import { keysText } from '../catalog/applied-step.ts';
import { partitionDifferences, partitionElsewhere } from '../catalog/difference.ts';
import { partitionOf } from '../catalog/partition.ts';
import type { Failure } from '../guard/guard.ts';
import { busEvent } from '../message/bus-event.ts';
import type { CatalogDriftDetail } from '../message/events.ts';
import type { ApplyMessage, RegisterMessage } from '../message/messages.ts';
import { lookOf } from '../message/origin.ts';
import { send } from '../message/send.ts';
import {
  type CatalogPartition,
  MAX_PARTITIONS_PER_CALL,
  type PartitionOutcome,
  type TableDefinition,
} from '../ports/catalog.ts';
import {
  type CatalogCache,
  type CatalogGuard,
  currentTable,
  ensureTable,
  isLate,
  type TableState,
} from './catalog-table.ts';
import { folderOf } from './folder.ts';
import { type GuardedTable, guardedTables } from './guarded-table.ts';
import { claimFor } from './partition-claim.ts';

type CatalogMessage = ApplyMessage | RegisterMessage;
type Indexed<Message> = { readonly index: number; readonly message: Message };

/**
 * Makes the catalog hold what admitted files need: the table by the active version, then their partitions. What rides
 * on an `apply` goes on only when the catalog really holds the types. Everything may be repeated. Returns the messages
 * that must come again; a table in `observe` is never written.
 */
export async function updateCatalog(
  guard: CatalogGuard,
  messages: readonly CatalogMessage[],
  cache: CatalogCache,
): Promise<readonly Failure[]> {
  const tables = guardedTables(await guard.contracts.current());
  const byTable = new Map<string, Indexed<CatalogMessage>[]>();
  for (const [index, message] of messages.entries()) {
    const group = byTable.get(message.table) ?? [];
    group.push({ index, message });
    byTable.set(message.table, group);
  }
  const failures: Failure[] = [];
  for (const [name, group] of byTable) {
    const guarded = tables.get(name);
    if (guarded?.placement.mode === 'observe') continue;
    if (guarded) failures.push(...(await updateTable(guard, guarded, group, cache)));
    else failures.push(...fail(group, noContract(name)));
  }
  return failures;
}

function noContract(name: string): HeadgateError {
  return new HeadgateError('NO_CONTRACT', `no contract declares table ${safeText(name, 120)} now`);
}

function fail(group: readonly Indexed<unknown>[], error: unknown): readonly Failure[] {
  return group.map(({ index }) => ({ index, error }));
}

async function updateTable(
  guard: CatalogGuard,
  guarded: GuardedTable,
  group: readonly Indexed<CatalogMessage>[],
  cache: CatalogCache,
): Promise<readonly Failure[]> {
  try {
    const applies = group.filter((entry): entry is Indexed<ApplyMessage> => entry.message.kind === 'apply');
    const isOutOfDate = applies.length > 0 && (await isLate(guard, guarded));
    const isCurrent = (message: ApplyMessage) =>
      !isOutOfDate && message.contractHash === guarded.contractHash;
    const riding = applies.flatMap(({ message }) =>
      message.rider?.kind === 'publish' ? [{ message, object: message.rider }] : [],
    );
    // Contracts changed since the verdict: the object is looked at again under those of today.
    await send(guard, {
      validate: riding
        .filter(({ message }) => !isCurrent(message))
        .map(({ object }) => ({ message: lookOf(object.origin) })),
    });
    const state = applies.some(({ message }) => isCurrent(message))
      ? await ensureTable(guard, guarded, cache)
      : undefined;
    // Where the version waits for a person, the object does too: in landing, looked at again after `headgate apply`.
    if (state?.kind === 'holds')
      await send(guard, {
        publish: riding
          .filter(({ message }) => isCurrent(message))
          .map(({ object }) => ({ message: object })),
      });
    return await register(guard, guarded, registrationsOf(group, state), cache);
  } catch (error) {
    await tellDenied(guard, guarded, error);
    return fail(group, error);
  }
}

/** A partition that rides on an `apply` is shown only where the table holds the types that its files need. */
function registrationsOf(
  group: readonly Indexed<CatalogMessage>[],
  state: TableState | undefined,
): readonly Indexed<RegisterMessage>[] {
  return group.flatMap(({ index, message }): readonly Indexed<RegisterMessage>[] => {
    if (message.kind === 'register') return [{ index, message }];
    return message.rider?.kind === 'register' && state?.kind === 'holds'
      ? [{ index, message: message.rider }]
      : [];
  });
}

/** A missing grant is nothing that a retry mends: it is told by its name (Glue, Lake Formation). */
async function tellDenied(guard: CatalogGuard, guarded: GuardedTable, error: unknown): Promise<void> {
  if (!(error instanceof HeadgateError)) return;
  if (error.code !== 'PERMISSION_DENIED' && error.code !== 'CATALOG_COLLISION') return;
  const now = guard.clock.now();
  const detail = { table: guarded.name, reason: safeText(error.message, 512) };
  await guard.events
    .publish([
      busEvent({ type: 'CatalogUpdateFailed', detail }, now, [guarded.name, detail.reason, now.slice(0, 13)]),
    ])
    // The message fails with the cause itself, and comes again.
    .catch(() => undefined);
}

/** Partitions kept in mind for each table. Somebody may drop one, and `reconcile` has it registered again: so not for long. */
const MAX_KNOWN = 100_000;
const KNOWN_MS = 300_000;

function knownFolders(
  guard: CatalogGuard,
  { name }: GuardedTable,
  { partitions }: CatalogCache,
): Set<string> {
  const nowMs = Date.parse(guard.clock.now());
  const known = partitions.get(name);
  if (known && known.folders.size <= MAX_KNOWN && nowMs >= known.sinceMs && nowMs - known.sinceMs < KNOWN_MS)
    return known.folders;
  const folders = new Set<string>();
  partitions.set(name, { sinceMs: nowMs, folders });
  return folders;
}

async function register(
  guard: CatalogGuard,
  guarded: GuardedTable,
  registrations: readonly Indexed<RegisterMessage>[],
  cache: CatalogCache,
): Promise<readonly Failure[]> {
  const { table } = guarded;
  if (table.partitionKeys.length === 0 || table.policy.partitions === 'projected') return [];
  const known = knownFolders(guard, guarded, cache);
  const byFolder = new Map<string, Indexed<RegisterMessage>[]>();
  for (const entry of registrations) {
    const { folder } = entry.message;
    if (known.has(folder)) continue;
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), entry]);
  }
  if (byFolder.size === 0) return [];
  const definition = await currentTable(guard, guarded, cache);
  const failures: Failure[] = [];
  const wanted: Wanted[] = [];
  for (const [folder, entries] of byFolder) {
    const partition = partitionOf(definition, folder);
    if (partition) wanted.push({ folder, partition, entries });
    // Any other folder is nobody's partition: an older version of Headgate asked for it.
    else if (folder !== '' && folderOf(table, folder) === folder)
      failures.push(...fail(entries, otherKeys(guarded, definition, folder)));
  }
  for (let start = 0; start < wanted.length; start += MAX_PARTITIONS_PER_CALL) {
    const slice = wanted.slice(start, start + MAX_PARTITIONS_PER_CALL);
    failures.push(...(await registerSlice(guard, guarded, definition, slice, known)));
  }
  return failures;
}

interface Wanted {
  readonly folder: string;
  readonly partition: CatalogPartition;
  readonly entries: readonly Indexed<RegisterMessage>[];
}

function otherKeys(
  { name }: GuardedTable,
  { partitionKeys }: TableDefinition,
  folder: string,
): HeadgateError {
  return new HeadgateError(
    'CATALOG_COLLISION',
    `folder ${safeText(folder, 160)} is no partition of table ${safeText(name, 120)} in the catalog, which is partitioned by ${keysText(partitionKeys)}`,
  );
}

async function registerSlice(
  guard: CatalogGuard,
  guarded: GuardedTable,
  definition: TableDefinition,
  slice: readonly Wanted[],
  known: Set<string>,
): Promise<readonly Failure[]> {
  const outcomes = await guard.catalog.createPartitions(
    guarded.ref,
    slice.map(({ partition }) => partition),
  );
  const failures: Failure[] = [];
  const existing: Wanted[] = [];
  for (const [index, wanted] of slice.entries()) {
    const outcome = outcomes[index];
    if (outcome?.outcome === 'created') known.add(wanted.folder);
    else if (outcome?.outcome === 'exists') existing.push(wanted);
    else {
      const error = partitionError(guarded, wanted.folder, outcome);
      failures.push(...fail(wanted.entries, error));
    }
  }
  // One page names one of them: the grant is the same for all.
  await tellDenied(guard, guarded, failures[0]?.error);
  await compareExisting(guard, guarded, definition, existing);
  for (const { folder } of existing) known.add(folder);
  return failures;
}

function partitionError(
  { name }: GuardedTable,
  folder: string,
  outcome: PartitionOutcome | undefined,
): HeadgateError {
  const { code, message } =
    outcome?.outcome === 'failed' ? outcome : { code: 'none', message: 'the catalog gave no outcome' };
  const kind = /AccessDenied|PERMISSION_DENIED/iu.test(code) ? 'PERMISSION_DENIED' : 'WRITE_FAILED';
  return new HeadgateError(
    kind,
    `partition ${safeText(folder, 160)} of table ${safeText(name, 120)} was not registered: ${safeText(code, 60)}: ${safeText(message, 200)}`,
  );
}

/** A partition that exists is done, wherever it lies; that it lies elsewhere, or has other types, is told. */
async function compareExisting(
  guard: CatalogGuard,
  guarded: GuardedTable,
  definition: TableDefinition,
  existing: readonly Wanted[],
): Promise<void> {
  const differences: CatalogDriftDetail['differences'][number][] = [];
  for (const { partition } of existing) {
    const actual = await guard.catalog.getPartition(guarded.ref, partition.values);
    if (actual === undefined) continue;
    const elsewhere = partitionElsewhere(partition, actual);
    const stale = partitionDifferences(definition, actual).filter(({ kind }) => kind === 'partition-type');
    for (const { rule, path, expected, actual: found } of [...stale, ...elsewhere])
      differences.push({ rule, path, expected, actual: found });
    // What is registered is the partition: from now on files of another folder are held.
    if (elsewhere.length > 0) await claimFor(guard, guarded, actual);
  }
  await tellDrift(guard, guarded, differences);
}

const MAX_TOLD = 40;

/** One event for the same differences on one UTC day, however often they are seen. */
export async function tellDrift(
  guard: Pick<CatalogGuard, 'events' | 'clock'>,
  guarded: GuardedTable,
  differences: CatalogDriftDetail['differences'],
): Promise<void> {
  if (differences.length === 0) return;
  const now = guard.clock.now();
  const told = differences.slice(0, MAX_TOLD);
  const detail: CatalogDriftDetail = {
    table: guarded.name,
    contractVersion: guarded.contracts[0]?.version ?? '',
    differences: told,
    owner: guarded.recipients,
  };
  await guard.events.publish([
    busEvent({ type: 'CatalogDrift', detail }, now, [guarded.name, JSON.stringify(told), now.slice(0, 10)]),
  ]);
}
