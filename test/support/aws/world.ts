import { HeadgateError } from '../../../src/error.ts';
import { createGlueCatalog } from '../../../src/run/adapters/aws/catalog.ts';
import { createEventBridgeBus } from '../../../src/run/adapters/aws/event-bus.ts';
import { createDynamoLedger } from '../../../src/run/adapters/aws/ledger.ts';
import { createS3ObjectStore } from '../../../src/run/adapters/aws/object-store.ts';
import { createSqsQueue } from '../../../src/run/adapters/aws/queue.ts';
import type { Catalog } from '../../../src/run/ports/catalog.ts';
import type { Clock } from '../../../src/run/ports/clock.ts';
import type { ContractSource } from '../../../src/run/ports/contract-source.ts';
import type { BusEvent, EventBus } from '../../../src/run/ports/event-bus.ts';
import type { Ledger } from '../../../src/run/ports/ledger.ts';
import type { Notice, Notifier } from '../../../src/run/ports/notifier.ts';
import type { ObjectStore } from '../../../src/run/ports/object-store.ts';
import { QUEUE_NAMES, type Queue, type QueueConsumer } from '../../../src/run/ports/queue.ts';
import { utf8Bytes } from '../../../src/text/utf8-order.ts';
import { type Buckets, createBuckets } from './buckets.ts';
import { createCatalog } from './catalog.ts';
import { type ContractShelf, createContractShelf, createContractSource } from './contracts.ts';
import { dying } from './dying.ts';
import { createFaults, type Faults, type Process, type Through } from './faults.ts';
import { createGlue, type Glue } from './glue.ts';
import { createLedger, createLedgerTable, type LedgerTable } from './ledger.ts';
import { AWS_LIMITS, type AwsLimits } from './limits.ts';
import { type DeliveryPolicy, notify, ONCE } from './notifications.ts';
import { createObjectStore } from './object-store.ts';
import { createProducer, type Producer } from './producer.ts';
import { createSdk, type Sdk } from './sdk.ts';
import type { PublishedMessage } from './sdk-command.ts';
import { queueUrl } from './sdk-sqs.ts';
import { createSqs, type Sqs } from './sqs.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** Every port, as one process holds them. After a `Crash` all of them throw it; take a fresh set. */
export interface AwsPorts {
  readonly processId: number;
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly queue: Queue;
  readonly consumer: QueueConsumer;
  readonly events: EventBus;
  readonly notifier: Notifier;
  readonly contracts: ContractSource;
  readonly clock: Clock;
}

/** One AWS account in memory: what is in it, what producers do, what fails. */
export interface AwsWorld {
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly buckets: Buckets;
  readonly glue: Glue;
  readonly sqs: Sqs;
  readonly ledger: LedgerTable;
  readonly contracts: ContractShelf;
  readonly producer: Producer;
  /** What was published to the bus, in order; an event that was published twice stands twice. */
  readonly published: readonly BusEvent[];
  /** What was sent to people, in order; a notice that was sent twice stands twice. */
  readonly notices: readonly Notice[];
  /** How S3's notifications arrive from now on. */
  deliver: DeliveryPolicy;
  /** Makes entries of a PutEvents call fail inside a 200. */
  failEvent: (event: BusEvent) => boolean;
  /** A fresh process over the same world; one that learns of new contracts so much later. */
  process(contractLagMs?: number): AwsPorts;
  /** A fresh process whose ports are the AWS adapters: each call of the SDK counts, and may be cut. */
  sdkProcess(contractLagMs?: number): AwsPorts & { readonly sdk: Sdk };
  /** What adapters published to topics. */
  readonly topics: PublishedMessage[];
}

export interface AwsWorldOptions {
  readonly clock?: VirtualClock;
  readonly limits?: Partial<AwsLimits>;
  /** How far S3's clock is ahead of the callers'. */
  readonly skewMs?: number;
  /** Processes work through the AWS adapters, and each call of the SDK is one that may be cut. */
  readonly overSdk?: boolean;
}

