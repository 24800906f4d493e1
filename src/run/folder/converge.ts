import { countExpected } from '../breaker/breaker.ts';
import type { Failure, Guard } from '../guard/guard.ts';
import { sketchOf } from '../ledger/distinct-sketch.ts';
import { removeRecord, updateRecord } from '../ledger/records.ts';
import type { ConvergeMessage } from '../message/messages.ts';
import { originId, originOf } from '../message/origin.ts';
import { send } from '../message/send.ts';
import { folderOf, foldersAbove } from '../table/folder.ts';
import { type GuardedTable, guardedTables, placeIn } from '../table/guarded-table.ts';
import type { SurveyOptions } from './agreement.ts';
import { inPlaceSurvey } from './in-place-survey.ts';
import { MARKERS } from './markers.ts';
import { missingKey } from './missing-record.ts';
import { type Plan, planFolder } from './plan.ts';
import { registerFolder } from './register-folder.ts';
import { missingFingerprint, type Survey, survey } from './survey.ts';

/** What converging may touch: it lists and asks; it neither judges, copies nor deletes. */
export type ConvergeGuard = Pick<Guard, 'objects' | 'ledger' | 'queue' | 'contracts' | 'clock' | 'settings'>;

/** What is due later is found by a reconcile before: one comes every hour, and half an hour more is time for it. */
const MAX_AHEAD_SECONDS = 5400;

/** For each folder: asks for the verdicts that are missing, and for the copies and deletes that are due. */
export async function converge(
  guard: ConvergeGuard,
  messages: readonly ConvergeMessage[],
): Promise<readonly Failure[]> {
  const contracts = await guard.contracts.current();
  const failures: Failure[] = [];
  for (const [index, message] of messages.entries()) {
    const guarded = guardedTables(contracts).get(message.table);
    if (guarded === undefined || guarded.placement.mode === 'observe') continue;
    try {
      const delaySeconds = secondsUntil(message.notBefore, guard);
      // No queue waits that long, and a FIFO queue of SQS always as long: it goes from delay to delay, and looks only then.
      if (delaySeconds > 0 && delaySeconds <= MAX_AHEAD_SECONDS)
        await send(guard, { converge: [{ message, delaySeconds }] });
      else await convergeFolder(guard, guarded, message.folder);
    } catch (error) {
      failures.push({ index, error });
    }
  }
  return failures;
}

export async function convergeFolder(
  guard: ConvergeGuard,
  guarded: GuardedTable,
  folder: string,
  options: SurveyOptions = {},
): Promise<void> {
  const scope = await scopeOf(guard, guarded, folder);
  if (guarded.placement.mode === 'in-place') return convergeInPlace(guard, guarded, scope);
  const surveyed = await survey(guard, guarded, scope, { ...options, remembers: true });
  const known = await noteMissing(guard, guarded, surveyed);
  const plan = planFolder(known, guarded.table.policy, guard.clock.now());
  await askFor(guard, guarded, scope, plan);
}

/** The widest folder above that has a marker: it covers everything below. Without markers, the folder itself. */
export async function scopeOf(
  guard: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  folder: string,
): Promise<string> {
  const { kind } = guarded.table.policy.completion;
  if (kind !== 'success-marker' && kind !== 'explicit') return folder;
  for (const above of foldersAbove(folder))
    for (const marker of MARKERS)
      if ((await guard.objects.head(placeIn(guarded.landing, above + marker))) !== undefined) return above;
  return folder;
}

/**
 * Remembers since when exactly these keys are missing. That they are the rest of an overwrite stays true while some of
 * them are: a cut-off leaves fewer.
 */
async function noteMissing(
  guard: Pick<Guard, 'ledger' | 'clock'>,
  guarded: GuardedTable,
  surveyed: Survey,
): Promise<Survey> {
  if (surveyed.missingRecord !== undefined) return surveyed;
  const key = missingKey(guarded, surveyed.folder);
  if (surveyed.missing.length === 0) {
    await removeRecord(guard, key);
    return surveyed;
  }
  const fingerprint = missingFingerprint(surveyed.missing);
  const missingRecord = await updateRecord(guard, key, (record) =>
    record?.fingerprint === fingerprint
      ? record
      : { fingerprint, since: guard.clock.now(), ...(record?.isReplaced && { isReplaced: true }) },
  );
  return { ...surveyed, missingRecord };
}

async function askFor(
  guard: Pick<Guard, 'queue' | 'clock' | 'ledger' | 'settings'>,
  guarded: GuardedTable,
  folder: string,
  { judge, copies, deletes, clears, lookAgainAt }: Plan,
): Promise<void> {
  const { bucket } = guarded.landing;
  const delaySeconds = Math.max(1, secondsUntil(lookAgainAt, guard));
  // What an open breaker lets lie has no end of its own: the sweep after closing looks again.
  const expected = sketchOf(judge.map(({ object }) => originId(originOf(bucket, object))));
  const isStuck = judge.length > 0 && (await countExpected(guard, guarded, expected)) === 'open';
  await send(guard, {
    validate: judge.map(({ object }) => ({
      message: {
        kind: 'look',
        bucket,
        key: object.key,
        object: { etag: object.etag, sizeBytes: object.sizeBytes, modifiedAt: object.modifiedAt },
      },
    })),
    ...(copies.length + deletes.length + clears.length > 0 && {
      publish: [{ message: { kind: 'batch', table: guarded.name, folder } }],
    }),
    ...(lookAgainAt !== undefined &&
      delaySeconds <= MAX_AHEAD_SECONDS &&
      !isStuck && {
        converge: [
          {
            message: { kind: 'converge', table: guarded.name, folder, notBefore: lookAgainAt },
            delaySeconds,
          },
        ],
      }),
  });
}

function secondsUntil(isoTime: string | undefined, { clock }: Pick<Guard, 'clock'>): number {
  return isoTime === undefined ? 0 : (Date.parse(isoTime) - Date.parse(clock.now())) / 1000;
}

/** In place nothing is copied: a complete batch is one whose partitions may be shown. */
async function convergeInPlace(guard: ConvergeGuard, guarded: GuardedTable, folder: string): Promise<void> {
  const surveyed = await inPlaceSurvey(guard, guarded, folder);
  const plan = planFolder(surveyed, guarded.table.policy, guard.clock.now());
  await askFor(guard, guarded, folder, { ...plan, copies: [], deletes: [], clears: [] });
  const folders = new Set(plan.copies.map(({ relativeKey }) => folderOf(guarded.table, relativeKey)));
  for (const complete of folders) await registerFolder(guard, guarded, complete);
}
