import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative as relativePath } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFiles } from '../../src/face/cli/files/check-files.ts';
import { openFileSource } from '../../src/run/adapters/local/file-source.ts';
import { COLUMN, contractText } from '../support/contract-text.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { run } from '../support/run-cli.ts';

const good = parquetFile({ schema: [parseMessage('optional int64 id')], createdBy: 'tests' });
const bad = parquetFile({ schema: [parseMessage('optional double id')] });
const KEYED = contractText(
  `${COLUMN}\n- { name: dt, physicalType: date, partitioned: true, partitionKeyPosition: 1 }`,
);
let folder = '';
const at = (...parts: readonly string[]) => join(folder, ...parts);

function put(path: string, content: string | Uint8Array): string {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), content);
  return at(path);
}

interface Json {
  readonly summary: Readonly<Record<string, number>>;
  readonly files: readonly {
    readonly uri: string;
    readonly table: string;
    readonly verdict: string;
    readonly ignored?: string;
    readonly notes: readonly string[];
    readonly findings: readonly { readonly rule: string; readonly path: string }[];
    readonly facts?: object;
  }[];
  readonly errors: readonly {
    readonly uri: string;
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
  }[];
}

async function check(...args: readonly string[]): Promise<Json & { readonly code: number }> {
  const { code, out, err } = await run(['check', ...args, '--format', 'json']);
  if (out === '') throw new Error(err);
  return { code, ...(JSON.parse(out) as Json) };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-'));
  put('t.odcs.yaml', contractText(COLUMN));
  put('keyed.odcs.yaml', KEYED);
  put('lake/dt=2026-01-01/good.parquet', good);
  put('lake/dt=2026-01-01/bad.parquet', bad);
  put('lake/dt=2026-01-01/_SUCCESS', '');
  put('lake/_temporary/0/dt=2026-01-01/x.parquet', 'unfinished');
  put('lake/dt=2026-01-01/empty.parquet', '');
  put('lake/dt=2026-01-01/notes.txt', 'hello');
  put('lake/dt=x/good.parquet', good);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('RUN-1: files, folders and globs', () => {
  test('one file: the shape of the report', async () => {
    const { code, out } = await run([
      'check',
      at('lake/dt=2026-01-01/bad.parquet'),
      '--contract',
      at('t.odcs.yaml'),
      '--format',
      'json',
    ]);
    const footerLength = new DataView(bad.buffer).getUint32(bad.length - 8, true);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      summary: { files: 1, admit: 0, hold: 1, ignore: 0, errors: 0 },
      files: [
        {
          uri: at('lake/dt=2026-01-01/bad.parquet'),
          table: 't',
          contractVersion: '1.0.0',
          verdict: 'hold',
          effect: 'query-fails',
          findings: [
            {
              rule: 'type-changed',
              path: 'id',
              expected: 'bigint',
              actual: 'DOUBLE',
              effect: 'query-fails',
              severity: 'error',
              message: 'declared bigint, stored as DOUBLE',
              reference: 'K70',
              versions: 'all',
              declaredAt: { file: at('t.odcs.yaml'), line: 13, column: 9 },
            },
          ],
          facts: { rows: 10, rowGroups: 1, footerBytes: footerLength, bytesRead: bad.length, reads: 1 },
        },
      ],
      errors: [],
    });
    expect(JSON.parse(out).files[0].findings[0].athena).toBe(
      'NOT_SUPPORTED: Unsupported Trino column type (bigint) for Parquet column ([id] optional double id)',
    );
  });

  test('a folder is walked, and what is ignored is listed', async () => {
    const { code, files, summary } = await check(at('lake'), '--contract', at('keyed.odcs.yaml'));
    expect(code).toBe(1);
    expect(summary).toEqual({ files: 7, admit: 1, byGrant: 0, hold: 2, ignore: 4, errors: 0 });
    expect(
      files.map(({ uri, verdict, ignored, findings }) => [
        uri.slice(at('lake').length + 1),
        verdict,
        ignored ?? findings.map(({ rule }) => rule).join(' '),
      ]),
    ).toEqual([
      ['_temporary/0/dt=2026-01-01/x.parquet', 'ignore', 'hidden'],
      ['dt=2026-01-01/_SUCCESS', 'ignore', 'hidden'],
      ['dt=2026-01-01/bad.parquet', 'hold', 'type-changed'],
      ['dt=2026-01-01/empty.parquet', 'ignore', 'zero-bytes'],
      ['dt=2026-01-01/good.parquet', 'admit', ''],
      ['dt=2026-01-01/notes.txt', 'ignore', 'file-stray'],
      ['dt=x/good.parquet', 'hold', 'partition-value'],
    ]);
  });

  test('globs, quoted or not, and the same file once', async () => {
    const { files } = await check(
      `${at('lake')}/**/good.parquet`,
      at('lake/dt=2026-01-01/good.parquet'),
      '--contract',
      at('keyed.odcs.yaml'),
    );
    expect(files.map(({ verdict }) => verdict)).toEqual(['admit', 'hold']);
  });

  test('a glob names files, or folders that are taken whole, however it is written', async () => {
    const there = (glob: string) => check(glob, '--contract', at('keyed.odcs.yaml'));
    const names = async (glob: string) =>
      (await there(glob)).files.map(({ uri }) => uri.slice(folder.length));
    const below = ['_SUCCESS', 'bad.parquet', 'empty.parquet', 'good.parquet', 'notes.txt'];
    expect(await names(`${at('lake')}/dt=2026*`)).toEqual(below.map((name) => `/lake/dt=2026-01-01/${name}`));
    expect(await names(`${at('lake')}/./dt=x/../dt=?/{good,bad}.parquet`)).toEqual([
      '/lake/dt=x/good.parquet',
    ]);
    const relative = `./${relativePath(process.cwd(), at('lake'))}/dt=x/*`;
    expect((await there(relative)).files.map(({ uri }) => uri)).toEqual([
      relativePath(process.cwd(), at('lake/dt=x/good.parquet')),
    ]);
    const twice = await check('./bin', 'bin', './bin/*', '--contract', at('t.odcs.yaml'));
    expect(twice.files.map(({ uri }) => uri)).toEqual(['bin/headgate.ts', 'bin/infra.ts']);
  });

  test('links to files are followed, links to folders are not', async () => {
    mkdirSync(at('links'));
    symlinkSync(at('lake/dt=2026-01-01/good.parquet'), at('links/a.parquet'));
    symlinkSync(at('links'), at('links/loop'));
    expect((await check(at('links'), '--contract', at('t.odcs.yaml'))).summary).toMatchObject({
      files: 1,
      admit: 1,
    });
  });

  test('the table by the guarded prefix that the path mirrors, or by a folder of its name', async () => {
    put('contracts/a.odcs.yaml', contractText(COLUMN));
    put(
      'contracts/b.odcs.yaml',
      contractText(COLUMN, { servers: 'servers: [{ server: s, type: s3, location: "s3://other/u/" }]\n' })
        .replace('id: c-1', 'id: c-2')
        .replace('name: t\n', 'name: u\n'),
    );
    put('mirror/landing/t/x.parquet', good);
    put('data/u/x.parquet', good);
    put('data/t/u/x.parquet', good);
    put('data/v/x.parquet', good);
    const { files, errors, code } = await check(at('mirror'), at('data'), '--contracts', at('contracts'));
    expect(code).toBe(3);
    expect(files.map(({ table, verdict }) => [table, verdict])).toEqual([
      ['t', 'admit'],
      ['u', 'admit'],
    ]);
    expect(errors.map(({ code: error, message }) => [error, message])).toEqual([
      ['AMBIGUOUS_TABLE', 'the path names several tables (t, u): name one with --table'],
      [
        'NO_CONTRACT',
        'no contract guards this path, and no folder of it is named like a table: name the contract with --contract',
      ],
    ]);
    expect((await check(at('data/v'), '--contracts', at('contracts'), '--table', 'u')).files[0]?.table).toBe(
      'u',
    );
    expect(
      (await check(at('data/v'), '--contracts', at('contracts'), '--table', 'zz')).errors[0]?.message,
    ).toBe('no contract declares a table zz');
  });

  test('partitions below --root, or below the topmost folder that names one', async () => {
    const flat = await check(put('flat.parquet', good), '--contract', at('keyed.odcs.yaml'));
    expect(flat.files[0]?.notes).toEqual(['partition rules skipped: the path has no name=value folder']);
    put('odd=1/lake/dt=2026-01-01/g.parquet', good);
    expect(
      (
        await check(at('odd=1/lake/dt=2026-01-01/g.parquet'), '--contract', at('keyed.odcs.yaml'))
      ).files[0]?.findings.map(({ rule }) => rule),
    ).toEqual(['partition-path']);
    expect(
      (
        await check(
          at('odd=1/lake/dt=2026-01-01/g.parquet'),
          '--contract',
          at('keyed.odcs.yaml'),
          '--root',
          relativePath(process.cwd(), at('odd=1/lake')),
        )
      ).files[0]?.verdict,
    ).toBe('admit');
  });
});

