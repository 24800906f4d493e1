import { HeadgateError } from '../error.ts';
import { endHolds } from './end-hold.ts';
import type { Guard } from './guard.ts';
import { type GuardedTable, leavesItsPlace, placeIn } from './guarded-table.ts';
import { originMetadata } from './origin.ts';
import { placeOf } from './quarantine.ts';
import type { HoldRecord } from './records.ts';

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
  if (record.status === 'ended' && record.endReason === 'purged')
    return { outcome: 'not-held', status: 'purged' };
  if (record.step !== 'DONE') return { outcome: 'not-held', status: 'being held' };
  if (!leavesItsPlace(guarded)) {
    const isReplacement = await hasPublished(guard, guarded, record);
    if (isReplacement && keep === undefined) return { outcome: 'choice-needed' };
    if (!isDryRun) await clearLanding(guard, guarded, record, isReplacement && keep === 'old');
  }
  if (isDryRun) return { outcome: 'purged' };
  for (const uri of [record.copy, record.report]) {
    const head = await guard.objects.head(placeOf(uri));
    if (head) await guard.objects.remove(placeOf(uri), head);
  }
  await endHolds(guard, guarded, [{ record, reason: 'purged' }]);
  return { outcome: 'purged' };
}

async function hasPublished(
  guard: PurgeGuard,
  guarded: GuardedTable,
  { origin }: HoldRecord,
): Promise<boolean> {
  const relativeKey = origin.key.slice(guarded.landing.prefix.length);
  return (await guard.objects.head(placeIn(guarded.location, relativeKey))) !== undefined;
}

async function clearLanding(
  guard: PurgeGuard,
  guarded: GuardedTable,
  { origin }: HoldRecord,
  bringsOldBack: boolean,
): Promise<void> {
  const here = await guard.objects.head(origin);
  if (here?.etag !== origin.etag) return;
  if (!bringsOldBack) {
    await guard.objects.remove(origin, here);
    return;
  }
  const relativeKey = origin.key.slice(guarded.landing.prefix.length);
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
