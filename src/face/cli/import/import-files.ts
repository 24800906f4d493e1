import { HeadgateError } from '../../../error.ts';
import { type FormatLog, formatLogOf, TABLE_FORMATS } from '../../../judge/contract/table-format.ts';
import type { ByteSource, FooterResult } from '../../../judge/parquet/facts.ts';
import { readFooter } from '../../../judge/parquet/read-footer.ts';
import { openFileSource, toHeadgateError } from '../../../run/adapters/local/file-source.ts';
import { inParallel } from '../../../run/guard/in-parallel.ts';
import type { ListedObject, ObjectStore } from '../../../run/ports/object-store.ts';
import { safeText } from '../../../text/safe.ts';
import { createReservoir } from '../../../tools/audit/sample.ts';
import type { SourceFile } from '../../../tools/imports/parquet-table.ts';
import { type FoundFile, findFiles, slashed } from '../files/find-files.ts';
import { s3PlaceOf } from '../files/find-objects.ts';
import { createLogFinder, type LogFinder } from '../files/log-finder.ts';
import { keyOfNoTable } from '../files/visible-key.ts';
import { openObjects, type S3Options } from '../open-objects.ts';
import { showProgress } from '../progress.ts';
import type { Terminal } from '../run.ts';

export interface SourceFiles {
  /** In the order of their keys. */
  readonly files: readonly SourceFile[];
  /** Files that could not be read: an error, apart from what is no Parquet. */
  readonly unread: number;
}

export interface SourceOptions extends S3Options {
  /** Files that are read; of S3 a thousand where it is not said. */
  readonly limit?: number;
}

/** The files that a table is imported from, at or below a path or a prefix of S3. Throws NOT_IMPORTABLE where there are none. */
export async function sourceFiles(
  path: string,
  options: SourceOptions,
  terminal: Terminal,
): Promise<SourceFiles> {
  const place = s3PlaceOf(path);
  const found = place
    ? await objectFiles(path, await openObjects(options), options.limit, terminal)
    : await localFiles(path, options.limit, terminal);
  if (found.files.length > 0) return found;
  throw new HeadgateError('NOT_IMPORTABLE', `${safeText(path, 200)} holds no Parquet file that can be read`);
}

/** A table of another format is imported from its own metadata, or not at all. */
function refuseFormat(path: string, log: FormatLog | undefined): void {
  if (log)
    throw new HeadgateError(
      'NOT_IMPORTABLE',
      `${safeText(path, 200)} is ${TABLE_FORMATS[log.format].words}: its own metadata says what its files are (${safeText(log.key, 200)})`,
    );
}

async function refuseAbove(path: string, logs: Pick<LogFinder, 'find'>): Promise<void> {
  const found = await logs.find(path, undefined);
  if (typeof found === 'object') refuseFormat(path, found);
}

function skip(terminal: Terminal, file: string, why: string): void {
  terminal.err(`headgate: skipped ${safeText(file, 200)}: ${why}\n`);
}

/** The key below the table's root, of what may be a file of it; nothing for a marker or what a job left behind. */
function visibleKey(path: string, walkedKey: string): string | undefined {
  const { relativeKey, kind } = keyOfNoTable(path, walkedKey);
  return kind.kind === 'ignore' ? undefined : relativeKey;
}

async function localFiles(path: string, limit: number | undefined, terminal: Terminal): Promise<SourceFiles> {
  const found = await findFiles([path]);
  for (const { path: file } of found.files) refuseFormat(path, formatLogOf(slashed(file)));
  await refuseAbove(path, createLogFinder());
  for (const { path: file, error } of found.errors) skip(terminal, file, error.message);
  const visible = found.files.flatMap((file) => {
    const relativeKey = visibleKey(file.path, file.walkedKey);
    return relativeKey === undefined ? [] : [{ file, relativeKey }];
  });
  const files: SourceFile[] = [];
  let unread = found.errors.length;
  for (const { file, relativeKey } of visible.slice(0, limit)) {
    try {
      const footer = await localFooter(file);
      if (footer.ok) files.push({ path: file.path, relativeKey, facts: footer.facts });
      else skip(terminal, file.path, `${footer.problem.rule}: ${footer.problem.actual}`);
    } catch (cause) {
      if (found.files.length === 1) throw cause;
      unread++;
      skip(terminal, file.path, toHeadgateError(cause).message);
    }
  }
  const left = limit === undefined ? 0 : visible.length - limit;
  if (left > 0) terminal.err(`headgate: ${left} more files were not read; --limit reads more\n`);
  return { files, unread };
}

