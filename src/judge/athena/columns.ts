import type { GroupNode, SchemaNode, TimeUnit } from '../parquet/schema.ts';
import type { HiveType } from '../types/hive-type.ts';
import { choose } from './construct-field.ts';
import { SAME_NAMES } from './error-text.ts';
import { ambiguous } from './place.ts';
import type { PredictOptions } from './predict.ts';
import { predictWorst } from './predict.ts';
import { inEveryVersion, type StatisticsSource, type WorstPrediction } from './prediction.ts';

export interface DeclaredColumn {
  readonly name: string;
  readonly type: HiveType;
  /** May not be null: so earlier files had it, and its absence is a loss. */
  readonly required: boolean;
  readonly parquetType: string | undefined;
}

export interface ColumnsQuestion {
  /** In the order of the table. */
  readonly columns: readonly DeclaredColumn[];
  readonly root: GroupNode;
  /** The root's children by `byLowerCaseName`. */
  readonly names: ReadonlyMap<string, readonly SchemaNode[]>;
  readonly statistics: StatisticsSource;
  /** SerDe property `parquet.column.index.access`. */
  readonly byIndex: boolean;
  readonly ignoresStatistics: boolean;
  readonly createdBy: string | undefined;
}

export interface ColumnPrediction {
  readonly column: string;
  /** The file column that Athena reads it from. */
  readonly node: SchemaNode | undefined;
  readonly predictions: readonly WorstPrediction[];
}

/** Finds each declared column in the file as Athena does, and predicts what happens (reference 5.1). */
export function predictColumns(question: ColumnsQuestion): readonly ColumnPrediction[] {
  if (question.byIndex) return question.columns.map((column, index) => byIndex(question, column, index));
  return question.columns.map((column) =>
    byName(question, column, question.names.get(column.name.toLowerCase()) ?? []),
  );
}

function byName(
  question: ColumnsQuestion,
  column: DeclaredColumn,
  candidates: readonly SchemaNode[],
): ColumnPrediction {
  const { child: node, isAmbiguous } = choose(candidates, column.name);
  if (node === undefined)
    return { column: column.name, node, predictions: [predictMissing(column.required)] };
  const predictions = predictWorst(column.type, node, question.statistics, optionsOf(question, column));
  return {
    column: column.name,
    node,
    predictions: isAmbiguous ? [...predictions, sameName(candidates)] : predictions,
  };
}

/** A file cannot be opened for such a column; from 455 on it can if both are of one type, and the first is read. */
function sameName(candidates: readonly SchemaNode[]): WorstPrediction {
  const stored = new Set(candidates.map((node) => (node.kind === 'leaf' ? node.physicalType : node.kind)));
  return {
    ...ambiguous(''),
    projection: 'query-fails',
    effect: 'query-fails',
    error: SAME_NAMES,
    versions: stored.size === 1 ? '413 to 454' : 'all',
  };
}

/** By position: a neighbour's values, silently where the types allow it. Columns beyond the file's end are NULL. */
function byIndex(question: ColumnsQuestion, column: DeclaredColumn, index: number): ColumnPrediction {
  const node = question.root.children[index];
  if (node === undefined)
    return { column: column.name, node, predictions: [predictMissing(column.required)] };
  const predictions = predictWorst(column.type, node, question.statistics, optionsOf(question, column));
  const isNeighbour = node.name.toLowerCase() !== column.name.toLowerCase();
  return {
    column: column.name,
    node,
    predictions: isNeighbour ? [...predictions, inEveryVersion('K62', 'wrong-results')] : predictions,
  };
}

function optionsOf(question: ColumnsQuestion, column: DeclaredColumn): PredictOptions {
  return {
    ignoresStatistics: question.ignoresStatistics,
    createdBy: question.createdBy,
    unit: unitOf(column.parquetType),
  };
}

/** The unit in a stated Parquet type such as `TIMESTAMP(MICROS,true)`. */
export function unitOf(parquetType: string | undefined): TimeUnit | undefined {
  return /\b(MILLIS|MICROS|NANOS)\b/u.exec(parquetType ?? '')?.[1] as TimeUnit | undefined;
}

/** A column that is not in the file is NULL: a loss where earlier files had it (K50), nothing where none did (K21). */
export function predictMissing(wasPresent: boolean): WorstPrediction {
  return wasPresent ? inEveryVersion('K50', 'wrong-results') : inEveryVersion('K21', 'none');
}