/** A strict AWS in memory: it enforces what AWS documents, and any call can be made to fail. */
export function createAwsWorld(options: AwsWorldOptions = {}): AwsWorld {
  const clock = options.clock ?? virtualClock();
  const limits: AwsLimits = { ...AWS_LIMITS, ...options.limits };
  const sqs = createSqs(clock, limits);
  const glue = createGlue(limits);
  const ledger = createLedgerTable();
  const contracts = createContractShelf(clock);
  const faults = createFaults();
  const published: BusEvent[] = [];
  const notices: Notice[] = [];
  let processes = 0;
  const buckets = createBuckets(clock, limits, options.skewMs ?? 1_700, (change) =>
    notify(change, world.deliver, sqs, clock),
  );

  const publish = (events: readonly BusEvent[]) => {
    for (const event of events) checkSize('event', event, limits.eventBytes);
    const taken = events.filter((event) => !world.failEvent(event));
    published.push(...structuredClone(taken));
    if (taken.length < events.length)
      throw new HeadgateError(
        'WRITE_FAILED',
        `${events.length - taken.length} of ${events.length} events were not taken`,
      );
  };
  const send = (notice: Notice) => {
    checkSize('notice', notice, limits.noticeBytes);
    notices.push(structuredClone(notice));
  };
  const portsOf = (processId: number, through: Through, contractLagMs = 0): AwsPorts => ({
    processId,
    objects: createObjectStore(buckets, limits, through),
    catalog: createCatalog(glue, limits, through),
    ledger: createLedger(ledger, limits, through),
    queue: {
      send: (queue, messages) => through('queue.send', [queue, messages], () => sqs.send(queue, messages)),
    },
    consumer: {
      receive: (queue, max) => through('consumer.receive', [queue, max], () => sqs.receive(queue, max)),
      acknowledge: (queue, receipt) =>
        through('consumer.acknowledge', [queue, receipt], () => sqs.acknowledge(queue, receipt)),
      retryLater: (queue, receipt, delaySeconds) =>
        through('consumer.retryLater', [queue, receipt, delaySeconds], () =>
          sqs.changeVisibility(queue, receipt, delaySeconds),
        ),
    },
    events: { publish: (events) => through('events.publish', [events], () => publish(events)) },
    notifier: { notify: (notice) => through('notifier.notify', [notice], () => send(notice)) },
    contracts: createContractSource(contracts, clock, through, contractLagMs),
    clock,
  });

  const world: AwsWorld = {
    clock,
    faults,
    buckets,
    glue,
    sqs,
    ledger,
    contracts,
    producer: createProducer(buckets, clock),
    published,
    notices,
    deliver: ONCE,
    failEvent: () => false,
    process(contractLagMs) {
      if (options.overSdk) return world.sdkProcess(contractLagMs);
      const process: Process = { id: ++processes, isDead: false };
      return portsOf(process.id, faults.enter(process), contractLagMs);
    },
    topics: [],
    sdkProcess(contractLagMs) {
      const process: Process = { id: ++processes, isDead: false };
      const through = faults.enter(process);
      const sdk = createSdk({ world, limits, publish, topics: world.topics }, through);
      return {
        ...portsOf(process.id, through, contractLagMs),
        ...dying(adaptersOf(sdk, limits), process),
        sdk,
      };
    },
  };
  return world;
}

/** The AWS adapters over scripted clients; what people are told stays with the world's own notifier. */
function adaptersOf(sdk: Sdk, limits: AwsLimits) {
  return {
    objects: createS3ObjectStore({
      client: sdk.s3,
      copyLimitBytes: limits.copyBytes,
      copyPartBytes: limits.partBytes,
    }),
    catalog: createGlueCatalog({ client: sdk.glue }),
    ledger: createDynamoLedger({ client: sdk.dynamo, table: 'ledger' }),
    queue: createSqsQueue({
      client: sdk.sqs,
      urls: Object.fromEntries(QUEUE_NAMES.map((name) => [name, queueUrl(name)])),
    }),
    events: createEventBridgeBus({ client: sdk.events, bus: 'headgate' }),
  };
}

function checkSize(what: string, value: unknown, maxBytes: number): void {
  const bytes = utf8Bytes(JSON.stringify(value));
  if (bytes > maxBytes)
    throw new HeadgateError('NOT_STORABLE', `an ${what} of ${bytes} bytes, expected at most ${maxBytes}`);
}
