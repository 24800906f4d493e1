import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROWS } from '../../src/judge/athena/rows.ts';
import { CONTRADICTIONS } from './contradictions.ts';
import { athenaPage } from './harness/athena-page.ts';
import { type Comparison, compareRecord } from './harness/compare.ts';
import { compareOther, type OtherComparison } from './harness/compare-others.ts';
import { type Meanings, readMeanings } from './harness/fixtures.ts';
import { readAllObserved } from './harness/observed-versions.ts';
import { rowsOf } from './harness/rows-of.ts';
import { EXPERIMENTS_ELSEWHERE, ROWS_ELSEWHERE } from './not-observed.ts';

const observed = await readAllObserved();
const VERSIONS = [...observed.keys()];

let meanings: ReadonlyMap<string, Meanings>;
const columns = new Map<number, readonly Comparison[]>();
const others = new Map<number, readonly OtherComparison[]>();

beforeAll(async () => {
  meanings = await readMeanings();
  for (const [version, { records }] of observed) {
    const compared = await Promise.all(records.map((record) => compareRecord(record, meanings, version)));
    columns.set(version, compared.flat());
    others.set(
      version,
      records.filter(({ about }) => about.kind !== 'column').map((record) => compareOther(record, version)),
    );
  }
});

const said = ({ id, predicted, observed: seen }: Comparison | OtherComparison) =>
  `${id}: predicted ${predicted.effect}, Trino ${seen.effect} ${seen.error ?? ''}`;

describe.each(VERSIONS)('ATH-30: what is predicted for Trino %i is what it did', (version) => {
  test('effect and error name, for every column of every fixture', () => {
    expect(
      columns
        .get(version)
        ?.filter(({ agreement }) => agreement === 'different')
        .map(said),
    ).toEqual([]);
  });

  test('effect and error name, for every partition, file and catalog', () => {
    expect(
      others
        .get(version)
        ?.filter(({ agreement }) => agreement === 'different')
        .map(said),
    ).toEqual([]);
  });

  test('at least 600 records, each about one thing, in a stable order without places of this machine', () => {
    const records = observed.get(version)?.records ?? [];
    expect(records.length).toBeGreaterThanOrEqual(600);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(JSON.stringify(records)).not.toMatch(/\/(home|root|Users|tmp|work)\/|127\.0\.0\.1|NO_NODES/u);
    expect(observed.get(version)?.trino).toBe(String(version));
  });
});

describe('ATH-31: a worse effect that is assumed does happen', () => {
  test('for every row whose values decide, some record shows it', () => {
    const all = [...columns.values()].flat();
    const assumed = new Set(
      all.filter(({ agreement }) => agreement === 'assumed').map(({ predicted }) => predicted.reference),
    );
    const shown = new Set(
      all.filter(({ observed: seen }) => seen.effect !== 'none').map(({ predicted }) => predicted.reference),
    );
    expect([...assumed].filter((row) => !shown.has(row))).toEqual([]);
  });
});

describe('ATH-32: every row and every experiment of the reference', () => {
  test('has records, or stands in the list of those that have none, with a reason', async () => {
    const found = new Set<string>();
    for (const version of VERSIONS)
      for (const row of await rowsOf(observed.get(version)?.records ?? [], columns.get(version) ?? []))
        found.add(row);
    const missing = Object.keys(ROWS).filter((row) => !found.has(row) && !(row in ROWS_ELSEWHERE));
    expect(missing).toEqual([]);
    expect(Object.keys(ROWS_ELSEWHERE).filter((row) => found.has(row))).toEqual([]);
  });

  test('X01 to X19 likewise', () => {
    const found = new Set(
      [...observed.values()].flatMap(({ records }) => records.flatMap(({ experiments }) => experiments)),
    );
    const wanted = Array.from({ length: 19 }, (_, index) => `X${String(index + 1).padStart(2, '0')}`);
    expect(wanted.filter((each) => !found.has(each) && !(each in EXPERIMENTS_ELSEWHERE))).toEqual([]);
  });
});

describe('ATH-33: contradictions of the reference', () => {
  test('C01 to C26 are each settled by records or said to be open', () => {
    const wanted = Array.from({ length: 26 }, (_, index) => `C${String(index + 1).padStart(2, '0')}`);
    expect(Object.keys(CONTRADICTIONS)).toEqual(wanted);
    const ids = new Set([...observed.values()].flatMap(({ records }) => records.map(({ id }) => id)));
    const cited = Object.values(CONTRADICTIONS).flatMap(({ records }) => records);
    expect(cited.filter((id) => !ids.has(id))).toEqual([]);
    const unproven = Object.entries(CONTRADICTIONS).filter(
      ([, { state, records }]) => state === 'settled' && records.length === 0,
    );
    expect(unproven).toEqual([]);
  });
});

describe('ATH-34: the page', () => {
  test('docs/athena.md is what the records say (npm run docs)', async () => {
    const page = readFileSync(new URL('../../docs/athena.md', import.meta.url), 'utf8');
    expect(page === (await athenaPage(observed, meanings))).toBe(true);
  });
});
