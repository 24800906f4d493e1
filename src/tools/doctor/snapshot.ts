import type { HeadgateError } from '../../error.ts';
import type { Mode } from '../../judge/contract/contract.ts';
import type { CatalogDifference } from '../../run/catalog/difference.ts';
import type {
  BucketNotice,
  Crawler,
  EventRule,
  Expiry,
  GlueJob,
  Grant,
  LedgerState,
  Poller,
  QueueState,
  WorkGroup,
} from '../../run/ports/account.ts';
import type { TableRef } from '../../run/ports/catalog.ts';
import type { QueueName } from '../../run/ports/queue.ts';

/** Something that was looked at, or could not be. */
export type Observed<Value> =
  | { readonly kind: 'seen'; readonly value: Value }
  | { readonly kind: 'unseen'; readonly why: string; readonly error: HeadgateError };

/** A guarded table as its contract says, and what the catalog says of it. */
export interface TableState {
  readonly name: string;
  readonly ref: TableRef;
  readonly mode: Mode;
  /** `s3://bucket/prefix/` */
  readonly guarded: string;
  readonly location: string;
  readonly partitions: 'registered' | 'projected';
  readonly isPartitioned: boolean;
  /** What differs from what the catalog was made to hold; absent where there is no such table yet. */
  readonly differences: Observed<readonly CatalogDifference[] | undefined>;
  readonly grants: Observed<readonly Grant[]>;
  readonly locationGrants: Observed<readonly Grant[] | undefined>;
}

/** What a bucket is used for. */
export interface BucketUse {
  readonly prefix: string;
  readonly as: 'landing' | 'location' | 'in-place' | 'quarantine';
}

export interface BucketState {
  readonly name: string;
  readonly uses: readonly BucketUse[];
  readonly notice: Observed<BucketNotice | undefined>;
  readonly versioning: Observed<string | undefined>;
  readonly ownership: Observed<string | undefined>;
  readonly policy: Observed<string | undefined>;
  readonly expiries: Observed<readonly Expiry[] | undefined>;
}

export interface QueueEntry {
  readonly name: QueueName;
  readonly state: Observed<QueueState | undefined>;
  readonly deadLetters: Observed<QueueState | undefined>;
  readonly pollers: Observed<readonly Poller[]>;
}

/** What a deployment adds to what contracts say. */
export interface DeploymentState {
  readonly queues: readonly QueueEntry[];
  readonly ledger: Observed<LedgerState | undefined>;
  /** Of the bus that the system tells its events on. */
  readonly busRules: Observed<readonly EventRule[] | undefined>;
  /** Dead letters of what has no queue of its own here, by its name. */
  readonly otherDeadLetters: readonly {
    readonly name: string;
    readonly arn: string;
    readonly state: Observed<QueueState | undefined>;
  }[];
}

/** An account at one moment, as far as guarding it is concerned. Plain values. */
export interface Snapshot {
  readonly tables: readonly TableState[];
  readonly buckets: readonly BucketState[];
  readonly crawlers: Observed<readonly Crawler[]>;
  readonly jobs: Observed<readonly GlueJob[]>;
  readonly workGroups: Observed<readonly WorkGroup[]>;
  /** Of the default bus, where S3 tells of objects. */
  readonly rules: Observed<readonly EventRule[] | undefined>;
  /** Absent: only planned. */
  readonly deployment?: DeploymentState;
}

/** The value, or nothing where it could not be looked at: that is told by itself, once. */
export function seen<Value>(observed: Observed<Value>): Value | undefined {
  return observed.kind === 'seen' ? observed.value : undefined;
}

/** The role of the function that reads a queue, as the account has it. */
export function readerRole({ deployment }: Snapshot, queue: QueueName): string | undefined {
  const entry = deployment?.queues.find(({ name }) => name === queue);
  return entry && seen(entry.pollers)?.find(({ roleArn }) => roleArn !== undefined)?.roleArn;
}
