import type { Guard } from '../guard/guard.ts';
import { updateLedger } from '../ledger/ledger-update.ts';

const KEY = { scope: 'dev', id: 'sweep' } as const;

/** Asks the process that guards the lake to look at every table soon: its queues are its own. */
export async function askForSweep({ ledger, clock }: Pick<Guard, 'ledger' | 'clock'>): Promise<void> {
  await updateLedger(ledger, KEY, () => ({ askedAt: clock.now() }));
}

/** Tells whether somebody asked since the last time. */
export function sweepRequests({ ledger }: Pick<Guard, 'ledger'>): () => Promise<boolean> {
  let last: string | undefined;
  let isFirst = true;
  return async () => {
    const revision = (await ledger.get(KEY))?.revision;
    const isNew = !isFirst && revision !== last;
    last = revision;
    isFirst = false;
    return isNew;
  };
}
