import { expect, test } from 'vitest';
import { partitionFolder } from '../../src/tools/mock/partitions.ts';
import { contractFrom } from '../support/run-example.ts';

test('MCK-1: folders of neighbouring partitions, as Hive writes the values of each type', () => {
  const keys = ['dt date', 'at timestamp', 'share decimal(6,2)', 'flag boolean', 'hour tinyint'];
  const [table] = contractFrom({
    contract: ['id int', ...keys.map((key) => `${key} partition`)],
    file: [],
  }).tables;
  if (table === undefined) throw new Error('no table');
  expect([0, 1].map((index) => partitionFolder(table, 1, index))).toEqual([
    'dt=2026-01-01/at=2026-01-01 00%3A00%3A00/share=0.00/flag=true/hour=0/',
    'dt=2026-01-02/at=2026-01-01 00%3A00%3A00/share=0.01/flag=false/hour=1/',
  ]);
});
