import { describe, expect, test } from 'vitest';
import type { Contract, Table } from '../../src/judge/contract/contract.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { judge } from '../../src/judge/verdict/judge.ts';
import { parquetBytes } from '../../src/run/adapters/local/parquet-writer.ts';
import { columnsOf } from '../../src/tools/mock/columns.ts';
import type { Direction } from '../../src/tools/revision/change.ts';
import { compareContracts } from '../../src/tools/revision/compare.ts';
import { ownFiles } from '../../src/tools/revision/own-files.ts';
import { revisedLines } from '../support/contract-arbitrary.ts';
import { memorySource } from '../support/memory-source.ts';
import { fc } from '../support/property.ts';
import { isWritable, realFile } from '../support/real-file.ts';
import { NOW } from '../support/revision-example.ts';
import { contractFrom } from '../support/run-example.ts';

const SLOW_MS = 120_000;
const RUNS = { numRuns: 60, seed: 20_260_615 };

/** Bounded text is declared unbounded: no footer of this writer proves its length, and what is not proven is held. */
const versionOf = (lines: readonly string[], version: string): Contract => {
  const contract = lines.map((line) => line.replace(/varchar\(\d+\)/gu, 'string'));
  const made = contractFrom({ contract, file: [] });
  const tables = made.tables.map((table) => ({ ...table, contractVersion: version }));
  return { ...made, version, tables };
};

interface Bytes {
  readonly bytes: Uint8Array;
  readonly relativeKey: string;
}

/** Reads the footer of a written file and judges it by one version. */
async function verdictOn({ bytes, relativeKey }: Bytes, contract: Contract): Promise<string> {
  const facts = await readFooter(memorySource(bytes));
  return judge({ contracts: [contract], table: 't', facts, key: { relativeKey }, now: NOW }).verdict;
}

/** Files that keep a version: one as `mock` writes it, and those at the edges of what it allows. */
async function filesOf({ tables: [table] }: Contract, seed: number): Promise<readonly Bytes[]> {
  const own = ownFiles(table as Table);
  const relativeKey = own[0]?.relativeKey ?? '';
  const mocked = await parquetBytes(columnsOf(table as Table, seed, 20), { rows: 20, rowGroupRows: 8 });
  const edges = await Promise.all(
    own
      .filter(({ facts }) => isWritable(facts))
      .map(async (file) => ({ bytes: await realFile(file.facts), relativeKey: file.relativeKey })),
  );
  return [{ bytes: mocked, relativeKey }, ...edges];
}

describe('REV-3: comparing agrees with judging files that were written', () => {
  test.each(['backward', 'forward'] as const)(
    'where nothing breaks %s, the other version admits every written file that keeps its own',
    async (direction: Direction) => {
      let admitted = 0;
      await fc.assert(
        fc.asyncProperty(revisedLines, fc.nat(), async ([before, after], seed) => {
          const [base, revision] = [versionOf(before, '1.0.0'), versionOf(after, '2.0.0')];
          const { changes } = compareContracts(base, revision, { now: NOW });
          if (changes.some(({ breaks }) => breaks.includes(direction))) return;
          const [writer, reader] = direction === 'backward' ? [base, revision] : [revision, base];
          for (const file of await filesOf(writer, seed)) {
            if ((await verdictOn(file, writer)) === 'hold') continue;
            expect(await verdictOn(file, reader)).toBe('admit');
            admitted++;
          }
        }),
        RUNS,
      );
      expect(admitted).toBeGreaterThan(50);
    },
    SLOW_MS,
  );

  test.each(['backward', 'forward'] as const)(
    'what breaks %s has a witness that can be written: its own version admits the file, the other holds it',
    async (direction: Direction) => {
      let broken = 0;
      await fc.assert(
        fc.asyncProperty(revisedLines, async ([before, after]) => {
          const [base, revision] = [versionOf(before, '1.0.0'), versionOf(after, '2.0.0')];
          const { witnesses } = compareContracts(base, revision, { now: NOW });
          const witness = witnesses.find((found) => found.direction === direction);
          if (witness === undefined || !isWritable(witness.facts)) return;
          const [writer, reader] = direction === 'backward' ? [base, revision] : [revision, base];
          const file = { bytes: await realFile(witness.facts), relativeKey: witness.relativeKey };
          expect([await verdictOn(file, writer), await verdictOn(file, reader)]).toEqual(['admit', 'hold']);
          broken++;
        }),
        RUNS,
      );
      expect(broken).toBeGreaterThan(10);
    },
    SLOW_MS,
  );
});
