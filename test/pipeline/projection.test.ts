import { describe, expect, test } from 'vitest';
import { projectionAmong } from '../../src/run/catalog/projection.ts';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { ApplyMessage, PublishMessage } from '../../src/run/message/messages.ts';
import type { TableDefinition } from '../../src/run/ports/catalog.ts';
import { updateCatalog } from '../../src/run/table/catalog.ts';
import { newCatalogCache } from '../../src/run/table/catalog-table.ts';
import { watchCatalog } from '../../src/run/table/drift.ts';
import type { TableRecord } from '../../src/run/table/table-record.ts';
import { applyVersion } from '../support/apply-version.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { guardedBy, planOf, REF } from '../support/catalog-world.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { contractSet, MemoryWorld } from '../support/ports-in-memory.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { quarantined, readable } from '../support/simulation/views.ts';

const COLUMNS = ['id bigint', 'dt date partition'];
const projected = (range: string) =>
  `partitions: projected, projection: { dt: { type: date, format: yyyy-MM-dd, range: "${range}" } }`;
const PARAMETERS = {
  'projection.enabled': 'true',
  'projection.dt.format': 'yyyy-MM-dd',
  'projection.dt.range': '2024-01-01,NOW',
  'projection.dt.type': 'date',
};

const file: PublishMessage = {
  kind: 'publish',
  table: 'shop.t',
  origin: {
    bucket: 'landing',
    key: 't/dt=2024-01-01/a.parquet',
    etag: 'e1',
    sizeBytes: 100,
    writtenAt: '2026-06-15T11:00:00.000Z',
  },
  judgedBy: { contractHash: 'h', contractVersion: '1.0.0', catalogVersion: '1.0.0' },
};

function worldOf(policy: string): MemoryWorld {
  return new MemoryWorld(lakeContract(COLUMNS, { policy }));
}

async function admit(world: MemoryWorld, cache = newCatalogCache()): Promise<readonly string[]> {
  world.sent.length = 0;
  const apply: ApplyMessage = {
    kind: 'apply',
    table: 'shop.t',
    contractHash: world.table().contractHash,
    rider: file,
  };
  expect(await updateCatalog(world, [apply], cache)).toEqual([]);
  return world.sent.map(({ queue }) => queue);
}

const inCatalog = (world: MemoryWorld) =>
  projectionAmong(world.catalog.tables.get('shop.t')?.parameters ?? {});
const applied = (world: MemoryWorld) =>
  world.ledger.value<TableRecord | undefined>('table/shop.t')?.applied?.projection;

describe('LAK-15 (A5): nothing is published that the table does not compute', () => {
  test('a table that is created computes its partitions, and the ledger says so', async () => {
    const world = worldOf(projected('2024-01-01,NOW'));
    expect(await admit(world)).toEqual(['publish']);
    expect(inCatalog(world)).toEqual(PARAMETERS);
    expect(applied(world)).toEqual(PARAMETERS);
  });

  test('without settings no table is made, and the file waits until its owner made one', async () => {
    const world = worldOf('partitions: projected');
    const cache = newCatalogCache();
    expect(await admit(world, cache)).toEqual([]);
    expect(await admit(world, cache)).toEqual([]);
    expect(world.catalog.tables.size).toBe(0);
    expect(applied(world)).toBeUndefined();
    expect(world.published).toMatchObject([
      { type: 'VersionWaits', detail: { why: expect.stringContaining('state projection in the contract') } },
      { type: 'VersionWaits' },
    ]);
    expect(new Set(world.published.map(({ id }) => id)).size).toBe(1);

    const { table, placement } = world.table();
    const owners = tableDefinition(table, placement);
    world.catalog.put(REF, owners);
    expect(await admit(world, cache)).toEqual([]);
    world.catalog.put(REF, {
      ...owners,
      parameters: { ...owners.parameters, ...PARAMETERS, theirs: 'kept' },
    });
    expect(await admit(world, cache)).toEqual(['publish']);
    expect(inCatalog(world)).toEqual(PARAMETERS);
    expect(world.catalog.tables.get('shop.t')?.parameters.theirs).toBe('kept');
    expect(applied(world)).toBeUndefined();
  });

  test('more is computed at the first file that needs it; less waits for a person', async () => {
    const world = worldOf(projected('2024-01-01,NOW'));
    await admit(world);
    world.set = contractSet(lakeContract(COLUMNS, { version: '1.1.0', policy: projected('2023-01-01,NOW') }));
    expect(await admit(world)).toEqual(['publish']);
    expect(inCatalog(world)['projection.dt.range']).toBe('2023-01-01,NOW');
    world.set = contractSet(lakeContract(COLUMNS, { version: '1.2.0', policy: projected('2025-01-01,NOW') }));
    expect(await admit(world)).toEqual([]);
    expect(inCatalog(world)['projection.dt.range']).toBe('2023-01-01,NOW');
    expect(world.published.at(-1)).toMatchObject({
      type: 'VersionWaits',
      detail: { why: expect.stringContaining('folders that are read now may be read no more') },
    });
  });

  test('a table whose partitions are registered is not made to compute them without a person', async () => {
    const world = worldOf(projected('2024-01-01,NOW'));
    const [registered] = lakeContract(COLUMNS).tables;
    if (registered === undefined) throw new Error('no table');
    world.catalog.put(REF, tableDefinition(registered, world.table().placement));
    expect(await admit(world)).toEqual([]);
    expect(inCatalog(world)).toEqual({});
  });

  test('what somebody changes is drift', async () => {
    const world = worldOf(projected('2024-01-01,NOW'));
    await admit(world);
    const table = world.catalog.tables.get('shop.t') as TableDefinition;
    world.catalog.put(REF, {
      ...table,
      parameters: { ...table.parameters, 'projection.dt.range': '2025-01-01,NOW' },
    });
    expect(await watchCatalog(world, world.table())).toMatchObject([
      { kind: 'parameter', actual: 'projection.dt.range 2025-01-01,NOW', effect: 'wrong-results' },
    ]);
  });
});

