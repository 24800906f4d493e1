import { join } from 'node:path';
import { HeadgateError } from '../../../error.ts';
import { type LakeFiles, MISSING, toWriteError, unless } from './lake-files.ts';
import { withNameLock } from './name-lock.ts';

const MAX_LINE_BYTES = 256 * 1024;
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** A file of JSON lines in the lake's own folder. Above 64 MB it becomes `<name>.1.jsonl`, in place of the one before. */
export interface JsonLines {
  /** All lines are in the file when it returns. Throws NOT_STORABLE, before anything is written, for a line above 256 KB. */
  append(values: readonly unknown[]): Promise<void>;
}

export function createJsonLines(files: LakeFiles, name: string, maxFileBytes = MAX_FILE_BYTES): JsonLines {
  const { fs } = files;
  const path = join(files.own, `${name}.jsonl`);
  const isFull = () => (unless(MISSING, () => fs.lstatSync(path))?.size ?? 0) > maxFileBytes;
  return {
    async append(values) {
      const lines = values.map((value) => `${JSON.stringify(value)}\n`);
      for (const line of lines)
        if (Buffer.byteLength(line) > MAX_LINE_BYTES)
          throw new HeadgateError(
            'NOT_STORABLE',
            `an entry of ${Buffer.byteLength(line)} bytes, expected at most ${MAX_LINE_BYTES}`,
          );
      if (lines.length === 0) return;
      try {
        if (isFull())
          await withNameLock(files, path, () => {
            if (isFull()) fs.renameSync(path, join(files.own, `${name}.1.jsonl`));
          });
        fs.appendFileSync(path, lines.join(''));
      } catch (cause) {
        throw toWriteError(cause);
      }
    },
  };
}
