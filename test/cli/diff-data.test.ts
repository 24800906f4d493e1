import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { objectSource } from '../../src/face/cli/audit/audit-source.ts';
import { evidenceFrom } from '../../src/face/cli/contract/diff-data.ts';
import { assignByRegistry } from '../../src/face/cli/files/assign.ts';
import type { DataEvidence } from '../../src/face/report/data-evidence.ts';
import type { Contract } from '../../src/judge/contract/contract.ts';
import { buildRegistry } from '../../src/judge/contract/registry.ts';
import { fault } from '../support/aws/faults.ts';
import { createAwsWorld } from '../support/aws/world.ts';
import { contractOf, contractText } from '../support/contract-text.ts';
import { folderOf } from '../support/folder.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { run } from '../support/run-cli.ts';

const file = (...columns: readonly string[]) =>
  parquetFile({
    schema: columns.map(parseMessage),
    rows: 10,
    rowGroups: [
      {
        rows: 10,
        columns: Object.fromEntries(columns.map((column) => [column.split(' ')[2], { nullCount: 0 }])),
      },
    ],
  });
const NARROW = file('optional int32 id', 'optional int32 n');
const WIDE = file('optional int64 id', 'optional int32 n');
const BROKEN = file('optional double id', 'optional int32 n');
const WITHOUT_N = file('optional int32 id');

const columns = (id: string, more = '') =>
  `- { name: id, physicalType: ${id} }\n- { name: n, physicalType: int }${more}\n- { name: dt, physicalType: date, partitioned: true, partitionKeyPosition: 1 }`;
const BASE = contractText(columns('bigint'));
const next = (text: string, version = '2.0.0') => text.replace('version: 1.0.0', `version: ${version}`);
/** Reads a 64-bit file no more. */
const NARROWED = next(contractText(columns('int')));

const LAKE = {
  'lake/t/_SUCCESS': '',
  'lake/t/dt=2026-01-01/a.parquet': NARROW,
  'lake/t/dt=2026-01-02/a.parquet': WIDE,
  'lake/t/dt=2026-01-02/b.parquet': WIDE,
  'lake/t/dt=2026-01-03/a.parquet': WIDE,
  'lake/t/dt=2026-01-03/b.parquet': BROKEN,
  'lake/u/a.parquet': NARROW,
};

async function diff(base: string, revision: string, lake: object = LAKE, ...args: readonly string[]) {
  const folder = folderOf({ 'old/t.yaml': base, 'new/t.yaml': revision, ...lake });
  const at = (name: string) => join(folder, name);
  const ran = await run(['diff', at('old'), at('new'), '--against-data', at('lake'), ...args]);
  return { ...ran, at, folder };
}
async function dataOf(base: string, revision: string, lake: object = LAKE, ...args: readonly string[]) {
  const { code, out, err, at } = await diff(base, revision, lake, '--format', 'json', ...args);
  if (out === '') throw new Error(err);
  return { code, at, data: JSON.parse(out).data as DataEvidence };
}

