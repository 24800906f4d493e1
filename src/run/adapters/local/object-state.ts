import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import type { UserMetadata } from '../../ports/object-store.ts';
import { timeText } from './file-source.ts';
import { discard, type LakeFiles, MISSING, unless, withFolder } from './lake-files.ts';

/** A regular file as an object. */
export interface ObjectState {
  readonly etag: string;
  readonly sizeBytes: number;
  /** ISO 8601, UTC. */
  readonly modifiedAt: string;
}

/**
 * The ETag is the file's identity and state: inode, time of change in nanoseconds, size. It survives a rename and costs no
 * read. It cannot see a write into the same file that keeps the size within one tick of the file system's clock (about 4 ms
 * on Linux) or that sets the time back; whoever writes beside and renames is always seen.
 */
export function stateOf(stats: BigIntStats): ObjectState {
  return {
    etag: `${stats.ino.toString(36)}-${stats.mtimeNs.toString(36)}-${stats.size.toString(36)}`,
    sizeBytes: Number(stats.size),
    modifiedAt: timeText(stats.mtimeMs),
  };
}

/** The object at a path; links, sockets, pipes, devices and folders are none. */
export function stateAt({ fs }: LakeFiles, path: string): ObjectState | undefined {
  const stats = unless([...MISSING, 'ENAMETOOLONG'], () => fs.lstatSync(path, { bigint: true }));
  return stats?.isFile() ? stateOf(stats) : undefined;
}

/** Beside the objects, by the ETag that they describe: written before the object appears, and true of no other one. */
function metadataPath({ own }: LakeFiles, etag: string): { readonly folder: string; readonly path: string } {
  const folder = join(own, 'metadata', etag.slice(0, etag.indexOf('-')).slice(-2));
  return { folder, path: join(folder, `${etag}.json`) };
}

export function readMetadata(files: LakeFiles, etag: string): UserMetadata {
  const text = unless(MISSING, () => files.fs.readFileSync(metadataPath(files, etag).path, 'utf8'));
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as UserMetadata;
  } catch (cause) {
    throw new HeadgateError('READ_FAILED', 'the object’s metadata is damaged', { cause });
  }
}

export function writeMetadata(files: LakeFiles, etag: string, metadata: UserMetadata): void {
  if (Object.keys(metadata).length === 0) return;
  const { folder, path } = metadataPath(files, etag);
  withFolder(files.fs, folder, () => files.fs.writeFileSync(path, JSON.stringify(metadata)));
}

export function discardMetadata(files: LakeFiles, etag: string): void {
  discard(files.fs, metadataPath(files, etag).path);
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/u;
const PRINTABLE = /^[\x20-\x7e]*$/u;
const MAX_METADATA_BYTES = 2048;

/** Metadata as S3 would hold it, so that a lake on disk takes nothing that one on S3 refuses. */
export function checkedMetadata(metadata: UserMetadata): UserMetadata {
  let bytes = 0;
  const checked = Object.entries(metadata).map(([name, value]) => {
    bytes += name.length + value.length;
    if (TOKEN.test(name) && PRINTABLE.test(value) && value === value.trim())
      return [name.toLowerCase(), value] as const;
    throw new HeadgateError('NOT_STORABLE', 'user metadata holds what is not printable ASCII: encode it');
  });
  if (bytes > MAX_METADATA_BYTES)
    throw new HeadgateError('NOT_STORABLE', `user metadata of ${bytes} bytes, expected at most 2,048`);
  return Object.fromEntries(checked);
}
