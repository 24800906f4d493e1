import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { deny, notBy, READS, WRITES } from './bucket-policy.ts';
import type { QuarantineProps } from './props.ts';

/** What every bucket has: encrypted, private, owned by the account, kept when the stack goes. */
export function bucketProps(encryptionKey: IKey | undefined): BucketProps {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
    ...(encryptionKey
      ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
  };
}

export interface OwnBucketsProps {
  readonly encryptionKey: IKey | undefined;
  readonly quarantine: QuarantineProps;
  /** Roles of the deployment, and people: nobody else reads what is held, or the contracts that count. */
  readonly knownRoles: readonly string[];
  /** Of them, those that write to the quarantine. */
  readonly quarantineWriters: readonly string[];
  /** Those that publish to the registry. */
  readonly publishers: readonly string[];
}

export const REGISTRY_PREFIX = 'registry/';
const LOG_DAYS = 90;
const UNFINISHED_UPLOAD_DAYS = 2;

/** Buckets of the deployment itself: held files, newer contracts, and who accessed which object. */
export class OwnBuckets extends Construct {
  readonly quarantine: Bucket;
  readonly registry: Bucket;
  readonly accessLogs: Bucket;

  constructor(
    scope: Construct,
    id: string,
    { encryptionKey, quarantine, knownRoles, quarantineWriters, publishers }: OwnBucketsProps,
  ) {
    super(scope, id);
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      // S3 delivers access logs to buckets that are encrypted with its own keys only.
      ...bucketProps(undefined),
      versioned: true,
      lifecycleRules: [
        { expiration: Duration.days(LOG_DAYS), noncurrentVersionExpiration: Duration.days(1) },
      ],
    });
    onlyTls(this.accessLogs);
    Validations.of(this.accessLogs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'it takes the access logs of the others; its own would go round in circles',
    });
    this.quarantine = new Bucket(this, 'Quarantine', {
      ...bucketProps(encryptionKey),
      versioned: true,
      ...(quarantine.objectLock && {
        objectLockEnabled: true,
        objectLockDefaultRetention: ObjectLockRetention.governance(quarantine.objectLock),
      }),
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(UNFINISHED_UPLOAD_DAYS),
          ...(quarantine.expiry && { expiration: quarantine.expiry }),
        },
      ],
    });
    onlyTls(this.quarantine);
    this.logAccess(this.quarantine, 'quarantine/');
    closeTo(this.quarantine, 'Hold', { readers: knownRoles, writers: quarantineWriters });
    this.registry = new Bucket(this, 'Registry', { ...bucketProps(encryptionKey), versioned: true });
    onlyTls(this.registry);
    this.logAccess(this.registry, 'registry/');
    closeTo(this.registry, 'Publish', { readers: knownRoles, writers: publishers });
    for (const statement of immutableBodies(this.registry.arnForObjects(`${REGISTRY_PREFIX}contracts/*`)))
      this.registry.addToResourcePolicy(statement);
  }

  /** Written without CDK's own help, which depends on feature flags of the app. */
  logAccess(bucket: Bucket, prefix: string): void {
    (bucket.node.defaultChild as CfnBucket).loggingConfiguration = {
      destinationBucketName: this.accessLogs.bucketName,
      logFilePrefix: prefix,
    };
    // By account and not by bucket: the policies of the two buckets would wait for each other.
    if (this.accessLogs.node.tryFindChild('Delivered') !== undefined) return;
    new Construct(this.accessLogs, 'Delivered');
    this.accessLogs.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AccessLogsOfThisAccount',
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.accessLogs.arnForObjects('*')],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}

function onlyTls(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    deny('TlsOnly', ['s3:*'], [bucket.bucketArn, bucket.arnForObjects('*')], {
      Bool: { 'aws:SecureTransport': 'false' },
    }),
  );
}

/**
 * Objects are read and written by these roles alone. What changes the bucket itself stays with whoever IAM lets: so an account
 * that lost its roles can change this policy, and get back in.
 */
function closeTo(
  bucket: Bucket,
  act: string,
  { readers, writers }: { readonly readers: readonly string[]; readonly writers: readonly string[] },
): void {
  const objects = [bucket.arnForObjects('*')];
  bucket.addToResourcePolicy(deny('OnlyHeadgateAndOperatorsRead', READS, objects, notBy(readers)));
  bucket.addToResourcePolicy(deny(`OnlyHeadgateAndOperators${act}`, WRITES, objects, notBy(writers)));
}

/** A body is named by its hash: it is written once, and stays. */
function immutableBodies(objects: string): readonly PolicyStatement[] {
  return [
    deny('BodiesAreWrittenOnce', ['s3:PutObject'], [objects], {
      Null: { 's3:if-none-match': 'true' },
      // Parts of an upload carry no condition; what completes it does.
      Bool: { 's3:ObjectCreationOperation': 'true' },
    }),
    new PolicyStatement({
      sid: 'BodiesStay',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      resources: [objects],
    }),
  ];
}
