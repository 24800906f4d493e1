import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { HeadgateError } from '../../src/error.ts';
import { type ReconcileGuard, reconcile } from '../../src/run/folder/reconcile.ts';
import { watchFolders } from '../../src/run/folder/watch.ts';
import type { Failure } from '../../src/run/guard/guard.ts';
import type { ConvergeMessage, SweepMessage } from '../../src/run/message/messages.ts';
import { watchCatalog } from '../../src/run/table/drift.ts';
import { guardedTables } from '../../src/run/table/guarded-table.ts';
import { readMessage } from '../messages.ts';
import { queueHandler } from '../queue-handler.ts';
import type { Telemetry } from '../telemetry.ts';
import { clockFor } from './pieces.ts';

/** On a schedule. `table`: one only; `isThorough`: every published object is compared by its metadata. */
interface ReconcileEvent {
  readonly job: 'reconcile';
  readonly table?: string;
  readonly isThorough?: boolean;
}

/** An event that EventBridge brings without a queue. */
interface BusMessage {
  readonly source: string;
}

/** Somebody changed a table: Glue names it. */
interface TableChange {
  readonly kind: 'table-changed';
  readonly database: string;
  readonly name: string;
}

const RESERVE_MS = 5_000;

type Work = ConvergeMessage | SweepMessage | TableChange;

/** Queue `converge` and Glue's own events, and the sweep on a schedule. */
export function createWatchHandler(guard: ReconcileGuard, telemetry: Telemetry) {
  const onQueue = queueHandler<Work>(
    { read: (body) => readWork(body), run: (messages, _, remainingMs) => run(guard, messages, remainingMs) },
    telemetry,
  );
  return async (
    event: SQSEvent | ReconcileEvent | BusMessage,
    context: Context,
  ): Promise<SQSBatchResponse | undefined> => {
    if ('Records' in event) return onQueue(event, context);
    if ('source' in event) await watchNow(guard, readWork(event), context);
    else await sweep(guard, event, context, telemetry);
    return undefined;
  };
}

/** Without a queue Lambda itself tries again, and alarms. */
async function watchNow(guard: ReconcileGuard, work: readonly Work[], context: Context): Promise<void> {
  const [failure] = await run(guard, work, () => context.getRemainingTimeInMillis());
  if (failure) throw failure.error;
}

/** One table's trouble keeps no other from being looked at; the invocation fails at the end, and so alarms. */
async function sweep(
  guard: ReconcileGuard,
  { job, table: only, isThorough = false }: ReconcileEvent,
  context: Context,
  telemetry: Telemetry,
): Promise<void> {
  if (job !== 'reconcile')
    throw new HeadgateError('NOT_STORABLE', 'an event that is not an order to reconcile');
  const tables = [...guardedTables(await guard.contracts.current()).values()].filter(
    ({ name }) => only === undefined || name === only,
  );
  let failed = 0;
  for (const guarded of tables)
    try {
      if (context.getRemainingTimeInMillis() < RESERVE_MS)
        throw new HeadgateError('THROTTLED', 'not reached in time: sweep tables one by one');
      const { foldersToConverge, publishedObjects, isUnderWay } = await reconcile(guard, guarded, {
        isThorough,
        isOver: clockFor(() => context.getRemainingTimeInMillis()),
      });
      telemetry.note(isUnderWay ? 'sweep-goes-on' : 'reconciled', {
        table: guarded.name,
        foldersToConverge,
        publishedObjects,
      });
    } catch (error) {
      failed++;
      telemetry.failed(error, { table: guarded.name });
    }
  telemetry.flush();
  if (failed > 0)
    throw new HeadgateError('READ_FAILED', `${failed} of ${tables.length} tables were not reconciled`);
}

async function run(
  guard: ReconcileGuard,
  messages: readonly Work[],
  remainingMs: () => number,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const tables = guardedTables(await guard.contracts.current());
  const seen = new Set<string>();
  for (const [index, message] of messages.entries())
    try {
      if (message.kind !== 'table-changed') {
        const failed = await watchFolders(guard, [message], clockFor(remainingMs));
        failures.push(...failed.map(({ error }) => ({ index, error })));
        continue;
      }
      for (const guarded of tables.values()) {
        const isMeant =
          guarded.ref.database.toLowerCase() === message.database &&
          guarded.ref.name.toLowerCase() === message.name;
        if (!isMeant || seen.has(guarded.name) || guarded.placement.mode === 'observe') continue;
        seen.add(guarded.name);
        await watchCatalog(guard, guarded);
      }
    } catch (error) {
      failures.push({ index, error });
    }
  return failures;
}

function readWork(body: unknown): readonly Work[] {
  const { source, 'detail-type': type, detail } = (body ?? {}) as { readonly [name: string]: unknown };
  if (source !== 'aws.glue') return [readMessage(body, 'converge', 'sweep')];
  const { databaseName, tableName } = (detail ?? {}) as { readonly [name: string]: unknown };
  const isTable = type === 'Glue Data Catalog Table State Change' && typeof tableName === 'string';
  if (!isTable || typeof databaseName !== 'string') return [];
  return [{ kind: 'table-changed', database: databaseName.toLowerCase(), name: tableName.toLowerCase() }];
}
