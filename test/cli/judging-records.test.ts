import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { CheckReport } from '../../src/tools/scan/report.ts';
import { devLake } from '../support/dev-lake.ts';
import { folderOf } from '../support/folder.ts';
import { run } from '../support/run-cli.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { fileBytes } from '../support/simulation/files.ts';

const ONCE = ['dev', '--once', '--settle', '0'] as const;
const NOT_KNOWN =
  'not known without --lake or --deployment: the types and partitions that the catalog holds, and break-glass grants';

async function reportOf(args: readonly string[]): Promise<CheckReport> {
  return JSON.parse((await run([...args, '--format', 'json'])).out) as CheckReport;
}

describe('LAK-42 (D): check and audit judge by what a ledger says, and say what they could not know', () => {
  test('types that were applied: a file of a version that waits for a person', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    await lake.command(...ONCE);
    // string for bigint: stored files of the old type would not be readable by the new one.
    lake.deploy({ version: '2.0.0', id: 'string' });
    const path = lake.put('b.parquet', 'drifted');
    const old = join(lake.folder, 'landing/t/dt=2026-11-01/a.parquet');
    const judging = ['check', path, old, '--contracts', lake.schemas];
    const verdicts = ({ files }: CheckReport) => files.map(({ verdict, notes }) => [verdict, ...notes]);

    const alone = await reportOf(judging);
    expect(verdicts(alone)).toEqual([['admit'], ['hold']]);
    expect(alone.basis).toEqual({ ledger: null, note: NOT_KNOWN });
    const known = await reportOf([...judging, '--lake', lake.folder]);
    expect(verdicts(known)).toEqual([
      ['admit', expect.stringMatching(/^it waits for `headgate apply`: id in stored files/u)],
      // The catalog still holds bigint, by which readers read it right.
      ['admit'],
    ]);
    expect(known.basis).toEqual({
      ledger: `lake ${lake.folder}`,
      note: `by the ledger of lake ${lake.folder}: shop.t: the types of 1.0.0`,
    });
  });

  test('grants that run', async () => {
    const lake = devLake();
    const path = lake.put('a.parquet', 'drifted');
    await lake.command(...ONCE);
    const granted = await lake.command(
      'break-glass',
      'grant',
      't',
      'type-changed',
      'id',
      '--until',
      '2h',
      '--reason',
      'month end, ticket 4711',
    );
    expect(granted).toMatchObject({ code: 0, err: expect.stringContaining('told') });
    const check = ['check', path, '--contracts', lake.schemas];
    expect((await reportOf(check)).files[0]?.verdict).toBe('hold');
    const text = await run([...check, '--lake', lake.folder]);
    expect(text.code).toBe(0);
    expect(text.out).toContain('(break-glass ');
    expect(text.out).toContain(
      `by the ledger of lake ${lake.folder}: shop.t: nothing is applied yet, 1 grant runs\n1 file: 1 admitted`,
    );
    const audit = ['audit', join(lake.folder, 'landing'), '--contracts', lake.schemas];
    const alone = await run(audit);
    expect([alone.code, alone.out.includes(NOT_KNOWN)]).toEqual([1, true]);
    const known = await run([...audit, '--lake', lake.folder, '--format', 'json']);
    expect([known.code, JSON.parse(known.out).basis.ledger]).toEqual([0, `lake ${lake.folder}`]);
  });

  test('nothing is said where no file is one of a guarded table', async () => {
    const servers = /servers:[\s\S]*?(?=schema:)/u;
    const folder = folderOf({
      'c.yaml': contractYaml().replace(servers, ''),
      'dt=2026-11-01/a.parquet': fileBytes('good', 'a'),
    });
    const report = await reportOf([
      'check',
      join(folder, 'dt=2026-11-01'),
      '--contract',
      join(folder, 'c.yaml'),
    ]);
    expect(report.summary.admit).toBe(1);
    expect(report).not.toHaveProperty('basis');
  });

  test('a wrong call is one', async () => {
    const lake = devLake();
    const path = lake.put('a.parquet', 'good');
    const check = ['check', path, '--contracts', lake.schemas];
    const never = await run([...check, '--lake', lake.folder]);
    expect([never.code, never.err]).toEqual([2, expect.stringContaining('was never guarded')]);
    const both = await run([...check, '--lake', lake.folder, '--deployment', 'x.json']);
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('and not both')]);
    const none = await run([...check, '--deployment', join(lake.folder, 'none.json')]);
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('cannot be read')]);
  });
});

