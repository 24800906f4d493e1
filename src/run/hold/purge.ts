import { HeadgateError } from '../../error.ts';
import type { Guard } from '../guard/guard.ts';
import { originMetadata } from '../message/origin.ts';
import { type GuardedTable, leavesItsPlace, placeIn } from '../table/guarded-table.ts';
import { keyBelow } from '../table/located.ts';
import { tellEnded } from './end-hold.ts';
import { advance, type HoldRecord, type Purging, readHold, stateOf } from './hold.ts';
import { placeOf } from './quarantine.ts';

export type Purged =
  | { readonly outcome: 'purged' }
  /** Last good data is published under the key: the person must say what becomes of it. */
  | { readonly outcome: 'choice-needed' }
  | { readonly outcome: 'not-held'; readonly status: string };

export interface PurgeOptions {
  /** For a held replacement: `old` brings the last good copy back to landing, `none` lets it go too. */
  readonly keep?: 'old' | 'none';
  readonly isDryRun?: boolean;
}

type PurgeGuard = Pick<Guard, 'objects' | 'ledger' | 'events' | 'clock'>;

/**
 * Removes a held object for good: the one thing in Headgate that does, and only a named person runs it. In landing it
 * touches the held object alone, while it is still there; a newer one stays.
 */
export async function purge(
  guard: PurgeGuard,
  guarded: GuardedTable,
  record: HoldRecord,
  { keep, isDryRun = false }: PurgeOptions,
): Promise<Purged> {
  const state = stateOf(record);
  const isBegun = state === 'purged' && (await isAnyLeft(guard, record));
  if (state === 'purged' && !isBegun) return { outcome: 'not-held', status: 'purged' };
  if (record.step !== 'DONE') return { outcome: 'not-held', status: 'being held' };
  const purges = isBegun ? (record.purges ?? 'leave') : await purgingOf(guard, guarded, record, keep);
  if (purges === 'choice-needed') return { outcome: 'choice-needed' };
  if (isDryRun) return { outcome: 'purged' };
  // Noted first: from here on nobody releases it, and a purge that was cut off goes on.
  const purged = isBegun ? record : await advance(guard, guarded, record, { kind: 'purged', purges });
  if (purged === undefined)
    return { outcome: 'not-held', status: stateOf(await readHold(guard, guarded, record)) };
  await clearLanding(guard, guarded, purged);
  for (const uri of [record.report, record.copy]) {
    const head = await guard.objects.head(placeOf(uri));
    if (head) await guard.objects.remove(placeOf(uri), head);
  }
  await tellEnded(guard, guarded, [purged]);
  return { outcome: 'purged' };
}

/** The copy goes last: while it is there, the purge is not done. */
async function isAnyLeft(guard: PurgeGuard, { copy }: HoldRecord): Promise<boolean> {
  return (await guard.objects.head(placeOf(copy))) !== undefined;
}

/** Only what is still held, and still lies in landing, is taken from there. */
async function purgingOf(
  guard: PurgeGuard,
  guarded: GuardedTable,
  record: HoldRecord,
  keep: PurgeOptions['keep'],
): Promise<Purging | 'choice-needed'> {
  if (leavesItsPlace(guarded) || record.status !== 'held') return 'leave';
  if (!(await hasPublished(guard, guarded, record))) return 'clear';
  if (keep === undefined) return 'choice-needed';
  return keep === 'old' ? 'bring-old-back' : 'clear';
}

async function hasPublished(
  guard: PurgeGuard,
  guarded: GuardedTable,
  { origin }: HoldRecord,
): Promise<boolean> {
  const relativeKey = keyBelow(guarded.landing, origin.key);
  return (await guard.objects.head(placeIn(guarded.location, relativeKey))) !== undefined;
}

async function clearLanding(
  guard: PurgeGuard,
  guarded: GuardedTable,
  { origin, purges = 'leave' }: HoldRecord,
): Promise<void> {
  if (purges === 'leave') return;
  const here = await guard.objects.head(origin);
  if (here?.etag !== origin.etag) return;
  if (purges === 'clear') {
    await guard.objects.remove(origin, here);
    return;
  }
  const relativeKey = keyBelow(guarded.landing, origin.key);
  const from = placeIn(guarded.location, relativeKey);
  const good = await guard.objects.head(from);
  if (good === undefined) return;
  const { outcome } = await guard.objects.copy({
    from: { ...from, etag: good.etag, sizeBytes: good.sizeBytes },
    to: { bucket: origin.bucket, key: origin.key },
    condition: { kind: 'matches', etag: here.etag },
    metadata: originMetadata({ ...origin, etag: good.etag, writtenAt: good.modifiedAt }, 'restore'),
  });
  if (outcome === 'source-changed')
    throw new HeadgateError('CONFLICT', 'the published object changed while it was copied back');
}
