import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { run } from '../support/run-cli.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';
import { motoClients } from './clients.ts';
import { type MotoLake, motoLake } from './lake.ts';

const endpoint = inject('endpoint');
let lake: MotoLake;
afterEach(() => lake.calls.restore());

const folder = mkdtempSync(join(tmpdir(), 'headgate-cli-'));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test('AWS-21 headgate check judges objects of S3', async () => {
  lake = await motoLake(endpoint);
  await lake.put('dt=2026-11-01/a.parquet', 'good');
  await lake.put('dt=2026-11-01/b é+.parquet', 'drifted');
  const contract = file('one.odcs.yaml', contractYaml());
  const { code, out } = await run([
    ...['check', 's3://landing/t/', '--contracts', contract, '--format', 'json'],
    ...['--endpoint-url', endpoint, '--region', 'us-east-1'],
  ]);
  const { summary, files } = JSON.parse(out);
  expect(code).toBe(1);
  expect(summary).toEqual({ files: 2, admit: 1, hold: 1, ignore: 0, errors: 0, byGrant: 0 });
  expect(files[1]).toMatchObject({
    uri: 's3://landing/t/dt=2026-11-01/b é+.parquet',
    table: 't',
    verdict: 'hold',
    findings: [{ rule: 'type-changed', path: 'id' }],
    facts: { reads: 1 },
  });
});

