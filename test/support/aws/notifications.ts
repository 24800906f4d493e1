import type { LookMessage } from '../../../src/run/message/messages.ts';
import type { Change } from './buckets.ts';
import type { Sqs } from './sqs.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** When each copy of a notification arrives, in milliseconds from now: `[]` never, `[0]` once, `[0, 0]` twice, `[60_000]` late. */
export type DeliveryPolicy = (message: LookMessage) => readonly number[];

export const ONCE: DeliveryPolicy = () => [0];

/** What EventBridge makes of a change: the time is the event's own, in whole seconds, not the object's. */
export function notify(change: Change, policy: DeliveryPolicy, sqs: Sqs, clock: VirtualClock): void {
  const { bucket } = change;
  const key = change.kind === 'created' ? change.object.key : change.key;
  if (!bucket.notifies.some((prefix) => key.startsWith(prefix))) return;
  const message: LookMessage = {
    kind: 'look',
    bucket: bucket.name,
    key,
    ...(change.kind === 'created' && {
      object: {
        etag: change.object.etag,
        ...(change.object.versionId !== undefined && { versionId: change.object.versionId }),
        sizeBytes: change.object.sizeBytes,
        modifiedAt: new Date(Math.ceil(clock.ms() / 1000) * 1000).toISOString(),
      },
    }),
  };
  for (const delayMs of policy(message)) sqs.deliver('validate', JSON.stringify(message), delayMs);
}
