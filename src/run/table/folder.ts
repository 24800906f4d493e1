import type { Table } from '../../judge/contract/contract.ts';
import { partitionPlace } from '../../judge/contract/key.ts';

type Keys = Pick<Table, 'partitionKeys'>;

/**
 * The partition folder of a key below the table's root, with its slash. Empty for an unpartitioned table, and for a key that
 * lies in no partition: there nothing is published or registered.
 */
export function folderOf({ partitionKeys }: Keys, relativeKey: string): string {
  const place = partitionPlace(
    partitionKeys.map(({ name }) => name),
    relativeKey,
  );
  return place.kind === 'partition' ? place.folder : '';
}

/** Whether readers can reach a key through the table: all of an unpartitioned one, or a partition. */
export function isPlaced(table: Keys, relativeKey: string): boolean {
  return table.partitionKeys.length === 0 || folderOf(table, relativeKey) !== '';
}

/** Where landing and location are compared for a key. What lies in no partition is looked at in its own folder alone. */
export function scopeOfKey(table: Keys, relativeKey: string): string {
  const folder = folderOf(table, relativeKey);
  return folder === '' && table.partitionKeys.length > 0 ? parentOf(relativeKey) : folder;
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
