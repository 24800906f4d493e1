import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { runAudit } from '../../src/face/cli/audit/audit.ts';
import { followProgress } from '../../src/face/cli/audit/audit-run.ts';
import { paceLine, showPace } from '../../src/face/cli/progress.ts';
import { AUDIT_FORMATS } from '../../src/face/report/formats.ts';
import type { AuditReport } from '../../src/tools/audit/audit-report.ts';
import { COLUMN, contractText } from '../support/contract-text.ts';
import { folderOf, writeInto } from '../support/folder.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { run } from '../support/run-cli.ts';

const good = parquetFile({ schema: [parseMessage('optional int64 id')], createdBy: 'tests' });
const bad = parquetFile({ schema: [parseMessage('optional double id')] });
const KEYED = contractText(
  `${COLUMN}\n- { name: dt, physicalType: date, partitioned: true, partitionKeyPosition: 1 }`,
);

/** A lake of one table: three partitions, of which the middle one has drifted. */
function lake(more: Readonly<Record<string, string | Uint8Array>> = {}) {
  const folder = folderOf({
    'c/t.odcs.yaml': KEYED,
    'lake/t/_SUCCESS': '',
    'lake/t/_temporary/0/x.parquet': 'unfinished',
    'lake/t/dt=2026-01-01/a.parquet': good,
    'lake/t/dt=2026-01-01/b.parquet': good,
    'lake/t/dt=2026-01-02/a.parquet': bad,
    'lake/t/dt=2026-01-02/b.parquet': bad,
    'lake/t/dt=2026-01-02/empty.parquet': '',
    'lake/t/dt=2026-01-03/a.parquet': good,
    ...more,
  });
  const at = (...parts: readonly string[]) => join(folder, ...parts);
  const audit = (...args: readonly string[]) => run(['audit', at('lake'), '--contracts', at('c'), ...args]);
  const json = async (...args: readonly string[]) => {
    const { code, out, err } = await audit('--format', 'json', ...args);
    if (out === '') throw new Error(err);
    return { code, err, ...(JSON.parse(out) as AuditReport) };
  };
  return { folder, at, audit, json };
}

