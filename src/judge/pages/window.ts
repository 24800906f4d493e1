import { HeadgateError } from '../../error.ts';
import type { ByteSource } from '../parquet/facts.ts';
import { UnreadPage } from './damage.ts';
import type { PageLimits } from './limits.ts';

/** Ranges of a file, counted and bounded. */
export interface RangeReader {
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
  readonly counted: () => { readonly reads: number; readonly bytesRead: number };
}

/** Throws `UnreadPage` beyond the limits, and SOURCE_CHANGED where the source gives fewer bytes than it promised. */
export function rangeReader(source: ByteSource, limits: PageLimits): RangeReader {
  let [reads, bytesRead] = [0, 0];
  return {
    async read(start, end) {
      if (reads >= limits.reads)
        throw new UnreadPage(`more than ${limits.reads} reads of one file are not made`);
      if (bytesRead + end - start > limits.totalBytes)
        throw new UnreadPage(`more than ${limits.totalBytes} bytes of one file are not read`);
      const bytes = new Uint8Array(await source.slice(start, end));
      reads++;
      bytesRead += bytes.length;
      if (bytes.length !== end - start)
        throw new HeadgateError(
          'SOURCE_CHANGED',
          `asked for ${end - start} bytes and got ${bytes.length}: the file changed while it was read`,
        );
      return bytes;
    },
    counted: () => ({ reads, bytesRead }),
  };
}

/** A part of a file in memory that moves on as it is asked for. */
export interface Window {
  /** Bytes from `start` to `end`, and what else is in hand behind them; read with more than was asked, up to `limit`. */
  readonly take: (start: number, end: number, limit: number) => Promise<Uint8Array>;
}

export function windowOver({ read }: Pick<RangeReader, 'read'>, stepBytes: number): Window {
  let at = 0;
  let bytes = new Uint8Array(0);
  return {
    async take(start, end, limit) {
      if (start < at || end > at + bytes.length) {
        bytes = (await read(
          start,
          Math.max(end, Math.min(limit, start + stepBytes)),
        )) as Uint8Array<ArrayBuffer>;
        at = start;
      }
      return bytes.subarray(start - at, Math.min(bytes.length, limit - at));
    },
  };
}
