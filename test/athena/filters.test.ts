import { describe, expect, test } from 'vitest';
import { predict, predictWorst } from '../../src/judge/athena/predict.ts';
import { chunksOf } from '../../src/judge/parquet/chunks.ts';
import { column, hive, inAny, inEngine, type Stats } from '../support/athena-case.ts';
import { plain } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { factsOf } from '../support/read-spec.ts';

const TWO: Stats = { min: 1n, max: 2n };
const FLOATS: Stats = { min: 1, max: 2 };

/** Reference 3.5, column by column: what a predicate makes of usable statistics, whatever selecting does. */
const table: readonly (readonly [
  declared: string,
  stored: string,
  stats: Stats,
  engine: number,
  filter: string,
])[] = [
  ['boolean', 'optional boolean c', { min: 0, max: 1 }, 422, 'none'],
  ['boolean', 'optional int32 c', TWO, 422, 'filters-may-fail'],
  ['int', 'optional int32 c (DATE)', TWO, 422, 'none'],
  ['int', 'optional int64 c', TWO, 422, 'none'],
  ['int', 'optional float c', FLOATS, 422, 'filters-may-fail'],
  ['bigint', 'optional double c', FLOATS, 422, 'filters-may-fail'],
  ['smallint', 'optional boolean c', { min: 0, max: 1 }, 422, 'filters-may-fail'],
  ['tinyint', 'optional binary c', { min: 'a', max: 'b' }, 422, 'filters-may-fail'],
  ['date', 'optional binary c (STRING)', { min: 'a', max: 'b' }, 422, 'filters-may-fail'],
  ['int', 'optional fixed_len_byte_array(4) c (DECIMAL(9,0))', TWO, 422, 'filters-may-fail'],
  ['int', 'optional int32 c (INTEGER(32,false))', { min: 1n, max: 4294967295n }, 422, 'filters-may-fail'],
  [
    'int',
    'optional int32 c (INTEGER(32,false))',
    { min: 4294967294n, max: 4294967295n },
    422,
    'wrong-results',
  ],
  ['int', 'optional int32 c (INTEGER(32,false))', { min: 1n, max: 2n }, 422, 'none'],
  [
    'bigint',
    'optional int64 c (INTEGER(64,false))',
    { min: 1n, max: 9223372036854775808n },
    422,
    'filters-may-fail',
  ],
  [
    'bigint',
    'optional int64 c (INTEGER(64,false))',
    { min: 9223372036854775808n, max: 9223372036854775809n },
    422,
    'wrong-results',
  ],
  ['int', 'optional int32 c (DECIMAL(9,2))', TWO, 422, 'wrong-results'],
  ['decimal(10,2)', 'optional int64 c (DECIMAL(10,2))', TWO, 422, 'none'],
  ['decimal(10,2)', 'optional int64 c (DECIMAL(10,3))', TWO, 476, 'wrong-results'],
  ['decimal(10,2)', 'optional int64 c (DECIMAL(10,3))', TWO, 477, 'none'],
  ['decimal(10,2)', 'optional fixed_len_byte_array(9) c (DECIMAL(20,2))', TWO, 476, 'wrong-results'],
  ['decimal(10,2)', 'optional fixed_len_byte_array(9) c (DECIMAL(20,2))', TWO, 477, 'none'],
  ['decimal(12,2)', 'optional fixed_len_byte_array(9) c (DECIMAL(10,2))', TWO, 476, 'wrong-results'],
  ['decimal(12,2)', 'optional fixed_len_byte_array(8) c (DECIMAL(10,2))', TWO, 476, 'none'],
  ['decimal(10,2)', 'optional float c', FLOATS, 477, 'filters-may-fail'],
  ['decimal(10,2)', 'optional boolean c', { min: 0, max: 1 }, 477, 'filters-may-fail'],
  ['decimal(10,2)', 'optional int32 c', TWO, 477, 'wrong-results'],
  ['decimal(10,0)', 'optional int32 c', TWO, 413, 'none'],
  ['decimal(10,2)', 'optional binary c (STRING)', { min: 'a', max: 'b' }, 422, 'wrong-results'],
  ['decimal(20,2)', 'optional int64 c (DECIMAL(10,2))', TWO, 439, 'filters-may-fail'],
  ['decimal(20,2)', 'optional int64 c (DECIMAL(10,2))', TWO, 440, 'none'],
  ['decimal(20,4)', 'optional binary c (DECIMAL(10,2))', TWO, 476, 'wrong-results'],
  ['decimal(20,4)', 'optional binary c (DECIMAL(10,2))', TWO, 477, 'none'],
  ['decimal(20,2)', 'optional double c', FLOATS, 477, 'filters-may-fail'],
  ['decimal(20,2)', 'optional int32 c', TWO, 439, 'filters-may-fail'],
  ['decimal(20,2)', 'optional int32 c', TWO, 477, 'none'],
  ['decimal(20,2)', 'optional binary c', { min: 'a', max: 'b' }, 477, 'none'],
  ['float', 'optional float c', FLOATS, 422, 'none'],
  ['float', 'optional int32 c', TWO, 422, 'filters-may-fail'],
  ['float', 'optional double c', FLOATS, 422, 'filters-may-fail'],
  ['double', 'optional double c', FLOATS, 422, 'none'],
  ['double', 'optional float c', FLOATS, 422, 'filters-may-fail'],
  ['double', 'optional int64 c', TWO, 477, 'filters-may-fail'],
  ['string', 'optional binary c (STRING)', { min: 'a', max: 'b' }, 422, 'none'],
  ['string', 'optional fixed_len_byte_array(1) c', { min: 'a', max: 'b' }, 422, 'none'],
  ['string', 'optional int32 c', TWO, 477, 'filters-may-fail'],
  ['varchar(9)', 'optional boolean c', { min: 0, max: 1 }, 477, 'filters-may-fail'],
  ['string', 'optional fixed_len_byte_array(5) c (DECIMAL(9,2))', TWO, 477, 'wrong-results'],
  ['string', 'optional int96 c', { min: new Uint8Array(12), max: new Uint8Array(12) }, 448, 'wrong-results'],
  ['string', 'optional int96 c', { min: new Uint8Array(12), max: new Uint8Array(12).fill(1) }, 448, 'none'],
  ['timestamp', 'optional int64 c', TWO, 422, 'none'],
  ['timestamp', 'optional float c', FLOATS, 422, 'none'],
  ['char(4)', 'optional int32 c', TWO, 422, 'none'],
  ['binary', 'optional int32 c', TWO, 422, 'none'],
];