describe('AUD-1 headgate audit of a folder', () => {
  test('judges all that is there, and groups it by cause', async () => {
    const { json, at } = lake();
    const { code, ...report } = await json();
    expect(code).toBe(1);
    expect(report).toMatchObject({
      schemaVersion: 1,
      prefix: at('lake'),
      state: 'complete',
      summary: {
        files: 8,
        admit: 3,
        hold: 2,
        ignore: 3,
        superseded: 0,
        errors: 0,
        notSampled: 0,
        bytes: 3 * good.length + 2 * bad.length,
        heldBytes: 2 * bad.length,
        partitions: 3,
        heldPartitions: 1,
      },
      ignored: { hidden: 2, 'zero-bytes': 1 },
      causes: [
        {
          rule: 'type-changed',
          path: 'id',
          table: 't',
          contractVersion: '1.0.0',
          effect: 'query-fails',
          files: 2,
          hold: 2,
          firstPartitions: ['dt=2026-01-02/'],
          firstFile: at('lake/t/dt=2026-01-02/a.parquet'),
          lastFile: at('lake/t/dt=2026-01-02/b.parquet'),
          declaredAt: { file: at('c/t.odcs.yaml'), line: 13 },
        },
      ],
      errors: [],
    });
  });

  test('a clean lake exits with 0, and one finding is enough for --fail-on info', async () => {
    const { at, audit } = lake({
      'lake/t/dt=2026-01-02/a.parquet': good,
      'lake/t/dt=2026-01-02/b.parquet': parquetFile({
        schema: [parseMessage('optional int64 id'), parseMessage('optional int64 more')],
      }),
    });
    expect((await audit()).code).toBe(0);
    expect((await audit('--fail-on', 'warning')).code).toBe(1);
    rmSync(at('lake/t/dt=2026-01-02/b.parquet'));
    expect((await audit('--fail-on', 'info')).code).toBe(0);
  });

  test('below a table’s location files are its own, and a stray there is held', async () => {
    const { at } = lake({
      'lake/lake/t/dt=2026-01-01/c.parquet': good,
      'lake/lake/t/dt=2026-01-01/x.txt': 'some,long,text\n',
    });
    const { out } = await run(['audit', at('lake/lake'), '--contracts', at('c'), '--format', 'json']);
    const { summary, causes } = JSON.parse(out) as AuditReport;
    expect(summary).toMatchObject({ admit: 1, hold: 1 });
    expect(causes.map(({ rule, effect, firstFile }) => [rule, effect, firstFile])).toEqual([
      ['file-not-parquet', 'query-fails', at('lake/lake/t/dt=2026-01-01/x.txt')],
      ['file-stray', 'none', at('lake/lake/t/dt=2026-01-01/x.txt')],
    ]);
  });

  test('text and markdown name the cause once, with both ends and what to do', async () => {
    const { audit, at } = lake();
    const { out } = await audit();
    expect(out).toContain('error   type-changed at id  t 1.0.0  2 files, ');
    expect(out).toContain('held     2 files, in 1 partition: dt=2026-01-02/');
    expect(out).toContain(`last     ${at('lake/t/dt=2026-01-02/b.parquet')}`);
    expect(out).toMatch(/\n8 files, .*: 3 admitted, 2 held \(.*\), 3 ignored \(2 hidden, 1 zero-bytes\)\n$/u);
    const markdown = (await audit('--format', 'markdown')).out;
    expect(markdown).toContain('| error | `type-changed` | `id` | t 1.0.0 | 2 | 2 |');
  });

  test('mixed schemas in one prefix are one cause for each difference, and told by what files have', async () => {
    const { json } = lake({
      'lake/t/dt=2026-01-02/c.parquet': parquetFile({ schema: [parseMessage('optional boolean id')] }),
      'lake/t/dt=2026-01-03/d.parquet': parquetFile({ schema: [parseMessage('optional int64 ident')] }),
    });
    const { causes } = await json();
    expect(causes.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        rule: 'type-changed',
        files: 3,
        actual: [
          { text: 'DOUBLE', files: 2 },
          { text: 'BOOLEAN', files: 1 },
        ],
      },
      { rule: 'column-missing', path: 'id', files: 1 },
    ]);
  });

  test('names in a lake stay harmless in every format', async () => {
    const { at, audit } = lake({ 'lake/t/dt=2026-01-02/\u001b[31mx\n|`<b>@all\u202e.parquet': bad });
    for (const format of AUDIT_FORMATS) {
      const rows = format === 'parquet' ? ['--out', at('rows.parquet')] : [];
      const { out, err } = await audit('--format', format, ...rows);
      for (const sign of ['\u001b', '\u202e']) expect(`${out}${err}`).not.toContain(sign);
      if (format === 'markdown') expect(out).toContain('\\u{a}\\|`<b>@all\\u{202e}.parquet `` |');
    }
  });
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

