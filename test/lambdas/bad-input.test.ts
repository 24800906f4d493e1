import { afterEach, describe, expect, test, vi } from 'vitest';
import { createGateHandler } from '../../lambdas/gate/handler.ts';
import { createIncidentHandler } from '../../lambdas/incident/handler.ts';
import { createQuarantineHandler } from '../../lambdas/quarantine/handler.ts';
import { createTelemetry } from '../../lambdas/telemetry.ts';
import { LOCAL_PAGE_LIMITS } from '../../src/judge/pages/limits.ts';
import { environmentFrom } from '../../src/run/adapters/aws/environment.ts';
import { createChatNotifier } from '../../src/run/adapters/aws/notifiers.ts';
import type { Fault } from '../support/aws/faults.ts';
import { lambdaContext, sqsRecord } from '../support/lambda.ts';
import { type LambdaLake, lambdaLake } from '../support/lambda-lake.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { serviceError } from '../support/send-script.ts';
import { partitions, readable } from '../support/simulation/views.ts';

const A = 'dt=2026-11-01/a.parquet';
const LOOK = { kind: 'look', bucket: 'landing', key: `t/${A}` };

const gate = (lake: LambdaLake, ...bodies: readonly string[]) =>
  lake.functions.gate(
    { Records: bodies.map((body, index) => sqsRecord(`m${index}`, body)) },
    lambdaContext(),
  );

/** As S3 sends it itself: one key for each record. */
const records = (keys: readonly string[]) =>
  JSON.stringify({
    Records: keys.map((key) => ({
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      eventTime: '2026-11-01T00:00:00.000Z',
      s3: { bucket: { name: 'landing' }, object: { key: encodeURIComponent(key) } },
    })),
  });
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const riders = (levels: number) =>
  `${'{"kind":"publish","rider":'.repeat(levels)}{"kind":"publish"}${'}'.repeat(levels)}`;

describe('AWS-14 messages that nobody meant', () => {
  test.each<[string, string]>([
    ['a body of a mebibyte that is none of ours', JSON.stringify({ x: 'y'.repeat(1024 * 1024) })],
    ['JSON of 100,000 levels', deep(100_000)],
    ['an SNS envelope around it', JSON.stringify({ Type: 'Notification', Message: deep(50_000) })],
    [
      'SNS inside SNS',
      JSON.stringify({ Type: 'Notification', Message: '{"Type":"Notification","Message":"{}"}' }),
    ],
    [
      '10,000 records',
      records(Array.from({ length: 10_000 }, (_, index) => `t/dt=2026-11-01/${index}.parquet`)),
    ],
    ['a key of 1,025 bytes', records([`t/${'é'.repeat(511)}x`])],
    ['a look at a key of a mebibyte', JSON.stringify({ ...LOOK, key: 'k'.repeat(1024 * 1024) })],
    [
      'a look into a bucket that is a URL of 300 characters',
      JSON.stringify({ ...LOOK, bucket: 'b'.repeat(300) }),
    ],
    ['an object that never was', '{"__proto__":{"kind":"look"}}'],
    ['a byte order mark', `\ufeff${JSON.stringify(LOOK)}`],
    ['XML', '<NotificationConfiguration/>'],
    ['a number', '1e999'],
  ])('FM-24: %s: it alone comes again, and its neighbour is judged', async (_, body) => {
    const lake = lambdaLake();
    lake.put(A, 'good');
    const answer = await gate(lake, body, JSON.stringify(LOOK));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm0' }]);
    expect(lake.world.sqs.messages('catalog')).toHaveLength(1);
  });
  test('a thousand records of one message are all looked at', async () => {
    const lake = lambdaLake();
    lake.put(A, 'good');
    const keys = Array.from({ length: 999 }, (_, index) => `elsewhere/${index}`);
    const answer = await gate(lake, records([...keys, `t/${A}`]));
    expect(answer.batchItemFailures).toEqual([]);
    expect(lake.world.sqs.messages('catalog')).toHaveLength(1);
  });
  test('a rider with a rider, however deep, is refused by the catalog', async () => {
    for (const levels of [2, 50_000]) {
      const lake = lambdaLake();
      const body = `{"kind":"apply","table":"shop.t","contractHash":"h","rider":${riders(levels)}}`;
      const answer = await lake.functions.catalog({ Records: [sqsRecord('m0', body)] }, lambdaContext());
      expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm0' }]);
      expect(lake.telemetry.failures).toMatchObject([{ code: 'NOT_STORABLE' }]);
    }
  });
  test('a hold whose findings are nonsense holds nothing', async () => {
    const lake = lambdaLake();
    lake.put(A, 'good');
    const origin = {
      bucket: 'landing',
      key: `t/${A}`,
      etag: 'e',
      sizeBytes: 1,
      writtenAt: '2026-11-03T10:00:00.000Z',
    };
    const judgedBy = { contractHash: 'h', contractVersion: '1.0.0', catalogVersion: '1.0.0' };
    const body = {
      kind: 'hold',
      table: 'shop.t',
      origin,
      judgedBy,
      effect: 'none',
      findings: [null, 7],
      findingCount: 2,
    };
    await lake.functions.quarantine({ Records: [sqsRecord('m0', JSON.stringify(body))] }, lambdaContext());
    expect(lake.world.buckets.all.get('quarantine')?.versions.size).toBe(0);
  });
});

