import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toHeadgateError } from './file-source.ts';
import { inKeyOrder, type NamedEntry, reachesBehind } from './key-order.ts';

/** `key` is the path below the folder that is walked, with `/`; that of a folder which cannot be read ends with one. */
export type Walked =
  | { readonly kind: 'file'; readonly path: string; readonly key: string }
  | { readonly kind: 'error'; readonly path: string; readonly key: string; readonly error: unknown };

interface Entry extends NamedEntry {
  readonly name: string;
  readonly isLink: boolean;
}

/**
 * Every file below a folder in the order of their keys, hidden ones too: what to ignore is for the caller to say; behind
 * `after` where it is given. Links to files are followed, links to folders are not, so that a loop ends. A folder that cannot
 * be read is an entry of its own; the walk goes on. Holds the names of one folder at each depth, no more.
 */
export async function* walkFiles(folder: string, after?: string): AsyncGenerator<Walked> {
  const first = await open(folder, '');
  if ('kind' in first) return yield first;
  const stack = [first];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const entry = top.entries[top.next++];
    if (entry === undefined) {
      stack.pop();
      continue;
    }
    const key = top.key + entry.sortName;
    // A folder that could not be read was told under its own key.
    if (!reachesBehind(after, key) || key === after) continue;
    const path = join(top.folder, entry.name);
    if (entry.isFolder) {
      const opened = await open(path, key);
      if ('kind' in opened) yield opened;
      else stack.push(opened);
    } else if (!entry.isLink || !(await isDirectory(path))) yield { kind: 'file', path, key };
  }
}

interface OpenFolder {
  readonly folder: string;
  /** Empty, or ends with a slash. */
  readonly key: string;
  readonly entries: readonly Entry[];
  next: number;
}

async function open(
  folder: string,
  key: string,
): Promise<OpenFolder | Extract<Walked, { readonly kind: 'error' }>> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    return { folder, key, entries: inKeyOrder(found.map(toEntry)), next: 0 };
  } catch (cause) {
    return { kind: 'error', path: folder, key, error: toHeadgateError(cause) };
  }
}

function toEntry(entry: Dirent): Entry {
  const { name } = entry;
  const isFolder = entry.isDirectory();
  return { name, sortName: isFolder ? `${name}/` : name, isFolder, isLink: entry.isSymbolicLink() };
}

export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // What cannot be looked at is reported when it is read.
    return false;
  }
}