describe('AUD-2 what is no verdict', () => {
  test('an empty folder is clean, and said to be empty', async () => {
    const { folder, at } = lake();
    writeInto(folder, { 'empty/.keep': '' });
    rmSync(at('empty/.keep'));
    const { code, out } = await run(['audit', at('empty'), '--contracts', at('c')]);
    expect([code, out]).toEqual([0, `no file is below ${at('empty')}\n`]);
  });

  test('what is hidden beside any table is counted, and no error', async () => {
    const { json } = lake({
      'lake/.DS_Store': 'x',
      'lake/_logs/dt=1/a.parquet': bad,
      'lake/_d=1/a.parquet': good,
    });
    const { summary, ignored, errors } = await json();
    expect(summary).toMatchObject({ files: 11, ignore: 5, errors: 1 });
    expect(ignored).toEqual({ hidden: 4, 'zero-bytes': 1 });
    expect(errors).toMatchObject([{ code: 'NO_CONTRACT', firstFile: expect.stringContaining('_d=1') }]);
  });

  test('a prefix that no contract matches: each file an error, told once', async () => {
    const { at } = lake({ 'other/a.parquet': good, 'other/b.parquet': bad });
    const { code, out } = await run(['audit', at('other'), '--contracts', at('c')]);
    expect(code).toBe(3);
    expect(out).toContain('ERROR   NO_CONTRACT  2 files not judged');
    expect(out).toContain('no contract guards this path');
    expect(out).toContain('2 files, 0 B: 0 admitted, 0 held, 0 ignored, 2 not judged');
  });

  test.skipIf(process.getuid === undefined)('a file and a folder that may not be read', async () => {
    const { folder, at, json } = lake({
      'lake/t/dt=2026-01-04/a.parquet': good,
      'lake/t/dt=2026-01-05/a.parquet': good,
    });
    chmodSync(folder, 0o755);
    chmodSync(at('lake/t/dt=2026-01-04/a.parquet'), 0);
    chmodSync(at('lake/t/dt=2026-01-05'), 0);
    const { code, errors, summary } = await asNobody(() => json());
    chmodSync(at('lake/t/dt=2026-01-05'), 0o755);
    expect(code).toBe(3);
    expect(summary).toMatchObject({ errors: 2, admit: 3, hold: 2 });
    expect(errors).toMatchObject([
      {
        code: 'PERMISSION_DENIED',
        files: 2,
        firstFile: at('lake/t/dt=2026-01-04/a.parquet'),
        lastFile: at('lake/t/dt=2026-01-05'),
      },
    ]);
  });

  test.each<[readonly string[], string]>([
    [['audit', 'https://x/y'], 'is neither a folder of this machine nor s3://bucket/prefix/'],
    [['audit', 'package.json'], 'is a file, expected a folder'],
    [['audit', '.', '--format', 'parquet'], 'name it with --out FILE'],
    [['audit', '.', '--out', 'x'], '--out takes the rows of --format jsonl or parquet; text goes to stdout'],
    [['audit', '.', '--resume', 'state'], 'lies below what is audited'],
    [['audit', '.', '--sample', 'per-file'], 'expected per-partition, or per-partition:N'],
    [['audit', '.', '--sample', 'per-partition:0'], 'with N from 1 to 1000'],
    [['audit', '.', '--limit', '0'], 'expected a whole number above 0'],
    [['audit', '.', '--contracts', 'no-such-folder'], 'no-such-folder'],
  ])('%j is a wrong call', async (args, says) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });

  test('a folder that does not exist is work that cannot be done', async () => {
    const { code, err } = await run(['audit', '/no/such/folder', '--contracts', 'schemas']);
    expect([code, err]).toEqual([3, 'headgate: /no/such/folder does not exist (NOT_FOUND)\n']);
  });

  test('contracts that cannot be used: exit 2, and nothing is judged', async () => {
    const { at, audit } = lake({ 'c/broken.yaml': 'apiVersion: v3.1.0\nkind: DataContract\n' });
    expect((await audit()).code).toBe(2);
    expect((await run(['audit', at('lake'), '--contract', at('c/broken.yaml')])).code).toBe(2);
  });
});

