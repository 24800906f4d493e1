import { expect, test } from 'vitest';
import { folderId } from '../../src/run/ledger/folder-id.ts';
import { folderOf, foldersAbove, isPlaced, parentOf, scopeOfKey } from '../../src/run/table/folder.ts';
import { guardedTables } from '../../src/run/table/guarded-table.ts';
import { TABLE } from '../support/simulation/contract.ts';
import { simulate } from '../support/simulation/simulation.ts';

const tableOf = (isPartitioned: boolean) => {
  const guarded = guardedTables(simulate({ isPartitioned }).world.contracts.current()).get(TABLE);
  if (guarded === undefined) throw new Error('not guarded');
  return guarded.table;
};

test.each<readonly [key: string, folder: string]>([
  ['dt=2026-11-01/a.parquet', 'dt=2026-11-01/'],
  ['DT=2026-11-01/a.parquet', 'DT=2026-11-01/'],
  ['dt=2026-11-01/run-1/a.parquet', 'dt=2026-11-01/'],
  ['dt=2026-11-01/hour=1/a.parquet', ''],
  ['run-1/dt=2026-11-01/a.parquet', ''],
  ['dt=2026-11-01/', 'dt=2026-11-01/'],
  ['dt=a=b/a.parquet', 'dt=a=b/'],
  ['other=1/dt=2026-11-01/a.parquet', ''],
  ['dt=2026-11-01', ''],
  ['a.parquet', ''],
  ['', ''],
])('PIP-19: the partition folder of %j is %j', (key, folder) => {
  expect(folderOf(tableOf(true), key)).toBe(folder);
});

test('PIP-19: an unpartitioned table has one folder', () => {
  expect(folderOf(tableOf(false), 'dt=2026-11-01/a.parquet')).toBe('');
  expect(isPlaced(tableOf(false), 'x/a.parquet')).toBe(true);
  expect(scopeOfKey(tableOf(false), 'x/a.parquet')).toBe('');
});

test('PIP-19: what lies in no partition is looked at in its own folder', () => {
  expect(scopeOfKey(tableOf(true), 'dt=2026-11-01/x/a.parquet')).toBe('dt=2026-11-01/');
  expect(scopeOfKey(tableOf(true), 'x/dt=2026-11-01/a.parquet')).toBe('x/dt=2026-11-01/');
  expect([isPlaced(tableOf(true), 'dt=1/a'), isPlaced(tableOf(true), 'a')]).toEqual([true, false]);
});

test('PIP-19: the folders above a folder, outermost first, and the one of a key', () => {
  expect(foldersAbove('a/b/')).toEqual(['', 'a/', 'a/b/']);
  expect(foldersAbove('')).toEqual(['']);
  expect(parentOf('a/b/c')).toBe('a/b/');
  expect(parentOf('c')).toBe('');
});

test('PIP-19: a folder’s id is short, and its own', () => {
  expect(folderId('dt=2026-11-01/')).toMatch(/^[0-9a-f]{16}$/u);
  expect(folderId('dt=2026-11-01/')).not.toBe(folderId('dt=2026-11-02/'));
});