/** Seen on Trino 476: a minimum above its maximum fails every predicate; of a boolean, and where none is used, it harms nothing. */
const reversed: readonly (readonly [declared: string, stored: string, stats: Stats, filter: string])[] = [
  ['int', 'optional int32 c', { min: 3n, max: 1n }, 'filters-may-fail'],
  ['bigint', 'optional int64 c', { min: 3n, max: 1n }, 'filters-may-fail'],
  ['bigint', 'optional int64 c', { min: 3n, max: 1n, legacy: true }, 'filters-may-fail'],
  ['bigint', 'optional int64 c', { min: 1n, max: 1n }, 'none'],
  ['bigint', 'optional int64 c', { min: 3n, max: 1n, nulls: 10 }, 'none'],
  ['double', 'optional double c', { min: 3.5, max: 1.5 }, 'filters-may-fail'],
  ['double', 'optional double c', { min: Number.NaN, max: 1.5 }, 'none'],
  ['date', 'optional int32 c (DATE)', { min: 3n, max: 1n }, 'filters-may-fail'],
  ['timestamp', 'optional int64 c (TIMESTAMP(MICROS,false))', { min: 3n, max: 1n }, 'filters-may-fail'],
  ['decimal(10,2)', 'optional int64 c (DECIMAL(10,2))', { min: 3n, max: -1n }, 'filters-may-fail'],
  [
    'decimal(30,2)',
    'optional fixed_len_byte_array(13) c (DECIMAL(30,2))',
    { min: 150n, max: -225n },
    'filters-may-fail',
  ],
  ['string', 'optional binary c (STRING)', { min: 'c', max: 'a' }, 'filters-may-fail'],
  ['string', 'optional binary c (STRING)', { min: 'ab', max: 'a' }, 'filters-may-fail'],
  ['string', 'optional binary c (STRING)', { min: 'a', max: 'ab' }, 'none'],
  ['string', 'optional binary c (STRING)', { min: 'low', max: 'high', legacy: true }, 'filters-may-fail'],
  ['string', 'optional binary c (STRING)', { min: 'ab', max: 'aa', legacy: true }, 'none'],
  ['string', 'optional binary c (STRING)', { min: 'ab', max: 'a', legacy: true }, 'none'],
  ['boolean', 'optional boolean c', { min: 1, max: 0 }, 'none'],
  ['binary', 'optional binary c', { min: 'c', max: 'a' }, 'none'],
];

