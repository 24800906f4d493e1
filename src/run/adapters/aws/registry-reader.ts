import { createHash } from 'node:crypto';
import { HeadgateError } from '../../../error.ts';
import { readCompiled } from '../../../judge/contract/compiled.ts';
import type { Contract } from '../../../judge/contract/contract.ts';
import { safeText } from '../../../text/safe.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { type RegistryEntry, type RegistryIndex, readIndex } from './registry-index.ts';

/** A contract registry: `index.json` and `contracts/<sha256>.json` below a prefix. */
export interface RegistryPlace {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

type Reading = Pick<ObjectStore, 'read'>;

export const MAX_INDEX_BYTES = 1024 * 1024;
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The index with its ETag; nothing where none was ever written. Throws CONTRACTS_UNUSABLE for one that is damaged. */
export async function readRegistryIndex(
  objects: Reading,
  registry: RegistryPlace,
): Promise<(RegistryIndex & { readonly etag: string }) | undefined> {
  const read = await objects.read(indexPlace(registry), MAX_INDEX_BYTES);
  if (read === undefined) return undefined;
  const index = readIndex(new TextDecoder().decode(read.bytes));
  if (typeof index === 'string') throw refused(index);
  return { ...index, etag: read.head.etag };
}

/** The contract that an entry names. Throws CONTRACTS_UNUSABLE where it is gone, or is another one. */
export async function readRegistryBody(
  objects: Reading,
  registry: RegistryPlace,
  { id, version, sha256 }: RegistryEntry,
): Promise<Contract> {
  const name = `version ${safeText(version, 40)} of contract ${safeText(id, 80)}`;
  const read = await objects.read(bodyPlace(registry, sha256), MAX_BODY_BYTES);
  if (read === undefined) throw refused(`${name} is not there`);
  if (sha256Of(read.bytes) !== sha256) throw refused(`${name} is not what the index says it is`);
  const body = readCompiled(new TextDecoder().decode(read.bytes));
  if (!body.ok) throw refused(`${name}: ${body.problem}`);
  const [contract, another] = body.compiled.contracts;
  if (contract?.id !== id || contract.version !== version || another !== undefined)
    throw refused(`${name} holds something else`);
  return contract;
}

export function indexPlace({ bucket, prefix }: RegistryPlace) {
  return { bucket, key: `${prefix}index.json` };
}

export function bodyPlace({ bucket, prefix }: RegistryPlace, sha256: string) {
  return { bucket, key: `${prefix}contracts/${sha256}.json` };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function refused(why: string): HeadgateError {
  return new HeadgateError('CONTRACTS_UNUSABLE', `the contract registry is refused: ${why}`);
}
