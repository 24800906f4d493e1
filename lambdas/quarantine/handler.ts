import { type QuarantineGuard, quarantine } from '../../src/run/hold/quarantine.ts';
import { readMessage } from '../messages.ts';
import { queueHandler } from '../queue-handler.ts';
import type { Telemetry } from '../telemetry.ts';

/** Queue `quarantine`: objects that break their contract. */
export function createQuarantineHandler(guard: Omit<QuarantineGuard, 'observer'>, telemetry: Telemetry) {
  const full: QuarantineGuard = { ...guard, observer: telemetry.observer };
  return queueHandler(
    { read: (body) => [readMessage(body, 'hold')], run: (messages) => quarantine(full, messages) },
    telemetry,
  );
}
