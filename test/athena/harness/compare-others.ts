import { predictStalePartitionIn } from '../../../src/judge/athena/coercion.ts';
import { codecError, encodingError, predictProblemIn } from '../../../src/judge/athena/files.ts';
import { predictPartitionValue } from '../../../src/judge/athena/partition-values.ts';
import { EFFECTS, type Effect, type PredictedError } from '../../../src/judge/athena/prediction.ts';
import type { FooterProblem } from '../../../src/judge/parquet/facts.ts';
import { saidTo } from './judge-record.ts';
import { hiveType } from './matrix-plan.ts';
import type { ObservationRecord, Said, Subject } from './record.ts';

export interface OtherComparison {
  readonly id: string;
  readonly predicted: Foreseen;
  readonly observed: Seen;
  readonly agreement: 'same' | 'assumed' | 'different';
}

export interface Seen {
  readonly effect: Effect;
  readonly error?: string | undefined;
}

interface Foreseen extends Seen {
  readonly basis?: string;
}

/** Compares a record that is about no column of a fixture: partitions, files, codecs, catalogs. */
export function compareOther(record: ObservationRecord, engine: number): OtherComparison {
  const predicted = foresee(record.about, engine);
  const observed = seen(record);
  return { id: record.id, predicted, observed, agreement: agreementOf(predicted, observed) };
}

function agreementOf(predicted: Foreseen, observed: Seen): OtherComparison['agreement'] {
  const rank = (effect: Effect) => EFFECTS.indexOf(effect);
  if (predicted.basis === 'assumed' && rank(observed.effect) < rank(predicted.effect)) return 'assumed';
  if (observed.effect !== predicted.effect) return 'different';
  return predicted.error === undefined || predicted.error === observed.error ? 'same' : 'different';
}

function foresee(about: Subject, engine: number): Foreseen {
  switch (about.kind) {
    case 'partition-value':
      return named(predictPartitionValue(hiveType(about.type), about.value));
    case 'stale-partition':
      return named(predictStalePartitionIn(hiveType(about.partition), hiveType(about.table), engine));
    case 'codec':
      return failing(codecError(about.codec, engine));
    case 'encoding':
      return failing(encodingError(about.encoding, engine, about.physicalType));
    case 'unreadable':
      return named(predictProblemIn({ rule: about.problem as FooterProblem['rule'] }, engine));
    case 'stated': {
      const said = about.effects.findLast(({ from }) => engine >= from);
      if (said === undefined) throw new Error('nothing is stated for this version');
      return { effect: said.effect as Effect, ...(said.error && { error: said.error }) };
    }
    case 'column':
      throw new Error('columns are compared by compareRecord');
  }
}

function failing(error: PredictedError | undefined): Foreseen {
  return error ? { effect: 'query-fails', error: error.name } : { effect: 'none' };
}

function named(
  prediction:
    | {
        readonly effect: Effect;
        readonly error?: { readonly name: string } | undefined;
        readonly basis: string;
      }
    | undefined,
): Foreseen {
  return prediction
    ? { effect: prediction.effect, error: prediction.error?.name, basis: prediction.basis }
    : { effect: 'none' };
}

/** A refusal of `select` fails the query, other rows than the right ones are wrong, a refusal of others harms filters. */
export function seen(record: ObservationRecord): Seen {
  const selected = saidTo(record, 'select');
  if (selected === undefined) throw new Error(`${record.id}: nobody asked select`);
  if ('error' in selected) return { effect: 'query-fails', error: selected.error };
  if (record.right === undefined || !hasRows(selected, record.right)) return { effect: 'wrong-results' };
  const equal = saidTo(record, 'equal');
  return equal && 'error' in equal ? { effect: 'filters-may-fail', error: equal.error } : { effect: 'none' };
}

/** The order of rows is free, as files are read in any. */
function hasRows(
  said: Extract<Said, { readonly rows: unknown }>,
  right: readonly (readonly unknown[])[],
): boolean {
  const texts = (rows: readonly (readonly unknown[])[]) =>
    rows
      .map((row) => JSON.stringify(row))
      .sort()
      .join('\n');
  return texts(said.rows) === texts(right);
}
