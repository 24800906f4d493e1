import { HeadgateError } from '../../error.ts';
import type { Guard } from '../guard/guard.ts';
import type { Origin } from '../message/messages.ts';
import { copyOf, isCopyFrom, isSameObject, originMetadata } from '../message/origin.ts';
import type { Copied, ObjectDescription, ObjectPlace, WriteCondition } from '../ports/object-store.ts';
import { type GuardedTable, placeIn } from '../table/guarded-table.ts';
import { keyBelow } from '../table/located.ts';

export type Mirrored =
  | { readonly outcome: 'published' }
  /** The object is no longer the one that was judged: what is there now has a look of its own. */
  | { readonly outcome: 'superseded' };

/**
 * Copies one judged object from landing to the table's location, while it is still the judged one, onto nothing or onto
 * exactly the state that was seen there. Repeating it changes nothing. Throws CONFLICT where the destination changed
 * meanwhile.
 */
export async function mirror(
  guard: Pick<Guard, 'objects' | 'observer'>,
  guarded: GuardedTable,
  origin: Origin,
  description?: ObjectDescription,
): Promise<Mirrored> {
  const { landing } = guarded.table.policy;
  const to = placeIn(guarded.location, keyBelow(guarded.landing, origin.key));
  const copy = (condition: WriteCondition) =>
    guard.objects.copy({
      from: origin,
      to,
      condition,
      metadata: originMetadata(origin, landing),
      ...(description && { description }),
    });
  // Nearly every file is new there: asking first would cost one more request for each.
  const first = await copy({ kind: 'absent' });
  const outcome =
    first.outcome === 'destination-changed' ? await replace(guard, to, origin, copy) : first.outcome;
  if (outcome === 'source-changed') return { outcome: 'superseded' };
  if (outcome === 'destination-changed')
    throw new HeadgateError('CONFLICT', 'the published object changed while it was replaced');
  if (outcome === 'copied')
    guard.observer.record({ kind: 'published', table: guarded.name, key: origin.key });
  if (landing === 'consume') await consume(guard, guarded, origin);
  return { outcome: 'published' };
}

/** Onto what is there, unless it is this very copy already. */
async function replace(
  { objects }: Pick<Guard, 'objects'>,
  to: ObjectPlace,
  origin: Origin,
  copy: (condition: WriteCondition) => Promise<Copied>,
): Promise<Copied['outcome'] | 'there'> {
  const there = await objects.head(to);
  const seen = there && copyOf(there);
  if (there === undefined) return (await copy({ kind: 'absent' })).outcome;
  const isThere =
    seen !== undefined &&
    isSameObject(seen, origin) &&
    isCopyFrom(seen, origin) &&
    there.sizeBytes === origin.sizeBytes;
  return isThere ? 'there' : (await copy({ kind: 'matches', etag: there.etag })).outcome;
}

/** Empties landing of what is published. A copy that cannot be seen keeps its source. */
export async function consume(
  guard: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  origin: Origin,
): Promise<void> {
  const relativeKey = keyBelow(guarded.landing, origin.key);
  const there = await guard.objects.head(placeIn(guarded.location, relativeKey));
  const copy = there && copyOf(there);
  if (copy !== undefined && isSameObject(copy, origin) && there?.sizeBytes === origin.sizeBytes)
    await guard.objects.remove(origin, origin);
}
