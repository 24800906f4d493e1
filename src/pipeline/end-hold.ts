import { busEvent } from './bus-event.ts';
import type { Guard } from './guard.ts';
import type { GuardedTable } from './guarded-table.ts';
import { holdKey } from './hold-key.ts';
import { inParallel } from './in-parallel.ts';
import { updateLedger } from './ledger-update.ts';
import type { HoldRecord } from './records.ts';

export interface Ending {
  readonly record: HoldRecord;
  readonly reason: NonNullable<HoldRecord['endReason']>;
}

const CONCURRENT_WRITES = 16;

/**
 * Holds that are over, and why. Their copies stay in quarantine. Noted first and told then, all at once: whoever hears
 * of one end looks at what is held as a whole, and a schedule looks too.
 */
export async function endHolds(
  guard: Pick<Guard, 'ledger' | 'events' | 'clock'>,
  guarded: GuardedTable,
  endings: readonly Ending[],
): Promise<void> {
  if (endings.length === 0) return;
  await inParallel(endings, CONCURRENT_WRITES, ({ record, reason }) =>
    updateLedger<HoldRecord>(guard.ledger, holdKey(guarded, record), (now) =>
      now?.status === 'ended' ? now : now && { ...now, status: 'ended', endReason: reason },
    ),
  );
  const now = guard.clock.now();
  await guard.events.publish(
    endings.map(({ record: { holdId, heldAt, judgedBy }, reason }) =>
      busEvent(
        {
          type: 'HoldEnded',
          detail: {
            table: guarded.name,
            contractVersion: judgedBy.contractVersion,
            holdId,
            reason,
          },
        },
        now,
        [holdId, heldAt, reason],
      ),
    ),
  );
}
