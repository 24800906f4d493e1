import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/error.ts';
import { checkFiles, fileError } from '../../src/face/cli/files/check-files.ts';
import { FORMATS } from '../../src/face/cli/run.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { openFileSource } from '../../src/run/adapters/local/file-source.ts';
import { COLUMN, contractText } from '../support/contract-text.ts';
import { fileAround, footerBytes, logical, type NodeSpec, parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { type Ran, run } from '../support/run-cli.ts';

const id = parseMessage('optional int64 id');
const good = parquetFile({ schema: [id] });
const bytesOf = (text: string) => new TextEncoder().encode(text);

let folder = '';
const at = (...parts: readonly string[]) => join(folder, ...parts);

function put(path: string, content: string | Uint8Array): string {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), content);
  return at(path);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headgate-bad-'));
  chmodSync(folder, 0o755);
  put('t.odcs.yaml', contractText(COLUMN));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check = (path: string, format = 'text') =>
  run(['check', path, '--contract', at('t.odcs.yaml'), '--format', format]);

/** What each bad file is called, its exit code, and a line that says what it is and one that says what to do. */
describe('FTR-7 RUN-2: files that are none', () => {
  test.each<[name: string, content: Uint8Array, code: number, says: string, remedy: string]>([
    ['no bytes', new Uint8Array(0), 0, 'zero-bytes', ''],
    [
      'one byte',
      bytesOf('P'),
      1,
      'file-truncated: expected at least 12 bytes, found 1 bytes',
      'write the file again',
    ],
    ['eleven bytes', bytesOf('PAR1123PAR1'), 1, 'found 11 bytes', 'write the file again'],
    ['a CSV file', bytesOf('id,amount\n1,2.5\n2,3.5\n'), 1, 'file-not-parquet', 'keep other formats out'],
    [
      'an encrypted footer',
      fileAround(footerBytes({ schema: [id] }), { magic: 'PARE' }),
      1,
      'file-encrypted',
      'write without Parquet encryption',
    ],
    [
      'garbage after the footer',
      fileAround([...footerBytes({ schema: [id], rows: 0 }), 7]),
      1,
      'footer-malformed: expected a footer as parquet.thrift defines it, found 1 bytes follow',
      'write the file again',
    ],
    [
      'a footer longer than the file',
      fileAround([], { claimed: 4_000_000_000 }),
      1,
      'one that claims 4000000000 bytes',
      'write the file again',
    ],
    [
      'a negative number of children',
      parquetFile({ schema: [{ name: 'g', repetition: 'OPTIONAL', claimedChildren: -1 }] }),
      1,
      'a group has a negative number of children',
      'write the file again',
    ],
    [
      'columns nested without end',
      parquetFile({ schema: [nested(500)] }),
      1,
      'expected columns nested at most 64 deep, found deeper ones: the schema was not judged',
      'nest them less',
    ],
    [
      'a bomb of sixteen bytes',
      fileAround([0x29, 0xf9, 0xff, 0xff, 0xff, 0x07, 0xf9, 0xff]),
      1,
      'a list claims more elements than the footer has bytes',
      'write the file again',
    ],
    [
      'a decimal of two billion digits',
      parquetFile({
        schema: [{ ...id, logical: logical.decimal(2_000_000_000, 2_000_000_000) }],
      }),
      1,
      'a decimal has digits that Parquet does not allow',
      'write the file again',
    ],
    [
      'names that differ only in case',
      parquetFile({ schema: [id, parseMessage('optional int64 ID')] }),
      1,
      'column-ambiguous at id',
      '',
    ],
  ])('%s', async (name, content, code, says, remedy) => {
    const ran = await check(put(`files/${name}.parquet`, content));
    expect([ran.code, ran.err]).toEqual([code, '']);
    expect(ran.out).toContain(says);
    expect(ran.out).toContain(remedy);
    expect(statSync(at(`files/${name}.parquet`)).size).toBe(content.length);
  });

  test('a file that is hidden by its name is data that nobody reads, one of a job is no news', async () => {
    put('hidden/_part-0.parquet', good);
    put('hidden/_temporary/0/part-0.parquet', good);
    const { files } = JSON.parse((await check(at('hidden'), 'json')).out);
    expect(
      files.map((file: { ignored: string; notes: readonly string[] }) => [file.ignored, file.notes]),
    ).toEqual([
      ['hidden', ['data that no query sees: Athena skips names that start with _ or .']],
      ['hidden', []],
    ]);
  });
});

