import { createHash } from 'node:crypto';
import type { Table } from '../contract/contract.ts';

/**
 * The partition folder of a key below the table's root, with its slash: its leading `name=value` segments of declared
 * keys. Empty for an unpartitioned table and for a key outside of every partition.
 */
export function folderOf({ partitionKeys }: Pick<Table, 'partitionKeys'>, relativeKey: string): string {
  const names = new Set(partitionKeys.map(({ name }) => name.toLowerCase()));
  let end = 0;
  for (let slash = relativeKey.indexOf('/'); slash !== -1; slash = relativeKey.indexOf('/', end)) {
    const [name = ''] = relativeKey.slice(end, slash).split('=', 1);
    if (!names.has(name.toLowerCase())) break;
    end = slash + 1;
  }
  return relativeKey.slice(0, end);
}

/** A folder as part of a ledger id: 16 hex digits, whatever the folder's name holds. */
export function folderId(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 16);
}

/** The folder of a key: all before its last slash, with it. */
export function parentOf(relativeKey: string): string {
  return relativeKey.slice(0, relativeKey.lastIndexOf('/') + 1);
}

/** Every folder that holds this one, itself included, outermost (the table's root, empty) first. */
export function foldersAbove(folder: string): readonly string[] {
  const folders = [''];
  for (let slash = folder.indexOf('/'); slash !== -1; slash = folder.indexOf('/', slash + 1))
    folders.push(folder.slice(0, slash + 1));
  return folders;
}
