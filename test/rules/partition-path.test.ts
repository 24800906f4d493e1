import { describe, expect, test } from 'vitest';
import type { Contract } from '../../src/judge/contract/contract.ts';
import type { JudgeInput } from '../../src/judge/verdict/judge.ts';
import { contractFrom, judgeExample } from '../support/run-example.ts';

const FILE = ['optional int32 a'];
const KEYED = ['a int', 'dt date partition'];
const versionOf = (contract: readonly string[], version: string): Contract => {
  const made = contractFrom({ contract, file: [] });
  const tables = made.tables.map((table) => ({ ...table, contractVersion: version }));
  return { ...made, version, tables };
};
const judged = async (contract: readonly string[], key: string, more: Partial<JudgeInput> = {}) => {
  const { verdict, findings } = await judgeExample(
    { contract, file: FILE, key },
    { key: { relativeKey: key }, ...more },
  );
  return [verdict, ...findings.map(({ rule, expected, actual }) => `${rule} ${expected} ${actual}`)];
};

describe('LAK-13 (A3): partition-path', () => {
  test.each([
    [KEYED, 'data/dt=2026-01-01/a.parquet', 'dt=', 'data/dt=', 'move the location'],
    [KEYED, 'a.parquet', 'dt=', '', 'one for each declared key'],
    [KEYED, 'dt=2026-01-01/x=%00/a.parquet', 'dt=', 'dt=/x=', 'under no other name=value folder'],
    [['a int', 's string partition'], 's=%00/a.parquet', 's=', 's=', 'without control characters'],
  ])('%j at %j is held, and its remedy is its own', async (contract, key, expected, actual, remedy) => {
    const { verdict, findings } = await judgeExample(
      { contract, file: FILE, key },
      { key: { relativeKey: key } },
    );
    expect(verdict).toBe('hold');
    expect(findings[0]).toMatchObject({ rule: 'partition-path', path: '', expected, actual });
    expect(findings[0]?.remedy).toContain(remedy);
  });

  test('a long name is cut, and its controls are shown', async () => {
    const key = `${'x'.repeat(500)}\u0007/dt=2026-01-01/a.parquet`;
    const { findings } = await judgeExample(
      { contract: KEYED, file: FILE, key },
      { key: { relativeKey: key } },
    );
    expect(findings[0]?.actual.length).toBeLessThan(250);
    expect(findings[0]?.actual).not.toContain('\u0007');
  });

  test('nobody can waive it, in an emergency neither', async () => {
    const grant = { rule: 'partition-path', path: '', until: '2026-06-15T13:00:00Z' } as const;
    const grants = [{ ...grant, id: '3f9c', reason: 'month end', by: 'ann', at: '2026-06-15T11:00:00Z' }];
    expect(await judged(KEYED, 'data/dt=2026-01-01/a.parquet', { grants })).toEqual([
      'hold',
      'partition-path dt= data/dt=',
    ]);
  });

  test.each([
    ['other keys', ['a int', 'month string partition'], 'dt=2026-01-01/a.parquet', 'month= dt='],
    ['no keys', ['a int'], 'dt=2026-01-01/a.parquet', ' dt='],
  ])('a catalog with %s cannot register the file', async (_, keys, key, found) => {
    expect(await judged(KEYED, key, { applied: versionOf(keys, '0.9.0') })).toEqual([
      'hold',
      `partition-path ${found}`,
    ]);
  });

  test('the keys of the contract count too, where the catalog has others', async () => {
    const applied = versionOf(['a int', 'month string partition'], '0.9.0');
    expect(await judged(KEYED, 'month=11/a.parquet', { applied })).toEqual([
      'hold',
      'partition-path dt= month=',
    ]);
  });

  test('nor can one with keys, where the contract has none', async () => {
    expect(await judged(['a int'], 'a.parquet', { applied: versionOf(KEYED, '0.9.0') })).toEqual([
      'hold',
      'partition-path dt= ',
    ]);
  });

  test('an older version is accepted only with the same keys', async () => {
    const policy = { accept: '[{ version: 0.9.0, until: "2030-01-01" }]' };
    const accepting = contractFrom({ contract: ['a int', 'c int', 'dt date partition'], file: [], policy });
    const verdictWith = async (older: readonly string[], key: string) => {
      const applied = versionOf(older, '0.9.0');
      const { verdict } = await judgeExample(
        { contract: KEYED, file: FILE },
        { contracts: [accepting, applied], applied, key: { relativeKey: key } },
      );
      return verdict;
    };
    expect(await verdictWith(['a int', 'DT date partition'], 'dt=2026-01-01/a.parquet')).toBe('admit');
    expect(await verdictWith(['a int', 'day date partition'], 'day=2026-01-01/a.parquet')).toBe('hold');
    expect(await verdictWith(['a int'], 'a.parquet')).toBe('hold');
  });

  test('a table without keys is read through all its folders', async () => {
    expect(await judged(['a int'], 'x//dt=1/=/a.parquet')).toEqual(['admit']);
  });
});