describe('AUD-3 AUD-4 --resume', () => {
  const normal = ({ state: _, ...report }: AuditReport & { code: number; err: string }) => ({
    ...report,
    err: '',
  });

  test.each(['json', 'jsonl', 'parquet'] as const)(
    'runs of two files each end as one run does: %s',
    async (format) => {
      const { at, json, audit } = lake();
      const whole = await json();
      const isJson = format === 'json';
      const rows = isJson ? [] : ['--out', at(`rows.${format}`)];
      const args = ['--format', format, ...rows, '--resume', at('state'), '--limit', '2'];
      const codes: number[] = [];
      let last = await audit(...args);
      for (let runs = 0; last.err.includes('run the same command again') && runs < 9; runs++) {
        codes.push(last.code);
        expect(existsSync(at('state'))).toBe(true);
        if (!isJson) expect(existsSync(at(`rows.${format}`))).toBe(false);
        last = await audit(...args);
      }
      expect(codes).toEqual([0, 0, 1]);
      expect(last.code).toBe(1);
      expect(existsSync(at('state'))).toBe(false);
      if (isJson) {
        const { code: _, ...report } = normal(whole);
        expect({ ...JSON.parse(last.out), err: '' }).toEqual({ ...report, state: 'complete' });
      } else {
        expect(existsSync(`${at(`rows.${format}`)}.unfinished.jsonl`)).toBe(false);
        await audit('--format', format, '--out', at('whole'));
        expect(readFileSync(at(`rows.${format}`))).toEqual(readFileSync(at('whole')));
      }
    },
  );

  test('rows that were written behind the last state are not counted twice', async () => {
    const { at, audit } = lake();
    const args = ['--format', 'jsonl', '--out', at('rows'), '--resume', at('state')];
    await audit(...args, '--limit', '3');
    writeFileSync(at('rows.unfinished.jsonl'), 'a torn li', { flag: 'a' });
    await audit(...args);
    await audit('--format', 'jsonl', '--out', at('whole'));
    expect(readFileSync(at('rows'), 'utf8')).toBe(readFileSync(at('whole'), 'utf8'));
  });

  test('what waivers are compared with is the time of the first run', async () => {
    const { at } = lake();
    const args = ['audit', at('lake'), '--contracts', at('c'), '--resume', at('state')];
    await run([...args, '--limit', '1'], '2026-01-01T00:00:00Z');
    await run([...args, '--limit', '1'], '2026-02-02T00:00:00Z');
    expect(readFileSync(at('state'), 'utf8')).toContain('"now":"2026-01-01T00:00:00Z"');
  });

  test.each<[string, (at: (path: string) => string) => void, readonly string[], string]>([
    [
      'garbage',
      (at) => writeFileSync(at('state'), 'PAR1'),
      [],
      'it is not the state of an audit, or was damaged',
    ],
    [
      'a state that was cut',
      (at) => writeFileSync(at('state'), readFileSync(at('state')).subarray(0, -9)),
      [],
      'was damaged',
    ],
    ['other contracts', (at) => writeFileSync(at('c/t.odcs.yaml'), `${KEYED}# x\n`), [], 'the contracts'],
    ['other options', () => undefined, ['--table', 't'], 'the options that choose among them'],
    ['another sample', () => undefined, ['--sample', 'per-partition'], 'another --sample'],
    ['a folder', (at) => writeInto(at('folder'), { x: '' }), ['--resume', 'FOLDER'], 'is a folder'],
  ])('%s: refused, and left as it is', async (_, change, args, says) => {
    const { at, audit } = lake();
    await audit('--resume', at('state'), '--limit', '1');
    change(at);
    const before = readFileSync(at('state'));
    const resume = args.includes('FOLDER') ? ['--resume', at('folder')] : [...args, '--resume', at('state')];
    const { code, err } = await audit(...resume);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
    expect(err).toContain('delete it to begin anew');
    expect(readFileSync(at('state'))).toEqual(before);
  });

  test('the state of another prefix, and rows that are gone', async () => {
    const { at, audit } = lake({ 'lake2/t/a.parquet': good });
    const rows = ['--format', 'jsonl', '--out', at('rows')];
    await audit('--resume', at('state'), '--limit', '1', ...rows);
    const other = await run(['audit', at('lake2'), '--contracts', at('c'), '--resume', at('state'), ...rows]);
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringContaining(`it belongs to an audit of ${at('lake')}, not of ${at('lake2')}`),
    ]);
    rmSync(at('rows.unfinished.jsonl'));
    const gone = await audit('--resume', at('state'), ...rows);
    expect([gone.code, gone.err]).toEqual([2, expect.stringContaining('to begin anew')]);
  });

  test('a signal: what was found is printed and kept, exit 3', async () => {
    const { at } = lake();
    const signal = AbortSignal.abort();
    let text = '';
    const write = (chunk: string) => {
      text += chunk;
    };
    const code = await runAudit(
      at('lake'),
      {
        contracts: at('c'),
        lenient: false,
        format: 'text',
        failOn: 'error',
        verbose: false,
        resume: at('state'),
      },
      {
        out: write,
        err: write,
        isInteractive: false,
        hasColor: false,
        now: () => '2026-01-01T00:00:00Z',
        version: '9.9.9',
      },
      signal,
    );
    expect(code).toBe(3);
    expect(text).toContain('interrupted: this is not all.');
    expect((await run(['audit', at('lake'), '--contracts', at('c'), '--resume', at('state')])).code).toBe(1);
  });
});

