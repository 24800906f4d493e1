import type { TimeUnit } from '../parquet/schema.ts';
import type { ScalarType } from '../types/hive-type.ts';
import { unsupported, valueOutOfRange } from './error-text.ts';
import type { PredictedError, Prediction, Warning } from './prediction.ts';
import type { RowId } from './rows.ts';
import {
  type Bounds,
  type Decision,
  decide,
  hasValues,
  isText,
  type Question,
  seenText,
  weaker,
} from './values.ts';

/** One leaf under one declared type, for one engine version. */
export interface ScalarQuestion extends Question {
  readonly declared: ScalarType;
  readonly engine: number;
  /** The declared column itself is this scalar: only then do the coercions of 448 and 450 exist. */
  readonly isTopLevel: boolean;
  /** The unit that the contract states for a timestamp; absent where it states none. */
  readonly unit: TimeUnit | undefined;
}

/** What selecting the column does. */
export interface Projected extends Decision {
  readonly error?: PredictedError;
  readonly warnings?: readonly Warning[];
}

/** One cell of the scalar matrix: the row that it belongs to, and what selecting does. */
export interface Cell {
  readonly row: RowId;
  readonly project: (question: ScalarQuestion) => Projected;
  /** The same in every supported version; false where the values decide, for their error has two names. */
  readonly isStable: boolean;
}

export const RIGHT: Projected = { effect: 'none', basis: 'types' };
export const WRONG: Projected = { effect: 'wrong-results', basis: 'types' };

/** Reads right, always. */
export function right(row: RowId, ...warnings: readonly Warning[]): Cell {
  const projected: Projected = warnings.length > 0 ? { ...RIGHT, warnings } : RIGHT;
  return { row, project: () => projected, isStable: true };
}

/** Reads wrong, silently, whatever the values. */
export function wrong(row: RowId): Cell {
  return { row, project: () => WRONG, isStable: true };
}

/** Reads wrong unless the values happen to be text: bounds can disprove that, or make it likely. */
export function wrongUnlessText(row: RowId): Cell {
  return {
    row,
    project: (question) => {
      const looked = allText(question);
      if (looked) return looked;
      const { effect, basis } = decide(question, 'wrong-results', ({ min, max }) =>
        isText(min) && isText(max) ? 'none' : 'wrong-results',
      );
      if (basis === 'unread') return { effect, basis };
      if (effect === 'none') return { effect: 'wrong-results', basis: 'assumed', warnings: ['likely-text'] };
      return { effect, basis };
    },
    isStable: true,
  };
}

/** Whether bytes are text, by the values themselves; nothing where some chunk does not tell. */
export function allText(question: Question): Projected | undefined {
  let basis: Prediction['basis'] = 'statistics';
  for (const chunk of question.chunks() ?? []) {
    if (!hasValues(chunk)) continue;
    const seen = seenText(chunk);
    if (seen === undefined) return undefined;
    if (!seen.isText) return { effect: 'wrong-results', basis: seen.basis };
    basis = weaker(basis, seen.basis);
  }
  return basis === 'statistics' ? undefined : { effect: 'none', basis };
}

/** E1 and E1': no reader for the pair. */
export function fails(row: RowId = 'K70'): Cell {
  return {
    row,
    project: ({ declared, leaf }) => ({
      effect: 'query-fails',
      basis: 'types',
      error: unsupported(declared, leaf),
    }),
    isStable: true,
  };
}

/** A coercion that a version brought, for top-level columns alone. */
export function since(version: number, now: Cell): Cell {
  const before = fails(now.row);
  return {
    row: now.row,
    project: (question) =>
      (question.isTopLevel && question.engine >= version ? now : before).project(question),
    isStable: false,
  };
}

/** One behaviour before a version and another from it on, at any depth. */
export function changed(version: number, before: Cell, now: Cell): Cell {
  return {
    row: now.row,
    project: (question) => (question.engine >= version ? now : before).project(question),
    isStable: false,
  };
}

export type Judge = (bounds: Bounds, question: ScalarQuestion) => Prediction['projection'];

/** A cell that the values decide; without statistics the worse effect is assumed. */
export function byValues(
  row: RowId,
  assumed: Prediction['projection'],
  judge: Judge,
  error: (question: ScalarQuestion) => PredictedError = ({ engine }) => valueOutOfRange(engine),
): Cell {
  return {
    row,
    project: (question) => {
      const decision = decide(question, assumed, (bounds) => judge(bounds, question));
      return decision.effect === 'query-fails' ? { ...decision, error: error(question) } : decision;
    },
    isStable: false,
  };
}
