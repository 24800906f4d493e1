import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, HeadgateError } from '../../../error.ts';
import { PROCESS_TOKEN } from './process-token.ts';

/** What the adapters use of `node:fs`. Calls that only touch names and small files are synchronous: they take microseconds. */
export type FileSystem = Pick<
  typeof nodeFs,
  | 'appendFileSync'
  | 'closeSync'
  | 'copyFile'
  | 'copyFileSync'
  | 'fstatSync'
  | 'linkSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'readlinkSync'
  | 'readSync'
  | 'realpathSync'
  | 'renameSync'
  | 'symlinkSync'
  | 'unlinkSync'
  | 'writeFileSync'
>;

/** A lake's folder, and where our own files are in it. */
export interface LakeFiles {
  readonly fs: FileSystem;
  /** Real path of the lake. */
  readonly root: string;
  /** `root/.headgate` */
  readonly own: string;
  /** A new name for a file that is not finished, in the lake's own file system. */
  readonly temporary: () => string;
}

export const OWN_FOLDER = '.headgate';
export const OWN_FOLDERS = [
  'temporary',
  'aside',
  'metadata',
  'locks',
  'ledger',
  'catalog',
  'buckets',
] as const;

/** Finds or makes the lake's own folder. Throws `HeadgateError` where the lake is not a usable folder. */
export function openLakeFiles(folder: string, fs: FileSystem = nodeFs): LakeFiles {
  const own = join(folder, OWN_FOLDER);
  try {
    for (const name of OWN_FOLDERS) fs.mkdirSync(join(own, name), { recursive: true });
    const root = fs.realpathSync(folder);
    if (fs.realpathSync(own) !== join(root, OWN_FOLDER) || fs.lstatSync(own).dev !== fs.lstatSync(root).dev)
      throw new HeadgateError(
        'LAKE_UNUSABLE',
        `${OWN_FOLDER} is a link, or on another file system than the lake: files cannot be put in place at once`,
      );
    let counter = 0;
    const home = join(root, OWN_FOLDER);
    return {
      fs,
      root,
      own: home,
      temporary: () => join(home, 'temporary', `${PROCESS_TOKEN}.${++counter}`),
    };
  } catch (cause) {
    const error = toWriteError(cause);
    throw error.code === 'WRITE_FAILED' || error.code === 'LAKE_UNUSABLE'
      ? error
      : new HeadgateError('LAKE_UNUSABLE', `the lake cannot be used: ${error.message}`, { cause });
  }
}

const WRITE_ERRORS: Readonly<Record<string, { readonly code: ErrorCode; readonly message: string }>> = {
  ENOSPC: { code: 'WRITE_FAILED', message: 'no space is left in the lake' },
  EDQUOT: { code: 'WRITE_FAILED', message: 'the quota of this user is used up' },
  EROFS: { code: 'PERMISSION_DENIED', message: 'the lake is read-only' },
  EACCES: { code: 'PERMISSION_DENIED', message: 'this user may not write there' },
  EPERM: { code: 'PERMISSION_DENIED', message: 'this user may not write there' },
  EXDEV: { code: 'LAKE_UNUSABLE', message: 'a folder of the lake lies on another file system' },
  ENAMETOOLONG: { code: 'NOT_STORABLE', message: 'the name is too long for the file system' },
  ENOTDIR: { code: 'NOT_STORABLE', message: 'a folder of the name is a file' },
  EISDIR: { code: 'NOT_STORABLE', message: 'the name is that of a folder' },
  EEXIST: { code: 'NOT_STORABLE', message: 'the name is taken by something that is not an object' },
  EILSEQ: { code: 'NOT_STORABLE', message: 'the file system does not take the name' },
  EINVAL: { code: 'NOT_STORABLE', message: 'the file system does not take the name' },
};

/** Translates what the file system throws when something is written. */
export function toWriteError(cause: unknown): HeadgateError {
  if (cause instanceof HeadgateError) return cause;
  const known = WRITE_ERRORS[errorCode(cause) ?? ''];
  if (known) return new HeadgateError(known.code, known.message, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HeadgateError('WRITE_FAILED', `could not be written: ${reason}`, { cause });
}

export function errorCode(cause: unknown): string | undefined {
  const code = (cause as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The call's result, or nothing where the system answers with one of these codes. */
export function unless<T>(codes: readonly string[], call: () => T): T | undefined {
  try {
    return call();
  } catch (cause) {
    if (codes.includes(errorCode(cause) ?? '')) return undefined;
    throw cause;
  }
}

export const MISSING: readonly string[] = ['ENOENT', 'ENOTDIR'];

/** Removes a file that may be gone already. */
export function discard(fs: FileSystem, path: string): void {
  unless(MISSING, () => fs.unlinkSync(path));
}

/** Makes the call, and once more after making the folder that it misses. */
export function withFolder<T>(fs: FileSystem, folder: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause;
    fs.mkdirSync(folder, { recursive: true });
    return call();
  }
}

/** Replaces a file at once: readers see the text before or this one. */
export function replaceFile({ fs, temporary }: LakeFiles, folder: string, path: string, text: string): void {
  const unfinished = temporary();
  try {
    fs.writeFileSync(unfinished, text);
    withFolder(fs, folder, () => fs.renameSync(unfinished, path));
  } catch (cause) {
    discard(fs, unfinished);
    throw toWriteError(cause);
  }
}
