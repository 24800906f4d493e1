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

const DEFAULT_PARTITIONS: ReadonlySet<string> = new Set(['__HIVE_DEFAULT_PARTITION__', '\\N']);

/** The `name=value` folders of a key, in order (Hive `FileUtils.unescapePathName`). The file's own name is none. */
export function partitionValues(relativeKey: string): readonly PartitionFolder[] {
  return relativeKey
    .split('/')
    .slice(0, -1)
    .flatMap((segment) => {
      const equals = segment.indexOf('=');
      if (equals < 1) return [];
      const value = unescapePathName(segment.slice(equals + 1));
      return [
        {
          name: unescapePathName(segment.slice(0, equals)),
          value: DEFAULT_PARTITIONS.has(value) ? null : value,
        },
      ];
    });
}

/** `%3A` becomes `:`; a `%` without two hex digits stands for itself. Bytes beyond ASCII are UTF-8. */
function unescapePathName(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/gu, (escaped) => {
    const bytes = Uint8Array.from(escaped.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
    return new TextDecoder().decode(bytes);
  });
}