describe('FM-23: whatever a key is, it is that object and no other', () => {
  const names = [
    'plus+and space.parquet',
    '100%.parquet',
    '%2F..%2F.parquet',
    'line\nbreak.parquet',
    'carriage\rreturn\ttab.parquet',
    'é-😀-\u202e-ltr.parquet',
    'e\u0301.parquet',
    `"'<>&\`$(rm).parquet`,
    '{"key":"json"}.parquet',
    'a/../../b..parquet'.replaceAll('/', '%2F'),
    `${'x'.repeat(1024 - 't/dt=2026-11-01/'.length - '.parquet'.length)}.parquet`,
  ];
  test.each(names)('%j is published under the same key', async (name) => {
    const lake = lambdaLake();
    const key = `dt=2026-11-01/${name}`;
    lake.put(key, 'good', 'g');
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(readable(lake)).toEqual({ [key]: 'good g' });
    expect(await partitions(lake)).toEqual(['2026-11-01']);
  });
  test.each(names)(
    '%j that breaks its contract is held, and its notice is one line that formats nothing',
    async (name) => {
      const lake = lambdaLake();
      lake.put(`dt=2026-11-01/${name}`, 'drifted');
      await lake.settle();
      expect(lake.telemetry.failures).toEqual([]);
      expect(readable(lake)).toEqual({});
      expect(lake.world.topics).toHaveLength(1);
      const { content } = JSON.parse(lake.world.topics[0]?.message ?? '');
      for (const line of content.description.split('\n')) expect(line).toMatch(/^`[^`\p{Cc}\p{Cf}]*`$/u);
      for (const step of content.nextSteps) expect(step).toMatch(/^`[^`\p{Cc}\p{Cf}]*`$/u);
    },
  );
});

test.each(['..parquet', '.../.../x.parquet', '../../../etc/passwd.parquet', '../../dt=2026-11-01/a.parquet'])(
  'FM-23: %j is no path: it is hidden from Athena, so it is ignored, and nothing else is touched',
  async (name) => {
    const lake = lambdaLake();
    lake.put('dt=2026-11-01/good.parquet', 'good', 'g');
    lake.put(`dt=2026-11-01/${name}`, 'drifted');
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/good.parquet': 'good g' });
    expect(lake.world.topics).toEqual([]);
  },
);

describe('ATH-5: hostile partition names and values are held, and no partition comes of them', () => {
  test.each([
    'dt=',
    'dt==',
    'dt=2026-13-45',
    'dt=..',
    'dt=%2e%2e',
    'dt=..%2F..%2Flake',
    'dt=2026-11-01%00',
    "dt='; DROP TABLE t; --",
    'dt=2026-11-01%0A2026-11-02',
    `dt=${'9'.repeat(900)}`,
    'dt=__HIVE_DEFAULT_PARTITION__x',
    '__proto__=1',
    'constructor=2026-11-01',
    'tt=2026-11-01',
    'dt=2026-11-01/dt=2026-11-02',
  ])('%s', async (folder) => {
    const lake = lambdaLake();
    lake.put(`${folder}/a.parquet`, 'good');
    await lake.settle();
    expect(lake.telemetry.failures).toEqual([]);
    expect(readable(lake)).toEqual({});
    expect(await partitions(lake)).toEqual([]);
  });
});