function nested(depth: number): NodeSpec {
  return depth === 0 ? id : { name: 'g', repetition: 'OPTIONAL', children: [nested(depth - 1)] };
}

describe('OUT-4: hostile names, from the file to each format', () => {
  const NAMES = [
    '__proto__',
    'constructor',
    '',
    'x'.repeat(10_000),
    'control\u0000\u0007\u001b[31m\n::error::x',
    'bidi\u202egnp.\u2066\u200b\ufeff',
    'a,b: "c" <d> `e` | [f](http://g) @h %0A ]]>',
  ];
  const QUOTED = NAMES.map((name) => JSON.stringify(name));
  /** Line breaks apart, nothing that a terminal, a page or a log would act on. Markdown's own breaks of links aside. */
  const ACTS = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;
  let contract = '';
  let landing = '';

  beforeAll(() => {
    contract = put(
      'hostile/\u202ec\u001b.yaml',
      contractText(
        [
          ...QUOTED.map((name) => `- { name: ${name}, physicalType: int, required: true }`),
          `- { name: s, physicalType: "struct<a:int>" }`,
        ].join('\n'),
        {},
      ),
    );
    const struct: NodeSpec = {
      name: 's',
      repetition: 'OPTIONAL',
      children: NAMES.map((name) => ({ ...parseMessage('optional double a'), name })),
    };
    const columns = NAMES.map((name) => ({ ...parseMessage('optional double a'), name }));
    const unknown = NAMES.map((name) => ({ ...parseMessage('optional double a'), name: `${name}?` }));
    put(
      'landing/\u202e a\n::b,c\u001b.parquet',
      parquetFile({ schema: [...columns, ...unknown, struct], createdBy: NAMES.join() }),
    );
    put('landing/cut\u2066.parquet', bytesOf('PAR1 and no more than that'));
    landing = at('landing');
  });

  async function harmless(args: readonly string[]): Promise<Ran> {
    const ran = await run(args);
    for (const text of [ran.out, ran.err]) expect(text.replaceAll('\u200b', '')).not.toMatch(ACTS);
    // A name of 10,000 letters is never told in full.
    expect(ran.out).not.toContain('x'.repeat(2_000));
    return ran;
  }

  test.each(FORMATS)('check as %s', async (format) => {
    const { code, out } = await harmless(['check', landing, '--contract', contract, '--format', format]);
    expect(code).toBe(1);
    expect(out).toContain('type-changed');
    expect(out).toContain('__proto__');
  });

  test('json names every column', async () => {
    const { out } = await harmless(['check', landing, '--contract', contract, '--format', 'json']);
    const [, file] = JSON.parse(out).files;
    const changed = file.findings.filter(({ rule }: { rule: string }) => rule === 'type-changed');
    expect(changed.length).toBe(NAMES.length);
    expect(changed.slice(0, 3).map(({ path }: { path: string }) => path)).toEqual([
      '__proto__',
      'constructor',
      '""',
    ]);
  });

  test.each(FORMATS)('lint as %s', async (format) => {
    const { code } = await harmless(['lint', contract, '--format', format]);
    expect(code).toBe(1);
  });

  test.each(FORMATS)('errors as %s', async (format) => {
    const { code } = await harmless([
      'check',
      at('gone\u202e\u001b[2J.parquet'),
      '--contract',
      at('t.odcs.yaml'),
      '--format',
      format,
    ]);
    expect(code).toBe(3);
  });

  test('what is said on stderr', async () => {
    for (const args of [
      ['check', 'x', '--contract', 'no\u202e\u001b[2J.yaml'],
      ['check', 'gs://\u001b[2J'],
      ['explain', '\u001b[2J\u202e'],
    ])
      expect((await harmless(args)).code).toBe(2);
  });
});

