import { describe, expect, test } from 'vitest';
import type { Audited } from '../../src/tools/audit/audit-report.ts';
import { createTally } from '../../src/tools/audit/tally.ts';
import type { FindingReport } from '../../src/tools/scan/report.ts';

const finding = (more: Partial<FindingReport> = {}): FindingReport => ({
  rule: 'type-changed',
  path: 'id',
  expected: 'bigint',
  actual: 'DOUBLE',
  effect: 'query-fails',
  severity: 'error',
  message: 'declared bigint, stored as DOUBLE',
  remedy: 'cast it',
  ...more,
});

function judged(
  uri: string,
  findings: readonly FindingReport[] = [],
  { partition = '', bytes = 100, version = '1.0.0', table = 't' } = {},
): Audited {
  const isHeld = findings.some(({ severity }) => severity === 'error');
  return {
    kind: 'judged',
    bytes,
    partition,
    report: {
      uri,
      table,
      contractVersion: version,
      verdict: isHeld ? 'hold' : 'admit',
      effect: 'none',
      findings,
      unproven: [],
      proven: [],
      notes: [],
    },
  };
}
const about = { prefix: 's3://lake/', state: 'complete' } as const;
function reportOf(...results: readonly Audited[]) {
  const tally = createTally();
  tally.add(results);
  return tally.report(about);
}

describe('AUD-1 causes', () => {
  test('files with the same rule at the same path are one cause, with both ends and its partitions', () => {
    const { causes, summary, tables } = reportOf(
      judged('a', [finding()], { partition: 'dt=1/' }),
      judged('b', [], { partition: 'dt=1/' }),
      judged('c', [finding({ actual: 'BYTE_ARRAY' })], { partition: 'dt=1/' }),
      judged('d', [finding()], { partition: 'dt=2/', bytes: 7 }),
      judged('e', [finding({ path: 'other' })]),
    );
    expect(causes).toMatchObject([
      {
        rule: 'type-changed',
        path: 'id',
        table: 't',
        contractVersion: '1.0.0',
        files: 3,
        hold: 3,
        bytes: 207,
        partitions: 2,
        firstPartitions: ['dt=1/', 'dt=2/'],
        firstFile: 'a',
        lastFile: 'd',
        actual: [
          { text: 'DOUBLE', files: 2 },
          { text: 'BYTE_ARRAY', files: 1 },
        ],
        remedy: 'cast it',
      },
      { path: 'other', files: 1, partitions: 0 },
    ]);
    expect(summary).toMatchObject({ files: 5, admit: 1, hold: 4, bytes: 407, heldBytes: 307 });
    expect(summary).toMatchObject({ partitions: 2, heldPartitions: 2 });
    expect(tables).toEqual([{ table: 't', files: 5, hold: 4, bytes: 407, partitions: 2, heldPartitions: 2 }]);
  });

  test('other versions and tables are other causes', () => {
    const { causes } = reportOf(
      judged('a', [finding()]),
      judged('b', [finding()], { version: '2.0.0' }),
      judged('c', [finding()], { table: 'u' }),
    );
    expect(causes.map(({ table, contractVersion }) => [table, contractVersion])).toEqual([
      ['t', '1.0.0'],
      ['t', '2.0.0'],
      ['u', '1.0.0'],
    ]);
  });

  test('worst first: severity, effect, files held, files', () => {
    const info = finding({ rule: 'column-order', severity: 'info', effect: 'none' });
    const silent = finding({ path: 'b', effect: 'wrong-results' });
    const { causes } = reportOf(
      judged('1', [info, silent]),
      judged('2', [info, silent, finding({ path: 'c' })]),
      judged('3', [info, silent, finding({ path: 'c' }), finding({ path: 'd' })]),
      judged('4', [finding({ rule: 'column-missing', severity: 'warning', effect: 'none' })]),
    );
    expect(causes.map(({ rule, path, files }) => `${rule} ${path} ${files}`)).toEqual([
      'type-changed c 2',
      'type-changed d 1',
      'type-changed b 3',
      'column-missing id 1',
      'column-order id 3',
    ]);
  });

  test('one cause that weighs differently is as bad as its worst file, and says how many are held', () => {
    const harmless = finding({ severity: 'info', effect: 'none', reference: 'K10' });
    const { causes } = reportOf(
      judged('a', [harmless]),
      judged('b', [finding({ reference: 'K70' })]),
      judged('c', [harmless]),
    );
    expect(causes).toMatchObject([
      { severity: 'error', effect: 'query-fails', reference: 'K70', files: 3, hold: 1 },
    ]);
  });

  test('a rule that fires twice at one place of one file counts once', () => {
    expect(reportOf(judged('a', [finding(), finding()])).causes).toMatchObject([{ files: 1, hold: 1 }]);
  });

  test('what is not judged is counted by code, and never a cause', () => {
    const error = (uri: string, code: 'PERMISSION_DENIED' | 'READ_FAILED'): Audited => ({
      kind: 'error',
      error: { uri, code, message: `${code} of ${uri}`, retryable: false },
    });
    const { errors, causes, summary } = reportOf(
      error('a', 'READ_FAILED'),
      error('b', 'PERMISSION_DENIED'),
      { kind: 'superseded', uri: 'c' },
      error('d', 'PERMISSION_DENIED'),
    );
    expect(errors).toMatchObject([
      {
        code: 'PERMISSION_DENIED',
        files: 2,
        firstFile: 'b',
        firstMessage: 'PERMISSION_DENIED of b',
        lastFile: 'd',
      },
      { code: 'READ_FAILED', files: 1 },
    ]);
    expect(causes).toEqual([]);
    expect(summary).toMatchObject({ files: 4, errors: 3, superseded: 1, admit: 0, hold: 0 });
  });
});

describe('AUD-7 memory', () => {
  test('hostile files cannot make more than a thousand causes; the rest shares one of its rule', () => {
    const tally = createTally();
    for (let file = 0; file < 3000; file++)
      tally.add([
        judged(`${file}`, [finding({ path: `c${file}`, actual: `T${file}` })], { partition: `p=${file}/` }),
      ]);
    const { causes } = tally.report(about);
    expect(causes).toHaveLength(1001);
    const rest = causes.find(({ path }) => path === '…');
    expect(rest).toMatchObject({ rule: 'type-changed', files: 2000, hold: 2000, partitions: 2000 });
    expect(rest?.firstPartitions).toHaveLength(10);
    expect(rest?.actual.reduce((sum, { files }) => sum + files, 0)).toBe(2000);
    expect(rest?.actual).toHaveLength(6);
  });

  test('goes on with what it saved, after a way through JSON', () => {
    const files = Array.from({ length: 40 }, (_, file) =>
      judged(`${file}`, file % 3 === 0 ? [finding({ actual: `T${file % 2}` })] : [], {
        partition: `dt=${Math.floor(file / 7)}/`,
      }),
    );
    const first = createTally();
    first.add(files.slice(0, 17));
    const second = createTally(JSON.parse(JSON.stringify(first.save())));
    second.add(files.slice(17));
    expect(second.report(about)).toEqual(reportOf(...files));
  });
});
