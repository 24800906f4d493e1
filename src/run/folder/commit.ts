import { HeadgateError } from '../../error.ts';
import type { ContractSet } from '../ports/contract-source.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { tableOfObject } from '../table/guarded-table.ts';
import { COMMIT_MARKER } from './markers.ts';

/**
 * Writes the marker that says that all below a folder of a guarded prefix is complete, newer than everything there.
 * Throws NO_CONTRACT where the folder is below no guarded prefix.
 */
export async function commit(
  objects: Pick<ObjectStore, 'head' | 'write'>,
  contracts: ContractSet,
  folder: { readonly bucket: string; readonly key: string },
  note: { readonly by: string; readonly at: string },
): Promise<{ readonly table: string; readonly marker: string }> {
  const key = `${folder.key}${folder.key === '' || folder.key.endsWith('/') ? '' : '/'}${COMMIT_MARKER}`;
  const place = { bucket: folder.bucket, key };
  const found = tableOfObject(contracts, place);
  if (found === undefined)
    throw new HeadgateError('NO_CONTRACT', `s3://${folder.bucket}/${folder.key} is below no guarded prefix`);
  const bytes = new TextEncoder().encode(`${JSON.stringify(note)}\n`);
  for (let tries = 0; tries < 5; tries++) {
    const there = await objects.head(place);
    const written = await objects.write(
      place,
      bytes,
      there ? { kind: 'matches', etag: there.etag } : { kind: 'absent' },
    );
    if (written.outcome === 'written')
      return { table: found.guarded.name, marker: `s3://${place.bucket}/${place.key}` };
  }
  throw new HeadgateError('CONFLICT', 'the marker is rewritten by others all the time');
}
