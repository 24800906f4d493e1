import type { Guard } from '../guard/guard.ts';
import { scopeOfKey } from '../table/folder.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { scopeOf } from './converge.ts';
import { inPlaceSurvey } from './in-place-survey.ts';
import { planFolder, type WaitReason } from './plan.ts';
import { type Survey, survey } from './survey.ts';

/** A folder where something is not published or not removed yet, and why. */
export interface Pending {
  readonly folder: string;
  readonly reasons: readonly WaitReason[];
  /** Admitted files that wait for their batch. */
  readonly waitingFiles: number;
  /** Published objects whose source is gone. */
  readonly missingFiles: number;
  readonly heldFiles: number;
  /** ISO 8601, UTC: when time alone changes it; absent where only an event can. */
  readonly until?: string;
}

/** What waits in a table, folder by folder. Changes nothing. */
export async function pendingOf(
  guard: Pick<Guard, 'objects' | 'ledger' | 'clock' | 'settings'>,
  guarded: GuardedTable,
): Promise<readonly Pending[]> {
  const { mode } = guarded.placement;
  if (mode === 'observe') return [];
  const look = (folder: string): Promise<Survey> =>
    mode === 'promote' ? survey(guard, guarded, folder) : inPlaceSurvey(guard, guarded, folder);
  const whole = await look('');
  const open = [
    ...whole.entries.filter(({ state }) => state.kind === 'unfinished' || state.kind === 'waiting'),
    ...whole.missing,
  ];
  const folders = new Set(open.map(({ relativeKey }) => scopeOfKey(guarded.table, relativeKey)));
  const scopes = new Set<string>();
  for (const folder of folders) scopes.add(await scopeOf(guard, guarded, folder));
  const pending: Pending[] = [];
  for (const folder of [...scopes].sort()) {
    const surveyed = await look(folder);
    const { waits, lookAgainAt } = planFolder(surveyed, guarded.table.policy, guard.clock.now());
    if (waits.length === 0) continue;
    const count = (kind: string) => surveyed.entries.filter(({ state }) => state.kind === kind).length;
    pending.push({
      folder,
      reasons: waits,
      waitingFiles: count('waiting'),
      missingFiles: surveyed.missing.length,
      heldFiles: count('held'),
      ...(lookAgainAt !== undefined && { until: lookAgainAt }),
    });
  }
  return pending;
}
