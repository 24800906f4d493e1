import { join } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import { isUtf8, utf8Bytes } from '../../../text/utf8-order.ts';
import type { ObjectPlace } from '../../ports/object-store.ts';
import { type LakeFiles, MISSING, OWN_FOLDER, unless } from './lake-files.ts';

const MAX_KEY_BYTES = 1024;
const MAX_SEGMENT_BYTES = 255;

/** Where an object lies: its folder, its path, and why a file system cannot hold it where it cannot. */
export type ObjectPath =
  | { readonly ok: true; readonly folder: string; readonly path: string }
  | { readonly ok: false; readonly why: string };

export function objectPath({ root }: LakeFiles, { bucket, key }: ObjectPlace): ObjectPath {
  const why = unstorable(bucket, key);
  if (why !== undefined) return { ok: false, why };
  // Segments are checked, so that joining cannot leave the lake.
  const path = join(root, bucket, key);
  return { ok: true, folder: path.slice(0, path.lastIndexOf('/')), path };
}

function unstorable(bucket: string, key: string): string | undefined {
  if (bucket.includes('/') || bucket === OWN_FOLDER || segmentProblem(bucket) !== undefined)
    return 'the bucket’s name cannot be the name of a folder';
  if (utf8Bytes(key) > MAX_KEY_BYTES) return `a key of ${utf8Bytes(key)} bytes, expected at most 1,024`;
  for (const segment of key.split('/')) {
    const problem = segmentProblem(segment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Why a name cannot be that of a file or folder, if it cannot. */
export function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'a name between slashes is empty: a file system cannot hold that';
  if (segment === '.' || segment === '..') return 'a name is `.` or `..`: a file system cannot hold that';
  if (segment.includes('\0')) return 'a name holds a NUL character: a file system cannot hold that';
  if (!isUtf8(segment)) return 'a name holds half a character';
  if (utf8Bytes(segment) > MAX_SEGMENT_BYTES)
    return `a name of ${utf8Bytes(segment)} bytes between slashes: a file system holds at most 255`;
  return undefined;
}

/** The place as a path. Throws `HeadgateError` NOT_STORABLE where there can be none, or where a link leads to it. */
export function writablePath(
  files: LakeFiles,
  place: ObjectPlace,
): { readonly folder: string; readonly path: string } {
  const found = objectPath(files, place);
  if (!found.ok) throw new HeadgateError('NOT_STORABLE', found.why);
  if (isBehindLink(files, found.folder))
    throw new HeadgateError('NOT_STORABLE', 'a folder of the key is a link: Headgate follows none');
  return found;
}

/** The place as a path, or nothing where no object can be. */
export function readablePath(files: LakeFiles, place: ObjectPlace): string | undefined {
  const found = objectPath(files, place);
  return found.ok && !isBehindLink(files, found.folder) ? found.path : undefined;
}

/** Whether a folder that exists is reached through a link. */
export function isBehindLink({ fs }: LakeFiles, folder: string): boolean {
  const real = unless(MISSING, () => fs.realpathSync.native(folder));
  return real !== undefined && real !== folder;
}
