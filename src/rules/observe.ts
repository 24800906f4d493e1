import { predictColumns } from '../athena/columns.ts';
import type { Table } from '../contract/contract.ts';
import { chunksOf } from '../parquet/chunks.ts';
import type { ChunkFacts, FooterFacts } from '../parquet/facts.ts';
import { childrenByName } from '../parquet/names.ts';
import { pathSegment } from '../text/path.ts';
import { align, attach } from './alignment.ts';
import type { Observed, PartitionSegment, UnalignedEffect } from './observed.ts';

/** Compares a file once with one version of its table, and asks Athena's table about the version that is applied. */
export function observe(
  expected: Table,
  applied: Table,
  facts: FooterFacts,
  partitions: readonly PartitionSegment[] | undefined,
): Observed {
  const chunks = decodeOnce(facts);
  const names = childrenByName(facts.schema);
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
    if (pairs) attach(pairs, column, predictions);
    // A version that never had the column is read as NULL, and that is right: only what is there can be misread.
    else if (node)
      for (const prediction of predictions)
        unaligned.push({ path: pathSegment(column) + prediction.at, node, prediction });
  }
  return { expected, applied, facts, alignment, unaligned, partitions, chunks };
}

function decodeOnce(facts: FooterFacts): (ordinal: number) => readonly ChunkFacts[] | undefined {
  const decoded: (readonly ChunkFacts[] | undefined)[] = [];
  return (ordinal) => {
    decoded[ordinal] ??= chunksOf(facts, ordinal);
    return decoded[ordinal];
  };
}
