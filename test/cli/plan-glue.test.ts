import { describe, expect, test } from 'vitest';
import { createAwsWorld } from '../support/aws/world.ts';
import { catalogWorld, REF } from '../support/catalog-world.ts';
import { folderOf } from '../support/folder.ts';
import { type GlueServer, glueServer } from '../support/glue-server.ts';
import { run } from '../support/run-cli.ts';

const contract = (version: string, columns: readonly string[]) => `apiVersion: v3.1.0
kind: DataContract
id: c-1
name: t
version: ${version}
status: active
servers:
  - { server: catalog, type: glue, account: "123456789012", database: shop, location: "s3://lake/t/" }
schema:
  - name: t
    properties:
${columns.map((column) => `      - { name: ${column.split(' ')[0]}, physicalType: "${column.split(' ')[1]}" }\n`).join('')}      - { name: dt, physicalType: date, partitioned: true, partitionKeyPosition: 1 }
`;
const V1 = contract('1.0.0', ['a int', 's struct<x:int>', 'gone string']);
const V2 = contract('2.0.0', ['a bigint', 's struct<x:int,y:int>', 'new string']);

async function setUp(text: string, world = catalogWorld()) {
  const aws = await world;
  const glue = await glueServer(aws);
  const contracts = folderOf({ 't.odcs.yaml': text });
  const flags = ['--contracts', contracts, '--endpoint-url', glue.endpoint, '--region', 'us-east-1'];
  return { aws, glue, command: (...args: readonly string[]) => run([...args, ...flags]) };
}

const writes = ({ calls }: GlueServer) => calls.filter((call) => /^(?:Create|Update|Batch)/u.test(call));

describe('PLN-5: plan and apply on AWS Glue under the caller’s own credentials', () => {
  test('plan, apply, no more changes, and back', async () => {
    const { aws, glue, command } = await setUp(V2);
    const planned = await command('plan', '--detailed-exitcode');
    expect([planned.code, writes(glue)]).toEqual([2, []]);
    expect(planned.out).toContain('  ~ column      a                          int -> bigint');
    expect(planned.out).not.toContain('record');
    expect(planned.out).toContain('where functions guard this table, apply with --deployment');
    expect((await command('apply', 't', '--auto-approve')).out).toContain(
      'applied  shop.t 2.0.0: the table and 5 partitions changed\n',
    );
    expect(writes(glue)).toEqual([
      ...Array.from({ length: 5 }, () => 'UpdatePartition'),
      'UpdateTable',
      ...Array.from({ length: 5 }, () => 'UpdatePartition'),
    ]);
    expect(aws.glue.table(REF)?.definition.parameters.theirs).toBe('kept');
    expect((await command('plan', '--detailed-exitcode')).code).toBe(0);
    expect((await command('apply', '--rollback', 't', '--auto-approve')).code).toBe(0);
    expect(aws.glue.table(REF)?.definition.columns.map(({ type }) => type)).toEqual([
      'int',
      'struct<x:int>',
      'string',
    ]);
  });

  test('a table that is missing is created; a database that is missing is told', async () => {
    const world = createAwsWorld();
    const { aws, command } = await setUp(V1, Promise.resolve(world));
    const failed = await command('apply', '--auto-approve');
    expect([failed.code, failed.err]).toEqual([
      3,
      expect.stringContaining(
        'glue:CreateTable on table shop.t: it does not exist (EntityNotFoundException)',
      ),
    ]);
    aws.glue.createDatabase('shop');
    expect((await command('apply', '--auto-approve')).out).toContain(
      'applied  shop.t 1.0.0: the table and 0 partitions',
    );
    expect(aws.glue.table(REF)?.versionId).toBe('0');
  });

  test('what is not allowed is named: the action of IAM, or the grant of Lake Formation', async () => {
    const { glue, command } = await setUp(V2);
    glue.deny = (call) =>
      call === 'GetTable'
        ? { name: 'AccessDeniedException', message: 'User: x is not authorized to perform: glue:GetTable' }
        : undefined;
    const iam = await command('plan');
    expect([iam.code, iam.err]).toEqual([
      3,
      expect.stringContaining(
        'glue:GetTable on table shop.t: the role is not allowed: it needs glue:GetTable',
      ),
    ]);
    expect((await command('plan', '--detailed-exitcode')).code).toBe(1);
    glue.deny = (call) =>
      call === 'UpdateTable'
        ? {
            name: 'AccessDeniedException',
            message: 'Insufficient Lake Formation permission(s): Required Alter on t',
          }
        : undefined;
    const grant = await command('apply', '--auto-approve');
    expect([grant.code, grant.err]).toEqual([
      3,
      expect.stringContaining('Lake Formation does not let this role: grant it ALTER on t'),
    ]);
    expect(grant.err).toContain('run it again to finish');
    glue.deny = () => undefined;
    expect((await command('apply', '--auto-approve')).code).toBe(0);
    expect((await command('plan', '--detailed-exitcode')).code).toBe(0);
  });

  test('somebody else is faster between plan and update: told, and theirs stays', async () => {
    const { aws, glue, command } = await setUp(V2);
    glue.deny = (call) => {
      if (call === 'UpdateTable') aws.glue.edit(REF, (table) => ({ ...table, description: 'theirs' }));
      return undefined;
    };
    const raced = await command('apply', '--auto-approve');
    expect([raced.code, raced.err]).toEqual([
      1,
      expect.stringContaining('shop.t 2.0.0 is stale: table shop.t was changed by somebody else'),
    ]);
    expect(aws.glue.table(REF)?.definition.description).toBe('theirs');
    glue.deny = () => undefined;
    expect((await command('apply', '--auto-approve')).code).toBe(0);
    expect(aws.glue.table(REF)?.definition.description).toBe('theirs');
  });
});

