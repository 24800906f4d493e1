import { denials, deniesWhen, excepts } from './bucket-policy.ts';
import type { Check, Sighting } from './check.ts';
import { DENY_WRITES, found, LAKE, LANDING, QUARANTINE } from './healthy.ts';
import { type BucketState, type BucketUse, readerRole, type Snapshot, seen } from './snapshot.ts';

export const BUCKET_CHECKS = {
  'bucket-missing': {
    summary: 'a bucket that the contracts or the deployment name does not exist',
    remedy: 'create the bucket, or correct the location in the contract',
    severity: 'error',
    find: ({ buckets }) =>
      buckets
        .filter(({ versioning }) => versioning.kind === 'seen' && versioning.value === undefined)
        .map(({ name }) => ({ where: bucketText(name), expected: 'a bucket', actual: 'none' })),
    examples: {
      failing: { buckets: [LANDING, { ...LAKE, versioning: found(undefined) }] },
      passing: {},
    },
  },
  'bucket-events-off': {
    summary: 'a bucket that producers write to tells nobody of its objects: nothing there is judged',
    remedy:
      'switch Amazon EventBridge on in the bucket’s properties, or deploy the trigger `s3-sqs` for it; then run the sweep',
    severity: 'error',
    find: ({ buckets }) =>
      buckets.flatMap((bucket) => {
        const notice = seen(bucket.notice);
        if (notice === undefined || notice.toEventBridge) return [];
        return guardedIn(bucket)
          .filter(({ prefix }) => !notice.toQueues.some((queue) => prefix.startsWith(queue.prefix)))
          .map(({ prefix }) => ({
            where: bucketText(bucket.name, prefix),
            expected: 'events to EventBridge, or to a queue',
            actual: notice.toQueues.length === 0 ? 'events to nobody' : 'events of other prefixes only',
          }));
      }),
    examples: {
      failing: { buckets: [{ ...LANDING, notice: found({ toEventBridge: false, toQueues: [] }) }] },
      passing: {
        buckets: [
          {
            ...LANDING,
            notice: found({ toEventBridge: false, toQueues: [{ queueArn: 'arn:q', prefix: 'orders/' }] }),
          },
        ],
        rules: found([]),
      },
    },
  },
  'bucket-unversioned': {
    summary: 'a bucket keeps no versions: what is overwritten or deleted there by mistake is gone',
    remedy: 'switch versioning on, with a lifecycle rule for noncurrent versions',
    severity: 'warning',
    find: ({ buckets }) =>
      buckets.flatMap((bucket) => {
        const versioning = seen(bucket.versioning);
        if (versioning === undefined || versioning === 'Enabled') return [];
        const isPublished = bucket.uses.some(({ as }) => as === 'location' || as === 'in-place');
        return [
          {
            where: bucketText(bucket.name),
            expected: 'versioning Enabled',
            actual: versioning,
            severity: isPublished ? ('error' as const) : ('warning' as const),
          },
        ];
      }),
    examples: {
      failing: { buckets: [LANDING, { ...LAKE, versioning: found('Suspended') }, QUARANTINE] },
      passing: {},
    },
  },
  'bucket-ownership': {
    summary: 'objects may belong to the account that wrote them, so that Headgate cannot read or remove them',
    remedy: 'set Object Ownership to BucketOwnerEnforced',
    severity: 'warning',
    find: ({ buckets }) =>
      buckets.flatMap((bucket) => {
        const ownership = seen(bucket.ownership);
        return ownership === undefined || ownership === 'BucketOwnerEnforced'
          ? []
          : [{ where: bucketText(bucket.name), expected: 'BucketOwnerEnforced', actual: ownership }];
      }),
    examples: {
      failing: { buckets: [{ ...LANDING, ownership: found('ObjectWriter') }, LAKE] },
      passing: {},
    },
  },
  'landing-expires': {
    summary: 'a lifecycle rule removes files from where producers write: published files would follow them',
    remedy: 'take the prefix out of the rule; retention belongs to the producer, or to noncurrent versions',
    severity: 'error',
    find: ({ buckets }) =>
      buckets.flatMap((bucket) =>
        (seen(bucket.expiries) ?? []).flatMap(({ id, prefix: expiring }) =>
          bucket.uses
            .filter(({ prefix, as }) => as !== 'quarantine' && overlaps(prefix, expiring))
            .map(({ prefix }) => ({
              where: bucketText(bucket.name, prefix),
              expected: 'no rule that expires current objects',
              actual: `rule ${id} expires ${expiring === '' ? 'everything' : expiring}`,
            })),
        ),
      ),
    examples: {
      failing: { buckets: [{ ...LANDING, expiries: found([{ id: 'tidy', prefix: '' }]) }, LAKE] },
      passing: {
        buckets: [LANDING, LAKE, { ...QUARANTINE, expiries: found([{ id: 'old', prefix: '' }]) }],
      },
    },
  },
  'location-writable': {
    summary: 'others than Headgate may write where readers read: what they write is judged by nobody',
    remedy:
      'add to the bucket policy a Deny of s3:PutObject and s3:DeleteObject below the location for every principal but the publish role',
    severity: 'error',
    find: (snapshot) => locations(snapshot).flatMap(writeSightings),
    examples: {
      failing: { buckets: [LANDING, { ...LAKE, policy: found('') }] },
      passing: {
        buckets: [LANDING, { ...LAKE, policy: found(DENY_WRITES.replaceAll('lake/orders/*', 'lake/*')) }],
      },
    },
  },
  'location-shut': {
    summary: 'the bucket policy keeps Headgate’s own publish role out: nothing can be published',
    remedy: 'except the publish role in the Deny statement of the location',
    severity: 'error',
    find: (snapshot) => {
      const role = readerRole(snapshot, 'publish');
      if (role === undefined) return [];
      return locations(snapshot).flatMap(({ bucket, prefix, policy }) =>
        (denials(policy, 's3:PutObject', { bucket, prefix }) ?? [])
          .filter((denial) => !excepts(denial, role))
          .map(({ exceptions }) => ({
            where: bucketText(bucket, prefix),
            expected: `${role} is excepted from the Deny`,
            actual: exceptions.length === 0 ? 'nobody is' : `only ${exceptions.join(', ')}`,
          })),
      );
    },
    examples: {
      failing: {
        buckets: [LANDING, { ...LAKE, policy: found(DENY_WRITES.replaceAll('headgate-publish', 'another')) }],
      },
      passing: {
        buckets: [
          LANDING,
          { ...LAKE, policy: found(DENY_WRITES.replaceAll('headgate-publish', 'headgate-*')) },
        ],
      },
    },
  },
  'landing-readable': {
    summary: 'anybody with rights on the bucket may read landing, where files are that nobody has judged',
    remedy:
      'add to the bucket policy a Deny of s3:GetObject below the guarded prefix for every principal but producers and Headgate’s roles',
    severity: 'warning',
    find: ({ buckets }) =>
      buckets.flatMap((bucket) => {
        const policy = seen(bucket.policy);
        if (policy === undefined) return [];
        return bucket.uses
          .filter(({ as }) => as === 'landing')
          .filter(({ prefix }) => isOpen(policy, ['s3:GetObject'], { bucket: bucket.name, prefix }))
          .map(({ prefix }) => ({
            where: bucketText(bucket.name, prefix),
            expected: 'a Deny of s3:GetObject with named exceptions',
            actual: policy === '' ? 'no bucket policy' : 'no such statement',
          }));
      }),
    examples: {
      failing: { buckets: [{ ...LANDING, policy: found('') }, LAKE] },
      passing: {},
    },
  },
  'bucket-statements': {
    summary: 'the bucket policy lacks a statement that the deployment relies on',
    remedy:
      'add the statements that the stack prints for a bucket that it did not make (output BucketPolicy-…); they bind Headgate’s roles and plain HTTP, never producers',
    severity: 'warning',
    find: (snapshot) =>
      snapshot.deployment === undefined ? [] : snapshot.buckets.flatMap(statementSightings),
    examples: {
      failing: { buckets: [LANDING, { ...LAKE, policy: found(DENY_WRITES.replace('s3:if-match', 's3:x')) }] },
      passing: { buckets: [LANDING, LAKE, { ...QUARANTINE, policy: found('') }] },
    },
  },
} as const satisfies Readonly<Record<string, Check>>;

