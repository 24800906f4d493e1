import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { HeadgateError } from '../../../error.ts';
import { safeText } from '../../../text/safe.ts';
import { utf8Bytes } from '../../../text/utf8-order.ts';
import type { ListedObject } from '../../ports/object-store.ts';
import { toHeadgateError } from './file-source.ts';
import { inKeyOrder, type NamedEntry, reachesBehind } from './key-order.ts';
import { type LakeFiles, MISSING, OWN_FOLDER, unless } from './lake-files.ts';
import { isBehindLink, segmentProblem } from './object-path.ts';
import { stateAt } from './object-state.ts';

const PAGE = 1000;
const MAX_KEY_BYTES = 1024;

/** Told about each path that is not an object, and why. */
export type OnSkipped = (path: string, why: string) => void;

/** Pages of the objects below a prefix, behind `after` where it is given. Holds the names of one folder at each depth, no more. */
export async function* listObjects(
  files: LakeFiles,
  bucket: string,
  prefix: string,
  onSkipped: OnSkipped,
  after?: string,
): AsyncGenerator<readonly ListedObject[]> {
  const start = prefix.lastIndexOf('/') + 1;
  const folders = prefix.slice(0, start).split('/').slice(0, -1);
  if (bucket === OWN_FOLDER || bucket.includes('/')) return;
  if ([bucket, ...folders].some((segment) => segmentProblem(segment) !== undefined)) return;
  const folder = join(files.root, bucket, ...folders);
  if (isBehindLink(files, folder)) return onSkipped(folder, 'is behind a link');
  checkBucket(files, bucket);
  let page: ListedObject[] = [];
  const walked = { keyPrefix: prefix.slice(0, start), namePrefix: prefix.slice(start), after };
  for (const object of walk(files, folder, walked, onSkipped)) {
    page.push(object);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
    await turn();
  }
  if (page.length > 0) yield page;
}

/**
 * A bucket that was never there is empty; one that was there and is gone, or is a file, is trouble: not every object of it was
 * deleted. Throws NOT_FOUND.
 */
function checkBucket(files: LakeFiles, bucket: string): void {
  const known = join(files.own, 'buckets', bucket);
  const kindAt = (path: string) => {
    const stats = unless([...MISSING, 'ENAMETOOLONG'], () => files.fs.lstatSync(path));
    return stats && (stats.isDirectory() ? 'folder' : 'file');
  };
  const kind = kindAt(join(files.root, bucket));
  if (kind === 'file')
    throw new HeadgateError('NOT_FOUND', `bucket ${safeText(bucket, 100)} is a file, expected a folder`);
  if (kind === 'folder') unless(['EEXIST'], () => files.fs.writeFileSync(known, '', { flag: 'wx' }));
  else if (kindAt(known) !== undefined)
    throw new HeadgateError(
      'NOT_FOUND',
      `the folder of bucket ${safeText(bucket, 100)} is gone: mount it, or make it again where it is meant to be empty`,
    );
}

/** Depth first, each folder sorted with its slash: so whole keys come in order, since all keys of a folder share it. */
function* walk(
  files: LakeFiles,
  folder: string,
  { keyPrefix, namePrefix, after }: Walked,
  onSkipped: OnSkipped,
): Generator<ListedObject> {
  for (const { name, sortName, isFolder } of entriesOf(files, folder, namePrefix, onSkipped)) {
    const path = `${folder}/${name}`;
    const key = keyPrefix + name;
    if (!reachesBehind(after, keyPrefix + sortName)) continue;
    if (isFolder) {
      yield* walk(files, path, { keyPrefix: `${key}/`, namePrefix: '', after }, onSkipped);
      continue;
    }
    const state = reading(path, () => stateAt(files, path));
    if (!state) {
      if (name.includes('\ufffd')) onSkipped(path, 'has a name that is no UTF-8');
    } else if (utf8Bytes(key) > MAX_KEY_BYTES) onSkipped(path, 'has a key of more than 1,024 bytes');
    else yield { key, ...state };
  }
}

interface Walked {
  readonly keyPrefix: string;
  /** Names of this folder start with it. */
  readonly namePrefix: string;
  readonly after: string | undefined;
}

interface Entry extends NamedEntry {
  readonly name: string;
}

function entriesOf(
  files: LakeFiles,
  folder: string,
  namePrefix: string,
  onSkipped: OnSkipped,
): readonly Entry[] {
  const found = reading(folder, () =>
    unless<readonly Dirent[]>([...MISSING, 'ENAMETOOLONG'], () =>
      files.fs.readdirSync(folder, { withFileTypes: true }),
    ),
  );
  const entries: Entry[] = [];
  for (const entry of found ?? []) {
    const { name } = entry;
    if (!name.startsWith(namePrefix)) continue;
    const isFolder = entry.isDirectory();
    if (isFolder || entry.isFile()) entries.push({ name, sortName: isFolder ? `${name}/` : name, isFolder });
    else onSkipped(`${folder}/${name}`, kindOf(entry));
  }
  return inKeyOrder(entries);
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const { code, message } = toHeadgateError(cause);
    throw new HeadgateError(code, `${safeText(path, 600)} ${message}`, { cause });
  }
}

function kindOf(entry: Dirent): string {
  if (entry.isSymbolicLink()) return 'is a link: Headgate follows none';
  if (entry.isSocket()) return 'is a socket';
  if (entry.isFIFO()) return 'is a pipe';
  return 'is a device';
}
