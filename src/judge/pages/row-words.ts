import { type Column, lengthOf } from './column.ts';
import { mix } from './distinct.ts';

/** Three numbers for each value of a column, in turn: equal values have equal ones. */
export function wordsOf(column: Column): Int32Array {
  const count = lengthOf(column);
  const words = new Int32Array(count * 3);
  switch (column.kind) {
    case 'booleans':
      for (let index = 0; index < count; index++) words[index * 3] = column.values[index] as number;
      break;
    case 'longs':
      for (let index = 0; index < count; index++) {
        words[index * 3] = column.halves[2 * index] as number;
        words[index * 3 + 1] = column.halves[2 * index + 1] as number;
      }
      break;
    case 'numbers':
      numberWords(column.values, words);
      break;
    case 'bytes':
      for (let index = 0; index < count; index++)
        hashBytes(
          column.bytes,
          column.starts[index] as number,
          column.ends[index] as number,
          words,
          index * 3,
        );
  }
  return words;
}

const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);

/** Both zeros are one value, and every NaN is one. */
function numberWords(values: Int32Array | Float32Array | Float64Array, words: Int32Array): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (values instanceof Int32Array) words[index * 3] = value;
    else {
      float[0] = value === 0 ? 0 : value;
      words[index * 3] = halves[0] as number;
      words[index * 3 + 1] = halves[1] as number;
    }
  }
}

/** Up to eight bytes are kept as they are, with their length; longer ones by a hash. */
function hashBytes(bytes: Uint8Array, start: number, end: number, words: Int32Array, at: number): void {
  const length = end - start;
  let [a, b, c] = [0, 0, length];
  if (length <= 8) {
    for (let index = 0; index < length; index++)
      if (index < 4) a |= (bytes[start + index] as number) << (8 * index);
      else b |= (bytes[start + index] as number) << (8 * (index - 4));
  } else {
    [a, b, c] = [length, ~length, length ^ 0x5bd1e995];
    for (let index = start; index < end; index++) {
      const byte = bytes[index] as number;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul((b << 5) ^ (b >>> 27) ^ byte, 0x27d4eb2d);
      c = (Math.imul(c, 0x85ebca6b) + byte) | 0;
    }
    [a, b, c] = [mix(a), mix(b), mix(c)];
  }
  words[at] = a;
  words[at + 1] = b;
  words[at + 2] = c;
}
