import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { judge, type Verdict } from '../../src/judge/verdict/judge.ts';
import { memorySource } from '../support/memory-source.ts';

const cases = resolve(import.meta.dirname, '../../../shared/data/cases');

/** Each file by its contract, and what is right: verdict, then the worst effect, as a real Trino showed it. */
const RIGHT: readonly (readonly [file: string, contract: string, verdict: string, effect: string])[] = [
  ...[
    'annotation-date_i64',
    'annotation-dec10_i32',
    'annotation-dec12_f4',
    'annotation-enum_f4',
    'annotation-i64_i32',
    'annotation-interval_f16',
    'annotation-timems_i64',
    'annotation-utf8_f4',
    'fastparquet-fixed-text',
    'decimal256-clickhouse',
    'decimal256-string',
  ].map((name) => inCells(name, 'hold', 'query-fails')),
  ...[
    'array-struct-no-field-476',
    'bytestreamsplit-int-versions',
    'repeated-under-string',
    'smallint-no-stats',
    'unsigned-filter-error',
  ].map((name) => inCells(name, 'hold', 'query-fails')),
  ...['varchar-fits', 'char-fits-spark', 'fixed-text-avro-string', 'polars-map-list-of-pairs'].map((name) =>
    inCells(name, 'admit', 'none'),
  ),
  inFooters('00-good', 'admit', 'none'),
  inFooters('02-body-cut-in-half', 'hold', 'query-fails'),
  inFooters('04-data-page-offset-negative', 'hold', 'query-fails'),
  inFooters('06-chunk-without-metadata', 'hold', 'query-fails'),
  inFooters('08-no-num-values', 'hold', 'query-fails'),
  inFooters('10-no-encodings', 'hold', 'query-fails'),
  inFooters('12-no-path', 'hold', 'query-fails'),
  // Trino reads these two right: other readers count otherwise, or refuse.
  inFooters('14-num-rows-zero', 'hold', 'none'),
  inFooters('18-num-values-contradict', 'hold', 'none'),
  inFooters('16-paths-of-two-chunks-swapped', 'hold', 'wrong-results'),
  inFooters('20-no-total-byte-size', 'hold', 'query-fails'),
  ...['both', 'from-csv'].map(
    (name) =>
      [
        `lakes/05-bom-column-admitted/lake/land/u/${name}.parquet`,
        'lakes/05-bom-column-admitted/schemas/u.odcs.yaml',
        ...(name === 'both' ? (['admit', 'none'] as const) : (['hold', 'none'] as const)),
      ] as const,
  ),
];

function inCells(name: string, verdict: string, effect: string) {
  return [`cells/${name}/part-0.parquet`, `cells/${name}/contract.odcs.yaml`, verdict, effect] as const;
}

function inFooters(name: string, verdict: string, effect: string) {
  return [`footers/${name}.parquet`, 'footers/contract.odcs.yaml', verdict, effect] as const;
}

async function judged(file: string, contractFile: string): Promise<Verdict> {
  const read = readContract(readFileSync(join(cases, contractFile), 'utf8'), { file: contractFile });
  if (!read.ok) throw new Error(read.issues[0]?.message);
  const table = read.contract.tables[0]?.name ?? '';
  const facts = await readFooter(memorySource(new Uint8Array(readFileSync(join(cases, file)))));
  return judge({ contracts: [read.contract], table, facts, key: {}, now: '2026-12-01T00:00:00Z' });
}

describe.skipIf(!existsSync(cases))('VER-1: files that were once judged wrong', () => {
  test.each(RIGHT)('%s by %s: %s, %s', async (file, contract, verdict, effect) => {
    const found = await judged(file, contract);
    expect([found.verdict, found.effect]).toEqual([verdict, effect]);
  });
});
