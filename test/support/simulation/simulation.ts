import { LOCAL_PAGE_LIMITS } from '../../../src/judge/pages/limits.ts';
import { reconcile } from '../../../src/run/folder/reconcile.ts';
import type { Guard } from '../../../src/run/guard/guard.ts';
import { type HoldRecord, listHolds } from '../../../src/run/hold/hold.ts';
import { handleEvents, tickIncidents } from '../../../src/run/incident/incident.ts';
import { workOnce } from '../../../src/run/lake/work.ts';
import type { PipelineEvent } from '../../../src/run/message/events.ts';
import type { BusEvent } from '../../../src/run/ports/event-bus.ts';
import type { Observation } from '../../../src/run/ports/observer.ts';
import { QUEUE_NAMES } from '../../../src/run/ports/queue.ts';
import { newCatalogCache } from '../../../src/run/table/catalog-table.ts';
import { type GuardedTable, guardedTables } from '../../../src/run/table/guarded-table.ts';
import type { PutInput } from '../aws/buckets.ts';
import { Crash } from '../aws/faults.ts';
import { type AwsWorld, type AwsWorldOptions, createAwsWorld } from '../aws/world.ts';
import { contractYaml, LANDING, LOCATION, TABLE, type TestContract } from './contract.ts';
import { type FileKind, fileBytes } from './files.ts';

/** A guarded table in a simulated account, with a job that writes, a person who acts, and workers that may die. */
export interface Simulation {
  readonly world: AwsWorld;
  /** A worker with fresh memory; one that learns of new contracts so much later. */
  worker(contractLagSeconds?: number): Worker;
  deploy(...contracts: readonly TestContract[]): void;
  /** The job writes an object below its prefix and remembers what it is. */
  put(relativeKey: string, kind: FileKind, mark?: string, more?: Omit<PutInput, 'bytes'>): void;
  remove(relativeKey: string): void;
  rename(from: string, to: string): void;
  /** An object that is no file: a marker, or a folder. */
  putMarker(relativeKey: string): void;
  /** Time passes. */
  wait(seconds: number): void;
  /** Which kind of file these bytes are; `undefined` for what no job wrote. */
  kindOf(bytes: Uint8Array): { readonly kind: FileKind; readonly mark: string } | undefined;
}

export interface Worker {
  readonly guard: Guard;
  /** As its port calls name it. */
  readonly processId: number;
  /** What could not be done, and comes again. */
  readonly failures: readonly unknown[];
  /** What its observer was told. */
  readonly observations: readonly Observation[];
  /** Handles what is due now. */
  drain(): Promise<void>;
  /** Handles everything, and lets time pass, until nothing more will happen; sweeps at the end. */
  settle(): Promise<void>;
  sweep(): Promise<void>;
  table(): Promise<GuardedTable>;
  /** Every hold of the table, whatever became of it, in the order of their keys. */
  holds(): Promise<readonly HoldRecord[]>;
}

export interface SimulationOptions extends AwsWorldOptions {
  /** What fails comes again when its visibility is over, as where Lambda polls, and not after some seconds. */
  readonly retriesAsLambda?: boolean;
}

export function simulate(first: TestContract = {}, options: SimulationOptions = {}): Simulation {
  const world = createAwsWorld(options);
  const isOnePlace = first.isOnePlace ?? first.mode === 'in-place';
  const prefix = isOnePlace ? LOCATION : LANDING;
  world.buckets.create(LANDING.bucket, { notifies: isOnePlace ? [] : [LANDING.prefix] });
  world.buckets.create(LOCATION.bucket, { notifies: isOnePlace ? [LOCATION.prefix] : [] });
  world.buckets.create('quarantine');
  world.glue.createDatabase('shop');
  const written = new Map<string, { readonly kind: FileKind; readonly mark: string }>();
  const told = { events: 0 };
  let marks = 0;
  const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

  const simulation: Simulation = {
    world,
    worker: (lagSeconds = 0) => createWorker(world, told, { ...options, contractLagMs: lagSeconds * 1000 }),
    deploy: (...contracts) => world.contracts.set(...contracts.map(contractYaml)),
    put(relativeKey, kind, mark = `m${++marks}`, more = {}) {
      const bytes = fileBytes(kind, mark);
      written.set(textOf(bytes), { kind, mark });
      world.producer.put(prefix.bucket, prefix.prefix + relativeKey, bytes, more);
    },
    remove: (relativeKey) => world.producer.delete(prefix.bucket, prefix.prefix + relativeKey),
    rename: (from, to) => world.producer.rename(prefix.bucket, prefix.prefix + from, prefix.prefix + to),
    putMarker(relativeKey) {
      world.producer.put(prefix.bucket, prefix.prefix + relativeKey, new Uint8Array(0));
    },
    wait: (seconds) => world.clock.advance(seconds * 1000),
    kindOf: (bytes) => written.get(textOf(bytes)),
  };
  simulation.deploy(first);
  return simulation;
}

