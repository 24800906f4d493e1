import { pathSegment } from '../../text/path.ts';
import { predictColumns } from '../athena/columns.ts';
import type { WorstPrediction } from '../athena/prediction.ts';
import type { Table } from '../contract/contract.ts';
import { chunksOf } from '../parquet/chunks.ts';
import type { ChunkFacts, FooterFacts } from '../parquet/facts.ts';
import { byLowerCaseName } from '../parquet/names.ts';
import { align, attach, type Pair } from './alignment.ts';
import type { Observed, UnalignedEffect } from './observed.ts';

/** Compares a file once with one version of its table, and asks Athena's table about the version that is applied. */
export function observe(
  expected: Table,
  applied: Table,
  facts: FooterFacts,
  relativeKey: string | undefined,
): Observed {
  const chunks = decodeOnce(facts);
  const names = byLowerCaseName(facts.schema.children);
  const alignment = align(expected.columns, names);
  const unaligned: UnalignedEffect[] = [];
  for (const { column, node, predictions } of predictColumns({
    columns: applied.columns,
    root: facts.schema,
    names,
    statistics: chunks,
    byIndex: applied.readsByIndex,
    ignoresStatistics: applied.ignoresStatistics,
    createdBy: facts.createdBy,
  })) {
    const pairs = alignment.byColumn.get(column.toLowerCase());
    if (pairs)
      attach(
        pairs,
        column,
        expected === applied ? predictions : withoutNewFields(predictions, column, pairs),
      );
    // A version that never had the column is read as NULL, and that is right: only what is there can be misread.
    else if (node)
      for (const prediction of predictions)
        unaligned.push({ path: pathSegment(column) + prediction.at, node, prediction });
  }
  return { expected, applied, facts, alignment, unaligned, relativeKey, chunks };
}

/** A version that never had a field is read as NULL there, and that is right. */
function withoutNewFields(
  predictions: readonly WorstPrediction[],
  column: string,
  pairs: readonly Pair[],
): readonly WorstPrediction[] {
  const declared = new Set(pairs.map(({ path }) => path.toLowerCase()));
  const prefix = pathSegment(column);
  return predictions.filter(
    ({ reference, at }) => reference !== 'K51' || declared.has((prefix + at).toLowerCase()),
  );
}

function decodeOnce(facts: FooterFacts): (ordinal: number) => readonly ChunkFacts[] | undefined {
  const decoded: (readonly ChunkFacts[] | undefined)[] = [];
  return (ordinal) => {
    decoded[ordinal] ??= withSeen(facts, ordinal);
    return decoded[ordinal];
  };
}

/** What the footer says of the chunks of a leaf, and what their pages say, where somebody looked. */
function withSeen(facts: FooterFacts, ordinal: number): readonly ChunkFacts[] | undefined {
  const chunks = chunksOf(facts, ordinal);
  const seen = facts.pages?.seen.get(ordinal);
  return seen ? chunks?.map((chunk) => ({ ...chunk, seen: seen[chunk.rowGroup] })) : chunks;
}
