import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toHeadgateError } from './file-source.ts';

export type Walked =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'error'; readonly path: string; readonly error: unknown };

/**
 * Every file below a folder, sorted within each folder, hidden ones too: what to ignore is for the caller to say.
 * Links to files are followed, links to folders are not, so that a loop ends. A folder that cannot be read is an
 * entry of its own; the walk goes on.
 */
export async function* walkFiles(folder: string): AsyncGenerator<Walked> {
  let entries: { name: string; isFolder: boolean; isLink: boolean }[];
  try {
    entries = [];
    for await (const entry of await opendir(folder))
      entries.push({ name: entry.name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() });
  } catch (cause) {
    yield { kind: 'error', path: folder, error: toHeadgateError(cause) };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, isFolder, isLink } of entries) {
    const path = join(folder, name);
    if (isFolder) yield* walkFiles(path);
    else if (!isLink || !(await isDirectory(path))) yield { kind: 'file', path };
  }
}

export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // What cannot be looked at is reported when it is read.
    return false;
  }
}
