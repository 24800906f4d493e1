import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { HeadgateError } from '../src/error.ts';
import type { GuardedTable } from '../src/run/table/guarded-table.ts';
import { prefixOf } from '../src/run/table/guarded-table.ts';
import { bucketStatements, type People } from './bucket-policy.ts';
import { bucketProps, type OwnBuckets } from './own-buckets.ts';
import type { ExistingBucket } from './props.ts';

export interface DataBucketsProps {
  readonly tables: readonly GuardedTable[];
  readonly existing: Readonly<Record<string, ExistingBucket>>;
  readonly encryptionKey: IKey | undefined;
  readonly people: People;
  readonly own: OwnBuckets;
}

const NONCURRENT_DAYS = 30;
const UNFINISHED_UPLOAD_DAYS = 7;

/** The buckets that contracts name: created, or, where they exist, only told what their policy must say. */
export class DataBuckets extends Construct {
  /** By name; those that exist already are not among them. */
  readonly created: ReadonlyMap<string, Bucket>;

  constructor(scope: Construct, id: string, props: DataBucketsProps) {
    super(scope, id);
    const created = new Map<string, Bucket>();
    for (const name of bucketNames(props.tables)) {
      const existing = props.existing[name];
      checkSize(name, policyText(Stack.of(this), this.statements(name, props)));
      if (existing) this.tellPolicy(name, existing, props);
      else {
        const bucket = this.create(name, props);
        for (const statement of bucketStatements(name, bucket.bucketArn, props.tables, props.people))
          bucket.addToResourcePolicy(statement);
        created.set(name, bucket);
      }
    }
    this.created = created;
  }

  private statements(name: string, { tables, people }: DataBucketsProps) {
    return bucketStatements(name, `arn:${Stack.of(this).partition}:s3:::${name}`, tables, people);
  }

  private tellPolicy(name: string, existing: ExistingBucket, props: DataBucketsProps): void {
    const stack = Stack.of(this);
    const statements = this.statements(name, props);
    checkExisting(name, existing, props.tables, policyText(stack, statements));
    new CfnOutput(this, `BucketPolicy-${name}`, {
      description: `What the policy of bucket ${name} must say for Headgate`,
      value: stack.toJsonString(new PolicyDocument({ statements: [...statements] }).toJSON()),
    });
  }

  /** No expiry of current objects: landing is what published mirrors. */
  private create(name: string, { tables, encryptionKey, own }: DataBucketsProps): Bucket {
    const bucket = new Bucket(this, name, {
      ...bucketProps(encryptionKey),
      bucketName: name,
      versioned: true,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(NONCURRENT_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(UNFINISHED_UPLOAD_DAYS),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
    if (isGuarded(name, tables))
      // CDK's own switch is a function with rights to every bucket's notifications.
      (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
        eventBridgeConfiguration: { eventBridgeEnabled: true },
      };
    own.logAccess(bucket, `${name}/`);
    return bucket;
  }
}

/** Every bucket that a contract names. */
export function bucketNames(tables: readonly GuardedTable[]): readonly string[] {
  const names = tables.flatMap(({ landing, location, table }) => [
    landing.bucket,
    location.bucket,
    ...(table.policy.quarantine === undefined ? [] : [prefixOf(table.policy.quarantine).bucket]),
  ]);
  return [...new Set(names)].toSorted();
}

function isGuarded(name: string, tables: readonly GuardedTable[]): boolean {
  return tables.some(({ landing }) => landing.bucket === name);
}

function policyText(stack: Stack, statements: ReturnType<typeof bucketStatements>): string {
  const document = new PolicyDocument({ statements: [...statements] });
  return JSON.stringify(plain(stack.resolve(document)), null, 2);
}

/** References of CloudFormation as a person writes them: `${AWS::AccountId}`. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Join': join } = value as Readonly<Record<string, unknown>>;
  if (typeof Ref === 'string') return `\${${Ref}}`;
  if (Array.isArray(join)) return (join[1] as readonly unknown[]).map(plain).join(String(join[0]));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const MAX_POLICY_BYTES = 20 * 1024;

function checkSize(name: string, policy: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(JSON.parse(policy)));
  if (bytes > MAX_POLICY_BYTES)
    throw new HeadgateError(
      'NOT_CONFIGURED',
      `the policy of bucket ${name} would have ${bytes} bytes, S3 takes ${MAX_POLICY_BYTES}: spread its tables over more buckets, or give them shorter prefixes`,
    );
}

function checkExisting(
  name: string,
  { policyApplied, eventBridgeEnabled }: ExistingBucket,
  tables: readonly GuardedTable[],
  policy: string,
): void {
  if (isGuarded(name, tables) && eventBridgeEnabled !== true)
    throw new HeadgateError(
      'NOT_CONFIGURED',
      `bucket ${name} exists and tables land in it: turn on "Send notifications to Amazon EventBridge" in its properties (others' notifications stay as they are), then state eventBridgeEnabled: true`,
    );
  if (!policyApplied)
    throw new HeadgateError(
      'NOT_CONFIGURED',
      `bucket ${name} exists: add these statements to its policy, then state policyApplied: true\n${policy}`,
    );
}
