import { describe, expect, test } from 'vitest';
import { readDatePattern } from '../../src/judge/contract/date-pattern.ts';
import { covers, isProjected, projectionText } from '../../src/judge/contract/projected-values.ts';
import type { KeyProjection, ProjectionSettings } from '../../src/judge/contract/projection.ts';
import { readKeyProjection } from '../../src/judge/contract/read-key-projection.ts';
import type { HiveType } from '../../src/judge/types/hive-type.ts';
import { COLUMN, contractOf, contractText, issuesOf } from '../support/contract-text.ts';
import { fc } from '../support/property.ts';

const STRING: HiveType = { kind: 'string' };

function projectionOf(settings: ProjectionSettings, type: HiveType = STRING): KeyProjection {
  const read = readKeyProjection(settings, type);
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('; '));
  return read.projection;
}

/** Settings, and all values that Athena computes from them, by its page on partition projection: written out by hand. */
const COMPUTED: readonly (readonly [
  name: string,
  settings: ProjectionSettings,
  values: readonly string[],
])[] = [
  ['enum', { type: 'enum', values: 'DE,AT,Unknown' }, ['DE', 'AT', 'Unknown']],
  ['integer', { type: 'integer', range: '8,11' }, ['8', '9', '10', '11']],
  ['digits', { type: 'integer', range: '8,11', digits: '2' }, ['08', '09', '10', '11']],
  ['more digits than are asked for', { type: 'integer', range: '9,10', digits: '1' }, ['9', '10']],
  ['interval', { type: 'integer', range: ' 1 , 8 ', interval: '3' }, ['1', '4', '7']],
  ['below zero', { type: 'integer', range: '-2,1' }, ['-2', '-1', '0', '1']],
  ['leading zeros in the range say nothing', { type: 'integer', range: '0001,3' }, ['1', '2', '3']],
  [
    'days, over a leap day',
    { type: 'date', format: 'yyyy-MM-dd', range: '2024-02-27,2024-03-01' },
    ['2024-02-27', '2024-02-28', '2024-02-29', '2024-03-01'],
  ],
  [
    'every third day',
    { type: 'date', format: 'yyyyMMdd', range: '20231230,20240106', interval: '3' },
    ['20231230', '20240102', '20240105'],
  ],
  [
    'every second day, over the end of a leap century',
    { type: 'date', format: 'yyyy-MM-dd', range: '2000-12-29,2001-01-04', interval: '2' },
    ['2000-12-29', '2000-12-31', '2001-01-02', '2001-01-04'],
  ],
  [
    'weeks',
    { type: 'date', format: 'dd_MM_yyyy', range: '25_12_2023,14_01_2024', 'interval.unit': 'weeks' },
    ['25_12_2023', '01_01_2024', '08_01_2024'],
  ],
  [
    'months by default',
    { type: 'date', format: 'yyyy-MM', range: '2023-11,2024-02' },
    ['2023-11', '2023-12', '2024-01', '2024-02'],
  ],
  [
    'every second month, AWS’s own example',
    { type: 'date', format: 'yyyy-MM', range: '2017-01,2017-06', interval: '2', 'interval.unit': 'MONTHS' },
    ['2017-01', '2017-03', '2017-05'],
  ],
  [
    'months by day',
    { type: 'date', format: 'yyyy-MM-dd', range: '2023-12-15,2024-03-14', 'interval.unit': 'MONTHS' },
    ['2023-12-15', '2024-01-15', '2024-02-15'],
  ],
  [
    'years',
    { type: 'date', format: 'yyyy', range: '2019,2025', interval: '3', 'interval.unit': 'YEARS' },
    ['2019', '2022', '2025'],
  ],
  [
    'hours',
    {
      type: 'date',
      format: "yyyy-MM-dd'T'HH",
      range: '2023-12-31T22,2024-01-01T02',
      interval: '2',
      'interval.unit': 'HOURS',
    },
    ['2023-12-31T22', '2024-01-01T00', '2024-01-01T02'],
  ],
  [
    'without leading zeros',
    { type: 'date', format: 'yyyy-M-d', range: '2024-9-29,2024-10-1' },
    ['2024-9-29', '2024-9-30', '2024-10-1'],
  ],
];

