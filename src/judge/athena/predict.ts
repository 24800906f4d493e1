import type { LeafNode, SchemaNode, TimeUnit } from '../parquet/schema.ts';
import { type HiveType, isScalar, type ScalarType } from '../types/hive-type.ts';
import { constructColumn } from './construct-field.ts';
import { SUPPORTED_ENGINES, versionsText } from './engines.ts';
import {
  type AlsoSeen,
  EFFECTS,
  type Effect,
  type Prediction,
  type StatisticsSource,
  type WorstPrediction,
} from './prediction.ts';
import { cellOf } from './scalar-table.ts';

export interface PredictOptions {
  /** Table property `parquet.ignore.statistics`. */
  readonly ignoresStatistics?: boolean;
  /** The footer's writer: some wrote statistics that the engine distrusts. */
  readonly createdBy?: string | undefined;
  /** The unit that the contract states for a timestamp or time. */
  readonly unit?: TimeUnit | undefined;
}

/**
 * What one engine version does with one column, place by place. `engine` is a Trino version; versions below 413 are not
 * told apart.
 */
export function predict(
  declared: HiveType,
  node: SchemaNode,
  statistics: StatisticsSource,
  engine: number,
  options: PredictOptions = {},
): readonly Prediction[] {
  const found: Prediction[] = [];
  const { ignoresStatistics = false, createdBy, unit } = options;
  constructColumn({ engine, statistics, createdBy, ignoresStatistics, unit, found }, declared, node);
  return found;
}

/** The worst that any supported version does, place by place, with the versions that do it. Derived, never stored. */
export function predictWorst(
  declared: HiveType,
  node: SchemaNode,
  statistics: StatisticsSource,
  options: PredictOptions = {},
): readonly WorstPrediction[] {
  if (
    isScalar(declared) &&
    node.kind === 'leaf' &&
    node.repetition !== 'REPEATED' &&
    isStable(declared, node)
  )
    return predict(declared, node, statistics, SUPPORTED_ENGINES[0], options).map(inAllVersions);
  const byPlace = new Map<string, (Prediction | undefined)[]>();
  for (const [index, engine] of SUPPORTED_ENGINES.entries())
    for (const prediction of predict(declared, node, statistics, engine, options)) {
      const seen = byPlace.get(prediction.at) ?? [];
      seen[index] = worst(seen[index], prediction);
      byPlace.set(prediction.at, seen);
    }
  return [...byPlace.values()].map(overVersions);
}

/** Nearly every column of every file passes here: one literal, so that all predictions are of one shape to the engine. */
function inAllVersions(prediction: Prediction): WorstPrediction {
  const { at, reference, projection, filter, effect, error, filterError, basis, warnings } = prediction;
  const worst = {
    at,
    reference,
    projection,
    filter,
    effect,
    error,
    filterError,
    basis,
    warnings,
    versions: 'all',
  };
  return effect === 'none' || filter === 'none' || filter === effect ? worst : withAlso(worst, [prediction]);
}

/** Whether no version differs: the cell says so, but filters on decimals of another size changed with versions. */
function isStable(declared: ScalarType, leaf: LeafNode): boolean {
  const cell = cellOf(declared, leaf);
  if (
    declared.kind === 'decimal' &&
    (cell.row !== 'K03' || declared.precision > 18 || (leaf.typeLength ?? 0) > 8)
  )
    return false;
  return cell.isStable;
}

function worst(a: Prediction | undefined, b: Prediction): Prediction {
  return a === undefined || rank(b.effect) > rank(a.effect) ? b : a;
}

function rank(effect: Effect): number {
  return EFFECTS.indexOf(effect);
}

/** The newest of the versions that do the worst speaks for them. */
function overVersions(predictions: readonly (Prediction | undefined)[]): WorstPrediction {
  const most = Math.max(...predictions.map((prediction) => (prediction ? rank(prediction.effect) : 0)));
  const isWorst = SUPPORTED_ENGINES.map((_, index) => rank(predictions[index]?.effect ?? 'none') === most);
  const speaker = predictions.findLast(
    (prediction) => prediction !== undefined && rank(prediction.effect) === most,
  );
  return withAlso({ ...(speaker as Prediction), versions: versionsText(isWorst) }, predictions);
}

/** Adds what is seen beside the worst effect: by effect and error, with the versions that show it. */
function withAlso(worst: WorstPrediction, predictions: readonly (Prediction | undefined)[]): WorstPrediction {
  const seen = new Map<
    string,
    { readonly outcome: Omit<AlsoSeen, 'versions'>; readonly isSeen: boolean[] }
  >();
  for (const [index, prediction] of predictions.entries())
    for (const outcome of prediction ? outcomesOf(prediction) : []) {
      if (outcome.effect === worst.effect) continue;
      const key = `${outcome.effect} ${outcome.error?.name}`;
      const { isSeen } = seen.get(key) ?? { isSeen: predictions.map(() => false) };
      isSeen[index] = true;
      seen.set(key, { outcome, isSeen });
    }
  if (seen.size === 0) return worst;
  const also = [...seen.values()]
    .map(({ outcome, isSeen }) => ({
      ...outcome,
      versions: predictions.length === 1 ? 'all' : versionsText(isSeen),
    }))
    .sort((a, b) => rank(b.effect) - rank(a.effect));
  return { ...worst, also };
}

/** What selecting does, and what filtering does where the query comes so far and it is something else. */
function outcomesOf({
  projection,
  filter,
  error,
  filterError,
}: Prediction): readonly Omit<AlsoSeen, 'versions'>[] {
  const selecting = projection === 'none' ? [] : [{ effect: projection, error }];
  const filtering =
    filter === 'none' || projection === 'query-fails' || filter === projection
      ? []
      : [{ effect: filter, error: filterError }];
  return [...selecting, ...filtering];
}
