import type { Contract } from '../../src/judge/contract/contract.ts';
import { buildRegistry } from '../../src/judge/contract/registry.ts';
import { LOCAL_PAGE_LIMITS } from '../../src/judge/pages/limits.ts';
import type {
  Catalog,
  CatalogPartition,
  CatalogTable,
  PartitionOutcome,
  TableDefinition,
  TableRef,
} from '../../src/run/ports/catalog.ts';
import type { Clock } from '../../src/run/ports/clock.ts';
import type { ContractSet, ContractSource } from '../../src/run/ports/contract-source.ts';
import type { BusEvent, EventBus } from '../../src/run/ports/event-bus.ts';
import type { Json, Ledger, LedgerEntry, LedgerKey } from '../../src/run/ports/ledger.ts';
import type { Notice, Notifier } from '../../src/run/ports/notifier.ts';
import type { OutgoingMessage, Queue, QueueName } from '../../src/run/ports/queue.ts';
import { type GuardedTable, guardedTables } from '../../src/run/table/guarded-table.ts';

/** A call about to be made: a hook may throw, or change the world first. */
export type Hook = (call: string) => void | Promise<void>;

export class MemoryCatalog implements Catalog {
  readonly tables = new Map<string, CatalogTable>();
  readonly partitions = new Map<string, Map<string, CatalogPartition>>();
  readonly calls: string[] = [];
  before: Hook = () => undefined;
  /** Per-item failures by the partition's first value. */
  readonly failing = new Map<string, { readonly code: string; readonly message: string }>();
  version = 0;

  /** Every version that a table ever had, oldest first. */
  readonly versions = new Map<string, CatalogTable[]>();

  put({ database, name }: TableRef, definition: TableDefinition): void {
    const id = `${database}.${name}`;
    const table = { ...definition, versionId: String(++this.version) };
    this.tables.set(id, table);
    this.versions.set(id, [...(this.versions.get(id) ?? []), table]);
  }

  async #call(name: string): Promise<void> {
    this.calls.push(name);
    await this.before(name);
  }

  async getTable({ database, name }: TableRef): Promise<CatalogTable | undefined> {
    await this.#call('getTable');
    return this.tables.get(`${database}.${name}`);
  }

  async createTable(ref: TableRef, definition: TableDefinition): Promise<'created' | 'exists'> {
    await this.#call('createTable');
    if (this.tables.has(`${ref.database}.${ref.name}`)) return 'exists';
    this.put(ref, definition);
    return 'created';
  }

  async updateTable(
    ref: TableRef,
    definition: TableDefinition,
    expectedVersionId: string,
  ): Promise<'updated' | 'conflict' | 'missing'> {
    await this.#call('updateTable');
    const current = this.tables.get(`${ref.database}.${ref.name}`);
    if (current === undefined) return 'missing';
    if (current.versionId !== expectedVersionId) return 'conflict';
    this.put(ref, definition);
    return 'updated';
  }

  async listTableVersions({ database, name }: TableRef): Promise<readonly string[]> {
    await this.#call('listTableVersions');
    return (this.versions.get(`${database}.${name}`) ?? []).map(({ versionId }) => versionId);
  }

  async getTableVersion({ database, name }: TableRef, wanted: string): Promise<CatalogTable | undefined> {
    await this.#call('getTableVersion');
    return this.versions.get(`${database}.${name}`)?.find(({ versionId }) => versionId === wanted);
  }

  partitionsOf({ database, name }: TableRef): Map<string, CatalogPartition> {
    const partitions = this.partitions.get(`${database}.${name}`) ?? new Map();
    this.partitions.set(`${database}.${name}`, partitions);
    return partitions;
  }

  async createPartitions(
    ref: TableRef,
    partitions: readonly CatalogPartition[],
  ): Promise<readonly PartitionOutcome[]> {
    await this.#call('createPartitions');
    if (partitions.length > 100) throw new Error('more than 100 partitions in one call');
    return partitions.map((partition) => {
      const key = JSON.stringify(partition.values);
      const failure = this.failing.get(partition.values[0] ?? '');
      if (failure) return { outcome: 'failed', ...failure };
      if (this.partitionsOf(ref).has(key)) return { outcome: 'exists' };
      this.partitionsOf(ref).set(key, partition);
      return { outcome: 'created' };
    });
  }

  async getPartition(ref: TableRef, values: readonly string[]): Promise<CatalogPartition | undefined> {
    await this.#call('getPartition');
    return this.partitionsOf(ref).get(JSON.stringify(values));
  }

  async *listPartitions(ref: TableRef): AsyncIterable<readonly CatalogPartition[]> {
    await this.#call('listPartitions');
    yield [...this.partitionsOf(ref).values()];
  }

  async updatePartition(ref: TableRef, partition: CatalogPartition): Promise<'updated' | 'missing'> {
    await this.#call('updatePartition');
    const key = JSON.stringify(partition.values);
    if (!this.partitionsOf(ref).has(key)) return 'missing';
    this.partitionsOf(ref).set(key, partition);
    return 'updated';
  }
}

