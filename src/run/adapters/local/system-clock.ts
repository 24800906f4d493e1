import type { Clock } from '../../ports/clock.ts';

/** The system's clock, but it never goes back: where the system's does, time goes on from the last one seen. */
export function createSystemClock(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): Clock {
  let last = { wallMs: wallMs(), monotonicMs: monotonicMs() };
  return {
    now() {
      const monotonic = monotonicMs();
      const goneOn = last.wallMs + monotonic - last.monotonicMs;
      const system = wallMs();
      // A system clock that is only a little behind is slowed down, not set back.
      last = { wallMs: system < last.wallMs ? goneOn : system, monotonicMs: monotonic };
      return new Date(last.wallMs).toISOString();
    },
  };
}