describe('AUD-5 --sample', () => {
  test('reads so many files of each partition, and says how many it left out', async () => {
    const { json } = lake();
    const { summary, samplePerPartition, causes } = await json('--sample', 'per-partition');
    expect(samplePerPartition).toBe(1);
    // The zero-byte file is one of its partition until it is opened.
    expect(summary).toMatchObject({ notSampled: 3, partitions: 3, errors: 0 });
    expect(summary.files).toBe(5);
    expect(causes).toMatchObject([{ rule: 'type-changed', files: 1 }]);
    expect((await json('--sample', 'per-partition:5')).summary).toMatchObject({ files: 8, notSampled: 0 });
  });
});

describe('AUD-6 rows', () => {
  test('jsonl: one line for each file on stdout, what people read on stderr', async () => {
    const { audit, at } = lake();
    const { out, err } = await audit('--format', 'jsonl');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(8);
    expect(lines.map(({ outcome, ignored }) => ignored ?? outcome)).toEqual([
      'hidden',
      'hidden',
      'admit',
      'admit',
      'hold',
      'hold',
      'zero-bytes',
      'admit',
    ]);
    expect(lines[4]).toMatchObject({
      schemaVersion: 1,
      uri: at('lake/t/dt=2026-01-02/a.parquet'),
      table: 't',
      contractVersion: '1.0.0',
      partition: 'dt=2026-01-02/',
      bytes: bad.length,
      rows: 10,
      effect: 'query-fails',
      findings: [
        { rule: 'type-changed', path: 'id', expected: 'bigint', actual: 'DOUBLE', severity: 'error' },
      ],
    });
    expect(err).toContain('8 files, ');
  });

  test('parquet: another reader reads what the lines say', async () => {
    const { audit, at } = lake({ 'lake/other/a.parquet': good });
    const { code, out } = await audit('--format', 'parquet', '--out', at('out/rows.parquet'));
    expect([code, out]).toEqual([3, expect.stringContaining('type-changed at id')]);
    const bytes = readFileSync(at('out/rows.parquet'));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    });
    expect(rows).toHaveLength(9);
    expect(rows.find(({ uri }) => String(uri).endsWith('dt=2026-01-02/b.parquet'))).toMatchObject({
      outcome: 'hold',
      table_name: 't',
      contract_version: '1.0.0',
      partition_path: 'dt=2026-01-02/',
      bytes: BigInt(bad.length),
      row_count: 10n,
      created_by: null,
      effect: 'query-fails',
      findings: [
        { rule: 'type-changed', path: 'id', expected: 'bigint', actual: 'DOUBLE', severity: 'error' },
      ],
      unproven: [],
      error_code: null,
    });
    expect(rows.find(({ outcome }) => outcome === 'error')).toMatchObject({
      error_code: 'NO_CONTRACT',
      table_name: null,
      findings: [],
    });
  });

  test('a file of rows that cannot be written is told, and nothing half-written is left', async () => {
    const { audit, at } = lake({ file: 'x' });
    const { code, err } = await audit('--format', 'jsonl', '--out', at('file/rows.jsonl'));
    expect([code, err]).toEqual([3, expect.stringContaining('WRITE_FAILED')]);
    const folder = await audit('--format', 'jsonl', '--out', at('c'));
    expect([folder.code, folder.err]).toEqual([2, expect.stringContaining('is a folder, expected a file')]);
    const state = await audit('--resume', at('file/state'));
    expect([state.code, state.out, state.err]).toEqual([3, '', expect.stringContaining('WRITE_FAILED')]);
  });
});

