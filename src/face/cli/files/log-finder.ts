import { readdir } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import {
  type FormatLog,
  formatLogOf,
  TABLE_FORMATS,
  type TableFormat,
} from '../../../judge/contract/table-format.ts';
import { toHeadgateError } from '../../../run/adapters/local/file-source.ts';
import type { ObjectStore } from '../../../run/ports/object-store.ts';
import { slashed } from './find-files.ts';
import { s3PlaceOf } from './find-objects.ts';

/** Tells of files whether they lie in a table of another format. Each folder is asked once. */
export interface LogFinder {
  /** The log at or above a file, up to its table's root; up to the top where that is not known. */
  readonly find: (path: string, relativeKey: string | undefined) => Promise<Answer>;
  /** Notes what a listing shows anyway. */
  readonly see: (path: string) => void;
}

/** `not-listed`: none that could be seen, and somewhere nobody may look. */
type Answer = FormatLog | 'not-listed' | undefined;

const MAX_KNOWN = 20_000;
const FORMATS = Object.keys(TABLE_FORMATS) as readonly TableFormat[];

/** On S3 a question costs as much as reading a file: partition folders, which are many, show theirs in the listing. */
export function createLogFinder(objects?: Pick<ObjectStore, 'list'>): LogFinder {
  const known = new Map<string, Promise<Answer>>();
  const ask = (folder: string, isRoot: boolean) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    if (known.size >= MAX_KNOWN) known.clear();
    const found = permitted(() => probeOf(objects, folder, isRoot));
    // What could not be asked is asked again.
    found.catch(() => known.delete(folder));
    known.set(folder, found);
    return found;
  };
  return {
    async find(path, relativeKey) {
      const [root = '', ...below] = foldersOf(wholePath(path), relativeKey);
      let answer: Answer;
      for (const folder of [root, ...below]) {
        const found = await ask(folder, folder === root);
        if (typeof found === 'object')
          return { ...found, folder: '', key: folder.slice(root.length) + found.key };
        answer ??= found;
      }
      return answer;
    },
    see(path) {
      const log = formatLogOf(wholePath(path));
      if (log) known.set(log.folder, Promise.resolve({ ...log, key: log.key.slice(log.folder.length) }));
    },
  };
}

async function probeOf(
  objects: Pick<ObjectStore, 'list'> | undefined,
  folder: string,
  isRoot: boolean,
): Promise<FormatLog | undefined> {
  const place = s3PlaceOf(folder);
  if (place === undefined) return inFolder(folder);
  const isPartition = /\/[^/=]+=[^/]*\/$/u.test(folder);
  return objects && (isRoot || !isPartition) ? inListing(objects, place.bucket, place.prefix) : undefined;
}

function wholePath(path: string): string {
  return s3PlaceOf(path) || isAbsolute(path) ? slashed(path) : slashed(resolve(path));
}

/** The folders above a file, outermost first. */
function foldersOf(path: string, relativeKey: string | undefined): readonly string[] {
  const isBelow = relativeKey !== undefined && path.endsWith(`/${relativeKey}`);
  const start = path.startsWith('s3://') ? path.indexOf('/', 's3://'.length) + 1 : 1;
  const top = isBelow ? path.length - relativeKey.length : start;
  const folders = [path.slice(0, top)];
  for (let slash = path.indexOf('/', top); slash !== -1; slash = path.indexOf('/', slash + 1))
    folders.push(path.slice(0, slash + 1));
  return folders;
}

/** The log that a folder (with its slash) holds; its key is below the folder. */
async function inFolder(folder: string): Promise<FormatLog | undefined> {
  for (const format of FORMATS) {
    const name = TABLE_FORMATS[format].folder;
    for (const entry of await namesIn(folder + name)) {
      const log = formatLogOf(name + entry);
      if (log) return log;
    }
  }
  return undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    const error = toHeadgateError(cause);
    if (error.code === 'NOT_FOUND') return [];
    throw error;
  }
}

async function inListing(
  objects: Pick<ObjectStore, 'list'>,
  bucket: string,
  folder: string,
): Promise<FormatLog | undefined> {
  for (const format of FORMATS)
    for await (const page of objects.list(bucket, folder + TABLE_FORMATS[format].folder))
      for (const { key } of page) {
        const log = formatLogOf(key.slice(folder.length));
        if (log) return log;
      }
  return undefined;
}

/** Who may read a file need not be allowed to list its folder. */
async function permitted(ask: () => Promise<FormatLog | undefined>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HeadgateError && error.code === 'PERMISSION_DENIED') return 'not-listed';
    throw error;
  }
}
