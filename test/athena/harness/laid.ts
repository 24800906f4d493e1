import type { TableSpec } from './metastore.ts';
import type { Case, LakeFile } from './plan.ts';
import type { Subject } from './record.ts';

/** One table with the files below it and what is asked of it. */
export interface Laid {
  readonly files?: readonly LakeFile[];
  readonly table: TableSpec;
  readonly cases: readonly Case[];
}

export const stated = (effect: string, error?: string): Subject => ({
  kind: 'stated',
  effects: [{ from: 0, effect, ...(error && { error }) }],
});
export const CANNOT_OPEN = stated('query-fails', 'HIVE_CANNOT_OPEN_SPLIT');
export const FAILS_READING: Subject = {
  kind: 'stated',
  effects: [
    { from: 0, effect: 'query-fails', error: 'HIVE_CURSOR_ERROR' },
    { from: 476, effect: 'query-fails', error: 'GENERIC_INTERNAL_ERROR' },
    { from: 477, effect: 'query-fails', error: 'HIVE_CANNOT_OPEN_SPLIT' },
  ],
};
/** From 477 on the types are known, and an encrypted file asks for its key. */
export const UNKNOWN_TYPE: Subject = {
  kind: 'stated',
  effects: [
    { from: 0, effect: 'query-fails', error: 'HIVE_CANNOT_OPEN_SPLIT' },
    { from: 477, effect: 'none' },
  ],
};
export const SCALAR_UNDER_ARRAY: Subject = {
  kind: 'stated',
  effects: [
    { from: 0, effect: 'query-fails', error: 'HIVE_CANNOT_OPEN_SPLIT' },
    { from: 441, effect: 'query-fails', error: 'NOT_SUPPORTED' },
  ],
};
export const FIRST_OF_TWO: Subject = {
  kind: 'stated',
  effects: [
    { from: 0, effect: 'query-fails', error: 'HIVE_CANNOT_OPEN_SPLIT' },
    { from: 455, effect: 'wrong-results' },
  ],
};
export const RIGHT_AB = [
  [1, 10],
  [2, 20],
];

export const AB = [
  { name: 'a', type: 'int' },
  { name: 'b', type: 'int' },
];
