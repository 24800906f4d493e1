import type { CatalogTable, TableRef } from './catalog.ts';

/** A Glue crawler, by what it may change. */
export interface Crawler {
  readonly name: string;
  /** `s3://bucket/prefix`, and patterns below it that are left out. */
  readonly targets: readonly { readonly uri: string; readonly exclusions: readonly string[] }[];
  /** Tables of the catalog that it crawls. */
  readonly tables: readonly TableRef[];
  /** `LOG` or `UPDATE_IN_DATABASE`. */
  readonly updates: string;
  /** `LOG`, `DELETE_FROM_DATABASE` or `DEPRECATE_IN_DATABASE`. */
  readonly deletes: string;
}

/** A Glue job, by what its definition says about the catalog; a script may say more. */
export interface GlueJob {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** Tables that its visual targets keep up to date by themselves. */
  readonly updates: readonly TableRef[];
}

/** One grant of Lake Formation. */
export interface Grant {
  /** ARN, or a group such as `IAM_ALLOWED_PRINCIPALS`. */
  readonly principal: string;
  readonly on: 'database' | 'table' | 'location';
  /** Such as `ALTER` or `DATA_LOCATION_ACCESS`. */
  readonly permissions: readonly string[];
}

/** Whom a bucket tells about its objects. */
export interface BucketNotice {
  readonly toEventBridge: boolean;
  readonly toQueues: readonly { readonly queueArn: string; readonly prefix: string }[];
}

/** A rule that removes current objects by their age. */
export interface Expiry {
  readonly id: string;
  readonly prefix: string;
}

export interface QueueState {
  readonly arn: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly maxMessageBytes: number;
  readonly visibilitySeconds: number;
  readonly deadLetterArn: string | undefined;
}

/** A function that reads a queue. */
export interface Poller {
  readonly functionArn: string;
  readonly isEnabled: boolean;
  readonly timeoutSeconds: number | undefined;
  /** The role that it works under. */
  readonly roleArn: string | undefined;
}

export interface EventRule {
  readonly name: string;
  readonly isEnabled: boolean;
  /** JSON text; absent for schedules. */
  readonly pattern: string | undefined;
  /** Such as `rate(1 hour)`. */
  readonly schedule: string | undefined;
  readonly targetArns: readonly string[];
  /** Where events go that a target did not take. */
  readonly deadLetterArns: readonly string[];
}

export interface WorkGroup {
  readonly name: string;
  readonly isEnabled: boolean;
  /** Such as `Athena engine version 3`. */
  readonly engine: string;
}

export interface LedgerState {
  readonly status: string;
  /** `name TYPE` of hash and range key. */
  readonly keys: readonly string[];
  readonly isRecoverable: boolean;
}

/**
 * What an account on AWS says about itself. Only ever read: no method changes anything. A thing that does not exist is
 * `undefined`; what may not be read, or could not be, throws `HeadgateError`, so that nobody takes it for fine.
 */
export interface Account {
  crawlers(): Promise<readonly Crawler[]>;
  jobs(): Promise<readonly GlueJob[]>;
  table(ref: TableRef): Promise<CatalogTable | undefined>;
  /** On the database and the table; of Lake Formation. */
  tableGrants(ref: TableRef): Promise<readonly Grant[]>;
  /** On the registered location that holds it; `undefined` where none does: then nothing is asked for there. */
  locationGrants(location: string): Promise<readonly Grant[] | undefined>;
  notice(bucket: string): Promise<BucketNotice | undefined>;
  /** `Enabled`, `Suspended` or `Off`. */
  versioning(bucket: string): Promise<string | undefined>;
  /** Such as `BucketOwnerEnforced`; `ACLs` where nothing is said. */
  ownership(bucket: string): Promise<string | undefined>;
  /** JSON text; empty where there is none. */
  policy(bucket: string): Promise<string | undefined>;
  expiries(bucket: string): Promise<readonly Expiry[] | undefined>;
  queue(url: string): Promise<QueueState | undefined>;
  /** By ARN, as a dead-letter queue is named. */
  queueByArn(arn: string): Promise<QueueState | undefined>;
  pollers(queueArn: string): Promise<readonly Poller[]>;
  /** Rules of a bus with their targets; `undefined` where there is no such bus. */
  rules(bus: string): Promise<readonly EventRule[] | undefined>;
  workGroups(): Promise<readonly WorkGroup[]>;
  ledger(table: string): Promise<LedgerState | undefined>;
}
