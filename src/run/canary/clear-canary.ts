import type { Guard } from '../guard/guard.ts';
import { forgetHold, listHolds, readHold, stateOf } from '../hold/hold.ts';
import { purge } from '../hold/purge.ts';
import type { GuardedTable } from '../table/guarded-table.ts';

/** What other beats may still wait for. */
const STALE_MS = 15 * 60_000;

/**
 * Ends what the heartbeat began: its holds with their copies, then its files in landing, each only while it is the one
 * that was seen. Takes these keys, and what an earlier beat left; a hold that is half-done goes on, and is taken by the
 * next one. The published copies are left to the mirror.
 */
export async function clearCanary(
  guard: Pick<Guard, 'objects' | 'ledger' | 'events' | 'clock'>,
  guarded: GuardedTable,
  keys: readonly string[],
): Promise<void> {
  const staleAt = new Date(Date.parse(guard.clock.now()) - STALE_MS).toISOString();
  const isOver = (key: string, writtenAt: string) => keys.includes(key) || writtenAt < staleAt;
  for (const hold of await listHolds(guard, guarded)) {
    if (!isOver(hold.origin.key, hold.origin.writtenAt)) continue;
    await purge(guard, guarded, hold, { keep: 'none' });
    const purged = await readHold(guard, guarded, hold);
    if (purged && stateOf(purged) === 'purged') await forgetHold(guard, guarded, purged);
  }
  const { bucket, prefix } = guarded.landing;
  for await (const page of guard.objects.list(bucket, prefix))
    for (const { key, etag, modifiedAt } of page)
      if (isOver(key, modifiedAt)) await guard.objects.remove({ bucket, key }, { etag });
}
