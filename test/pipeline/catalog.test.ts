import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { ApplyMessage, PublishMessage, RegisterMessage } from '../../src/run/message/messages.ts';
import type { TableDefinition } from '../../src/run/ports/catalog.ts';
import { updateCatalog } from '../../src/run/table/catalog.ts';
import { newCatalogCache } from '../../src/run/table/catalog-table.ts';
import { guardedTables } from '../../src/run/table/guarded-table.ts';
import type { TableRecord } from '../../src/run/table/table-record.ts';
import { applyVersion } from '../support/apply-version.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { contractSet, MemoryWorld } from '../support/ports-in-memory.ts';

const REF = { database: 'shop', name: 't' };
const PARTITIONED = ['id bigint', 'dt date partition'];

function publish(key = 'a.parquet'): PublishMessage {
  const origin = {
    bucket: 'landing',
    key: `t/${key}`,
    etag: 'e1',
    versionId: 'v1',
    sizeBytes: 100,
    writtenAt: '2026-06-15T11:00:00.000Z',
  };
  const judgedBy = { contractHash: 'h', contractVersion: '1.0.0', catalogVersion: '1.0.0' };
  return { kind: 'publish', table: 'shop.t', origin, judgedBy };
}

function apply(world: MemoryWorld, rider?: PublishMessage | RegisterMessage): ApplyMessage {
  return {
    kind: 'apply',
    table: 'shop.t',
    contractHash: world.table().contractHash,
    ...(rider && { rider }),
  };
}

function register(folder: string): RegisterMessage {
  return { kind: 'register', table: 'shop.t', folder };
}

function definition(world: MemoryWorld): TableDefinition {
  const { table, placement } = world.table();
  return tableDefinition(table, placement);
}

function current(world: MemoryWorld): TableDefinition | undefined {
  return world.catalog.tables.get('shop.t');
}

function applied(world: MemoryWorld) {
  return world.ledger.value<TableRecord | undefined>('table/shop.t')?.applied;
}

