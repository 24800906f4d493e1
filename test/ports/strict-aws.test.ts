import { beforeEach, describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import { Crash } from '../support/aws/faults.ts';
import { currentObjects, lostObjects, objectsBelow } from '../support/aws/invariants.ts';
import { ledgerEntries } from '../support/aws/ledger.ts';
import { type AwsWorld, createAwsWorld } from '../support/aws/world.ts';
import { codeOf } from '../support/error-code.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const at = (key: string, bucket = 'landing') => ({ bucket, key });
const ABSENT = { kind: 'absent' } as const;

describe('PRT-14 strict AWS in memory', () => {
  let world: AwsWorld;
  beforeEach(() => {
    world = createAwsWorld();
    world.buckets.create('landing', { notifies: ['orders/'] });
    world.buckets.create('lake');
  });
  const looks = () => world.sqs.receive('validate', 10).map(({ body }) => JSON.parse(body));

  describe('faults', () => {
    test('a cut before a call leaves no effect, a cut after it does; the process is dead for good, a fresh one is not', async () => {
      for (const [cut, isThere] of [
        ['cutBefore', false],
        ['cutAfter', true],
      ] as const) {
        world.faults.reset();
        world.faults[cut](2);
        const process = world.process();
        await process.objects.head(at('a'));
        const key = `lake-${cut}`;
        await expect(process.objects.write(at(key), bytes('x'), ABSENT)).rejects.toThrow(Crash);
        await expect(process.ledger.get({ scope: 's', id: 'i' })).rejects.toThrow(Crash);
        await expect(process.objects.open(at('a'), { etag: 'x' }, 1).slice(0, 1)).rejects.toThrow(Crash);
        expect((await world.process().objects.head(at(key))) !== undefined).toBe(isThere);
        expect(world.faults.trace.map(({ name }) => name)).toEqual([
          'objects.head',
          'objects.write',
          'objects.head',
        ]);
      }
      expect(new Crash('x')).not.toBeInstanceOf(HeadgateError);
    });
    test('a call fails before or after its effect, and the process goes on', async () => {
      const { ledger } = world.process();
      const key = { scope: 's', id: 'i' };
      world.faults.failBefore(1, 'THROTTLED');
      world.faults.failAfter(2, 'WRITE_FAILED');
      expect(await codeOf(ledger.put(key, 1, undefined))).toBe('THROTTLED');
      expect(await codeOf(ledger.put(key, 1, undefined))).toBe('WRITE_FAILED');
      expect(await ledger.put(key, 2, undefined)).toBe('conflict');
      expect(ledgerEntries(world.ledger)).toEqual([{ ...key, value: 1, revision: 'r1' }]);
    });
    test('each page of a list is a call of its own', async () => {
      const small = createAwsWorld({ limits: { objectsPerPage: 2 } });
      small.buckets.create('landing');
      for (const key of ['a', 'b', 'c']) small.producer.put('landing', key, bytes(key));
      small.faults.failBefore(2);
      const seen: string[] = [];
      const list = async () => {
        for await (const page of small.process().objects.list('landing', ''))
          seen.push(...page.map(({ key }) => key));
      };
      expect(await codeOf(list())).toBe('THROTTLED');
      expect(seen).toEqual(['a', 'b']);
    });
    test('somebody else can be faster just before a call', async () => {
      world.producer.put('landing', 'k', bytes('judged'));
      const { objects } = world.process();
      const etag = (await objects.head(at('k')))?.etag ?? '';
      world.faults.intercept(({ name }) => {
        if (name === 'objects.copy') world.producer.put('landing', 'k', bytes('newer'));
      });
      const copied = await objects.copy({
        from: { ...at('k'), etag, sizeBytes: 6 },
        to: at('k', 'lake'),
        condition: ABSENT,
        metadata: {},
      });
      expect(copied).toEqual({ outcome: 'source-changed' });
    });
    test('most calls can be throttled', async () => {
      world.glue.createDatabase('shop');
      world.faults.inject(({ number, name }) =>
        name.startsWith('catalog.') && number % 5 !== 0
          ? { kind: 'fail', when: 'before', error: new HeadgateError('THROTTLED', 'slow down') }
          : undefined,
      );
      const { catalog } = world.process();
      const codes = [];
      for (let i = 0; i < 10; i++)
        codes.push(await codeOf(catalog.getTable({ database: 'shop', name: 't' })));
      expect(codes.filter((code) => code === 'THROTTLED')).toHaveLength(8);
    });
  });

  describe('S3', () => {
    test('a versioned bucket keeps every version and a marker for each delete', () => {
      world.producer.put('landing', 'k', bytes('1'));
      world.producer.put('landing', 'k', bytes('2'));
      world.producer.delete('landing', 'k');
      const versions = world.buckets.bucket('landing').versions.get('k') ?? [];
      expect(versions.map(({ object }) => object && new TextDecoder().decode(object.bytes))).toEqual([
        '1',
        '2',
        undefined,
      ]);
      expect(new Set(versions.map(({ versionId }) => versionId)).size).toBe(3);
    });
    test('ETags are MD5; those of multipart objects are not of the bytes', () => {
      expect(world.producer.put('landing', 'k', bytes('hello')).etag).toBe(
        '5d41402abc4b2a76b9719d911017c592',
      );
      const multipart = { parts: 3, startedMsAgo: 3_600_000 };
      const large = world.producer.put('landing', 'm', bytes('hello'), { multipart });
      expect(large.etag).toBe('5d41402abc4b2a76b9719d911017c592-3');
      expect(large.modifiedAt).toBe('2026-11-03T09:00:01.000Z');
    });
    test('times are S3’s own, in whole seconds', () => {
      world.clock.set('2026-11-03T10:00:00.250Z');
      expect(world.producer.put('landing', 'k', bytes('x')).modifiedAt).toBe('2026-11-03T10:00:01.000Z');
    });
    test('above 5 GB a copy is made in parts, and its ETag is another', async () => {
      const sizeBytes = 5 * 1024 ** 3 + 1;
      const { etag } = world.producer.put('landing', 'k', bytes('start'), {
        sizeBytes,
        metadata: { a: '1' },
      });
      const { objects } = world.process();
      const copy = (size: number) =>
        objects.copy({
          from: { ...at('k'), etag, sizeBytes: size },
          to: at('k', 'lake'),
          condition: ABSENT,
          metadata: {},
        });
      expect(await codeOf(copy(1))).toBe('NOT_STORABLE');
      const copied = await copy(sizeBytes);
      expect(copied).toEqual({ outcome: 'copied', etag: `${etag}-6` });
      expect(await objects.head(at('k', 'lake'))).toMatchObject({ sizeBytes, metadata: { a: '1' } });
    });
    test('notifications come once, twice, late, in another order or never, and only of guarded prefixes', () => {
      world.producer.put('landing', 'other/k', bytes('x'));
      world.producer.put('landing', 'orders/1', bytes('x'));
      const [once] = looks();
      expect(once).toEqual({
        kind: 'look',
        bucket: 'landing',
        key: 'orders/1',
        object: {
          etag: '9dd4e461268c8034f5c8564e155c67a6',
          versionId: expect.stringMatching(/^v/u),
          sizeBytes: 1,
          modifiedAt: '2026-11-03T10:00:01.000Z',
        },
      });
      world.deliver = () => [0, 0];
      world.producer.delete('landing', 'orders/1');
      expect(looks()).toEqual(Array(2).fill({ kind: 'look', bucket: 'landing', key: 'orders/1' }));
      world.deliver = () => [];
      world.producer.put('landing', 'orders/2', bytes('x'));
      world.deliver = () => [60_000];
      world.producer.put('landing', 'orders/3', bytes('x'));
      expect(looks()).toEqual([]);
      world.clock.advance(60_000);
      expect(looks().map(({ key }) => key)).toEqual(['orders/3']);
      world.deliver = () => [0];
      world.sqs.arrange = (visible) => visible.toReversed();
      world.producer.put('landing', 'orders/4', bytes('x'));
      world.producer.rename('landing', 'orders/4', 'orders/5');
      expect(looks().map(({ key, object }) => `${key} ${object ? 'is there' : 'is gone'}`)).toEqual([
        'orders/4 is gone',
        'orders/5 is there',
        'orders/4 is there',
      ]);
    });
    test('what producers wrote and nobody has any more is lost; what they deleted is not', async () => {
      world.producer.put('landing', 'a', bytes('a1'));
      world.producer.put('landing', 'a', bytes('a2'));
      world.producer.put('landing', 'b', bytes('b'));
      world.producer.delete('landing', 'b');
      const { objects } = world.process();
      const { etag = '' } = (await objects.head(at('a'))) ?? {};
      expect(lostObjects(world)).toEqual([]);
      await objects.copy({
        from: { ...at('a'), etag, sizeBytes: 2 },
        to: at('q', 'lake'),
        condition: ABSENT,
        metadata: {},
      });
      await objects.remove(at('a'), { etag });
      expect(lostObjects(world)).toEqual([]);
      expect([...objectsBelow(world, 'lake', 'q').keys()]).toEqual(['']);
      expect(currentObjects(world).map(({ bucket, key }) => `${bucket}/${key}`)).toEqual(['lake/q']);
      await objects.remove(at('q', 'lake'), { etag });
      expect(lostObjects(world).map(({ key }) => key)).toEqual(['a']);
    });
  });

  test('some entries of a batch fail inside a 200, and the caller is told', async () => {
    const { queue, events, catalog } = world.process();
    world.sqs.failSend = (_, body) => body === 'bad';
    expect(await codeOf(queue.send('validate', [{ body: 'good' }, { body: 'bad' }]))).toBe('WRITE_FAILED');
    expect(world.sqs.messages('validate').map(({ body }) => body)).toEqual(['good']);
    const event = (id: string) => ({ id, type: 't', at: world.clock.now(), detail: {} });
    world.failEvent = ({ id }) => id === 'bad';
    expect(await codeOf(events.publish([event('good'), event('bad')]))).toBe('WRITE_FAILED');
    expect(world.published.map(({ id }) => id)).toEqual(['good']);
    const format = { inputFormat: 'i', outputFormat: 'o', serde: 's', serdeParameters: {} };
    const table = {
      columns: [],
      partitionKeys: [{ name: 'p', type: 'string' }],
      location: 's3://l/',
      format,
      parameters: {},
    };
    const ref = { database: 'default', name: 't' };
    await catalog.createTable(ref, table);
    world.glue.failPartition = ([value]) => (value === 'bad' ? 'InternalServiceException' : undefined);
    const partition = (value: string) => ({
      values: [value],
      location: 's3://l/',
      columns: [],
      format,
      parameters: {},
    });
    expect(await catalog.createPartitions(ref, [partition('bad'), partition('good')])).toEqual([
      { outcome: 'failed', code: 'InternalServiceException', message: 'injected' },
      { outcome: 'created' },
    ]);
  });

  test('a database that is not there is no place for a table', async () => {
    const format = { inputFormat: 'i', outputFormat: 'o', serde: 's', serdeParameters: {} };
    const table = { columns: [], partitionKeys: [], location: 's3://l/', format, parameters: {} };
    expect(await codeOf(world.process().catalog.createTable({ database: 'none', name: 't' }, table))).toBe(
      'NOT_FOUND',
    );
  });

  test('a FIFO queue of SQS has one delay for all messages', async () => {
    const { queue, consumer } = world.process();
    await queue.send('converge', [{ body: 'x', group: 'g', delaySeconds: 600 }]);
    expect(await consumer.receive('converge', 10)).toEqual([]);
    world.clock.advance(60_000);
    expect(await consumer.receive('converge', 10)).toHaveLength(1);
  });
});