describe('CON-7 RUN-2: contracts that are none stop everything, and say what to do', () => {
  test.each<[name: string, text: string, says: string]>([
    ['empty', '', 'the document is empty: declare a contract (kind: DataContract)'],
    ['a list', '- a\n', 'expected a mapping with apiVersion, kind, id, version and schema'],
    ['50 MB', `a: ${'x'.repeat(50 * 1024 * 1024)}`, 'more than 4194304: split it'],
    [
      'aliases that multiply',
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[index]}`).join(', ')}]`).join('\n')}`,
      'write the values out',
    ],
    ['tabs', 'kind: DataContract\nschema:\n\t- name: t\n', 'a tab indents a line: YAML wants spaces'],
  ])('%s', async (name, text, says) => {
    const path = put(`contracts/${name}.yaml`, text);
    const ran = await run(['check', put('ok.parquet', good), '--contract', path]);
    expect([ran.code, ran.out.includes(says), ran.out.includes(path)]).toEqual([2, true, true]);
  });

  test('a byte order mark is none of them', async () => {
    const path = put('bom.yaml', `\ufeff${contractText(COLUMN)}`);
    expect((await run(['check', put('ok.parquet', good), '--contract', path])).code).toBe(0);
  });

  test('a folder without contracts, and a path that is not there', async () => {
    mkdirSync(at('nothing'), { recursive: true });
    const empty = await run(['check', 'x', '--contract', at('nothing')]);
    expect([empty.code, empty.err]).toEqual([
      2,
      `headgate: no contract (*.yaml) in folder ${at('nothing')}: declare one, or name another folder\n`,
    ]);
    const gone = await run(['check', 'x', '--contracts', at('gone')]);
    expect([gone.code, gone.err]).toEqual([
      2,
      `headgate: contract ${at('gone')} does not exist: check the path, or name another contract file or folder\n`,
    ]);
  });
});

describe('RUN-3: files that change or are kept from us', () => {
  const table = { policy: { fileMatch: '**' }, partitionKeys: [], name: 't', contractVersion: '1' };
  const assignment = { table, contracts: [], relativeKey: undefined, partitions: undefined, mode: undefined };

  test('one that vanishes after it was found', async () => {
    const path = put('vanishes.parquet', good);
    const report = await checkFiles({
      files: [{ path, walkedKey: 'vanishes.parquet' }],
      assign: () => {
        rmSync(path);
        return assignment as never;
      },
      now: '2026-01-01T00:00:00Z',
    });
    expect(report.errors).toEqual([
      { uri: path, code: 'NOT_FOUND', message: 'does not exist', retryable: false },
    ]);
    expect(report.files).toEqual([]);
  });

  test('one that shrinks while it is read', async () => {
    const path = put('shrinks.parquet', good);
    const source = await openFileSource(path);
    truncateSync(path, 20);
    const cause = await readFooter(source).catch((error: unknown) => error);
    await source.close();
    expect(fileError(path, cause)).toEqual({
      uri: path,
      code: 'SOURCE_CHANGED',
      message: `asked for ${good.length} bytes and got 20: the file changed while it was read`,
      retryable: true,
    });
    expect(ERROR_CODES.SOURCE_CHANGED.remedy).toContain('run again');
  });

  /** Root may read everything, so the tests of root ask as somebody else. */
  async function asNobody<T>(work: () => Promise<T>): Promise<T> {
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      return await work();
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  }

  test.skipIf(process.getuid === undefined)('one that may not be read, and a folder', async () => {
    const secret = put('kept/secret.parquet', good);
    const closed = put('kept/closed/x.parquet', good);
    chmodSync(secret, 0);
    chmodSync(at('kept/closed'), 0);
    const ran = await asNobody(() => check(at('kept'), 'json'));
    const held = await asNobody(() => run(['check', 'x', '--contract', secret]));
    chmodSync(at('kept/closed'), 0o755);
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.out).errors).toEqual([
      {
        uri: at('kept/closed'),
        code: 'PERMISSION_DENIED',
        message: 'may not be read by this user',
        retryable: false,
      },
      { uri: secret, code: 'PERMISSION_DENIED', message: 'may not be read by this user', retryable: false },
    ]);
    expect([held.code, held.err]).toEqual([
      2,
      `headgate: contract ${secret} may not be read by this user: give this user the permission that it lacks, or name another contract file or folder\n`,
    ]);
    expect(readdirSync(at('kept/closed'))).toEqual([closed.split('/').at(-1)]);
  });
});

test('RUN-2: a reader that stops early changes no exit code', async () => {
  const bad = put('piped.parquet', bytesOf('no parquet at all'));
  for (const [args, code] of [
    [['rules'], 0],
    [['check', bad, '--contract', at('t.odcs.yaml')], 1],
  ] as const) {
    const child = spawn(process.execPath, ['--import', 'tsx', 'bin/headgate.ts', ...args]);
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [status] = await once(child, 'close');
    expect([args[0], status, said]).toEqual([args[0], code, '']);
  }
});
