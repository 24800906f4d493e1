import type { Guard } from '../guard/guard.ts';
import { handleEvents } from '../incident/incident.ts';
import type { PipelineEvent } from '../message/events.ts';
import type { BusEvent, EventBus } from '../ports/event-bus.ts';

type DeskGuard = Pick<Guard, 'ledger' | 'notifier' | 'clock' | 'contracts'>;

/**
 * A bus whose events have reached the incidents when `publish` returns, so that none is lost with the process. What is
 * published meanwhile is handled together: incidents are one record, and writing it once for many events is cheap.
 */
export function eventDesk(log: EventBus, guard: DeskGuard): EventBus {
  let waiting: BusEvent[] = [];
  let next: Promise<void> | undefined;
  let running: Promise<void> = Promise.resolve();

  const handleWaiting = async () => {
    const events = waiting;
    waiting = [];
    next = undefined;
    await log.publish(events);
    await handleEvents(
      guard,
      events.map((event) => event as BusEvent & PipelineEvent),
    );
  };

  return {
    publish(events) {
      if (events.length === 0) return Promise.resolve();
      waiting.push(...events);
      if (next === undefined) {
        next = running.then(handleWaiting);
        running = next.catch(() => undefined);
      }
      return next;
    },
  };
}
