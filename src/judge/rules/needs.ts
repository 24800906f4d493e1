import { predictWorst } from '../athena/predict.ts';
import type { Table } from '../contract/contract.ts';
import type { LeafWanted } from '../pages/look-at-chunk.ts';
import type { ValueTest } from '../pages/measure.ts';
import type { PagesWanted } from '../pages/read-pages.ts';
import type { FooterFacts, SeenValues } from '../parquet/facts.ts';
import type { LeafNode } from '../parquet/schema.ts';
import { nodeOf, type Pair } from './alignment.ts';
import { holds } from './comparison.ts';
import { requiredNulls } from './nullability-rules.ts';
import { observe } from './observe.ts';
import type { Observed } from './observed.ts';
import { nullShare } from './quality-rules.ts';
import { uniqueKeys } from './unique-keys.ts';
import { levelsOnce } from './value-answers.ts';
import { valueLength } from './value-length.ts';
import { valueRange } from './value-range.ts';
import { testedChecks } from './value-tests.ts';

type Need = { -readonly [Key in keyof LeafWanted]: LeafWanted[Key] } & { tests: ValueTest[] };

/**
 * What the footer leaves open, of every version by which a file may be judged: only that is asked of pages.
 */
export function pagesWanted(versions: readonly Table[], applied: Table, facts: FooterFacts): PagesWanted {
  const leaves = new Map<number, Need>();
  const keys = new Map<string, readonly number[]>();
  for (const version of versions) {
    const observed = observe(version, applied, facts, undefined);
    for (const pair of observed.alignment.pairs) askOf(pair, observed, leaves);
    for (const { ordinals } of uniqueKeys(observed)) {
      if (ordinals === undefined) continue;
      keys.set(ordinals.join(), ordinals);
      // Alone it may be decided by how few entries its dictionary has.
      for (const ordinal of ordinals.length === 1 ? ordinals : []) needOf(leaves, ordinal);
    }
  }
  return { leaves, keys: [...keys.values()] };
}

function needOf(leaves: Map<number, Need>, ordinal: number): Need {
  const need = leaves.get(ordinal) ?? {
    bounds: false,
    text: false,
    levels: false,
    tests: [],
    isSettled: () => true,
  };
  leaves.set(ordinal, need);
  return need;
}

function askOf(pair: Pair, observed: Observed, leaves: Map<number, Need>): void {
  const { shape, prediction } = pair;
  if (shape === undefined) return;
  const isNullsOpen =
    requiredNulls(pair, observed)?.kind === 'unknown' || nullShare(pair, observed)?.kind === 'unproven';
  if (isNullsOpen) needOf(leaves, levelsOnce(observed).get(nodeOf(shape))?.ordinal ?? 0).levels = true;
  if (shape.kind !== 'scalar') return;
  const { leaf } = shape;
  if (prediction?.basis === 'assumed') {
    const need = needOf(leaves, leaf.ordinal);
    need.bounds = true;
    need.text = true;
    const { type } = pair.field;
    const options = { createdBy: observed.facts.createdBy, ignoresStatistics: true };
    settle(
      need,
      isSettledWith(pair, observed, leaf, (_, { chunks }) =>
        predictWorst(type, leaf, chunks, options).every(({ basis }) => basis !== 'assumed'),
      ),
    );
  }
  for (const check of [valueRange, valueLength])
    if (check(pair, observed)?.kind === 'unproven') {
      const need = needOf(leaves, leaf.ordinal);
      need.bounds ||= check === valueRange;
      need.text ||= check === valueLength;
      settle(
        need,
        isSettledWith(pair, observed, leaf, (again, looked) => check(again, looked)?.kind !== 'unproven'),
      );
    }
  askTests(pair, leaf, leaves);
}

function askTests(pair: Pair, leaf: LeafNode, leaves: Map<number, Need>): void {
  for (const { test, check } of testedChecks(pair.field, leaf)) {
    if (typeof test === 'string') continue;
    const need = needOf(leaves, leaf.ordinal);
    if (need.tests.every(({ name }) => name !== test.name)) need.tests.push(test);
    // A dictionary tells that none fails; how many rows do, only its pages tell.
    settle(
      need,
      ({ failing }) =>
        (failing[test.name] ?? 0) === 0 && (check?.comparison === undefined || holds(check.comparison, 0)),
    );
  }
}

function settle(need: Need, isSettled: LeafWanted['isSettled']): void {
  const before = need.isSettled;
  need.isSettled = (seen) => before(seen) && isSettled(seen);
}

/** Whether a question would be answered, had every chunk of the leaf such values. */
function isSettledWith(
  pair: Pair,
  observed: Observed,
  leaf: LeafNode,
  isAnswered: (pair: Pair, observed: Observed) => boolean,
): LeafWanted['isSettled'] {
  return (seen: SeenValues) => {
    const chunks = observed.chunks(leaf.ordinal)?.map((chunk) => ({ ...chunk, seen }));
    const looked: Observed = {
      ...observed,
      chunks: (ordinal) => (ordinal === leaf.ordinal ? chunks : observed.chunks(ordinal)),
    };
    return isAnswered(pair, looked);
  };
}
