import { describe, expect, test } from 'vitest';
import { formatFileType } from '../../src/judge/parquet/format-file-type.ts';
import { naturalType } from '../../src/judge/parquet/natural-type.ts';
import { type FileShape, toShape } from '../../src/judge/parquet/shape.ts';
import { formatHiveType } from '../../src/judge/types/format-hive-type.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { factsOf } from '../support/read-spec.ts';

async function nodeOf(message: string) {
  const facts = await factsOf({ schema: [parseMessage(message)], rows: 0 });
  const [node] = facts.schema.children;
  if (node === undefined) throw new Error('no column');
  return node;
}

/** A shape in short: `?` nullable, `!` legacy or irregular. */
function brief(shape: FileShape): string {
  const mark = shape.nullable ? '?' : '';
  switch (shape.kind) {
    case 'scalar':
      return shape.leaf.name + mark;
    case 'list':
      return `[${brief(shape.element)}]${mark}${shape.legacy ? '!' : ''}`;
    case 'map':
      return `{${brief(shape.key)}:${shape.value ? brief(shape.value) : ''}}${mark}${shape.irregular ? '!' : ''}`;
    case 'struct':
      return `(${shape.fields.map(({ shape: field }) => brief(field)).join(' ')})${mark}`;
  }
}

describe('FTR-5: lists and maps in every form', () => {
  test.each([
    ['optional int32 c', 'c?'],
    ['required int32 c', 'c'],
    ['repeated int32 c', '[c]!'],
    ['repeated group c { optional int32 a }', '[(a?)]!'],
    ['optional group c { required int32 a; optional group b { optional int32 d } }', '(a (d?)?)?'],
    ['optional group c (LIST) { repeated group list { optional int32 element } }', '[element?]?'],
    ['required group c (LIST) { repeated group bag { required int32 array_element } }', '[array_element]'],
    ['optional group c (LIST) { repeated int32 element }', '[element]?!'],
    [
      'optional group c (LIST) { repeated group element { optional int32 a; required int32 b } }',
      '[(a? b)]?!',
    ],
    ['optional group c (LIST) { repeated group array { optional int32 a } }', '[(a?)]?!'],
    ['optional group c (LIST) { repeated group c_tuple { optional int32 a } }', '[(a?)]?!'],
    ['optional group c (LIST) { repeated group other_tuple { optional int32 a } }', '[a?]?'],
    ['optional group c (LIST) { repeated group list { repeated int32 a } }', '[([a]!)]?!'],
    ['optional group c (LIST) { repeated group array (LIST) { repeated int32 array } }', '[[array]!]?!'],
    ['optional group c (LIST) { optional int32 a; optional int32 b }', '(a? b?)?'],
    ['optional group c (LIST) { optional int32 a }', '(a?)?'],
    ['optional group c (LIST) { repeated int32 a; optional int32 b }', '([a]! b?)?'],
    [
      'optional group c (MAP) { repeated group key_value { required int32 key; optional int32 value } }',
      '{key:value?}?',
    ],
    ['optional group c (MAP) { repeated group entries { optional int32 k; required int32 v } }', '{k?:v}?!'],
    ['optional group c (MAP) { repeated group key_value { required int32 key } }', '{key:}?'],
    [
      'optional group c (MAP) { repeated group key_value { required int32 key; repeated int32 value } }',
      '{key:[value]!}?!',
    ],
    [
      'optional group c (MAP_KEY_VALUE) { repeated group map { required int32 key; optional int32 value } }',
      '{key:value?}?',
    ],
    [
      'optional group c (MAP) { repeated group key_value { required int32 a; optional int32 b; optional int32 d } }',
      '([(a b? d?)]!)?',
    ],
    [
      'optional group c (MAP) { optional group key_value { required int32 a; optional int32 b } }',
      '((a b?)?)?',
    ],
    ['optional group c (MAP) { repeated int32 a }', '([a]!)?'],
    [
      'optional group c (MAP) { repeated group key_value { required int32 a; optional int32 b }; optional int32 x }',
      '([(a b?)]! x?)?',
    ],
  ])('%s', async (message, shape) => {
    expect(brief(toShape(await nodeOf(message)))).toBe(shape);
  });
});

