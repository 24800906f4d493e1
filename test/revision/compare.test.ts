import { describe, expect, test } from 'vitest';
import type { Contract } from '../../src/judge/contract/contract.ts';
import type { Change } from '../../src/tools/revision/change.ts';
import { compareContracts } from '../../src/tools/revision/compare.ts';
import { ownFiles } from '../../src/tools/revision/own-files.ts';
import { NOW, reviseExample } from '../support/revision-example.ts';
import { contractFrom } from '../support/run-example.ts';

const revise = (contract: readonly string[], revision: readonly string[]) =>
  reviseExample({ contract, file: [], revision });

/** `rule at path: breaks (severity)` */
const inWords = ({ rule, path, breaks, severity }: Change) =>
  `${rule}${path ? ` at ${path}` : ''}: ${breaks.join('+') || 'nothing'} (${severity})`;
const changesOf = (contract: readonly string[], revision: readonly string[]) =>
  revise(contract, revision).changes.map(inWords);

describe('REV-2: what a change does to files', () => {
  test.each([
    [
      'a wider integer: old readers cannot read new files',
      ['a int'],
      ['a bigint'],
      'type-widened at a: forward (info)',
    ],
    ['a narrower integer', ['a bigint'], ['a int'], 'type-narrowed at a: backward (error)'],
    [
      'fewer digits after the point',
      ['a decimal(10,4)'],
      ['a decimal(10,2)'],
      'decimal-scale-reduced at a: backward+forward (error)',
    ],
    [
      'fewer digits in all',
      ['a decimal(14,2)'],
      ['a decimal(12,2)'],
      'decimal-digits-reduced at a: backward (error)',
    ],
    ['more digits', ['a decimal(12,2)'], ['a decimal(14,2)'], 'type-widened at a: forward (info)'],
    ['another kind', ['a string'], ['a int'], 'type-changed at a: backward+forward (error)'],
    [
      'a list for a scalar',
      ['a string'],
      ['a array<string>'],
      'nesting-changed at a: backward+forward (error)',
    ],
    ['a new column', ['a int'], ['a int', 'b string'], 'column-added at b: backward (error)'],
    ['a dropped column', ['a int', 'b string'], ['a int'], 'column-removed at b: forward (warning)'],
    [
      'a new field',
      ['s struct<a:int>'],
      ['s struct<a:int,b:string>'],
      'column-added at s.b: backward (error)',
    ],
    [
      'a dropped field',
      ['s array<struct<a:int,b:int>>'],
      ['s array<struct<a:int>>'],
      'column-removed at s[].b: forward (info)',
    ],
    ['nulls no longer allowed', ['a int'], ['a int required'], 'required-null at a: backward (error)'],
    ['nulls allowed', ['a int required'], ['a int'], 'required-null at a: forward (info)'],
    ['a tighter limit', ['a double min=0'], ['a double min=5'], 'quality-changed at a: backward (error)'],
    ['a looser limit', ['a double min=5'], ['a double min=0'], 'quality-changed at a: forward (info)'],
    [
      'fewer rows at most: the fullest old file is held',
      ['a int', 'rowCount mustBeLessThan 500'],
      ['a int', 'rowCount mustBeLessThan 100'],
      'quality-changed: backward (error)',
    ],
    [
      'a row at least: the empty old file is held',
      ['a int'],
      ['a int', 'rowCount mustBeGreaterThan 0'],
      'quality-changed: backward (error)',
    ],
    [
      'another unit',
      ['a timestamp parquetType=TIMESTAMP(MICROS,true)'],
      ['a timestamp parquetType=TIMESTAMP(MILLIS,true)'],
      'timestamp-unit at a: nothing (info)',
    ],
    [
      'keys in another order',
      ['a int', 'd date partition', 'c string partition'],
      ['a int', 'c string partition', 'd date partition'],
      'partitioning-changed: backward+forward (error)',
    ],
    ['columns in another order', ['a int', 'b int'], ['b int', 'a int'], 'column-order: nothing (info)'],
    [
      'another name',
      ['order_id string'],
      ['orderId string'],
      'column-renamed at orderId: backward+forward (error)',
    ],
  ])('%s', (_, base, revision, expected) => {
    expect(changesOf(base, revision)).toEqual([expected]);
  });

  test('a witness keeps its own version, also where most files that were thought of do not', () => {
    const { witnesses } = revise(['a int', 'rowCount mustBe 0'], ['a int', 'rowCount mustBe 5']);
    expect(witnesses.map(({ direction, facts }) => [direction, facts.rows])).toEqual([
      ['backward', 0],
      ['forward', 5],
    ]);
  });

  test('files that keep a version store no type wider than declared', () => {
    const [table] = contractFrom({ contract: ['a int', 'b smallint'], file: [] }).tables;
    const stored = ownFiles(table as Contract['tables'][number]).flatMap(({ facts }) =>
      facts.leaves.map(({ name, physicalType }) => `${name} ${physicalType}`),
    );
    expect(new Set(stored)).toEqual(new Set(['a INT32', 'b INT32']));
  });

  test('says what a query does, with the row that says so', () => {
    const [change] = revise(['a bigint'], ['a int']).changes;
    expect(change).toMatchObject({
      expected: 'bigint',
      actual: 'int',
      declaredAt: { file: 'c.yaml', line: 13 },
      backward: [{ rule: 'type-widened', effect: 'query-fails', prediction: { effect: 'query-fails' } }],
    });
  });

  test('an added field, too, is compatible when the new version accepts the old one; a renamed one is held', () => {
    const versionOf = (type: string, version: string) => {
      const contract = contractFrom({ contract: [`s ${type}`], file: [] });
      const policy = { accept: [{ version: '1.0.0', until: '2026-12-31' }] };
      return {
        ...contract,
        version,
        tables: contract.tables.map((table) => ({
          ...table,
          contractVersion: version,
          policy: { ...table.policy, ...policy },
        })),
      };
    };
    const base = versionOf('struct<a:int,in:struct<x:int>>', '1.0.0');
    const breaksOf = (type: string) =>
      compareContracts(base, versionOf(type, '1.1.0'), { now: NOW }).changes.flatMap(({ path, breaks }) =>
        breaks.includes('backward') ? [path] : [],
      );
    expect(breaksOf('struct<a:int,in:struct<x:int>,b:string>')).toEqual([]);
    expect(breaksOf('struct<a:int,in:struct<x:int,y:array<int>>>')).toEqual([]);
    expect(breaksOf('struct<a:int,in:struct<y:int>>')).not.toEqual([]);
  });

  test('an added column is compatible when the new version accepts the old one', () => {
    const revised = (accept: string) => {
      const contract = contractFrom({ contract: ['a int', 'b string'], file: [] });
      return {
        ...contract,
        version: '1.1.0',
        tables: contract.tables.map((table) => ({
          ...table,
          policy: { ...table.policy, accept: [{ version: '1.0.0', until: accept }] },
        })),
      };
    };
    const base = contractFrom({ contract: ['a int'], file: [] });
    const accepted = compareContracts(base, revised('2026-12-31'), { now: NOW });
    expect(accepted).toMatchObject({ level: 'minor', nextVersion: '1.1.0', acceptable: [] });
    const expired = compareContracts(base, revised('2026-01-31'), { now: NOW });
    expect(expired).toMatchObject({ level: 'major', nextVersion: '2.0.0', acceptable: ['t'] });
  });
});

