import { describe, expect, test } from 'vitest';
import { predict, predictWorst } from '../../src/judge/athena/predict.ts';
import { column, hive } from '../support/athena-case.ts';

const INT_LIST = 'optional group c (LIST) { repeated group list { optional int32 element } }';
const PAIRS =
  'optional group c (LIST) { repeated group list { optional group element { optional int32 key; optional int32 value } } }';
const TRIPLES =
  'optional group c (LIST) { repeated group list { optional group element { optional int32 key; optional int32 value; optional int32 x } } }';
const MAP =
  'optional group c (MAP) { repeated group key_value { required int32 key; optional int32 value } }';
const STRUCT1 = 'optional group c { optional int32 key }';
const OTHER_PAIRS = PAIRS.replace('key', 'a');
const STRUCT2 = 'optional group c { optional int32 key; optional int32 value }';
const STRUCT3 = 'optional group c { optional int32 key; optional int32 value; optional int32 x }';

/** Reference 4.1 and 4.2, cell by cell at engine 422: every place that is not right, as `place row effect`. */
const cells: readonly (readonly [declared: string, stored: string, ...found: readonly string[]])[] = [
  ['array<int>', INT_LIST],
  ['array<bigint>', INT_LIST],
  ['array<string>', INT_LIST, '[] K72 query-fails'],
  ['array<double>', INT_LIST, '[] K71 query-fails'],
  ['array<struct<key:int,value:int>>', PAIRS],
  ['array<struct<key:int>>', PAIRS],
  ['array<struct<key:int,other:int>>', PAIRS, '[].other K51 wrong-results'],
  ['array<struct<a:int,b:int>>', PAIRS, ' K52 query-fails'],
  ['array<int>', PAIRS, '[] K76 query-fails'],
  ['array<struct<key:int>>', INT_LIST, '[] K81 query-fails'],
  ['map<int,int>', PAIRS],
  ['map<string,int>', PAIRS, '{key} K72 query-fails'],
  ['map<int,int>', OTHER_PAIRS, ' K58 wrong-results'],
  ['map<int,int>', TRIPLES, ' K59 wrong-results'],
  ['map<int,int>', INT_LIST, ' K81 query-fails'],
  ['struct<key:int>', INT_LIST, ' K57 wrong-results'],
  ['map<int,int>', MAP],
  ['map<int,string>', MAP, '{} K72 query-fails'],
  ['map<double,int>', MAP, '{key} K71 query-fails'],
  ['array<struct<key:int,value:int>>', MAP],
  ['array<struct<a:int>>', MAP, ' K57 query-fails'],
  ['array<int>', MAP, '[] K81 query-fails'],
  ['struct<key:int>', MAP, ' K57 wrong-results'],
  [
    'map<int,int>',
    'optional group c (MAP) { repeated group key_value { required int32 key } }',
    ' K81 query-fails',
  ],
  [
    'map<struct<a:int>,int>',
    'optional group c (MAP) { repeated group key_value { required group key { optional int32 b }; optional int32 value } }',
    ' K52 query-fails',
  ],
  [
    'map<int,struct<a:int>>',
    'optional group c (MAP) { repeated group key_value { required int32 key; optional group value { optional int32 b } } }',
    ' K52 query-fails',
  ],
  ['struct<key:int>', STRUCT1],
  ['struct<KEY:int>', STRUCT1],
  ['struct<key:int>', STRUCT3],
  ['struct<x:int,value:int,key:int>', STRUCT3],
  ['struct<key:int,gone:int>', STRUCT2, '.gone K51 wrong-results'],
  ['struct<key:string>', STRUCT2, '.key K72 query-fails'],
  ['struct<key:double>', STRUCT1, '.key K71 query-fails'],
  ['struct<gone:int>', STRUCT2, ' K52 wrong-results'],
  [
    'struct<a:struct<b:int>>',
    'optional group c { optional group a { optional int32 x } }',
    ' K52 wrong-results',
  ],
  [
    'struct<a:struct<b:int>,d:int>',
    'optional group c { optional group a { optional int32 x }; optional int32 d }',
    '.a K52 wrong-results',
  ],
  [
    'struct<key:int>',
    'optional group c { optional int32 key; optional int32 KEY }',
    '.key K61 wrong-results',
  ],
  [
    'struct<a:array<int>>',
    'optional group c { optional group a { optional int32 x; optional int32 y } }',
    ' K52 wrong-results',
  ],
  [
    'struct<a:array<int>,b:int>',
    'optional group c { optional group a { optional int32 x; optional int32 y }; optional int32 b }',
    '.a K57 wrong-results',
  ],
  ['array<int>', STRUCT1, ' K80 wrong-results'],
  ['array<int>', STRUCT2, ' K57 wrong-results'],
  ['map<int,int>', STRUCT1, ' K81 query-fails'],
  ['map<int,int>', STRUCT2, ' K58 wrong-results'],
  ['map<int,int>', STRUCT3, ' K59 wrong-results'],
  ['int', STRUCT1, ' K76 query-fails'],
  ['array<int>', 'optional int32 c', ' K76 query-fails'],
  ['map<int,int>', 'optional int32 c', ' K76 query-fails'],
  ['struct<a:int>', 'optional int32 c', ' K76 query-fails'],
  ['array<int>', 'repeated int32 c', ' K78 query-fails'],
  ['int', 'repeated int32 c', ' K80 wrong-results'],
  ['map<int,int>', 'repeated int32 c', ' K76 query-fails'],
  ['array<struct<a:int>>', 'repeated group c { optional int32 a; optional int32 b }', ' K60 wrong-results'],
  ['array<struct<a:int>>', 'repeated group c { optional int32 a }', '[] K81 query-fails'],
  ['struct<a:int>', 'repeated group c { optional int32 a; optional int32 b }', ' K80 query-fails'],
  ['map<int,int>', 'repeated group c { optional int32 a; optional int32 b }', ' K80 query-fails'],
  ['array<int>', 'optional group c (LIST) { repeated int32 element }'],
  [
    'array<struct<a:int,b:int>>',
    'optional group c (LIST) { repeated group element { optional int32 a; optional int32 b } }',
  ],
  ['array<struct<a:int>>', 'optional group c (LIST) { repeated group array { optional int32 a } }'],
  ['array<struct<a:int>>', 'optional group c (LIST) { repeated group c_tuple { optional int32 a } }'],
  ['array<int>', 'optional group c (LIST) { repeated group bag { optional int32 a } }'],
  [
    'array<struct<a:int>>',
    'optional group c (LIST) { repeated group bag { optional int32 a } }',
    '[] K81 query-fails',
  ],
  ['array<array<int>>', 'optional group c (LIST) { repeated group array (LIST) { repeated int32 array } }'],
  [
    'array<array<int>>',
    'optional group c (LIST) { repeated group bag { repeated int32 a } }',
    '[] K79 query-fails',
  ],
  [
    'array<array<int>>',
    'optional group c (LIST) { repeated group list { optional group element (LIST) { repeated group list { optional int32 element } } } }',
  ],
  [
    'map<int,array<string>>',
    'optional group c (MAP) { repeated group key_value { required int32 key; optional group value (LIST) { repeated group list { optional int64 element } } } }',
    '{}[] K72 query-fails',
  ],
  [
    'struct<a:array<struct<b:map<int,date>>>>',
    'optional group c { optional group a (LIST) { repeated group list { optional group element { optional group b (MAP) { repeated group key_value { required int32 key; optional int32 value (DATE) } } } } } }',
  ],
];

