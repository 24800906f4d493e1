import { describe, expect, test } from 'vitest';
import { formatHiveType } from '../../src/judge/types/format-hive-type.ts';
import { type HiveType, isScalar, type PlainKind } from '../../src/judge/types/hive-type.ts';
import { parseHiveType } from '../../src/judge/types/parse-hive-type.ts';
import { fc } from '../support/property.ts';

describe('TYP-1: Hive types both ways', () => {
  test.each<[string, HiveType]>([
    ['boolean', { kind: 'boolean' }],
    ['tinyint', { kind: 'tinyint' }],
    ['smallint', { kind: 'smallint' }],
    ['int', { kind: 'int' }],
    ['bigint', { kind: 'bigint' }],
    ['float', { kind: 'float' }],
    ['double', { kind: 'double' }],
    ['string', { kind: 'string' }],
    ['binary', { kind: 'binary' }],
    ['date', { kind: 'date' }],
    ['timestamp', { kind: 'timestamp' }],
    ['decimal(38,0)', { kind: 'decimal', precision: 38, scale: 0 }],
    ['decimal(12,12)', { kind: 'decimal', precision: 12, scale: 12 }],
    ['varchar(65535)', { kind: 'varchar', length: 65535 }],
    ['char(255)', { kind: 'char', length: 255 }],
    ['array<int>', { kind: 'array', element: { kind: 'int' } }],
    [
      'map<string,array<date>>',
      { kind: 'map', key: { kind: 'string' }, value: { kind: 'array', element: { kind: 'date' } } },
    ],
    [
      'struct<a:int,b_2:struct<ü:string>>',
      {
        kind: 'struct',
        fields: [
          { name: 'a', type: { kind: 'int' } },
          { name: 'b_2', type: { kind: 'struct', fields: [{ name: 'ü', type: { kind: 'string' } }] } },
        ],
      },
    ],
  ])('%s', (text, type) => {
    expect(parseHiveType(text)).toEqual({ ok: true, type });
    expect(formatHiveType(type)).toBe(text);
  });

  test.each([
    ['  INT ', 'int'],
    ['Array < Int >', 'array<int>'],
    ['decimal( 10 , 2 )', 'decimal(10,2)'],
    ['decimal', 'decimal(10,0)'],
    ['decimal(7)', 'decimal(7,0)'],
    ['STRUCT<A:INT, b : string>', 'struct<A:int,b:string>'],
    ['map< string , int >', 'map<string,int>'],
  ])('%j is %s', (text, canonical) => {
    const parsed = parseHiveType(text);
    expect(parsed.ok && formatHiveType(parsed.type)).toBe(canonical);
  });

  const plain = fc.constantFrom<PlainKind>(
    'boolean',
    'tinyint',
    'smallint',
    'int',
    'bigint',
    'float',
    'double',
    'string',
    'binary',
    'date',
    'timestamp',
  );
  const anyType: fc.Arbitrary<HiveType> = fc.letrec<{ type: HiveType }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 4 },
      plain.map((kind): HiveType => ({ kind })),
      fc
        .integer({ min: 1, max: 38 })
        .chain((precision) =>
          fc
            .integer({ min: 0, max: precision })
            .map((scale): HiveType => ({ kind: 'decimal', precision, scale })),
        ),
      fc.integer({ min: 1, max: 65535 }).map((length): HiveType => ({ kind: 'varchar', length })),
      fc.integer({ min: 1, max: 255 }).map((length): HiveType => ({ kind: 'char', length })),
      tie('type').map((element): HiveType => ({ kind: 'array', element })),
      fc.tuple(tie('type'), tie('type')).map(([key, value]): HiveType => ({ kind: 'map', key, value })),
      fc.uniqueArray(fc.stringMatching(/^[a-z0-9_]{1,8}$/), { minLength: 1, maxLength: 4 }).chain((names) =>
        fc.tuple(...names.map(() => tie('type'))).map(
          (types): HiveType => ({
            kind: 'struct',
            fields: names.map((name, index) => ({ name, type: types[index] ?? { kind: 'int' } })),
          }),
        ),
      ),
    ),
  })).type;

  test('what is written is read back as it was', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(parseHiveType(formatHiveType(type))).toEqual({ ok: true, type });
      }),
      { numRuns: 500 },
    );
  });

  test('any text is read or refused with a place inside it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'struct<array map:int,()10 -"é'), maxLength: 40 }),
        (text) => {
          const parsed = parseHiveType(text);
          if (!parsed.ok)
            expect(parsed.at >= 0 && parsed.at <= text.length && parsed.expected !== '').toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('scalars', () => {
    expect(isScalar({ kind: 'decimal', precision: 1, scale: 0 })).toBe(true);
    for (const text of ['array<int>', 'map<int,int>', 'struct<a:int>']) {
      const parsed = parseHiveType(text);
      expect(parsed.ok && isScalar(parsed.type)).toBe(false);
    }
  });
});

