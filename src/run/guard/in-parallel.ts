import pMap from 'p-map';
import type { Failure } from './guard.ts';

/** Runs `work` over all items, at most `limit` at a time, and keeps their order. The first error ends it: nothing is begun after it. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  return await pMap(items, work, { concurrency: limit });
}

/** Like `inParallel`, but an item that fails is told by its place, and the others go on. */
export async function settleEach<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<{ readonly results: readonly (Result | undefined)[]; readonly failures: readonly Failure[] }> {
  const failures: Failure[] = [];
  const results = await inParallel(items, limit, async (item, index) => {
    try {
      return await work(item, index);
    } catch (error) {
      failures.push({ index, error });
      return undefined;
    }
  });
  return { results, failures };
}
