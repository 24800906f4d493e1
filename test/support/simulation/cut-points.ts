import type { PortCall } from '../aws/faults.ts';
import type { Cut } from './run-flow.ts';

/** A mutant is looked for at each so-manyth point only. */
const EVERY = Number(process.env.CRASH_POINTS_EVERY ?? 1);
/** Around every call, those that only read too. */
const ALL = process.env.LONG !== undefined;

/**
 * Where a run is cut: once in each world that a death can leave. A process that dies leaves nothing but the world, so a cut
 * before a call leaves what a cut after the one before it left, and a cut around a call that only reads leaves nothing new.
 */
export function cutPoints(trace: readonly PortCall[], every = 1): readonly Cut[] {
  const points = ALL
    ? trace.flatMap(({ number }): Cut[] => [
        { call: number, when: 'before' },
        { call: number, when: 'after' },
      ])
    : [
        { call: 1, when: 'before' } as const,
        ...trace.filter(changes).map(({ number }) => ({ call: number, when: 'after' }) as const),
      ];
  return points.filter((_, index) => index % (ALL ? 1 : every * EVERY) === 0);
}

const READS =
  /^(?:catalog|contracts|ledger|objects)\.(?:current|get|head|list|read|slice)|^(?:BatchGet|Get|Head|List|Query)[A-Za-z\d]*Command$/u;

/** A write that came too late, and a queue with nothing to receive. */
const NOTHING: ReadonlySet<unknown> = new Set(['changed', 'conflict', 'exists', 'missing']);

function changes({ name, result }: PortCall): boolean {
  const isEmpty = Array.isArray(result) && result.length === 0;
  return !READS.test(name) && !isEmpty && !NOTHING.has(result);
}
