import { LOCATION } from './contract.ts';
import { type FileKind, fileBytes } from './files.ts';
import type { Simulation } from './simulation.ts';

/** Where the catalog says that the table's partitions lie, below its location. */
export function registeredFolders({ world }: Simulation): readonly string[] {
  const table = world.glue.table({ database: 'shop', name: 't' });
  const root = `s3://${LOCATION.bucket}/${LOCATION.prefix}`;
  return [...(table?.partitions.values() ?? [])].map(({ location }) => location.replace(root, '')).sort();
}

/** Somebody else writes below the location, and nobody is told: no job of the table, and not Headgate. */
export function putForeign(
  { world }: Simulation,
  relativeKey: string,
  kind: FileKind | 'empty',
  metadata?: Readonly<Record<string, string>>,
): void {
  const bytes = kind === 'empty' ? new Uint8Array(0) : fileBytes(kind, `foreign ${relativeKey}`);
  world.buckets.put(LOCATION.bucket, LOCATION.prefix + relativeKey, { bytes, metadata });
}