describe('AUD-8 progress', () => {
  test('says how many, how fast, and how long it takes once the total is known', () => {
    const words = ['auditing', 'files'] as const;
    const pace = { done: 12_000, total: undefined, doneBefore: 10_000, elapsedMs: 1_000 };
    expect(paceLine(pace, words)).toBe('auditing 12000 files, 2000 a second');
    expect(paceLine({ ...pace, total: 112_000 }, words)).toBe(
      'auditing 12000 of 112000 files, 2000 a second, 50 s left',
    );
    expect(paceLine({ ...pace, total: 1_000_000 }, words)).toContain(', 9 min left');
    expect(paceLine({ ...pace, total: 30_000_000 }, words)).toContain(', 4 h 10 min left');
    expect(paceLine({ ...pace, done: 10_003 }, words)).toBe('auditing 10003 files, 3.0 a second');
    expect(paceLine({ ...pace, elapsedMs: 0 }, words)).toBe('auditing 12000 files');
  });

  test('counts ahead once a run takes a while, and tells the time left from then on', async () => {
    const clock = vi.spyOn(performance, 'now');
    onTestFinished(() => clock.mockRestore());
    let listings = 0;
    const source = {
      async *pages() {
        listings++;
        for (let page = 0; page < 5; page++) yield [{ key: `${page}a` }, { key: `${page}b` }];
      },
    };
    const lines: string[] = [];
    const terminal = {
      out: () => undefined,
      err: (text: string) => void lines.push(text.replaceAll('\r\u001b[K', '')),
      isInteractive: true,
      hasColor: false,
      now: () => '',
      version: '',
    };
    clock.mockReturnValue(0);
    const progress = followProgress(source, terminal, 0);
    for (const [seconds, done] of [
      [1, 2],
      [3, 4],
      [4, 6],
    ] as const) {
      clock.mockReturnValue(seconds * 1000);
      progress.update(done);
      await new Promise((resolve) => setImmediate(resolve));
    }
    progress.end();
    expect(listings).toBe(1);
    expect(lines).toEqual([
      'auditing 2 files, 2.0 a second',
      'auditing 4 files, 1.3 a second',
      'auditing 6 of 10 files, 1.5 a second, 3 s left',
      '',
    ]);
  });

  test('rewrites one line on a terminal, and leaves one in a log each half minute', () => {
    for (const isInteractive of [true, false]) {
      let [time, text] = [0, ''];
      const terminal = {
        out: () => undefined,
        err: (chunk: string) => {
          text += chunk;
        },
        isInteractive,
        hasColor: false,
        now: () => '',
        version: '',
      };
      const pace = showPace(terminal, ['auditing', 'files'], { now: () => time });
      for (time = 0; time <= 60_000; time += 10_000) pace.update(time, 100_000);
      pace.end();
      if (isInteractive) expect(text.match(/\r/gu)).toHaveLength(7);
      else
        expect(text).toBe(
          'headgate: auditing 30000 of 100000 files, 1000 a second, 70 s left\nheadgate: auditing 60000 of 100000 files, 1000 a second, 40 s left\n',
        );
    }
  });
});

test('RUN-5 an audit changes nothing below what it judges', async () => {
  const { at, audit } = lake();
  const before = readFileSync(at('lake/t/dt=2026-01-02/a.parquet'));
  await audit('--resume', at('state'), '--limit', '3');
  expect(readFileSync(at('lake/t/dt=2026-01-02/a.parquet'))).toEqual(before);
});
