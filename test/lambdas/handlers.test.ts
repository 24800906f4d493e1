import { describe, expect, test } from 'vitest';
import { fault } from '../support/aws/faults.ts';
import { lambdaContext, sqsRecord } from '../support/lambda.ts';
import { lambdaLake } from '../support/lambda-lake.ts';

const send = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) =>
    sqsRecord(`m${index}`, typeof body === 'string' ? body : JSON.stringify(body)),
  ),
});
const failed = (
  answer: { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] } | undefined,
) => answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const place = { bucket: 'landing', key: 't/dt=2026-11-01/a.parquet' };
const origin = { ...place, etag: 'e', sizeBytes: 1, writtenAt: '2026-11-03T10:00:00.000Z' };
const judgedBy = { contractHash: 'h', contractVersion: '1.0.0', catalogVersion: '1.0.0' };

describe('AWS-14 foreign messages', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', 'look'],
    ['a list', []],
    ['a kind that is not ours', { kind: 'drop-table' }],
    ['a kind of another queue', { kind: 'hold', table: 'shop.t' }],
    ['a look without a key', { kind: 'look', bucket: 'landing' }],
    ['a look with a number as key', { kind: 'look', bucket: 'landing', key: 1 }],
    ['a look at half an object', { kind: 'look', ...place, object: { etag: 'e' } }],
  ])('FM-24: the gate refuses %s, and does what stands beside it', async (_, body) => {
    const lake = lambdaLake();
    lake.put('dt=2026-11-01/a.parquet', 'good');
    expect(
      failed(await lake.functions.gate(send(body, { kind: 'look', ...place }), lambdaContext())),
    ).toEqual(['m0']);
    expect(lake.world.sqs.messages('catalog')).toHaveLength(1);
  });
  test.each([
    ['publish', { kind: 'publish', table: 'shop.t', origin: { ...origin, etag: 1 }, judgedBy }],
    [
      'quarantine',
      { kind: 'hold', table: 'shop.t', origin, judgedBy, effect: 'none', findings: 'x', findingCount: 1 },
    ],
    ['catalog', { kind: 'apply', table: 'shop.t', contractHash: 'h', rider: { kind: 'hold' } }],
    ['catalog', { kind: 'register', table: 'shop.t' }],
    ['watch', { kind: 'converge', table: 'shop.t', folder: null }],
    ['incident', { source: 'headgate', 'detail-type': 'ObjectHeld', detail: {} }],
    [
      'incident',
      { source: 'somebody', 'detail-type': 'ObjectHeld', detail: { id: 'i', at: 'a', detail: {} } },
    ],
  ] as const)('%s refuses what lacks its fields', async (name, body) => {
    const lake = lambdaLake();
    expect(failed(await lake.functions[name](send(body), lambdaContext()))).toEqual(['m0']);
    expect(lake.world.published).toEqual([]);
  });
  test('an event of a kind that this version does not know is no failure', async () => {
    const event = {
      source: 'headgate',
      'detail-type': 'Later',
      detail: { id: 'i', at: '2026-11-03', detail: {} },
    };
    expect(failed(await lambdaLake().functions.incident(send(event), lambdaContext()))).toEqual([]);
  });
});

