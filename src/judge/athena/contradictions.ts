import type { Contradiction } from '../parquet/contradiction.ts';
import { readerError } from './error-text.ts';
import {
  type Effect,
  inEveryVersion,
  type PredictedError,
  type Prediction,
  type WorstPrediction,
} from './prediction.ts';

interface Consequence {
  readonly effect: Effect;
  /** No version before it does that. */
  readonly since?: number;
  readonly basis?: Prediction['basis'];
  readonly error?: (engine: number) => PredictedError;
}

const cannotOpen = (text: string) => (): PredictedError => ({
  name: 'HIVE_CANNOT_OPEN_SPLIT',
  text: `Error opening Hive split: ${text}`,
});
const badData = (text: string) => (): PredictedError => ({
  name: 'HIVE_BAD_DATA',
  text: `Malformed Parquet file. ${text}`,
});
const NO_PAGE = 'can not read PageHeader';

/** What a query on a file gets whose footer is at odds with it; the engine looks at no other place than the footer says. */
const CONSEQUENCES = {
  'pages-nowhere': {
    effect: 'query-fails',
    error: cannotOpen('offset is negative, or length is less than 1'),
  },
  'pages-cut-off': { effect: 'query-fails', error: (engine) => readerError(engine, NO_PAGE) },
  'pages-shared': { effect: 'wrong-results' },
  // Where the file before is of the same form its values are read, silently.
  'pages-shifted': {
    effect: 'query-fails',
    basis: 'assumed',
    error: (engine) => readerError(engine, NO_PAGE),
  },
  // Other readers go by it.
  'dictionary-misplaced': { effect: 'none' },
  'index-outside': { effect: 'filters-may-fail', error: cannotOpen('Range out of bounds') },
  'rows-fewer': { effect: 'wrong-results' },
  'rows-more': {
    effect: 'query-fails',
    error: (engine) => readerError(engine, 'extra values to be consumed'),
  },
  // Bounds of every column are read when a file is opened, whoever asks for what.
  'bounds-short': { effect: 'query-fails', error: cannotOpen('Index out of bounds for length') },
  // Only other readers look at these numbers.
  'values-odd': { effect: 'none' },
  'rows-of-file': { effect: 'none' },
  // Versions that do not go by it read the row group all the same (unobserved from 441 to 475).
  'group-outside': { effect: 'wrong-results', since: 476 },
  // Right only where the path is right and the order is not.
  'path-elsewhere': { effect: 'wrong-results', basis: 'assumed' },
  'path-twice': {
    effect: 'query-fails',
    error: (engine) => (engine < 476 ? cannotOpen : badData)('Metadata is missing for column')(),
  },
  'path-unknown': { effect: 'query-fails', error: cannotOpen('a path is not found in message schema') },
  // The path of the file is ignored: right only where its data is here all the same.
  'file-other': { effect: 'wrong-results', basis: 'assumed' },
  'file-mixed': {
    effect: 'query-fails',
    error: badData('all column chunks of the same row group must be in the same file'),
  },
} as const satisfies Record<Contradiction, Consequence>;

/** What one engine version does with a file whose footer contradicts it, or itself (K86). */
export function predictContradictionIn(contradiction: Contradiction, engine: number): WorstPrediction {
  const { effect, since = 0, basis = 'types', error }: Consequence = CONSEQUENCES[contradiction];
  if (engine < since) return inEveryVersion('K86', 'none');
  const named = error?.(engine);
  if (effect === 'filters-may-fail')
    return inEveryVersion('K86', 'none', { effect, filter: effect, filterError: named });
  return inEveryVersion('K86', effect, { basis, ...(named && { error: named }) });
}
