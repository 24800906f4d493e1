import { existsSync } from 'node:fs';
import { normalize, sep } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import { globIssue, matchesGlob } from '../../../judge/contract/glob.ts';
import type { ByteSource } from '../../../judge/parquet/facts.ts';
import { isDirectory, walkFiles } from '../../../run/adapters/local/file-tree.ts';
import { safeText } from '../../../text/safe.ts';
import { UsageError } from '../run.ts';

/** A file to judge, as the user would name it: a path, or `s3://bucket/key`. */
export interface FoundFile {
  readonly path: string;
  /** Below the folder that was walked; the path itself where a file was named. `/` separates. */
  readonly walkedKey: string;
  /** Of an object of S3: pinned, and not read yet. */
  readonly source?: ByteSource;
  /** Of an object of S3: when it was written. ISO 8601, UTC. */
  readonly modifiedAt?: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  /** Arguments and folders that could not be followed. */
  readonly errors: readonly { readonly path: string; readonly error: HeadgateError }[];
}

const GLOB_CHARACTERS = /[*?{]/u;

/**
 * Files, folders (walked) and globs to a list without repeats. Globs are matched here, so that quoting them works
 * everywhere; one that names a folder takes all below it, as it would if a shell had expanded it. Throws `UsageError` for
 * a glob that stands for too many patterns.
 */
export async function findFiles(args: readonly string[]): Promise<Found> {
  const files = new Map<string, FoundFile>();
  const errors: { path: string; error: HeadgateError }[] = [];
  for (const arg of args) {
    const isGlob = GLOB_CHARACTERS.test(arg) && !existsSync(arg);
    if (!isGlob && !(await isDirectory(arg))) {
      files.set(normalize(arg), { path: arg, walkedKey: slashed(arg).split('/').at(-1) ?? arg });
      continue;
    }
    const glob = slashed(normalize(arg));
    const issue = isGlob ? globIssue(glob) : undefined;
    if (issue !== undefined) throw new UsageError(`${safeText(arg, 120)} cannot be matched: ${issue}`);
    const folder = isGlob ? folderOfGlob(glob) : arg;
    let matched = 0;
    for await (const entry of walkFiles(folder)) {
      if (isGlob && entry.kind === 'file' && !isNamedBy(glob, slashed(entry.path))) continue;
      matched++;
      if (entry.kind === 'error') errors.push({ path: entry.path, error: entry.error as HeadgateError });
      else files.set(entry.path, { path: entry.path, walkedKey: keyBelow(folder, entry.path) });
    }
    if (isGlob && matched === 0) errors.push({ path: arg, error: noMatch(arg) });
  }
  return { files: [...files.values()], errors };
}

/** Whether a glob names a file, or a folder that it lies in. */
function isNamedBy(glob: string, path: string): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
    if (matchesGlob(path.slice(0, end), glob)) return true;
  return false;
}

function noMatch(glob: string): HeadgateError {
  return new HeadgateError('NOT_FOUND', `no file matches ${safeText(glob)}`);
}

/** The folders of a glob before its first special character. */
function folderOfGlob(glob: string): string {
  const parts = glob.split('/');
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => GLOB_CHARACTERS.test(part)),
  );
  return fixed.join('/') || (glob.startsWith('/') ? '/' : '.');
}

function keyBelow(folder: string, path: string): string {
  const below = slashed(path);
  const prefix = slashed(folder).replace(/\/+$/u, '');
  if (prefix === '.' || prefix === '') return below.replace(/^\.?\//u, '');
  return below.startsWith(`${prefix}/`) ? below.slice(prefix.length + 1) : below;
}

export function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
