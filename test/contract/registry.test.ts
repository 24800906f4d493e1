import { describe, expect, test } from 'vitest';
import { globIssue, matchesGlob } from '../../src/judge/contract/glob.ts';
import { classifyKey, partitionValues } from '../../src/judge/contract/key.ts';
import { buildRegistry, resolve } from '../../src/judge/contract/registry.ts';
import { compareVersions } from '../../src/judge/contract/version.ts';
import { COLUMN, contractOf, contractText } from '../support/contract-text.ts';

const at = (id: string, location: string, version = '1.0.0', extra = '') =>
  contractOf(
    contractText(COLUMN, { servers: `servers: [{ server: s, type: s3, location: "${location}"${extra} }]\n` })
      .replace('id: c-1', `id: ${id}`)
      .replace('name: t\n', `name: ${id}\n`)
      .replace('version: 1.0.0', `version: ${version}`),
  );

describe('CON-8: contracts put together', () => {
  test('the highest version is active, older ones follow', () => {
    const built = buildRegistry([
      at('a', 's3://x/a/', '1.9.0'),
      at('a', 's3://x/a/', '1.10.0'),
      at('b', 's3://x/b/'),
    ]);
    if (!built.ok) throw new Error('not built');
    expect(built.registry.tables.map(({ contracts }) => contracts.map(({ version }) => version))).toEqual([
      ['1.10.0', '1.9.0'],
      ['1.0.0'],
    ]);
    expect(built.registry.tables[0]?.table.contractVersion).toBe('1.10.0');
  });

  test('LAK-21 (B): overlaps, also by way of a prefix in between', () => {
    const built = buildRegistry([
      at('a', 's3://x/a/'),
      at('b', 's3://x/a/b/'),
      at('c', 's3://x/ab/'),
      at('d', 's3://x/a/b/c/'),
    ]);
    const outer = 'landing s3://x/a/ of table a (c.yaml:9)';
    const rest = 'a file would have two owners; give each a place of its own';
    expect(!built.ok && built.issues.map(({ rule, message }) => [rule, message])).toEqual([
      ['prefix-overlap', `landing s3://x/a/b/ of table b (c.yaml:9) lies inside ${outer}: ${rest}`],
      ['prefix-overlap', `landing s3://x/a/b/c/ of table d (c.yaml:9) lies inside ${outer}: ${rest}`],
    ]);
  });

  test('the same version twice', () => {
    const built = buildRegistry([at('a', 's3://x/a/'), at('a', 's3://x/a/')]);
    expect(!built.ok && built.issues[0]?.message).toBe(
      'version 1.0.0 of contract a is also in c.yaml: raise the version of one',
    );
  });

  test('several environments need a name', () => {
    const servers =
      'servers: [{ server: s, type: s3, location: "s3://dev/", environment: dev }, { server: p, type: s3, location: "s3://prod/", environment: prod }]\n';
    const contract = contractOf(contractText(COLUMN, { servers }));
    const built = buildRegistry([contract]);
    expect(!built.ok && built.issues[0]?.message).toBe(
      'table t lives in 2 environments (dev, prod): name one with --env',
    );
    const prod = buildRegistry([contract], { environment: 'prod' });
    expect(prod.ok && prod.registry.tables[0]?.placement?.guarded).toBe('s3://prod/');
    const unknown = buildRegistry([contract], { environment: 'prd' });
    expect(!unknown.ok && unknown.issues.map(({ rule, message }) => [rule, message])).toEqual([
      ['environment-unknown', 'no table lives in environment prd: expected one of dev, prod'],
    ]);
    const elsewhere = contractOf(
      contractText(COLUMN, {
        servers: 'servers: [{ server: s, type: s3, location: "s3://test/", environment: test }]\n',
      }).replace('id: c-1', 'id: c-2'),
    );
    const other = buildRegistry([contract, elsewhere], { environment: 'test' });
    expect(other.ok && other.registry.tables.map(({ placement }) => placement?.guarded)).toEqual([
      undefined,
      's3://test/',
    ]);
  });

  test.each([
    ['1.0.0', '1.0.1', -1],
    ['1.10.0', '1.9.0', 1],
    ['v2.0.0', '1.9.9', 1],
    ['1.0', '1.0.0', 0],
    ['2.0.0-rc.1', '2.0.0', -1],
    ['2.0.0-rc.2', '2.0.0-rc.10', -1],
    ['1.0.0+build', '1.0.0', 0],
    ['1.a', '1.b', -1],
    ['1.b', '1.a', 1],
    ['2.0.0', '2.0.0-rc.1', 1],
  ])('%s against %s: %i', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });
});

