import type { Guard } from '../guard/guard.ts';
import type { RecordKey, RecordKind } from '../ledger/record-kind.ts';
import { readRecord, updateRecord } from '../ledger/records.ts';

interface NudgeRecord {
  readonly askedAt: string;
}

export const NUDGE: RecordKind<NudgeRecord> = { name: 'dev', form: 1, needs: { askedAt: 'string' } };
/** id `sweep`: one for all tables. */
const KEY: RecordKey<NudgeRecord> = { kind: NUDGE, scope: 'dev', id: 'sweep' };

/** Asks the process that guards the lake to look at every table soon: its queues are its own. */
export async function askForSweep(guard: Pick<Guard, 'ledger' | 'clock'>): Promise<void> {
  await updateRecord(guard, KEY, () => ({ askedAt: guard.clock.now() }));
}

/** Tells whether somebody asked since the last time. */
export function sweepRequests(guard: Pick<Guard, 'ledger'>): () => Promise<boolean> {
  let last: string | undefined;
  let isFirst = true;
  return async () => {
    const revision = (await readRecord(guard, KEY))?.revision;
    const isNew = !isFirst && revision !== last;
    last = revision;
    isFirst = false;
    return isNew;
  };
}
