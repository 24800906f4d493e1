import { AnyPrincipal, ArnPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FunctionName } from '../lambdas/permissions.ts';
import type { GuardedTable } from '../src/run/table/guarded-table.ts';
import type { Producer } from './props.ts';

/** Of the functions that a deployment has: without a table of its own it has no heartbeat. */
export type RoleArns = Readonly<Record<Exclude<FunctionName, 'canary'>, string>> & {
  readonly canary?: string;
};

/** Who a bucket's policy knows. */
export interface People {
  readonly roleArns: RoleArns;
  readonly producers: readonly Producer[];
  readonly operators: readonly string[];
}

export const READS = ['s3:GetObject', 's3:GetObjectVersion'];
/** Everything that makes, changes or removes an object, its versions or its tags. */
export const WRITES = [
  's3:PutObject',
  's3:PutObjectAcl',
  's3:PutObjectVersionAcl',
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersionTagging',
  's3:ReplicateObject',
  's3:ReplicateDelete',
  's3:ReplicateTags',
];
const PRODUCER_OBJECT_ACTIONS = [
  's3:PutObject',
  's3:GetObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
];

/**
 * The policy of a bucket that holds guarded prefixes or locations. Denies bind who is not named, so no foreign role has
 * to exist; nothing binds producers in landing but TLS, so that Spark's renames and overwrites go on.
 */
export function bucketStatements(
  bucketName: string,
  arn: string,
  tables: readonly GuardedTable[],
  people: People,
): readonly PolicyStatement[] {
  const objects = (prefix: string) => `${arn}/${prefix}*`;
  const headgate = Object.values(people.roleArns);
  const isEnforced = ({ placement }: GuardedTable) => placement.mode !== 'observe';
  const guarded = tables.filter(({ landing }) => landing.bucket === bucketName).filter(isEnforced);
  const published = tables.filter(
    ({ location, placement }) => location.bucket === bucketName && placement.mode === 'promote',
  );
  // What binds Headgate's roles, or words that are Headgate's, needs no prefix; policies have 20 KB.
  const everything = guarded.length + published.length > 0 ? [`${arn}/*`] : [];
  return [
    deny('TlsOnly', ['s3:*'], [arn, `${arn}/*`], { Bool: { 'aws:SecureTransport': 'false' } }),
    ...denyOn(
      'OnlyHeadgatePublishes',
      WRITES,
      published.map(({ location }) => objects(location.prefix)),
      notBy([people.roleArns.publish]),
    ),
    ...denyOn('HeadgateDeletesConditionally', ['s3:DeleteObject'], everything, {
      ArnLike: { 'aws:PrincipalArn': headgate },
      Null: { 's3:if-match': 'true' },
    }),
    ...denyOn('HeadgateKeepsVersions', ['s3:DeleteObjectVersion'], everything, {
      ArnLike: { 'aws:PrincipalArn': headgate },
    }),
    ...denyOn('VerdictTagsAreHeadgates', ['s3:PutObject', 's3:PutObjectTagging'], everything, {
      'ForAnyValue:StringLike': { 's3:RequestObjectTagKeys': ['headgate.*'] },
      ...notBy(headgate),
    }),
    ...landingStatements(guarded, objects, people, headgate),
    ...producerStatements(
      arn,
      tables.filter(({ landing }) => landing.bucket === bucketName),
      objects,
      people.producers,
    ),
  ];
}

/** Landing is read by nobody but who writes there and who judges it; one statement for tables with the same writers. */
function landingStatements(
  guarded: readonly GuardedTable[],
  objects: (prefix: string) => string,
  { producers, operators }: People,
  headgate: readonly string[],
): readonly PolicyStatement[] {
  const groups = new Map<string, { writers: readonly string[]; resources: string[] }>();
  for (const table of guarded) {
    const writers = producers.filter((producer) => writes(producer, table)).map(({ roleArn }) => roleArn);
    if (table.placement.mode !== 'promote' || writers.length === 0) continue;
    const group = groups.get(writers.join(' ')) ?? { writers, resources: [] };
    group.resources.push(objects(table.landing.prefix));
    groups.set(writers.join(' '), group);
  }
  return [...groups.values()].flatMap(({ writers, resources }, index) =>
    denyOn(`LandingIsNotRead${index + 1}`, READS, resources, notBy([...headgate, ...writers, ...operators])),
  );
}

function producerStatements(
  bucketArn: string,
  tables: readonly GuardedTable[],
  objects: (prefix: string) => string,
  producers: readonly Producer[],
): readonly PolicyStatement[] {
  return producers.flatMap((producer, index) => {
    const theirs = tables.filter((table) => writes(producer, table)).map(({ landing }) => landing.prefix);
    if (theirs.length === 0) return [];
    const principals = [new ArnPrincipal(producer.roleArn)];
    return [
      new PolicyStatement({
        sid: `Producer${index + 1}Writes`,
        principals,
        actions: PRODUCER_OBJECT_ACTIONS,
        resources: theirs.map(objects),
      }),
      new PolicyStatement({
        sid: `Producer${index + 1}Lists`,
        principals,
        actions: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [bucketArn],
        conditions: {
          StringLike: { 's3:prefix': theirs.flatMap((prefix) => [prefix.replace(/\/$/u, ''), `${prefix}*`]) },
        },
      }),
      new PolicyStatement({
        sid: `Producer${index + 1}Locates`,
        principals,
        actions: ['s3:GetBucketLocation'],
        resources: [bucketArn],
      }),
    ];
  });
}

export function writes({ tables }: Producer, { name }: GuardedTable): boolean {
  return tables === undefined || tables.includes(name);
}

/** Also true where no role acts at all, as for services. */
export function notBy(roleArns: readonly string[]) {
  return { ArnNotLike: { 'aws:PrincipalArn': unique(roleArns) } };
}

/** A deny that binds everybody whom its conditions do not let out. */
export function deny(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Readonly<Record<string, unknown>>,
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: [...resources],
    conditions,
  });
}

function denyOn(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions: Readonly<Record<string, unknown>>,
): readonly PolicyStatement[] {
  return resources.length === 0 ? [] : [deny(sid, actions, resources, conditions)];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
