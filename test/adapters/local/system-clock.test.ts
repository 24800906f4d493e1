import { expect, test } from 'vitest';
import { createSystemClock } from '../../../src/run/adapters/local/system-clock.ts';

test('LAK-7 time goes on from the last one seen when the system’s clock goes back, until that has caught up', () => {
  let wallMs = Date.parse('2026-11-03T10:00:00.000Z');
  let monotonicMs = 5_000;
  const clock = createSystemClock(
    () => wallMs,
    () => monotonicMs,
  );
  const step = (wall: number, monotonic: number) => {
    wallMs += wall;
    monotonicMs += monotonic;
    return clock.now();
  };
  expect(clock.now()).toBe('2026-11-03T10:00:00.000Z');
  expect(step(1_000, 1_000)).toBe('2026-11-03T10:00:01.000Z');
  expect(step(-3_600_000, 0)).toBe('2026-11-03T10:00:01.000Z');
  expect(step(2_000, 2_000)).toBe('2026-11-03T10:00:03.000Z');
  // The system's clock is set forward again.
  expect(step(3_600_000 + 60_000, 1_000)).toBe('2026-11-03T10:01:03.000Z');
});