describe('CAT-10: the catalog holds the types before the object goes on', () => {
  test('a first file creates the table, records it, tells it, and lets the object go', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    expect(await updateCatalog(world, [apply(world, publish())], newCatalogCache())).toEqual([]);
    expect(current(world)).toMatchObject({
      columns: [{ name: 'id', type: 'bigint' }],
      partitionKeys: [{ name: 'dt', type: 'date' }],
      location: 's3://lake/t/',
      parameters: { 'headgate.contract': 'c-1' },
    });
    expect(applied(world)).toEqual({
      contractVersion: '1.0.0',
      columns: [{ name: 'id', type: 'bigint' }],
      partitionKeys: [{ name: 'dt', type: 'date' }],
      location: 's3://lake/t/',
      readsByIndex: false,
      ignoresStatistics: false,
      at: '2026-06-15T12:00:00.000Z',
    });
    expect(world.sent).toEqual([{ queue: 'publish', body: publish() }]);
    expect(world.published).toMatchObject([
      {
        type: 'CatalogUpdated',
        detail: { contractVersion: '1.0.0', changes: ['hold table shop.t by its contract'] },
      },
    ]);
  });

  test('again: no write, no event, and the object goes on', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    const cache = newCatalogCache();
    await updateCatalog(world, [apply(world, publish('a'))], cache);
    await updateCatalog(world, [apply(world, publish('b'))], cache);
    await updateCatalog(world, [apply(world, publish('c'))], newCatalogCache());
    expect(world.catalog.calls).toEqual(['getTable', 'createTable', 'getTable']);
    expect(world.published).toHaveLength(1);
    expect(world.sent).toHaveLength(3);
  });

  test('what else the ledger says of the table stays', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    world.ledger.set('table/shop.t', 'state', {
      guardedSince: '2020-01-01T00:00:00.000Z',
      publishedObjects: 5,
    });
    await updateCatalog(world, [apply(world)], newCatalogCache());
    expect(world.ledger.value<TableRecord>('table/shop.t')).toMatchObject({
      guardedSince: '2020-01-01T00:00:00.000Z',
      publishedObjects: 5,
      applied: { contractVersion: '1.0.0' },
    });
  });

  test('a safe new version is merged: foreign parameters, fields and comments stay', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    await updateCatalog(world, [apply(world)], newCatalogCache());
    world.catalog.put(REF, {
      ...definition(world),
      parameters: { ...definition(world).parameters, theirs: 'x' },
      foreign: { Owner: 'bob' },
    });
    world.set = contractSet(
      lakeContract(['id int', 'note string'], { version: '1.1.0' }),
      lakeContract(['id int']),
    );
    world.later(5);
    expect(await updateCatalog(world, [apply(world)], newCatalogCache())).toEqual([]);
    expect(current(world)).toMatchObject({
      columns: [
        { name: 'id', type: 'int' },
        { name: 'note', type: 'string' },
      ],
      parameters: { theirs: 'x', 'headgate.contract_version': '1.1.0' },
      foreign: { Owner: 'bob' },
    });
    expect(applied(world)?.contractVersion).toBe('1.1.0');
    expect(world.published[1]).toMatchObject({ detail: { changes: ['add note string'] } });
  });

  describe('while contracts spread, what is recorded is what the catalog was last made to hold', () => {
    const old = contractSet(lakeContract(['id int']));
    const next = contractSet(
      lakeContract(['id int', 'note string'], { version: '1.1.0' }),
      lakeContract(['id int']),
    );

    test('by a worker that is late and remembers the catalog of before', async () => {
      const world = new MemoryWorld(lakeContract(['id int']));
      const cache = newCatalogCache();
      await updateCatalog(world, [apply(world)], cache);
      world.set = next;
      await updateCatalog(world, [apply(world)], newCatalogCache());
      world.set = old;
      expect(await updateCatalog(world, [apply(world, publish())], cache)).toEqual([]);
      expect(applied(world)?.contractVersion).toBe('1.1.0');
      expect(current(world)).toMatchObject({ parameters: { 'headgate.contract_version': '1.1.0' } });
      // Who has the newer contracts judges the object.
      expect(world.sent).toMatchObject([{ queue: 'validate', body: { key: 't/a.parquet' } }]);
      // Two minutes later nobody is late: a person took the version back.
      world.later(3);
      expect(await updateCatalog(world, [apply(world, publish())], cache)).toEqual([]);
      expect(applied(world)).toMatchObject({ contractVersion: '1.0.0', before: '1.1.0' });
    });

    test('by a worker that is slow, whom another overtakes before it has recorded', async () => {
      const world = new MemoryWorld(lakeContract(['id int']));
      let isOvertaken = false;
      world.beforePublish = async () => {
        if (isOvertaken) return;
        isOvertaken = true;
        world.set = next;
        await updateCatalog(world, [apply(world)], newCatalogCache());
      };
      const failures = await updateCatalog(world, [apply(world)], newCatalogCache());
      expect(failures).toMatchObject([{ error: { code: 'CONFLICT', retryable: true } }]);
      expect(applied(world)?.contractVersion).toBe('1.1.0');
      expect(current(world)?.columns).toHaveLength(2);
    });
  });

  describe('a worker that sleeps before it reads the catalog never takes a newer version back', () => {
    const old = contractSet(lakeContract(['id int']));
    const next = contractSet(
      lakeContract(['id int', 'note string'], { version: '1.1.0' }),
      lakeContract(['id int']),
    );

    /** Another worker brings the newer version into the catalog while this one is about to read the table. */
    async function overtaken(world: MemoryWorld, overtake: () => Promise<void>) {
      let isOvertaken = false;
      world.catalog.before = async (call) => {
        if (call !== 'getTable' || isOvertaken) return;
        isOvertaken = true;
        await overtake();
      };
      const failures = await updateCatalog(world, [apply(world)], newCatalogCache());
      expect(failures).toMatchObject([{ error: { code: 'CONFLICT', retryable: true } }]);
      expect(current(world)?.columns).toHaveLength(2);
    }

    test('nor where it learns late, and the other has not recorded yet', async () => {
      const world = new MemoryWorld(lakeContract(['id int']));
      const late = {
        ...world.contracts,
        current: async (maxAgeMs?: number) => (maxAgeMs === 0 ? next : old),
      };
      Object.assign(world, { contracts: late });
      await overtaken(world, async () => {
        const { table, placement } = guardedTables(next).get('shop.t') ?? expect.fail();
        world.catalog.put(REF, tableDefinition(table, placement));
      });
    });

    test('nor where no source of contracts tells it, but the record does', async () => {
      const world = new MemoryWorld(lakeContract(['id int']));
      await overtaken(world, async () => {
        world.set = next;
        await updateCatalog(world, [apply(world)], newCatalogCache());
        world.set = old;
      });
    });
  });

  test('contracts changed since the verdict: nothing is written, the object is looked at again', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    const message: ApplyMessage = { ...apply(world, publish()), contractHash: 'of yesterday' };
    expect(await updateCatalog(world, [message], newCatalogCache())).toEqual([]);
    expect(world.catalog.calls).toEqual([]);
    expect(world.sent).toEqual([
      {
        queue: 'validate',
        body: {
          kind: 'look',
          bucket: 'landing',
          key: 't/a.parquet',
          object: { etag: 'e1', versionId: 'v1', sizeBytes: 100, modifiedAt: '2026-06-15T11:00:00.000Z' },
        },
      },
    ]);
  });

  test('a version that would harm what is stored waits for a person, and the object with it', async () => {
    const world = new MemoryWorld(lakeContract(['id bigint']));
    await updateCatalog(world, [apply(world)], newCatalogCache());
    world.set = contractSet(lakeContract(['id int'], { version: '2.0.0' }));
    expect(await updateCatalog(world, [apply(world, publish())], newCatalogCache())).toEqual([]);
    expect(current(world)?.columns).toEqual([{ name: 'id', type: 'bigint' }]);
    expect(applied(world)?.contractVersion).toBe('1.0.0');
    expect(world.sent).toEqual([]);
    expect(world.published[1]).toMatchObject({
      type: 'VersionWaits',
      detail: {
        contractVersion: '2.0.0',
        catalogVersion: '1.0.0',
        why: 'id in stored files: query-fails (K30)',
      },
    });
  });

  test('a widening goes through while no partition is registered, and waits when one is', async () => {
    for (const folders of [[], ['dt=2026-01-01/']]) {
      const world = new MemoryWorld(lakeContract(['id int', 'dt date partition']));
      await updateCatalog(world, [apply(world), ...folders.map(register)], newCatalogCache());
      world.set = contractSet(lakeContract(PARTITIONED, { version: '2.0.0' }));
      await updateCatalog(world, [apply(world)], newCatalogCache());
      expect(current(world)?.columns[0]?.type).toBe(folders.length === 0 ? 'bigint' : 'int');
    }
  });

  test('in observe nothing is written or sent', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED, { policy: 'mode: observe' }));
    expect(
      await updateCatalog(world, [apply(world, publish()), register('dt=2026-01-01/')], newCatalogCache()),
    ).toEqual([]);
    expect([world.catalog.calls, world.sent, world.published, [...world.ledger.entries]]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  test('a table that no contract declares any more is parked, and others of the batch are done', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    const failures = await updateCatalog(
      world,
      [{ kind: 'register', table: 'shop.gone', folder: '' }, apply(world)],
      newCatalogCache(),
    );
    expect(failures).toMatchObject([{ index: 0, error: { code: 'NO_CONTRACT', retryable: false } }]);
    expect(applied(world)?.contractVersion).toBe('1.0.0');
  });

  test('another contract’s table is never touched: told, and parked', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    const theirs = { ...definition(world), parameters: { 'headgate.contract': 'c-2' } };
    world.catalog.put(REF, theirs);
    const failures = await updateCatalog(
      world,
      [apply(world, publish()), register('dt=2026-01-01/')],
      newCatalogCache(),
    );
    expect(failures).toMatchObject([
      { error: { code: 'CATALOG_COLLISION' } },
      { error: { code: 'CATALOG_COLLISION' } },
    ]);
    const registering = await updateCatalog(world, [register('dt=2026-01-01/')], newCatalogCache());
    expect(registering).toMatchObject([{ index: 0, error: { code: 'CATALOG_COLLISION' } }]);
    expect(current(world)).toMatchObject(theirs);
    expect(world.sent).toEqual([]);
    expect(world.published.map(({ type }) => type)).toEqual(['CatalogUpdateFailed', 'CatalogUpdateFailed']);
    expect(new Set(world.published.map(({ id }) => id)).size).toBe(1);
  });

  test('a process that ends after any call leaves nothing that the next does not finish', async () => {
    const calls = ['getTable', 'createTable', 'publish', 'put', 'get'];
    for (const cut of calls) {
      const world = new MemoryWorld(lakeContract(PARTITIONED));
      const fail = (call: string) => {
        if (call === cut) throw new HeadgateError('READ_FAILED', `${call} was cut off`);
      };
      world.catalog.before = fail;
      world.ledger.before = fail;
      world.beforePublish = fail;
      const messages = [apply(world, publish()), apply(world, register('dt=2026-01-01/'))];
      expect(await updateCatalog(world, messages, newCatalogCache())).toHaveLength(2);
      expect(world.sent).toEqual([]);
      world.catalog.before = () => undefined;
      world.ledger.before = () => undefined;
      world.beforePublish = () => undefined;
      expect(await updateCatalog(world, messages, newCatalogCache())).toEqual([]);
      expect(applied(world)?.contractVersion).toBe('1.0.0');
      expect(world.catalog.partitionsOf(REF).size).toBe(1);
      expect(world.sent).toHaveLength(1);
      const told = world.published.filter(({ type }) => type === 'CatalogUpdated');
      expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    }
  });
});