/** What stands near the values above: neighbours, other widths, other case, other places of the calendar. */
const near = fc.oneof(
  fc.constantFrom(...COMPUTED.flatMap(([, , values]) => values)),
  fc.constantFrom(
    '',
    'de',
    'DE ',
    '__HIVE_DEFAULT_PARTITION__',
    '\\N',
    'null',
    '2023-02-29',
    '2024-13-01',
    '00',
  ),
  fc.integer({ min: -12, max: 2030 }).map(String),
  fc.integer({ min: 0, max: 12 }).map((number) => String(number).padStart(2, '0')),
  fc
    .tuple(
      fc.constantFrom(2016, 2017, 2023, 2024),
      fc.integer({ min: 1, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 0, max: 24 }),
      fc.constantFrom('y-M-d', 'y-m-d', 'ymd', 'd_m_y', 'y-m', 'y-M', 'y-m-dTh', 'y-m-dTH', 'y/m/d'),
    )
    .map(([year, month, day, hour, form]) => {
      const two = (number: number) => String(number).padStart(2, '0');
      const parts: Readonly<Record<string, string>> = {
        y: String(year),
        M: String(month),
        m: two(month),
        d: form.includes('M') ? String(day) : two(day),
        h: two(hour),
        H: String(hour),
      };
      return form.replace(/[yMmdhH]/gu, (letter) => parts[letter] ?? '');
    }),
);

