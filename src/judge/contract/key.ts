import { matchesGlob } from './glob.ts';

/** One `name=value` folder of a key, decoded as Hive does; `null` for Hive's default partition. */
export interface PartitionFolder {
  readonly name: string;
  readonly value: string | null;
}

/** What a key below a table's root is. Every visible file that is not the table's own is a stray: Athena reads it too. */
export type KeyKind =
  | { readonly kind: 'file' }
  | { readonly kind: 'stray' }
  | { readonly kind: 'ignore'; readonly reason: 'folder-marker' | 'hidden' };

export interface KeyRules {
  /** Names of the declared partition keys: their folders are never hidden. */
  readonly partitionKeys: readonly string[];
  readonly fileMatch: string;
}

/** Classifies a key below the table's root. Segments that start with `_` or `.` are hidden to Athena (HiveFileIterator). */
export function classifyKey(relativeKey: string, { partitionKeys, fileMatch }: KeyRules): KeyKind {
  if (relativeKey.endsWith('/') || relativeKey.endsWith('_$folder$'))
    return { kind: 'ignore', reason: 'folder-marker' };
  const segments = relativeKey.split('/');
  const keys = new Set(partitionKeys.map((name) => name.toLowerCase()));
  const isHidden = segments.some((segment, index) => {
    if (!/^[_.]/u.test(segment)) return false;
    const name = index < segments.length - 1 ? /^([^=]+)=/u.exec(segment)?.[1] : undefined;
    return name === undefined || !keys.has(name.toLowerCase());
  });
  if (isHidden) return { kind: 'ignore', reason: 'hidden' };
  return matchesGlob(relativeKey, fileMatch) ? { kind: 'file' } : { kind: 'stray' };
}

/** Why a key of a partitioned table lies in none of its partitions. */
export type OutsideReason =
  /** No `name=value` folder at all. */
  | 'no-folders'
  /** `name=value` folders that are not the declared keys in their order. */
  | 'other-keys'
  /** All declared keys in their order, but with another folder above or between them. */
  | 'plain-folder'
  /** A character that neither a location nor a value in Glue can have. */
  | 'not-storable';

/** What a key below a partitioned table's root is to the table's partitions. */
export type PartitionPlace =
  | {
      readonly kind: 'partition';
      /** As it is spelled, with its slash: where the partition lies below the table's location. */
      readonly folder: string;
      /** One value for each declared key, in their order. */
      readonly values: readonly (string | null)[];
    }
  | {
      readonly kind: 'outside';
      readonly why: OutsideReason;
      /** The folders without their values, `data/dt=`. */
      readonly found: string;
    };

/**
 * The one partition that a key can be read through: its first folders are all declared keys in their order, whatever the case
 * of their names. Plain folders below are part of the partition, since Athena reads a location with all that is below it.
 */
export function partitionPlace(partitionKeys: readonly string[], relativeKey: string): PartitionPlace {
  const segments = relativeKey.split('/').slice(0, -1);
  const folders = segments.map((segment) => ({ segment, named: partitionFolderOf(segment) }));
  const named = folders.flatMap((folder) => folder.named ?? []);
  const outside = (why: OutsideReason): PartitionPlace => ({
    kind: 'outside',
    why,
    found: folders.map(({ segment, named: own }) => (own ? `${own.name}=` : segment)).join('/'),
  });
  if (named.length === 0) return outside('no-folders');
  if (!isSameNames(named, partitionKeys)) return outside('other-keys');
  const first = folders.slice(0, partitionKeys.length);
  if (first.some((folder) => folder.named === undefined)) return outside('plain-folder');
  const folder = first.map(({ segment }) => `${segment}/`).join('');
  const values = named.map(({ value }) => value);
  if (![folder, ...values].every((text) => GLUE_TEXT.test(text ?? ''))) return outside('not-storable');
  return { kind: 'partition', folder, values };
}

/** What Glue takes in a location (UriString); a value is held to the same. */
const GLUE_TEXT = /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\r\n\t]*$/u;

function isSameNames(folders: readonly PartitionFolder[], names: readonly string[]): boolean {
  return (
    folders.length === names.length &&
    folders.every(({ name }, index) => name.toLowerCase() === names[index]?.toLowerCase())
  );
}

/** How Hive writes NULL as a partition value. */
export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

const DEFAULT_PARTITIONS: ReadonlySet<string> = new Set([DEFAULT_PARTITION, '\\N']);

/** The `name=value` folders of a key, in order (Hive `FileUtils.unescapePathName`). The file's own name is not one. */
export function partitionValues(relativeKey: string): readonly PartitionFolder[] {
  return relativeKey
    .split('/')
    .slice(0, -1)
    .flatMap((segment) => partitionFolderOf(segment) ?? []);
}

function partitionFolderOf(segment: string): PartitionFolder | undefined {
  const equals = segment.indexOf('=');
  if (equals < 1) return undefined;
  const value = unescapePathName(segment.slice(equals + 1));
  return {
    name: unescapePathName(segment.slice(0, equals)),
    value: DEFAULT_PARTITIONS.has(value) ? null : value,
  };
}

/** A name or value as Hive writes it into a folder's name (`FileUtils.escapePathName`). */
export function escapePathName(text: string): string {
  return text.replace(
    /[\p{Cc}"#%'*/:=?\\{}[\]^]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** A byte-order mark is a character of a value like any other. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** `%3A` becomes `:`; a `%` without two hex digits stands for itself. Bytes beyond ASCII are UTF-8. */
function unescapePathName(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/gu, (escaped) => {
    const bytes = Uint8Array.from(escaped.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
    return utf8.decode(bytes);
  });
}