async function localFooter({ path }: FoundFile): Promise<FooterResult> {
  const source = await openFileSource(path);
  try {
    return await readFooter(source);
  } finally {
    await source.close();
  }
}

const MOST_OBJECTS = 1000;
const CONCURRENT_READS = 32;

/** Objects at or below a URI: of many some, spread over all. Reads schemas alone, so that any footer costs two small reads. */
export async function objectFiles(
  uri: string,
  objects: Pick<ObjectStore, 'head' | 'list' | 'open'>,
  limit: number | undefined,
  terminal: Terminal,
): Promise<SourceFiles> {
  const place = s3PlaceOf(uri) ?? { bucket: '', prefix: '' };
  await refuseAbove(uri, createLogFinder(objects));
  const { entries, leftOut } = await chosenObjects(uri, place, objects, limit ?? MOST_OBJECTS);
  const progress = showProgress(terminal, entries.length, ['reading', 'files']);
  let done = 0;
  const read = await inParallel(entries, CONCURRENT_READS, async (object) => {
    const source = objects.open({ bucket: place.bucket, key: object.key }, object, object.sizeBytes);
    const outcome = await schemaOf(source);
    progress.update(++done);
    return { path: `s3://${place.bucket}/${object.key}`, relativeKey: object.relativeKey, outcome };
  });
  progress.end();
  const files: SourceFile[] = [];
  const errors: HeadgateError[] = [];
  for (const { path, relativeKey, outcome } of read)
    if (outcome instanceof HeadgateError) {
      if (outcome.code !== 'SUPERSEDED') errors.push(outcome);
      skip(terminal, path, outcome.message);
    } else if (outcome.ok) files.push({ path, relativeKey, facts: outcome.facts });
    else skip(terminal, path, `${outcome.problem.rule}: ${outcome.problem.actual}`);
  const [first] = errors;
  if (files.length === 0 && first) throw first;
  if (leftOut > 0)
    terminal.err(
      `headgate: ${entries.length} of ${entries.length + leftOut} files were read, spread over all; --limit reads more\n`,
    );
  if (files.length > 0)
    terminal.err(
      'headgate: schemas were read, statistics were not: required is what schemas say, and add what you know\n',
    );
  return { files, unread: errors.length };
}

interface ChosenObject extends ListedObject {
  readonly relativeKey: string;
}

async function chosenObjects(
  uri: string,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  objects: Pick<ObjectStore, 'head' | 'list'>,
  limit: number,
): Promise<{ readonly entries: readonly ChosenObject[]; readonly leftOut: number }> {
  const reservoir = createReservoir<ChosenObject>(limit);
  let listed = 0;
  const offer = (object: ListedObject, folder: string) => {
    listed++;
    refuseFormat(uri, formatLogOf(object.key));
    const walked = object.key.slice(folder.length);
    const relativeKey = visibleKey(`s3://${bucket}/${object.key}`, walked);
    if (relativeKey !== undefined && object.sizeBytes > 0) reservoir.offer({ ...object, relativeKey });
  };
  const key = prefix.slice(0, -1);
  const named = key === '' || uri.endsWith('/') ? undefined : await objects.head({ bucket, key });
  if (named) offer(named, key.slice(0, key.lastIndexOf('/') + 1));
  else
    for await (const page of objects.list(bucket, prefix)) for (const object of page) offer(object, prefix);
  if (listed === 0) throw new HeadgateError('NOT_FOUND', `no object is at or below ${safeText(uri, 200)}`);
  return reservoir.end();
}

async function schemaOf(source: ByteSource): Promise<FooterResult | HeadgateError> {
  try {
    return await readFooter(source, { mode: 'schema' });
  } catch (cause) {
    if (cause instanceof HeadgateError) return cause;
    throw cause;
  }
}
