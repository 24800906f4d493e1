import { join } from 'node:path';
import { LOCAL_PAGE_LIMITS } from '../../judge/pages/limits.ts';
import { openLakeFiles } from '../adapters/local/lake-files.ts';
import { openLake } from '../adapters/local/lake-lock.ts';
import { createLocalLake, type LocalLakeOptions } from '../adapters/local/local-lake.ts';
import { ownerOf } from '../adapters/local/name-lock.ts';
import { isRunning, processIdOf } from '../adapters/local/process-token.ts';
import type { Guard, GuardSettings } from '../guard/guard.ts';
import type { ContractSource } from '../ports/contract-source.ts';
import type { Notifier } from '../ports/notifier.ts';
import { NO_OBSERVER, type Observer } from '../ports/observer.ts';
import type { Queue, QueueConsumer } from '../ports/queue.ts';
import { guardedTables, type Prefix } from '../table/guarded-table.ts';
import { eventDesk } from './event-desk.ts';
import { createRunner } from './runner.ts';
import { type ContractsChange, type WaitOverrides, watchContracts } from './watched-contracts.ts';
import { withholdYoung } from './young-objects.ts';

export interface OpenLakeInput extends Pick<LocalLakeOptions, 'environment' | 'onSkipped' | 'fs'> {
  /** A folder laid out as `<bucket>/<key>`. */
  readonly folder: string;
  /** Folder of the contracts. */
  readonly contracts: string;
  /** Headgate's own version. */
  readonly version: string;
  readonly waits?: WaitOverrides;
  /** Objects younger than this may still be written to. */
  readonly youngMs?: number;
  readonly onContracts?: (change: ContractsChange) => void;
  /** Shows a notice after it was filed. */
  readonly show?: Notifier['notify'];
  readonly observer?: Observer;
}

/** A folder as a guarded lake: all that the use cases need, over files. */
export interface GuardedLake {
  readonly guard: Guard;
  readonly consumer: QueueConsumer;
  /** Takes the lake for this process alone, until the returned function is called. Throws LAKE_UNUSABLE where another has it. */
  readonly takeGuard: () => () => void;
  /** The process that guards the lake now. */
  readonly guardProcessId: () => number | undefined;
  /** Looks at every table and does what is due now. For a process that has taken the lake. */
  readonly settleNow: () => Promise<void>;
}

const MAX_FOOTER_BYTES = 64 * 1024 * 1024;
/** The lake's own bucket for held objects. */
const QUARANTINE = 's3://quarantine/';

/** Throws LAKE_UNUSABLE where the folder cannot be a lake. */
export function openGuardedLake(input: OpenLakeInput): GuardedLake {
  const { folder, environment, onSkipped, fs, youngMs = 0, waits = {}, onContracts, show } = input;
  const lake = createLocalLake(folder, {
    contracts: input.contracts,
    quarantine: QUARANTINE,
    ...(environment !== undefined && { environment }),
    ...(onSkipped && { onSkipped }),
    ...(fs && { fs }),
  });
  const files = openLakeFiles(folder, fs);
  const { clock } = lake;
  const nowMs = () => Date.parse(clock.now());
  const settings: GuardSettings = {
    quarantine: QUARANTINE,
    version: input.version,
    maxFooterBytes: MAX_FOOTER_BYTES,
    pageLimits: LOCAL_PAGE_LIMITS,
  };
  let landings: readonly Prefix[] = [];
  const watched = watchContracts(lake.contracts, {
    waits,
    ...(onContracts && { onChange: onContracts }),
  });
  const contracts: ContractSource = {
    async current(maxAgeMs) {
      const set = await watched.current(maxAgeMs);
      landings = [...guardedTables(set).values()].map(({ landing }) => landing);
      return set;
    },
  };
  const notifier: Notifier = {
    async notify(notice) {
      await lake.notifier.notify(notice);
      await show?.(notice);
    },
  };
  const guard: Guard = {
    objects: withholdYoung(lake.objects, {
      youngMs,
      nowMs,
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
    takeGuard() {
      const lock = openLake(files);
      return () => lock.close();
    },
    guardProcessId() {
      const owner = ownerOf(files, join(files.own, 'lock'));
      return owner !== undefined && isRunning(owner) ? Number(processIdOf(owner)) : undefined;
    },
    async settleNow() {
      const runner = createRunner({
        guard,
        consumer: lake.consumer,
        retryDelaySeconds: 0,
        watch: { youngMs: 0, nowMs },
      });
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
