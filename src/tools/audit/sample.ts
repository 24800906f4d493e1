/** Some files of each partition instead of all, chosen as the listing goes by. */
export interface Sampler<Entry> {
  /** What of a page is to be looked at now: entries are held back until their partition has gone by. */
  readonly take: (page: readonly Entry[]) => { readonly entries: readonly Entry[]; readonly leftOut: number };
  /** What is still held back when the listing has ended. */
  readonly end: () => readonly Entry[];
  /** What is held back, for a run that goes on later. */
  readonly save: () => SavedSample<Entry>;
}

export interface SavedSample<Entry> {
  readonly partition: string | undefined;
  readonly chosen: readonly Entry[];
}

/**
 * Chooses the `perPartition` files of each partition whose keys have the lowest hashes: spread over the partition's names,
 * and the same ones each time. What is not read anyway passes. Holds no more than those of one partition.
 */
export function createSampler<Entry extends { readonly key: string }>(
  perPartition: number,
  isRead: (entry: Entry) => boolean,
  saved?: SavedSample<Entry>,
): Sampler<Entry> {
  let partition = saved?.partition;
  let chosen: readonly Entry[] = saved?.chosen ?? [];
  return {
    take(page) {
      const entries: Entry[] = [];
      let leftOut = 0;
      for (const entry of page) {
        if (!isRead(entry)) {
          entries.push(entry);
          continue;
        }
        const own = partitionFolder(entry.key);
        if (own !== partition) {
          entries.push(...chosen);
          [partition, chosen] = [own, []];
        }
        const next = [...chosen, entry];
        chosen = next.length > perPartition ? withoutHighest(next) : next;
        leftOut += next.length - chosen.length;
      }
      return { entries, leftOut };
    },
    end() {
      const rest = chosen;
      [partition, chosen] = [undefined, []];
      return rest;
    },
    save: () => ({ partition, chosen }),
  };
}

/** The folder down to the last `name=value` one; the file's own folder where there is none. */
export function partitionFolder(key: string): string {
  const folders = key.split('/').slice(0, -1);
  const last = folders.findLastIndex((folder) => /^[^=]+=/u.test(folder));
  return (last === -1 ? folders : folders.slice(0, last + 1)).map((folder) => `${folder}/`).join('');
}

function withoutHighest<Entry extends { readonly key: string }>(entries: readonly Entry[]): readonly Entry[] {
  const hashes = entries.map(({ key }) => hashOf(key));
  const highest = hashes.indexOf(Math.max(...hashes));
  return entries.filter((_, index) => index !== highest);
}

/** Some entries of a whole listing: those with the lowest hashes, so that they are spread over it and the same each time. */
export function createReservoir<Entry extends { readonly key: string }>(size: number) {
  let kept: { readonly entry: Entry; readonly hash: number; readonly place: number }[] = [];
  let offered = 0;
  const prune = () => {
    kept = kept.toSorted((a, b) => a.hash - b.hash).slice(0, size);
  };
  return {
    offer(entry: Entry): void {
      kept.push({ entry, hash: hashOf(entry.key), place: offered++ });
      if (kept.length > 2 * size) prune();
    },
    /** In the order in which they were offered. */
    end(): { readonly entries: readonly Entry[]; readonly leftOut: number } {
      prune();
      return {
        entries: kept.toSorted((a, b) => a.place - b.place).map(({ entry }) => entry),
        leftOut: offered - kept.length,
      };
    },
  };
}

/** FNV-1a over UTF-16 units, finished so that names which differ at their end alone are spread. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
