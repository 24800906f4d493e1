import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
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

/** Opens a file for ranged reads. Throws `HeadgateError` with NOT_FOUND, IS_DIRECTORY, PERMISSION_DENIED or READ_FAILED. */
export async function openFileSource(path: string): Promise<FileSource> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK the open of a named pipe would wait for its writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat({ bigint: true });
    if (stats.isDirectory()) throw new HeadgateError('IS_DIRECTORY', 'is a folder, expected a file');
    if (!stats.isFile()) throw new HeadgateError('READ_FAILED', 'is not a regular file');
    return sourceOf(handle, path, stats);
  } catch (cause) {
    await handle?.close();
    throw toHeadgateError(cause);
  }
}

function sourceOf(handle: FileHandle, path: string, opened: BigIntStats): FileSource {
  const byteLength = Number(opened.size);
  return {
    byteLength,
    modifiedAt: timeText(opened.mtimeMs),
    async slice(start, end = byteLength) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      let filled = 0;
      try {
        while (filled < bytes.length) {
          const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
      } catch (cause) {
        throw toHeadgateError(cause);
      }
      return filled === bytes.length ? bytes.buffer : bytes.buffer.slice(0, filled);
    },
    async hasChanged() {
      const now = await stat(path, { bigint: true }).catch(() => undefined);
      return !now || STATE.some((field) => now[field] !== opened[field]);
    },
    close: () => handle.close(),
  };
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