describe('CAT-11: FM-13: concurrent updates of a table lose nothing', () => {
  /** Somebody sets a parameter right before each of the first `times` updates. */
  function interfere(world: MemoryWorld, times: number): void {
    let left = times;
    world.catalog.before = (call) => {
      const table = world.catalog.tables.get('shop.t');
      if (call !== 'updateTable' || table === undefined || left-- <= 0) return;
      world.catalog.put(REF, { ...table, parameters: { ...table.parameters, [`theirs${left}`]: 'x' } });
    };
  }

  async function revised(): Promise<MemoryWorld> {
    const world = new MemoryWorld(lakeContract(['id int']));
    await updateCatalog(world, [apply(world)], newCatalogCache());
    world.set = contractSet(lakeContract(['id int', 'note string'], { version: '1.1.0' }));
    return world;
  }

  test('four lost races are repeated on what is there then', async () => {
    const world = await revised();
    interfere(world, 4);
    expect(await updateCatalog(world, [apply(world)], newCatalogCache())).toEqual([]);
    expect(current(world)).toMatchObject({
      columns: [{ name: 'id' }, { name: 'note' }],
      parameters: { theirs0: 'x', theirs1: 'x', theirs2: 'x', theirs3: 'x' },
    });
  });

  test('after the fifth the message comes again, and nothing is recorded or sent', async () => {
    const world = await revised();
    interfere(world, 9);
    const failures = await updateCatalog(world, [apply(world, publish())], newCatalogCache());
    expect(failures).toMatchObject([{ index: 0, error: { code: 'CONFLICT', retryable: true } }]);
    expect(world.catalog.calls.filter((call) => call === 'updateTable')).toHaveLength(5);
    expect(applied(world)?.contractVersion).toBe('1.0.0');
    expect(world.sent).toEqual([]);
  });

  test('a table that appears between looking and creating is merged into', async () => {
    const world = new MemoryWorld(lakeContract(['id int', 'note string']));
    world.catalog.before = (call) => {
      if (call === 'createTable')
        world.catalog.put(REF, {
          ...definition(world),
          columns: [{ name: 'id', type: 'int', comment: 'theirs' }],
        });
    };
    expect(await updateCatalog(world, [apply(world)], newCatalogCache())).toEqual([]);
    expect(current(world)?.columns).toEqual([
      { name: 'id', type: 'int', comment: 'theirs' },
      { name: 'note', type: 'string' },
    ]);
  });

  test('a table that vanishes before the update is created', async () => {
    const world = await revised();
    let isGone = false;
    world.catalog.before = (call) => {
      if (call !== 'updateTable' || isGone) return;
      isGone = true;
      world.catalog.tables.clear();
    };
    expect(await updateCatalog(world, [apply(world)], newCatalogCache())).toEqual([]);
    expect(current(world)?.columns).toHaveLength(2);
  });
});

