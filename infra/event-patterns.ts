import type { Prefix } from '../src/run/table/guarded-table.ts';

export interface ObjectPattern {
  /** Stable while the bucket stays: the first rule of a bucket has its name alone. */
  readonly id: string;
  readonly bucket: string;
  /** None: every object of the bucket. */
  readonly prefixes: readonly string[];
}

/** EventBridge takes patterns of 2,048 characters; what stands around the prefixes is less than 350 with any bucket's name. */
const PREFIX_CHARACTERS = 1_600;

/** The prefixes of each bucket, in as many patterns as they need. */
export function objectPatterns(prefixes: readonly Prefix[]): readonly ObjectPattern[] {
  const byBucket = new Map<string, string[]>();
  for (const { bucket, prefix } of prefixes) byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), prefix]);
  return [...byBucket].flatMap(([bucket, all]) => {
    if (all.includes('')) return [{ id: bucket, bucket, prefixes: [] }];
    return groupsOf(all.toSorted()).map((group, index) => ({
      id: index === 0 ? bucket : `${bucket}-${index + 1}`,
      bucket,
      prefixes: group,
    }));
  });
}

function groupsOf(prefixes: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  let characters = 0;
  for (const prefix of prefixes) {
    const more = JSON.stringify({ prefix }).length + 1;
    if (characters + more > PREFIX_CHARACTERS) {
      groups.push([]);
      characters = 0;
    }
    groups.at(-1)?.push(prefix);
    characters += more;
  }
  return groups;
}