describe('LAK-15 (A5): a lake whose table computes its partitions', () => {
  test('readers get what is computed; the rest is held, and nothing is registered', async () => {
    const policy = [
      'partitions: projected',
      'projection: { dt: { type: date, format: yyyy-MM-dd, range: "2026-11-01,NOW" } }',
    ];
    const lake = simulate({ policy });
    const worker = lake.worker();
    lake.put('dt=2026-11-02/a.parquet', 'good', 'a');
    const others = [
      'dt=2026-11-2/',
      'DT=2026-11-02/',
      'dt=2026%2D11%2D02/',
      'dt=2026-10-31/',
      'dt=__HIVE_DEFAULT_PARTITION__/',
    ];
    for (const folder of others) lake.put(`${folder}b.parquet`, 'good', folder);
    await worker.settle();
    expect(projectionAmong(lake.world.glue.table(REF)?.definition.parameters ?? {})).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.range': '2026-11-01,NOW',
    });
    expect(readable(lake)).toEqual({ 'dt=2026-11-02/a.parquet': 'good a' });
    expect(quarantined(lake)).toHaveLength(others.length);
    expect(lake.world.glue.table(REF)?.partitions.size).toBe(0);
  });
});

describe('LAK-15 (A5): plan and apply know it', () => {
  test('a plan creates the table with it, or says that readers would see nothing', async () => {
    const world = createAwsWorld();
    world.glue.createDatabase('shop');
    const { plan } = await planOf(world, lakeContract(COLUMNS, { policy: projected('2024-01-01,NOW') }));
    expect(plan.action).toBe('create');
    expect(plan.notes).toEqual([]);
    expect(
      plan.changes.filter(({ path }) => path.startsWith('projection.')).map(({ path, to }) => [path, to]),
    ).toEqual([
      ['projection.enabled', 'true'],
      ['projection.dt.type', 'date'],
      ['projection.dt.range', '2024-01-01,NOW'],
      ['projection.dt.format', 'yyyy-MM-dd'],
    ]);
    const bare = await planOf(world, lakeContract(COLUMNS, { policy: 'partitions: projected' }));
    expect(bare.plan.notes).toEqual([
      'partitions are to be computed, and neither the contract nor the table says how: state projection in the contract',
    ]);
  });

  test('a plan that computes less says what is lost', async () => {
    const world = createAwsWorld();
    world.glue.createDatabase('shop');
    await applyVersion(
      world.process(),
      guardedBy(lakeContract(COLUMNS, { policy: projected('2024-01-01,NOW') })),
    );
    const { plan } = await planOf(
      world,
      lakeContract(COLUMNS, { version: '1.1.0', policy: projected('2025-01-01,NOW') }),
    );
    expect(plan.changes).toContainEqual({
      sign: '~',
      what: 'parameter',
      path: 'projection.dt.range',
      from: '2024-01-01,NOW',
      to: '2025-01-01,NOW',
      effect: 'wrong-results',
    });
    expect(plan.notes).toEqual([
      'dt is computed as yyyy-MM-dd from 2024-01-01 to NOW, each day, the contract says yyyy-MM-dd from 2025-01-01 to NOW, each day: folders that are read now may be read no more',
    ]);
  });
});
