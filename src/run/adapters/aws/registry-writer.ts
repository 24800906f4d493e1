import { HeadgateError } from '../../../error.ts';
import { type CompiledContracts, compileContracts } from '../../../judge/contract/compiled.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import type { Registry } from '../../../judge/contract/registry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { createContractSource } from './contract-source.ts';
import { indexText, type RegistryEntry, type RegistryIndex, readIndex } from './registry-index.ts';
import {
  bodyPlace,
  indexPlace,
  MAX_BODY_BYTES,
  MAX_INDEX_BYTES,
  type RegistryPlace,
  readRegistryBody,
  readRegistryIndex,
  sha256Of,
} from './registry-reader.ts';

export interface RegistryAccess {
  readonly objects: Pick<ObjectStore, 'read' | 'write'>;
  readonly place: RegistryPlace;
  readonly deployed: CompiledContracts;
  readonly clock: Clock;
}

/** All that a registry holds, with the state that a change of it expects. */
export interface RegistryContents {
  /** Of the index; absent where nothing was ever published. */
  readonly etag: string | undefined;
  readonly index: RegistryIndex;
  /** By their entries' hashes; those that were rolled back too. */
  readonly bodies: ReadonlyMap<string, Contract>;
}

/** Throws CONTRACTS_UNUSABLE where the index, or a body that it names, is damaged. */
export async function readRegistry({
  objects,
  place,
}: Pick<RegistryAccess, 'objects' | 'place'>): Promise<RegistryContents> {
  const found = await readRegistryIndex(objects, place);
  const index: RegistryIndex = found ?? { contracts: [], retired: [] };
  const bodies = new Map<string, Contract>();
  for (const entry of [...index.contracts, ...index.retired])
    bodies.set(entry.sha256, await readRegistryBody(objects, place, entry));
  return { etag: found?.etag, index: { contracts: index.contracts, retired: index.retired }, bodies };
}

/** The entry of a contract with its body. */
export function registryEntry(
  contract: Contract,
  published: { readonly at: string; readonly by: string },
): { readonly entry: RegistryEntry; readonly body: Uint8Array } {
  const body = new TextEncoder().encode(compileContracts([contract]));
  const { id, version } = contract;
  const { at: publishedAt, by: publishedBy } = published;
  return { entry: { id, version, sha256: sha256Of(body), publishedAt, publishedBy }, body };
}

/**
 * Writes bodies, then the index onto exactly the one that was read, and reads all back as the functions do. What a
 * function would refuse is never named by the index. Throws CONFLICT where somebody else published meanwhile: nothing was
 * changed then. Doing it again is safe.
 */
export async function writeRegistry(
  access: RegistryAccess,
  before: RegistryContents,
  next: RegistryIndex,
  bodies: readonly Uint8Array[],
): Promise<Registry> {
  for (const body of bodies) await writeBody(access, body);
  const text = indexText(next);
  const bytes = new TextEncoder().encode(text);
  await readBack(access, bytes);
  const written = await access.objects.write(
    indexPlace(access.place),
    bytes,
    before.etag === undefined ? { kind: 'absent' } : { kind: 'matches', etag: before.etag },
  );
  // A write whose answer was lost is repeated, and then fails on itself.
  if (written.outcome === 'destination-changed' && (await storedIndex(access)) !== text)
    throw new HeadgateError(
      'CONFLICT',
      'somebody else changed the contract registry at the same time: run the command again',
    );
  return readBack(access);
}

async function writeBody({ objects, place }: RegistryAccess, body: Uint8Array): Promise<void> {
  if (body.length > MAX_BODY_BYTES)
    throw new HeadgateError(
      'NOT_STORABLE',
      `a compiled contract of ${body.length} bytes, expected at most ${MAX_BODY_BYTES}`,
    );
  const at = bodyPlace(place, sha256Of(body));
  const { outcome } = await objects.write(at, body, { kind: 'absent' });
  if (outcome === 'written') return;
  const there = await objects.read(at, MAX_BODY_BYTES);
  if (there === undefined || sha256Of(there.bytes) !== sha256Of(body))
    throw new HeadgateError(
      'CONFLICT',
      `${at.key} holds something else than its name says: remove it by hand, and find out who wrote it`,
    );
}

/** What a function that starts now would judge by; with an index that is not written yet, what it would then. */
async function readBack(
  { objects, place, deployed, clock }: RegistryAccess,
  index?: Uint8Array,
): Promise<Registry> {
  const { key } = indexPlace(place);
  const head = {
    key,
    etag: 'proposed',
    sizeBytes: index?.length ?? 0,
    modifiedAt: clock.now(),
    metadata: {},
  };
  const source = createContractSource({
    deployed,
    registry: place,
    clock,
    objects: {
      read: (at, maxBytes) =>
        index !== undefined && at.key === key
          ? Promise.resolve({ head, bytes: index })
          : objects.read(at, maxBytes),
    },
  });
  const { registry, stale } = await source.current();
  if (stale !== undefined) throw new HeadgateError('CONTRACTS_UNUSABLE', stale);
  return registry;
}

async function storedIndex({ objects, place }: RegistryAccess): Promise<string | undefined> {
  const read = await objects.read(indexPlace(place), MAX_INDEX_BYTES);
  const text = read && new TextDecoder().decode(read.bytes);
  return text !== undefined && typeof readIndex(text) !== 'string' ? text : undefined;
}