describe('what is there on S3', () => {
  const s3 = () => ['--endpoint-url', endpoint, '--region', 'us-east-1'];
  const files = async () => {
    lake = await motoLake(endpoint);
    await lake.put('_SUCCESS', new Uint8Array(0));
    for (const [day, kind] of [
      ['01', 'good'],
      ['02', 'drifted'],
      ['03', 'drifted'],
    ] as const)
      for (const name of ['a', 'b é+']) await lake.put(`dt=2026-11-${day}/${name}.parquet`, kind);
  };
  const contracts = () => file('one.odcs.yaml', contractYaml());
  const denyReads = () =>
    motoClients(endpoint).s3.send(
      new PutBucketPolicyCommand({
        Bucket: 'landing',
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::landing/*' },
          ],
        }),
      }),
    );

  test('AUD-1 AUD-3 headgate audit groups by cause, and goes on where it stopped', async () => {
    await files();
    const state = join(folder, 'audit.state');
    const audit = (...args: readonly string[]) =>
      run(['audit', 's3://landing/t/', '--contracts', contracts(), '--format', 'json', ...s3(), ...args]);
    const whole = await audit();
    expect(whole.code).toBe(1);
    expect(JSON.parse(whole.out)).toMatchObject({
      state: 'complete',
      summary: { files: 7, admit: 2, hold: 4, ignore: 1, errors: 0, heldPartitions: 2 },
      causes: [
        {
          rule: 'type-changed',
          path: 'id',
          files: 4,
          firstFile: 's3://landing/t/dt=2026-11-02/a.parquet',
          lastFile: 's3://landing/t/dt=2026-11-03/b é+.parquet',
        },
      ],
    });
    const first = await audit('--resume', state, '--limit', '4');
    expect(JSON.parse(first.out)).toMatchObject({ state: 'limit', summary: { files: 4 } });
    const second = await audit('--resume', state);
    expect(JSON.parse(second.out)).toEqual(JSON.parse(whole.out));
  });

  test('AUD-9 IMP-5 without the right to read: the missing action, and exit 3', async () => {
    await files();
    await denyReads();
    const read = await run(['audit', 's3://landing/t/', '--contracts', contracts(), ...s3()]);
    expect(read.code).toBe(3);
    expect(read.out).toContain('PERMISSION_DENIED  6 files not judged');
    expect(read.out).toContain('the role is not allowed: it needs s3:GetObject');
    expect(await run(['import', 'parquet', 's3://landing/t/', ...s3()])).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('it needs s3:GetObject'),
    });
  });

  test('REV-8 headgate diff --against-data', async () => {
    await files();
    const old = file('old.odcs.yaml', contractYaml({ id: 'string' }));
    const changed = file('new.odcs.yaml', contractYaml({ version: '2.0.0' }));
    const { code, out } = await run([
      ...['diff', old, changed, '--against-data', 's3://landing/', '--format', 'json', ...s3()],
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(out).data).toMatchObject({
      prefix: 's3://landing/',
      summary: { files: 7, broken: 4, brokenBefore: 0, mended: 2, ignored: 1, errors: 0 },
      tables: [{ table: 't', broken: 4, brokenPartitions: 2 }],
    });
  });

  test('IMP-5 headgate import parquet: a contract that the files keep, and how others differ', async () => {
    await files();
    await lake.put('dt=2026-11-04/c.parquet', 'good');
    await lake.put('dt=2026-11-05/c.parquet', 'good');
    await lake.put('dt=2026-11-06/c.parquet', 'good');
    const { code, out, err } = await run(['import', 'parquet', 's3://landing/t', ...s3()]);
    expect(code).toBe(0);
    expect(out).toContain('location: s3://landing/t/');
    expect(out).toContain('  - name: t\n');
    expect(out).toMatch(/- name: id\n +logicalType: integer\n +physicalType: bigint\n +required: true/u);
    expect(err).toContain(
      'id is bigint in 5 files, but string in 4, such as s3://landing/t/dt=2026-11-02/a.parquet',
    );
    expect((await run(['lint', file('imported.odcs.yaml', out)])).code).toBe(0);
  });
});

describe('AWS-22 commands on a deployment', () => {
  const quick: TestContract = { version: '1.0.0', policy: ['settle: 1s'] };
  const flags = (contract: TestContract) => [
    ...['--deployment', file('headgate.json', JSON.stringify(lake.stack.variables))],
    ...['--contracts', file('t.odcs.yaml', contractYaml(contract))],
  ];
  const now = () => new Date().toISOString();

  test('what is held is listed, shown and, once the contract admits it, released', async () => {
    lake = await motoLake(endpoint, quick);
    await lake.put('dt=2026-11-01/a.parquet', 'drifted');
    await lake.settle();
    const listed = await run(['quarantine', 'list', '--format', 'json', ...flags(quick)], now());
    const [hold] = JSON.parse(listed.out).holds;
    expect(hold).toMatchObject({ table: 'shop.t', origin: { key: 't/dt=2026-11-01/a.parquet' } });
    const shown = await run(['quarantine', 'show', hold.holdId, ...flags(quick)], now());
    expect(shown.out).toContain('type-changed');
    expect(shown.out).toContain('--deployment');

    const refused = await run(['quarantine', 'release', hold.holdId, ...flags(quick)], now());
    expect(refused.code).toBe(1);
    const revised: TestContract = { ...quick, version: '1.1.0', id: 'string' };
    lake.deploy(revised);
    const released = await run(['quarantine', 'release', hold.holdId, ...flags(revised)], now());
    expect([released.code, released.err]).toEqual([
      0,
      expect.stringContaining('the functions of the deployment'),
    ]);
    await lake.settle();
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/a.parquet']);
    const incidents = await run(['incident', 'list', ...flags(revised)], now());
    expect(incidents.code).toBeLessThan(2);
  });
  test('BRG-5: a grant in the name that AWS knows, told by the functions, honoured by the gate, and revoked', async () => {
    lake = await motoLake(endpoint, quick);
    await lake.put('dt=2026-11-01/a.parquet', 'drifted');
    await lake.settle();
    const why = ['--until', '4h', '--reason', 'month end, ticket 4711'];
    const granted = await run(
      ['break-glass', 'grant', 't', 'type-changed', 'id', ...why, '--format', 'json', ...flags(quick)],
      now(),
    );
    const { grant } = JSON.parse(granted.out);
    expect(grant.by).toMatch(/^arn:aws:sts::\d{12}:/u);
    await lake.settle();
    const page = (await lake.pages()).at(-1);
    expect(page?.content.title).toContain('break-glass');
    expect(page?.content.description).toContain('month end, ticket 4711');
    expect(page?.content.description).toContain(grant.by);

    await lake.put('dt=2026-11-01/b.parquet', 'drifted', 'b');
    await lake.settle();
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/b.parquet']);
    expect(lake.telemetry.observations).toContainEqual({
      kind: 'granted',
      table: 'shop.t',
      key: 't/dt=2026-11-01/b.parquet',
      grant: grant.id,
    });
    const released = await run(
      ['quarantine', 'release', '--all', '--yes', '--table', 't', ...flags(quick)],
      now(),
    );
    expect(released.code).toBe(0);
    await lake.settle();
    expect(await lake.keys('lake')).toHaveLength(2);

    expect((await run(['break-glass', 'revoke', grant.id, ...flags(quick)], now())).code).toBe(0);
    await lake.put('dt=2026-11-01/c.parquet', 'drifted', 'c');
    await lake.settle();
    expect(await lake.keys('lake')).toHaveLength(2);
    // The drift is back within a day: its own thread is opened again.
    expect((await lake.pages()).at(-1)?.metadata.eventType).toBe('reopen');
    const { out } = await run(['break-glass', 'list', '--all', '--format', 'json', ...flags(quick)], now());
    const { trail } = JSON.parse(out);
    expect(trail.map(({ act }: { readonly act: string }) => act)).toEqual([
      'break-glass-grant',
      'release',
      'break-glass-revoke',
    ]);
    expect(trail.every(({ by }: { readonly by: string }) => by === grant.by)).toBe(true);
    expect(lake.telemetry.failures).toEqual([]);
  });
  test('a test of the alerts pages and resolves', async () => {
    lake = await motoLake(endpoint, quick);
    expect((await run(['alert', 'test', ...flags(quick)], now())).code).toBe(0);
    const pages = await lake.pages();
    expect(pages.map(({ metadata }) => metadata.eventType)).toEqual(['open', 'resolve']);
    expect(pages[0]?.content.title).toContain('test of the alerts');
  });
  test('FM-21, AWS-24: what fails five times is a dead letter, and its neighbours are not; mended, it is redriven', async () => {
    lake = await motoLake(endpoint, quick);
    // The contracts of a broken deploy: nothing can be judged, and nothing is held for it.
    lake.deploy(quick, quick);
    await lake.put('dt=2026-11-01/a.parquet', 'drifted');
    const { sqs } = lake.stack.clients;
    for (let receives = 0; receives < 5; receives++) await lake.pump('validate');
    await lake.pump('validate');
    expect([await lake.waiting('validate'), await lake.waiting('validate-dead')]).toEqual([0, 1]);
    expect(lake.telemetry.failures.length).toBe(5);
    expect(await lake.keys('quarantine')).toEqual([]);

    lake.deploy(quick);
    await sqs.send(
      new SendMessageCommand({ QueueUrl: lake.stack.queues.validate, MessageBody: '{"kind":"poison"}' }),
    );
    await lake.put('dt=2026-11-01/b.parquet', 'good');
    for (let receives = 0; receives < 6; receives++) await lake.pump('validate');
    await lake.settle();
    expect(await lake.keys('lake')).toEqual(['t/dt=2026-11-01/b.parquet']);
    expect(await lake.waiting('validate-dead')).toBe(2);

    const redriven = await run(['redrive', 'validate', ...flags(quick).slice(0, 2)], now());
    expect([redriven.code, redriven.out]).toEqual([0, 'validate: its dead letters go back\n']);
    for (let receives = 0; receives < 6; receives++) await lake.pump('validate');
    await lake.settle();
    expect((await lake.keys('quarantine')).filter((key) => key.endsWith('data.parquet'))).toHaveLength(1);
    expect(await lake.waiting('validate-dead')).toBe(1);
    const { out } = await run(['break-glass', 'list', '--all', '--format', 'json', ...flags(quick)], now());
    expect(JSON.parse(out).trail).toMatchObject([
      { act: 'redrive', table: '-', by: expect.stringMatching(/^arn:/u) },
    ]);
  });
  test('a deployment that is none is a wrong call', async () => {
    lake = await motoLake(endpoint, quick);
    const contracts = file('t.odcs.yaml', contractYaml(quick));
    for (const text of ['{', '[]', '{"HEADGATE_BUS": 1}', '{"HEADGATE_BUS":"b"}']) {
      const { code, err } = await run([
        'breaker',
        '--deployment',
        file('bad.json', text),
        '--contracts',
        contracts,
      ]);
      expect([code, err]).toEqual([2, expect.stringContaining('give the file that the stack wrote down')]);
    }
    expect((await run(['breaker', '--deployment', 'no.json', '--lake', '.'])).code).toBe(2);
    const deployment = file('ok.json', JSON.stringify(lake.stack.variables));
    expect((await run(['redrive', 'validat', '--deployment', deployment])).code).toBe(2);
  });
});