describe('CAT-12: partitions are registered once, in batches', () => {
  const day = (index: number) => `dt=${new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)}/`;

  test('250 folders in three calls, each once, with the table’s own columns and format', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    const messages = Array.from({ length: 500 }, (_, index) => register(day(index % 250)));
    expect(await updateCatalog(world, messages, newCatalogCache())).toEqual([]);
    expect(world.catalog.calls).toEqual([
      'getTable',
      'getTable',
      'createTable',
      'createPartitions',
      'createPartitions',
      'createPartitions',
    ]);
    expect(world.catalog.partitionsOf(REF).size).toBe(250);
    expect(world.catalog.partitionsOf(REF).get('["2026-01-02"]')).toEqual({
      values: ['2026-01-02'],
      location: 's3://lake/t/dt=2026-01-02/',
      columns: [{ name: 'id', type: 'bigint' }],
      format: definition(world).format,
      parameters: { 'headgate.managed': 'true' },
    });
  });

  test('1,000 files of 10 partitions, in batches of 10: at most 12 catalog calls', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    const cache = newCatalogCache();
    await updateCatalog(world, [apply(world, publish())], cache);
    for (let batch = 0; batch < 100; batch++)
      await updateCatalog(
        world,
        Array.from({ length: 10 }, (_, index) => register(day(index))),
        cache,
      );
    expect(world.catalog.calls.length).toBeLessThanOrEqual(12);
    expect(world.catalog.partitionsOf(REF).size).toBe(10);
  });

  test('FM-14: a partition that exists is done; one that lies elsewhere or has older types is told once', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    await updateCatalog(world, [apply(world), register(day(0)), register(day(1))], newCatalogCache());
    const [same, moved] = [...world.catalog.partitionsOf(REF)];
    if (moved === undefined || same === undefined) throw new Error('two partitions');
    world.catalog.partitionsOf(REF).set(moved[0], {
      ...moved[1],
      location: 's3://elsewhere/x/',
      columns: [{ name: 'id', type: 'int' }],
    });
    world.published.length = 0;
    for (let time = 0; time < 2; time++)
      expect(await updateCatalog(world, [register(day(0)), register(day(1))], newCatalogCache())).toEqual([]);
    expect(world.catalog.partitionsOf(REF).get(moved[0])?.location).toBe('s3://elsewhere/x/');
    expect(world.published).toHaveLength(2);
    expect(new Set(world.published.map(({ id }) => id)).size).toBe(1);
    expect(world.published[0]?.detail).toMatchObject({
      table: 'shop.t',
      owner: { team: 'crew', channels: ['#data'] },
      differences: [
        { rule: 'partition-schema-stale', path: 'id', expected: 'bigint', actual: 'int in dt=2026-01-02' },
        {
          rule: 'partition-elsewhere',
          path: '',
          expected: 's3://lake/t/dt=2026-01-02/',
          actual: 's3://elsewhere/x/',
        },
      ],
    });
  });

  test('FM-12: with throttles at four of five calls everything is done once the queue has brought it again', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    let seed = 7;
    world.catalog.before = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      if (seed / 2147483648 < 0.8) throw new HeadgateError('THROTTLED', 'rate exceeded');
    };
    let pending: readonly (ApplyMessage | RegisterMessage)[] = [
      apply(world, publish()),
      ...Array.from({ length: 30 }, (_, index) => register(day(index))),
    ];
    let rounds = 0;
    const cache = newCatalogCache();
    while (pending.length > 0 && rounds++ < 1000) {
      const failures = await updateCatalog(world, pending, cache);
      for (const { error } of failures) expect(error).toMatchObject({ code: 'THROTTLED', retryable: true });
      pending = failures.flatMap(({ index }) => pending[index] ?? []);
    }
    expect(pending).toEqual([]);
    expect(world.catalog.partitionsOf(REF).size).toBe(30);
    expect(world.published.map(({ type }) => type)).toEqual(['CatalogUpdated']);
  });

  test('what fails of a call comes again, the rest of it is done', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    world.catalog.failing.set('2026-01-02', { code: 'InternalServiceException', message: 'try\u0000 later' });
    const failures = await updateCatalog(
      world,
      [register(day(0)), register(day(1)), register(day(2)), register(day(1))],
      newCatalogCache(),
    );
    expect(failures.map(({ index }) => index)).toEqual([1, 3]);
    expect(failures[0]?.error).toMatchObject({
      code: 'WRITE_FAILED',
      message:
        'partition dt=2026-01-02/ of table shop.t was not registered: InternalServiceException: try\\u{0} later',
    });
    expect([...world.catalog.partitionsOf(REF).keys()]).toEqual(['["2026-01-01"]', '["2026-01-03"]']);
  });

  test('one that exists is asked for once', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    await updateCatalog(world, [register(day(0))], newCatalogCache());
    const cache = newCatalogCache();
    for (let time = 0; time < 3; time++) await updateCatalog(world, [register(day(0))], cache);
    expect(world.catalog.calls.slice(-3)).toEqual(['getTable', 'createPartitions', 'getPartition']);
  });

  test('a partition that somebody dropped is registered again after five minutes', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    const cache = newCatalogCache();
    await updateCatalog(world, [register(day(0))], cache);
    world.catalog.partitionsOf(REF).clear();
    world.later(4);
    await updateCatalog(world, [register(day(0))], cache);
    expect(world.catalog.partitionsOf(REF).size).toBe(0);
    world.later(1);
    await updateCatalog(world, [register(day(0))], cache);
    expect(world.catalog.partitionsOf(REF).size).toBe(1);
  });

  test('a folder that names no partition is nothing to register', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    const failures = await updateCatalog(world, [register('x/'), register(day(0))], newCatalogCache());
    expect(failures).toEqual([]);
    expect(world.catalog.partitionsOf(REF).size).toBe(1);
  });

  test('a table that has other keys in the catalog by now fails with both sides', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    await updateCatalog(world, [register(day(0))], newCatalogCache());
    const table = await world.catalog.getTable(REF);
    if (table === undefined) throw new Error('no table');
    const partitionKeys = [{ name: 'month', type: 'string' }];
    await world.catalog.updateTable(REF, { ...table, partitionKeys }, table.versionId);
    const failures = await updateCatalog(world, [register(day(1))], newCatalogCache());
    expect(failures).toMatchObject([
      {
        error: {
          code: 'CATALOG_COLLISION',
          message: expect.stringContaining(
            'is no partition of table shop.t in the catalog, which is partitioned by month string',
          ),
        },
      },
    ]);
  });

  test('projected and unpartitioned tables register nothing', async () => {
    const projected = new MemoryWorld(lakeContract(PARTITIONED, { policy: 'partitions: projected' }));
    const flat = new MemoryWorld(lakeContract(['id int']));
    for (const world of [projected, flat]) {
      expect(await updateCatalog(world, [register(world === flat ? '' : day(0))], newCatalogCache())).toEqual(
        [],
      );
      expect(world.catalog.calls).toEqual([]);
    }
  });
});

