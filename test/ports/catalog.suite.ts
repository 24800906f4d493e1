import { beforeEach, describe, expect, test } from 'vitest';
import type {
  Catalog,
  CatalogPartition,
  StorageFormat,
  TableDefinition,
} from '../../src/run/ports/catalog.ts';
import { codeOf } from '../support/error-code.ts';

/** A catalog with the empty database `shop`. */
export interface CatalogUnderTest {
  readonly catalog: Catalog;
  /** Older definitions of a table that the catalog still has, oldest first. */
  readonly archived: (database: string, name: string) => Promise<readonly TableDefinition[]>;
}

const REF = { database: 'shop', name: 'orders' };
const FORMAT: StorageFormat = {
  inputFormat: 'in',
  outputFormat: 'out',
  serde: 'serde',
  serdeParameters: { 'serialization.format': '1' },
};
const DEFINITION: TableDefinition = {
  columns: [{ name: 'id', type: 'bigint', comment: 'the id' }],
  partitionKeys: [{ name: 'dt', type: 'string' }],
  location: 's3://lake/orders/',
  format: FORMAT,
  parameters: { classification: 'parquet' },
  description: 'orders',
  foreign: { Owner: 'glue', Retention: 0, TargetTable: { DatabaseName: 'other', Name: 'link' } },
};
const partition = (...values: string[]): CatalogPartition => ({
  values,
  location: `s3://lake/orders/dt=${values[0]}/`,
  columns: DEFINITION.columns,
  format: FORMAT,
  parameters: {},
});

