import type { Clock } from '../../../src/run/ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Milliseconds since 1970. */
  readonly ms: () => number;
  readonly advance: (ms: number) => void;
  /** Also backwards: for tests of clocks that do. */
  readonly set: (iso: string) => void;
}

/** A clock that moves only when the test says so. */
export function virtualClock(start = '2026-11-03T10:00:00.250Z'): VirtualClock {
  let current = Date.parse(start);
  return {
    now: () => new Date(current).toISOString(),
    ms: () => current,
    advance(ms) {
      current += ms;
    },
    set(iso) {
      current = Date.parse(iso);
    },
  };
}