export class MemoryLedger implements Ledger {
  readonly entries = new Map<string, LedgerEntry>();
  before: Hook = () => undefined;
  revision = 0;

  async get({ scope, id }: LedgerKey): Promise<LedgerEntry | undefined> {
    await this.before('get');
    return this.entries.get(`${scope}\0${id}`);
  }

  async put(key: LedgerKey, value: Json, expected: string | undefined): Promise<'stored' | 'conflict'> {
    await this.before('put');
    const name = `${key.scope}\0${key.id}`;
    if (this.entries.get(name)?.revision !== expected) return 'conflict';
    // Through text, as every real ledger does.
    this.entries.set(name, {
      ...key,
      value: JSON.parse(JSON.stringify(value)),
      revision: String(++this.revision),
    });
    return 'stored';
  }

  async remove({ scope, id }: LedgerKey, expected: string): Promise<'removed' | 'conflict'> {
    const name = `${scope}\0${id}`;
    if (this.entries.get(name)?.revision !== expected) return 'conflict';
    this.entries.delete(name);
    return 'removed';
  }

  async *list(scope: string, idPrefix = ''): AsyncIterable<readonly LedgerEntry[]> {
    yield [...this.entries.values()]
      .filter((entry) => entry.scope === scope && entry.id.startsWith(idPrefix))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  value<Value>(scope: string, id = 'state'): Value {
    return this.entries.get(`${scope}\0${id}`)?.value as Value;
  }

  set(scope: string, id: string, value: unknown): void {
    this.entries.set(`${scope}\0${id}`, {
      scope,
      id,
      value: JSON.parse(JSON.stringify(value)),
      revision: String(++this.revision),
    });
  }
}

/** Everything that a use case may touch, in memory, with the world open to the test. */
export class MemoryWorld {
  readonly catalog = new MemoryCatalog();
  readonly ledger = new MemoryLedger();
  readonly sent: { readonly queue: QueueName; readonly body: unknown }[] = [];
  readonly published: BusEvent[] = [];
  readonly notices: Notice[] = [];
  now = '2026-06-15T12:00:00.000Z';
  set: ContractSet;
  beforePublish: Hook = () => undefined;
  beforeNotify: Hook = () => undefined;
  readonly settings = {
    quarantine: 's3://quarantine/',
    version: '1.0.0',
    maxFooterBytes: 1,
    pageLimits: LOCAL_PAGE_LIMITS,
  };

  constructor(...contracts: readonly Contract[]) {
    this.set = contractSet(...contracts);
  }

  readonly clock: Clock = { now: () => this.now };
  readonly contracts: ContractSource = { current: async () => this.set };
  readonly queue: Queue = {
    send: async (queue: QueueName, messages: readonly OutgoingMessage[]) => {
      this.sent.push(...messages.map(({ body }) => ({ queue, body: JSON.parse(body) as unknown })));
    },
  };
  readonly events: EventBus = {
    publish: async (events) => {
      await this.beforePublish('publish');
      this.published.push(...events);
    },
  };
  readonly notifier: Notifier = {
    notify: async (notice) => {
      await this.beforeNotify('notify');
      this.notices.push(notice);
    },
  };

  table(name = 'shop.t'): GuardedTable {
    const guarded = guardedTables(this.set).get(name);
    if (guarded === undefined) throw new Error(`no table ${name}`);
    return guarded;
  }

  later(minutes: number): void {
    this.now = new Date(Date.parse(this.now) + minutes * 60_000).toISOString();
  }
}

export function contractSet(...contracts: readonly Contract[]): ContractSet {
  const built = buildRegistry(contracts);
  if (!built.ok) throw new Error(JSON.stringify(built.issues));
  return { registry: built.registry };
}
