import type { Limits } from '../contract/contract.ts';
import { provenBounds } from '../parquet/bounds.ts';
import type { ChunkFacts, ProofBy } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import type { Pair } from './alignment.ts';
import { compareWithLimit } from './bounds.ts';
import type { Observed } from './observed.ts';
import { type Evidence, pairFinding } from './rule.ts';
import { deeper, holdsValues, whyUnseen } from './value-answers.ts';

/** Each limit, the bound that decides it, and the sign of (bound − limit) that keeps it. */
const RANGE = [
  { key: 'minimum', side: 'min', keeps: (sign: number) => sign >= 0, words: 'at least' },
  { key: 'exclusiveMinimum', side: 'min', keeps: (sign: number) => sign > 0, words: 'more than' },
  { key: 'maximum', side: 'max', keeps: (sign: number) => sign <= 0, words: 'at most' },
  { key: 'exclusiveMaximum', side: 'max', keeps: (sign: number) => sign < 0, words: 'less than' },
] as const satisfies readonly {
  readonly key: keyof Limits;
  readonly side: 'min' | 'max';
  readonly keeps: (sign: number) => boolean;
  readonly words: string;
}[];

type Stated = (typeof RANGE)[number];

/** What is known of one limit over one chunk. */
type Kept =
  | { readonly kind: 'kept' | 'broken'; readonly by: ProofBy }
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether all values lie within the declared limits. */
export function valueRange(pair: Pair, observed: Observed): Evidence | undefined {
  const stated = RANGE.filter(({ key }) => pair.field.limits[key] !== undefined);
  if (stated.length === 0 || pair.shape?.kind !== 'scalar') return undefined;
  const { leaf } = pair.shape;
  const chunks = observed.chunks(leaf.ordinal);
  if (chunks === undefined) return { kind: 'unproven', path: pair.path, why: 'the row groups were not read' };
  let unproven: string | undefined;
  let by: ProofBy = 'statistics';
  const take = (kept: Kept): boolean => {
    if (kept.kind === 'unknown') unproven ??= whyUnseen(observed, leaf.ordinal, kept.why);
    else by = deeper(by, kept.by);
    return kept.kind === 'broken';
  };
  const filled = chunks.filter(holdsValues);
  const isFloating = /^(FLOAT|DOUBLE)$/u.test(leaf.physicalType) || leaf.annotation?.kind === 'FLOAT16';
  for (const chunk of isFloating ? filled : [])
    if (take(nanOf(chunk))) return withNaN(pair, observed, chunk, by);
  for (const limit of stated)
    for (const chunk of filled) {
      const kept = keptBy(limit, pair, chunk, leaf, observed);
      if (take(kept)) return outOfRange(pair, observed, chunk, limit, (kept as { readonly by: ProofBy }).by);
    }
  return unproven === undefined
    ? { kind: 'proven', path: pair.path, by }
    : { kind: 'unproven', path: pair.path, why: unproven };
}

/** NaN lies in no range: none must be there. */
function nanOf({ seen, nanCount }: ChunkFacts): Kept {
  if (nanCount !== undefined) return { kind: nanCount === 0 ? 'kept' : 'broken', by: 'statistics' };
  if (seen && (seen.isExact || seen.nanCount === 0))
    return { kind: seen.nanCount === 0 ? 'kept' : 'broken', by: seen.by };
  return { kind: 'unknown', why: 'no count of NaN, which lies in no range' };
}

/** By the bounds of the statistics; where they do not decide it, by the values that were seen. */
function keptBy(
  { key, side, keeps }: Stated,
  pair: Pair,
  chunk: ChunkFacts,
  leaf: LeafNode,
  observed: Observed,
): Kept {
  const limit = pair.field.limits[key] ?? 0;
  const orderKnown = observed.facts.rowGroups?.orderKnown[leaf.ordinal] ?? false;
  const bound = provenBounds(chunk, leaf, orderKnown)[side];
  const sign = bound && compareWithLimit(bound.value, limit, leaf);
  if (bound !== undefined && sign !== undefined) {
    if (keeps(sign)) return { kind: 'kept', by: 'statistics' };
    // A shortened bound lies outside the values: it proves nothing about any of them.
    if (bound.exact !== false) return { kind: 'broken', by: 'statistics' };
  }
  const { seen } = chunk;
  const own = seen?.[side];
  const seenSign = own === undefined ? undefined : compareWithLimit(own, limit, leaf);
  if (seen !== undefined && seenSign !== undefined) {
    if (keeps(seenSign)) return { kind: 'kept', by: seen.by };
    if (seen.isExact) return { kind: 'broken', by: seen.by };
  }
  return {
    kind: 'unknown',
    why: sign === undefined ? `no ${side} in the statistics` : `the ${side} in the statistics is not exact`,
  };
}

function withNaN(
  pair: Pair,
  observed: Observed,
  { nanCount, seen, rowGroup }: ChunkFacts,
  by: ProofBy,
): Evidence {
  const evidence = pairFinding(pair, observed, {
    expected: 'numbers in a range',
    actual: `row group ${rowGroup} has ${nanCount ?? seen?.nanCount} NaN, by ${inWordsOf(by)}`,
  });
  return { ...evidence, effect: 'none', stated: 'error' } as Evidence;
}

function outOfRange(
  pair: Pair,
  observed: Observed,
  chunk: ChunkFacts,
  { key, side, words }: Stated,
  by: ProofBy,
): Evidence {
  // The value itself is data of the user's: it stays out of findings, which travel to logs and pages.
  const evidence = pairFinding(pair, observed, {
    expected: `${words} ${pair.field.limits[key]}`,
    actual: `${side} of row group ${chunk.rowGroup} lies outside, by ${inWordsOf(by)}`,
  });
  return { ...evidence, effect: 'none', stated: 'error' } as Evidence;
}

export function inWordsOf(by: ProofBy): string {
  return by === 'statistics' ? 'its statistics' : `its ${by}`;
}