describe('LAK-42 (D): the ledger of a deployment', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** A DynamoDB of one answer, on this machine. */
  async function deployment(status: number, answer: unknown): Promise<readonly string[]> {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const isState = Buffer.concat(chunks).toString('utf8').includes('"state"');
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify(isState ? answer : {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const variables = {
      HEADGATE_LEDGER_TABLE: 'ledger',
      HEADGATE_BUS: 'bus',
      HEADGATE_QUARANTINE: 's3://quarantine/',
    };
    const folder = folderOf({
      'headgate.json': JSON.stringify(variables),
      'schemas/t.odcs.yaml': contractYaml(),
      'landing/t/dt=2026-11-01/a.parquet': fileBytes('drifted', 'a'),
    });
    return [
      ...['check', join(folder, 'landing'), '--contracts', join(folder, 'schemas')],
      ...['--deployment', join(folder, 'headgate.json'), '--region', 'us-east-1', '--endpoint-url', endpoint],
    ];
  }

  test('is asked for the record of the table', async () => {
    const record = {
      guardedSince: '2026-11-01T00:00:00.000Z',
      grants: [
        {
          ...{ id: 'g1', rule: 'type-changed', path: 'id', until: '2999-01-01T00:00:00.000Z' },
          ...{ reason: 'month end', by: 'ann', at: '2026-11-01T00:00:00.000Z' },
        },
      ],
    };
    const item = {
      scope: { S: 'table/shop.t' },
      id: { S: 'state' },
      revision: { S: '1' },
      value: { S: JSON.stringify(record) },
    };
    const report = await reportOf(await deployment(200, { Item: item }));
    expect(report.files[0]).toMatchObject({
      verdict: 'admit',
      findings: [{ rule: 'type-changed', waived: {} }],
    });
    expect(report.basis?.note).toMatch(
      /^by the ledger of deployment .*: shop\.t: nothing is applied yet, 1 grant runs$/u,
    );
  });

  test('a ledger that may not be read is an error, and no verdict', async () => {
    const args = await deployment(400, { __type: 'AccessDeniedException', message: 'no' });
    const ran = await run([...args, '--format', 'json']);
    expect(ran.code).toBe(3);
    const report = JSON.parse(ran.out || '{}') as CheckReport;
    expect([report.files, report.errors.map(({ code }) => code)]).toEqual([[], ['PERMISSION_DENIED']]);
  });
});

describe('LAK-43 (D): what is hidden below no root is ignored, and what stands above a root says nothing', () => {
  test('.git beside the lake, in it, and above it', async () => {
    const lake = devLake();
    for (const place of ['.git', 'landing/t/.git', 'landing/.git']) {
      mkdirSync(join(lake.folder, place), { recursive: true });
      writeFileSync(join(lake.folder, place, 'HEAD'), 'ref: refs/heads/main\n');
    }
    lake.put('a.parquet', 'good');
    const report = await reportOf(['check', lake.folder, '--contracts', lake.schemas]);
    const said = report.files.map(({ uri, verdict, ignored, table }) => [
      uri.slice(lake.folder.length + 1),
      ignored ?? verdict,
      table,
    ]);
    expect(said.toSorted()).toEqual([
      ['.git/HEAD', 'hidden', ''],
      ['landing/.git/HEAD', 'hidden', ''],
      ['landing/t/.git/HEAD', 'hidden', 't'],
      ['landing/t/dt=2026-11-01/a.parquet', 'admit', 't'],
    ]);
    expect(report.errors).toEqual([]);
  });

  test.each([
    ['the guarded prefix', []],
    ['--root', ['--root', 'ROOT']],
  ])('partitions are judged where %s tells the root, without any name=value folder', async (_, more) => {
    const folder = folderOf({
      'schemas/t.odcs.yaml': contractYaml(),
      '.cache/landing/t/2026/11/01/a.parquet': fileBytes('good', 'a'),
      '.cache/landing/t/a.parquet': fileBytes('good', 'b'),
    });
    const args = more.map((word) => word.replace('ROOT', join(folder, '.cache/landing/t')));
    for (const from of [folder, join(folder, '.cache/landing/t')])
      for (const command of ['check', 'audit']) {
        const ran = await run([
          command,
          from,
          '--contracts',
          join(folder, 'schemas'),
          ...args,
          '--format',
          'json',
        ]);
        const { summary } = JSON.parse(ran.out);
        expect([command, summary.hold]).toEqual([command, 2]);
      }
  });
});

describe('LAK-83 (H): a lake is judged as it stands', () => {
  test.each(['check', 'audit'])(
    '%s of the whole folder takes what is held for no table’s file',
    async (command) => {
      const lake = devLake();
      lake.put('a.parquet', 'good');
      lake.put('b.parquet', 'drifted');
      await lake.command('dev', '--once');
      const ran = await run([command, lake.folder, '--contracts', lake.schemas, '--format', 'json']);
      const { summary, errors } = JSON.parse(ran.out);
      expect([ran.code, errors]).toEqual([1, []]);
      // In landing the good and the bad one, below the location the good one.
      expect(summary).toMatchObject({ admit: 2, hold: 1, errors: 0 });
    },
  );
});
