import { newPublishMemory, type PublishGuard, publish } from '../../src/run/folder/publish.ts';
import { readMessage } from '../messages.ts';
import { queueHandler } from '../queue-handler.ts';
import type { Telemetry } from '../telemetry.ts';

/** Queue `publish`: admitted objects, and folders whose batch may be complete. */
export function createPublishHandler(guard: Omit<PublishGuard, 'observer'>, telemetry: Telemetry) {
  const memory = newPublishMemory();
  const full: PublishGuard = { ...guard, observer: telemetry.observer };
  return queueHandler(
    {
      read: (body) => [readMessage(body, 'publish', 'batch')],
      run: (messages) => publish(full, messages, memory),
    },
    telemetry,
  );
}