describe('ATH-4: K77 nested columns resolve as Trino resolves them', () => {
  test.each(cells.map((cell, index) => [index, ...cell] as const))(
    '%i %s over %s',
    async (_, declared, stored, ...found) => {
      const { node, statistics } = await column(stored, 'none');
      const wrong = predict(hive(declared), node, statistics, 422)
        .filter(({ effect }) => effect !== 'none')
        .map(({ at, reference, effect }) => `${at} ${reference} ${effect}`);
      expect(wrong.sort()).toEqual([...found].sort());
    },
  );

  test('coercions of later versions are for top-level columns alone', async () => {
    const { node, statistics } = await column('optional group c { optional int32 x }', 'none');
    for (const type of ['double', 'string'])
      expect(predict(hive(`struct<x:${type}>`), node, statistics, 484)[0]?.effect).toBe('query-fails');
    const decimal = await column('optional group c { optional binary x (DECIMAL(9,2)) }', 'none');
    expect(predict(hive('struct<x:string>'), decimal.node, decimal.statistics, 484)[0]?.effect).toBe(
      'wrong-results',
    );
  });

  test('a bare repeated scalar is read from 441 on, and then judged by its type', async () => {
    const { node, statistics } = await column('repeated int32 c', 'none');
    expect(predict(hive('array<bigint>'), node, statistics, 441).map(({ effect }) => effect)).toEqual([
      'none',
      'none',
    ]);
    const places = predict(hive('array<string>'), node, statistics, 441).map(({ at, effect }) => [
      at,
      effect,
    ]);
    expect(places).toEqual([
      ['', 'none'],
      ['[]', 'query-fails'],
    ]);
  });

  test('every leaf is named, the right ones too', async () => {
    const { node, statistics } = await column(STRUCT3, 'none');
    expect(
      predict(hive('struct<key:int,x:bigint>'), node, statistics, 422).map(({ at, reference }) => [
        at,
        reference,
      ]),
    ).toEqual([
      ['.key', 'K01'],
      ['.x', 'K11'],
    ]);
  });

  test('of two predictions that are as bad the first speaks for its place', async () => {
    const twice = 'optional group c { optional int32 a (INTEGER(32,false)); optional int32 A }';
    const { node, statistics } = await column(twice, 'none');
    const [worst] = predictWorst(hive('struct<a:int>'), node, statistics);
    expect([worst?.at, worst?.reference, worst?.effect]).toEqual(['.a', 'K32', 'wrong-results']);
  });

  test('over all versions each place has its own worst', async () => {
    const { node, statistics } = await column(
      'optional group c { optional int32 a; optional int64 b }',
      'none',
    );
    const worst = predictWorst(hive('struct<a:date,b:bigint>'), node, statistics);
    expect(worst.map(({ at, effect, versions }) => [at, effect, versions])).toEqual([
      ['.a', 'wrong-results', 'all'],
      ['.b', 'none', 'all'],
    ]);
  });

  test('errors name what Trino names', async () => {
    const e2 = await column('optional int32 c', 'none');
    expect(predict(hive('array<int>'), e2.node, e2.statistics, 422)[0]?.error).toEqual({
      name: 'HIVE_CANNOT_OPEN_SPLIT',
      text: 'Error opening Hive split: class org.apache.parquet.io.PrimitiveColumnIO cannot be cast to class org.apache.parquet.io.GroupColumnIO',
    });
    const group = await column(STRUCT1, 'none');
    expect(predict(hive('int'), group.node, group.statistics, 422)[0]?.error?.text).toContain(
      'GroupColumnIO cannot be cast',
    );
  });
});
