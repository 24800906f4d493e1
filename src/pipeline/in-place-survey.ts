import type { Guard } from './guard.ts';
import type { GuardedTable } from './guarded-table.ts';
import { originOf } from './origin.ts';
import {
  heldAway,
  holdsOf,
  isData,
  type LandingEntry,
  listFolder,
  markersOf,
  type Survey,
} from './survey.ts';
import { readTable } from './table-record.ts';
import { readVerdicts, verdictKey } from './verdict-log.ts';

/** How far back the verdict log is read for a batch: a job that takes longer is judged again, which changes nothing. */
const LOG_DAYS = 2;

/** An in-place folder by the verdict log. What is older than the guard itself belongs to `headgate audit`. */
export async function inPlaceSurvey(
  guard: Pick<Guard, 'objects' | 'ledger' | 'clock' | 'settings'>,
  guarded: GuardedTable,
  folder: string,
): Promise<Survey> {
  const since = new Date(Date.parse(guard.clock.now()) - LOG_DAYS * 86_400_000).toISOString();
  const [here, verdicts, holds, record] = await Promise.all([
    listFolder(guard, guarded.landing, folder),
    readVerdicts(guard, guarded, since),
    holdsOf(guard, guarded, folder),
    readTable(guard, guarded.name),
  ]);
  const guardedSince = record?.value.guardedSince ?? '';
  const judgedBy = { contractHash: guarded.contractHash, contractVersion: '', catalogVersion: '' };
  const entries: LandingEntry[] = [];
  for (const [relativeKey, object] of here) {
    if (!isData(guarded, relativeKey, object) || object.modifiedAt < guardedSince) continue;
    const verdict = verdicts.get(verdictKey(object));
    // What is to be moved and still lies here was let lie by the breaker: it is not held yet.
    const isHeld = verdict === 'hold' && guarded.table.policy.onHold === 'alert';
    entries.push({
      relativeKey,
      object,
      state:
        verdict === 'admit'
          ? { kind: 'waiting', record: { origin: originOf(guarded.landing.bucket, object), judgedBy } }
          : isHeld
            ? { kind: 'held', holdId: '' }
            : { kind: 'unfinished' },
    });
  }
  return {
    folder,
    entries: [...entries, ...heldAway(guarded, folder, holds, (relativeKey) => here.has(relativeKey))],
    missing: [],
    foreign: [],
    published: [...here.keys()],
    markers: markersOf(here),
    missingRecord: undefined,
  };
}
