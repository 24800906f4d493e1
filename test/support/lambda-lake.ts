import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createAuditHandler } from '../../lambdas/audit/handler.ts';
import { createCanaryHandler } from '../../lambdas/canary/handler.ts';
import { createCatalogHandler } from '../../lambdas/catalog/handler.ts';
import { createGateHandler } from '../../lambdas/gate/handler.ts';
import { createIncidentHandler } from '../../lambdas/incident/handler.ts';
import type { FunctionName } from '../../lambdas/permissions.ts';
import { createPublishHandler } from '../../lambdas/publish/handler.ts';
import { createQuarantineHandler } from '../../lambdas/quarantine/handler.ts';
import { createWatchHandler } from '../../lambdas/watch/handler.ts';
import { LOCAL_PAGE_LIMITS } from '../../src/judge/pages/limits.ts';
import { createChatNotifier } from '../../src/run/adapters/aws/notifiers.ts';
import type { QueueName } from '../../src/run/ports/queue.ts';
import { lambdaContext, rememberingTelemetry, sqsRecord } from './lambda.ts';
import type { TestContract } from './simulation/contract.ts';
import { type Simulation, simulate } from './simulation/simulation.ts';

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | undefined>;

const FUNCTION_OF = {
  validate: 'gate',
  publish: 'publish',
  quarantine: 'quarantine',
  catalog: 'catalog',
  converge: 'watch',
} as const satisfies Record<QueueName, FunctionName>;

/** The real handlers on the AWS adapters, on the strict AWS in memory: one process for each function. */
export interface LambdaLake extends Simulation {
  readonly functions: ReturnType<typeof createFunctions>['functions'];
  readonly telemetry: ReturnType<typeof rememberingTelemetry>;
  /** Which function a call of the trace was made by. */
  readonly functionOf: (process: number) => FunctionName | undefined;
  /** Gives what one queue holds to its function, once. Returns how many messages. */
  pump(queue: QueueName): Promise<number>;
  /** Gives each queue, and the bus, to its function once. Returns how many messages and events. */
  step(): Promise<number>;
  /** Handles everything, and lets time pass, until nothing more will happen. */
  settle(): Promise<void>;
}

const SETTINGS = {
  quarantine: 's3://quarantine/',
  version: '1.0.0',
  maxFooterBytes: 16 * 1024 * 1024,
  pageLimits: LOCAL_PAGE_LIMITS,
};
const STEP_SECONDS = 61;
const ROUNDS = 60;

export function lambdaLake(first: TestContract = {}): LambdaLake {
  const simulation = simulate(first, { overSdk: true });
  const telemetry = rememberingTelemetry();
  const { functions, functionOf } = createFunctions(simulation, telemetry, async (ms) => {
    // While the heartbeat sleeps the others work.
    await lake.step();
    simulation.world.clock.advance(ms);
  });
  const { consumer } = simulation.world.process();
  let told = 0;
  const lake: LambdaLake = {
    ...simulation,
    functions,
    telemetry,
    functionOf: (process) => functionOf.get(process),
    async pump(queue) {
      const deliveries = await consumer.receive(queue, 10);
      if (deliveries.length === 0) return 0;
      const handler: Handler = functions[FUNCTION_OF[queue]];
      const records = deliveries.map(({ body, receipt, receiveCount }) =>
        sqsRecord(receipt, body, receiveCount),
      );
      const answer = await handler({ Records: records }, lambdaContext());
      const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { receipt } of deliveries)
        if (failed.has(receipt)) await consumer.retryLater(queue, receipt, 5);
        else await consumer.acknowledge(queue, receipt);
      return deliveries.length;
    },
    async step() {
      let taken = 0;
      for (const queue of Object.keys(FUNCTION_OF) as QueueName[]) taken += await lake.pump(queue);
      const events = simulation.world.published.slice(told);
      told += events.length;
      if (events.length > 0)
        await functions.incident(
          { Records: events.map((event, index) => sqsRecord(`e${index}`, onBus(event))) },
          lambdaContext(),
        );
      return taken + events.length;
    },
    async settle() {
      for (let quiet = 0, round = 0; quiet < 2 && round < ROUNDS; round++) {
        if ((await lake.step()) > 0) quiet = 0;
        else {
          quiet++;
          simulation.world.clock.advance(STEP_SECONDS * 1000);
        }
      }
    },
  };
  return lake;
}

function onBus({ id, at, type, detail }: Simulation['world']['published'][number]): string {
  return JSON.stringify({
    source: 'headgate',
    'detail-type': type,
    detail: { schemaVersion: 1, id, at, detail },
  });
}

function createFunctions(
  { world }: Simulation,
  telemetry: ReturnType<typeof rememberingTelemetry>,
  sleep: (ms: number) => Promise<void>,
) {
  const functionOf = new Map<number, FunctionName>();
  const guard = (name: FunctionName) => {
    const ports = world.sdkProcess();
    functionOf.set(ports.processId, name);
    const notifier = createChatNotifier({
      client: ports.sdk.sns,
      topicArn: 'arn:aws:sns:us-east-1:123456789012:pages',
    });
    return { ...ports, notifier, settings: SETTINGS };
  };
  const functions = {
    gate: createGateHandler(guard('gate'), telemetry),
    publish: createPublishHandler(guard('publish'), telemetry),
    quarantine: createQuarantineHandler(guard('quarantine'), telemetry),
    catalog: createCatalogHandler(guard('catalog'), telemetry),
    incident: createIncidentHandler(guard('incident'), telemetry),
    watch: createWatchHandler(guard('watch'), telemetry),
    audit: createAuditHandler(guard('audit'), telemetry),
    canary: createCanaryHandler(guard('canary'), telemetry, sleep),
  };
  return { functions, functionOf };
}