describe('REV-4: compatibility, versions and waivers', () => {
  const withPolicy = (
    contract: Contract,
    policy: Partial<Contract['tables'][number]['policy']>,
  ): Contract => ({
    ...contract,
    tables: contract.tables.map((table) => ({ ...table, policy: { ...table.policy, ...policy } })),
  });
  const [wide, narrow] = [
    ['a bigint', 'b int'],
    ['a int', 'b int'],
  ].map((contract) => contractFrom({ contract, file: [] })) as [Contract, Contract];

  test.each([
    ['backward', 'error', 'info'],
    ['forward', 'info', 'error'],
    ['full', 'error', 'error'],
    ['none', 'info', 'info'],
  ] as const)('%s', (compatibility, narrower, wider) => {
    const compare = (base: Contract, revision: Contract) =>
      compareContracts(withPolicy(base, { compatibility }), withPolicy(revision, { compatibility }), {
        now: NOW,
      })
        .changes.filter(({ path }) => path === 'a')
        .map(({ severity }) => severity);
    expect([compare(wide, narrow), compare(narrow, wide)]).toEqual([[narrower], [wider]]);
  });

  test('an _all mode tells what breaks against each older version, once', () => {
    const all = withPolicy(narrow, { compatibility: 'backward_all' });
    const { changes } = compareContracts(
      { ...all, version: '0.9.0' },
      { ...all, version: '0.9.1' },
      {
        now: NOW,
        older: [{ ...wide, version: '0.8.0' }],
      },
    );
    expect(changes).toMatchObject([{ rule: 'type-narrowed', path: 'a', severity: 'error', since: '0.8.0' }]);
    expect(changes).toHaveLength(1);
  });

  test('without _all, older versions are not asked', () => {
    const older = [{ ...wide, version: '0.8.0' }];
    const { changes } = compareContracts(
      { ...withPolicy(narrow, { compatibility: 'backward' }), version: '0.9.0' },
      { ...withPolicy(narrow, { compatibility: 'backward' }), version: '0.9.1' },
      { now: NOW, older },
    );
    expect(changes).toEqual([]);
  });

  test.each([
    ['1.4.2', ['a int'], ['a string'], '2.0.0'],
    ['1.4.2', ['a int required'], ['a int required', 'd date partition'], '2.0.0'],
    ['0.4.2', ['a int'], ['a string'], '0.5.0'],
    ['1.4.2', ['a timestamp timezone=true'], ['a timestamp'], '1.5.0'],
    ['1.4.2', ['a int'], ['a int', 'description=Orders'], '1.4.3'],
    ['1.4.2', ['a int'], ['a int'], undefined],
    ['spring', ['a int'], ['a string'], undefined],
  ])('after %s, %j to %j asks for %s', (version, base, revision, expected) => {
    const { text, ...contract } = contractFrom({ contract: base, file: [] });
    const revised = contractFrom({ contract: revision.filter((line) => !line.includes('=')), file: [] });
    const tables = revised.tables.map((table) =>
      revision.length > base.length && revision.at(-1)?.includes('=')
        ? { ...table, description: 'Orders' }
        : table,
    );
    const found = compareContracts(
      { ...contract, text, version },
      { ...revised, version, tables },
      { now: NOW },
    );
    expect(found.nextVersion).toBe(expected);
    expect(found.changes.some(({ rule }) => rule === 'version-not-bumped')).toBe(found.level !== 'none');
  });

  test('a waiver lets one break pass until its day, and the version still says that it is one', () => {
    const waiver = {
      rule: 'type-widened',
      path: 'a',
      reason: 'agreed',
      position: { line: 1, column: 1 },
    } as const;
    const compare = (until: string) =>
      compareContracts(
        wide,
        { ...withPolicy(narrow, { waivers: [{ ...waiver, until }] }), version: '2.0.0' },
        { now: NOW },
      );
    const waived = compare('2026-12-31');
    expect(waived.changes.find(({ path }) => path === 'a')).toMatchObject({
      severity: 'info',
      breaks: ['backward'],
      waived: { reason: 'agreed' },
    });
    expect(waived.level).toBe('major');
    expect(compare('2026-01-01').changes.find(({ path }) => path === 'a')).toMatchObject({
      severity: 'error',
    });
  });

  test('policy that lets more through asks for a second look', () => {
    const { changes } = compareContracts(
      wide,
      { ...withPolicy(wide, { fileMatch: 'a/*', settleSeconds: 90 }), version: '2.0.0' },
      { now: NOW },
    );
    expect(changes.map(({ rule, severity, actual }) => [rule, severity, actual])).toEqual([
      ['policy-changed', 'warning', 'fileMatch: "a/*"'],
      ['policy-changed', 'info', 'settleSeconds: 90'],
    ]);
  });
});

