import type { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';

export interface HeadgateProps {
  /** Folder of ODCS contracts, or one file, from where synthesis runs. */
  readonly contracts: string;
  /**
   * Which servers of the contracts count, as `--env` does.
   * @default - the only environment that the contracts name
   */
  readonly environment?: string;
  /**
   * Buckets that exist already, by name. All others that contracts name are created, and kept when the stack goes.
   * @default - none
   */
  readonly existingBuckets?: Readonly<Record<string, ExistingBucket>>;
  /**
   * Glue databases that exist already. All others are created.
   * @default - none
   */
  readonly existingDatabases?: readonly string[];
  /**
   * Who writes below guarded prefixes. Stated producers are let in, from other accounts too, and landing prefixes are then
   * closed to all other readers.
   * @default - whoever IAM lets; landing is closed to nobody
   */
  readonly producers?: readonly Producer[];
  /**
   * ARNs of the roles that people act with: `headgate quarantine release` and its kind. Attach `operatorPolicies` to them. Nobody
   * but them and the deployment's own roles reads or writes held files, the registry and the ledger.
   * @default - none: the deployment's own roles alone
   */
  readonly operators?: readonly string[];
  /**
   * Encrypts buckets, queues, topics and the ledger. A key of another stack must let these services use it.
   * @default - keys that AWS owns
   */
  readonly encryptionKey?: IKey;
  readonly quarantine?: QuarantineProps;
  /**
   * Whether the deployment proves by the hour, with two files of a table of its own, that it judges. The table lives beside
   * the first table in `promote`, below `headgate-canary/`.
   * @default true
   */
  readonly canary?: boolean;
  /**
   * E-mail addresses that get every page and every alarm.
   * @default - none
   */
  readonly emails?: readonly string[];
  /**
   * ARN of the Secrets Manager secret that holds a PagerDuty routing key.
   * @default - no PagerDuty
   */
  readonly pagerDutySecretArn?: string;
  /**
   * Where PagerDuty takes events: `https://events.eu.pagerduty.com` for accounts in the EU.
   * @default - https://events.pagerduty.com
   */
  readonly pagerDutyUrl?: string;
  /**
   * Days for which logs of the functions are kept, one of the values that CloudWatch takes.
   * @default 90
   */
  readonly logRetentionDays?: number;
  /**
   * Grants the functions what they need in Lake Formation. The deploying role must be a Lake Formation administrator.
   * @default false
   */
  readonly lakeFormation?: boolean;
  /**
   * `s3://bucket/prefix/` where S3 Inventory writes its reports, for audits of more objects than a listing should walk.
   * @default - audits list prefixes
   */
  readonly inventories?: readonly string[];
}

/** A bucket of yours that Headgate guards or publishes to. Its notifications and its policy are never written. */
export interface ExistingBucket {
  /**
   * The statements of output `…BucketPolicy…` are in the bucket's policy. Synthesis fails until you say so, and then
   * prints them.
   */
  readonly policyApplied: boolean;
  /** "Send notifications to Amazon EventBridge" is on; needed where a table's files land. Others' notifications stay. */
  readonly eventBridgeEnabled?: boolean;
  /** Of a customer key that encrypts the bucket. */
  readonly encryptionKeyArn?: string;
}

export interface Producer {
  /** ARN of the role that writes. */
  readonly roleArn: string;
  /**
   * `database.table` of what it writes.
   * @default - all tables
   */
  readonly tables?: readonly string[];
}

export interface QuarantineProps {
  /**
   * Held files, their reports and verdict logs are deleted after so long.
   * @default - never
   */
  readonly expiry?: Duration;
  /**
   * Object Lock in governance mode: for so long nobody deletes a held file without `s3:BypassGovernanceRetention`.
   * @default - no lock
   */
  readonly objectLock?: Duration;
}
