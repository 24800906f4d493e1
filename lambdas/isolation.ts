import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { HeadgateError } from '../src/error.ts';

/** One record, handled where it can harm nothing else. Rejects where the thread did not live to answer. */
export type Isolate = (record: SQSRecord, batchId: string, timeoutMs: number) => Promise<'done' | 'failed'>;

interface Task {
  readonly record: SQSRecord;
  readonly batchId: string;
  readonly timeoutMs: number;
}

/** Half of what the function has: the thread dies of it, and the function does not. Buffers of bytes are not counted. */
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 } as const;

/**
 * Handles records in threads of their own, each in a fresh one that runs `script`: endless loops and memory that grows
 * without end cannot be caught within a process, but a thread can be ended. What it logs goes where the process logs.
 */
export function isolateIn(
  script: URL,
  limits: { readonly maxOldGenerationSizeMb: number } = LIMITS,
): Isolate {
  return (record, batchId, timeoutMs) =>
    new Promise((resolve, reject) => {
      const task: Task = { record, batchId, timeoutMs };
      const worker = new Worker(script, {
        workerData: task,
        resourceLimits: { ...LIMITS, ...limits },
        // Flags of the process, such as those of a shell that evaluates a script, are not the thread's.
        execArgv: [],
      });
      const end = (settle: () => void) => {
        clearTimeout(timer);
        worker.removeAllListeners();
        void worker.terminate().then(settle, settle);
      };
      const lost = (why: string, cause?: unknown) =>
        end(() =>
          reject(new HeadgateError('INTERNAL', `a message that was handled alone ${why}`, { cause })),
        );
      const timer = setTimeout(() => lost(`was not done after ${timeoutMs} ms`), timeoutMs);
      worker.once('message', (outcome) => end(() => resolve(outcome === 'done' ? 'done' : 'failed')));
      worker.once('error', (error) => lost('ended its thread', error));
      worker.once('exit', () => lost('ended its thread without an answer'));
    });
}

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** In a thread that `isolateIn` started: handles the one record that it was given, and answers. Elsewhere nothing. */
export async function answerIfIsolated(handler: Handler): Promise<void> {
  if (isMainThread || parentPort === null) return;
  const { record, batchId, timeoutMs } = workerData as Task;
  const endsAtMs = Date.now() + timeoutMs;
  const context = { awsRequestId: batchId, getRemainingTimeInMillis: () => endsAtMs - Date.now() } as Context;
  const { batchItemFailures } = await handler({ Records: [record] }, context);
  // What was logged goes out first: after the answer the thread is ended.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  parentPort.postMessage(batchItemFailures.length === 0 ? 'done' : 'failed');
}

/** Whether this is a thread of its own: what it is given it handles itself. */
export const IS_ISOLATED = !isMainThread;
