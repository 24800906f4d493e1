import { describe, expect, test } from 'vitest';
import { tableDefinition } from '../../src/run/catalog/table-definition.ts';
import type { CatalogTable } from '../../src/run/ports/catalog.ts';
import { updateCatalog } from '../../src/run/table/catalog.ts';
import { newCatalogCache } from '../../src/run/table/catalog-table.ts';
import { watchCatalog } from '../../src/run/table/drift.ts';
import { lakeContract } from '../support/lake-contract.ts';
import { contractSet, MemoryWorld } from '../support/ports-in-memory.ts';

const REF = { database: 'shop', name: 't' };
const COLUMNS = ['id bigint', 'note string', 'dt date partition'];

async function lake(...folders: readonly string[]): Promise<MemoryWorld> {
  const world = new MemoryWorld(lakeContract(COLUMNS));
  const { contractHash } = world.table();
  await updateCatalog(
    world,
    [
      { kind: 'apply', table: 'shop.t', contractHash },
      ...folders.map((folder) => ({ kind: 'register', table: 'shop.t', folder }) as const),
    ],
    newCatalogCache(),
  );
  world.published.length = 0;
  world.catalog.calls.length = 0;
  return world;
}

function change(world: MemoryWorld, by: (table: CatalogTable) => Partial<CatalogTable>): void {
  const table = world.catalog.tables.get('shop.t');
  if (table === undefined) throw new Error('no table');
  world.catalog.put(REF, { ...table, ...by(table) });
}

describe('CAT-15: FM-15: what others do to the table is seen', () => {
  test('nothing differs: nothing is told or written', async () => {
    const world = await lake('dt=2026-01-01/');
    expect(await watchCatalog(world, world.table())).toEqual([]);
    expect(world.published).toEqual([]);
    expect(world.catalog.calls).toEqual(['getTable', 'listPartitions']);
  });

  test('a crawler rewrote it: one event a day says each difference', async () => {
    const world = await lake();
    change(world, ({ columns, parameters }) => ({
      columns: [...columns.slice(0, 1), { name: 'partition_0', type: 'string' }],
      parameters: { ...parameters, UPDATED_BY_CRAWLER: 'nightly', classification: 'unknown' },
    }));
    await watchCatalog(world, world.table());
    world.later(60);
    await watchCatalog(world, world.table());
    world.later(24 * 60);
    await watchCatalog(world, world.table());
    expect(world.published.map(({ type }) => type)).toEqual(['CatalogDrift', 'CatalogDrift', 'CatalogDrift']);
    const ids = world.published.map(({ id }) => id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(world.published[0]?.detail).toEqual({
      table: 'shop.t',
      contractVersion: '1.0.0',
      owner: { team: 'crew', channels: ['#data'] },
      differences: [
        {
          rule: 'catalog-drift',
          path: '',
          expected: 'classification parquet',
          actual: 'classification unknown',
        },
        { rule: 'catalog-drift', path: 'note', expected: 'string', actual: 'no column' },
        { rule: 'catalog-drift', path: 'partition_0', expected: 'no column', actual: 'string' },
      ],
    });
  });

  test('a deleted table; one that no file needed yet is not missing', async () => {
    const world = await lake();
    world.catalog.tables.clear();
    expect(await watchCatalog(world, world.table())).toMatchObject([{ kind: 'table-missing' }]);
    expect(world.published).toHaveLength(1);
    const fresh = new MemoryWorld(lakeContract(COLUMNS));
    expect(await watchCatalog(fresh, fresh.table())).toEqual([]);
    expect(fresh.published).toEqual([]);
  });

  test('cosmetic differences are returned and told to nobody', async () => {
    const world = await lake();
    change(world, ({ parameters }) => ({
      parameters: { ...parameters, 'headgate.contract_version': '0.1.0' },
    }));
    expect(await watchCatalog(world, world.table())).toMatchObject([{ kind: 'version' }]);
    expect(world.published).toEqual([]);
  });

  test('a version that waits for a person is no drift', async () => {
    const world = await lake();
    world.set = contractSet(
      lakeContract(['id string', 'note string', 'dt date partition'], { version: '2.0.0' }),
    );
    expect(await watchCatalog(world, world.table())).toEqual([]);
  });

  test('before the first admitted file the contract is compared, but for parameters of ours', async () => {
    const world = new MemoryWorld(lakeContract(COLUMNS));
    const { table, placement } = world.table();
    const definition = tableDefinition(table, placement);
    world.catalog.put(REF, { ...definition, parameters: {}, columns: definition.columns.slice(0, 1) });
    const found = await watchCatalog(world, world.table());
    expect(found.map(({ kind }) => kind)).toContain('parameter');
    expect(world.published[0]?.detail.differences).toMatchObject([{ path: 'note', actual: 'no column' }]);
    expect(world.published[0]?.detail.differences).toHaveLength(1);
  });

  test('FM-16: projection that somebody switched on voids the gate', async () => {
    const world = await lake();
    change(world, ({ parameters }) => ({ parameters: { ...parameters, 'projection.enabled': 'true' } }));
    await watchCatalog(world, world.table());
    expect(world.published[0]?.detail.differences).toEqual([
      {
        rule: 'catalog-drift',
        path: '',
        expected: 'projection.enabled false',
        actual: 'projection.enabled true',
      },
    ]);
  });

  test('registered partitions that keep older types, some of very many', async () => {
    const world = await lake();
    const { format, columns } = world.catalog.tables.get('shop.t') ?? { format: undefined, columns: [] };
    if (format === undefined) throw new Error('no table');
    for (let index = 0; index < 500; index++)
      world.catalog.partitionsOf(REF).set(String(index), {
        values: [`d${index}`],
        location: `s3://lake/t/dt=d${index}/`,
        columns: index === 0 ? columns : [{ name: 'id', type: 'int' }],
        format,
        parameters: {},
      });
    const found = await watchCatalog(world, world.table());
    expect(found).toHaveLength(200);
    expect(found[0]).toMatchObject({
      rule: 'partition-schema-stale',
      path: 'id',
      expected: 'bigint',
      actual: 'int in dt=d1',
    });
    expect(world.published[0]?.detail.differences).toHaveLength(40);
  });

  test('another contract’s table is told, its partitions are not looked at', async () => {
    const world = await lake();
    change(world, () => ({ parameters: { 'headgate.contract': 'c-2' } }));
    expect(await watchCatalog(world, world.table())).toMatchObject([{ rule: 'catalog-collision' }]);
    expect(world.catalog.calls).toEqual(['getTable']);
  });

  test('projected tables have no partitions to look at', async () => {
    const world = await lake();
    world.set = contractSet(lakeContract(COLUMNS, { policy: 'partitions: projected', version: '1.1.0' }));
    expect(await watchCatalog(world, world.table())).toMatchObject([{ kind: 'projection' }]);
    expect(world.catalog.calls).toEqual(['getTable']);
  });
});