describe('LAK-15 (A5): what Athena computes is what is let through, and nothing else', () => {
  test.each(COMPUTED)('%s', (_, settings, values) => {
    const projection = projectionOf(settings);
    for (const value of values) expect([value, isProjected(projection, value)]).toEqual([value, true]);
    fc.assert(
      fc.property(near, (value) => {
        expect([value, isProjected(projection, value)]).toEqual([value, values.includes(value)]);
      }),
      { numRuns: 400 },
    );
  });

  test('a bound that moves with the clock lets everything through on its side', () => {
    const open = projectionOf({ type: 'date', format: 'yyyy-MM-dd', range: '2024-01-01,NOW' });
    const shown = (values: readonly string[]) => values.map((value) => isProjected(open, value));
    expect(shown(['2023-12-31', '2024-01-01', '2999-12-31', '2024-1-1'])).toEqual([false, true, true, false]);
    const both = projectionOf({ type: 'date', format: 'yyyy-MM', range: 'NOW-3YEARS,NOW+1MONTH' });
    expect(['1999-12', '2999-01', '1999-13'].map((value) => isProjected(both, value))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('an injected value is one that a query can ask for, in the one way in which it is written', () => {
    const text = projectionOf({ type: 'injected' });
    const texts = ['a-1', 'Köln', 'a b', '', 'a/b', 'a:b', 'a%3Ab', '__HIVE_DEFAULT_PARTITION__', '\\N'];
    expect(texts.map((value) => isProjected(text, value))).toEqual([
      ...[true, true, true, false, false, false, false, false, false],
    ]);
    const number = projectionOf({ type: 'injected' }, { kind: 'int' });
    expect(['0', '-7', '12', '07', '-0', '', 'x'].map((value) => isProjected(number, value))).toEqual([
      ...[true, true, true, false, false, false, false],
    ]);
  });

  test('what is computed is said in words', () => {
    const text = (settings: ProjectionSettings) => projectionText(projectionOf(settings));
    expect(text({ type: 'enum', values: 'a,b' })).toBe('one of a, b');
    expect(text({ type: 'enum', values: 'a,b,c,d,e,f,g,h,i,j,k,l' })).toBe(
      'one of a, b, c, d, e, f, g, h, i, j and 2 more',
    );
    expect(text({ type: 'integer', range: '0,23', digits: '2' })).toBe('a number from 00 to 23');
    expect(text({ type: 'integer', range: '0,20', interval: '5' })).toBe('a number from 0 to 20, every 5');
    expect(text({ type: 'date', format: 'yyyy-MM-dd', range: '2021-01-01, NOW ' })).toBe(
      'yyyy-MM-dd from 2021-01-01 to NOW, each day',
    );
    expect(text({ type: 'injected' })).toBe('a value that needs no escape');
  });
});

describe('LAK-15 (A5): settings that Athena refuses, or that nobody could check', () => {
  const days = { type: 'date', format: 'yyyy-MM-dd', range: '2024-01-01,NOW' };
  const cases: readonly (readonly [ProjectionSettings, problem: string, suggestion?: string])[] = [
    [{}, 'type: type is missing: expected enum, integer, date, injected'],
    [{ type: 'dates' }, 'type: type "dates" is not known: expected enum, integer, date, injected', 'date'],
    [{ type: 'enum' }, 'values: a projection of type enum needs values'],
    [
      { type: 'enum', values: 'DE, AT' },
      'values: the value " AT" is empty, or begins or ends with white space',
    ],
    [{ type: 'enum', values: 'DE,' }, 'values: the value "" is empty'],
    [{ type: 'enum', values: 'a:b' }, 'values: the value "a:b" holds a character that is escaped in folders'],
    [{ type: 'enum', values: 'a', digits: '2' }, 'digits: digits says nothing of type enum: remove it'],
    [{ type: 'integer', range: '5-9' }, 'range: "5-9" is not a range of whole numbers'],
    [{ type: 'integer', range: '9,5' }, 'range: "9,5" is not a range of whole numbers'],
    [{ type: 'integer', range: '0,9223372036854775808' }, 'range: "0,9223372036854775808" is not a range'],
    [
      { type: 'integer', range: '1,2', interval: '0' },
      'interval: interval "0" is not a whole number above 0',
    ],
    [{ type: 'integer', range: '1,2', digits: 'x' }, 'digits: digits "x" is not a whole number above 0'],
    [
      { ...days, format: 'YYYY-MM-dd' },
      'format: format "YYYY-MM-dd" cannot be checked: YYYY is not',
      'yyyy-MM-dd',
    ],
    [{ ...days, format: 'yyyy-mm-dd' }, 'there is no month (MM)', 'yyyy-MM-dd'],
    [{ ...days, format: 'yyyy-MM-DD' }, 'DD is not a number', 'yyyy-MM-dd'],
    [{ ...days, format: 'MM-dd' }, 'there is no year (yyyy)'],
    [{ ...days, format: 'yyyy-MM-dd-MM' }, 'the month stands twice'],
    [{ ...days, format: 'yyyyMd' }, 'a number without a fixed width must be followed by something else'],
    [{ ...days, format: 'yyyy-MMM-dd' }, 'MMM is not a number of one or two digits'],
    [{ ...days, format: 'yy-MM-dd' }, 'a year has four digits (yyyy)'],
    [{ ...days, format: "yyyy-MM-dd'T" }, "'T is a quote that does not end"],
    [{ ...days, format: 'yyyy[-MM]' }, 'holds a character that patterns reserve'],
    [{ ...days, format: 'y'.repeat(65) }, 'it has more than 64 characters'],
    [{ ...days, format: 'yyyy/MM/dd' }, 'writes "2026/11/30", which is not the name of one folder'],
    [
      { ...days, range: '2024-1-1,NOW' },
      'range: "2024-1-1" is neither a date as format writes it ("2026-11-30")',
    ],
    [{ ...days, range: '2024-02-30,NOW' }, 'range: "2024-02-30" is neither a date'],
    [{ ...days, range: '2024-01-01' }, 'range: "2024-01-01" is neither a date'],
    [{ ...days, range: '2024-01-01,now' }, 'range: "now" is neither a date', 'NOW'],
    [{ ...days, range: '2024-01-02,2024-01-01' }, 'range: "2024-01-02" is not before "2024-01-01"'],
    [{ ...days, range: '2024-01-01,2024-01-01' }, 'range: "2024-01-01" is not before "2024-01-01"'],
    [{ ...days, range: 'NOW,NOW-3DAYS' }, 'range: "NOW" is not before "NOW-3DAYS"'],
    [{ ...days, interval: '-1' }, 'interval: interval "-1" is not a whole number above 0'],
    [{ ...days, 'interval.unit': 'DAY' }, 'interval.unit "DAY" is not known', 'DAYS'],
    [{ ...days, 'interval.unit': 'HOURS' }, 'interval.unit HOURS is finer than what format writes', 'DAYS'],
    [
      { type: 'date', format: 'yyyy-MM-dd-HH', range: 'NOW-1YEAR,NOW' },
      'interval.unit is missing: Athena has a default for days and months alone, here state interval: 1 and interval.unit: HOURS',
    ],
    [
      { ...days, range: 'NOW-1YEARS,NOW', interval: '7' },
      'range: steps of 7 DAYS from NOW-1YEARS compute other folders each time',
    ],
    [
      { ...days, range: '2024-01-31,NOW', 'interval.unit': 'MONTHS' },
      'range: steps of MONTHS from day 31 have no such day in every month',
    ],
  ];
  test.each(cases.map(([settings, problem, suggestion]) => ({ settings, problem, suggestion })))(
    '$problem',
    ({ settings, problem, suggestion }) => {
      const read = readKeyProjection(settings, STRING);
      const problems = read.ok ? [] : read.problems;
      expect(problems.map(({ setting, message }) => `${setting}: ${message}`).join('\n')).toContain(problem);
      expect(problems.map((one) => one.suggestion).find((one) => one !== undefined)).toBe(suggestion);
    },
  );

  test('types of keys that Trino computes', () => {
    const enumOf = readKeyProjection({ type: 'enum', values: '1' }, { kind: 'int' });
    expect(enumOf).toMatchObject({ ok: false, problems: [{ setting: 'type' }] });
    expect(readKeyProjection({ type: 'integer', range: '1,2' }, { kind: 'int' }).ok).toBe(true);
    expect(readKeyProjection({ type: 'integer', range: '1,2' }, { kind: 'date' }).ok).toBe(false);
    expect(readKeyProjection(days, { kind: 'date' }).ok).toBe(true);
    expect(
      readKeyProjection({ ...days, format: 'yyyyMMdd', range: '20240101,NOW' }, { kind: 'date' }),
    ).toEqual({
      ok: false,
      problems: [
        {
          setting: 'format',
          message:
            'format "yyyyMMdd" writes no value of a date key ("20261130"): use yyyy-MM-dd, or declare the key as string',
          suggestion: 'yyyy-MM-dd',
        },
      ],
    });
  });

  test('no pattern, and no value, takes it apart', () => {
    const token = fc.constantFrom(
      'yyyy',
      'MM',
      'M',
      'dd',
      'd',
      'HH',
      'm',
      's',
      '-',
      "'",
      "''",
      'T',
      '[',
      ' ',
      'Y',
      '0',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), fc.string(), (tokens, value) => {
        const format = tokens.join('');
        const read = readDatePattern(format);
        if (!read.ok && read.suggestion !== undefined) expect(readDatePattern(read.suggestion).ok).toBe(true);
        const projection = readKeyProjection({ type: 'date', format, range: 'NOW-1YEAR,NOW' }, STRING);
        if (projection.ok) isProjected(projection.projection, value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('LAK-15 (A5): a change that loses what is read waits for a person', () => {
  const days = { type: 'date', format: 'yyyy-MM-dd', range: '2024-01-01,2024-12-31' };
  const numbers = { type: 'integer', range: '0,10' };
  const cases: readonly (readonly [
    before: ProjectionSettings,
    after: ProjectionSettings,
    covers: boolean,
  ])[] = [
    [{ type: 'enum', values: 'a,b' }, { type: 'enum', values: 'b,c,a' }, true],
    [{ type: 'enum', values: 'a,b' }, { type: 'enum', values: 'a' }, false],
    [{ type: 'enum', values: '1,2' }, numbers, true],
    [{ type: 'enum', values: 'a' }, { type: 'injected' }, false],
    [{ type: 'injected' }, { type: 'injected' }, true],
    [{ type: 'injected' }, { type: 'enum', values: 'a' }, false],
    [numbers, { ...numbers, range: '-5,11' }, true],
    [numbers, { ...numbers, range: '1,11' }, false],
    [numbers, { ...numbers, range: '0,9' }, false],
    [numbers, { ...numbers, digits: '2' }, false],
    [numbers, { ...numbers, interval: '2' }, false],
    [{ ...numbers, interval: '4' }, { ...numbers, interval: '2' }, true],
    [{ ...numbers, interval: '4' }, { ...numbers, range: '-1,10', interval: '2' }, false],
    [days, days, true],
    [days, { ...days, range: '2023-12-01,2025-12-31' }, true],
    [days, { ...days, range: '2024-01-02,2024-12-31' }, false],
    [days, { ...days, range: '2024-01-01,2024-12-30' }, false],
    [days, { ...days, range: '2024-01-01,NOW' }, false],
    [{ ...days, range: '2024-01-01,NOW' }, { ...days, range: '2023-01-01,NOW' }, true],
    [{ ...days, range: 'NOW-1YEAR,NOW' }, { ...days, range: 'NOW-2YEARS,NOW' }, false],
    [days, { ...days, format: 'yyyy_MM_dd', range: '2024_01_01,2024_12_31' }, false],
    [days, { ...days, interval: '2' }, false],
    [days, numbers, false],
  ];
  test.each(cases)('%j to %j: %s', (before, after, expected) => {
    expect(covers(projectionOf(after), projectionOf(before))).toBe(expected);
  });
});

describe('LAK-15 (A5): the contract states it, and every mistake is told at its place', () => {
  const KEYS = `${COLUMN}
- { name: dt, logicalType: date, physicalType: date, partitioned: true, partitionKeyPosition: 1 }
- { name: Country, logicalType: string, physicalType: string, partitioned: true, partitionKeyPosition: 2 }`;
  const stated = (projection: string, partitions = 'projected') =>
    contractText(KEYS, {
      more: `customProperties:\n  - property: headgate\n    value:\n      partitions: ${partitions}\n      projection:\n${projection}`,
    });
  const GOOD = `        dt: { type: date, format: yyyy-MM-dd, range: "2024-01-01,NOW" }
        country: { type: enum, values: "DE,AT" }`;

  test('read in the order of the keys, whatever the case of their names', () => {
    const [table] = contractOf(stated(GOOD)).tables;
    expect(table?.projection).toEqual([
      { kind: 'date', format: 'yyyy-MM-dd', from: '2024-01-01', to: 'NOW', interval: 1, unit: 'DAYS' },
      { kind: 'enum', values: ['DE', 'AT'] },
    ]);
    expect(contractOf(contractText(KEYS)).tables[0]).not.toHaveProperty('projection');
  });

  test('numbers need no quotes', () => {
    const text = contractText(
      `${COLUMN}\n- { name: hour, physicalType: string, partitioned: true, partitionKeyPosition: 1 }`,
      {
        more: 'customProperties: [{ property: headgate, value: { partitions: projected, projection: { hour: { type: integer, range: "0,23", digits: 2 } } } }]',
      },
    );
    expect(contractOf(text).tables[0]?.projection).toEqual([
      { kind: 'integer', from: '0', to: '23', interval: '1', digits: 2 },
    ]);
  });

  test.each([
    [
      'a key without settings',
      stated('        dt: { type: injected }'),
      [
        'projection-invalid',
        'dt: type injected computes no date: declare the key as string, varchar, int, bigint',
      ],
    ],
    [
      'every key needs some',
      stated('        country: { type: injected }'),
      [
        'projection-invalid@17:13',
        'partition key dt has no settings: Athena computes every key, or fails each query',
      ],
    ],
    [
      'a key that is none',
      stated(`${GOOD}\n        county: { type: injected }`),
      [
        'projection-invalid@19:21',
        'projection names county, which is no partition key: did you mean `country`?',
      ],
    ],
    [
      'a setting that is none',
      stated(GOOD.replace('format:', 'formt:')),
      ['unknown-key@17:31', 'unknown key `formt`: did you mean `format`?'],
    ],
    [
      'a format that is misspelled',
      stated(GOOD.replace('yyyy-MM-dd', 'YYYY-MM-dd')),
      [
        'projection-invalid@17:39',
        'projection of dt: format "YYYY-MM-dd" cannot be checked',
        'did you mean yyyy-MM-dd?',
      ],
    ],
    [
      'registered partitions',
      stated(GOOD, 'registered'),
      [
        'projection-invalid@17:13',
        'projection without `partitions: projected`: state that too, or remove projection',
      ],
    ],
    [
      'a template',
      stated(`${GOOD}\n      storage.location.template: "s3://lake/t/x/"`),
      [
        'value-invalid@19:38',
        'storage.location.template: is not supported: partitions lie below name=value folders',
      ],
    ],
    ['no mapping', stated('        dt: date'), ['value-type@17:17', 'dt: expected a mapping, got text']],
  ])('%s', (_, text, parts) => {
    const issues = issuesOf(text).join('\n');
    for (const part of parts) expect(issues).toContain(part);
  });

  test('settings of the whole contract are for the tables that have such keys', () => {
    const top = `customProperties: [{ property: headgate, value: { partitions: projected, projection: { dt: { type: date, format: yyyy-MM-dd, range: "2024-01-01,NOW" }, other: { type: injected } } } }]\n`;
    const one = contractText(
      `${COLUMN}\n- { name: dt, logicalType: date, physicalType: date, partitioned: true, partitionKeyPosition: 1 }`,
      { top },
    );
    expect(contractOf(one).tables[0]?.projection).toHaveLength(1);
  });
});
