import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HeadgateError } from '../../error.ts';
import { safeText } from '../../text/safe.ts';
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