describe('REV-8: headgate diff --against-data', () => {
  test('says which files the change breaks, and which break today already', async () => {
    const { code, data, at } = await dataOf(BASE, NARROWED);
    expect(code).toBe(1);
    expect(data).toMatchObject({
      prefix: at('lake'),
      state: 'complete',
      summary: {
        files: 7,
        broken: 3,
        brokenBefore: 1,
        mended: 0,
        ignored: 1,
        others: 1,
        superseded: 0,
        errors: 0,
      },
      tables: [
        {
          table: 't',
          severity: 'error',
          declaredAt: { file: at('new/t.yaml') },
          files: 5,
          broken: 3,
          brokenBytes: 3 * WIDE.length,
          brokenPartitions: 2,
          brokenBefore: 1,
          causes: [{ rule: 'type-widened', path: 'id', files: 3, effect: 'query-fails' }],
        },
      ],
      errors: [],
    });
    expect(data.tables[0]?.brokenFiles).toMatchObject([
      {
        uri: at('lake/t/dt=2026-01-02/a.parquet'),
        partition: 'dt=2026-01-02/',
        findings: [{ rule: 'type-widened', path: 'id', expected: 'int' }],
      },
      { uri: at('lake/t/dt=2026-01-02/b.parquet') },
      { uri: at('lake/t/dt=2026-01-03/a.parquet') },
    ]);
  });

  test('text, annotation and comment say it once', async () => {
    const { out, at } = await diff(BASE, NARROWED);
    expect(out).toContain(
      `existing data  5 files below ${at('lake')} judged by both versions; 1 ignored, 1 of no table that is compared`,
    );
    expect(out).toContain('error   t: 3 of 5 files would break by this change, in 2 partitions (');
    expect(out).toContain('; 1 break today already');
    expect(out).toContain('type-widened at id: 3 files, the query fails [K30]; expected int, found INT64');
    expect(out).toContain(at('lake/t/dt=2026-01-02/a.parquet'));
    const github = (await diff(BASE, NARROWED, LAKE, '--format', 'github')).out;
    expect(github).toMatch(
      /::error file=.*new\/t\.yaml,line=\d+,col=\d+,title=existing data of t::3 of 5 files/u,
    );
    const markdown = (await diff(BASE, NARROWED, LAKE, '--format', 'markdown')).out;
    expect(markdown).toContain('| `t` | 5 | 3 | 2 | 1 | 0 |');
  });

  test('a change that breaks no file: none breaks, also where none is imagined to be safe', async () => {
    const lake = { 'lake/t/dt=2026-01-01/a.parquet': NARROW };
    const { data } = await dataOf(BASE, NARROWED, lake);
    expect(data.summary).toMatchObject({ broken: 0, brokenBefore: 0 });
    expect((await diff(BASE, NARROWED, lake)).out).toContain('t: none of 1 file breaks by this change');
  });

  test('files that the change mends are told, and are no break', async () => {
    const { code, data } = await dataOf(NARROWED.replace('2.0.0', '1.0.0'), next(BASE));
    expect(data.summary).toMatchObject({ broken: 0, mended: 3, brokenBefore: 1 });
    expect(code).toBe(0);
  });

  test('an accepted old version keeps its files good', async () => {
    const added = contractText(columns('bigint', '\n- { name: more, physicalType: string }'), {
      more: 'customProperties: [{ property: headgate, value: { accept: [{ version: "1.0.0", until: "2026-12-31" }] } }]',
    });
    const without = contractText(columns('bigint', '\n- { name: more, physicalType: string }'));
    expect((await dataOf(BASE, next(added, '1.1.0'))).data.summary).toMatchObject({ broken: 0 });
    expect((await dataOf(BASE, next(without, '1.1.0'))).data.summary).toMatchObject({ broken: 4 });
  });

  test('where compatibility does not ask for old files, what breaks is told and exits with 0', async () => {
    const none = (text: string) =>
      text.replace(
        '    properties:',
        '    customProperties: [{ property: headgate, value: { compatibility: none } }]\n    properties:',
      );
    const { code, data } = await dataOf(none(BASE), none(NARROWED));
    expect([code, data.summary.broken, data.tables[0]?.severity]).toEqual([0, 3, 'info']);
  });

  test('a sample and a limit say what they left out', async () => {
    const { data } = await dataOf(BASE, NARROWED, LAKE, '--sample', 'per-partition');
    expect(data).toMatchObject({ samplePerPartition: 1, summary: { notSampled: 2 } });
    const limited = await diff(BASE, NARROWED, LAKE, '--limit', '2');
    expect(limited.out).toContain('stopped at --limit: this is not all');
  });

  test('one contract and one table that are named: a folder of any name holds its files', async () => {
    const folder = folderOf({
      'old.yaml': BASE,
      'new.yaml': NARROWED,
      'exports/a.parquet': WIDE,
      'exports/b.parquet': NARROW,
    });
    const [old, revision, data] = ['old.yaml', 'new.yaml', 'exports'].map((name) => join(folder, name));
    const { out } = await run(['diff', `${old}`, `${revision}`, '--against-data', `${data}`]);
    expect(out).toContain('t: 1 of 2 files would break by this change');
  });

  test('a column that is required now breaks only the files that lack it', async () => {
    const strict = next(
      contractText(columns('bigint').replace('physicalType: int }', 'physicalType: int, required: true }')),
    );
    const lenient = (text: string) =>
      text.replace(
        '    properties:',
        '    customProperties: [{ property: headgate, value: { onMissingColumn: warn } }]\n    properties:',
      );
    const { data } = await dataOf(lenient(BASE), strict, {
      'lake/t/dt=2026-01-01/a.parquet': WITHOUT_N,
      'lake/t/dt=2026-01-01/b.parquet': WIDE,
    });
    expect(data.tables).toMatchObject([
      { files: 2, broken: 1, causes: [{ rule: 'column-missing', path: 'n' }] },
    ]);
  });

  test.each<[string, readonly string[], number, string]>([
    ['a folder that does not exist', ['/no/such/lake'], 3, '/no/such/lake does not exist'],
    ['another scheme', ['gs://lake/'], 2, 'is neither a folder of this machine nor s3://bucket/prefix/'],
    ['a file', ['package.json'], 2, 'is a file, expected a folder'],
  ])('%s', async (_, [prefix = ''], code, says) => {
    const folder = folderOf({ 'old.yaml': BASE, 'new.yaml': NARROWED });
    const [old, revision] = ['old.yaml', 'new.yaml'].map((name) => join(folder, name));
    const ran = await run(['diff', `${old}`, `${revision}`, '--against-data', prefix]);
    expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(says)]);
  });

  test('several environments: it asks for one instead of choosing', async () => {
    const servers = `servers:
  - { server: a, environment: dev, type: s3, location: "s3://dev/t/" }
  - { server: b, environment: prod, type: s3, location: "s3://prod/t/" }
`;
    const two = (text: string) => text.replace(/servers:\n(?: {2}- .*\n)+/u, servers);
    const { code, err } = await diff(two(BASE), two(NARROWED));
    expect([code, err]).toEqual([2, expect.stringContaining('name one with --env')]);
    expect((await diff(two(BASE), two(NARROWED), LAKE, '--env', 'dev')).code).toBe(1);
  });
});

