import { join } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import type { ObjectPlace } from '../../ports/object-store.ts';
import { discard, type LakeFiles, MISSING, toWriteError, unless } from './lake-files.ts';
import { objectPath } from './object-path.ts';
import { discardMetadata, stateAt } from './object-state.ts';
import { isRunning, PROCESS_TOKEN } from './process-token.ts';

/** Written before a file is moved aside, so that one that is killed in between can be put back. */
interface Intent extends ObjectPlace {
  readonly etag: string;
}

let counter = 0;

/** Moves the object aside, looks at what that took, and destroys it or puts it back. */
export function removeObject(
  files: LakeFiles,
  place: ObjectPlace,
  path: string,
  etag: string,
): 'removed' | 'changed' | 'missing' {
  const before = stateAt(files, path);
  if (!before) return 'missing';
  if (before.etag !== etag) return 'changed';
  const aside = join(files.own, 'aside', `${PROCESS_TOKEN}.${++counter}`);
  const intent: Intent = { bucket: place.bucket, key: place.key, etag };
  try {
    files.fs.writeFileSync(`${aside}.json`, JSON.stringify(intent));
    const isMoved = unless(MISSING, () => {
      files.fs.renameSync(path, aside);
      return true;
    });
    return isMoved ? settle(files, aside, path, etag) : 'missing';
  } catch (cause) {
    throw toWriteError(cause);
  } finally {
    discard(files.fs, `${aside}.json`);
  }
}

/** Finishes what processes that are gone had moved aside. */
export function recoverAside(files: LakeFiles): void {
  const folder = join(files.own, 'aside');
  for (const name of files.fs.readdirSync(folder)) {
    if (!name.endsWith('.json') || isRunning(name.slice(0, name.indexOf('.')))) continue;
    // Another process that starts may do the same meanwhile.
    unless(MISSING, () => recover(files, join(folder, name), join(folder, name.slice(0, -'.json'.length))));
    discard(files.fs, join(folder, name));
  }
}

function recover(files: LakeFiles, intentPath: string, aside: string): void {
  if (!stateAt(files, aside)) return;
  const { bucket, key, etag } = JSON.parse(files.fs.readFileSync(intentPath, 'utf8')) as Intent;
  const found = objectPath(files, { bucket, key });
  if (!found.ok) throw new HeadgateError('INTERNAL', `${intentPath} names no object`);
  files.fs.mkdirSync(found.folder, { recursive: true });
  settle(files, aside, found.path, etag);
}

function settle(files: LakeFiles, aside: string, path: string, etag: string): 'removed' | 'changed' {
  const isPinned = stateAt(files, aside)?.etag === etag;
  // Where a newer object took the name meanwhile, it has overwritten this one.
  if (!isPinned) unless(['EEXIST'], () => files.fs.linkSync(aside, path));
  discard(files.fs, aside);
  if (isPinned) discardMetadata(files, etag);
  return isPinned ? 'removed' : 'changed';
}
