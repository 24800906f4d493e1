import { describe, expect, test } from 'vitest';
import { inEngine } from '../support/athena-case.ts';

/**
 * The scalar matrix of reference 3.2, written by hand from it, without statistics, at V1 (engine 422):
 * . right, x fails (E1, E1'), w wrong results, ? fails unless values are known to fit, c cut (wrong unless proven),
 * t right if the bytes are text, which is assumed.
 * Storage of more than 32 bits under float or date is ?, not w: Trino 435 fails on a value beyond them (decision 6).
 */
const TARGETS = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'decimal(9,0)',
  'string',
  'varchar(4)',
  'char(4)',
  'binary',
  'date',
  'timestamp',
] as const;

const V1: readonly (readonly [stored: string, cells: string])[] = [
  //                                                      bool tiny smal int  big  flo  dou  dec   str  var  cha  bin  dat  tim
  ['optional boolean c', '.    x    x    x    x    x    x    x     x    x    x    x    x    x'],
  ['optional int32 c', 'x    ?    ?    .    .    w    x    ?     x    x    x    x    w    x'],
  [
    'optional int32 c (INTEGER(32,true))',
    'x    ?    ?    .    .    w    x    ?     x    x    x    x    x    x',
  ],
  [
    'optional int32 c (INTEGER(8,true))',
    'x    .    .    .    .    w    x    ?     x    x    x    x    x    x',
  ],
  [
    'optional int32 c (INTEGER(16,true))',
    'x    ?    .    .    .    w    x    ?     x    x    x    x    x    x',
  ],
  [
    'optional int32 c (INTEGER(8,false))',
    'x    ?    .    .    .    w    x    ?     x    x    x    x    x    x',
  ],
  [
    'optional int32 c (INTEGER(16,false))',
    'x    ?    ?    .    .    w    x    ?     x    x    x    x    x    x',
  ],
  [
    'optional int32 c (INTEGER(32,false))',
    'x    ?    ?    w    w    w    x    ?     x    x    x    x    x    x',
  ],
  ['optional int32 c (DATE)', 'x    x    x    x    x    x    x    x     x    x    x    x    .    x'],
  [
    'optional int32 c (TIME(MILLIS,true))',
    'x    x    x    x    x    x    x    x     x    x    x    x    x    x',
  ],
  ['optional int32 c (UNKNOWN)', 'x    .    .    .    .    .    x    .     x    x    x    x    .    x'],
  ['optional int64 c', 'x    ?    ?    ?    .    ?    x    x     x    x    x    x    ?    x'],
  [
    'optional int64 c (INTEGER(64,true))',
    'x    ?    ?    ?    .    ?    x    x     x    x    x    x    ?    x',
  ],
  [
    'optional int64 c (INTEGER(64,false))',
    'x    ?    ?    ?    w    ?    x    x     x    x    x    x    ?    x',
  ],
  [
    'optional int64 c (TIMESTAMP(MILLIS,true))',
    'x    x    x    x    .    x    x    x     x    x    x    x    x    .',
  ],
  [
    'optional int64 c (TIMESTAMP(MICROS,false))',
    'x    x    x    x    .    x    x    x     x    x    x    x    x    .',
  ],
  [
    'optional int64 c (TIMESTAMP(NANOS,true))',
    'x    x    x    x    .    x    x    x     x    x    x    x    x    .',
  ],
  [
    'optional int64 c (TIME(MICROS,true))',
    'x    x    x    x    .    x    x    x     x    x    x    x    x    x',
  ],
  ['optional int96 c', 'x    x    x    x    x    x    x    x     x    x    x    x    x    .'],
  ['optional float c', 'x    x    x    x    x    .    .    x     x    x    x    x    x    x'],
  ['optional double c', 'x    x    x    x    x    x    .    x     x    x    x    x    x    x'],
  ['optional int32 c (DECIMAL(9,0))', 'x    ?    ?    ?    .    w    x    .     x    x    x    x    x    x'],
  ['optional int32 c (DECIMAL(9,2))', 'x    x    x    x    x    x    x    w     x    x    x    x    x    x'],
  ['optional int64 c (DECIMAL(18,0))', 'x    ?    ?    ?    .    ?    x    ?     x    x    x    x    ?    x'],
  ['optional int64 c (DECIMAL(18,2))', 'x    x    x    x    x    x    x    ?     x    x    x    x    x    x'],
  [
    'optional binary c (DECIMAL(18,0))',
    'x    ?    ?    ?    .    ?    x    ?     w    w    w    .    ?    x',
  ],
  [
    'optional binary c (DECIMAL(19,0))',
    'x    x    x    x    x    x    x    ?     w    w    w    .    x    x',
  ],
  [
    'optional fixed_len_byte_array(8) c (DECIMAL(18,0))',
    'x    ?    ?    ?    .    ?    x    ?     w    x    x    .    ?    x',
  ],
  [
    'optional fixed_len_byte_array(8) c (DECIMAL(18,2))',
    'x    x    x    x    x    x    x    ?     w    x    x    .    x    x',
  ],
  ['optional binary c (STRING)', 'x    x    x    x    x    x    x    x     .    c    c    .    x    x'],
  ['optional binary c (ENUM)', 'x    x    x    x    x    x    x    x     .    c    c    .    x    x'],
  ['optional binary c (JSON)', 'x    x    x    x    x    x    x    x     .    c    c    .    x    x'],
  ['optional binary c', 'x    x    x    x    x    x    x    x     t    c    c    .    x    x'],
  ['optional binary c (BSON)', 'x    x    x    x    x    x    x    x     w    w    w    .    x    x'],
  [
    'optional fixed_len_byte_array(4) c',
    'x    x    x    x    x    x    x    x     w    x    x    .    x    x',
  ],
  [
    'optional fixed_len_byte_array(16) c (UUID)',
    'x    x    x    x    x    x    x    x     w    x    x    .    x    x',
  ],
  [
    'optional fixed_len_byte_array(2) c (FLOAT16)',
    'x    x    x    x    x    x    x    x     w    x    x    .    x    x',
  ],
  [
    'optional fixed_len_byte_array(12) c (INTERVAL)',
    'x    x    x    x    x    x    x    x     w    x    x    .    x    x',
  ],
];

