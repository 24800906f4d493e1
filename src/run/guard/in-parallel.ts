import type { Failure } from './guard.ts';

/** Runs `work` over all items, at most `limit` at a time, and keeps their order. The first error ends it. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index] as Item, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
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
