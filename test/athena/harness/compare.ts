import { EFFECTS, type Prediction } from '../../../src/judge/athena/prediction.ts';
import type { Meanings, Variant } from './fixtures.ts';
import { type Outcome, outcomeOf, variantsOf } from './judge-record.ts';
import { hiveType } from './matrix-plan.ts';
import { predictFixture } from './predicted.ts';
import type { ObservationRecord } from './record.ts';

export interface Comparison {
  readonly id: string;
  readonly variant: Variant;
  readonly predicted: Prediction;
  readonly observed: Outcome;
  /**
   * `assumed`: the statistics say nothing, the worse was predicted and something milder was seen. `unhit`: filters lose rows
   * by statistics that mean something else, and the predicates asked lose none.
   */
  readonly agreement: 'same' | 'assumed' | 'unhit' | 'different';
}

/** Compares one record of the matrix with what is predicted for each form of its file. */
export async function compareRecord(
  record: ObservationRecord,
  meanings: ReadonlyMap<string, Meanings>,
  engine: number,
): Promise<readonly Comparison[]> {
  const { about } = record;
  if (about.kind !== 'column') return [];
  const meaning = meanings.get(about.fixture)?.[about.column];
  if (meaning === undefined) throw new Error(`${record.id}: the fixture has no such column`);
  const type = hiveType(about.declared);
  return Promise.all(
    variantsOf(record).map(async (variant) => {
      const predicted = await predictFixture(about.fixture, variant, about.column, about.declared, engine);
      const observed = outcomeOf(record, variant, meaning, type);
      return { id: record.id, variant, predicted, observed, agreement: agreementOf(predicted, observed) };
    }),
  );
}

function agreementOf(predicted: Prediction, observed: Outcome): Comparison['agreement'] {
  const rank = (effect: Outcome['effect']) => EFFECTS.indexOf(effect);
  if (predicted.basis === 'assumed') {
    if (rank(observed.effect) < rank(predicted.effect)) return 'assumed';
    if (predicted.effect === 'none' && TAKEN_FOR_TEXT.has(predicted.reference)) return 'assumed';
  }
  // A predicted loss of rows depends on the predicate: those asked here need not hit it.
  if (predicted.projection === 'none' && predicted.filter === 'wrong-results' && observed.effect === 'none')
    return 'unhit';
  if (observed.effect !== predicted.effect) return 'different';
  if (observed.error !== predicted.error?.name) return 'different';
  if (observed.effect !== 'filters-may-fail') return 'same';
  return observed.filterError === predicted.filterError?.name ? 'same' : 'different';
}

/** Bytes without annotation are taken for text on purpose, which a fixture of raw bytes disproves. */
const TAKEN_FOR_TEXT: ReadonlySet<string> = new Set(['K15', 'K34']);
