import { compareUtf8 } from '../../../text/utf8-order.ts';

/** An entry of a folder, by the name that it is sorted by: a folder's ends with its slash. */
export interface NamedEntry {
  readonly sortName: string;
  readonly isFolder: boolean;
}

/** Sorts the entries of one folder so that a walk gives whole keys in the order of their UTF-8 bytes, as S3 lists them. */
export function inKeyOrder<Entry extends NamedEntry>(entries: Entry[]): readonly Entry[] {
  return entries.sort((a, b) => compareUtf8(a.sortName, b.sortName));
}

/** Whether an entry is, or may hold, a key behind `after`; `key` ends with a slash where it is a folder's. */
export function reachesBehind(after: string | undefined, key: string): boolean {
  if (after === undefined || compareUtf8(key, after) > 0) return true;
  return key.endsWith('/') && after.startsWith(key);
}