/** The cells that later versions changed, for top-level columns: stored, target, engine, cell. */
const LATER: readonly (readonly [stored: string, target: string, engine: number, cell: string])[] = [
  ['optional int32 c', 'double', 448, '.'],
  ['optional int64 c (INTEGER(64,true))', 'double', 448, '?'],
  ['optional int32 c (INTEGER(8,false))', 'double', 448, '.'],
  ['optional int32 c (INTEGER(32,false))', 'double', 448, 'w'],
  ['optional int32 c (UNKNOWN)', 'double', 448, '.'],
  ['optional int96 c', 'string', 448, '.'],
  ['optional int96 c', 'varchar(4)', 448, 'w'],
  ['optional int96 c', 'char(4)', 477, 'x'],
  ['optional int32 c', 'string', 450, '.'],
  ['optional int32 c', 'varchar(4)', 450, '?'],
  ['optional int32 c', 'char(4)', 477, 'x'],
  ['optional int64 c (INTEGER(64,false))', 'string', 450, 'w'],
  ['optional float c', 'string', 450, '.'],
  ['optional double c', 'varchar(4)', 450, '?'],
  ['optional boolean c', 'string', 477, 'x'],
  ['optional int32 c (DATE)', 'string', 477, 'x'],
  ['optional int64 c (DECIMAL(18,2))', 'string', 450, '.'],
  ['optional int32 c (DECIMAL(9,2))', 'string', 450, 'w'],
  ['optional int32 c (DECIMAL(9,2))', 'string', 452, '.'],
  ['optional binary c (DECIMAL(18,0))', 'string', 450, '.'],
  ['optional binary c (DECIMAL(18,0))', 'char(4)', 477, 'w'],
  ['optional fixed_len_byte_array(8) c (DECIMAL(18,2))', 'string', 450, '.'],
  ['optional fixed_len_byte_array(8) c (DECIMAL(18,2))', 'varchar(4)', 449, 'x'],
  ['optional fixed_len_byte_array(8) c (DECIMAL(18,2))', 'varchar(4)', 477, '?'],
  ['optional int32 c', 'decimal(9,2)', 451, 'w'],
  ['optional int32 c', 'decimal(9,2)', 452, 'w'],
  ['optional int32 c (INTEGER(16,true))', 'date', 475, 'x'],
  ['optional int32 c (INTEGER(16,true))', 'date', 476, 'w'],
  ['optional int32 c (INTEGER(32,false))', 'date', 476, 'w'],
  ['optional double c', 'float', 477, 'x'],
  ['optional int64 c', 'timestamp', 477, 'x'],
];

const EFFECT: Readonly<Record<string, string>> = {
  '.': 'none types',
  x: 'query-fails types',
  w: 'wrong-results',
  '?': 'query-fails assumed',
  c: 'wrong-results assumed',
  t: 'none assumed',
};

describe.each(V1)('ATH-1: scalar matrix, %s', (stored, row) => {
  test.each(row.split(/\s+/u).map((cell, index) => [TARGETS[index] ?? '', cell] as const))(
    'as %s: %s',
    async (target, cell) => {
      const { effect, basis, error } = await inEngine(422, target, stored);
      expect(`${effect} ${basis}`).toContain(EFFECT[cell]);
      expect(error !== undefined).toBe(effect === 'query-fails');
    },
  );
});

describe('ATH-2: cells that later versions changed', () => {
  test.each(LATER)('%s as %s in %i: %s', async (stored, target, engine, cell) => {
    const { effect, basis } = await inEngine(engine, target, stored);
    expect(`${effect} ${basis}`).toContain(EFFECT[cell]);
  });
});