describe('RUN-2: exit codes', () => {
  test('0 clean, 1 findings from --fail-on on, 3 wins over 1', async () => {
    expect((await check(at('lake/dt=2026-01-01/good.parquet'), '--contract', at('t.odcs.yaml'))).code).toBe(
      0,
    );
    const extra = put(
      'extra.parquet',
      parquetFile({ schema: [parseMessage('optional int64 id'), parseMessage('optional int32 x')] }),
    );
    expect((await check(extra, '--contract', at('t.odcs.yaml'))).code).toBe(0);
    expect((await check(extra, '--contract', at('t.odcs.yaml'), '--fail-on', 'warning')).code).toBe(1);
    expect(
      (await check(at('lake/dt=2026-01-01/bad.parquet'), at('gone'), '--contract', at('t.odcs.yaml'))).code,
    ).toBe(3);
  });

  test.each<[name: string, args: readonly string[], message: string]>([
    ['no command', [], ''],
    ['an unknown command', ['chek'], "unknown command 'chek'"],
    ['an unknown option', ['check', 'x', '--contrat', 'y'], "unknown option '--contrat'"],
    ['a missing argument', ['check'], "missing required argument 'path'"],
    [
      'a wrong format',
      ['check', 'x', '--format', 'pdf'],
      'Allowed choices are text, json, github, sarif, junit, markdown',
    ],
    ['a wrong size', ['check', 'x', '--max-footer', 'big'], 'expected a number of MiB above 0'],
    ['an address', ['check', 'https://a/b'], 'https://a/b is not a path: give files'],
    [
      'a contract that is not there',
      ['check', 'x', '--contract', 'no.yaml'],
      'contract no.yaml does not exist',
    ],
  ])('2 for %s', async (_, args, message) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('2 for a contract that cannot be used, with every issue', async () => {
    const broken = put('broken.yaml', contractText('- { name: id, requird: true }'));
    const { code, out } = await run(['check', at('lake'), '--contract', broken]);
    expect(code).toBe(2);
    expect(out).toContain('unknown key `requird`: did you mean `required`?');
    expect(out).toContain(`${broken}:13:`);
    const lenient = await run([
      'check',
      at('lake/dt=2026-01-01/good.parquet'),
      '--contract',
      put('lenient.yaml', contractText('- { name: id, physicalType: bigint, requird: true }')),
      '--lenient',
    ]);
    expect(lenient.code).toBe(0);
  });

  test('2 for contracts that overlap', async () => {
    put('overlap/a.yaml', contractText(COLUMN));
    put('overlap/b.yaml', contractText(COLUMN).replace('id: c-1', 'id: c-2'));
    const { code, out } = await run(['check', at('lake'), '--contracts', at('overlap')]);
    expect([code, out.includes('a file would have two owners')]).toEqual([2, true]);
  });

  test('help and version are 0', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0 });
    expect((await run(['--version'])).out).toBe('9.9.9\n');
    expect((await run(['check', '--help'])).out).toContain('--fail-on');
  });
});