describe('CAT-13: FM-29: a missing grant is told by its name', () => {
  test('for the table and for a partition, once an hour, and the message comes again', async () => {
    const world = new MemoryWorld(lakeContract(PARTITIONED));
    world.catalog.before = (call) => {
      if (call === 'createTable')
        throw new HeadgateError(
          'PERMISSION_DENIED',
          'Glue refuses: missing Lake Formation CREATE_TABLE on shop',
        );
    };
    const messages = [apply(world, publish()), register('dt=2026-01-01/')];
    const failures = await updateCatalog(world, messages, newCatalogCache());
    expect(failures.map(({ index }) => index)).toEqual([0, 1]);
    expect(world.published).toMatchObject([
      {
        type: 'CatalogUpdateFailed',
        detail: { table: 'shop.t', reason: 'Glue refuses: missing Lake Formation CREATE_TABLE on shop' },
      },
    ]);
    world.catalog.before = () => undefined;
    world.catalog.failing.set('2026-01-01', {
      code: 'AccessDeniedException',
      message: 'DATA_LOCATION_ACCESS',
    });
    expect(await updateCatalog(world, messages, newCatalogCache())).toMatchObject([
      { index: 1, error: { code: 'PERMISSION_DENIED' } },
    ]);
    expect(world.published.at(-1)?.detail.reason).toContain('AccessDeniedException: DATA_LOCATION_ACCESS');
  });

  test('where not even that can be told, the cause still comes back', async () => {
    const world = new MemoryWorld(lakeContract(['id int']));
    world.catalog.before = () => {
      throw new HeadgateError('PERMISSION_DENIED', 'no');
    };
    world.beforePublish = () => {
      throw new HeadgateError('WRITE_FAILED', 'bus is down');
    };
    expect(await updateCatalog(world, [apply(world)], newCatalogCache())).toMatchObject([
      { error: { message: 'no' } },
    ]);
  });
});

