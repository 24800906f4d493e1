import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { HeadgateError } from '../../../error.ts';
import { utf8Bytes } from '../../../text/utf8-order.ts';
import type { BusEvent, EventBus } from '../../ports/event-bus.ts';
import { translate } from './aws-error.ts';
import { batchesOf } from './batches.ts';

export interface EventBridgeSettings {
  readonly client: Pick<EventBridgeClient, 'send'>;
  readonly bus: string;
}

/** `source` of every event on the bus. */
export const EVENT_SOURCE = 'headgate';
/** Grows when the shape of a detail changes. */
export const EVENT_SCHEMA_VERSION = 1;

const MAX_ENTRY_BYTES = 256 * 1024;
const LIMITS = { items: 10, bytes: MAX_ENTRY_BYTES } as const;

/** An event as EventBridge carries it in `detail`. */
export interface BusDetail {
  readonly schemaVersion: typeof EVENT_SCHEMA_VERSION;
  readonly id: string;
  readonly at: string;
  readonly detail: BusEvent['detail'];
}

/** A custom bus of EventBridge. */
export function createEventBridgeBus({ client, bus }: EventBridgeSettings): EventBus {
  return {
    async publish(events) {
      const entries = events.map((event) => ({
        EventBusName: bus,
        Source: EVENT_SOURCE,
        DetailType: event.type,
        Time: new Date(event.at),
        Detail: JSON.stringify(detailOf(event)),
      }));
      for (const { Detail, DetailType } of entries)
        if (sizeOf({ Detail, DetailType }) > MAX_ENTRY_BYTES)
          throw new HeadgateError(
            'NOT_STORABLE',
            `an event of ${utf8Bytes(Detail)} bytes, expected less than ${MAX_ENTRY_BYTES}`,
          );
      for (const batch of batchesOf(entries, sizeOf, LIMITS)) {
        try {
          const { FailedEntryCount = 0, Entries = [] } = await client.send(
            new PutEventsCommand({ Entries: [...batch] }),
          );
          if (FailedEntryCount > 0)
            throw new HeadgateError(
              'WRITE_FAILED',
              `${FailedEntryCount} of ${batch.length} events were not taken: ${Entries.find(({ ErrorCode }) => ErrorCode)?.ErrorCode ?? ''}`,
            );
        } catch (error) {
          throw translate(error, { action: 'events:PutEvents', resource: `bus ${bus}`, isWrite: true });
        }
      }
    },
  };
}

function detailOf({ id, at, detail }: BusEvent): BusDetail {
  return { schemaVersion: EVENT_SCHEMA_VERSION, id, at, detail };
}

/** As AWS counts: 14 bytes of time, then source, type and detail. */
function sizeOf({ Detail, DetailType }: { readonly Detail: string; readonly DetailType: string }): number {
  return 14 + EVENT_SOURCE.length + utf8Bytes(DetailType) + utf8Bytes(Detail);
}
