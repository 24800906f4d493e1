import type { Guard } from '../../../run/guard/guard.ts';
import { type Act, recordAct } from '../../../run/ledger/trail.ts';
import type { LakeSession } from './session.ts';

/** Writes into the trail what a person is about to do, and says who they are. Every command that acts does so first. */
export async function actAs(
  session: Pick<LakeSession, 'who'> & { readonly guard: Pick<Guard, 'ledger' | 'clock'> },
  act: Pick<Act, 'act' | 'table' | 'what'>,
): Promise<string> {
  const { by } = await recordAct(session.guard, {
    ...act,
    by: await session.who(),
    at: session.guard.clock.now(),
  });
  return by;
}