describe('AWS-15 what a function cannot do comes again', () => {
  test('FM-9: a throttled read holds nothing and admits nothing', async () => {
    const lake = lambdaLake();
    lake.put('dt=2026-11-01/a.parquet', 'drifted');
    lake.world.faults.inject(({ name }) =>
      name === 'GetObjectCommand' ? fault('before', 'THROTTLED') : undefined,
    );
    await lake.pump('validate');
    expect(lake.telemetry.failures).toMatchObject([{ code: 'THROTTLED' }]);
    for (const queue of ['publish', 'quarantine', 'catalog'] as const)
      expect(lake.world.sqs.messages(queue)).toHaveLength(0);
    lake.world.faults.reset();
    lake.world.clock.advance(10_000);
    await lake.settle();
    expect(lake.world.topics).toHaveLength(1);
  });
  test('a page that cannot be delivered fails its message, and is delivered later, once', async () => {
    const lake = lambdaLake();
    lake.put('dt=2026-11-01/a.parquet', 'drifted');
    await lake.pump('validate');
    await lake.pump('quarantine');
    const [event] = lake.world.published;
    const onBus = {
      source: 'headgate',
      'detail-type': event?.type,
      detail: { schemaVersion: 1, id: event?.id, at: event?.at, detail: event?.detail },
    };
    lake.world.faults.inject(({ name }) =>
      name === 'PublishCommand' ? fault('before', 'THROTTLED') : undefined,
    );
    expect(failed(await lake.functions.incident(send(onBus), lambdaContext()))).toEqual(['m0']);
    lake.world.faults.reset();
    expect(failed(await lake.functions.incident(send(onBus), lambdaContext()))).toEqual([]);
    expect(lake.world.topics).toHaveLength(1);
  });
  test('a sweep in which a table fails looks at the others, and fails at the end', async () => {
    const lake = lambdaLake();
    lake.world.faults.inject(({ name }) =>
      name === 'ListObjectsV2Command' ? fault('before', 'THROTTLED') : undefined,
    );
    await expect(lake.functions.watch({ job: 'reconcile' }, lambdaContext())).rejects.toThrow(
      '1 of 1 tables',
    );
  });
  test('events come by a queue or from EventBridge itself; an order that is none is refused', async () => {
    const lake = lambdaLake();
    lake.put('dt=2026-11-01/a.parquet', 'drifted');
    await lake.pump('validate');
    await lake.pump('quarantine');
    const [event] = lake.world.published;
    await lake.functions.incident(
      {
        source: 'headgate',
        'detail-type': event?.type,
        detail: { schemaVersion: 1, id: event?.id, at: event?.at, detail: event?.detail },
      } as never,
      lambdaContext(),
    );
    expect(lake.world.topics).toHaveLength(1);
    const glue = {
      'detail-type': 'Glue Data Catalog Table State Change',
      detail: { databaseName: 'shop', tableName: 't' },
    };
    expect(
      await lake.functions.watch({ source: 'aws.glue', ...glue } as never, lambdaContext()),
    ).toBeUndefined();
    await expect(lake.functions.watch({} as never, lambdaContext())).rejects.toThrow(
      'not an order to reconcile',
    );
    await expect(lake.functions.incident({} as never, lambdaContext())).rejects.toThrow(
      'not an order to tick',
    );
  });
  test('an audit judges, names what would be held, and moves nothing', async () => {
    const lake = lambdaLake();
    lake.put('dt=2026-11-01/a.parquet', 'good');
    lake.put('dt=2026-11-01/b.parquet', 'drifted');
    const items = ['a', 'b', 'gone'].map((name) => ({ Key: `t/dt=2026-11-01/${name}.parquet` }));
    const answer = await lake.functions.audit({ bucket: 'landing', items });
    expect(answer.counts).toEqual({ admit: 1, hold: 1, missing: 1 });
    expect(answer.objects[0]).toMatchObject({
      key: 't/dt=2026-11-01/b.parquet',
      outcome: 'hold',
      findings: [{ rule: 'type-changed', path: 'id' }],
    });
    expect(lake.world.published).toEqual([]);
    expect(lake.world.sqs.messages('quarantine')).toHaveLength(0);
  });
});

test('PIP-11: a hold by contracts of before does not begin once those of today admitted the file', async () => {
  const before = { version: '1.0.0', policy: ['onUnknownColumn: hold'] } as const;
  const lake = lambdaLake(before);
  lake.put('dt=2026-11-01/a.parquet', 'new-column');
  await lake.pump('validate');
  expect(lake.world.sqs.messages('quarantine')).toHaveLength(1);
  lake.deploy({ version: '1.0.1', policy: ['onUnknownColumn: warn'] });
  await lake.functions.watch({ job: 'reconcile' }, lambdaContext());
  for (const queue of ['validate', 'catalog', 'publish'] as const) await lake.pump(queue);
  expect(lake.world.buckets.current('lake', 't/dt=2026-11-01/a.parquet')).toBeDefined();
  await lake.settle();
  expect(lake.telemetry.failures).toEqual([]);
  expect(lake.world.buckets.all.get('quarantine')?.versions.size).toBe(0);
  expect(lake.world.topics).toEqual([]);
  expect(lake.world.buckets.current('lake', 't/dt=2026-11-01/a.parquet')).toBeDefined();
});

test('INC-4: the very same bad bytes, written again after they were mended, are told again', async () => {
  const lake = lambdaLake();
  for (const [kind, mark] of [
    ['drifted', 'one'],
    ['good', 'two'],
    ['drifted', 'one'],
  ] as const) {
    lake.put('dt=2026-11-01/a.parquet', kind, mark);
    await lake.settle();
  }
  const kinds = lake.world.topics.map(
    ({ message }) => (JSON.parse(message) as { metadata: { eventType: string } }).metadata.eventType,
  );
  expect(kinds).toEqual(['open', 'resolve', 'reopen']);
});
