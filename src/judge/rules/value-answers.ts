import type { ValueTest } from '../pages/measure.ts';
import type { ChunkFacts, ProofBy } from '../parquet/facts.ts';
import { levelsOf } from '../parquet/levels.ts';
import type { SchemaNode } from '../parquet/schema.ts';
import { nodeOf, type Pair } from './alignment.ts';
import type { Observed } from './observed.ts';

/** How many values something is true of, and what says so; or why that is not known. */
export type Count =
  | { readonly kind: 'counted'; readonly count: number; readonly by: ProofBy }
  | { readonly kind: 'unknown'; readonly why: string };

/** The way of proof that looked deepest speaks for all chunks. */
const DEPTH_OF = { statistics: 0, dictionary: 1, data: 2 } as const satisfies Record<ProofBy, number>;

export function deeper(a: ProofBy, b: ProofBy): ProofBy {
  return DEPTH_OF[a] >= DEPTH_OF[b] ? a : b;
}

/** A chunk that holds a value at all. */
export function holdsValues({ values, nullCount }: ChunkFacts): boolean {
  return values > 0 && nullCount !== values;
}

/** Why the values of a leaf are not known, where pages were looked into; else that nobody looked. */
export function whyUnseen({ facts }: Observed, ordinal: number, unlooked: string): string {
  const { pages } = facts;
  if (pages === undefined) return unlooked;
  const damage = pages.damage.find((one) => one.ordinal === ordinal);
  return pages.unseen.get(ordinal) ?? (damage ? `a page is damaged: ${damage.what}` : unlooked);
}

/** Values that fail a test, over all row groups. */
export function countFailing(
  observed: Observed,
  ordinal: number,
  { name }: ValueTest,
  unlooked: string,
): Count {
  let count = 0;
  const chunks = observed.chunks(ordinal);
  if (chunks === undefined) return { kind: 'unknown', why: unlooked };
  let by: ProofBy = 'dictionary';
  for (const chunk of chunks) {
    if (!holdsValues(chunk)) continue;
    const { seen } = chunk;
    if (seen === undefined) return { kind: 'unknown', why: whyUnseen(observed, ordinal, unlooked) };
    if (seen.untested.includes(name))
      return {
        kind: 'unknown',
        why: seen.by === 'statistics' ? unlooked : 'its values cannot be compared with what is asked',
      };
    const failing = seen.failing[name] ?? 0;
    if (failing > 0 && !seen.isExact)
      return {
        kind: 'unknown',
        why: whyUnseen(observed, ordinal, 'an entry of its dictionary fails, which no row may have'),
      };
    count += failing;
    by = deeper(by, seen.by);
  }
  return { kind: 'counted', count, by };
}

/** Nulls at the place of a pair, by the levels of a leaf below it; nothing where its data pages were not all read. */
export function countNulls(pair: Pair, observed: Observed): number | undefined {
  if (pair.shape === undefined || observed.facts.pages === undefined) return undefined;
  const levels = levelsOnce(observed).get(nodeOf(pair.shape));
  if (levels === undefined) return undefined;
  let nulls = 0;
  for (const { seen, values } of observed.chunks(levels.ordinal) ?? []) {
    if (values === 0) continue;
    if (seen?.levels === undefined) return undefined;
    nulls += seen.levels[levels.definition - 1] ?? 0;
  }
  return nulls;
}

type LevelsByNode = ReturnType<typeof levelsOf>;
const LEVELS = new WeakMap<SchemaNode, LevelsByNode>();

/** Worked out once for each schema. */
export function levelsOnce({ facts }: Pick<Observed, 'facts'>): LevelsByNode {
  const known = LEVELS.get(facts.schema) ?? levelsOf(facts.schema);
  LEVELS.set(facts.schema, known);
  return known;
}
