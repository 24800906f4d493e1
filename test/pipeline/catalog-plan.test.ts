import { describe, expect, test } from 'vitest';
import type { TablePlan } from '../../src/run/catalog/plan.ts';
import { planFile, readPlan, type SavedTable } from '../../src/run/catalog/plan-file.ts';
import { stalePlan } from '../../src/run/catalog/stale-plan.ts';
import type { CatalogPartition } from '../../src/run/ports/catalog.ts';
import { applyPlan } from '../../src/run/table/apply-plan.ts';
import { previousVersion } from '../../src/run/table/rollback-target.ts';
import { applyVersion } from '../support/apply-version.ts';
import type { AwsWorld } from '../support/aws/world.ts';
import { catalogWorld, endOf, guardedBy, planOf, planPorts, REF, V1, V2 } from '../support/catalog-world.ts';
import { lakeContract } from '../support/lake-contract.ts';

/** `sign what path: from -> to (effect)` */
function shown({ changes }: TablePlan): readonly string[] {
  return changes.map(
    ({ sign, what, path, from = '', to = '', effect }) =>
      `${sign} ${what} ${path}: ${from} -> ${to} (${effect})`,
  );
}

const withoutHash = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/hash: \w+ -> \w+/u, 'hash: … -> …'));

describe('PLN-6: a plan lists everything that apply would change', () => {
  test('columns, parameters, partitions, order, record; and changes nothing', async () => {
    const world = await catalogWorld();
    const before = await endOf(world);
    const { plan } = await planOf(world, V2);
    expect(await endOf(world)).toEqual(before);
    expect(plan).toMatchObject({
      ...{ table: 'shop.t', contractVersion: '2.0.0', action: 'change', target: { kind: 'contract' } },
      basis: { versionId: '1' },
      partitions: { total: 5, changed: 5 },
      steps: [
        'update s in each partition first',
        'update the table',
        'update each partition, and read it back',
      ],
      meanwhile: 'none',
      notes: [],
    });
    expect(withoutHash(shown(plan))).toEqual([
      '~ column a: int -> bigint (query-fails)',
      '~ column s: struct<x:int> -> struct<x:int,y:int> (none)',
      '+ column new:  -> string (query-fails)',
      '- column gone: string ->  (none)',
      '~ parameter headgate.contract_version: 1.0.0 -> 2.0.0 (none)',
      '~ parameter headgate.contract_hash: … -> … (none)',
      '~ record files are judged by: 1.0.0 -> 2.0.0 (none)',
    ]);
    expect(plan.partitions.changes).toMatchObject([
      { path: 'a', from: 'int', to: 'bigint', partitions: 5, example: 'dt=2026-01-01' },
      { path: 's', from: 'struct<x:int>', to: 'struct<x:int,y:int>', partitions: 5 },
    ]);
  });

  test('a table that is not there is created whole', async () => {
    const world = await catalogWorld();
    const other = lakeContract(['a int', 'dt date partition'], { id: 'c-2' });
    const guarded = { ...guardedBy(other), ref: { database: 'shop', name: 'fresh' } };
    const prepared = await import('../../src/run/table/catalog-plan.ts').then(({ prepareTable }) =>
      prepareTable({ catalog: world.process().catalog, records: undefined }, guarded),
    );
    expect(prepared.plan).toMatchObject({ action: 'create', basis: null, steps: ['create the table'] });
    expect(shown(prepared.plan).slice(0, 3)).toEqual([
      '+ location :  -> s3://lake/t/ (none)',
      '+ partition keys :  -> dt date (none)',
      '+ column a:  -> int (none)',
    ]);
  });

  test('after apply there is nothing to do; what no query sees is listed all the same', async () => {
    const world = await catalogWorld();
    await applyVersion(world.process(), guardedBy(V2));
    expect((await planOf(world, V2)).plan).toMatchObject({ action: 'none', changes: [], steps: [] });
    world.glue.edit(REF, (table) => ({
      ...table,
      parameters: { ...table.parameters, 'headgate.contract_hash': 'x' },
      partitionKeys: [{ name: 'DT', type: 'DATE' }],
      format: { ...table.format, serdeParameters: { theirs: '1' } },
    }));
    const { plan } = await planOf(world, V2);
    expect(plan.action).toBe('change');
    expect(withoutHash(shown(plan))).toEqual([
      '~ partition keys :  -> written as the contract does (none)',
      '~ parameter headgate.contract_hash: … -> … (none)',
      '+ parameter serialization.format:  -> 1 (none)',
    ]);
  });

  test('that only the record is missing is work, too', async () => {
    const world = await catalogWorld();
    const ports = world.process();
    const entry = await ports.ledger.get({ scope: 'table/shop.t', id: 'state' });
    await ports.ledger.remove({ scope: 'table/shop.t', id: 'state' }, entry?.revision ?? '');
    const { plan } = await planOf(world, V1);
    expect([plan.action, shown(plan)]).toEqual([
      'change',
      ['+ record files are judged by:  -> 1.0.0 (none)'],
    ]);
    await applyVersion(world.process(), guardedBy(V1));
    expect((await planOf(world, V1)).plan.action).toBe('none');
  });

  test('what stored files would lose is a note, and so is a setting that apply leaves alone', async () => {
    const world = await catalogWorld();
    world.glue.edit(REF, (table) => ({
      ...table,
      parameters: { ...table.parameters, 'projection.enabled': 'true' },
    }));
    const narrowed = lakeContract(['a date', 's struct<x:int>', 'gone string', 'dt date partition'], {
      version: '2.0.0',
    });
    const { plan } = await planOf(world, narrowed);
    expect(plan.notes).toEqual([
      expect.stringMatching(
        /^the contract says projection\.enabled false and the table projection\.enabled true/u,
      ),
      expect.stringMatching(/^a in stored files: wrong-results \(K\d+\)$/u),
    ]);
    expect(plan.meanwhile).toBe('query-fails');
  });

  test('other keys and other owners are refused, with both sides', async () => {
    const world = await catalogWorld();
    expect((await planOf(world, lakeContract(['a int', 'day date partition']))).plan).toMatchObject({
      action: 'refused',
      why: /partitioned by dt date, the contract says day date/u,
      after: null,
    });
    expect(
      (await planOf(world, lakeContract(['a int', 'dt date partition'], { id: 'c-9' }))).plan,
    ).toMatchObject({
      action: 'refused',
      why: /belongs to another contract/u,
    });
    const observed = lakeContract(['a int', 'dt date partition'], { policy: 'mode: observe' });
    expect((await planOf(world, observed)).plan.action).toBe('observed');
  });
});

