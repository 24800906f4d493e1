import type { WorstPrediction } from '../athena/prediction.ts';
import type { Table } from '../contract/contract.ts';
import type { ChunkFacts, FooterFacts } from '../parquet/facts.ts';
import type { SchemaNode } from '../parquet/schema.ts';
import type { Alignment } from './alignment.ts';

/** All that a rule may look at: one file, compared once with one version of its table. */
export interface Observed {
  /** The version whose contract rules are judged. */
  readonly expected: Table;
  /** The version whose types the catalog holds: what Athena reads by. */
  readonly applied: Table;
  readonly facts: FooterFacts;
  readonly alignment: Alignment;
  /** Predictions for applied columns that the expected version does not declare. */
  readonly unaligned: readonly UnalignedEffect[];
  /** The key below the table's root; absent where the root is not known. */
  readonly relativeKey: string | undefined;
  /** Decoded once per leaf, on demand; `undefined` where the row groups were not read. */
  readonly chunks: (ordinal: number) => readonly ChunkFacts[] | undefined;
}

export interface UnalignedEffect {
  readonly path: string;
  readonly node: SchemaNode;
  readonly prediction: WorstPrediction;
}
