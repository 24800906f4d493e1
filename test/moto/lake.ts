import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { QUEUES } from '../../infra/queues.ts';
import { createCanaryHandler } from '../../lambdas/canary/handler.ts';
import { createCatalogHandler } from '../../lambdas/catalog/handler.ts';
import { createGateHandler } from '../../lambdas/gate/handler.ts';
import { createIncidentHandler } from '../../lambdas/incident/handler.ts';
import { createPublishHandler } from '../../lambdas/publish/handler.ts';
import { createQuarantineHandler } from '../../lambdas/quarantine/handler.ts';
import { catalogFrom, guardFrom, incidentGuardFrom } from '../../lambdas/runtime.ts';
import { createWatchHandler } from '../../lambdas/watch/handler.ts';
import { compileContracts } from '../../src/judge/contract/compiled.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { environmentFrom } from '../../src/run/adapters/aws/environment.ts';
import { lambdaContext, rememberingTelemetry, sqsRecord } from '../support/lambda.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';
import { type FileKind, fileBytes } from '../support/simulation/files.ts';
import { type CallLog, recordCalls } from './call-log.ts';
import { provision, type Stack, type StackQueue } from './stack.ts';

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | undefined>;

/** Which function reads which queue. */
const FUNCTIONS = {
  validate: 'gate',
  publish: 'publish',
  quarantine: 'quarantine',
  catalog: 'catalog',
  converge: 'watch',
  incident: 'incident',
} as const satisfies Partial<Record<StackQueue, string>>;
type Worked = keyof typeof FUNCTIONS;

/** A guarded table `shop.t` on moto, with the functions that guard it. */
export interface MotoLake {
  readonly stack: Stack;
  /** Files are written where they are read. */
  readonly isInPlace: boolean;
  readonly calls: CallLog;
  readonly functions: ReturnType<typeof functionsFrom>;
  readonly telemetry: ReturnType<typeof rememberingTelemetry>;
  /** New functions with these contracts, as a deploy makes them; a text is a contract of its own. */
  deploy(...contracts: readonly (TestContract | string)[]): void;
  put(key: string, file: FileKind | Uint8Array, mark?: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** Batches that each queue gave, for what pollers cost. */
  readonly batches: Readonly<Record<string, Batches>>;
  /** Hands what one queue holds to its function, once. Returns how many messages. */
  pump(queue: Worked): Promise<number>;
  /** Until every queue is empty, delayed messages included. */
  settle(): Promise<void>;
  readonly keys: (bucket: string, prefix?: string) => Promise<readonly string[]>;
  bytes(bucket: string, key: string): Promise<Uint8Array>;
  /** What was sent to people, oldest first. */
  pages(): Promise<readonly ChatPage[]>;
  /** What waits on the bus's queue, without taking it. */
  published(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  waiting(queue: StackQueue | `${Worked}-dead`): Promise<number>;
}

interface Batches {
  readonly batches: number;
  readonly messages: number;
}

export interface ChatPage {
  readonly content: {
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
  };
  readonly metadata: { readonly threadId: string; readonly eventType: string };
}

const ROUNDS = 400;
const IDLE_MS = 100;
/** An invocation with time to spare: no test here is about it, and a machine that is busy takes long. */
export const PATIENT = lambdaContext(() => 900_000);

export async function motoLake(
  endpoint: string,
  first: TestContract = {},
  options: {
    readonly trigger?: 'eventbridge' | 'sqs';
    readonly variables?: Readonly<Record<string, string>>;
    /** The bucket that files are put into, and whose events are told. */
    readonly writes?: 'landing' | 'lake';
  } = {},
): Promise<MotoLake> {
  const { writes = 'landing' } = options;
  const stack = await provision(endpoint, options);
  const calls = recordCalls();
  const telemetry = rememberingTelemetry();
  const { s3, sqs } = stack.clients;
  // While the heartbeat sleeps the others work.
  const sleep = async () => {
    calls.by(undefined);
    for (const queue of Object.keys(FUNCTIONS) as Worked[]) await lake.pump(queue);
    calls.by('canary');
  };
  let functions = functionsFrom(stack, [first], telemetry, sleep, options.variables);
  const received: ChatPage[] = [];
  let requests = 0;
  const batches: Record<string, Batches> = {};

  const lake: MotoLake = {
    stack,
    isInPlace: writes === 'lake',
    calls,
    telemetry,
    batches,
    get functions() {
      return functions;
    },
    deploy(...contracts) {
      functions = functionsFrom(stack, contracts, telemetry, sleep, options.variables);
    },
    async put(key, file, mark = key) {
      const Body = typeof file === 'string' ? fileBytes(file, mark) : file;
      await s3.send(new PutObjectCommand({ Bucket: writes, Key: `t/${key}`, Body }));
    },
    async remove(key) {
      await s3.send(new DeleteObjectCommand({ Bucket: writes, Key: `t/${key}` }));
    },
    async pump(queue) {
      const messages = await receiveBatch(stack, queue);
      if (messages.length === 0) return 0;
      const before = batches[queue] ?? { batches: 0, messages: 0 };
      batches[queue] = { batches: before.batches + 1, messages: before.messages + messages.length };
      const name = FUNCTIONS[queue];
      calls.by(name);
      const handler: Handler = functions[name];
      const answer = await handler(
        { Records: messages.map(recordOf) },
        { ...PATIENT, awsRequestId: `request-${++requests}` },
      ).finally(() => calls.by(undefined));
      const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { MessageId = '', ReceiptHandle } of messages) {
        const message = { QueueUrl: stack.queues[queue], ReceiptHandle };
        if (failed.has(MessageId))
          await sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: 0 }));
        else await sqs.send(new DeleteMessageCommand(message));
      }
      return messages.length;
    },
    async settle() {
      for (let round = 0; round < ROUNDS; round++) {
        let taken = 0;
        for (const queue of Object.keys(FUNCTIONS) as Worked[]) taken += await lake.pump(queue);
        if (taken > 0) continue;
        const left = await Promise.all(
          (Object.keys(FUNCTIONS) as Worked[]).map((queue) => lake.waiting(queue)),
        );
        if (left.every((count) => count === 0)) return;
        await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      }
      throw new Error('the queues did not come to rest');
    },
    async keys(bucket, prefix = '') {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
      return Contents.map(({ Key = '' }) => Key);
    },
    async bytes(bucket, key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    async pages() {
      for (let page = await receive(stack, 'pages'); page.length > 0; page = await receive(stack, 'pages'))
        for (const { Body = '', ReceiptHandle } of page) {
          received.push(JSON.parse(Body) as ChatPage);
          await sqs.send(new DeleteMessageCommand({ QueueUrl: stack.queues.pages, ReceiptHandle }));
        }
      return received;
    },
    async published() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: stack.queues.incident,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 0,
        }),
      );
      return Messages.map(({ Body = '' }) => JSON.parse(Body) as Readonly<Record<string, unknown>>);
    },
    async waiting(queue) {
      const url = queue.endsWith('-dead')
        ? stack.deadLetters[queue.slice(0, -'-dead'.length) as StackQueue]
        : stack.queues[queue as StackQueue];
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      );
      return (
        Number(Attributes.ApproximateNumberOfMessages) +
        Number(Attributes.ApproximateNumberOfMessagesDelayed) +
        Number(Attributes.ApproximateNumberOfMessagesNotVisible)
      );
    },
  };
  return lake;
}

