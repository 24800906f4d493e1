import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { run } from '../support/run-cli.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';
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
  expect(summary).toEqual({ files: 2, admit: 1, hold: 1, ignore: 0, errors: 0 });
  expect(files[1]).toMatchObject({
    uri: 's3://landing/t/dt=2026-11-01/b é+.parquet',
    table: 't',
    verdict: 'hold',
    findings: [{ rule: 'type-changed', path: 'id' }],
    facts: { reads: 1 },
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
    const released = await run(['quarantine', 'release', '--all', '--table', 't', ...flags(quick)], now());
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
