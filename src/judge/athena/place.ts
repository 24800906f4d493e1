import { cannotBeCast } from './error-text.ts';
import { byTypes, type PredictedError, type Prediction } from './prediction.ts';
import type { RowId } from './rows.ts';

/** A place in the declared type. */
export interface Place {
  /** Contract notation below the column. */
  readonly at: string;
  /** No array or map above: a predicate reaches here. */
  readonly isFiltered: boolean;
}

export function readsRight({ at }: Place, reference: RowId): Prediction {
  return byTypes(at, reference, 'none');
}

export function readsWrong({ at }: Place, reference: RowId): Prediction {
  return byTypes(at, reference, 'wrong-results');
}

/** NULL in every row where values were written. */
export function readsNull(place: Place, reference: RowId): Prediction {
  return readsWrong(place, reference);
}

/** Which of several names is read is not defined. */
export function ambiguous(at: string): Prediction {
  return byTypes(at, 'K61', 'wrong-results');
}

export function cannotOpen(place: Place, reference: RowId, from: 'primitive' | 'group'): Prediction {
  return fails(place, reference, cannotBeCast(from));
}

export function fails({ at }: Place, reference: RowId, error: PredictedError): Prediction {
  return byTypes(at, reference, 'query-fails', { error });
}
