import { cannotBeCast } from './error-text.ts';
import type { PredictedError, Prediction } from './prediction.ts';
import type { RowId } from './rows.ts';

/** A place in the declared type. */
export interface Place {
  /** Contract notation below the column. */
  readonly at: string;
  /** No array or map above: a predicate reaches here. */
  readonly isFiltered: boolean;
}

export function readsRight({ at }: Place, reference: RowId): Prediction {
  return { at, reference, projection: 'none', filter: 'none', effect: 'none', basis: 'types', warnings: [] };
}

export function readsWrong({ at }: Place, reference: RowId): Prediction {
  return {
    at,
    reference,
    projection: 'wrong-results',
    filter: 'none',
    effect: 'wrong-results',
    basis: 'types',
    warnings: [],
  };
}

/** NULL in every row where values were written. */
export function readsNull(place: Place, reference: RowId): Prediction {
  return readsWrong(place, reference);
}

/** Which of several names is read is not defined. */
export function ambiguous(at: string): Prediction {
  return readsWrong({ at, isFiltered: false }, 'K61');
}

export function cannotOpen(place: Place, reference: RowId, from: 'primitive' | 'group'): Prediction {
  return fails(place, reference, cannotBeCast(from));
}

export function fails({ at }: Place, reference: RowId, error: PredictedError): Prediction {
  return {
    at,
    reference,
    projection: 'query-fails',
    filter: 'none',
    effect: 'query-fails',
    error,
    basis: 'types',
    warnings: [],
  };
}
