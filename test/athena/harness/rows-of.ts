import type { Comparison } from './compare.ts';
import type { ObservationRecord } from './record.ts';

/** The rows of the readability table that records bear on: those they name, and those that predict them. */
export function rowsOf(
  records: readonly ObservationRecord[],
  compared: readonly Comparison[],
): ReadonlySet<string> {
  return new Set([
    ...records.flatMap(({ rows, about }) => [
      ...rows,
      ...(about.kind === 'stale-partition' ? ['K63', 'K95'] : []),
    ]),
    ...compared.map(({ predicted }) => predicted.reference),
  ]);
}
