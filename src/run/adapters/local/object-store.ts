import { constants } from 'node:fs';
import { promisify } from 'node:util';
import { HeadgateError } from '../../../error.ts';
import type {
  Copied,
  CopyInput,
  ObjectHead,
  ObjectPin,
  ObjectPlace,
  ObjectStore,
  UserMetadata,
  WriteCondition,
  Written,
} from '../../ports/object-store.ts';
import { toHeadgateError } from './file-source.ts';
import {
  discard,
  errorCode,
  type LakeFiles,
  MISSING,
  toWriteError,
  unless,
  withFolder,
} from './lake-files.ts';
import { withNameLock } from './name-lock.ts';
import { listObjects, type OnSkipped } from './object-list.ts';
import { readablePath, writablePath } from './object-path.ts';
import { removeObject } from './object-remove.ts';
import {
  checkedMetadata,
  discardMetadata,
  type ObjectState,
  readMetadata,
  stateAt,
  stateOf,
  writeMetadata,
} from './object-state.ts';

/** Larger files are copied beside the event loop. */
const SMALL_BYTES = 1024 * 1024;

/**
 * A folder as an object store: `DIR/<bucket>/<key>`; a bucket is there when it is needed. Writes appear whole or not at all.
 * Safe against a process that is killed, not against a loss of power: nothing is synced file by file. A write that expects
 * an object compares and replaces under a lock that Headgate's processes keep; another program that writes the same key within
 * those microseconds is not seen, so producers write to landing, never below the table's location. A key cannot be a
 * file and a folder at once.
 */
export function createLocalObjectStore(
  files: LakeFiles,
  onSkipped: OnSkipped = () => undefined,
): ObjectStore {
  return {
    async head(place) {
      const path = readablePath(files, place);
      const state = path === undefined ? undefined : reading(() => stateAt(files, path));
      return state && headOf(files, place.key, state);
    },
    open: (place, pin, sizeBytes) => ({
      byteLength: sizeBytes,
      slice: async (start, end = sizeBytes) => readSlice(files, place, pin, start, end),
    }),
    async read(place, maxBytes) {
      const path = readablePath(files, place);
      return path === undefined ? undefined : reading(() => readWhole(files, place.key, path, maxBytes));
    },
    async write(place, bytes, condition, metadata = {}): Promise<Written> {
      const checked = checkedMetadata(metadata);
      return appear(files, place, condition, checked, (unfinished) => {
        files.fs.writeFileSync(unfinished, bytes);
        return true;
      });
    },
    copy: (input) => copy(files, input),
    async remove(place, pin) {
      const path = readablePath(files, place);
      if (path === undefined) return 'missing';
      return withNameLock(files, lockName(place), () => removeObject(files, place, path, pin.etag));
    },
    list: (bucket, prefix, after) => listObjects(files, bucket, prefix, onSkipped, after),
  };
}

function headOf(files: LakeFiles, key: string, state: ObjectState): ObjectHead {
  return { key, ...state, metadata: readMetadata(files, state.etag) };
}

function lockName({ bucket, key }: ObjectPlace): string {
  return `object/${bucket}/${key}`;
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw toHeadgateError(cause);
  }
}

/** Runs the read on the open file, never on what a link points to; nothing where no file is. */
function withOpen<T>(
  { fs }: LakeFiles,
  path: string,
  read: (handle: number, state: ObjectState) => T,
): T | undefined {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = unless([...MISSING, 'ELOOP', 'ENXIO', 'ENAMETOOLONG'], () => fs.openSync(path, flags));
  if (handle === undefined) return undefined;
  try {
    const stats = fs.fstatSync(handle, { bigint: true });
    return stats.isFile() ? read(handle, stateOf(stats)) : undefined;
  } finally {
    fs.closeSync(handle);
  }
}

function readSlice(
  files: LakeFiles,
  place: ObjectPlace,
  pin: ObjectPin,
  start: number,
  end: number,
): ArrayBuffer {
  const path = readablePath(files, place);
  const superseded = () =>
    new HeadgateError('SUPERSEDED', 'the key no longer has the object that was pinned');
  if (path === undefined) throw superseded();
  const bytes = reading(() =>
    withOpen(files, path, (handle) => {
      const filled = fill(files, handle, Math.max(0, end - start), start);
      // Looked at behind the read: so what was written meanwhile shows, too.
      return stateOf(files.fs.fstatSync(handle, { bigint: true })).etag === pin.etag ? filled : undefined;
    }),
  );
  if (bytes === undefined) throw superseded();
  if (bytes.length < end - start)
    throw new HeadgateError('READ_FAILED', `asked for ${end - start} bytes and got ${bytes.length}`);
  return bytes.buffer as ArrayBuffer;
}

