import type { Guard } from '../guard/guard.ts';
import { inParallel } from '../guard/in-parallel.ts';
import { copyOf, isPublishedFrom } from '../message/origin.ts';
import { type GuardedTable, placeIn } from '../table/guarded-table.ts';
import { keyBelow } from '../table/located.ts';
import { claimKey, folderOfPartition } from '../table/partition-claim.ts';
import { registerFolder } from './register-folder.ts';
import type { Swept } from './sweep.ts';

/** Folders below the location that the catalog has, each with the id of its partition's claim. */
export type RegisteredPartitions = ReadonlyMap<string, string>;

const CONCURRENT_HEADS = 16;
const MAX_ASKED = 10_000;

export async function registeredPartitions(
  { catalog }: Pick<Guard, 'catalog'>,
  guarded: GuardedTable,
): Promise<RegisteredPartitions> {
  const folders = new Map<string, string>();
  if ((await catalog.getTable(guarded.ref)) === undefined) return folders;
  for await (const page of catalog.listPartitions(guarded.ref))
    for (const partition of page) {
      const folder = folderOfPartition(guarded, partition);
      if (folder !== undefined) folders.set(folder, claimKey(guarded, partition.values).id);
    }
  return folders;
}

/**
 * Registers partitions that have published files and that the catalog lacks: their readers see nothing of them. What else
 * lies in a folder that the catalog lacks is nobody's wish to show it: gives how many such objects there are.
 */
export async function registerLacking(
  guard: Pick<Guard, 'objects' | 'queue' | 'clock'>,
  guarded: GuardedTable,
  {
    swept: { published, unproven },
    registered,
  }: {
    readonly swept: Pick<Swept, 'published' | 'unproven'>;
    readonly registered: RegisteredPartitions;
  },
): Promise<number> {
  const isLacking = (folder: string) => folder !== '' && !registered.has(folder);
  for (const folder of published.filter(isLacking)) await registerFolder(guard, guarded, folder);
  let foreign = 0;
  for (const folder of unproven.filter(isLacking)) {
    const { own, others } = await publishersOf(guard, guarded, folder);
    foreign += others;
    if (own > 0) await registerFolder(guard, guarded, folder);
  }
  return foreign;
}

/**
 * Whether objects of a published folder are Headgate's copies, by what they say of themselves, and how many are others'. One page
 * after the other, until one is ours; where the first pages have none, the rest is not asked.
 */
async function publishersOf(
  { objects }: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  folder: string,
): Promise<{ readonly own: number; readonly others: number }> {
  let [own, others, asked] = [0, 0, 0];
  for await (const page of objects.list(guarded.location.bucket, guarded.location.prefix + folder)) {
    const heads = await inParallel(page, CONCURRENT_HEADS, async ({ key }) => {
      const head = await objects.head({ bucket: guarded.location.bucket, key });
      return head && { copy: copyOf(head), relativeKey: keyBelow(guarded.location, key) };
    });
    for (const head of heads) {
      if (head === undefined) continue;
      const isOwn =
        head.copy !== undefined && isPublishedFrom(head.copy, placeIn(guarded.landing, head.relativeKey));
      if (isOwn) own++;
      else others++;
    }
    asked += page.length;
    if (own > 0 || asked >= MAX_ASKED) break;
  }
  return { own, others };
}