function functionsFrom(
  { variables }: Stack,
  contracts: readonly (TestContract | string)[],
  telemetry: ReturnType<typeof rememberingTelemetry>,
  sleep: () => Promise<void>,
  more: Readonly<Record<string, string>> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-aws-'));
  const file = join(folder, 'contracts.json');
  writeFileSync(file, compiled(contracts));
  const environment = environmentFrom({ ...variables, ...more, HEADGATE_CONTRACTS: file });
  return {
    gate: createGateHandler(guardFrom(environment), telemetry),
    publish: createPublishHandler(guardFrom(environment, { copies: true }), telemetry),
    quarantine: createQuarantineHandler(guardFrom(environment, { copies: true }), telemetry),
    catalog: createCatalogHandler(
      { ...guardFrom(environment), catalog: catalogFrom(environment) },
      telemetry,
    ),
    watch: createWatchHandler({ ...guardFrom(environment), catalog: catalogFrom(environment) }, telemetry),
    incident: createIncidentHandler(incidentGuardFrom(environment), telemetry),
    canary: createCanaryHandler(guardFrom(environment), telemetry, sleep),
    /** What a person at the command line holds. */
    guard: { ...guardFrom(environment, { copies: true }), catalog: catalogFrom(environment) },
  };
}

export function compiled(contracts: readonly (TestContract | string)[]): string {
  return compileContracts(
    contracts.map((contract, index) => {
      const text = typeof contract === 'string' ? contract : contractYaml(contract);
      const result = readContract(text, { file: `contract-${index}.yaml` });
      if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('\n'));
      return result.contract;
    }),
  );
}

/** As Lambda's pollers gather it: up to the stack's batch size, ten at a time. */
async function receiveBatch(stack: Stack, queue: Worked): Promise<readonly Message[]> {
  const messages: Message[] = [];
  while (messages.length + 10 <= QUEUES[queue].batchSize) {
    const more = await receive(stack, queue);
    messages.push(...more);
    if (more.length === 0) break;
  }
  return messages;
}

async function receive({ clients, queues }: Stack, queue: StackQueue): Promise<readonly Message[]> {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queues[queue],
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return Messages;
}

function recordOf({ MessageId = '', Body = '', Attributes = {} }: Message) {
  return sqsRecord(MessageId, Body, Number(Attributes.ApproximateReceiveCount ?? 1));
}
