import { listHolds } from '../../../src/run/hold/hold.ts';
import { currentObjects, lostObjects, objectsBelow } from '../aws/invariants.ts';
import { LANDING, LOCATION, TABLE } from './contract.ts';
import type { Simulation } from './simulation.ts';

/** What a reader of the table sees: key below the location → `kind mark`. Hidden and empty objects are none, and none that is named as a folder. */
export function readable({ world, kindOf }: Simulation): Readonly<Record<string, string>> {
  return viewOf(objectsBelow(world, LOCATION.bucket, LOCATION.prefix), kindOf);
}

/** What lies below the job's prefix, in the same form. */
export function landed({ world, kindOf }: Simulation): Readonly<Record<string, string>> {
  return viewOf(objectsBelow(world, LANDING.bucket, LANDING.prefix), kindOf);
}

function viewOf(
  objects: ReturnType<typeof objectsBelow>,
  kindOf: Simulation['kindOf'],
): Readonly<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const [key, { bytes }] of objects) {
    const isHidden = key.endsWith('/') || key.split('/').some((segment) => /^[_.]/u.test(segment));
    if (isHidden || bytes.length === 0) continue;
    const file = kindOf(bytes);
    seen[key] = file ? `${file.kind} ${file.mark}` : 'unknown bytes';
  }
  return seen;
}

/** What quarantine holds: `kind mark`, sorted. */
export function quarantined({ world, kindOf }: Simulation): readonly string[] {
  return currentObjects(world)
    .filter(({ bucket, key }) => bucket === 'quarantine' && key.endsWith('/data.parquet'))
    .map(({ bytes }) => {
      const file = kindOf(bytes);
      return file ? `${file.kind} ${file.mark}` : 'unknown bytes';
    })
    .sort();
}

/** The table's partitions in the catalog, as `dt` values. */
export async function partitions(simulation: Simulation): Promise<readonly string[]> {
  const { guard } = simulation.worker();
  const found: string[] = [];
  if ((await guard.catalog.getTable({ database: 'shop', name: 't' })) === undefined) return found;
  for await (const page of guard.catalog.listPartitions({ database: 'shop', name: 't' }))
    found.push(...page.map(({ values }) => values.join('/')));
  return found.sort();
}

/** The kind of every object that ever was readable, deleted and overwritten ones too, but for keys that are somebody else's. */
export function everReadable(
  { world, kindOf }: Simulation,
  isTheirs: (relativeKey: string) => boolean = () => false,
): readonly string[] {
  const ever = versionsBelowLocation(world).filter(({ key }) => !isTheirs(key));
  return [...new Set(ever.map(({ bytes }) => kindOf(bytes)?.kind ?? 'unknown bytes'))].sort();
}

/** The key below the location of every object that ever was readable. */
export function keysEverReadable({ world }: Simulation): ReadonlySet<string> {
  return new Set(versionsBelowLocation(world).map(({ key }) => key));
}

function versionsBelowLocation({ buckets }: Simulation['world']) {
  return [...buckets.bucket(LOCATION.bucket).versions]
    .filter(([key]) => key.startsWith(LOCATION.prefix))
    .flatMap(([key, versions]) =>
      versions.flatMap(({ object }) =>
        object && object.bytes.length > 0
          ? [{ key: key.slice(LOCATION.prefix.length), bytes: object.bytes }]
          : [],
      ),
    );
}

/** Keys whose readable object is one that is held: a contract change alone never publishes it. */
export async function heldAndReadable(simulation: Simulation): Promise<readonly string[]> {
  const holds = await listHolds(simulation.worker().guard, { name: TABLE });
  const { buckets } = simulation.world;
  return holds.flatMap(({ status, origin }) => {
    const relativeKey = origin.key.slice(LANDING.prefix.length);
    const published = buckets.current(LOCATION.bucket, LOCATION.prefix + relativeKey);
    return status === 'held' && published?.etag === origin.etag ? [relativeKey] : [];
  });
}

/** The threads that paged somebody: a notice that is sent twice is one. */
export function pages({ world }: Simulation): readonly string[] {
  return [...new Set(world.notices.filter(({ kind }) => kind === 'open').map(({ dedupKey }) => dedupKey))];
}

export { lostObjects };
