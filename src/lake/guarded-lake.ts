import { createLocalLake } from '../adapters/local/lake.ts';
import type { Guard, GuardSettings } from '../pipeline/guard.ts';
import { guardedTables, type Prefix } from '../pipeline/guarded-table.ts';
import type { ContractSource } from '../ports/contract-source.ts';
import type { Notifier } from '../ports/notifier.ts';
import { NO_OBSERVER, type Observer } from '../ports/observer.ts';
import type { Queue, QueueConsumer } from '../ports/queue.ts';
import { eventDesk } from './event-desk.ts';
import { createRunner } from './runner.ts';
import { withholdYoung } from './young-objects.ts';

export interface OpenLakeInput {
  /** A folder laid out as `<bucket>/<key>`. */
  readonly folder: string;
  /** Headgate's own version. */
  readonly version: string;
  readonly contracts: (settings: GuardSettings) => ContractSource;
  readonly nowMs: () => number;
  /** Objects younger than this may still be written to. */
  readonly youngMs: number;
  /** Told about each path below a guarded prefix that is no object, and why. */
  readonly onSkipped?: (path: string, why: string) => void;
  /** Shows a notice after it was filed. */
  readonly show?: Notifier['notify'];
  readonly observer?: Observer;
}

/** A folder as a guarded lake: all that the use cases need, over files. */
export interface GuardedLake {
  readonly guard: Guard;
  readonly consumer: QueueConsumer;
  /** Takes the lake for this process alone, until the function it returns is called. Throws LAKE_UNUSABLE where another process has it. */
  readonly takeGuard: () => () => void;
  /** The process that guards the lake now. */
  readonly guardProcessId: () => number | undefined;
  /** Looks at every table and does what is due now. For a process that has taken the lake. */
  readonly settleNow: () => Promise<void>;
}

const MAX_FOOTER_BYTES = 64 * 1024 * 1024;
/** The lake's own bucket for held objects. */
const QUARANTINE = 's3://quarantine/';

export function openGuardedLake(input: OpenLakeInput): GuardedLake {
  const lake = createLocalLake({
    folder: input.folder,
    nowMs: input.nowMs,
    ...(input.onSkipped && { onSkipped: input.onSkipped }),
  });
  const settings: GuardSettings = {
    quarantine: QUARANTINE,
    version: input.version,
    maxFooterBytes: MAX_FOOTER_BYTES,
  };
  const clock = { now: () => new Date(input.nowMs()).toISOString() };
  let landings: readonly Prefix[] = [];
  const source = input.contracts(settings);
  const contracts: ContractSource = {
    async current() {
      const set = await source.current();
      landings = [...guardedTables(set).values()].map(({ landing }) => landing);
      return set;
    },
  };
  const notifier: Notifier = {
    async notify(notice) {
      await lake.notifier.notify(notice);
      await input.show?.(notice);
    },
  };
  const guard: Guard = {
    objects: withholdYoung(lake.objects, {
      youngMs: input.youngMs,
      nowMs: input.nowMs,
      isGuarded: ({ bucket, key }) =>
        landings.some((at) => at.bucket === bucket && key.startsWith(at.prefix)),
    }),
    catalog: lake.catalog,
    ledger: lake.ledger,
    queue: ungroupConverge(lake.queue),
    events: eventDesk(lake.events, { ledger: lake.ledger, notifier, clock, contracts }),
    notifier,
    contracts,
    clock,
    observer: input.observer ?? NO_OBSERVER,
    settings,
  };
  return {
    guard,
    consumer: lake.consumer,
    takeGuard: lake.takeGuard,
    guardProcessId: lake.guardProcessId,
    async settleNow() {
      const watch = { youngMs: 0, nowMs: input.nowMs };
      const runner = createRunner({ guard, consumer: lake.consumer, retryDelaySeconds: 0, watch });
      await runner.sweep();
      await runner.drain();
      await runner.sweep();
    },
  };
}

/**
 * On SQS all convergences wait equally long; here each waits as long as it wishes, and one that waits must not hold up
 * the table's others. One process handles them one after the other anyway.
 */
function ungroupConverge(queue: Queue): Queue {
  return {
    send: (name, messages) =>
      queue.send(
        name,
        name === 'converge'
          ? messages.map((message) => ({ ...message, group: message.deduplicationId ?? 'converge' }))
          : messages,
      ),
  };
}
