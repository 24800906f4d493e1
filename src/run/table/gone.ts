import type { Guard } from '../guard/guard.ts';
import type { ObjectPlace } from '../ports/object-store.ts';

/**
 * Makes sure that a key without an object was deleted: a bucket that vanished answers a HEAD in the same way, and a listing
 * with NOT_FOUND, which is thrown.
 */
export async function checkBucketOf(
  { objects }: Pick<Guard, 'objects'>,
  { bucket, key }: ObjectPlace,
): Promise<void> {
  for await (const _ of objects.list(bucket, key)) return;
}
