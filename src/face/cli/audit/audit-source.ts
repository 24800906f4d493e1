import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import { isDirectory, walkFiles } from '../../../run/adapters/local/file-tree.ts';
import type { ListedObject, ObjectStore } from '../../../run/ports/object-store.ts';
import { safeText } from '../../../text/safe.ts';
import type { FileError } from '../../../tools/scan/report.ts';
import { fileError } from '../files/check-files.ts';
import type { FoundFile } from '../files/find-files.ts';
import { s3PlaceOf } from '../files/find-objects.ts';
import { createLogFinder, type LogFinder } from '../files/log-finder.ts';
import { openObjects, type S3Options } from '../open-objects.ts';
import { UsageError } from '../run.ts';

/** Something below a prefix, as a listing tells it: plain JSON, so that a run that was cut knows what it has listed. */
export interface AuditEntry {
  /** Below the folder; of an object the whole key. */
  readonly key: string;
  /** Of an object. */
  readonly object?: Omit<ListedObject, 'key'>;
  /** A folder that could not be listed. */
  readonly error?: FileError;
}

/** Where an audit finds files: a folder, or a prefix of S3. */
export interface AuditSource {
  /** As people name it. */
  readonly name: string;
  /** The same for every name of the same place. */
  readonly id: string;
  /** Pages in the order of keys, behind one where it is given. Throws `HeadgateError` where nothing can be listed. */
  readonly pages: (after: string | undefined) => AsyncIterable<readonly AuditEntry[]>;
  readonly toFile: (entry: AuditEntry) => FoundFile;
  /** Of the folders of these files. */
  readonly logs: LogFinder;
  /** How many reads are worth their while at a time. */
  readonly concurrency: number;
  /** Waits before a read is tried again that failed for a reason which may pass. */
  readonly retryDelaysMs: readonly number[];
  /** Called where a whole listing told nothing: throws where that cannot be told from a mistake. */
  readonly onNothing: () => void;
}

/** The source that a folder or `s3://bucket/prefix/` names. Throws `UsageError` for anything else, NOT_FOUND for no folder. */
export async function openSource(prefix: string, options: S3Options): Promise<AuditSource> {
  const place = s3PlaceOf(prefix);
  if (place) return objectSource(place, await openObjects(options));
  if (/^[a-z][a-z0-9+.-]+:\/\//iu.test(prefix))
    throw new UsageError(
      `${safeText(prefix, 200)} is neither a folder of this machine nor s3://bucket/prefix/`,
    );
  if (await isDirectory(prefix)) return folderSource(prefix);
  if (existsSync(prefix))
    throw new UsageError(
      `${safeText(prefix, 200)} is a file, expected a folder or s3://bucket/prefix/: judge files with headgate check`,
    );
  throw new HeadgateError('NOT_FOUND', `${safeText(prefix, 200)} does not exist`);
}

/** Whether a path lies in the folder that a prefix names. */
export function isBelow(prefix: string, path: string): boolean {
  if (s3PlaceOf(prefix)) return false;
  const below = relative(resolve(prefix), resolve(path));
  return below !== '' && !below.startsWith('..') && !isAbsolute(below);
}

const PAGE = 1000;

/** All files below a folder. One that another folder or a mistake hides is an entry with an error. */
export function folderSource(folder: string): AuditSource {
  const root = folder.replace(/(?<=.)\/+$/u, '');
  const base = root === '/' ? '/' : `${root}/`;
  return {
    name: root,
    id: resolve(root),
    async *pages(after) {
      let page: AuditEntry[] = [];
      for await (const found of walkFiles(root, after)) {
        if (found.kind === 'error' && found.key === '') throw errorOfRoot(found.error, root);
        page.push(
          found.kind === 'file'
            ? { key: found.key }
            : { key: found.key, error: fileError(found.path, found.error) },
        );
        if (page.length < PAGE) continue;
        yield page;
        page = [];
      }
      if (page.length > 0) yield page;
    },
    toFile: ({ key }) => ({ path: base + key, walkedKey: key }),
    logs: createLogFinder(),
    concurrency: 16,
    retryDelaysMs: [],
    onNothing: () => undefined,
  };
}

function errorOfRoot(error: unknown, root: string): unknown {
  return error instanceof HeadgateError
    ? new HeadgateError(error.code, `${root} ${error.message}`, { cause: error })
    : error;
}

/** All objects below `s3://bucket/prefix/`. Each is read as it was listed, or not at all. */
export function objectSource(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  objects: Pick<ObjectStore, 'list' | 'open'>,
  { retryDelaysMs = [250, 1000] }: { readonly retryDelaysMs?: readonly number[] } = {},
): AuditSource {
  const name = `s3://${bucket}/${prefix}`;
  return {
    name,
    id: name,
    async *pages(after) {
      for await (const page of objects.list(bucket, prefix, after))
        yield page.map(({ key, ...object }) => ({ key, object }));
    },
    toFile: ({ key, object }) => ({
      path: `s3://${bucket}/${key}`,
      walkedKey: key.slice(prefix.length),
      ...(object && {
        source: objects.open({ bucket, key }, object, object.sizeBytes),
        modifiedAt: object.modifiedAt,
      }),
    }),
    logs: createLogFinder(objects),
    // As many as the client has sockets for.
    concurrency: 48,
    retryDelaysMs,
    onNothing() {
      // An empty prefix and a misspelt one are the same to S3.
      throw new HeadgateError('NOT_FOUND', `no object is below ${safeText(name, 300)}`);
    },
  };
}
