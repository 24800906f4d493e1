import { describe, expect, test } from 'vitest';
import { computedValue, edgeValues } from '../../src/judge/contract/computed-values.ts';
import type { Contract, Table } from '../../src/judge/contract/contract.ts';
import { isProjected } from '../../src/judge/contract/projected-values.ts';
import { readFooter } from '../../src/judge/parquet/read-footer.ts';
import { judge } from '../../src/judge/verdict/judge.ts';
import { memorySource } from '../support/memory-source.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { fc } from '../support/property.ts';
import { contractFrom } from '../support/run-example.ts';

const NOW = '2026-06-15T12:00:00Z';
const facts = await readFooter(
  memorySource(parquetFile({ schema: [parseMessage('optional int32 id')], rows: 1 })),
);

function contractOf(keys: readonly string[], projection: string): Contract {
  return contractFrom({
    contract: ['id int', ...keys.map((key) => `${key} partition`)],
    file: [],
    policy: { partitions: 'projected', projection },
  });
}

function judged(contract: Contract, relativeKey: string) {
  const { verdict, findings } = judge({
    contracts: [contract],
    table: 't',
    facts,
    key: { relativeKey },
    now: NOW,
  });
  return { verdict, rules: findings.map(({ rule }) => rule), findings };
}

/** A table, and every folder that Athena computes for it: by hand, from the settings. */
const TABLES: readonly (readonly [
  keys: readonly string[],
  projection: string,
  folders: readonly string[],
])[] = [
  [
    ['dt date', 'Country string'],
    '{ dt: { type: date, format: yyyy-MM-dd, range: "2024-02-28,2024-03-01" }, country: { type: enum, values: "DE,A_T" } }',
    [
      'dt=2024-02-28/country=DE/',
      'dt=2024-02-28/country=A_T/',
      'dt=2024-02-29/country=DE/',
      'dt=2024-02-29/country=A_T/',
      'dt=2024-03-01/country=DE/',
      'dt=2024-03-01/country=A_T/',
    ],
  ],
  [
    ['hour string'],
    '{ hour: { type: integer, range: "8,10", digits: 2 } }',
    ['hour=08/', 'hour=09/', 'hour=10/'],
  ],
  [
    ['month string'],
    '{ month: { type: date, format: "yyyy-M", range: "2024-11,2025-1" } }',
    ['month=2024-11/', 'month=2024-12/', 'month=2025-1/'],
  ],
];

/** Folders near those: other case, other widths, neighbours, escapes, Hive's NULL, folders above, between and below. */
const change = fc.constantFrom<(folder: string) => string>(
  (folder) => folder,
  (folder) => folder.toUpperCase(),
  (folder) => folder.replace('dt=', 'DT='),
  (folder) => folder.replace('country=', 'Country='),
  (folder) => folder.replace('=', '%3D'),
  (folder) => folder.replaceAll('-', '%2D'),
  (folder) => folder.replaceAll(/-0/gu, '-'),
  (folder) => folder.replaceAll('_', '%5F'),
  (folder) => folder.replaceAll(/=0/gu, '='),
  (folder) => folder.replaceAll(/\d(?=\/)/gu, (digit) => String((Number(digit) + 1) % 10)),
  (folder) => folder.replace(/=[^/]*/u, '=__HIVE_DEFAULT_PARTITION__'),
  (folder) => folder.replace(/=[^/]*\/$/u, '=/'),
  (folder) => folder.replace(/=[^/]*\/$/u, '=null/'),
  (folder) => folder.replaceAll(/[a-z]+=/gu, ''),
  (folder) => `run-1/${folder}`,
  (folder) => folder.replace('/', '/run-1/'),
  (folder) => folder.replace('/', '//'),
  (folder) => ` ${folder}`,
  (folder) => folder.replace(/\/$/u, ' /'),
);