/** What AWS itself would say, as the SDK throws it. */
const failing = (error: Error): Fault => ({ kind: 'fail', when: 'before', error: error as never });

describe('AWS-15 what S3 does not give is no verdict', () => {
  test.each<[string, Error, string]>([
    [
      'archived',
      serviceError('InvalidObjectState', 403, 'The operation is not valid for the object’s storage class'),
      'it is archived: restore it first',
    ],
    [
      'FM-25: encrypted with a key that the gate may not use',
      serviceError(
        'AccessDenied',
        403,
        'User: arn:x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:k',
      ),
      'allow it kms:Decrypt',
    ],
    [
      'FM-25: encrypted with a key that is disabled',
      serviceError('KMS.DisabledException', 400, 'arn:aws:kms:k is disabled.'),
      'KMS key is disabled, deleted or not usable here',
    ],
    [
      'FM-25: in a bucket of another account (ExpectedBucketOwner)',
      serviceError('AccessDenied', 403, 'Access Denied'),
      'it needs s3:GetObject',
    ],
    ['clocks that differ', serviceError('RequestTimeTooSkewed', 403), 'this machine’s clock is wrong'],
    ['another region', serviceError('PermanentRedirect', 301), 'set AWS_REGION or --region'],
    [
      'no credentials',
      Object.assign(new Error('Could not load credentials from any providers'), {
        name: 'CredentialsProviderError',
      }),
      'no credentials were found',
    ],
    ['no answer', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'no answer in time'],
  ])('%s: the message comes again, and the file is judged once it can be read', async (_, error, advice) => {
    const lake = lambdaLake();
    lake.put(A, 'drifted');
    lake.put('dt=2026-11-01/b.parquet', 'good', 'b');
    lake.world.faults.inject(({ name, args }) =>
      name === 'GetObjectCommand' && (args[0] as { readonly Key: string }).Key.endsWith('a.parquet')
        ? failing(error)
        : undefined,
    );
    await lake.pump('validate');
    expect(lake.telemetry.failures).toHaveLength(1);
    expect(String(lake.telemetry.failures[0])).toContain(advice);
    expect(lake.world.sqs.messages('quarantine')).toHaveLength(0);
    expect(lake.world.sqs.messages('catalog')).toHaveLength(1);
    lake.world.faults.reset();
    lake.world.clock.advance(10_000);
    await lake.settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/b.parquet': 'good b' });
    expect(lake.world.topics).toHaveLength(1);
  });
  test('FM-10: a body that is cut: no verdict', async () => {
    const lake = lambdaLake();
    lake.put(A, 'drifted');
    const { objects, ...ports } = lake.world.sdkProcess();
    const settings = {
      quarantine: 's3://quarantine/',
      version: '1.0.0',
      maxFooterBytes: 1024 * 1024,
      pageLimits: LOCAL_PAGE_LIMITS,
    };
    const cut: typeof objects = {
      ...objects,
      open: (place, pin, sizeBytes) => {
        const source = objects.open(place, pin, sizeBytes);
        return {
          byteLength: sizeBytes,
          slice: async (start, end) => (await source.slice(start, end)).slice(0, 9),
        };
      },
    };
    const handler = createGateHandler({ ...ports, objects: cut, settings }, lake.telemetry);
    const answer = await handler({ Records: [sqsRecord('m0', JSON.stringify(LOOK))] }, lambdaContext());
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm0' }]);
    expect(lake.telemetry.failures).toMatchObject([{ code: 'SOURCE_CHANGED', retryable: true }]);
    expect(lake.world.sqs.messages('quarantine')).toHaveLength(0);
  });
  test('FM-29: Lake Formation lets nothing be written: the grant that is missing is paged, and nothing is shown', async () => {
    const lake = lambdaLake();
    lake.put(A, 'good');
    await lake.pump('validate');
    lake.world.faults.inject(({ name }) =>
      name === 'CreateTableCommand'
        ? failing(
            serviceError(
              'AccessDeniedException',
              400,
              'Insufficient Lake Formation permission(s): Required Create Table on shop',
            ),
          )
        : undefined,
    );
    await lake.pump('catalog');
    const told = lake.world.published.filter(({ type }) => type === 'CatalogUpdateFailed');
    expect(told).toHaveLength(1);
    expect(String(told[0]?.detail.reason)).toContain('grant it CREATE_TABLE on shop');
    expect(readable(lake)).toEqual({});
  });
});