export function catalogSuite(name: string, make: () => Promise<CatalogUnderTest>): void {
  describe(`PRT-9 catalog: ${name}`, () => {
    let catalog: Catalog;
    let archived: CatalogUnderTest['archived'];
    beforeEach(async () => {
      ({ catalog, archived } = await make());
    });
    const version = async () => (await catalog.getTable(REF))?.versionId ?? 'no table';
    const valuesOf = async () => {
      const values: string[] = [];
      for await (const page of catalog.listPartitions(REF)) {
        expect(page.length).toBeGreaterThan(0);
        values.push(...page.map((one) => one.values.join('/')));
      }
      return values.sort();
    };

    test('a table is what was created, with a version', async () => {
      expect(await catalog.getTable(REF)).toBeUndefined();
      expect(await catalog.createTable(REF, DEFINITION)).toBe('created');
      expect(await catalog.getTable(REF)).toEqual({ ...DEFINITION, versionId: await version() });
    });
    test('a table that exists is left as it is', async () => {
      await catalog.createTable(REF, DEFINITION);
      expect(await catalog.createTable(REF, { ...DEFINITION, location: 's3://other/' })).toBe('exists');
      expect((await catalog.getTable(REF))?.location).toBe('s3://lake/orders/');
    });
    test('names mean the same in any case', async () => {
      await catalog.createTable({ database: 'Shop', name: 'Orders' }, DEFINITION);
      expect((await catalog.getTable({ database: 'SHOP', name: 'oRDERS' }))?.location).toBe(
        's3://lake/orders/',
      );
      expect(await catalog.createTable(REF, DEFINITION)).toBe('exists');
    });
    test('an update replaces everything, changes the version and archives the one before', async () => {
      await catalog.createTable(REF, DEFINITION);
      const first = await version();
      const { foreign: _, description: __, ...bare } = DEFINITION;
      expect(await catalog.updateTable(REF, { ...bare, parameters: { a: '1' } }, first)).toBe('updated');
      expect(await catalog.getTable(REF)).toEqual({
        ...bare,
        parameters: { a: '1' },
        versionId: await version(),
      });
      expect(await version()).not.toBe(first);
      expect(await archived('shop', 'orders')).toEqual([DEFINITION]);
    });
    test('an update on an older version is a conflict, and changes nothing', async () => {
      await catalog.createTable(REF, DEFINITION);
      const first = await version();
      await catalog.updateTable(REF, { ...DEFINITION, parameters: { a: '1' } }, first);
      expect(await catalog.updateTable(REF, { ...DEFINITION, parameters: { b: '2' } }, first)).toBe(
        'conflict',
      );
      expect((await catalog.getTable(REF))?.parameters).toEqual({ a: '1' });
      expect(await archived('shop', 'orders')).toHaveLength(1);
    });
    test('an update of no table tells so', async () => {
      expect(await catalog.updateTable(REF, DEFINITION, '0')).toBe('missing');
      expect(await catalog.getTable(REF)).toBeUndefined();
    });
    test('of ten updates on one version, one wins', async () => {
      await catalog.createTable(REF, DEFINITION);
      const first = await version();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          catalog.updateTable(REF, { ...DEFINITION, parameters: { winner: String(i) } }, first),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'updated')).toHaveLength(1);
      expect((await catalog.getTable(REF))?.parameters).toEqual({
        winner: String(outcomes.indexOf('updated')),
      });
    });
    test('of ten that create one table, one creates', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => catalog.createTable(REF, DEFINITION)),
      );
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    });
    test('PRT-15 every version that was archived can be read, oldest first, and the current one', async () => {
      expect(await catalog.listTableVersions(REF)).toEqual([]);
      expect(await catalog.getTableVersion(REF, '0')).toBeUndefined();
      const texts = ['first', 'second', 'third', 'fourth', 'fifth'];
      const ids: string[] = [];
      for (const description of texts) {
        const definition = { ...DEFINITION, description };
        if (ids.length === 0) await catalog.createTable(REF, definition);
        else await catalog.updateTable(REF, definition, await version());
        ids.push(await version());
      }
      expect(await catalog.listTableVersions(REF)).toEqual(ids);
      for (const [index, description] of texts.entries())
        expect(await catalog.getTableVersion(REF, ids[index] ?? '')).toEqual({
          ...DEFINITION,
          description,
          versionId: ids[index],
        });
      expect(await catalog.getTableVersion(REF, '99')).toBeUndefined();
    });
    test('two columns of one name are refused, also where the case differs', async () => {
      const columns = [...DEFINITION.columns, { name: 'ID', type: 'string' }];
      expect(await codeOf(catalog.createTable(REF, { ...DEFINITION, columns }))).toBe('NOT_STORABLE');
      expect(await catalog.getTable(REF)).toBeUndefined();
    });

    test('PRT-10 partitions are created once, each with its own outcome, in order', async () => {
      await catalog.createTable(REF, DEFINITION);
      expect(await catalog.createPartitions(REF, [partition('1'), partition('2')])).toEqual([
        { outcome: 'created' },
        { outcome: 'created' },
      ]);
      const moved = { ...partition('2'), location: 's3://elsewhere/' };
      const outcomes = await catalog.createPartitions(REF, [moved, partition('too', 'many'), partition('3')]);
      expect(outcomes).toEqual([
        { outcome: 'exists' },
        { outcome: 'failed', code: 'InvalidInputException', message: '2 values for 1 partition keys' },
        { outcome: 'created' },
      ]);
      expect(await catalog.getPartition(REF, ['2'])).toEqual(partition('2'));
      expect(await valuesOf()).toEqual(['1', '2', '3']);
    });
    test('PRT-10 a partition that stands twice in a call is created once', async () => {
      await catalog.createTable(REF, DEFINITION);
      expect(await catalog.createPartitions(REF, [partition('1'), partition('1')])).toEqual([
        { outcome: 'created' },
        { outcome: 'exists' },
      ]);
    });
    test('PRT-10 more than 100 partitions in a call are refused, and none is created', async () => {
      await catalog.createTable(REF, DEFINITION);
      const many = Array.from({ length: 101 }, (_, i) => partition(String(i)));
      expect(await codeOf(catalog.createPartitions(REF, many))).toBe('INTERNAL');
      expect(await valuesOf()).toEqual([]);
    });
    test('PRT-10 values are kept exactly, and in pages', async () => {
      await catalog.createTable(REF, DEFINITION);
      const values = ['2026-11-03 00:00', 'a/b', 'é', 'ß\n', '..', 'x'.repeat(300), ' '];
      await catalog.createPartitions(
        REF,
        values.map((value) => partition(value)),
      );
      expect(await valuesOf()).toEqual(values.toSorted());
      for (const value of values) expect((await catalog.getPartition(REF, [value]))?.values).toEqual([value]);
    });
    test('PRT-10 an update replaces one partition that exists', async () => {
      await catalog.createTable(REF, DEFINITION);
      expect(await catalog.updatePartition(REF, partition('1'))).toBe('missing');
      await catalog.createPartitions(REF, [partition('1'), partition('2')]);
      const newer = { ...partition('1'), columns: [{ name: 'id', type: 'int' }] };
      expect(await catalog.updatePartition(REF, newer)).toBe('updated');
      expect(await catalog.getPartition(REF, ['1'])).toEqual(newer);
      expect(await catalog.getPartition(REF, ['2'])).toEqual(partition('2'));
    });
    test('PRT-10 an update of the table leaves its partitions', async () => {
      await catalog.createTable(REF, DEFINITION);
      await catalog.createPartitions(REF, [partition('1')]);
      await catalog.updateTable(
        REF,
        { ...DEFINITION, columns: [{ name: 'id', type: 'int' }] },
        await version(),
      );
      expect(await catalog.getPartition(REF, ['1'])).toEqual(partition('1'));
    });
    test('PRT-10 partitions of no table', async () => {
      expect(await catalog.getPartition(REF, ['1'])).toBeUndefined();
      expect(await codeOf(catalog.createPartitions(REF, [partition('1')]))).toBe('NOT_FOUND');
      expect(await codeOf(catalog.updatePartition(REF, partition('1')))).toBe('NOT_FOUND');
      expect(await codeOf(valuesOf())).toBe('NOT_FOUND');
    });
    test('PRT-10 callers that create partitions together lose none', async () => {
      await catalog.createTable(REF, DEFINITION);
      const calls = Array.from({ length: 8 }, (_, call) =>
        catalog.createPartitions(
          REF,
          Array.from({ length: 25 }, (_, i) => partition(String(call * 20 + i).padStart(3, '0'))),
        ),
      );
      const outcomes = (await Promise.all(calls)).flat().map(({ outcome }) => outcome);
      // 8 calls of 25 that overlap by 5: 165 different ones.
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(165);
      expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(35);
      expect(await valuesOf()).toEqual(Array.from({ length: 165 }, (_, i) => String(i).padStart(3, '0')));
    });
  });
}