describe('LAK-15 (A5): a file is admitted in exactly the folders that its table computes', () => {
  test.each(TABLES)('%j', (keys, projection, folders) => {
    const contract = contractOf(keys, projection);
    for (const folder of folders) {
      expect([folder, judged(contract, `${folder}a.parquet`).verdict]).toEqual([folder, 'admit']);
      expect(judged(contract, `${folder}below/a.parquet`).verdict).toBe('admit');
    }
    fc.assert(
      fc.property(fc.constantFrom(...folders), change, change, (folder, one, two) => {
        const key = `${two(one(folder))}a.parquet`;
        // A folder below the last of them is part of the partition.
        const isComputed = folders.some((known) => key.startsWith(known));
        const { verdict, rules } = judged(contract, key);
        expect([key, verdict]).toEqual([key, isComputed ? 'admit' : 'hold']);
        if (!isComputed)
          expect(rules).toContain(
            rules.includes('partition-path') ? 'partition-path' : 'partition-projection',
          );
      }),
      { numRuns: 300 },
    );
  });

  test('what was expected is said, and each key has a finding of its own', () => {
    const [keys, projection] = TABLES[0] as (typeof TABLES)[number];
    const { findings } = judged(contractOf(keys, projection), 'dt=2024-2-28/COUNTRY=DE/a.parquet');
    expect(
      findings.map(({ rule, path, expected, actual, effect, severity }) => [
        rule,
        path,
        expected,
        actual,
        effect,
        severity,
      ]),
    ).toEqual([
      [
        'partition-projection',
        'dt',
        'yyyy-MM-dd from 2024-02-28 to 2024-03-01, each day',
        'dt=2024-2-28',
        'wrong-results',
        'error',
      ],
      ['partition-projection', 'Country', 'a folder country=', 'COUNTRY=DE', 'wrong-results', 'error'],
    ]);
  });

  test('the version that the catalog holds decides, since that is what is read', () => {
    const wide = contractOf(
      ['dt date'],
      '{ dt: { type: date, format: yyyy-MM-dd, range: "2020-01-01,NOW" } }',
    );
    const narrow = contractOf(
      ['dt date'],
      '{ dt: { type: date, format: yyyy-MM-dd, range: "2024-01-01,NOW" } }',
    );
    const ask = (contract: Contract, applied: Contract) =>
      judge({
        contracts: [contract],
        applied,
        table: 't',
        facts,
        key: { relativeKey: 'dt=2022-01-01/a.parquet' },
        now: NOW,
      }).verdict;
    expect([ask(wide, narrow), ask(narrow, wide), ask(wide, wide)]).toEqual(['hold', 'admit', 'admit']);
  });

  test('nothing is said where the contract leaves it to the table’s owner', () => {
    const owners = contractFrom({
      contract: ['id int', 'dt date partition'],
      file: [],
      policy: { partitions: 'projected' },
    });
    expect(judged(owners, 'dt=2024-1-1/a.parquet')).toMatchObject({ verdict: 'admit', rules: [] });
  });
});

describe('LAK-15 (A5): values that are computed, for files that are made up', () => {
  const settings = [
    '{ k: { type: enum, values: "b,a" } }',
    '{ k: { type: integer, range: "-3,11", interval: 4, digits: 3 } }',
    '{ k: { type: date, format: yyyyMMdd, range: "20231230,20240106", interval: 3 } }',
    '{ k: { type: date, format: yyyy-MM, range: "2023-11,NOW" } }',
    '{ k: { type: date, format: "yyyy-MM-dd HH", range: "NOW-1YEAR,2025-12-31 23", interval: 1, interval.unit: HOURS } }',
    '{ k: { type: date, format: yyyy, range: "NOW-9YEARS,NOW", interval: 1, interval.unit: YEARS } }',
    '{ k: { type: injected } }',
  ];
  test.each(settings)('%s', (projection) => {
    const [table] = contractOf(['k string'], projection).tables as readonly [Table];
    const [computed] = table.projection ?? [];
    if (computed === undefined) throw new Error('no projection');
    const values = Array.from({ length: 40 }, (_, index) => computedValue(computed, index));
    for (const value of [...values, ...edgeValues(computed)])
      expect([value, isProjected(computed, value)]).toEqual([value, true]);
    if (!projection.includes('2025-12-31')) expect(values[0]).not.toBe(values[1]);
  });

  test('edges', () => {
    const edges = (projection: string) => {
      const [table] = contractOf(['k string'], projection).tables as readonly [Table];
      return table.projection?.map(edgeValues)[0];
    };
    expect(edges('{ k: { type: integer, range: "0,10", interval: 3 } }')).toEqual(['0', '3', '9']);
    expect(edges('{ k: { type: date, format: yyyy-MM-dd, range: "2024-01-30,2024-03-01" } }')).toEqual([
      '2024-01-30',
      '2024-01-31',
      '2024-03-01',
    ]);
    expect(edges('{ k: { type: date, format: yyyy-MM, range: "2023-12,NOW" } }')).toEqual([
      '2023-12',
      '2024-01',
    ]);
  });
});
