import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import { safeText } from '../../../text/safe.ts';
import { toHeadgateError } from './file-source.ts';

/** Writes a file and the folders above it. Throws `HeadgateError` WRITE_FAILED. */
export async function writeBytes(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    const reason = toHeadgateError(cause).message;
    throw new HeadgateError('WRITE_FAILED', `${safeText(path, 256)} could not be written: ${reason}`, {
      cause,
    });
  }
}

/** Writes a file whole or not at all: what was there before stays until the new content is. Throws `HeadgateError` WRITE_FAILED. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await writeBytes(unfinished, content);
  try {
    await rename(unfinished, path);
  } catch (cause) {
    await rm(unfinished, { force: true });
    const reason = toHeadgateError(cause).message;
    throw new HeadgateError('WRITE_FAILED', `${safeText(path, 256)} could not be written: ${reason}`, {
      cause,
    });
  }
}