describe('RUN-3 RUN-4: what could not be judged', () => {
  test('a path that does not exist, a folder that is named as a file, a glob without match', async () => {
    const { errors, files } = await check(
      at('gone.parquet'),
      at('*.nothing'),
      '--contract',
      at('t.odcs.yaml'),
    );
    expect(files).toEqual([]);
    expect(errors.map(({ code, message, retryable }) => [code, message, retryable])).toEqual([
      ['NOT_FOUND', `no file matches ${at('*.nothing')}`, false],
      ['NOT_FOUND', 'does not exist', false],
    ]);
  });

  test('a glob that stands for too many patterns is a wrong call', async () => {
    const { code, err } = await run([
      'check',
      at('{a,b,c,d,e,f,g,h,i}{a,b,c,d,e,f,g,h,i}.parquet'),
      '--contract',
      at('t.odcs.yaml'),
    ]);
    expect(code).toBe(2);
    expect(err).toContain(
      'its braces stand for 81 patterns, at most 64 can be matched: use * in place of some',
    );
  });

  test('a folder and a device are no files', async () => {
    await expect(openFileSource(folder)).rejects.toMatchObject({ code: 'IS_DIRECTORY' });
    await expect(openFileSource('/dev/null')).rejects.toMatchObject({
      code: 'READ_FAILED',
      message: 'is not a regular file',
    });
    await expect(openFileSource(`/${'x'.repeat(5000)}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(openFileSource('a\u0000b')).rejects.toMatchObject({ code: 'READ_FAILED' });
  });

  test('a bug of ours is an error of its file, and the others are judged', async () => {
    const report = await checkFiles({
      files: [{ path: 'x', walkedKey: 'x' }],
      assign: () => {
        throw new TypeError('oops');
      },
      now: '2026-01-01T00:00:00Z',
    });
    expect(report.errors).toEqual([
      { uri: 'x', code: 'INTERNAL', message: 'failed inside Headgate: TypeError: oops', retryable: false },
    ]);
  });
});

test('RUN-5: nothing is moved or changed', async () => {
  const shot = () =>
    readdirSync(at('lake'), { recursive: true, encoding: 'utf8' }).map((file) => [
      file,
      statSync(at('lake', file)).mtimeMs,
    ]);
  const before = shot();
  await check(at('lake'), '--contract', at('keyed.odcs.yaml'));
  expect(shot()).toEqual(before);
});

describe('RUN-6 RUN-7: lint, rules and explain', () => {
  test('lint', async () => {
    expect(await run(['lint', 'schemas'])).toEqual({
      code: 0,
      out: '3 contracts: nothing to complain about\n',
      err: '',
    });
    const warned = put('warn.yaml', contractText('- { name: Id, physicalType: string }'));
    expect((await run(['lint', warned])).code).toBe(0);
    expect((await run(['lint', warned, '--fail-on', 'warning'])).code).toBe(1);
    const both = await run([
      'lint',
      put('both.yaml', contractText('- { name: a, requird: true, physicalType: int }')),
    ]);
    expect([both.code, both.out.includes('unknown-key')]).toEqual([1, true]);
  });

  test('rules', async () => {
    const { out, code } = await run(['rules']);
    expect([
      code,
      out.split('\n').filter((line) => /^[a-z-]+ +(error|warning|info) /u.test(line)).length,
    ]).toEqual([0, 63]);
    expect(JSON.parse((await run(['rules', '--format', 'json'])).out).rules.length).toBe(63);
    expect((await run(['rules', '--format', 'markdown'])).out).toBe(readFileSync('docs/rules.md', 'utf8'));
  });

  test('explain', async () => {
    expect((await run(['explain', 'type-widened'])).out).toContain('contract: quantity int');
    expect((await run(['explain', 'k12'])).out).toBe(
      'K12  double stored as FLOAT: right when selected, a filter fails on statistics\n',
    );
    expect(await run(['explain', 'type-widend'])).toEqual({
      code: 2,
      out: '',
      err: 'headgate: no rule type-widend: did you mean type-widened?\n',
    });
    expect((await run(['explain', 'zzz'])).err).toContain('see `headgate rules` for all of them');
  });
});