function fill({ fs }: LakeFiles, handle: number, length: number, start: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const bytesRead = fs.readSync(handle, bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) return bytes.slice(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

function readWhole(files: LakeFiles, key: string, path: string, maxBytes: number) {
  return withOpen(files, path, (handle, state) => {
    if (state.sizeBytes > maxBytes)
      throw new HeadgateError(
        'READ_FAILED',
        `the object has ${state.sizeBytes} bytes, expected at most ${maxBytes}`,
      );
    const bytes = fill(files, handle, state.sizeBytes, 0);
    if (stateOf(files.fs.fstatSync(handle, { bigint: true })).etag !== state.etag)
      throw new HeadgateError('READ_FAILED', 'the object changed while it was read');
    return { head: headOf(files, key, state), bytes };
  });
}

async function copy(files: LakeFiles, { from, to, condition, metadata }: CopyInput): Promise<Copied> {
  const path = readablePath(files, from);
  const isStill = () => path !== undefined && reading(() => stateAt(files, path))?.etag === from.etag;
  if (path === undefined || !isStill()) return { outcome: 'source-changed' };
  const together = checkedMetadata({ ...readMetadata(files, from.etag), ...lowerCase(metadata) });
  const outcome = await appear(files, to, condition, together, async (unfinished) => {
    await copyBytes(files, path, unfinished, from.sizeBytes);
    return isStill();
  });
  if (outcome.outcome === 'written') return { outcome: 'copied', etag: outcome.etag };
  return isStill() ? outcome : { outcome: 'source-changed' };
}

function lowerCase(metadata: UserMetadata): UserMetadata {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Shares blocks where the file system can, else copies in the kernel. */
async function copyBytes({ fs }: LakeFiles, from: string, to: string, sizeBytes: number): Promise<void> {
  try {
    if (sizeBytes <= SMALL_BYTES) fs.copyFileSync(from, to, constants.COPYFILE_FICLONE);
    else await promisify(fs.copyFile)(from, to, constants.COPYFILE_FICLONE);
  } catch (cause) {
    // The source may be gone by now; the caller looks.
    if (errorCode(cause) !== 'ENOENT') throw cause;
  }
}

/** Makes an unfinished file, then puts it in place on the condition; `make` tells whether it still should. */
async function appear(
  files: LakeFiles,
  place: ObjectPlace,
  condition: WriteCondition,
  metadata: UserMetadata,
  make: (unfinished: string) => boolean | Promise<boolean>,
): Promise<Written> {
  const { folder, path } = writablePath(files, place);
  const unfinished = files.temporary();
  let etag: string | undefined;
  let isPlaced = false;
  try {
    if (!isAsExpected(stateAt(files, path), condition) || !(await make(unfinished)))
      return { outcome: 'destination-changed' };
    etag = stateOf(files.fs.lstatSync(unfinished, { bigint: true })).etag;
    writeMetadata(files, etag, metadata);
    isPlaced =
      condition.kind === 'absent'
        ? linkNew(files, folder, path, unfinished)
        : await withNameLock(files, lockName(place), () => replace(files, path, unfinished, condition.etag));
    return isPlaced ? { outcome: 'written', etag } : { outcome: 'destination-changed' };
  } catch (cause) {
    throw toWriteError(cause);
  } finally {
    discard(files.fs, unfinished);
    if (etag !== undefined && !isPlaced) discardMetadata(files, etag);
  }
}

function isAsExpected(current: ObjectState | undefined, condition: WriteCondition): boolean {
  return condition.kind === 'absent' ? current === undefined : current?.etag === condition.etag;
}

/** link(2) fails where the name is taken: nothing else is as safe. */
function linkNew(files: LakeFiles, folder: string, path: string, unfinished: string): boolean {
  try {
    withFolder(files.fs, folder, () => files.fs.linkSync(unfinished, path));
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST' && stateAt(files, path)) return false;
    throw cause;
  }
}

function replace(files: LakeFiles, path: string, unfinished: string, expected: string): boolean {
  if (stateAt(files, path)?.etag !== expected) return false;
  files.fs.renameSync(unfinished, path);
  discardMetadata(files, expected);
  return true;
}