describe('REV-2: where a table lies', () => {
  const base = contractFrom({ contract: ['a int'], file: [] });
  const placed = (
    change: Partial<Contract['tables'][number]['placements'][number]> | undefined,
  ): Contract => ({
    ...base,
    version: '9.0.0',
    tables: base.tables.map((table) => ({
      ...table,
      placements: change ? table.placements.map((place) => ({ ...place, ...change })) : [],
    })),
  });
  const movesOf = (before: Contract, after: Contract) =>
    compareContracts(before, after, { now: NOW }).changes.map(
      ({ rule, severity, expected, actual }) => `${rule} (${severity}): ${expected} → ${actual}`,
    );

  test.each([
    [
      'another location',
      { location: 's3://lake/u/' },
      'location-changed (error): s3://lake/t/ → s3://lake/u/',
    ],
    [
      'another landing',
      { guarded: 's3://landing/u/' },
      'location-changed (warning): s3://landing/t/ → s3://landing/u/',
    ],
    ['no place any more', undefined, 'location-changed (error): s3://lake/t/ → nowhere'],
  ])('%s', (_, change, expected) => {
    expect(movesOf(base, placed(change))).toEqual([expected]);
  });

  test('a move breaks readers of the old place: it is major', () => {
    const found = compareContracts(base, placed({ location: 's3://lake/u/' }), { now: NOW });
    expect(found.level).toBe('major');
    expect(found.changes).toMatchObject([{ breaks: ['backward'] }]);
    const landing = compareContracts(base, placed({ guarded: 's3://landing/u/' }), { now: NOW });
    expect([landing.level, landing.changes[0]?.breaks]).toEqual(['minor', []]);
  });

  test('a first place, and a table that is dropped', () => {
    expect(movesOf(placed(undefined), { ...base, version: '10.0.0' })).toEqual([
      'location-changed (info): nowhere → s3://lake/t/',
    ]);
    expect(movesOf(base, { ...base, version: '9.0.0', tables: [] })).toEqual([
      'table-removed (error): t → no such table',
    ]);
  });
});

