import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { HeadgateError } from '../src/error.ts';
import type { Failure } from '../src/run/guard/guard.ts';
import type { Isolate } from './isolation.ts';
import type { Telemetry } from './telemetry.ts';

export interface QueueUseCase<Message> {
  /** The messages that a body carries; none is nothing to do. Throws where the body is not one of ours. */
  readonly read: (body: unknown) => readonly Message[];
  readonly run: (
    messages: readonly Message[],
    batchId: string,
    remainingMs: () => number,
  ) => Promise<readonly Failure[]>;
}

/** Records that are handled together; between two such slices the time that is left is looked at. */
const SLICE = 50;
/** A record that came so often may be what killed its neighbours: it is handled alone, after them, in a thread if there may be one. */
const SUSPECT_RECEIVES = 3;
/** Left to answer before Lambda ends the process. */
const RESERVE_MS = 2_000;

/** What a handler asks of the invocation. */
type Invocation = Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>;

/**
 * Handles a batch of SQS and answers which records come again: those that failed, and all that were not reached in
 * time. Never throws, as that would bring back what is done.
 */
export function queueHandler<Message>(
  useCase: QueueUseCase<Message>,
  telemetry: Telemetry,
  isolate?: Isolate,
) {
  return async ({ Records }: Pick<SQSEvent, 'Records'>, context: Invocation): Promise<SQSBatchResponse> => {
    const failed = new Set<string>();
    const fail = ({ messageId }: Pick<SQSRecord, 'messageId'>, error: unknown) => {
      failed.add(messageId);
      telemetry.failed(error, { messageId });
    };
    const suspects = isolate === undefined ? [] : Records.filter(isSuspect);
    const readable = Records.flatMap((record) => {
      if (suspects.includes(record)) return [];
      try {
        return [{ record, messages: useCase.read(JSON.parse(record.body)) }];
      } catch (error) {
        fail(
          record,
          error instanceof SyntaxError
            ? new HeadgateError('NOT_STORABLE', 'a message is not valid JSON')
            : error,
        );
        return [];
      }
    });
    for (const [index, slice] of slicesOf(readable).entries()) {
      const remainingMs = context.getRemainingTimeInMillis() - RESERVE_MS;
      const batchId = `${context.awsRequestId}-${index}`;
      try {
        if (remainingMs <= 0) throw outOfTime();
        const failures = await withinTime(
          runSlice(useCase, slice, batchId, () => context.getRemainingTimeInMillis()),
          remainingMs,
        );
        for (const { record, error } of failures) if (!failed.has(record.messageId)) fail(record, error);
      } catch (error) {
        for (const { record } of slice) fail(record, error);
      }
    }
    for (const [index, record] of suspects.entries())
      try {
        const remainingMs = context.getRemainingTimeInMillis() - RESERVE_MS;
        if (remainingMs <= 0 || isolate === undefined) throw outOfTime();
        // One that hangs leaves the others their share.
        const shareMs = Math.floor(remainingMs / (suspects.length - index));
        // What it failed of was told by the thread itself.
        if ((await isolate(record, `${context.awsRequestId}-s${index}`, shareMs)) === 'failed')
          failed.add(record.messageId);
      } catch (error) {
        fail(record, error);
      }
    telemetry.flush();
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

interface Read<Message> {
  readonly record: SQSRecord;
  readonly messages: readonly Message[];
}

function slicesOf<Message>(read: readonly Read<Message>[]): readonly (readonly Read<Message>[])[] {
  const calm = read.filter(({ record }) => !isSuspect(record));
  const slices = Array.from({ length: Math.ceil(calm.length / SLICE) }, (_, index) =>
    calm.slice(index * SLICE, (index + 1) * SLICE),
  );
  return [...slices, ...read.filter(({ record }) => isSuspect(record)).map((one) => [one])];
}

function isSuspect({ attributes }: SQSRecord): boolean {
  return Number(attributes.ApproximateReceiveCount) >= SUSPECT_RECEIVES;
}

/** One record may carry several messages: it comes again where any of them failed. */
async function runSlice<Message>(
  { run }: QueueUseCase<Message>,
  slice: readonly Read<Message>[],
  batchId: string,
  remainingMs: () => number,
): Promise<readonly { readonly record: SQSRecord; readonly error: unknown }[]> {
  const owned = slice.flatMap(({ record, messages }) => messages.map((message) => ({ record, message })));
  if (owned.length === 0) return [];
  const failures = await run(
    owned.map(({ message }) => message),
    batchId,
    remainingMs,
  );
  return failures.flatMap(({ index, error }) => {
    const record = owned[index]?.record;
    return record === undefined ? [] : [{ record, error }];
  });
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(outOfTime()), ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
    // What goes on after the deadline may still fail; nobody waits for it now.
    work.catch(() => undefined);
  }
}

function outOfTime(): HeadgateError {
  return new HeadgateError('THROTTLED', 'not reached before the function’s time was over');
}