function saved(plan: TablePlan): SavedTable {
  const read = readPlan(JSON.stringify(planFile([plan], '1.0.0', 'now')), '1.0.0');
  if (!read.ok || read.tables[0] === undefined) throw new Error('the plan cannot be read');
  return read.tables[0];
}

async function staleness(world: AwsWorld, plan: TablePlan, contract = V2): Promise<string | undefined> {
  const fresh = await planOf(world, contract);
  return stalePlan(saved(plan), fresh.plan, fresh.steps?.current);
}

/** Somebody gives a partition another type of `a`. */
function retype(world: AwsWorld, type: string): void {
  const [first] = world.glue.table(REF)?.partitions.values() ?? [];
  const partition = first as CatalogPartition;
  const columns = partition.columns.map((one) => (one.name === 'a' ? { ...one, type } : one));
  world.glue.updatePartition(REF, { ...partition, columns });
}

describe('PLN-7: a plan that no longer holds', () => {
  test('says whether the contract or the catalog changed', async () => {
    const world = await catalogWorld();
    const { plan } = await planOf(world, V2);
    expect(await staleness(world, plan)).toBeUndefined();
    const edited = lakeContract(['a bigint', 's struct<x:int,y:int>', 'new string', 'dt date partition'], {
      version: '2.0.1',
    });
    expect(await staleness(world, plan, edited)).toBe(
      'the contract of table shop.t changed since the plan was made (it was 2.0.0, and is 2.0.1 now)',
    );
    world.glue.edit(REF, (table) => ({ ...table, parameters: { ...table.parameters, crawler: '1' } }));
    expect(await staleness(world, plan)).toBe(
      'the catalog’s table shop.t was changed since the plan was made: it was version 1, and is 2',
    );
  });

  test('a table that came, went, or is another of the same version', async () => {
    const world = await catalogWorld();
    const { plan } = await planOf(world, V2);
    const tables = world.glue.tables as Map<string, unknown>;
    const table = tables.get('shop.t');
    tables.delete('shop.t');
    expect(await staleness(world, plan)).toBe(
      'the catalog’s table shop.t is gone since the plan was made (it was version 1)',
    );
    const creating = (await planOf(world, V2)).plan;
    tables.set('shop.t', table);
    expect(await staleness(world, creating)).toBe(
      'the catalog’s table shop.t exists now, and did not when the plan was made',
    );
    const other = { ...plan, basis: { versionId: '1', digest: '0'.repeat(16) } };
    expect(await staleness(world, other)).toBe(
      'the catalog’s table shop.t is another one than that of the plan, also of version 1',
    );
  });

  test('partitions of today that change as planned are no difference; one of another type is', async () => {
    const world = await catalogWorld();
    const { plan } = await planOf(world, V2);
    const [first] = world.glue.table(REF)?.partitions.values() ?? [];
    world.glue.createPartitions(REF, [{ ...(first as CatalogPartition), values: ['2026-02-01'] }]);
    expect(await staleness(world, plan)).toBeUndefined();
    retype(world, 'smallint');
    expect(await staleness(world, plan)).toBe(
      'the catalog’s partition dt=2026-01-01 of table shop.t has a as smallint, which the plan does not list',
    );
  });

  test('what changes between the plan and the yes is seen before anything is done', async () => {
    const world = await catalogWorld();
    const prepared = await planOf(world, V2);
    world.glue.edit(REF, (table) => ({ ...table, description: 'theirs' }));
    const before = await endOf(world);
    expect(await applyPlan(planPorts(world.process()), guardedBy(V2), prepared)).toEqual({
      kind: 'stale',
      why: 'the catalog’s table shop.t was changed since the plan was made: it was version 1, and is 2',
    });
    expect(await endOf(world)).toEqual(before);
  });

  test('somebody who changes the table while its partitions are brought along loses nothing', async () => {
    const world = await catalogWorld();
    const prepared = await planOf(world, V2);
    world.faults.intercept(({ name }) => {
      if (name === 'catalog.updatePartition' && world.glue.table(REF)?.versionId === '1')
        world.glue.edit(REF, (table) => ({ ...table, description: 'theirs' }));
    });
    expect(await applyPlan(planPorts(world.process()), guardedBy(V2), prepared)).toEqual({
      kind: 'stale',
      why: 'the catalog’s table shop.t was changed since the plan was made: it was version 1, and is 2',
    });
    expect(world.glue.table(REF)).toMatchObject({ versionId: '2', definition: { description: 'theirs' } });
  });

  test('a plan of another end is none of this one', async () => {
    const world = await catalogWorld();
    const { plan } = await planOf(world, V2);
    expect(await staleness(world, { ...plan, after: '0'.repeat(16) })).toBe(
      'table shop.t would become another one than that of the plan',
    );
  });

  test('a partition that gets another type while apply runs ends it; a lost race for the table does, too', async () => {
    const world = await catalogWorld();
    const prepared = await planOf(world, V2);
    world.faults.intercept(({ name }) => {
      if (name === 'catalog.updateTable') retype(world, 'smallint');
    });
    expect(await applyPlan(planPorts(world.process()), guardedBy(V2), prepared)).toMatchObject({
      kind: 'stale',
      why: 'partition dt=2026-01-01 has a as smallint, which the plan does not list',
    });
    expect((await endOf(world)).ledger).toMatchObject({ applied: { contractVersion: '1.0.0' } });
    const raced = await catalogWorld();
    const plan = await planOf(raced, V2);
    raced.faults.intercept(({ name }) => {
      if (name === 'catalog.updateTable')
        raced.glue.edit(REF, (table) => ({ ...table, description: 'theirs' }));
    });
    expect(await applyPlan(planPorts(raced.process()), guardedBy(V2), plan)).toMatchObject({ kind: 'stale' });
    expect(raced.glue.table(REF)?.definition.description).toBe('theirs');
    expect(raced.glue.table(REF)?.definition.columns[0]?.type).toBe('int');
  });

  test.each([
    ['{', 'is not valid JSON'],
    ['[]', 'is not a Headgate plan'],
    ['{"kind":"headgate-plan"}', 'was made by Headgate of no version'],
    [
      '{"kind":"headgate-plan","headgate":"0.9.0","schemaVersion":1}',
      'was made by Headgate 0.9.0, and this is 1.0.0',
    ],
    ['{"kind":"headgate-plan","headgate":"1.0.0","schemaVersion":1}', 'has no list of tables'],
    [
      '{"kind":"headgate-plan","headgate":"1.0.0","schemaVersion":1,"tables":[{}]}',
      'table 1 of it is not whole',
    ],
  ])('PLN-3 a file such as %s is refused: it %s', (text, why) => {
    expect(readPlan(text, '1.0.0')).toEqual({ ok: false, why: expect.stringContaining(why) });
  });

  test('PLN-3 any part of a plan that is missing or of another kind is damage', async () => {
    const { plan } = await planOf(await catalogWorld(), V2);
    const whole = planFile([plan], '1.0.0', 'now');
    expect(readPlan(JSON.stringify(whole), '1.0.0').ok).toBe(true);
    const broken: readonly Partial<Record<keyof TablePlan, unknown>>[] = [
      { table: 1 },
      { contractVersion: null },
      { contractHash: undefined },
      { after: 7 },
      { action: 'delete' },
      { target: { kind: 'version' } },
      { target: 'contract' },
      { basis: { versionId: '1' } },
      { basis: 'x' },
      { partitions: { changes: [{}] } },
      { partitions: {} },
    ];
    for (const change of broken)
      expect(readPlan(JSON.stringify({ ...whole, tables: [{ ...plan, ...change }] }), '1.0.0')).toEqual({
        ok: false,
        why: 'is damaged: table 1 of it is not whole',
      });
    expect(readPlan(JSON.stringify({ ...whole, tables: [plan, plan] }), '1.0.0')).toEqual({
      ok: false,
      why: 'is damaged: a table stands in it twice',
    });
  });
});