describe('AWS-23 nothing of what is in a file is told', () => {
  afterEach(() => vi.restoreAllMocks());

  test('no value and no statistic of a held file stands in logs, notices, reports, events or the ledger', async () => {
    const lines: string[] = [];
    const keep = (text: unknown) => lines.push(String(text)) > 0;
    vi.spyOn(process.stdout, 'write').mockImplementation(keep);
    vi.spyOn(process.stderr, 'write').mockImplementation(keep);
    for (const level of ['log', 'info', 'error', 'warn', 'debug'] as const)
      vi.spyOn(console, level).mockImplementation(keep as never);

    const secret = new TextEncoder().encode('DE44-5001-0517-SECRET');
    const lake = lambdaLake({
      columns: [
        '{ name: iban, logicalType: string, physicalType: string, logicalTypeOptions: { maxLength: 5 } }',
      ],
    });
    const bytes = parquetFile({
      schema: [
        { name: 'id', repetition: 'REQUIRED', type: 'BYTE_ARRAY', converted: 'UTF8' },
        { name: 'iban', repetition: 'OPTIONAL', type: 'BYTE_ARRAY', converted: 'UTF8' },
      ],
      rows: 3,
      rowGroups: [
        {
          rows: 3,
          columns: {
            id: { nullCount: 0, min: secret, max: secret },
            iban: { nullCount: 0, min: secret, max: secret, minExact: true, maxExact: true },
          },
        },
      ],
      createdBy: 'writer\n{"level":"INFO","message":"forged"}\u202e',
    });
    lake.world.producer.put('landing', `t/${A}`, bytes, {});

    const telemetry = createTelemetry(environmentFrom({ HEADGATE_FUNCTION: 'gate' }));
    const ports = lake.world.sdkProcess();
    const notifier = createChatNotifier({ client: ports.sdk.sns, topicArn: 'arn:aws:sns:us-east-1:1:pages' });
    const settings = {
      quarantine: 's3://quarantine/',
      version: '1.0.0',
      maxFooterBytes: 1024 * 1024,
      pageLimits: LOCAL_PAGE_LIMITS,
    };
    const guard = { ...ports, notifier, settings };
    const once = (
      handler: (event: never, context: never) => Promise<unknown>,
      ...bodies: readonly string[]
    ) =>
      handler(
        { Records: bodies.map((body, index) => sqsRecord(`m${index}`, body)) } as never,
        lambdaContext() as never,
      );
    await once(
      createGateHandler(guard, telemetry),
      JSON.stringify(LOOK),
      `{"x":"${'SECRET'}`,
      '{"SECRET":1}',
    );
    const holds = lake.world.sqs.messages('quarantine').map(({ body }) => body);
    expect(holds).toHaveLength(1);
    await once(createQuarantineHandler(guard, telemetry), ...holds);
    const events = lake.world.published.map(({ id, at, type, detail }) =>
      JSON.stringify({
        source: 'headgate',
        'detail-type': type,
        detail: { schemaVersion: 1, id, at, detail },
      }),
    );
    await once(createIncidentHandler(guard, telemetry), ...events);
    expect(lake.world.topics).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(0);

    const ledger: unknown[] = [];
    for (const scope of ['holds/shop.t', 'incidents/shop.t', 'table/shop.t', 'breaker/shop.t'])
      for await (const page of ports.ledger.list(scope)) ledger.push(...page);
    const report = await reportOf(lake);
    expect(report).toContain('"holdId"');
    for (const told of [
      lines.join(''),
      JSON.stringify([holds, events, ledger]),
      JSON.stringify(lake.world.topics),
      report,
    ])
      expect(told).not.toContain('5001-0517');
    for (const line of lines
      .join('')
      .split('\n')
      .filter((text) => text !== '')) {
      expect(() => JSON.parse(line)).not.toThrow();
      expect(line).not.toContain('forged');
    }
  });
});

async function reportOf(lake: LambdaLake): Promise<string> {
  const keys = [...(lake.world.buckets.all.get('quarantine')?.versions.keys() ?? [])];
  const key = keys.find((one) => one.endsWith('report.json')) ?? '';
  return new TextDecoder().decode(lake.world.buckets.current('quarantine', key)?.bytes);
}
