import { HeadgateError } from '../../error.ts';
import { appliedTable } from '../../run/catalog/applied.ts';
import { type CatalogDifference, catalogDifference, KINDS } from '../../run/catalog/difference.ts';
import { tableDefinition } from '../../run/catalog/table-definition.ts';
import { inParallel } from '../../run/guard/in-parallel.ts';
import type { Account } from '../../run/ports/account.ts';
import type { Ledger } from '../../run/ports/ledger.ts';
import type { QueueName } from '../../run/ports/queue.ts';
import { type GuardedTable, type Prefix, prefixOf } from '../../run/table/guarded-table.ts';
import { readTable } from '../../run/table/table-record.ts';
import { safeText } from '../../text/safe.ts';
import type {
  BucketState,
  BucketUse,
  DeploymentState,
  Observed,
  QueueEntry,
  Snapshot,
  TableState,
} from './snapshot.ts';

/** A deployment as its file names it. */
export interface DeploymentNames {
  readonly ledgerTable: string;
  readonly ledger: Pick<Ledger, 'get'>;
  readonly bus: string;
  readonly quarantine: string;
  readonly queues: { readonly [Name in QueueName]?: string };
  /** ARNs, by what they are the dead letters of. */
  readonly deadLetters: Readonly<Record<string, string>>;
}

/**
 * Reads everything that the checks look at. What cannot be read becomes `unseen`; the rest is read all the same. Throws
 * NOT_CONFIGURED where the caller has no usable credentials at all.
 */
export async function observe(
  account: Account,
  guarded: readonly GuardedTable[],
  names: DeploymentNames | undefined,
): Promise<Snapshot> {
  const [tables, buckets, crawlers, jobs, workGroups, rules, deployment] = await Promise.all([
    inParallel(guarded, CONCURRENT_READS, (table) => tableState(account, table, names?.ledger)),
    inParallel([...usesOf(guarded, names)], CONCURRENT_READS, ([name, uses]) =>
      bucketState(account, name, uses),
    ),
    look(() => account.crawlers()),
    look(() => account.jobs()),
    look(() => account.workGroups()),
    look(() => account.rules('default')),
    names && deploymentState(account, names),
  ]);
  throwIfNobody([crawlers, jobs, workGroups, rules]);
  return { tables, buckets, crawlers, jobs, workGroups, rules, ...(deployment && { deployment }) };
}

/** Without credentials no service answers: one reason, not a hundred. */
function throwIfNobody(services: readonly Observed<unknown>[]): void {
  const errors = services.flatMap((observed) => (observed.kind === 'unseen' ? [observed.error] : []));
  const [first] = errors;
  if (first && errors.length === services.length && errors.every(({ code }) => code === 'NOT_CONFIGURED'))
    throw first;
}

const CONCURRENT_READS = 4;

async function look<Value>(read: () => Promise<Value>): Promise<Observed<Value>> {
  try {
    return { kind: 'seen', value: await read() };
  } catch (error) {
    if (error instanceof HeadgateError) return { kind: 'unseen', why: safeText(error.message, 400), error };
    throw error;
  }
}

async function tableState(
  account: Account,
  guarded: GuardedTable,
  ledger: Pick<Ledger, 'get'> | undefined,
): Promise<TableState> {
  const { name, ref, placement, table } = guarded;
  const [differences, grants, locationGrants] = await Promise.all([
    look(() => differencesOf(account, guarded, ledger)),
    look(() => account.tableGrants(ref)),
    look(() => account.locationGrants(placement.location)),
  ]);
  return {
    name,
    ref,
    mode: placement.mode,
    guarded: placement.guarded,
    location: placement.location,
    partitions: table.policy.partitions,
    isPartitioned: table.partitionKeys.length > 0,
    differences,
    grants,
    locationGrants,
  };
}

/** Compared with what the catalog was made to hold, as the drift watch does; with the contract where nothing was yet. */
async function differencesOf(
  account: Account,
  { name, ref, table, placement }: GuardedTable,
  ledger: Pick<Ledger, 'get'> | undefined,
): Promise<readonly CatalogDifference[] | undefined> {
  const current = await account.table(ref);
  const applied = ledger && (await readTable({ ledger }, name))?.value.applied;
  if (current === undefined && applied === undefined) return undefined;
  const declared = applied ? appliedTable(applied, table) : table;
  const wanted = tableDefinition(declared, { location: applied?.location ?? placement.location });
  return catalogDifference(wanted, current, { partitions: table.policy.partitions }).filter(
    ({ kind }) => KINDS[kind] === 'drift' && (applied !== undefined || kind !== 'parameter'),
  );
}

/** Every bucket, and what each prefix in it is for. */
function usesOf(
  guarded: readonly GuardedTable[],
  names: DeploymentNames | undefined,
): ReadonlyMap<string, readonly BucketUse[]> {
  const uses = new Map<string, BucketUse[]>();
  const add = ({ bucket, prefix }: Prefix, as: BucketUse['as']) =>
    uses.set(bucket, [...(uses.get(bucket) ?? []), { prefix, as }]);
  for (const { landing, location, placement, table } of guarded) {
    const isOnePlace = placement.guarded === placement.location;
    add(landing, isOnePlace ? 'in-place' : 'landing');
    if (!isOnePlace) add(location, 'location');
    if (table.policy.quarantine !== undefined) add(prefixOf(table.policy.quarantine), 'quarantine');
  }
  if (names) add(prefixOf(names.quarantine), 'quarantine');
  return uses;
}

async function bucketState(account: Account, name: string, uses: readonly BucketUse[]): Promise<BucketState> {
  const [notice, versioning, ownership, policy, expiries] = await Promise.all([
    look(() => account.notice(name)),
    look(() => account.versioning(name)),
    look(() => account.ownership(name)),
    look(() => account.policy(name)),
    look(() => account.expiries(name)),
  ]);
  return { name, uses, notice, versioning, ownership, policy, expiries };
}

async function deploymentState(
  account: Account,
  { queues, ledgerTable, bus, deadLetters }: DeploymentNames,
): Promise<DeploymentState> {
  const others = Object.entries(deadLetters).filter(([name]) => !(name in queues));
  const [entries, otherDeadLetters, ledger, busRules] = await Promise.all([
    inParallel(Object.entries(queues) as [QueueName, string][], CONCURRENT_READS, ([name, url]) =>
      queueEntry(account, name, url),
    ),
    inParallel(others, CONCURRENT_READS, async ([name, arn]) => ({
      name,
      arn,
      state: await look(() => account.queueByArn(arn)),
    })),
    look(() => account.ledger(ledgerTable)),
    look(() => account.rules(bus)),
  ]);
  return { queues: entries, otherDeadLetters, ledger, busRules };
}

async function queueEntry(account: Account, name: QueueName, url: string): Promise<QueueEntry> {
  const state = await look(() => account.queue(url));
  const nothing = { kind: 'seen', value: undefined } as const;
  if (state.kind === 'unseen' || state.value === undefined)
    return { name, state, deadLetters: nothing, pollers: { kind: 'seen', value: [] } };
  const { arn, deadLetterArn } = state.value;
  const [deadLetters, pollers] = await Promise.all([
    deadLetterArn === undefined ? nothing : look(() => account.queueByArn(deadLetterArn)),
    look(() => account.pollers(arn)),
  ]);
  return { name, state, deadLetters, pollers };
}
