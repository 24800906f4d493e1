import { describe, expect, test } from 'vitest';
import { predictAnnotation } from '../../src/athena/annotations.ts';
import { logical } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { factsOf } from '../support/read-spec.ts';

const STORED = [
  'boolean',
  'int32',
  'int64',
  'int96',
  'float',
  'double',
  'binary',
  'fixed_len_byte_array(2)',
  'fixed_len_byte_array(4)',
  'fixed_len_byte_array(12)',
  'fixed_len_byte_array(16)',
] as const;

/**
 * By hand from `org.apache.parquet.schema.Types.BasePrimitiveBuilder.build`, whose checks are the same in every version
 * that Trino 413 to 483 come with: . may stand there, x keeps the file closed.
 */
const MATRIX: readonly (readonly [annotation: string, marks: string])[] = [
  //                       boo i32 i64 i96 flo dou bin f2  f4  f12 f16
  ['STRING', '              x   x   x   x   x   x   .   x   x   x   x'],
  ['ENUM', '                x   x   x   x   x   x   .   x   x   x   x'],
  ['JSON', '                x   x   x   x   x   x   .   x   x   x   x'],
  ['BSON', '                x   x   x   x   x   x   .   x   x   x   x'],
  ['GEOMETRY', '            x   x   x   x   x   x   .   x   x   x   x'],
  ['GEOGRAPHY', '           x   x   x   x   x   x   .   x   x   x   x'],
  ['UUID', '                x   x   x   x   x   x   x   x   x   x   .'],
  ['INTERVAL', '            x   x   x   x   x   x   x   x   x   .   x'],
  ['FLOAT16', '             x   x   x   x   x   x   x   .   x   x   x'],
  ['DATE', '                x   .   x   x   x   x   x   x   x   x   x'],
  ['TIME(MILLIS,true)', '   x   .   x   x   x   x   x   x   x   x   x'],
  ['TIME(MICROS,true)', '   x   x   .   x   x   x   x   x   x   x   x'],
  ['TIME(NANOS,false)', '   x   x   .   x   x   x   x   x   x   x   x'],
  ['TIMESTAMP(MILLIS,true)', 'x   x   .   x   x   x   x   x   x   x   x'],
  ['TIMESTAMP(MICROS,true)', 'x   x   .   x   x   x   x   x   x   x   x'],
  ['TIMESTAMP(NANOS,true)', ' x   x   .   x   x   x   x   x   x   x   x'],
  ['INTEGER(8,true)', '     x   .   x   x   x   x   x   x   x   x   x'],
  ['INTEGER(8,false)', '    x   .   x   x   x   x   x   x   x   x   x'],
  ['INTEGER(16,true)', '    x   .   x   x   x   x   x   x   x   x   x'],
  ['INTEGER(16,false)', '   x   .   x   x   x   x   x   x   x   x   x'],
  ['INTEGER(32,true)', '    x   .   x   x   x   x   x   x   x   x   x'],
  ['INTEGER(32,false)', '   x   .   x   x   x   x   x   x   x   x   x'],
  ['INTEGER(64,true)', '    x   x   .   x   x   x   x   x   x   x   x'],
  ['INTEGER(64,false)', '   x   x   .   x   x   x   x   x   x   x   x'],
  ['INTEGER(24,true)', '    x   x   x   x   x   x   x   x   x   x   x'],
  ['UNKNOWN', '             .   .   .   .   .   .   .   .   .   .   .'],
  ['LIST', '                x   x   x   x   x   x   x   x   x   x   x'],
  ['MAP', '                 x   x   x   x   x   x   x   x   x   x   x'],
  ['VARIANT', '             x   x   x   x   x   x   x   x   x   x   x'],
  // Digits that fit: 9 in 32 bits, 18 in 64, floor(log10(2^(8n-1) - 1)) in n bytes, any number in bytes of any length.
  ['DECIMAL(4,2)', '        x   .   .   x   x   x   .   .   .   .   .'],
  ['DECIMAL(5,2)', '        x   .   .   x   x   x   .   x   .   .   .'],
  ['DECIMAL(9,0)', '        x   .   .   x   x   x   .   x   .   .   .'],
  ['DECIMAL(10,2)', '       x   x   .   x   x   x   .   x   x   .   .'],
  ['DECIMAL(18,2)', '       x   x   .   x   x   x   .   x   x   .   .'],
  ['DECIMAL(19,2)', '       x   x   x   x   x   x   .   x   x   .   .'],
  ['DECIMAL(28,2)', '       x   x   x   x   x   x   .   x   x   .   .'],
  ['DECIMAL(29,2)', '       x   x   x   x   x   x   .   x   x   x   .'],
  ['DECIMAL(38,2)', '       x   x   x   x   x   x   .   x   x   x   .'],
  ['DECIMAL(39,2)', '       x   x   x   x   x   x   .   x   x   x   x'],
  ['DECIMAL(0,0)', '        x   x   x   x   x   x   x   x   x   x   x'],
];

describe('ATH-7: what each annotation may stand on', () => {
  test.each(MATRIX)('%s', async (annotation, marks) => {
    const facts = await factsOf({
      schema: STORED.map((stored, index) => parseMessage(`optional ${stored} c${index} (${annotation})`)),
      rows: 0,
    });
    const found = facts.leaves.map((leaf) => (predictAnnotation(leaf) ? 'x' : '.'));
    expect(found.join(' ')).toBe(marks.trim().replaceAll(/\s+/gu, ' '));
  });

  test('every query fails in every version, with the words of the library', async () => {
    const facts = await factsOf({
      schema: [
        parseMessage('optional fixed_len_byte_array(4) c (STRING)'),
        parseMessage('optional int32 d (DECIMAL(10,2))'),
        parseMessage('optional int32 e'),
      ],
      rows: 0,
    });
    expect(facts.leaves.map(predictAnnotation)).toMatchObject([
      {
        reference: 'K88',
        effect: 'query-fails',
        versions: 'all',
        error: {
          name: 'HIVE_CANNOT_OPEN_SPLIT',
          text: 'Error opening Hive split: STRING can only annotate BYTE_ARRAY',
        },
      },
      {
        error: {
          text: 'Error opening Hive split: DECIMAL(10,2) has more digits than it can store (at most 9)',
        },
      },
      undefined,
    ]);
  });

  test('a union member that nobody knows is judged by another rule', async () => {
    const facts = await factsOf({
      schema: [{ name: 'c', repetition: 'OPTIONAL', type: 'INT32', logical: logical.plain(77) }],
      rows: 0,
    });
    expect(facts.leaves.map(predictAnnotation)).toEqual([undefined]);
  });
});
