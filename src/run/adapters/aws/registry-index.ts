/** One contract version that the registry holds, by the hash of its body. */
export interface RegistryEntry {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  /** ISO 8601, UTC, and who: for people. */
  readonly publishedAt?: string;
  readonly publishedBy?: string;
}

/** What `index.json` says. */
export interface RegistryIndex {
  /** What counts, beside what is deployed. */
  readonly contracts: readonly RegistryEntry[];
  /** What was published and rolled back: it does not count, and its version number is used up. */
  readonly retired: readonly RegistryEntry[];
}

const MAX_ENTRIES = 10_000;

/** Reads `index.json`, or says what is wrong with it. */
export function readIndex(text: string): RegistryIndex | string {
  let value: {
    readonly schemaVersion?: unknown;
    readonly contracts?: unknown;
    readonly retired?: unknown;
  } | null;
  try {
    value = JSON.parse(text);
  } catch {
    return 'its index is not valid JSON';
  }
  if (typeof value !== 'object' || value === null || value.schemaVersion !== 1)
    return 'its index has another schemaVersion than 1';
  const { contracts, retired = [] } = value;
  for (const list of [contracts, retired]) {
    if (!Array.isArray(list) || list.length > MAX_ENTRIES)
      return 'its index has no list of contracts, or too long a one';
    if (!list.every(isEntry)) return 'an entry of its index lacks id, version or sha256';
  }
  return { contracts, retired } as RegistryIndex;
}

/** The same index gives the same text, byte for byte. */
export function indexText({ contracts, retired }: RegistryIndex): string {
  const sorted = (entries: readonly RegistryEntry[]) =>
    entries.toSorted((a, b) =>
      JSON.stringify([a.id, a.version]) < JSON.stringify([b.id, b.version]) ? -1 : 1,
    );
  const index = { schemaVersion: 1, contracts: sorted(contracts), retired: sorted(retired) };
  return `${JSON.stringify(index, undefined, 2)}\n`;
}

function isEntry(value: unknown): value is RegistryEntry {
  const { id, version, sha256 } = (value ?? {}) as { readonly [name: string]: unknown };
  return (
    typeof id === 'string' &&
    typeof version === 'string' &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/u.test(sha256)
  );
}