describe('CAT-14: a person applies a version', () => {
  async function lake(): Promise<MemoryWorld> {
    const world = new MemoryWorld(lakeContract(['a int', 's struct<x:int>', 'dt date partition']));
    const days = ['dt=2026-01-01/', 'dt=2026-01-02/', 'dt=2026-01-03/'];
    await updateCatalog(world, [apply(world), ...days.map(register)], newCatalogCache());
    world.catalog.calls.length = 0;
    world.set = contractSet(
      lakeContract(['a bigint', 's struct<x:int,y:int>', 'dt date partition'], { version: '2.0.0' }),
    );
    return world;
  }
  const types = (world: MemoryWorld) =>
    [...world.catalog.partitionsOf(REF).values()].map(({ columns }) =>
      columns.map(({ type }) => type).join(),
    );

  test('partitions get the struct field, then the table changes, then partitions widen; each is read back', async () => {
    const world = await lake();
    const seen: string[] = [];
    world.catalog.before = (call) => {
      if (call !== 'updateTable') return;
      seen.push(...types(world));
    };
    expect(await applyVersion(world, world.table())).toEqual({
      kind: 'applied',
      isTableChanged: true,
      partitionsChanged: 3,
    });
    expect(new Set(seen)).toEqual(new Set(['int,struct<x:int,y:int>']));
    expect(new Set(types(world))).toEqual(new Set(['bigint,struct<x:int,y:int>']));
    expect(applied(world)?.contractVersion).toBe('2.0.0');
    expect(world.published.at(-1)).toMatchObject({
      type: 'CatalogUpdated',
      detail: { contractVersion: '2.0.0' },
    });
    const updates = world.catalog.calls.flatMap((call, index) => (call === 'updatePartition' ? [index] : []));
    for (const index of updates) expect(world.catalog.calls[index + 1]).toBe('getPartition');
    expect(await applyVersion(world, world.table())).toEqual({
      kind: 'applied',
      isTableChanged: false,
      partitionsChanged: 0,
    });
  });

  test('cut off before any call, the next run finishes', async () => {
    const total = await lake().then(async (world) => {
      await applyVersion(world, world.table());
      return world.catalog.calls.length;
    });
    expect(total).toBeGreaterThan(15);
    for (let cut = 1; cut <= total; cut++) {
      const world = await lake();
      let call = 0;
      world.catalog.before = () => {
        if (++call === cut) throw new HeadgateError('READ_FAILED', 'cut off');
      };
      await expect(applyVersion(world, world.table())).rejects.toThrow('cut off');
      expect(applied(world)?.contractVersion).toBe('1.0.0');
      await applyVersion(world, world.table());
      expect(new Set(types(world))).toEqual(new Set(['bigint,struct<x:int,y:int>']));
      expect(current(world)?.columns[0]?.type).toBe('bigint');
      expect(applied(world)?.contractVersion).toBe('2.0.0');
    }
  });

  test('a partition that somebody rewrites meanwhile is written again on what they left, five times at most', async () => {
    const world = await lake();
    let left = 2;
    world.catalog.before = (call) => {
      const [first] = [...world.catalog.partitionsOf(REF)];
      if (call !== 'getPartition' || first === undefined || left-- <= 0) return;
      world.catalog.partitionsOf(REF).set(first[0], {
        ...first[1],
        columns: [
          { name: 'a', type: 'int' },
          { name: 's', type: 'struct<x:int>' },
        ],
        parameters: { theirs: String(left) },
      });
    };
    await applyVersion(world, world.table());
    const [first] = [...world.catalog.partitionsOf(REF).values()];
    expect(first?.parameters).toEqual({ theirs: '0' });
    expect(new Set(types(world))).toEqual(new Set(['bigint,struct<x:int,y:int>']));

    const again = await lake();
    again.catalog.before = (call) => {
      const [entry] = [...again.catalog.partitionsOf(REF)];
      if (call === 'getPartition' && entry)
        again.catalog
          .partitionsOf(REF)
          .set(entry[0], { ...entry[1], columns: [{ name: 's', type: 'struct<x:int>' }] });
    };
    await expect(applyVersion(again, again.table())).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'partition dt=2026-01-01 of table shop.t was changed by somebody else each of 5 times that it was updated',
    });
  });

  test('other keys and other owners are refused: nothing is deleted and created again', async () => {
    const world = await lake();
    world.set = contractSet(lakeContract(['a int', 'day date partition'], { version: '2.0.0' }));
    expect(await applyVersion(world, world.table())).toEqual({
      kind: 'refused',
      why: 'the table is partitioned by dt date, the contract says day date: declare a new table, since nothing is deleted and created again',
    });
    world.set = contractSet(lakeContract(['a int', 'dt date partition'], { id: 'c-9' }));
    expect(await applyVersion(world, world.table())).toMatchObject({
      kind: 'refused',
      why: /belongs to another/u,
    });
    expect(world.catalog.calls.filter((call) => call.startsWith('update'))).toEqual([]);
  });

  test('in observe nothing is applied', async () => {
    const world = new MemoryWorld(lakeContract(['a int'], { policy: 'mode: observe' }));
    expect(await applyVersion(world, world.table())).toEqual({
      kind: 'refused',
      why: 'the table is in mode observe, in which the catalog is not written',
    });
    expect(world.catalog.tables.size).toBe(0);
  });

  test('a table that does not exist is created, also without partitions', async () => {
    const world = new MemoryWorld(lakeContract(['a int']));
    expect(await applyVersion(world, world.table())).toEqual({
      kind: 'applied',
      isTableChanged: true,
      partitionsChanged: 0,
    });
    expect(applied(world)?.columns).toEqual([{ name: 'a', type: 'int' }]);
    expect(await applyVersion(world, world.table())).toMatchObject({ isTableChanged: false });
  });

  test('a partition that is dropped meanwhile is no trouble, and a lost race is told, not repeated: what was approved is gone', async () => {
    const world = await lake();
    world.catalog.before = (call) => {
      if (call === 'updatePartition') world.catalog.partitionsOf(REF).clear();
    };
    expect(await applyVersion(world, world.table())).toMatchObject({ kind: 'applied', partitionsChanged: 0 });
    const raced = await lake();
    raced.catalog.before = (call) => {
      const table = raced.catalog.tables.get('shop.t');
      if (call === 'updateTable' && table) raced.catalog.put(REF, table);
    };
    expect(await applyVersion(raced, raced.table())).toEqual({
      kind: 'stale',
      why: 'table shop.t was changed by somebody else while it was to be updated',
    });
    expect(applied(raced)?.contractVersion).toBe('1.0.0');
  });
});
