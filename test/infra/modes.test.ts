import { Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { everyMode, tableContract } from '../support/stack-contracts.ts';
import { contractFolder, synth } from '../support/synth.ts';

const policyOf = (stack: ReturnType<typeof synth>, bucket: string) =>
  JSON.stringify(
    [...stack.resources.values()].find(
      ({ type, properties }) => type === 'AWS::S3::BucketPolicy' && properties.Bucket === bucket,
    )?.properties ?? {},
  );

describe('INF-15 what a deployment may state', () => {
  test('buckets in place tell EventBridge, and are written by their producers', () => {
    const stack = synth({ contracts: everyMode() });
    stack.template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'old',
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(policyOf(stack, 'old')).not.toContain('OnlyHeadgatePublishes');
    expect(policyOf(stack, 'old')).toContain('HeadgateDeletesConditionally');
    expect(policyOf(stack, 'lake')).toContain('OnlyHeadgatePublishes');
    // What is only observed is bound by nothing but TLS.
    expect(policyOf(stack, 'raw').match(/"Sid":"\w+"/gu)).toEqual(['"Sid":"TlsOnly"']);
  });
  test('without stated producers landing is closed to nobody, so that the job that writes there goes on', () => {
    const open = synth({ contracts: everyMode() });
    expect(policyOf(open, 'landing')).not.toContain('LandingIsNotRead');
    const closed = synth({
      contracts: everyMode(),
      producers: [{ roleArn: 'arn:aws:iam::123456789012:role/checkout', tables: ['shop.orders'] }],
    });
    expect(policyOf(closed, 'landing').match(/LandingIsNotRead/gu)).toHaveLength(1);
  });
  test('a customer key encrypts buckets, queues, topics and the ledger, and functions use it through services only', () => {
    const stack = synth(
      {},
      { build: (scope) => ({ encryptionKey: new Key(scope, 'Key', { enableKeyRotation: true }) }) },
    );
    const keyed = (type: string, key: string) =>
      [...stack.resources.values()].filter(
        ({ type: t, properties }) => t === type && JSON.stringify(properties[key] ?? '').includes(':key/'),
      );
    expect(keyed('AWS::SQS::Queue', 'KmsMasterKeyId')).toHaveLength(13);
    expect(keyed('AWS::SNS::Topic', 'KmsMasterKeyId')).toHaveLength(3);
    // Access logs are delivered to no bucket with a customer key.
    expect(keyed('AWS::S3::Bucket', 'BucketEncryption')).toHaveLength(4);
    stack.template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } },
          }),
        ]),
      },
    });
    const key = JSON.stringify(
      [...stack.resources.values()].find(({ type }) => type === 'AWS::KMS::Key')?.properties,
    );
    for (const service of ['events.amazonaws.com', 'cloudwatch.amazonaws.com'])
      expect(key).toContain(service);
  });
  test('the quarantine is kept for ever unless it is asked, and locked where it is asked', async () => {
    const { Duration } = await import('aws-cdk-lib');
    const rulesOf = (stack: ReturnType<typeof synth>) => {
      const bucket = [...stack.resources].find(([id]) => /^HeadgateOwnQuarantine[0-9A-F]{8}$/u.test(id))?.[1]
        .properties;
      return { lock: bucket?.ObjectLockConfiguration, rules: JSON.stringify(bucket?.LifecycleConfiguration) };
    };
    expect(rulesOf(synth()).rules).not.toMatch(/ExpirationInDays/u);
    expect(rulesOf(synth()).lock).toBeUndefined();
    const asked = rulesOf(
      synth({ quarantine: { expiry: Duration.days(120), objectLock: Duration.days(30) } }),
    );
    expect(asked.rules).toContain('"ExpirationInDays":120');
    expect(asked.lock).toMatchObject({ Rule: { DefaultRetention: { Days: 30, Mode: 'GOVERNANCE' } } });
  });
  test('one of several environments is deployed', () => {
    const contracts = contractFolder({
      'orders.yaml': tableContract('orders', {
        guarded: 's3://landing/orders/',
        location: 's3://lake/orders/',
        environment: 'prod',
      }).replace(
        'schema:',
        '  - { server: l2, type: s3, environment: test, location: "s3://test-landing/orders/" }\n  - { server: c2, type: glue, environment: test, account: "123456789012", database: test, location: "s3://test-lake/orders/" }\nschema:',
      ),
    });
    const names = (environment: string) =>
      [...synth({ contracts, environment }).resources.values()].flatMap(({ type, properties }) =>
        type === 'AWS::S3::Bucket' && properties.BucketName ? [properties.BucketName] : [],
      );
    expect(names('prod')).toEqual(['lake', 'landing']);
    expect(names('test')).toEqual(['test-lake', 'test-landing']);
  });
  test('Lake Formation grants what the functions need, where it is asked', () => {
    synth().template.resourceCountIs('AWS::LakeFormation::PrincipalPermissions', 0);
    const { template } = synth({ contracts: everyMode(), lakeFormation: true });
    const permissions = (Resource: object, Permissions: readonly string[]) =>
      template.hasResourceProperties('AWS::LakeFormation::PrincipalPermissions', { Resource, Permissions });
    permissions({ Database: { Name: 'shop' } }, ['CREATE_TABLE', 'DESCRIBE']);
    permissions({ Table: { DatabaseName: 'shop', TableWildcard: {} } }, ['ALTER', 'DESCRIBE']);
    permissions({ DataLocation: { ResourceArn: Match.anyValue() } }, ['DATA_LOCATION_ACCESS']);
  });
  test('databases that exist are left alone', () => {
    synth({ existingDatabases: ['Shop'] }).template.resourceCountIs('AWS::Glue::Database', 0);
  });
  test('LAK-111: a hundred tables in one bucket: patterns stay in their limit, and so do policies', () => {
    const contracts = contractFolder(
      Object.fromEntries(
        Array.from({ length: 100 }, (_, index) => {
          const name = `table_with_a_long_name_${index}`;
          return [
            `${name}.yaml`,
            tableContract(name, { guarded: `s3://landing/${name}/`, location: `s3://lake/${name}/` }),
          ];
        }),
      ),
    );
    const stack = synth({ contracts });
    const managed = new Map<string, number>();
    for (const { type, properties } of stack.resources.values()) {
      if (type === 'AWS::IAM::ManagedPolicy')
        for (const role of (properties.Roles ?? []) as readonly string[])
          managed.set(role, (managed.get(role) ?? 0) + 1);
      const text = JSON.stringify(properties);
      if (type === 'AWS::Events::Rule')
        expect(JSON.stringify(properties.EventPattern ?? {}).length).toBeLessThan(2048);
      if (type === 'AWS::Events::Rule')
        expect((properties.Targets as readonly unknown[]).length).toBeLessThanOrEqual(5);
      if (type === 'AWS::IAM::Policy')
        expect(JSON.stringify(properties.PolicyDocument).length).toBeLessThan(10_240);
      if (type === 'AWS::IAM::ManagedPolicy')
        expect(JSON.stringify(properties.PolicyDocument).length).toBeLessThan(6_144);
      if (type === 'AWS::S3::BucketPolicy') expect(text.length).toBeLessThan(20 * 1024);
      if (type === 'AWS::CloudWatch::CompositeAlarm')
        expect((String(properties.AlarmRule).match(/ALARM\(/gu) ?? []).length).toBeLessThanOrEqual(100);
    }
    // Half of what IAM attaches to a role.
    expect(Math.max(...managed.values())).toBeLessThanOrEqual(5);
    expect(Object.keys(stack.json.Resources).length).toBeLessThan(500);
  });
});