const NEEDED = [
  {
    what: 'no access without TLS',
    action: 's3:GetObject',
    when: { operator: 'Bool', key: 'aws:SecureTransport', value: 'false' },
  },
  {
    what: 'no delete by Headgate without If-Match',
    action: 's3:DeleteObject',
    when: { operator: 'Null', key: 's3:if-match', value: 'true' },
  },
] as const;

function statementSightings(bucket: BucketState): readonly Sighting[] {
  const policy = seen(bucket.policy);
  if (policy === undefined) return [];
  return bucket.uses
    .filter(({ as }) => as !== 'quarantine')
    .flatMap(({ prefix }) => {
      const place = { bucket: bucket.name, prefix };
      const lacking = NEEDED.filter(({ action, when }) => !deniesWhen(policy, action, place, when));
      return lacking.length === 0
        ? []
        : [
            {
              where: bucketText(bucket.name, prefix),
              expected: NEEDED.map(({ what }) => what).join('; '),
              actual: `not denied: ${lacking.map(({ what }) => what.replace(/^no /u, '')).join('; ')}`,
            },
          ];
    });
}

function bucketText(bucket: string, prefix?: string): string {
  return prefix === undefined ? `bucket ${bucket}` : `s3://${bucket}/${prefix}`;
}

function overlaps(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

export function guardedIn({ uses }: BucketState): readonly BucketUse[] {
  return uses.filter(({ as }) => as === 'landing' || as === 'in-place');
}

interface Location {
  readonly bucket: string;
  readonly prefix: string;
  readonly policy: string;
}

function locations({ buckets }: Snapshot): readonly Location[] {
  return buckets.flatMap((bucket) => {
    const policy = seen(bucket.policy);
    return policy === undefined
      ? []
      : bucket.uses
          .filter(({ as }) => as === 'location')
          .map(({ prefix }) => ({ bucket: bucket.name, prefix, policy }));
  });
}

function writeSightings({ bucket, prefix, policy }: Location): readonly Sighting[] {
  const open = ['s3:PutObject', 's3:DeleteObject'].filter((action) =>
    isOpen(policy, [action], { bucket, prefix }),
  );
  if (open.length === 0) return [];
  return [
    {
      where: bucketText(bucket, prefix),
      expected: 'a Deny of s3:PutObject and s3:DeleteObject for all but the publish role',
      actual: policy === '' ? 'no bucket policy' : `no Deny of ${open.join(' and ')}`,
    },
  ];
}

function isOpen(
  policy: string,
  actions: readonly string[],
  place: { readonly bucket: string; readonly prefix: string },
) {
  return actions.some((action) => (denials(policy, action, place) ?? []).length === 0);
}
