import {
  closeSync,
  createReadStream,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { HeadgateError } from '../../../error.ts';
import { safeText } from '../../../text/safe.ts';
import { toHeadgateError } from './file-source.ts';

/** Rows that grow line by line beside the file which they shall become. */
export interface RowSpool {
  /** How many bytes are written. */
  readonly bytes: () => number;
  readonly append: (rows: readonly unknown[]) => void;
  /** Lines become the file itself. */
  readonly becomeLines: () => void;
  /** The rows in batches, for another format. */
  readonly batches: (rows: number) => AsyncIterable<readonly unknown[]>;
  /** Keeps what is there for a later run. */
  readonly close: () => void;
  readonly discard: () => void;
}

/** Where rows wait until they are all there. */
export function spoolPath(path: string): string {
  return `${path}.unfinished.jsonl`;
}

/**
 * Opens the rows of `path`, going on behind `keepBytes` of an earlier run; what is behind them was never accounted for.
 * Throws `HeadgateError` WRITE_FAILED, and NOT_FOUND where the rows of the earlier run are gone.
 */
export function openRowSpool(path: string, keepBytes: number): RowSpool {
  const own = spoolPath(path);
  const failed = (cause: unknown): HeadgateError =>
    cause instanceof HeadgateError
      ? cause
      : new HeadgateError(
          'WRITE_FAILED',
          `${safeText(own, 256)} could not be written: ${toHeadgateError(cause).message}`,
          { cause },
        );
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw failed(cause);
    }
  };
  const handle = attempt(() => {
    mkdirSync(dirname(own), { recursive: true });
    if (keepBytes > 0 && (statSync(own, { throwIfNoEntry: false })?.size ?? 0) < keepBytes)
      throw new HeadgateError('NOT_FOUND', `${safeText(own, 256)} lacks rows of the earlier run`);
    const opened = openSync(own, keepBytes > 0 ? 'r+' : 'w');
    ftruncateSync(opened, keepBytes);
    return opened;
  });
  let bytes = keepBytes;
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    closeSync(handle);
  };
  return {
    bytes: () => bytes,
    append(rows) {
      if (rows.length === 0) return;
      const lines = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      attempt(() => {
        for (let written = 0; written < lines.length; )
          written += writeSync(handle, lines, written, lines.length - written, bytes + written);
      });
      bytes += lines.length;
    },
    becomeLines() {
      attempt(() => {
        fsyncSync(handle);
        close();
        renameSync(own, path);
      });
    },
    async *batches(rows) {
      let batch: unknown[] = [];
      for await (const line of createInterface({ input: createReadStream(own) })) {
        batch.push(JSON.parse(line));
        if (batch.length < rows) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
    close,
    discard() {
      close();
      rmSync(own, { force: true });
    },
  };
}
