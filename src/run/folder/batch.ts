import { countDeletes } from '../breaker/breaker.ts';
import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { removeRecord, updateRecord } from '../ledger/records.ts';
import { originId, originOf } from '../message/origin.ts';
import { send } from '../message/send.ts';
import { folderOf } from '../table/folder.ts';
import { type GuardedTable, placeIn } from '../table/guarded-table.ts';
import { readTable } from '../table/table-record.ts';
import { consume, mirror } from './mirror.ts';
import { missingKey } from './missing-record.ts';
import { planFolder } from './plan.ts';
import { registerFolder } from './register-folder.ts';
import { type LandingEntry, type MissingEntry, survey } from './survey.ts';
import { forgetWaiting } from './waiting.ts';

type BatchGuard = Pick<Guard, 'objects' | 'ledger' | 'queue' | 'events' | 'clock' | 'observer'>;

const CONCURRENT_COPIES = 16;

/**
 * Publishes a complete batch: copies first, then, by a fresh listing, the deletes that are still due. Every step rests
 * on what is there now, so that running it again after a cut-off goes on where it stopped.
 */
export async function runBatch(guard: BatchGuard, guarded: GuardedTable, folder: string): Promise<void> {
  const { policy } = guarded.table;
  const now = guard.clock.now();
  const surveyed = await survey(guard, guarded, folder);
  const before = planFolder(surveyed, policy, now);
  await inParallel(before.clears, CONCURRENT_COPIES, ({ object }) =>
    consume(guard, guarded, originOf(guarded.landing.bucket, object)),
  );
  const key = missingKey(guarded, folder);
  if (before.copies.length > 0) {
    // Noted first: cut off after the copies, the deletes are still the rest of this overwrite.
    if (before.deletes.length > 0)
      await updateRecord(guard, key, (record) => record && { ...record, isReplaced: true });
    await copyAll(guard, guarded, before.copies);
  }
  if (before.waits.length > 0) await lookAgain(guard, guarded, folder);
  if (before.deletes.length === 0) return;
  const isReplacement = before.copies.length > 0 || surveyed.missingRecord?.isReplaced === true;
  if (!isReplacement && !(await mayDelete(guard, guarded, before.deletes))) return;

  const fresh = planFolder(await survey(guard, guarded, folder), policy, now);
  if (fresh.copies.length > 0) return lookAgain(guard, guarded, folder);
  const stillDue = new Set(fresh.deletes.map(idOf));
  const due = before.deletes.filter((entry) => stillDue.has(idOf(entry)));
  await deleteAll(guard, guarded, due);
  // Something came between. What is left is still the rest of this overwrite, so what is known of it stays.
  if (due.length < before.deletes.length) return lookAgain(guard, guarded, folder);
  await removeRecord(guard, key);
  if (isReplacement) tellMixed(guard, guarded, folder, now);
}

function tellMixed(guard: BatchGuard, { name }: GuardedTable, folder: string, since: string): void {
  const mixedSeconds = Math.max(0, (Date.parse(guard.clock.now()) - Date.parse(since)) / 1000);
  guard.observer.record({ kind: 'mixed', table: name, folder, mixedSeconds });
}

function idOf({ relativeKey, object }: MissingEntry): string {
  return JSON.stringify([relativeKey, object.etag]);
}

async function copyAll(
  guard: BatchGuard,
  guarded: GuardedTable,
  copies: readonly LandingEntry[],
): Promise<void> {
  const outcomes = await inParallel(copies, CONCURRENT_COPIES, async ({ state, relativeKey }) => {
    if (state.kind !== 'waiting') return undefined;
    const { origin } = state.record;
    const folder = folderOf(guarded.table, relativeKey);
    const { outcome } = await mirror(guard, guarded, origin);
    return outcome === 'published' ? { folder, id: originId(origin) } : undefined;
  });
  const byFolder = new Map<string, string[]>();
  for (const published of outcomes)
    if (published) byFolder.set(published.folder, [...(byFolder.get(published.folder) ?? []), published.id]);
  for (const [folder, ids] of byFolder) {
    await registerFolder(guard, guarded, folder);
    await forgetWaiting(guard, guarded, folder, ids);
  }
}

/** Deletes that replace nothing add up: past half of a table they wait for a person. */
async function mayDelete(
  guard: BatchGuard,
  guarded: GuardedTable,
  deletes: readonly MissingEntry[],
): Promise<boolean> {
  const objects = (await readTable(guard, guarded.name))?.value.publishedObjects;
  const ids = deletes.map(({ relativeKey, object: { etag } }) =>
    originId({ ...placeIn(guarded.location, relativeKey), etag }),
  );
  return (await countDeletes(guard, guarded, ids, objects)) === 'allowed';
}

/** Removes each mirrored object while it is still the one that was seen, and looks whether its key came back. */
async function deleteAll(
  guard: BatchGuard,
  guarded: GuardedTable,
  deletes: readonly MissingEntry[],
): Promise<void> {
  await inParallel(deletes, CONCURRENT_COPIES, async ({ relativeKey, object }) => {
    const landing = placeIn(guarded.landing, relativeKey);
    // An empty object counts as absent.
    const isBack = async () => ((await guard.objects.head(landing))?.sizeBytes ?? 0) > 0;
    // A key that came back since the listing keeps its published copy until the new object is judged.
    if (!(await isBack())) await unpublish(guard, guarded, relativeKey, object.etag);
    if (await isBack()) await send(guard, { validate: [{ message: { kind: 'look', ...landing } }] });
  });
}

async function unpublish(
  guard: BatchGuard,
  guarded: GuardedTable,
  relativeKey: string,
  etag: string,
): Promise<void> {
  const place = placeIn(guarded.location, relativeKey);
  if ((await guard.objects.remove(place, { etag })) === 'removed')
    guard.observer.record({ kind: 'unpublished', table: guarded.name, key: place.key });
}

async function lookAgain(
  guard: Pick<Guard, 'queue' | 'clock'>,
  guarded: GuardedTable,
  folder: string,
): Promise<void> {
  await send(guard, {
    converge: [
      {
        message: { kind: 'converge', table: guarded.name, folder },
        delaySeconds: guarded.table.policy.settleSeconds,
      },
    ],
  });
}
