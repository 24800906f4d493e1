import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROWS } from '../../src/athena/rows.ts';
import { type Comparison, compareRecord } from './harness/compare.ts';
import { compareOther, type OtherComparison } from './harness/compare-others.ts';
import { type Meanings, readMeanings } from './harness/fixtures.ts';
import { type Observed, readObserved } from './harness/record.ts';
import { rowsOf } from './harness/rows-of.ts';
import { EXPERIMENTS_ELSEWHERE, ROWS_ELSEWHERE } from './not-observed.ts';

const FOLDER = new URL('observed/', import.meta.url);
const VERSIONS = readdirSync(FOLDER)
  .filter((name) => /^\d+\.json$/u.test(name))
  .map((name) => Number(name.replace('.json', '')))
  .sort((a, b) => a - b);

let meanings: ReadonlyMap<string, Meanings>;
const observed = new Map<number, Observed>();
const columns = new Map<number, readonly Comparison[]>();
const others = new Map<number, readonly OtherComparison[]>();

beforeAll(async () => {
  meanings = await readMeanings();
  for (const version of VERSIONS) {
    const known = await readObserved(new URL(`${version}.json`, FOLDER).pathname);
    observed.set(version, known);
    const compared = await Promise.all(known.records.map((record) => compareRecord(record, meanings, version)));
    columns.set(version, compared.flat());
    others.set(version, known.records.filter(({ about }) => about.kind !== 'column').map((record) => compareOther(record, version)));
  }
});

const said = ({ id, predicted, observed: seen }: Comparison | OtherComparison) =>
  `${id}: predicted ${predicted.effect}, Trino ${seen.effect} ${seen.error ?? ''}`;

describe.each(VERSIONS)('ATH-30: what is predicted for Trino %i is what it did', (version) => {
  test('effect and error name, for every column of every fixture', () => {
    expect(columns.get(version)?.filter(({ agreement }) => agreement === 'different').map(said)).toEqual([]);
  });

  test('effect and error name, for every partition, file and catalog', () => {
    expect(others.get(version)?.filter(({ agreement }) => agreement === 'different').map(said)).toEqual([]);
  });

  test('at least 600 records, each about one thing, in a stable order without places of this machine', () => {
    const records = observed.get(version)?.records ?? [];
    expect(records.length).toBeGreaterThanOrEqual(600);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(JSON.stringify(records)).not.toMatch(/\/work\/|\/tmp\/|127\.0\.0\.1|NO_NODES/u);
    expect(observed.get(version)?.trino).toBe(String(version));
  });
});

describe('ATH-31: a worse effect that is assumed does happen', () => {
  test('for every row whose values decide, some record shows it', () => {
    const all = [...columns.values()].flat();
    const assumed = new Set(all.filter(({ agreement }) => agreement === 'assumed').map(({ predicted }) => predicted.reference));
    const shown = new Set(all.filter(({ observed: seen }) => seen.effect !== 'none').map(({ predicted }) => predicted.reference));
    expect([...assumed].filter((row) => !shown.has(row))).toEqual([]);
  });
});

describe('ATH-32: every row and every experiment of the reference', () => {
  test('has records, or stands in the list of those that have none, with a reason', async () => {
    const found = new Set<string>();
    for (const version of VERSIONS) for (const row of await rowsOf(observed.get(version)?.records ?? [], columns.get(version) ?? [])) found.add(row);
    const missing = Object.keys(ROWS).filter((row) => !found.has(row) && !(row in ROWS_ELSEWHERE));
    expect(missing).toEqual([]);
    expect(Object.keys(ROWS_ELSEWHERE).filter((row) => found.has(row))).toEqual([]);
  });

  test('X01 to X19 likewise', () => {
    const found = new Set([...observed.values()].flatMap(({ records }) => records.flatMap(({ experiments }) => experiments)));
    const wanted = Array.from({ length: 19 }, (_, index) => `X${String(index + 1).padStart(2, '0')}`);
    expect(wanted.filter((each) => !found.has(each) && !(each in EXPERIMENTS_ELSEWHERE))).toEqual([]);
  });
});