describe('TYP-2: what is no type, and where', () => {
  test.each<[text: string, at: number, expected: string, suggestion?: string]>([
    ['', 0, 'a type'],
    ['<', 0, 'a type'],
    ['integer', 0, 'a Hive type', 'int'],
    ['LONG', 0, 'a Hive type', 'bigint'],
    ['text', 0, 'a Hive type', 'string'],
    ['number(10)', 0, 'a Hive type', 'decimal'],
    ['timestamp_ntz', 0, 'a Hive type', 'timestamp'],
    ['stirng', 0, 'a Hive type', 'string'],
    ['quux', 0, 'a Hive type'],
    ['int x', 4, 'the end of the type'],
    ['int)', 3, 'the end of the type'],
    ['decimal(39,2)', 8, 'a precision from 1 to 38'],
    ['decimal(0)', 8, 'a precision from 1 to 38'],
    ['decimal(10,11)', 11, 'a scale from 0 to 10'],
    ['decimal(x)', 8, 'a precision from 1 to 38'],
    ['decimal(10', 10, '`)`'],
    ['varchar', 7, '`(`'],
    ['varchar(0)', 8, 'a length from 1 to 65535'],
    ['varchar(65536)', 8, 'a length from 1 to 65535'],
    ['char(256)', 5, 'a length from 1 to 255'],
    ['char(1', 6, '`)`'],
    ['array', 5, '`<`'],
    ['array<>', 6, 'a type'],
    ['array<int', 9, '`>`'],
    ['map<int>', 7, '`,`'],
    ['map<int,>', 8, 'a type'],
    ['struct<>', 7, 'a field name of letters, digits and _'],
    ['struct<a-b:int>', 8, '`:`'],
    ['struct<a>', 8, '`:`'],
    ['struct<a:int,A:int>', 13, 'a field name that is not taken, case ignored'],
    ['struct<a:int', 12, '`>`'],
    ['struct<a:integer>', 9, 'a Hive type', 'int'],
  ])('%j stops at %i', (text, at, expected, suggestion) => {
    expect(parseHiveType(text)).toEqual({ ok: false, at, expected, ...(suggestion && { suggestion }) });
  });

  test('depth and length are bounded', () => {
    const nest = (depth: number) => `${'array<'.repeat(depth)}int${'>'.repeat(depth)}`;
    expect(parseHiveType(nest(64)).ok).toBe(true);
    expect(parseHiveType(nest(65))).toEqual({
      ok: false,
      at: 65 * 6,
      expected: 'at most 64 levels of nesting',
    });
    expect(parseHiveType('int'.padStart(131_072)).ok).toBe(true);
    expect(parseHiveType('int'.padStart(131_073))).toEqual({
      ok: false,
      at: 131_072,
      expected: 'at most 131072 characters',
    });
  });
});
