import { busEvent } from './bus-event.ts';
import type { Guard } from './guard.ts';
import type { GuardedTable } from './guarded-table.ts';
import { holdKey } from './hold-key.ts';
import { updateLedger } from './ledger-update.ts';
import type { HoldRecord } from './records.ts';

/** A held object that is held no more, and why. The copy stays; what watches incidents is told. */
export async function endHold(
  guard: Pick<Guard, 'ledger' | 'events' | 'clock'>,
  guarded: GuardedTable,
  record: HoldRecord,
  endReason: NonNullable<HoldRecord['endReason']>,
): Promise<void> {
  const { holdId, judgedBy } = record;
  const detail = {
    table: guarded.name,
    contractVersion: judgedBy.contractVersion,
    holdId,
    reason: endReason,
  };
  await guard.events.publish([
    busEvent({ type: 'HoldEnded', detail }, guard.clock.now(), [holdId, record.heldAt, endReason]),
  ]);
  await updateLedger<HoldRecord>(guard.ledger, holdKey(guarded, record), (now) =>
    now?.status === 'ended' ? now : now && { ...now, status: 'ended', endReason },
  );
}
