import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { HeadgateError } from '../../src/error.ts';
import { handleEvents, type IncidentGuard, tickIncidents } from '../../src/run/incident/incident.ts';
import type { PublishedEvent } from '../../src/run/incident/incident-input.ts';
import { guardedTables } from '../../src/run/table/guarded-table.ts';
import { queueHandler } from '../queue-handler.ts';
import type { Telemetry } from '../telemetry.ts';

/** On a schedule: what is over is resolved, what was not sent is sent. */
interface TickEvent {
  readonly job: 'tick';
}

/** An event that EventBridge brings without a queue. */
interface BusMessage {
  readonly source: string;
}

/** Queue `incident`: what the system told on its bus. A page that cannot be delivered fails its message, and so alarms. */
export function createIncidentHandler(guard: IncidentGuard, telemetry: Telemetry) {
  const onQueue = queueHandler<PublishedEvent>(
    {
      read: (body) => [readEvent(body)],
      async run(events) {
        try {
          await handleEvents(guard, events);
          return [];
        } catch {
          return oneByOne(guard, events);
        }
      },
    },
    telemetry,
  );
  return async (
    event: SQSEvent | TickEvent | BusMessage,
    context: Context,
  ): Promise<SQSBatchResponse | undefined> => {
    if ('Records' in event) return onQueue(event, context);
    if ('source' in event) {
      await handleEvents(guard, [readEvent(event)]);
      return undefined;
    }
    if (event.job !== 'tick')
      throw new HeadgateError('NOT_STORABLE', 'an event that is not an order to tick');
    const tables = [...guardedTables(await guard.contracts.current()).keys()];
    // Incidents that belong to no table have their own scope.
    await tickIncidents(guard, [...tables, '-']);
    return undefined;
  };
}

/** So that one event that cannot be handled does not keep the pages of the others back. */
async function oneByOne(guard: IncidentGuard, events: readonly PublishedEvent[]) {
  const failures: { readonly index: number; readonly error: unknown }[] = [];
  for (const [index, event] of events.entries())
    await handleEvents(guard, [event]).catch((error: unknown) => {
      failures.push({ index, error });
    });
  return failures;
}

function readEvent(body: unknown): PublishedEvent {
  const { source, 'detail-type': type, detail } = (body ?? {}) as { readonly [name: string]: unknown };
  const { id, at, detail: inner } = (detail ?? {}) as { readonly [name: string]: unknown };
  const isOurs = source === 'headgate' && typeof type === 'string' && typeof id === 'string';
  if (!isOurs || typeof at !== 'string' || typeof inner !== 'object' || inner === null)
    throw new HeadgateError('NOT_STORABLE', 'not an event of the bus');
  return { type, id, at, detail: inner } as PublishedEvent;
}
