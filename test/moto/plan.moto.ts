import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateDatabaseCommand, GetTableCommand, GetTableVersionsCommand } from '@aws-sdk/client-glue';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { createGlueCatalog } from '../../src/run/adapters/aws/catalog.ts';
import { readGlueTable } from '../../src/run/adapters/aws/read-glue-table.ts';
import { expectRoundTrip } from '../support/round-trip.ts';
import { run } from '../support/run-cli.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';
import { motoClients, resetMoto } from './clients.ts';
import { type MotoLake, motoLake } from './lake.ts';

const endpoint = inject('endpoint');
const folder = mkdtempSync(join(tmpdir(), 'headgate-plan-'));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const V1: TestContract = { version: '1.0.0', policy: ['settle: 1s'] };
const V2: TestContract = { ...V1, version: '2.0.0', id: 'string' };
const now = () => new Date().toISOString();
let lake: MotoLake | undefined;
afterEach(() => lake?.calls.restore());

describe('PLN-5: plan, apply and rollback on Glue', () => {
  test('of a deployment: the record follows, and what waited goes on', async () => {
    lake = await motoLake(endpoint, V1);
    await lake.put('dt=2026-11-01/a.parquet', 'good');
    await lake.settle();
    lake.deploy(V2);
    await lake.put('dt=2026-11-01/b.parquet', 'drifted');
    await lake.settle();
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/a.parquet']);
    const flags = [
      ...['--deployment', file('headgate.json', JSON.stringify(lake.stack.variables))],
      ...['--contracts', file('t.odcs.yaml', contractYaml(V2))],
    ];
    const saved = join(folder, 'p.json');
    const planned = await run(['plan', '--detailed-exitcode', '--out', saved, ...flags], now());
    expect([planned.code, planned.err]).toEqual([2, expect.stringContaining('--deployment')]);
    expect(planned.out).toContain('  ~ record      files are judged by        1.0.0 -> 2.0.0');
    const applied = await run(['apply', saved, '--auto-approve', ...flags], now());
    expect([applied.code, applied.out]).toEqual([
      0,
      expect.stringContaining('applied  shop.t 2.0.0: the table and 1 partition changed'),
    ]);
    await lake.settle();
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/a.parquet', 't/dt=2026-11-01/b.parquet']);
    expect((await run(['plan', '--detailed-exitcode', ...flags], now())).code).toBe(0);

    const back = await run(['apply', '--rollback', 't', '--auto-approve', ...flags], now());
    expect([back.code, back.out]).toEqual([0, expect.stringContaining('back to version ')]);
    const { glue } = lake.stack.clients;
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'shop', Name: 't' }));
    expect(Table?.StorageDescriptor?.Columns?.[0]).toMatchObject({ Name: 'id', Type: 'bigint' });
    const { TableVersions = [] } = await glue.send(
      new GetTableVersionsCommand({ DatabaseName: 'shop', TableName: 't' }),
    );
    expect(TableVersions).toHaveLength(3);
    const again = await run(['apply', '--rollback', 't', '--auto-approve', ...flags], now());
    expect([again.code, again.out]).toEqual([0, 'No changes: the catalog holds what is declared.\n']);
  });

  test('under the caller’s own credentials: created, stale after somebody else, imported', async () => {
    await resetMoto(endpoint);
    const { glue } = motoClients(endpoint);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'shop' } }));
    const flags = [
      ...['--contracts', file('t.odcs.yaml', contractYaml(V1))],
      ...['--endpoint-url', endpoint, '--region', 'us-east-1'],
    ];
    const saved = join(folder, 'own.json');
    expect((await run(['plan', '--out', saved, ...flags])).out).toContain('Plan: 1 to create, 0 to change');
    expect((await run(['apply', saved, '--auto-approve', ...flags])).code).toBe(0);
    file('t.odcs.yaml', contractYaml(V2));
    await run(['plan', '--out', saved, ...flags]);
    const catalog = createGlueCatalog({ client: glue });
    const ref = { database: 'shop', name: 't' };
    const current = await catalog.getTable(ref);
    if (current === undefined) throw new Error('there is no table');
    const { versionId, ...definition } = current;
    await catalog.updateTable(
      ref,
      { ...definition, parameters: { ...definition.parameters, theirs: '1' } },
      versionId,
    );
    const stale = await run(['apply', saved, '--auto-approve', ...flags]);
    expect([stale.code, stale.err]).toEqual([
      1,
      expect.stringContaining('the catalog’s table shop.t was changed since the plan was made'),
    ]);
    expect((await run(['apply', 't', '--auto-approve', ...flags])).code).toBe(0);
    expect((await catalog.getTable(ref))?.parameters.theirs).toBe('1');
    const imported = await run(['import', 'glue', 'shop.t', ...flags.slice(2)]);
    expect([imported.code, imported.out]).toEqual([0, expect.stringContaining('physicalType: string')]);
    expect(imported.out).toContain('database: shop');
  });

  test('IMP-6: what is put into Glue comes back', async () => {
    await resetMoto(endpoint);
    const { glue } = motoClients(endpoint);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'shop' } }));
    await expectRoundTrip(async (definition, name) => {
      const ref = { database: 'shop', name };
      await createGlueCatalog({ client: glue }).createTable(ref, definition);
      return readGlueTable(glue, ref, undefined);
    }, 20);
  });
});
