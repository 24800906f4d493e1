import { describe, expect, test } from 'vitest';
import type { Contract, Table } from '../../src/judge/contract/contract.ts';
import { partitionFolder } from '../../src/tools/mock/partitions.ts';
import { compareContracts } from '../../src/tools/revision/compare.ts';
import { contractFrom } from '../support/run-example.ts';

function versionOf(version: string, settings: string): Contract {
  const contract = contractFrom({
    contract: ['id int', 'k string partition'],
    file: [],
    policy: { partitions: 'projected', projection: `{ k: ${settings} }` },
  });
  return {
    ...contract,
    version,
    tables: contract.tables.map((table) => ({ ...table, contractVersion: version })),
  };
}

function breaksOf(before: string, after: string) {
  const compared = compareContracts(versionOf('1.0.0', before), versionOf('2.0.0', after), {
    now: '2026-06-15T12:00:00Z',
  });
  return compared.changes
    .filter(({ rule }) => rule === 'partition-projection')
    .flatMap(({ breaks }) => breaks);
}

describe('LAK-15 (A5): a version that computes other partitions breaks what was written, or what will be', () => {
  const days = (range: string, more = '') => `{ type: date, format: yyyy-MM-dd, range: "${range}"${more} }`;
  test.each([
    ['fewer values', '{ type: enum, values: "a,b,c" }', '{ type: enum, values: "a,c" }', ['backward']],
    ['more values', '{ type: enum, values: "a,c" }', '{ type: enum, values: "a,b,c" }', ['forward']],
    ['a later start', days('2024-01-01,NOW'), days('2024-02-01,NOW'), ['backward']],
    ['an earlier start', days('2024-02-01,NOW'), days('2024-01-01,NOW'), ['forward']],
    ['an earlier end', days('2024-01-01,2024-12-31'), days('2024-01-01,2024-12-30'), ['backward']],
    ['longer steps', days('2024-01-01,NOW'), days('2024-01-01,NOW', ', interval: 2'), ['backward']],
    [
      'digits',
      '{ type: integer, range: "1,9" }',
      '{ type: integer, range: "1,9", digits: 2 }',
      ['backward', 'forward'],
    ],
    ['another spelling of the same', days('2024-01-01,NOW'), days('2024-01-01, NOW', ', interval: 1'), []],
  ])('%s', (_, before, after, breaks) => {
    expect(breaksOf(before, after)).toEqual(breaks);
  });

  test('made-up files lie in folders that are computed', () => {
    const [table] = versionOf('1.0.0', days('2024-02-28,NOW')).tables as readonly [Table];
    expect([0, 1, 2].map((index) => partitionFolder(table, 1, index))).toEqual([
      'k=2024-02-28/',
      'k=2024-02-29/',
      'k=2024-03-01/',
    ]);
  });
});
