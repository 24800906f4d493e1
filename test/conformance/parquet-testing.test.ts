import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { type Compared, oracle, ours } from '../support/hyparquet-oracle.ts';
import { memorySource } from '../support/memory-source.ts';

const folder = resolve(import.meta.dirname, '../../../shared/data/parquet-testing/data');
const files = existsSync(folder)
  ? readdirSync(folder).filter((file) => /\.parquet(\.encrypted)?$/u.test(file))
  : [];

/** Read by hyparquet, and at odds with itself: the file says 0 rows, its row group 6. */
const CONTRADICTORY: ReadonlySet<string> = new Set(['repeated_no_annotation.parquet']);

function oracleOf(bytes: Uint8Array): Compared | undefined {
  try {
    return oracle(bytes.slice().buffer as ArrayBuffer);
  } catch {
    return undefined;
  }
}

describe.skipIf(files.length === 0)(
  `FTR-3: public test files (${files.length || 'folder absent: skipped'})`,
  () => {
    test.each(files)('%s reads as hyparquet reads it', async (file) => {
      const bytes = new Uint8Array(readFileSync(join(folder, file)));
      const expected = oracleOf(bytes);
      const result = await readFooter(memorySource(bytes));
      if (expected === undefined || CONTRADICTORY.has(file)) expect(result.ok).toBe(false);
      else expect(result.ok && ours(result.facts)).toEqual(expected);
    });
  },
);
