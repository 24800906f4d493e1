import {
  type BigIntStats,
  close,
  closeSync,
  constants,
  fstat,
  fstatSync,
  open,
  openSync,
  read,
  readSync,
  stat,
  statSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { type ErrorCode, HeadgateError } from '../../../error.ts';
import type { ByteSource } from '../../../judge/parquet/facts.ts';

/** An open local file as a byte source. `slice` returns fewer bytes than asked where the file has shrunk. */
export interface FileSource extends ByteSource {
  /** As the lake dates its objects. ISO 8601, UTC. */
  readonly modifiedAt: string;
  /** Whether the path no longer names the file that was opened, as it was then: replaced, written to, deleted. */
  hasChanged(): Promise<boolean>;
  close(): Promise<void>;
}

/** Without O_NONBLOCK the open of a named pipe would wait for its writer. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Opens a file for ranged reads. Throws `HeadgateError` with NOT_FOUND, IS_DIRECTORY, PERMISSION_DENIED or READ_FAILED. */
export async function openFileSource(path: string): Promise<FileSource> {
  let descriptor: number | undefined;
  try {
    const opened = await disk.open(path);
    descriptor = opened;
    const stats = await disk.fstat(opened);
    if (stats.isDirectory()) throw new HeadgateError('IS_DIRECTORY', 'is a folder, expected a file');
    if (!stats.isFile()) throw new HeadgateError('READ_FAILED', 'is not a regular file');
    return sourceOf(opened, path, stats);
  } catch (cause) {
    if (descriptor !== undefined) await disk.close(descriptor);
    throw toHeadgateError(cause);
  }
}

function sourceOf(descriptor: number, path: string, opened: BigIntStats): FileSource {
  const byteLength = Number(opened.size);
  return {
    byteLength,
    modifiedAt: timeText(opened.mtimeMs),
    async slice(start, end = byteLength) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      let filled = 0;
      try {
        while (filled < bytes.length) {
          const bytesRead = await disk.read(descriptor, bytes.subarray(filled), start + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
      } catch (cause) {
        throw toHeadgateError(cause);
      }
      return filled === bytes.length ? bytes.buffer : bytes.buffer.slice(0, filled);
    },
    async hasChanged() {
      const now = await disk.stat(path).catch(() => undefined);
      return !now || STATE.some((field) => now[field] !== opened[field]);
    },
    close: () => disk.close(descriptor),
  };
}

const later = {
  open: promisify(open),
  fstat: promisify(fstat),
  stat: promisify(stat),
  read: promisify(read),
  close: promisify(close),
};

/**
 * What the operating system has in memory it gives in microseconds, less than a promise through another thread costs. Where
 * it has to wait, as for a network, many files are asked at a time.
 */
const disk = {
  open: (path: string) =>
    soonest(
      () => openSync(path, FLAGS),
      () => later.open(path, FLAGS),
    ),
  fstat: (descriptor: number) =>
    soonest(
      () => fstatSync(descriptor, { bigint: true }),
      () => later.fstat(descriptor, { bigint: true }),
    ),
  stat: (path: string) =>
    soonest(
      () => statSync(path, { bigint: true }),
      () => later.stat(path, { bigint: true }),
    ),
  read: (descriptor: number, into: Uint8Array, at: number) =>
    soonest(
      () => readSync(descriptor, into, 0, into.length, at),
      async () => (await later.read(descriptor, into, 0, into.length, at)).bytesRead,
    ),
  close: (descriptor: number) =>
    soonest(
      () => closeSync(descriptor),
      () => later.close(descriptor),
    ),
};

const SLOW_MS = 1;
/** A slow call weighs as much as so many quick ones: a pause of our own comes once, a slow disk is slow for every file. */
const SLOW_WEIGHT = 4;
const TOO_SLOW = 32;
/** So often whoever waits for something else has a turn: a signal, a timer. */
const TURN_MS = 50;

let slowness = 0;
let turnAtMs = 0;

async function soonest<T>(now: () => T, later: () => Promise<T>): Promise<T> {
  if (slowness >= TOO_SLOW) return later();
  const startMs = performance.now();
  if (startMs - turnAtMs >= TURN_MS) {
    turnAtMs = startMs;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const beganMs = performance.now();
  try {
    return now();
  } finally {
    slowness = Math.max(0, slowness + (performance.now() - beganMs < SLOW_MS ? -1 : SLOW_WEIGHT));
  }
}

/** A time of a file system as ISO 8601; one that is beyond the calendar is none. */
export function timeText(timeMs: bigint): string {
  const time = Number(timeMs);
  return new Date(Math.abs(time) <= 8.64e15 ? time : 0).toISOString();
}

/** Identity and state of a file. A write within one tick of the file system's clock that keeps the size is not seen. */
const STATE = ['dev', 'ino', 'size', 'mtimeNs'] as const;

const CODES: Readonly<Record<string, { readonly code: ErrorCode; readonly message: string }>> = {
  ENOENT: { code: 'NOT_FOUND', message: 'does not exist' },
  ENOTDIR: { code: 'NOT_FOUND', message: 'does not exist' },
  ENAMETOOLONG: { code: 'NOT_FOUND', message: 'does not exist: the name is too long' },
  EISDIR: { code: 'IS_DIRECTORY', message: 'is a folder, expected a file' },
  EACCES: { code: 'PERMISSION_DENIED', message: 'may not be read by this user' },
  EPERM: { code: 'PERMISSION_DENIED', message: 'may not be read by this user' },
};

/** Translates what the file system throws, in this one place. */
export function toHeadgateError(cause: unknown): HeadgateError {
  if (cause instanceof HeadgateError) return cause;
  const systemCode = (cause as { readonly code?: unknown } | null)?.code;
  const known = typeof systemCode === 'string' ? CODES[systemCode] : undefined;
  if (known) return new HeadgateError(known.code, known.message, { cause });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HeadgateError('READ_FAILED', `could not be read: ${reason}`, { cause });
}