describe('REV-8 on S3', () => {
  const contracts = [contractOf(BASE), contractOf(NARROWED)] as const;
  function world() {
    const aws = createAwsWorld({ limits: { objectsPerPage: 2 }, overSdk: true });
    aws.buckets.create('lake');
    for (const [key, bytes] of Object.entries(LAKE))
      aws.producer.put('lake', key.slice('lake/'.length), Buffer.from(bytes));
    const [base, revision] = contracts as readonly [Contract, Contract];
    const built = buildRegistry([base]);
    if (!built.ok) throw new Error('no registry');
    const evidence = () =>
      evidenceFrom(
        {
          source: objectSource({ bucket: 'lake', prefix: '' }, aws.process().objects, { retryDelaysMs: [0] }),
          changed: [{ base, revision, beside: { base: [], revision: [] } }],
          assign: assignByRegistry(built.registry, { table: undefined, root: undefined }),
        },
        {},
        {
          out: () => undefined,
          err: () => undefined,
          isInteractive: false,
          hasColor: false,
          now: () => '2026-06-15T12:00:00Z',
          version: '',
        },
      );
    return { aws, evidence };
  }

  test('files at the table’s location are judged, each footer read once', async () => {
    const { aws, evidence } = world();
    expect((await evidence()).summary).toMatchObject({
      files: 7,
      broken: 3,
      brokenBefore: 1,
      others: 1,
      errors: 0,
    });
    expect(aws.faults.trace.filter(({ name }) => name === 'GetObjectCommand')).toHaveLength(5);
  });

  test('what cannot be read is an error, and no break', async () => {
    const { aws, evidence } = world();
    aws.faults.inject(({ name, args }) =>
      name === 'GetObjectCommand' && (args[0] as { Key: string }).Key.includes('01-02')
        ? fault('before', 'PERMISSION_DENIED')
        : undefined,
    );
    const { summary, errors } = await evidence();
    expect(summary).toMatchObject({ broken: 1, errors: 2 });
    expect(errors).toMatchObject([{ code: 'PERMISSION_DENIED', files: 2 }]);
  });

  test('without the right to list it says so', async () => {
    const { aws, evidence } = world();
    aws.faults.inject(({ name }) =>
      name === 'ListObjectsV2Command' ? fault('before', 'PERMISSION_DENIED') : undefined,
    );
    await expect(evidence()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });
});