describe('INF-9 buckets that exist', () => {
  const orders = contractFolder({
    'orders.yaml': tableContract('orders', {
      guarded: 's3://landing/orders/',
      location: 's3://lake/orders/',
    }),
  });
  const existing = { policyApplied: true, eventBridgeEnabled: true };

  test('nothing of theirs is written: no notification, no policy, no bucket', () => {
    const stack = synth({ contracts: orders, existingBuckets: { landing: existing, lake: existing } });
    const written = JSON.stringify(
      [...stack.resources.values()].filter(({ type }) => /^AWS::S3::|^Custom::/u.test(type)),
    );
    expect(written).not.toMatch(/"(?:landing|lake)"/u);
    expect(written).not.toContain('NotificationConfiguration');
  });
  test('their policy is an output, as the bucket takes it', () => {
    const stack = synth({ contracts: orders, existingBuckets: { landing: existing, lake: existing } });
    const outputs = Object.entries(stack.json.Outputs ?? {}).filter(([id]) => id.includes('BucketPolicy'));
    expect(outputs).toHaveLength(2);
    const lake = JSON.parse(String(stack.resolve(outputs.find(([id]) => id.includes('lake'))?.[1].Value)));
    expect(lake.Version).toBe('2012-10-17');
    expect(lake.Statement.map(({ Sid }: { readonly Sid: string }) => Sid)).toEqual([
      'TlsOnly',
      'OnlyHeadgatePublishes',
      'HeadgateDeletesConditionally',
      'HeadgateKeepsVersions',
      'VerdictTagsAreHeadgates',
    ]);
    expect(lake.Statement[1].Condition.ArnNotLike['aws:PrincipalArn'][0]).toMatch(
      /^arn:aws:iam::123456789012:role\/.*-publish-eu-west-1$/u,
    );
  });
  test('synthesis stops until the policy is said to be there, and prints it', () => {
    expect(() => synth({ contracts: orders, existingBuckets: { lake: { policyApplied: false } } })).toThrow(
      /bucket lake exists: add these statements[\s\S]*OnlyHeadgatePublishes[\s\S]*\$\{AWS::AccountId\}/u,
    );
  });
  test('synthesis stops until EventBridge is said to be on where tables land', () => {
    expect(() => synth({ contracts: orders, existingBuckets: { landing: { policyApplied: true } } })).toThrow(
      /landing exists.*eventBridgeEnabled: true/u,
    );
    expect(() =>
      synth({ contracts: orders, existingBuckets: { lake: { policyApplied: true } } }),
    ).not.toThrow();
  });
  test('a key of theirs may be used by the functions', () => {
    const key = 'arn:aws:kms:eu-west-1:123456789012:key/1';
    const stack = synth({
      contracts: orders,
      existingBuckets: { landing: { ...existing, encryptionKeyArn: key } },
    });
    expect(
      JSON.stringify(
        [...stack.resources.values()].find(
          ({ type, properties }) =>
            type === 'AWS::IAM::Policy' && JSON.stringify(properties).includes('gate'),
        ),
      ),
    ).toContain(key);
  });
});
