import { reconcile } from '../folder/reconcile.ts';
import type { Guard } from '../guard/guard.ts';
import { tickIncidents } from '../incident/incident.ts';
import type { QueueConsumer } from '../ports/queue.ts';
import { newCatalogCache } from '../table/catalog-table.ts';
import { type GuardedTable, guardedTables } from '../table/guarded-table.ts';
import { trackFailures } from './failures.ts';
import { type SeenKeys, type WatchOptions, watchKeys } from './key-watch.ts';
import { workOnce } from './work.ts';

export interface RunnerInput {
  readonly guard: Guard;
  readonly consumer: QueueConsumer;
  readonly watch: WatchOptions;
  /** Whether a message that fails waits before it comes again, or is tried again at once. */
  readonly retryDelaySeconds: number;
  /** Called after each batch. */
  readonly onBatch?: () => void;
  /** Called for each failure, with the object, folder or table that it is about; the same trouble may come often. */
  readonly onFailure?: (error: unknown, about: string) => void;
  /** Aborted: the batch at hand is finished, and no other is taken. */
  readonly signal?: AbortSignal;
}

/** Does the work of a guarded lake, step by step; when, is for the caller to say. */
export interface Runner {
  /** Asks for a look at what changed below every table's guarded prefix. */
  poll(): Promise<void>;
  /** Looks at every table as a whole, and at its incidents. */
  sweep(): Promise<void>;
  /** Handles what is due now, until the queues are quiet. Returns how many messages it took. */
  drain(): Promise<number>;
  /** Work that failed last time it was tried, one error each. */
  unfinished(): readonly unknown[];
  tables(): Promise<readonly GuardedTable[]>;
}

/** Messages of one batch: small enough that a signal to stop is obeyed soon. */
const BATCH_SIZE = 500;

export function createRunner(input: RunnerInput): Runner {
  const { guard, signal } = input;
  const { consumer, failing, noteError } = trackFailures(input.consumer, (error, about) =>
    input.onFailure?.(error, about),
  );
  const seen: SeenKeys = new Map();
  const sweepFailures = new Map<string, unknown>();
  const cache = newCatalogCache();
  const tables = async () => [...guardedTables(await guard.contracts.current()).values()];
  const options = {
    batchSize: BATCH_SIZE,
    retryDelaySeconds: input.retryDelaySeconds,
    cache,
    onFailure: (_queue: string, error: unknown) => noteError(error),
  };

  /** One table that cannot be looked at keeps no other from it. */
  const eachTable = async (step: string, act: (guarded: GuardedTable) => Promise<unknown>) => {
    for (const guarded of await tables()) {
      if (signal?.aborted) return;
      const name = `${step} ${guarded.name}`;
      try {
        await act(guarded);
        sweepFailures.delete(name);
      } catch (error) {
        sweepFailures.set(name, error);
        input.onFailure?.(error, guarded.name);
      }
    }
  };

  return {
    poll: () => eachTable('poll', (guarded) => watchKeys(guard, guarded, seen, input.watch)),
    async sweep() {
      await eachTable('sweep', (guarded) => reconcile(guard, guarded, { isPolled: true }));
      await eachTable('tick', ({ name }) => tickIncidents(guard, [name]));
    },
    async drain() {
      let taken = 0;
      while (!signal?.aborted) {
        const now = await workOnce(guard, consumer, options);
        if (now === 0) break;
        taken += now;
        input.onBatch?.();
      }
      return taken;
    },
    unfinished: () => [...failing.values(), ...sweepFailures.values()],
    tables,
  };
}
