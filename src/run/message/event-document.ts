import { EVENT_SCHEMAS, type ObjectSchema, TIME } from './event-schemas.ts';
import type { PipelineEvent } from './events.ts';

/** What EventBridge carries in `detail`: the envelope of every event, around its own detail. */
export function envelopeOf(detail: ObjectSchema) {
  return {
    type: 'object',
    properties: {
      schemaVersion: { type: 'integer', const: 1 },
      id: { type: 'string', description: 'the same for the same happening, however often it is published' },
      at: TIME,
      detail,
    },
    required: ['schemaVersion', 'id', 'at', 'detail'],
  } as const;
}

/** The events as an AsyncAPI document. */
export function eventDocument(version: string) {
  const types = Object.keys(EVENT_SCHEMAS) as PipelineEvent['type'][];
  const entries = <T>(make: (type: PipelineEvent['type']) => T) =>
    Object.fromEntries(types.map((type) => [type, make(type)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Headgate events',
      version,
      description:
        'What Headgate tells on its EventBridge bus: `source` is `headgate`, `detail-type` the message’s name. Delivery is at least once, in no order; `id` tells repetitions.',
    },
    defaultContentType: 'application/json',
    channels: {
      bus: { address: 'headgate', messages: entries((type) => ({ $ref: `#/components/messages/${type}` })) },
    },
    operations: {
      tell: {
        action: 'send',
        channel: { $ref: '#/channels/bus' },
        messages: types.map((type) => ({ $ref: `#/channels/bus/messages/${type}` })),
      },
    },
    components: {
      messages: entries((type) => ({
        name: type,
        title: type,
        summary: EVENT_SCHEMAS[type].description,
        payload: envelopeOf(EVENT_SCHEMAS[type]),
      })),
    },
  };
}