describe('VER-1: a file column as people read it', () => {
  test.each([
    ['optional double c', 'DOUBLE'],
    ['optional int32 c (DATE)', 'INT32 DATE'],
    ['optional int64 c (TIMESTAMP(MICROS,true))', 'INT64 TIMESTAMP(MICROS,true)'],
    ['optional int32 c (TIME(MILLIS,false))', 'INT32 TIME(MILLIS,false)'],
    ['optional binary c (STRING)', 'BYTE_ARRAY STRING'],
    ['optional fixed_len_byte_array(16) c (UUID)', 'FIXED_LEN_BYTE_ARRAY(16) UUID'],
    ['optional fixed_len_byte_array(5) c (DECIMAL(10,2))', 'FIXED_LEN_BYTE_ARRAY(5) DECIMAL(10,2)'],
    ['optional int32 c (INTEGER(8,true))', 'INT32 INT(8,true)'],
    ['optional int32 c (UNKNOWN)', 'INT32 UNKNOWN'],
    ['optional binary c (ODD)', 'BYTE_ARRAY logical type 99'],
    [
      'optional group c (LIST) { repeated group list { optional group element { optional int32 a; optional binary b (STRING) } } }',
      'LIST<STRUCT<a: INT32, b: BYTE_ARRAY STRING>>',
    ],
    [
      'optional group c (MAP) { repeated group key_value { required binary key (STRING); optional int32 value } }',
      'MAP<BYTE_ARRAY STRING, INT32>',
    ],
    ['optional group c (MAP) { repeated group key_value { required int32 key } }', 'MAP<INT32>'],
  ])('%s is %s', async (message, shown) => {
    expect(formatFileType(await nodeOf(message))).toBe(shown);
  });

  test('long types are cut, hostile names made safe', async () => {
    const fields = Array.from({ length: 500 }, (_, index) => `optional int32 field_number_${index}`).join(
      '; ',
    );
    const shown = formatFileType(await nodeOf(`optional group c { ${fields} }`));
    expect(shown.length).toBeLessThanOrEqual(201);
    expect(shown.startsWith('STRUCT<field_number_0: INT32, field_number_1: INT32')).toBe(true);
    const deep = Array.from({ length: 60 }).reduce<string>(
      (inner) => `optional group g { ${inner} }`,
      'optional int32 a',
    );
    expect(formatFileType(await nodeOf(deep))).toContain('…');
    expect(formatFileType(await nodeOf('optional group c { optional int32 a\u202eb }'))).toBe(
      'STRUCT<a\\u{202e}b: INT32>',
    );
  });
});

describe('RUN-7: the Hive type that holds a file column', () => {
  test.each([
    ['optional boolean c', 'boolean'],
    ['optional int32 c', 'int'],
    ['optional int64 c', 'bigint'],
    ['optional int96 c', 'timestamp'],
    ['optional float c', 'float'],
    ['optional double c', 'double'],
    ['optional binary c', 'binary'],
    ['optional fixed_len_byte_array(4) c', 'binary'],
    ['optional int32 c (INTEGER(8,true))', 'tinyint'],
    ['optional int32 c (INTEGER(8,false))', 'smallint'],
    ['optional int32 c (INTEGER(16,true))', 'smallint'],
    ['optional int32 c (INTEGER(16,false))', 'int'],
    ['optional int32 c (INTEGER(32,true))', 'int'],
    ['optional int32 c (INTEGER(32,false))', 'bigint'],
    ['optional int64 c (INTEGER(64,false))', 'bigint'],
    ['optional int32 c (DATE)', 'date'],
    ['optional int64 c (TIMESTAMP(NANOS,true))', 'timestamp'],
    ['optional int64 c (DECIMAL(18,3))', 'decimal(18,3)'],
    ['optional binary c (DECIMAL(38,3))', 'decimal(38,3)'],
    ['optional binary c (DECIMAL(39,3))', undefined],
    ['optional binary c (STRING)', 'string'],
    ['optional binary c (ENUM)', 'string'],
    ['optional binary c (JSON)', 'string'],
    ['optional binary c (BSON)', 'binary'],
    ['optional fixed_len_byte_array(16) c (UUID)', 'binary'],
    ['optional int64 c (TIME(MICROS,true))', undefined],
    ['optional int32 c (UNKNOWN)', undefined],
    ['optional fixed_len_byte_array(12) c (INTERVAL)', undefined],
    ['optional fixed_len_byte_array(2) c (FLOAT16)', undefined],
    ['optional binary c (ODD)', undefined],
    ['repeated int32 c', 'array<int>'],
    ['optional group c (LIST) { repeated group list { optional int32 element (UNKNOWN) } }', undefined],
    [
      'optional group c (MAP) { repeated group key_value { required int32 key; optional double value } }',
      'map<int,double>',
    ],
    ['optional group c (MAP) { repeated group key_value { required int32 key } }', undefined],
    [
      'optional group c (MAP) { repeated group key_value { required int32 key (UNKNOWN); optional double value } }',
      undefined,
    ],
    ['optional group c { optional int32 a; optional binary b (STRING) }', 'struct<a:int,b:string>'],
    ['optional group c { optional int32 a; optional int32 b (UNKNOWN) }', undefined],
  ])('%s: %s', async (message, type) => {
    const natural = naturalType(toShape(await nodeOf(message)));
    expect(natural && formatHiveType(natural)).toBe(type);
  });
});
