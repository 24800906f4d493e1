import type { GuardSettings } from '../guard/guard.ts';
import type { Origin } from '../message/messages.ts';
import { originId } from '../message/origin.ts';
import type { ObjectPlace } from '../ports/object-store.ts';
import { type GuardedTable, type Prefix, prefixOf } from '../table/guarded-table.ts';

/** Where a table's held objects go: the contract's word, else the deployment's. */
export function quarantineOf(settings: GuardSettings, { table }: GuardedTable): Prefix {
  return prefixOf(withSlash(table.policy.quarantine ?? settings.quarantine));
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}

/** The deployment's own quarantine holds nothing of any table's: what lies in it is never looked at. */
export function isInQuarantine(settings: GuardSettings, { bucket, key }: ObjectPlace): boolean {
  const quarantine = prefixOf(withSlash(settings.quarantine));
  return bucket === quarantine.bucket && key.startsWith(quarantine.prefix);
}

/**
 * The folder of one held object: by table, by the origin's day, by a hash. Nothing of the key stands in it, so that no
 * name a producer chose becomes a path of ours.
 */
export function quarantineFolder(settings: GuardSettings, guarded: GuardedTable, origin: Origin): Prefix {
  const { bucket, prefix } = quarantineOf(settings, guarded);
  return { bucket, prefix: `${prefix}${guarded.name}/${origin.writtenAt.slice(0, 10)}/${originId(origin)}/` };
}
