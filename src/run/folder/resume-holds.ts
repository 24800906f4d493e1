import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { type Ending, endHolds } from '../hold/end-hold.ts';
import { forgetHold, type HoldRecord, listHolds } from '../hold/hold.ts';
import type { Origin } from '../message/messages.ts';
import { copyOf, originId } from '../message/origin.ts';
import { send } from '../message/send.ts';
import { checkBucketOf } from '../table/gone.ts';
import { type GuardedTable, placeIn } from '../table/guarded-table.ts';
import { keyBelow } from '../table/located.ts';

type HoldGuard = Pick<Guard, 'objects' | 'ledger' | 'queue' | 'events' | 'clock'>;

const CONCURRENT_HEADS = 16;
const KEPT_MS = 90 * 86_400_000;

/**
 * Holds that were cut off go on; those whose object is held no more are ended; what ended long ago is forgotten here,
 * its report in quarantine is not. Gives those that were held.
 */
export async function resumeHolds(guard: HoldGuard, guarded: GuardedTable): Promise<readonly HoldRecord[]> {
  const records = await listHolds(guard, guarded);
  await send(guard, {
    quarantine: records
      .filter(({ status, step }) => status === 'held' && step !== 'DONE')
      .map(({ table, origin, judgedBy, effect, findings, findingCount }) => ({
        message: { kind: 'hold', table, origin, judgedBy, effect, findings, findingCount },
      })),
  });
  const heldIds = new Set(records.filter(({ status }) => status === 'held').map(({ holdId }) => holdId));
  const isHeld = (origin: Origin) => heldIds.has(originId(origin));
  const settled = records.filter(({ status, step }) => status !== 'ended' && step === 'DONE');
  const endings = await inParallel(settled, CONCURRENT_HEADS, async (record) => {
    const reason = await endOf(guard, guarded, record, isHeld);
    return reason && { record, reason };
  });
  await endHolds(
    guard,
    guarded,
    endings.filter((ending): ending is Ending => ending !== undefined),
  );
  const forgettable = Date.parse(guard.clock.now()) - KEPT_MS;
  for (const record of records)
    if (record.status === 'ended' && Date.parse(record.heldAt) < forgettable)
      await forgetHold(guard, guarded, record);
  return records.filter(({ status }) => status === 'held');
}

function isConsumed({ placement, table }: GuardedTable): boolean {
  return placement.mode === 'promote' && table.policy.landing === 'consume';
}

async function endOf(
  guard: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  record: HoldRecord,
  isHeld: (origin: Origin) => boolean,
): Promise<Ending['reason'] | undefined> {
  const { origin, status, releasedEtag: etag } = record;
  // What was written back, and is held again, is another hold.
  if (status === 'released' && etag !== undefined && isHeld({ ...origin, etag })) return 'overwritten';
  const keeps = guarded.placement.mode === 'promote' && guarded.table.policy.landing === 'keep';
  const relativeKey = keyBelow(guarded.landing, origin.key);
  if (status === 'released' || isConsumed(guarded)) {
    const there = await guard.objects.head(placeIn(guarded.location, relativeKey));
    const copy = there && copyOf(there);
    const isItself = copy !== undefined && (copy.etag === origin.etag || copy.etag === etag);
    if (status === 'released' && isItself) return 'published';
    // A consumed landing does not show what came after the held object: the published copy does.
    if (isConsumed(guarded) && copy !== undefined && copy.writtenAt > origin.writtenAt) return 'overwritten';
  }
  const here = await guard.objects.head(origin);
  if (here === undefined && keeps) await checkBucketOf(guard, origin);
  if (here === undefined) return keeps ? 'deleted' : undefined;
  if (here.etag === origin.etag) return undefined;
  // Where held objects leave their place, a new object under the key is another one, and this one stays held.
  return keeps ? 'overwritten' : undefined;
}
