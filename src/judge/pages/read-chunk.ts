import type { ChunkSpan } from '../parquet/chunk-places.ts';
import type { PageDamage } from '../parquet/facts.ts';
import { lengthOf } from './column.ts';
import { DamagedPage, UnreadPage } from './damage.ts';
import { MAX_HEADER_BYTES, type PageHeader, readPageHeader } from './page-header.ts';
import {
  type DataPage,
  type Dictionary,
  hasOtherChecksum,
  type PageShape,
  readDataPage,
  readDictionary,
} from './read-page.ts';
import type { Window } from './window.ts';

/** The pages of one chunk, and how they are read. */
export interface ChunkTask {
  readonly span: ChunkSpan;
  /** Slots, as the footer says. */
  readonly values: number;
  readonly shape: PageShape;
}

export interface PageVisitor {
  readonly onDictionary?: (dictionary: Dictionary) => void;
  /** Whether each row must be told: for keys alone. */
  readonly keepsRows?: boolean;
  readonly onPage?: (page: DataPage, dictionary: Dictionary | undefined) => void;
}

/** What became of a walk over the pages of a chunk. */
export type ChunkWalk =
  | { readonly kind: 'read' }
  | { readonly kind: 'unread'; readonly why: string }
  | { readonly kind: 'damaged'; readonly damage: Pick<PageDamage, 'kind' | 'what'> };

/** Reads every page of a chunk, and holds what they say against each other. What is wrong with them is a value, never a throw. */
export async function readChunk(window: Window, task: ChunkTask, visitor: PageVisitor): Promise<ChunkWalk> {
  try {
    return await walkChunkPages(window, task, visitor);
  } catch (cause) {
    return walkOf(cause);
  }
}

export function walkOf(cause: unknown): ChunkWalk {
  if (cause instanceof UnreadPage) return { kind: 'unread', why: cause.message };
  if (cause instanceof DamagedPage)
    return { kind: 'damaged', damage: { kind: 'unreadable', what: cause.message } };
  throw cause;
}

async function walkChunkPages(window: Window, task: ChunkTask, visitor: PageVisitor): Promise<ChunkWalk> {
  const { span, shape, values } = task;
  let dictionary: Dictionary | undefined;
  let slots = 0;
  let pages = 0;
  let empty = 0;
  for (let at = span.start; at < span.end && slots < values; pages++) {
    const header = await headerAt(window, at, span.end);
    if ((header.kind === 'other' || header.values === 0) && ++empty > MOST_EMPTY)
      throw new UnreadPage(`more than ${MOST_EMPTY} pages of a chunk hold nothing`);
    const start = at + header.headerBytes;
    at = endOf(header, start, span.end);
    const body = (await window.take(start, at, span.end)).subarray(0, header.packedBytes);
    if (hasOtherChecksum(header, body))
      return {
        kind: 'damaged',
        damage: { kind: 'checksum', what: `page ${pages} has another checksum than its header says` },
      };
    if (header.kind === 'dictionary') {
      if (dictionary !== undefined || slots > 0)
        throw new DamagedPage('a dictionary stands behind other pages');
      const entries = named(pages, () => readDictionary(header, body, shape));
      dictionary = { entries, counts: new Int32Array(lengthOf(entries)) };
      visitor.onDictionary?.(dictionary);
    } else if (header.kind !== 'other') {
      // Before anything of it is decoded, which its few bytes may not pay for.
      if (header.values > values - slots)
        throw new DamagedPage(`its pages hold more values than the ${values} that its footer says`);
      const page = named(pages, () =>
        readDataPage(header, body, shape, dictionary, visitor.keepsRows ?? false),
      );
      slots += page.slots;
      visitor.onPage?.(page, dictionary);
    }
  }
  if (slots !== values) throw new DamagedPage(`its pages hold ${slots} values, its footer says ${values}`);
  return { kind: 'read' };
}

/** Nobody writes as many: a file of nothing else would keep its reader busy. */
const MOST_EMPTY = 1000;

/** Where the page ends that begins there. */
export function endOf({ packedBytes }: PageHeader, start: number, end: number): number {
  if (packedBytes > end - start)
    throw new DamagedPage(`a page of ${packedBytes} bytes goes on beyond its chunk`);
  return start + packedBytes;
}

const HEADER_BYTES = 4096;

/** Reads the header at a place; more of it where it is long. */
export async function headerAt(
  window: Window,
  at: number,
  end: number,
  firstBytes: number = HEADER_BYTES,
): Promise<PageHeader> {
  for (let wanted = firstBytes; ; wanted *= 8) {
    const bytes = await window.take(at, Math.min(end, at + wanted), end);
    const header = readPageHeader(bytes, 0, end - at);
    if (header !== undefined) return header;
    if (wanted > MAX_HEADER_BYTES) throw new UnreadPage('the header of a page is too long');
  }
}

/** The same damage, with the number of its page. */
function named<T>(page: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof DamagedPage) throw new DamagedPage(`page ${page}: ${cause.message}`);
    throw cause;
  }
}
