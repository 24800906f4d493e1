import { expect, test } from 'vitest';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { judge } from '../../src/judge/verdict/judge.ts';
import { parquetBytes } from '../../src/run/adapters/local/parquet-writer.ts';
import { columnsOf } from '../../src/tools/mock/columns.ts';
import { partitionFolder } from '../../src/tools/mock/partitions.ts';
import { tableLines } from '../support/contract-arbitrary.ts';
import { memorySource } from '../support/memory-source.ts';
import { fc } from '../support/property.ts';
import { contractFrom } from '../support/run-example.ts';

test('MCK-1: any generated contract, mocked, is admitted', async () => {
  await fc.assert(
    fc.asyncProperty(tableLines, fc.nat(), fc.integer({ min: 0, max: 40 }), async (lines, seed, rows) => {
      // No footer proves the length of required text.
      const contract = contractFrom({
        contract: lines
          .filter((line) => !/varchar/u.test(line) || !line.includes('required'))
          .concat('more int'),
        file: [],
      });
      const [table] = contract.tables;
      if (table === undefined) return;
      const bytes = await parquetBytes(columnsOf(table, seed, rows), { rows, rowGroupRows: 16 });
      const folder = partitionFolder(table, seed, 3);
      const { findings } = judge({
        contracts: [contract],
        table: 't',
        facts: await readFooter(memorySource(bytes)),
        key: table.partitionKeys.length > 0 ? { relativeKey: `${folder}x` } : {},
        now: '2026-06-15T12:00:00Z',
      });
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    }),
    { numRuns: 80 },
  );
}, 60_000);
