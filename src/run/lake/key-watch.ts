import { classifyKey } from '../../judge/contract/key.ts';
import { countExpected } from '../breaker/breaker.ts';
import { kindOf } from '../folder/survey.ts';
import type { Guard } from '../guard/guard.ts';
import { sketchOf } from '../ledger/distinct-sketch.ts';
import type { LookMessage } from '../message/messages.ts';
import { originId, originOf } from '../message/origin.ts';
import { send } from '../message/send.ts';
import type { ListedObject } from '../ports/object-store.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { keyBelow } from '../table/located.ts';
import { readTable } from '../table/table-record.ts';
import { isYoung } from './young-objects.ts';

/** What was last seen of each table: key → ETag. Losing it costs looks, nothing else. */
export type SeenKeys = Map<string, ReadonlyMap<string, string>>;

export interface WatchOptions {
  readonly youngMs: number;
  readonly nowMs: () => number;
}

/**
 * Compares a table's guarded prefix with what was last seen there, and asks for a look at each key that is new, changed
 * or gone. An object that may still be written to counts as not seen yet. Returns how many looks it asked for.
 *
 * The first time it asks only for what `reconcile` does not: files to ignore, strays that nobody moves, and all of a table
 * in `observe`.
 */
export async function watchKeys(
  guard: Pick<Guard, 'objects' | 'queue' | 'clock' | 'ledger' | 'settings'>,
  guarded: GuardedTable,
  seen: SeenKeys,
  options: WatchOptions,
): Promise<number> {
  const before = seen.get(guarded.name);
  const now = new Map<string, string>();
  const looks: LookMessage[] = [];
  const files: string[] = [];
  const guardedSince =
    before === undefined ? (await readTable(guard, guarded.name))?.value.guardedSince : undefined;
  const { bucket, prefix } = guarded.landing;
  for await (const page of guard.objects.list(bucket, prefix))
    for (const object of page) {
      const last = before?.get(object.key);
      if (isYoung(object.modifiedAt, options)) {
        // Neither new nor gone: what was seen of it stays, and the next poll looks again.
        if (last !== undefined) now.set(object.key, last);
        continue;
      }
      now.set(object.key, object.etag);
      const isNews =
        before === undefined ? isLeftByReconcile(guarded, object, guardedSince) : last !== object.etag;
      if (!isNews) continue;
      looks.push(lookAt(bucket, object));
      if (kindOf(guarded, object.key.slice(prefix.length), object) === 'file')
        files.push(originId(originOf(bucket, object)));
    }
  // Young keys are in neither map when they are new, so only keys that were seen whole can be gone.
  for (const key of before?.keys() ?? []) if (!now.has(key)) looks.push({ kind: 'look', bucket, key });
  if (files.length > 0) await countExpected(guard, guarded, sketchOf(files));
  await send(guard, { validate: looks.map((message) => ({ message })) });
  // Last: a hint that could not be sent is given again.
  seen.set(guarded.name, now);
  return looks.length;
}

function lookAt(bucket: string, { key, etag, sizeBytes, modifiedAt }: ListedObject): LookMessage {
  return { kind: 'look', bucket, key, object: { etag, sizeBytes, modifiedAt } };
}

function isLeftByReconcile(
  { placement, table, landing }: GuardedTable,
  { key, sizeBytes, modifiedAt }: ListedObject,
  guardedSince: string | undefined,
): boolean {
  if (placement.mode === 'observe' || sizeBytes === 0) return true;
  const rules = {
    partitionKeys: table.partitionKeys.map(({ name }) => name),
    fileMatch: table.policy.fileMatch,
  };
  const { kind } = classifyKey(keyBelow(landing, key), rules);
  // In place the sweep looks at strays as at files; what is older than the guard it leaves alone.
  const isOld = guardedSince === undefined || modifiedAt < guardedSince;
  return kind === 'ignore' || (kind === 'stray' && (placement.mode !== 'in-place' || isOld));
}
