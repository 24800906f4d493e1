import { describe, expect, test } from 'vitest';
import type { Contract } from '../../src/judge/contract/contract.ts';
import { escapePathName } from '../../src/judge/contract/key.ts';
import { judge } from '../../src/judge/verdict/judge.ts';
import type { Direction } from '../../src/tools/revision/change.ts';
import { compareContracts } from '../../src/tools/revision/compare.ts';
import { revisedLines, tableLines } from '../support/contract-arbitrary.ts';
import { KEY_VALUES, keptFile } from '../support/kept-file.ts';
import { fc } from '../support/property.ts';
import { NOW } from '../support/revision-example.ts';
import { contractFrom } from '../support/run-example.ts';

const contractOf = (contract: readonly string[], version: string): Contract => {
  const made = contractFrom({ contract, file: [] });
  return {
    ...made,
    version,
    tables: made.tables.map((table) => ({ ...table, contractVersion: version })),
  };
};
const versionsOf = ([base, revision]: readonly [readonly string[], readonly string[]]) =>
  [contractOf(base, '1.0.0'), contractOf(revision, '2.0.0')] as const;
const RUNS = { numRuns: 80, seed: 20_260_615 };
const SLOW_MS = 60_000;

/** Judges one real file of the writer's under its own table and under the reader's. */
async function verdictsOn(writer: Contract, reader: Contract, seed: number): Promise<readonly string[]> {
  const [table] = writer.tables;
  if (table === undefined) throw new Error('no table');
  let state = seed;
  const facts = await keptFile(table, (n) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % n;
  });
  const folders = table.partitionKeys.map(
    ({ name, type }) => `${escapePathName(name)}=${escapePathName(KEY_VALUES[type.kind] ?? 'x')}/`,
  );
  const relativeKey = `${folders.join('')}a.parquet`;
  return [writer, reader].map(
    (contract) => judge({ contracts: [contract], table: 't', facts, key: { relativeKey }, now: NOW }).verdict,
  );
}

describe('REV-1 REV-2 REV-3: comparing agrees with judging', () => {
  test(
    'REV-1: a contract compared with itself has no changes',
    () => {
      fc.assert(
        fc.property(tableLines, (lines) => {
          const contract = contractOf(lines, '1.0.0');
          expect(compareContracts(contract, contract, { now: NOW }).changes).toEqual([]);
        }),
        RUNS,
      );
    },
    SLOW_MS,
  );

  test.each(['backward', 'forward'] as const)(
    'where nothing breaks %s, the other version admits every real file that keeps its own',
    async (direction) => {
      let admitted = 0;
      await fc.assert(
        fc.asyncProperty(revisedLines, fc.nat(), async (lines, seed) => {
          const [base, revision] = versionsOf(lines);
          const { changes } = compareContracts(base, revision, { now: NOW });
          if (changes.some(({ breaks }) => breaks.includes(direction))) return;
          const [writer, reader] = direction === 'backward' ? [base, revision] : [revision, base];
          const [own, other] = await verdictsOn(writer, reader, seed);
          if (own === 'hold') return;
          expect(other).toBe('admit');
          admitted++;
        }),
        RUNS,
      );
      expect(admitted).toBeGreaterThan(10);
    },
    SLOW_MS,
  );

  test.each(['backward', 'forward'] as const)(
    'what breaks %s has a witness: a file that its own version admits and the other holds',
    (direction: Direction) => {
      let broken = 0;
      fc.assert(
        fc.property(revisedLines, (lines) => {
          const [base, revision] = versionsOf(lines);
          const { changes, witnesses } = compareContracts(base, revision, { now: NOW });
          const witness = witnesses.find((found) => found.direction === direction);
          expect(witness !== undefined).toBe(changes.some(({ breaks }) => breaks.includes(direction)));
          if (witness === undefined) return;
          const [writer, reader] = direction === 'backward' ? [base, revision] : [revision, base];
          const verdict = (contract: Contract) =>
            judge({
              contracts: [contract],
              table: 't',
              facts: { ok: true, facts: witness.facts },
              key: { relativeKey: witness.relativeKey },
              now: NOW,
            }).verdict;
          expect([verdict(writer), verdict(reader)]).toEqual(['admit', 'hold']);
          broken++;
        }),
        RUNS,
      );
      expect(broken).toBeGreaterThan(10);
    },
    SLOW_MS,
  );
});
