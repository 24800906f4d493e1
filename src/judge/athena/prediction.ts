import type { ChunkFacts, ProofBy } from '../parquet/facts.ts';
import type { RowId } from './rows.ts';

/** What an Athena query does with a column, mildest first. */
export const EFFECTS = ['none', 'filters-may-fail', 'wrong-results', 'query-fails'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Trino's error names that Athena shows (reference section 8.1). */
export type ErrorName =
  | 'NOT_SUPPORTED'
  | 'HIVE_BAD_DATA'
  | 'HIVE_CANNOT_OPEN_SPLIT'
  | 'HIVE_CURSOR_ERROR'
  | 'INVALID_CAST_ARGUMENT'
  | 'INVALID_ARGUMENTS'
  | 'NUMERIC_VALUE_OUT_OF_RANGE'
  | 'HIVE_PARTITION_SCHEMA_MISMATCH'
  | 'HIVE_INVALID_METADATA'
  | 'HIVE_METASTORE_ERROR'
  | 'HIVE_INVALID_PARTITION_VALUE'
  | 'GENERIC_INTERNAL_ERROR'
  | 'SERIALIZATION_ERROR';

export interface PredictedError {
  readonly name: ErrorName;
  /** The stable part of the message; names from the file are bounded and escaped where it is shown. */
  readonly text: string;
}

export type Warning =
  | 'likely-text'
  | 'rounded-to-ms'
  | 'raw-bytes'
  | 'float-filter-report'
  | 'stale-partition';

/** What one engine version does with one place of one column. */
export interface Prediction {
  /** Contract notation below the column, e.g. `` (the column itself), `.city`, `[].price`, `{}`, `{key}`. */
  readonly at: string;
  /** The row of the readability table that says so, `K01` to `K99`. */
  readonly reference: RowId;
  readonly projection: Exclude<Effect, 'filters-may-fail'>;
  readonly filter: Exclude<Effect, 'query-fails'>;
  /** max(projection, filter). */
  readonly effect: Effect;
  readonly error?: PredictedError | undefined;
  readonly filterError?: PredictedError | undefined;
  /** `types`: nothing else matters; `statistics`, `dictionary`, `data`: decided by them; `assumed`: missing, the worse case taken;
   *  `unread`: the row groups were not read (schema mode), so value-dependent cells do not count. */
  readonly basis: 'types' | 'unread' | 'assumed' | ProofBy;
  readonly warnings: readonly Warning[];
}

/** The worst over the supported engine versions. */
export interface WorstPrediction extends Prediction {
  /** Which versions show this effect, for people: `all`, `413 to 451`, `from 450`. */
  readonly versions: string;
  /** What else is seen, the worst first: milder effects of other versions, and filters that fail where values are wrong. */
  readonly also?: readonly AlsoSeen[];
}

export interface AlsoSeen {
  readonly effect: Exclude<Effect, 'none'>;
  readonly versions: string;
  readonly error?: PredictedError | undefined;
}

/** Whether nothing in the file proves or disproves the effect: the worse was taken. */
export function isAssumed({ basis, projection, filter }: Prediction): boolean {
  return basis === 'assumed' && EFFECTS.indexOf(projection) > EFFECTS.indexOf(filter);
}

/** Whether an assumed effect is most likely none: text of any length, and fixed bytes that are text by their statistics. */
export function isLikelyHarmless({ reference, warnings }: Prediction): boolean {
  return reference === 'K34' || warnings.includes('likely-text');
}

/** A prediction that the types alone decide, before anything that `more` says otherwise. */
export function byTypes(
  at: string,
  reference: RowId,
  effect: Prediction['projection'],
  more: Partial<Prediction> = {},
): Prediction {
  return {
    at,
    reference,
    projection: effect,
    filter: 'none',
    effect,
    basis: 'types',
    warnings: [],
    ...more,
  };
}

/** The same in every version, for a column, a partition or a file as a whole. */
export function inEveryVersion(
  reference: RowId,
  effect: Prediction['projection'],
  more: Partial<WorstPrediction> = {},
): WorstPrediction {
  return { ...byTypes('', reference, effect), versions: 'all', ...more };
}

/** The chunks of a leaf by ordinal, or `undefined` where the row groups were not read. */
export type StatisticsSource = (ordinal: number) => readonly ChunkFacts[] | undefined;
