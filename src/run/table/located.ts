import { folderOf } from './folder.ts';
import type { GuardedTable, Prefix } from './guarded-table.ts';

/** A key as its table sees it. Whoever is given a whole key asks here, and cuts no prefix off by himself. */
export interface Located {
  readonly table: GuardedTable;
  /** Below the table's root: the same in landing and in the location. */
  readonly relativeKey: string;
  /** The partition folder, as `folderOf` has it. */
  readonly folder: string;
}

/** Of a key in landing. */
export function locate(guarded: GuardedTable, key: string): Located {
  const relativeKey = keyBelow(guarded.landing, key);
  return { table: guarded, relativeKey, folder: folderOf(guarded.table, relativeKey) };
}

/** What is left of a key below a prefix that it is known to begin with. */
export function keyBelow({ prefix }: Pick<Prefix, 'prefix'>, key: string): string {
  return key.slice(prefix.length);
}
