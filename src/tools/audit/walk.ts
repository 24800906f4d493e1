import pMap, { pMapSkip } from 'p-map';
import type { Sampler, SavedSample } from './sample.ts';

/** How far a walk has come: what is behind `cursor`, and what before it still has to be looked at. */
export interface WalkPosition<Entry> {
  /** The last key that was listed; nothing at the start. */
  readonly cursor: string | undefined;
  /** Listed, and not looked at yet: no more than a page. */
  readonly waiting: readonly Entry[];
  readonly sample: SavedSample<Entry> | undefined;
}

export interface WalkStep<Entry, Result> {
  /** In the order of their keys. */
  readonly results: readonly Result[];
  readonly leftOut: number;
  /** How many entries were listed for it. */
  readonly listed: number;
  /** Where a later run goes on. */
  readonly position: WalkPosition<Entry>;
}

export interface WalkInput<Entry, Result> {
  /** Pages of entries behind a key, in the order of keys. */
  readonly pages: (after: string | undefined) => AsyncIterable<readonly Entry[]>;
  readonly from?: WalkPosition<Entry> | undefined;
  readonly sampler?: Sampler<Entry> | undefined;
  /** Never throws for what concerns the entry alone. */
  readonly look: (entry: Entry) => Promise<Result>;
  /** How many looks run at a time. */
  readonly concurrency: number;
  /** How many entries are looked at. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep: (step: WalkStep<Entry, Result>) => Promise<void> | void;
}

/**
 * Looks at entries page by page, several at a time; the next page is listed meanwhile. Holds two pages, never what came before.
 * What a step tells is final: a run that begins at its position sees the rest, and nothing twice.
 */
export async function walk<Entry extends { readonly key: string }, Result>(
  input: WalkInput<Entry, Result>,
): Promise<'complete' | 'limit' | 'interrupted'> {
  const { sampler } = input;
  let cursor = input.from?.cursor;
  let left = input.limit ?? Number.POSITIVE_INFINITY;
  const lookAt = async (entries: readonly Entry[], leftOut: number, listed: number) => {
    const allowed = entries.slice(0, left);
    const results = await inOrder(input, allowed);
    left -= results.length;
    const waiting = entries.slice(results.length);
    await input.onStep({ results, leftOut, listed, position: { cursor, waiting, sample: sampler?.save() } });
    return waiting.length > 0;
  };
  const ended = () => (input.signal?.aborted ? 'interrupted' : 'limit');

  if (input.from && input.from.waiting.length > 0 && (await lookAt(input.from.waiting, 0, 0))) return ended();
  const pages = input.pages(cursor)[Symbol.asyncIterator]();
  let next = ahead(pages.next());
  for (;;) {
    const page = await next;
    if (page.done) break;
    if (left <= 0 || input.signal?.aborted) {
      await pages.return?.();
      return ended();
    }
    next = ahead(pages.next());
    cursor = page.value.at(-1)?.key ?? cursor;
    const { entries, leftOut } = sampler?.take(page.value) ?? { entries: page.value, leftOut: 0 };
    if (await lookAt(entries, leftOut, page.value.length)) {
      await pages.return?.();
      return ended();
    }
  }
  const rest = sampler?.end() ?? [];
  if (rest.length > 0 && (await lookAt(rest, 0, 0))) return ended();
  return 'complete';
}

/** A page that is listed while another is worked on: an error waits until it is asked for. */
function ahead<T>(page: Promise<T>): Promise<T> {
  page.catch(() => undefined);
  return page;
}

/** Results of the first entries, in their order: all of them, unless a signal ends it. */
async function inOrder<Entry, Result>(
  { look, concurrency, signal }: WalkInput<Entry, Result>,
  entries: readonly Entry[],
): Promise<readonly Result[]> {
  return await pMap(entries, (entry) => (signal?.aborted ? pMapSkip : look(entry)), { concurrency });
}
