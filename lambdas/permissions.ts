import { type CommandName, IAM_ACTIONS } from '../src/run/adapters/aws/iam-actions.ts';
import type { QueueName } from '../src/run/ports/queue.ts';

export type FunctionName =
  | 'gate'
  | 'publish'
  | 'quarantine'
  | 'catalog'
  | 'incident'
  | 'watch'
  | 'audit'
  | 'canary';

/**
 * What a call is about. Of S3: `guarded` is where producers write, `location` where Athena reads (in place they are one),
 * `quarantine` holds copies and reports, `registry` contracts. `canary …` is only what belongs to the table of
 * the heartbeat: there its guarded prefix, its location, and its folder (its name) below the quarantine. Of SQS each queue.
 * The rest have one each.
 */
export type Area =
  | 'guarded'
  | 'location'
  | 'quarantine'
  | 'registry'
  | `canary ${'guarded' | 'location' | 'quarantine'}`
  | `queue ${QueueName}`
  | 'ledger'
  | 'bus'
  | 'tables'
  | 'topics'
  | 'secret';

type Calls = { readonly [Name in CommandName]?: readonly Area[] };

const READS_LEDGER = { GetItemCommand: ['ledger'] } as const satisfies Calls;
const WRITES_LEDGER = {
  ...READS_LEDGER,
  PutItemCommand: ['ledger'],
  DeleteItemCommand: ['ledger'],
  QueryCommand: ['ledger'],
} as const satisfies Calls;
const TELLS = { PutEventsCommand: ['bus'] } as const satisfies Calls;

/** Writing a copy, above 5 GB in parts. */
function copies(from: readonly Area[], to: readonly Area[]) {
  return {
    CopySource: from,
    GetObjectTaggingCommand: from,
    CopyObjectCommand: to,
    CreateMultipartUploadCommand: to,
    UploadPartCopyCommand: to,
    CompleteMultipartUploadCommand: to,
    AbortMultipartUploadCommand: to,
  } as const satisfies Calls;
}

/** Every call that a function may make, by what it is about. The stack's roles are made from this table and nothing else. */
export const FUNCTION_CALLS = {
  gate: {
    HeadObjectCommand: ['guarded'],
    GetObjectCommand: ['guarded', 'registry'],
    GetItemCommand: ['ledger'],
    PutItemCommand: ['ledger'],
    // The breaker's counts, which stand in several entries.
    QueryCommand: ['ledger'],
    SendMessageBatchCommand: ['queue publish', 'queue quarantine', 'queue catalog', 'queue converge'],
    ...TELLS,
  },
  publish: {
    HeadObjectCommand: ['guarded', 'location'],
    GetObjectCommand: ['registry'],
    ListObjectsV2Command: ['guarded', 'location'],
    ...copies(['guarded'], ['location']),
    // Below the location: mirrored deletes. In landing: only with `landing: consume`.
    DeleteObjectCommand: ['guarded', 'location'],
    SendMessageBatchCommand: ['queue validate', 'queue catalog', 'queue converge'],
    ...WRITES_LEDGER,
    ...TELLS,
  },
  quarantine: {
    HeadObjectCommand: ['guarded', 'location', 'quarantine'],
    GetObjectCommand: ['registry'],
    ...copies(['guarded'], ['quarantine']),
    PutObjectCommand: ['quarantine'],
    DeleteObjectCommand: ['guarded'],
    // A verdict of older contracts is not acted upon.
    SendMessageBatchCommand: ['queue validate'],
    ...WRITES_LEDGER,
    ...TELLS,
  },
  catalog: {
    GetObjectCommand: ['registry'],
    GetTableCommand: ['tables'],
    CreateTableCommand: ['tables'],
    UpdateTableCommand: ['tables'],
    BatchCreatePartitionCommand: ['tables'],
    GetPartitionCommand: ['tables'],
    GetPartitionsCommand: ['tables'],
    GetItemCommand: ['ledger'],
    PutItemCommand: ['ledger'],
    SendMessageBatchCommand: ['queue validate', 'queue publish'],
    ...TELLS,
  },
  incident: {
    GetObjectCommand: ['registry'],
    GetItemCommand: ['ledger'],
    PutItemCommand: ['ledger'],
    QueryCommand: ['ledger'],
    PublishCommand: ['topics'],
    GetSecretValueCommand: ['secret'],
  },
  watch: {
    HeadObjectCommand: ['guarded', 'location'],
    GetObjectCommand: ['registry'],
    ListObjectsV2Command: ['guarded', 'location'],
    GetTableCommand: ['tables'],
    GetPartitionsCommand: ['tables'],
    SendMessageBatchCommand: [
      'queue validate',
      'queue publish',
      'queue quarantine',
      'queue catalog',
      'queue converge',
    ],
    ...WRITES_LEDGER,
    ...TELLS,
  },
  audit: {
    HeadObjectCommand: ['guarded'],
    GetObjectCommand: ['guarded', 'registry'],
    ...READS_LEDGER,
  },
  canary: {
    HeadObjectCommand: ['canary guarded', 'canary location', 'canary quarantine'],
    ListObjectsV2Command: ['canary guarded', 'canary location'],
    GetObjectCommand: ['registry'],
    PutObjectCommand: ['canary guarded'],
    // What it wrote itself, and what became of it in quarantine; in the location only `publish` deletes.
    DeleteObjectCommand: ['canary guarded', 'canary quarantine'],
    ...WRITES_LEDGER,
    ...TELLS,
  },
} as const satisfies Record<FunctionName, Calls>;

/**
 * Every call that a command makes for a person who acts on a deployment: holds, incidents, breakers, tables, pages. Dead letters
 * are the stack's own to grant. The published data is nobody's to write.
 */
export const OPERATOR_CALLS = {
  HeadObjectCommand: ['guarded', 'location', 'quarantine'],
  // A release is judged by the contracts that count.
  GetObjectCommand: ['guarded', 'quarantine', 'registry'],
  ListObjectsV2Command: ['guarded', 'location', 'quarantine'],
  // It goes back to where it came from; a purge may bring back the last good file.
  ...copies(['quarantine', 'location'], ['guarded']),
  PutObjectCommand: ['quarantine'],
  DeleteObjectCommand: ['guarded', 'quarantine'],
  GetTableCommand: ['tables'],
  CreateTableCommand: ['tables'],
  UpdateTableCommand: ['tables'],
  BatchCreatePartitionCommand: ['tables'],
  GetPartitionCommand: ['tables'],
  GetPartitionsCommand: ['tables'],
  UpdatePartitionCommand: ['tables'],
  SendMessageBatchCommand: [
    'queue validate',
    'queue publish',
    'queue quarantine',
    'queue catalog',
    'queue converge',
  ],
  PublishCommand: ['topics'],
  GetSecretValueCommand: ['secret'],
  ...WRITES_LEDGER,
  ...TELLS,
} as const satisfies Calls;

/** The IAM actions of a function, each with what it may touch. */
export function actionsOf(name: FunctionName): ReadonlyMap<string, ReadonlySet<Area>> {
  return actionsOfCalls(FUNCTION_CALLS[name]);
}

export function actionsOfCalls(calls: Calls): ReadonlyMap<string, ReadonlySet<Area>> {
  const actions = new Map<string, Set<Area>>();
  for (const [command, areas] of Object.entries(calls))
    for (const action of IAM_ACTIONS[command as CommandName])
      actions.set(action, new Set([...(actions.get(action) ?? []), ...areas]));
  return actions;
}
