import { HeadgateError } from '../../src/error.ts';
import { readNotification } from '../../src/run/adapters/aws/object-hint.ts';
import type { Asked } from '../../src/run/folder/register-folder.ts';
import { type GateGuard, gate } from '../../src/run/gate/gate.ts';

import type { LookMessage } from '../../src/run/message/messages.ts';
import type { Isolate } from '../isolation.ts';
import { readMessage } from '../messages.ts';
import { queueHandler } from '../queue-handler.ts';
import type { Telemetry } from '../telemetry.ts';

/** Queue `validate`: what S3 and EventBridge say about objects, and our own wishes to look at one. */
export function createGateHandler(
  guard: Omit<GateGuard, 'observer'>,
  telemetry: Telemetry,
  isolate?: Isolate,
) {
  const asked: Asked = new Map();
  const full: GateGuard = { ...guard, observer: telemetry.observer };
  return queueHandler<LookMessage>(
    { read: readLooks, run: (looks, batchId) => gate(full, looks, { batchId, asked }) },
    telemetry,
    isolate,
  );
}

function readLooks(body: unknown): readonly LookMessage[] {
  if (typeof body === 'object' && body !== null && 'kind' in body) return [readMessage(body, 'look')];
  const notification = readNotification(body);
  switch (notification.kind) {
    case 'objects':
      return notification.hints.map((hint) => ({ kind: 'look', ...hint }));
    case 'test':
    case 'other-event':
      return [];
    case 'unknown':
      throw new HeadgateError('NOT_STORABLE', `not a notification: ${notification.why}`);
  }
}