function createWorker(
  world: AwsWorld,
  told: { events: number },
  { retriesAsLambda = false, contractLagMs }: SimulationOptions & { readonly contractLagMs: number },
): Worker {
  const ports = world.process(contractLagMs);
  const consumer = retriesAsLambda
    ? { ...ports.consumer, retryLater: async () => undefined }
    : ports.consumer;
  const observations: Observation[] = [];
  const guard: Guard = {
    ...ports,
    observer: { record: (observation) => void observations.push(observation) },
    settings: {
      quarantine: 's3://quarantine/',
      version: '1.0.0',
      maxFooterBytes: 16 * 1024 * 1024,
      pageLimits: LOCAL_PAGE_LIMITS,
    },
  };
  const cache = newCatalogCache();
  const failures: unknown[] = [];
  const options = {
    batchSize: 10,
    retryDelaySeconds: 5,
    cache,
    onFailure: (_: string, error: unknown) => {
      if (error instanceof Crash) throw error;
      failures.push(error);
    },
  };
  const worker: Worker = {
    guard,
    processId: ports.processId,
    failures,
    observations,
    async drain() {
      do await tell(guard, world, told);
      while ((await workOnce(guard, consumer, options)) > 0 || told.events < world.published.length);
    },
    async settle() {
      for (let rounds = 0; rounds < 200; rounds++) {
        await worker.drain();
        const due = nextDueMs(world);
        if (due === undefined) {
          await worker.sweep();
          await worker.drain();
          if (nextDueMs(world) === undefined) return;
          continue;
        }
        world.clock.advance(Math.max(1000, due - world.clock.ms()));
      }
      throw new Error('the pipeline does not come to rest', { cause: failures.at(-1) });
    },
    async sweep() {
      for (const guarded of guardedTables(await guard.contracts.current()).values())
        await reconcile(guard, guarded);
      await tickIncidents(guard, [TABLE]);
    },
    async table() {
      const guarded = guardedTables(await guard.contracts.current()).get(TABLE);
      if (guarded === undefined) throw new Error(`${TABLE} is not deployed`);
      return guarded;
    },
    async holds() {
      const holds = await listHolds(guard, { name: TABLE });
      return holds.toSorted((one, two) => (one.origin.key < two.origin.key ? -1 : 1));
    },
  };
  return worker;
}

/** The bus hands each event to the incident use case, at least once. */
async function tell(guard: Guard, world: AwsWorld, told: { events: number }): Promise<void> {
  while (told.events < world.published.length) {
    const event = world.published[told.events] as BusEvent;
    await handleEvents(guard, [event as BusEvent & PipelineEvent]);
    told.events++;
  }
}

/**
 * When the next message becomes visible: what is visible and was not taken waits for its group. What hops towards a time that is
 * far away is no unrest.
 */
function nextDueMs({ sqs, clock }: AwsWorld): number | undefined {
  const due = QUEUE_NAMES.flatMap((queue) =>
    sqs
      .messages(queue)
      .filter(({ body }) => !isFarAway(body, clock.ms()))
      .map(({ visibleAtMs }) => visibleAtMs),
  );
  const later = due.filter((ms) => ms > clock.ms());
  if (due.length === 0) return undefined;
  return later.length > 0 ? Math.min(...later) : clock.ms() + 1000;
}

const FAR_MS = 900_000;

function isFarAway(body: string, nowMs: number): boolean {
  const { notBefore } = JSON.parse(body) as { readonly notBefore?: string };
  return notBefore !== undefined && Date.parse(notBefore) > nowMs + FAR_MS;
}
