/** One contract version that the registry holds, by the hash of its body. */
export interface RegistryEntry {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
}

const MAX_ENTRIES = 10_000;

/** The entries of `index.json`, or what is wrong with it. */
export function indexEntries(text: string): readonly RegistryEntry[] | string {
  let value: { readonly schemaVersion?: unknown; readonly contracts?: unknown } | null;
  try {
    value = JSON.parse(text);
  } catch {
    return 'its index is no JSON';
  }
  if (typeof value !== 'object' || value === null || value.schemaVersion !== 1)
    return 'its index has another schemaVersion than 1';
  if (!Array.isArray(value.contracts) || value.contracts.length > MAX_ENTRIES)
    return 'its index has no list of contracts, or too long a one';
  return value.contracts.every(isEntry)
    ? value.contracts
    : 'an entry of its index lacks id, version or sha256';
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
