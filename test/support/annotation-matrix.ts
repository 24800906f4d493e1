/** Physical types that the matrix has a column for. */
export const CARRIERS = [
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
export const ANNOTATION_MATRIX: readonly (readonly [annotation: string, marks: string])[] = [
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
