import { join } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import type { CatalogPartition } from '../../ports/catalog.ts';
import { toHeadgateError } from './file-source.ts';
import { type LakeFiles, MISSING, replaceFile, toWriteError, unless, withFolder } from './lake-files.ts';
import { withNameLock } from './name-lock.ts';

/** What has been read of a table's file so far. */
interface Log {
  inode: number;
  bytesRead: number;
  lines: number;
  readonly partitions: Map<string, CatalogPartition>;
}

/** A table's partitions by their values as JSON. */
export type Partitions = ReadonlyMap<string, CatalogPartition>;

export interface PartitionLog {
  read(folder: string): Partitions;
  /** Adds what `choose` picks from the partitions of this moment. Nobody else adds meanwhile. */
  change<T>(
    folder: string,
    choose: (partitions: Partitions) => { readonly added: readonly CatalogPartition[]; readonly result: T },
  ): Promise<T>;
}

/** More lines than this many times the partitions: the file is written anew. */
const WASTE = 4;

/**
 * One JSON line a partition, the last one of equal values counts. Lines are appended, so that 10,000 partitions cost what
 * they are; only what other processes appended is read again.
 */
export function createPartitionLog(files: LakeFiles): PartitionLog {
  const logs = new Map<string, Log>();
  const read = (folder: string): Log => {
    const log = readOn(files, pathIn(folder), logs.get(folder));
    logs.set(folder, log);
    return log;
  };
  return {
    read: (folder) => read(folder).partitions,
    change: (folder, choose) =>
      withNameLock(files, `partitions/${folder}`, () => {
        const log = read(folder);
        const { added, result } = choose(log.partitions);
        if (added.length > 0) append(files, folder, log, added);
        return result;
      }),
  };
}

export function partitionId(values: readonly string[]): string {
  return JSON.stringify(values);
}

function pathIn(folder: string): string {
  return join(folder, 'partitions.jsonl');
}

function readOn(files: LakeFiles, path: string, before: Log | undefined): Log {
  try {
    const stats = unless(MISSING, () => files.fs.lstatSync(path));
    if (!stats) return { inode: 0, bytesRead: 0, lines: 0, partitions: new Map() };
    const isSame = before?.inode === stats.ino && stats.size >= before.bytesRead;
    const log: Log = isSame ? before : { inode: stats.ino, bytesRead: 0, lines: 0, partitions: new Map() };
    if (stats.size === log.bytesRead) return log;
    const bytes = readFrom(files, path, log.bytesRead, stats.size);
    const end = bytes.lastIndexOf(10) + 1;
    for (const line of bytes.toString('utf8', 0, end).split('\n')) takeLine(log, line);
    log.bytesRead += end;
    return log;
  } catch (cause) {
    throw toHeadgateError(cause);
  }
}

function readFrom({ fs }: LakeFiles, path: string, start: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - start);
  const handle = fs.openSync(path, 'r');
  try {
    return bytes.subarray(0, fs.readSync(handle, bytes, 0, bytes.length, start));
  } finally {
    fs.closeSync(handle);
  }
}

function takeLine(log: Log, line: string): void {
  if (line === '') return;
  log.lines++;
  try {
    const partition = JSON.parse(line) as CatalogPartition;
    log.partitions.set(partitionId(partition.values), partition);
  } catch {
    // The rest of a line whose writer was killed: it had told nobody that it was done.
  }
}

function append(files: LakeFiles, folder: string, log: Log, added: readonly CatalogPartition[]): void {
  const path = pathIn(folder);
  const text = added.map((partition) => `${JSON.stringify(partition)}\n`).join('');
  if (log.lines > WASTE * (log.partitions.size + added.length) + 1000) {
    const all = new Map(log.partitions);
    for (const partition of added) all.set(partitionId(partition.values), partition);
    replaceFile(files, folder, path, [...all.values()].map((one) => `${JSON.stringify(one)}\n`).join(''));
    return;
  }
  try {
    // Ends the line of a writer that was killed.
    const size = unless(MISSING, () => files.fs.lstatSync(path))?.size ?? 0;
    const start = size > log.bytesRead ? '\n' : '';
    withFolder(files.fs, folder, () => files.fs.appendFileSync(path, start + text));
  } catch (cause) {
    throw toWriteError(cause);
  }
}

/** Throws where the table is not there. */
export function noTable(): HeadgateError {
  return new HeadgateError('NOT_FOUND', 'the catalog has no such table');
}
