import type { BusEvent, EventBus } from '../../ports/event-bus.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { createJsonLines } from './json-lines.ts';
import type { LakeFiles } from './lake-files.ts';

export type Subscriber = (event: BusEvent) => void | Promise<void>;

/** Events go to `.headgate/events.jsonl`, then to each subscriber in turn; where one throws, so does `publish`. */
export function createLocalEventBus(files: LakeFiles, subscribers: readonly Subscriber[] = []): EventBus {
  const lines = createJsonLines(files, 'events');
  return {
    async publish(events) {
      await lines.append(events);
      for (const event of events) for (const tell of subscribers) await tell(event);
    },
  };
}

/** Notices go to `.headgate/notices.jsonl`; one that is sent twice stands there twice. */
export function createLocalNotifier(files: LakeFiles): Notifier {
  const lines = createJsonLines(files, 'notices');
  return { notify: (notice) => lines.append([notice]) };
}
