import type { Context } from 'aws-lambda';
import { HeadgateError } from '../../src/error.ts';
import { type CanaryGuard, type Heartbeat, heartbeat } from '../../src/run/canary/canary.ts';
import type { Telemetry } from '../telemetry.ts';

/** On a schedule, once an hour. */
interface HeartbeatEvent {
  readonly job: 'heartbeat';
}

const MAX_WAIT_MS = 240_000;
/** Left to remove the two files. */
const RESERVE_MS = 20_000;

/**
 * Says each time whether files are judged: `CanaryFailed` is 0 or 1, and no number at all means that not even this ran.
 * What it could not look at is a failure too, and fails the invocation, so that Lambda tries again.
 */
export function createCanaryHandler(
  guard: CanaryGuard,
  telemetry: Telemetry,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
) {
  return async (
    event: HeartbeatEvent,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<Heartbeat> => {
    if (event.job !== 'heartbeat')
      throw new HeadgateError('NOT_STORABLE', 'an event that is not an order for a heartbeat');
    const waitMs = Math.min(MAX_WAIT_MS, context.getRemainingTimeInMillis() - RESERVE_MS);
    try {
      const beat = await heartbeat(guard, { waitMs, sleep });
      telemetry.measure('CanaryFailed', beat.findings.length > 0 ? 1 : 0);
      for (const { check, expected, actual } of beat.findings)
        telemetry.note('the canary failed', { check, expected, actual });
      return beat;
    } catch (error) {
      telemetry.measure('CanaryFailed', 1);
      telemetry.failed(error, {});
      throw error;
    } finally {
      telemetry.flush();
    }
  };
}
