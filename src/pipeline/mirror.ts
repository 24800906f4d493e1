import { HeadgateError } from '../error.ts';
import type { WriteCondition } from '../ports/object-store.ts';
import type { Guard } from './guard.ts';
import { type GuardedTable, placeIn } from './guarded-table.ts';
import type { Origin } from './messages.ts';
import { copyOf, isCopyFrom, isSameObject, originMetadata } from './origin.ts';

export type Mirrored =
  | { readonly outcome: 'published' }
  /** The object is no longer the one that was judged: what is there now has a look of its own. */
  | { readonly outcome: 'superseded' };

/**
 * Copies one judged object from landing to the table's location, while it is still the judged one, onto exactly the
 * state that was seen there. Repeating it changes nothing. Throws CONFLICT where the destination changed meanwhile.
 */
export async function mirror(
  guard: Pick<Guard, 'objects' | 'observer'>,
  guarded: GuardedTable,
  origin: Origin,
): Promise<Mirrored> {
  const { landing } = guarded.table.policy;
  const relativeKey = origin.key.slice(guarded.landing.prefix.length);
  const to = placeIn(guarded.location, relativeKey);
  const there = await guard.objects.head(to);
  const copy = there && copyOf(there);
  const isThere =
    there !== undefined &&
    copy !== undefined &&
    isSameObject(copy, origin) &&
    isCopyFrom(copy, origin) &&
    there.sizeBytes === origin.sizeBytes;
  if (!isThere) {
    const condition: WriteCondition = there ? { kind: 'matches', etag: there.etag } : { kind: 'absent' };
    const copied = await guard.objects.copy({
      from: origin,
      to,
      condition,
      metadata: originMetadata(origin, landing),
    });
    if (copied.outcome === 'source-changed') return { outcome: 'superseded' };
    if (copied.outcome === 'destination-changed')
      throw new HeadgateError('CONFLICT', 'the published object changed while it was replaced');
    guard.observer.record({ kind: 'published', table: guarded.name, key: origin.key });
  }
  if (landing === 'consume') await consume(guard, guarded, origin);
  return { outcome: 'published' };
}

/** Empties landing of what is published. A copy that cannot be seen keeps its source. */
export async function consume(
  guard: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  origin: Origin,
): Promise<void> {
  const relativeKey = origin.key.slice(guarded.landing.prefix.length);
  const there = await guard.objects.head(placeIn(guarded.location, relativeKey));
  const copy = there && copyOf(there);
  if (copy !== undefined && isSameObject(copy, origin) && there?.sizeBytes === origin.sizeBytes)
    await guard.objects.remove(origin, origin);
}