describe('REV-5: renames', () => {
  const base = ['id int', 'amt double'];
  const revision = ['id int', 'amount double'];

  test('a dropped and a new column of one type may be one: asked, not guessed', () => {
    const found = revise(base, revision);
    expect(found.likelyRenames).toEqual([{ table: 't', from: 'amt', to: 'amount' }]);
    expect(found.changes.map(({ rule }) => rule)).toEqual(['column-added', 'column-removed']);
  });

  test('stated by previousNames, it is one change', () => {
    const [a, b] = [base, revision].map((contract) => contractFrom({ contract, file: [] })) as [
      Contract,
      Contract,
    ];
    const stated = b.tables.map((table) => ({
      ...table,
      columns: table.columns.map((field) =>
        field.name === 'amount' ? { ...field, previousNames: ['amt'] } : field,
      ),
    }));
    const found = compareContracts(a, { ...b, version: '2.0.0', tables: stated }, { now: NOW });
    expect(found.changes.map(inWords)).toEqual(['column-renamed at amount: backward+forward (error)']);
  });

  test('confirmed, it is one change that breaks both ways', () => {
    const [a, b] = [base, revision].map((contract) => contractFrom({ contract, file: [] })) as [
      Contract,
      Contract,
    ];
    const found = compareContracts(
      a,
      { ...b, version: '2.0.0' },
      {
        now: NOW,
        renames: [{ table: 't', from: 'amt', to: 'amount' }],
      },
    );
    expect(found.changes.map(inWords)).toEqual(['column-renamed at amount: backward+forward (error)']);
    expect(found.likelyRenames).toEqual([]);
  });

  test('a rename with another type says both; two candidates are not guessed between', () => {
    const [change] = revise(['order_id int'], ['orderId string']).changes;
    expect(change).toMatchObject({
      rule: 'column-renamed',
      expected: 'order_id int',
      actual: 'orderId string',
    });
    expect(revise(['a int', 'b int'], ['c int', 'd int']).likelyRenames).toEqual([]);
    expect(revise(['a int', 'b int'], ['c int']).likelyRenames).toEqual([]);
    expect(revise(['a int'], ['b int', 'c int']).likelyRenames).toEqual([]);
  });
});
