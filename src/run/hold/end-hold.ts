import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { busEvent } from '../message/bus-event.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { advance, type HoldRecord } from './hold.ts';

export interface Ending {
  readonly record: HoldRecord;
  readonly reason: Exclude<HoldRecord['endReason'], 'purged' | undefined>;
}

const CONCURRENT_WRITES = 16;

/**
 * Holds that are over, and why. Their copies stay in quarantine. Noted first and told then, all at once: whoever hears
 * of one end looks at what is held as a whole, and a schedule looks too. One that somebody else acted on meanwhile
 * is left; gives those that ended here.
 */
export async function endHolds(
  guard: Pick<Guard, 'ledger' | 'events' | 'clock'>,
  guarded: GuardedTable,
  endings: readonly Ending[],
): Promise<readonly HoldRecord[]> {
  const changed = await inParallel(endings, CONCURRENT_WRITES, ({ record, reason }) =>
    advance(guard, guarded, record, { kind: 'ended', reason }),
  );
  const ended = changed.filter((record) => record !== undefined);
  await tellEnded(guard, guarded, ended);
  return ended;
}

/** Tells the ends of holds whose records say it already. */
export async function tellEnded(
  guard: Pick<Guard, 'events' | 'clock'>,
  guarded: GuardedTable,
  ended: readonly HoldRecord[],
): Promise<void> {
  if (ended.length === 0) return;
  const now = guard.clock.now();
  await guard.events.publish(
    ended.flatMap(({ holdId, heldAt, judgedBy, endReason: reason }) => {
      if (reason === undefined) return [];
      const detail = {
        table: guarded.name,
        contractVersion: judgedBy.contractVersion,
        holdId,
        reason,
      };
      return [busEvent({ type: 'HoldEnded', detail }, now, [holdId, heldAt, reason])];
    }),
  );
}