describe('ATH-3: predicates on statistics', () => {
  test.each(table.map((entry, index) => [index, ...entry] as const))(
    '%i %s over %s',
    async (_, declared, stored, stats, engine, filter) => {
      expect((await inEngine(engine, declared, stored, stats)).filter).toBe(filter);
    },
  );

  test.each(reversed)('%s over %s with the bounds %o', async (declared, stored, stats, filter) => {
    const prediction = await inEngine(476, declared, stored, stats);
    expect(prediction.filter).toBe(filter);
    if (filter !== 'none') expect(prediction.filterError?.text).toContain('Corrupted statistics');
  });

  test('one row group whose bounds are reversed is enough', async () => {
    const honest: Stats = { min: 1n, max: 3n };
    const prediction = await inEngine(
      476,
      'bigint',
      'optional int64 c',
      honest,
      { min: 3n, max: 1n },
      honest,
    );
    expect(prediction.filter).toBe('filters-may-fail');
  });

  test('a failing predicate is told by its error, a dictionary by another', async () => {
    const statistics = await inEngine(422, 'double', 'optional float c', FLOATS);
    expect(statistics.filterError?.name).toBe('HIVE_BAD_DATA');
    expect(statistics.filterError?.text).toContain('Corrupted statistics');
    const dictionary = await inEngine(422, 'double', 'optional float c', { dictionary: true });
    expect(dictionary.effect).toBe('filters-may-fail');
    expect(dictionary.filterError?.name).toBe('HIVE_CANNOT_OPEN_SPLIT');
  });

  test('statistics count only when min and max are both there', async () => {
    expect((await inEngine(422, 'double', 'optional float c', { min: 1 })).effect).toBe('none');
    expect((await inEngine(422, 'double', 'optional float c', { max: 1 })).effect).toBe('none');
    expect((await inEngine(422, 'double', 'optional float c', { nulls: 3 })).effect).toBe('none');
  });

  test('the deprecated pair counts where signed order is the right one', async () => {
    expect((await inEngine(422, 'double', 'optional float c', { ...FLOATS, legacy: true })).effect).toBe(
      'filters-may-fail',
    );
    const unsigned: Stats = { min: 1n, max: 4294967295n, legacy: true };
    expect((await inEngine(422, 'int', 'optional int32 c (INTEGER(32,false))', unsigned)).basis).toBe(
      'assumed',
    );
    const same: Stats = { min: 7n, max: 7n, legacy: true };
    expect((await inEngine(422, 'int', 'optional int32 c (INTEGER(32,false))', same)).effect).toBe('none');
    const bytes: Stats = { min: 'a', max: 'b', legacy: true };
    expect((await inEngine(422, 'date', 'optional binary c', bytes)).filter).toBe('none');
    expect((await inEngine(422, 'date', 'optional binary c (STRING)', bytes)).filter).toBe(
      'filters-may-fail',
    );
  });

  test('bounds of a writer that is known to be wrong do not count', async () => {
    const effectOf = async (createdBy: string, message: string, value: Uint8Array) => {
      const facts = await factsOf({
        schema: [parseMessage(message)],
        rows: 1,
        rowGroups: [{ rows: 1, columns: { c: { legacyMin: value, legacyMax: value } } }],
        createdBy,
      });
      const [node] = facts.schema.children;
      const [prediction] = node
        ? predict(hive('double'), node, (leaf) => chunksOf(facts, leaf), 422, { createdBy })
        : [];
      return prediction?.filter;
    };
    const old = 'parquet-mr version 1.7.0 (build x)';
    expect(await effectOf(old, 'optional binary c', plain.text('a'))).toBe('none');
    expect(await effectOf(old, 'optional int32 c', plain.int32(1))).toBe('filters-may-fail');
    const mended = 'parquet-mr version 1.8.0 (build x)';
    expect(await effectOf(mended, 'optional binary c', plain.text('a'))).toBe('filters-may-fail');
  });

  test('every row group is looked at, and row groups of nulls alone decide nothing', async () => {
    const small: Stats = { min: 0n, max: 1n };
    const large: Stats = { min: 0n, max: 2147483648n };
    expect((await inEngine(422, 'int', 'optional int64 c', small, small, large)).effect).toBe('query-fails');
    expect((await inEngine(422, 'int', 'optional int64 c', small, { nulls: 10 })).effect).toBe('none');
    const unknown = await inEngine(422, 'int', 'optional int64 c', small, 'none');
    expect([unknown.effect, unknown.basis]).toEqual(['query-fails', 'assumed']);
    expect((await inEngine(422, 'double', 'optional float c', { min: 1, max: 2, nulls: 10 })).effect).toBe(
      'none',
    );
  });

  test('what was not read does not count as the worse effect, what types say still does', async () => {
    const range = await inAny('int', 'optional int64 c', 'unread');
    expect([range.effect, range.basis]).toEqual(['none', 'unread']);
    const cut = await inAny('varchar(4)', 'optional binary c (STRING)', 'unread');
    expect([cut.effect, cut.basis]).toEqual(['none', 'unread']);
    expect((await inAny('string', 'optional boolean c', 'unread')).effect).toBe('query-fails');
  });

  test('a table that ignores statistics has no trouble with filters', async () => {
    const { node, statistics } = await column('optional float c', FLOATS);
    const [prediction] = predictWorst(hive('double'), node, statistics, { ignoresStatistics: true });
    expect(prediction?.effect).toBe('none');
  });

  test('a filter reaches fields of structs, and nothing inside arrays and maps', async () => {
    const inStruct = await inEngine(422, 'struct<a:double>', 'optional group c { optional float a }', FLOATS);
    expect([inStruct.at, inStruct.effect]).toEqual(['.a', 'filters-may-fail']);
    const inList = await inEngine(
      422,
      'array<double>',
      'optional group c (LIST) { repeated group list { optional float element } }',
      FLOATS,
    );
    expect([inList.at, inList.effect]).toEqual(['[]', 'none']);
  });
});
