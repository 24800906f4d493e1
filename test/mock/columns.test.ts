import { expect, test } from 'vitest';
import type { Table } from '../../src/judge/contract/contract.ts';
import { columnsOf } from '../../src/tools/mock/columns.ts';
import { contractOf, contractText } from '../support/contract-text.ts';

const [TABLE] = contractOf(
  contractText(
    [
      '- { name: number, physicalType: int }',
      '- { name: ratio, physicalType: float }',
      '- { name: code, logicalType: string, physicalType: string, logicalTypeOptions: { minLength: 2, maxLength: 5 } }',
      '- { name: id, physicalType: bigint, required: true, unique: true }',
      '- { name: tags, physicalType: "array<string>" }',
    ].join('\n'),
  ),
).tables as [Table];

test('MCK-1: a row is the same however many rows are asked for with it', () => {
  const columns = columnsOf(TABLE, 7, 3000);
  for (const { name, values } of columns) {
    const all = values(0, 3000);
    expect([name, values(1400, 100)]).toEqual([name, all.slice(1400, 1500)]);
    // Row groups do not begin with the same rows.
    expect([name, values(50, 10)]).not.toEqual([name, all.slice(0, 10)]);
  }
});

test('MCK-1: a float is one that four bytes hold, and text keeps its lengths', () => {
  const [, ratio, code] = columnsOf(TABLE, 7, 500).map(({ values }) =>
    values(0, 500).filter((value) => value !== null),
  );
  expect(ratio?.filter((value) => Math.fround(Number(value)) !== value)).toEqual([]);
  const lengths = new Set(code?.map((value) => String(value).length));
  expect([...lengths].sort()).toEqual([2, 3, 4, 5]);
});

test('MCK-1: a key with a pattern keeps both; so does a column with an enum of ODCS 3.2', () => {
  const [table] = contractOf(
    contractText(
      [
        '- { name: key, logicalType: string, physicalType: string, required: true, unique: true, logicalTypeOptions: { pattern: "^A-[0-9]{4}$" } }',
        '- { name: state, logicalType: string, physicalType: string, enum: [{ value: new }, { value: paid }] }',
        '- { name: size, logicalType: integer, physicalType: int, enum: [{ value: 3 }, { value: 8 }] }',
      ].join('\n'),
    ),
  ).tables as [Table];
  const [keys, states, sizes] = columnsOf(table, 1, 900).map(({ values }) =>
    values(0, 900).filter((value) => value !== null),
  );
  expect(new Set(keys).size).toBe(900);
  expect(keys?.filter((key) => !/^A-[0-9]{4}$/u.test(String(key)))).toEqual([]);
  expect(new Set(states)).toEqual(new Set(['new', 'paid']));
  expect(new Set(sizes)).toEqual(new Set([3, 8]));
});
