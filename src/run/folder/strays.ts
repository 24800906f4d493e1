import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { folderId } from '../ledger/folder-id.ts';
import type { ListedObject } from '../ports/object-store.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { locate } from '../table/located.ts';
import { readVerdicts, verdictKey } from './verdict-log.ts';

const MAX_STRAYS = 100;

/** Keeps few of many: those with the lowest hashes of key and hour, so that in time each has its turn. */
export function chooseStrays(now: string) {
  let kept: { readonly object: ListedObject; readonly hash: string }[] = [];
  const prune = () => {
    kept = kept.toSorted((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, MAX_STRAYS);
  };
  return {
    offer(object: ListedObject): void {
      kept.push({ object, hash: folderId(now.slice(0, 13) + object.key) });
      if (kept.length > 2 * MAX_STRAYS) prune();
    },
    chosen(): readonly ListedObject[] {
      prune();
      return kept.map(({ object }) => object);
    },
  };
}

const CONCURRENT_FOLDERS = 16;

/** Those of which the log of verdicts knows nothing. */
export async function withoutVerdict(
  guard: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  objects: readonly ListedObject[],
): Promise<readonly ListedObject[]> {
  const folders = new Map<string, ListedObject[]>();
  for (const object of objects) {
    const folder = locate(guarded, object.key).folder;
    folders.set(folder, [...(folders.get(folder) ?? []), object]);
  }
  const untold = await inParallel([...folders], CONCURRENT_FOLDERS, async ([folder, inFolder]) => {
    const verdicts = await readVerdicts(guard, guarded, folder);
    return inFolder.filter((object) => !verdicts.has(verdictKey(object)));
  });
  return untold.flat();
}