describe('CON-9: keys', () => {
  test('a key belongs to the table whose prefix it has', () => {
    const built = buildRegistry([at('a', 's3://x/a/'), at('b', 's3://x/ab/')]);
    if (!built.ok) throw new Error('not built');
    expect(resolve(built.registry, 's3://x/a/dt=1/f.parquet')).toMatchObject({
      relativeKey: 'dt=1/f.parquet',
      placement: { guarded: 's3://x/a/' },
    });
    expect(resolve(built.registry, 's3://x/ab/f')?.placement.guarded).toBe('s3://x/ab/');
    expect(resolve(built.registry, 's3://x/c/f')).toBeUndefined();
    expect(resolve(built.registry, 's3://x/a')).toBeUndefined();
  });

  test.each([
    [
      'dt=2026-01-01/country=DE/f.parquet',
      [
        ['dt', '2026-01-01'],
        ['country', 'DE'],
      ],
    ],
    ['f.parquet', []],
    ['a=1', []],
    ['x/dt=1/f', [['dt', '1']]],
    ['t=10%3A20/f', [['t', '10:20']]],
    ['t=100%/f', [['t', '100%']]],
    ['t=%zz%41/f', [['t', '%zzA']]],
    ['t=%C3%A4/f', [['t', 'ä']]],
    ['t=%EF%BB%BFa/f', [['t', '\ufeffa']]],
    ['dt=__HIVE_DEFAULT_PARTITION__/f', [['dt', null]]],
    ['dt=\\N/f', [['dt', null]]],
    ['dt=/f', [['dt', '']]],
    ['a%3Db=c=d/f', [['a=b', 'c=d']]],
    ['=x/f', []],
  ])('%s', (key, values) => {
    expect(partitionValues(key).map(({ name, value }) => [name, value])).toEqual(values);
  });
});

describe('CON-10: what a key is', () => {
  const kind = (key: string, fileMatch = '**/*.parquet') => {
    const found = classifyKey(key, { partitionKeys: ['_date', 'dt'], fileMatch });
    return found.kind === 'ignore' ? found.reason : found.kind;
  };
  test.each([
    ['dt=1/part-0.parquet', 'file'],
    ['part-0.parquet', 'file'],
    ['dt=1/', 'folder-marker'],
    ['dt=1_$folder$', 'folder-marker'],
    ['dt=1/_SUCCESS', 'hidden'],
    ['_temporary/0/part-0.parquet', 'hidden'],
    ['.spark-staging-1/part-0.parquet', 'hidden'],
    ['dt=1/.part-0.parquet.crc', 'hidden'],
    ['_delta_log/0.json', 'hidden'],
    ['_date=2026-01-01/part-0.parquet', 'file'],
    ['_DATE=2026-01-01/part-0.parquet', 'file'],
    ['_other=1/part-0.parquet', 'hidden'],
    ['_date=1', 'hidden'],
    ['notes.txt', 'stray'],
    ['dt=1/data', 'stray'],
    ['dt=1/x.PARQUET', 'stray'],
  ])('%s is %s', (key, what) => {
    expect(kind(key)).toBe(what);
  });

  test('without a suffix in fileMatch every visible file counts', () => {
    expect(kind('dt=1/20260101_x', '**/*')).toBe('file');
  });

  test.each([
    ['a/b/c.parquet', '**/*.parquet', true],
    ['c.parquet', '**/*.parquet', true],
    ['c.parquet', '*.parquet', true],
    ['a/c.parquet', '*.parquet', false],
    ['a/b/c', 'a/**', true],
    ['a', 'a/**', true],
    ['a/x/y/c', 'a/**/c', true],
    ['a/c', 'a/**/c', true],
    ['b/c', 'a/**/c', false],
    ['part-1.parquet', 'part-?.parquet', true],
    ['part-10.parquet', 'part-?.parquet', false],
    ['a.snappy.parquet', '*.{snappy,zstd}.parquet', true],
    ['a.gz.parquet', '*.{snappy,zstd}.parquet', false],
    ['a.b', 'a?b', true],
    ['aXb', 'a.b', false],
    ['a+b', 'a+b', true],
    ['', '', true],
    ['a', '', false],
    ['ab', 'a*b*', true],
  ])('%s against %s: %s', (key, glob, matches) => {
    expect(matchesGlob(key, glob)).toBe(matches);
  });

  test.each([
    ['**/*.{parquet,parq}', undefined],
    [`{${Array.from({ length: 64 }, (_, at) => `p${at}`).join()}}`, undefined],
    [
      `{${Array.from({ length: 65 }, (_, at) => `p${at}`).join()}}`,
      'its braces stand for 65 patterns, at most 64 can be matched: use * in place of some',
    ],
    [
      '{a,b,c}/{a,b,c}/{a,b,c}/{a,b,c}',
      'its braces stand for 81 patterns, at most 64 can be matched: use * in place of some',
    ],
  ])('what is wrong with %s', (glob, issue) => {
    expect(globIssue(glob)).toBe(issue);
  });

  test('no glob takes long', () => {
    const started = process.hrtime.bigint();
    expect(matchesGlob('a'.repeat(2000), `${'*a'.repeat(500)}b`)).toBe(false);
    expect(matchesGlob('a/'.repeat(500), `${'**/a/'.repeat(50)}b`)).toBe(false);
    expect(matchesGlob('x', '{a,b}'.repeat(40))).toBe(false);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(2000);
  });
});