describe('PLN-9: back to an older version of the table', () => {
  test('columns, types and our parameters go back; what others wrote since stays', async () => {
    const world = await catalogWorld();
    await applyVersion(world.process(), guardedBy(V2));
    world.glue.edit(REF, (table) => ({
      ...table,
      parameters: { ...table.parameters, since: 'kept' },
      foreign: { Owner: 'another' },
    }));
    const target = await previousVersion(world.process(), guardedBy(V2));
    expect(target).toEqual({ kind: 'version', versionId: '1' });
    const { plan } = await planOf(world, V2, target);
    expect(plan).toMatchObject({ action: 'change', basis: { versionId: '3' }, partitions: { changed: 5 } });
    expect(plan.notes).toEqual([
      expect.stringMatching(/^a in stored files: /u),
      expect.stringMatching(/^the contract still declares 2\.0\.0: /u),
    ]);
    expect(await applyVersion(world.process(), guardedBy(V2), target)).toEqual({
      kind: 'applied',
      isTableChanged: true,
      partitionsChanged: 5,
    });
    const { definition, ledger } = await endOf(world);
    expect(definition).toMatchObject({
      columns: [
        { name: 'a', type: 'int' },
        { name: 's', type: 'struct<x:int>' },
        { name: 'gone', type: 'string' },
      ],
      parameters: {
        theirs: 'kept',
        since: 'kept',
        'headgate.contract_version': '1.0.0',
        'headgate.managed': 'true',
      },
      foreign: { Owner: 'another' },
    });
    expect(ledger).toMatchObject({ applied: { contractVersion: '1.0.0', columns: definition?.columns } });
    expect((await planOf(world, V2, target)).plan.action).toBe('none');
    expect(await previousVersion(world.process(), guardedBy(V2))).toEqual(target);
  });

  test('a version before Headgate: the table stays this contract’s, without our other parameters', async () => {
    const world = await catalogWorld();
    const guarded = guardedBy(V2);
    const bare = (parameters: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(parameters).filter(([name]) => !name.startsWith('headgate.')));
    world.glue.edit(REF, (table) => ({ ...table, parameters: bare(table.parameters) }));
    await applyVersion(world.process(), guarded);
    await applyVersion(world.process(), guarded, { kind: 'version', versionId: '2' });
    const { definition, ledger } = await endOf(world);
    expect(definition?.parameters).toEqual({
      classification: 'parquet',
      EXTERNAL: 'TRUE',
      theirs: 'kept',
      'headgate.managed': 'true',
      'headgate.contract': 'c-1',
    });
    expect(ledger).toMatchObject({ applied: { contractVersion: '' } });
  });

  test('a version of the same number is told apart in the record', async () => {
    const world = await catalogWorld();
    const edited = lakeContract(['a bigint', 's struct<x:int>', 'gone string', 'dt date partition']);
    await applyVersion(world.process(), guardedBy(edited));
    await applyVersion(world.process(), guardedBy(edited), { kind: 'version', versionId: '1' });
    expect((await endOf(world)).ledger).toMatchObject({
      applied: { contractVersion: '1.0.0+restored.1', columns: [{ type: 'int' }, {}, {}] },
    });
  });

  test('versions that are not there, of other keys, or of another contract are refused', async () => {
    const world = await catalogWorld();
    const why = async (versionId: string) =>
      (await planOf(world, V1, { kind: 'version', versionId })).plan.why;
    expect(await why('9')).toBe('the catalog has no version 9 of the table, or no longer has it');
    world.glue.edit(REF, (table) => ({ ...table, partitionKeys: [{ name: 'day', type: 'date' }] }));
    world.glue.edit(REF, (table) => ({
      ...table,
      partitionKeys: [{ name: 'dt', type: 'date' }],
      parameters: { ...table.parameters, 'headgate.contract': 'c-7' },
    }));
    world.glue.edit(REF, (table) => ({
      ...table,
      parameters: { ...table.parameters, 'headgate.contract': 'c-1' },
    }));
    expect(await why('2')).toMatch(/^the table is partitioned by dt date, version 2 was by day date/u);
    expect(await why('3')).toBe('version 3 belongs to contract c-7');
    // The old version is nobody's, the table of today somebody else's.
    world.glue.edit(REF, (table) => ({ ...table, parameters: {} }));
    world.glue.edit(REF, (table) => ({ ...table, parameters: { 'headgate.contract': 'c-7' } }));
    expect(await why('5')).toMatch(/ belongs to another contract /u);
    (world.glue.tables as Map<string, unknown>).clear();
    expect(await why('0')).toBe('the catalog has no such table, so nothing can be taken back');
    expect(await previousVersion(world.process(), guardedBy(V1))).toBeUndefined();
  });
});