describe('IMP-7: headgate import glue DATABASE.TABLE', () => {
  test('the table as Glue has it: types, comments, keys, place', async () => {
    const { aws, glue } = await setUp(V1);
    aws.glue.edit(REF, (table) => ({
      ...table,
      description: 'All of t',
      columns: table.columns.map((column) => ({ ...column, comment: `about ${column.name}` })),
      parameters: { ...table.parameters, classification: 'csv' },
    }));
    const flags = ['--endpoint-url', glue.endpoint, '--region', 'us-east-1', '--account', '123456789012'];
    const { code, out, err } = await run(['import', 'glue', 'shop.T', ...flags]);
    expect([code, glue.calls]).toEqual([0, ['GetTable']]);
    expect(err).toContain('the table calls itself "csv"; Athena reads it as its SerDe says, as Parquet');
    expect(out).toContain('physicalType: struct<x:int>');
    expect(out).toContain('description: about a');
    expect(out).toContain('description: All of t');
    expect(out).toContain('partitionKeyPosition: 1');
    expect(out).toContain('location: s3://lake/t/');
    expect(out).toContain('database: shop');
  });

  test.each([
    ['a missing table', 'shop.none', undefined, 3, 'glue:GetTable on table shop.none: it does not exist'],
    [
      'a missing permission',
      'shop.t',
      'User: x is not authorized to perform: glue:GetTable',
      3,
      'the role is not allowed: it needs glue:GetTable',
    ],
    [
      'a missing grant',
      'shop.t',
      'Insufficient Lake Formation permission(s): Required Describe on t',
      3,
      'Lake Formation does not let this role: grant it DESCRIBE on t',
    ],
    ['no name of a table', 'orders', undefined, 2, 'orders names no table of a catalog: give DATABASE.TABLE'],
  ])('%s', async (_, name, denied, code, message) => {
    const { glue } = await setUp(V1);
    if (denied !== undefined) glue.deny = () => ({ name: 'AccessDeniedException', message: denied });
    const ran = await run(['import', 'glue', name, '--endpoint-url', glue.endpoint, '--region', 'us-east-1']);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(message);
  });

  test('what is no Parquet table is refused with its format', async () => {
    const { aws, glue } = await setUp(V1);
    const refusal = async (change: Parameters<typeof aws.glue.edit>[1]) => {
      aws.glue.edit(REF, change);
      const flags = ['--endpoint-url', glue.endpoint, '--region', 'us-east-1'];
      const { code, err } = await run(['import', 'glue', 'shop.t', ...flags]);
      expect(code).toBe(2);
      return err;
    };
    const { format } = aws.glue.table(REF)?.definition ?? {};
    if (format === undefined) throw new Error('there is no table');
    expect(
      await refusal((table) => ({
        ...table,
        format: { ...format, serde: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' },
      })),
    ).toContain('this is no Parquet table: its format is org.apache.hadoop.hive.ql.io.parquet');
    expect(
      await refusal((table) => ({ ...table, format, foreign: { TableType: 'VIRTUAL_VIEW' } })),
    ).toContain('a view');
    const provider = { 'spark.sql.sources.provider': 'delta' };
    expect(
      await refusal((table) => ({ ...table, foreign: {}, parameters: { ...table.parameters, ...provider } })),
    ).toContain('a Delta Lake table: its own metadata says what its files are');
    const link = { TargetTable: { DatabaseName: 'other', Name: 'orders' } };
    expect(await refusal((table) => ({ ...table, foreign: link }))).toContain(
      'a link to table other.orders: import that one',
    );
  });

  test('options of a catalog are of glue alone; a file of a similar name is a file', async () => {
    const folder = folderOf({ 'a.sql': 'create table a (b int) stored as parquet' });
    const wrong = await run(['import', 'ddl', `${folder}/a.sql`, '--region', 'x']);
    expect([wrong.code, wrong.err]).toEqual([
      2,
      expect.stringContaining('import ddl reads a file, and asks nobody'),
    ]);
    const lake = await run(['import', 'parquet', folder, '--lake', folder]);
    expect([lake.code, lake.err]).toEqual([2, expect.stringContaining('--lake is of import glue')]);
    const missing = await run(['import', 'glue', 'orders.json']);
    expect([missing.code, missing.err]).toEqual([2, 'headgate: orders.json does not exist\n']);
  });
});
