import type { StoredObject } from './buckets.ts';
import type { ProducerAct } from './producer.ts';
import type { AwsWorld } from './world.ts';

export interface PlacedObject extends StoredObject {
  readonly bucket: string;
}

/** Every current object of the account, by bucket and key; of buckets that are gone for a while too. */
export function currentObjects({ buckets }: AwsWorld): readonly PlacedObject[] {
  return [...buckets.all.values(), ...buckets.vanished.values()].flatMap((bucket) =>
    [...bucket.versions.values()].flatMap((versions) => {
      const object = versions.at(-1)?.object;
      return object ? [{ ...object, bucket: bucket.name }] : [];
    }),
  );
}

/** What producers last did with each key. */
export function newestActs({ producer }: AwsWorld): readonly ProducerAct[] {
  const newest = new Map<string, ProducerAct>();
  for (const act of producer.acts) newest.set(`${act.bucket}/${act.key}`, act);
  return [...newest.values()];
}

/** P2: what producers wrote last under a key and did not delete, and whose bytes no current object has any more. */
export function lostObjects(world: AwsWorld): readonly ProducerAct[] {
  const kept = new Set(currentObjects(world).map(contentOf));
  return newestActs(world).filter(({ object }) => object && !kept.has(contentOf(object)));
}

/** Bytes and stated size: copies have another ETag where they were made in parts. */
function contentOf({ bytes, sizeBytes }: StoredObject): string {
  return `${sizeBytes}:${Buffer.from(bytes).toString('base64')}`;
}

/** The current objects below a prefix, by the key below it. */
export function objectsBelow(
  world: AwsWorld,
  bucket: string,
  prefix: string,
): ReadonlyMap<string, StoredObject> {
  return new Map(
    currentObjects(world)
      .filter((object) => object.bucket === bucket && object.key.startsWith(prefix))
      .map((object) => [object.key.slice(prefix.length), object]),
  );
}
