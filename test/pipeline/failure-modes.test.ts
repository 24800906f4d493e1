import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import type { CopyInput } from '../../src/run/ports/object-store.ts';
import { Crash, fault, type PortCall } from '../support/aws/faults.ts';
import { fileAround } from '../support/parquet-file.ts';
import type { TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import {
  landed,
  lostObjects,
  pages,
  partitions,
  quarantined,
  readable,
} from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';

/** Where a call acts: its first argument names the place, a copy's the destination. */
function placeOf({ name, args: [first] }: PortCall): string {
  const { bucket, key } = name === 'objects.copy' ? (first as CopyInput).to : (first as CopyInput['to']);
  return `${bucket}/${key}`;
}

/** Runs `act` once, just before the first such call takes effect. */
function justBefore(
  lake: Simulation,
  name: string,
  bucket: string,
  act: () => void,
): { readonly isDone: boolean } {
  const state = { isDone: false };
  lake.world.faults.intercept((call) => {
    if (state.isDone || call.name !== name || !placeOf(call).startsWith(`${bucket}/`)) return;
    state.isDone = true;
    act();
  });
  return state;
}

const nothingHappened = (lake: Simulation) => {
  expect(readable(lake)).toEqual({});
  expect(quarantined(lake)).toEqual([]);
  expect(lake.world.published).toEqual([]);
  expect(lake.world.notices).toEqual([]);
};

describe('events that lie about order and number', () => {
  test('FM-1: an event that comes three times has one effect', async () => {
    const lake = simulate();
    lake.world.deliver = () => [0, 0, 40_000];
    lake.put(a, 'good', 'a');
    lake.put(b, 'drifted', 'b');
    await lake.worker().settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(lake.world.buckets.bucket('lake').versions.get(`t/${a}`)).toHaveLength(1);
    expect(quarantined(lake)).toEqual(['drifted b']);
    const heldEvents = lake.world.published.filter(({ type }) => type === 'ObjectHeld');
    expect(new Set(heldEvents.map(({ id }) => id)).size).toBe(1);
    expect(lake.world.notices).toHaveLength(1);
  });

  test('FM-2: the event of a bad file that comes after a good one is about nothing', async () => {
    const lake = simulate();
    lake.world.deliver = () => [30_000];
    lake.put(a, 'drifted', 'old');
    lake.world.deliver = () => [0];
    lake.wait(1);
    lake.put(a, 'good', 'new');
    const worker = lake.worker();
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good new' });
    expect(quarantined(lake)).toEqual([]);
    expect(lake.world.notices).toEqual([]);
    expect(worker.observations).toContainEqual(expect.objectContaining({ outcome: 'superseded' }));
  });

  test('FM-2: an overwrite between the event and the reading of its footer', async () => {
    for (const [first, second, end, held] of [
      ['good', 'drifted', {}, ['drifted two']],
      ['drifted', 'good', { [a]: 'good two' }, []],
    ] as const) {
      const lake = simulate();
      const swap = justBefore(lake, 'objects.slice', 'landing', () => lake.put(a, second, 'two'));
      lake.put(a, first, 'one');
      await lake.worker().settle();
      expect(swap.isDone).toBe(true);
      expect(readable(lake)).toEqual(end);
      expect(quarantined(lake)).toEqual(held);
    }
  });

  test.each<TestContract>([{ mode: 'in-place' }, { policy: ['landing: consume'] }])(
    'FM-3: an overwrite between the verdict and the delete is left: %j',
    async (contract) => {
      const bucket = contract.mode === 'in-place' ? 'lake' : 'landing';
      for (const call of ['objects.copy', 'objects.remove']) {
        const lake = simulate(contract);
        const swap = justBefore(lake, call, call === 'objects.copy' ? 'quarantine' : bucket, () =>
          lake.put(a, 'good', 'two'),
        );
        lake.put(a, 'drifted', 'one');
        await lake.worker().settle();
        expect(swap.isDone).toBe(true);
        expect(readable(lake)).toEqual({ [a]: 'good two' });
        expect(quarantined(lake)).toEqual(call === 'objects.copy' ? [] : ['drifted one']);
        expect(lostObjects(lake.world)).toEqual([]);
      }
    },
  );

  test('FM-4: an overwrite between the verdict and the copy publishes nothing that was not judged', async () => {
    const lake = simulate();
    const swap = justBefore(lake, 'objects.copy', 'lake', () => lake.put(a, 'drifted', 'two'));
    lake.put(a, 'good', 'one');
    await lake.worker().settle();
    expect(swap.isDone).toBe(true);
    expect(readable(lake)).toEqual({});
    expect(await partitions(lake)).toEqual([]);
    expect(lake.world.buckets.bucket('lake').versions.size).toBe(0);
    expect(quarantined(lake)).toEqual(['drifted two']);
  });

  test('FM-19: a lost event is found by the sweep, in a guarded landing and in place', async () => {
    for (const contract of [{}, { mode: 'in-place' }] as const) {
      const lake = simulate(contract);
      const worker = lake.worker();
      await worker.sweep();
      lake.wait(5);
      lake.world.deliver = () => [];
      lake.put(a, 'good', 'a');
      lake.put(b, 'drifted', 'b');
      await worker.settle();
      expect(readable(lake)).toEqual({ [a]: 'good a' });
      expect(quarantined(lake)).toEqual(['drifted b']);
      expect(await partitions(lake)).toEqual(['2026-11-01']);
    }
  });

  test('FM-26: `_SUCCESS` before late events: what is listed and not judged keeps the batch waiting', async () => {
    const lake = simulate({ policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.world.deliver = () => [300_000];
    lake.put(b, 'good', 'b');
    lake.world.deliver = () => [0];
    lake.wait(5);
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    await worker.drain();
    expect(readable(lake)).toEqual({});
    expect(await partitions(lake)).toEqual([]);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'good b' });
  });

  test('FM-27: dynamic overwrite, delete then write: the partition is never dropped, and never read empty', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    await worker.settle();
    lake.wait(100);
    const views: unknown[] = [];
    lake.world.faults.intercept(() => void views.push(Object.keys(readable(lake)).length));
    lake.remove(a);
    lake.wait(30);
    await worker.drain();
    lake.put(b, 'good', 'two');
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good two' });
    expect(await partitions(lake)).toEqual(['2026-11-01']);
    expect(views.every((files) => files === 1 || files === 2)).toBe(true);
  });
});

describe('PIP-22: our own trouble is no verdict', () => {
  const crashAfter = async (lake: Simulation, isIt: (call: PortCall) => boolean) => {
    let isCut = false;
    lake.world.faults.inject((call) => {
      if (isCut || !isIt(call)) return undefined;
      isCut = true;
      return { kind: 'cut', when: 'after' };
    });
    await expect(lake.worker().settle()).rejects.toBeInstanceOf(Crash);
  };

  test('FM-5: a crash after the copy and before the delete: verified and deleted by the next process', async () => {
    const lake = simulate({ mode: 'in-place' });
    lake.put(a, 'drifted', 'a');
    await crashAfter(lake, ({ name }) => name === 'objects.copy');
    expect(quarantined(lake)).toEqual(['drifted a']);
    expect(Object.keys(readable(lake))).toEqual([a]);
    await lake.worker().settle();
    expect(readable(lake)).toEqual({});
    expect(quarantined(lake)).toEqual(['drifted a']);
    expect(pages(lake)).toHaveLength(1);
  });

  test('FM-5: where the copy was lost meanwhile the source stays', async () => {
    const lake = simulate({ mode: 'in-place' });
    lake.put(a, 'drifted', 'a');
    await crashAfter(
      lake,
      ({ name, args }) => name === 'ledger.put' && JSON.stringify(args).includes('"COPIED"'),
    );
    for (const key of lake.world.buckets.bucket('quarantine').versions.keys())
      lake.world.buckets.remove('quarantine', key);
    const worker = lake.worker();
    // Until the message is visible again.
    lake.wait(1810);
    await worker.drain();
    expect(Object.keys(readable(lake))).toEqual([a]);
    expect(worker.failures).toContainEqual(expect.objectContaining({ code: 'WRITE_FAILED' }));
    expect(lostObjects(lake.world)).toEqual([]);
  });

  test('FM-6: a crash after the delete and before the event: told by the next process', async () => {
    const lake = simulate({ mode: 'in-place' });
    lake.put(a, 'drifted', 'a');
    await crashAfter(lake, ({ name }) => name === 'objects.remove');
    expect(lake.world.published).toEqual([]);
    await lake.worker().settle();
    expect(lake.world.published.map(({ type }) => type)).toEqual(['ObjectHeld']);
    expect(pages(lake)).toHaveLength(1);
  });

  test('FM-6: an event that the bus did not take is told again; the hold is done only then', async () => {
    const lake = simulate();
    lake.world.failEvent = () => true;
    lake.put(a, 'drifted', 'a');
    const worker = lake.worker();
    await worker.drain();
    expect(await worker.holds()).toMatchObject([{ step: 'DELETED' }]);
    lake.world.failEvent = () => false;
    await worker.settle();
    expect(await worker.holds()).toMatchObject([{ step: 'DONE' }]);
    expect(pages(lake)).toHaveLength(1);
  });

  test('FM-7: contracts that cannot be used hold nothing and admit nothing; the work waits', async () => {
    const lake = simulate();
    const good = lake.world.contracts.current;
    lake.world.contracts.current = () => {
      throw new HeadgateError('CONTRACTS_UNUSABLE', 'index.json: HTTP 500');
    };
    lake.put(a, 'good', 'a');
    lake.put(b, 'drifted', 'b');
    const worker = lake.worker();
    await worker.drain();
    nothingHappened(lake);
    expect(worker.failures).toContainEqual(expect.objectContaining({ code: 'CONTRACTS_UNUSABLE' }));
    lake.world.contracts.current = good;
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(quarantined(lake)).toEqual(['drifted b']);
  });

  test('FM-7: with the last known good ones it goes on, and says so once an hour', async () => {
    const lake = simulate();
    lake.world.contracts.spoil('schemas/t.odcs.yaml: 3 errors');
    lake.put(a, 'good', 'a');
    lake.put(b, 'good', 'b');
    await lake.worker().settle();
    expect(Object.keys(readable(lake))).toEqual([a, b]);
    const stale = lake.world.published.filter(({ type }) => type === 'ContractsStale');
    expect(new Set(stale.map(({ id }) => id)).size).toBe(1);
    expect(stale[0]?.detail).toEqual({ reason: 'schemas/t.odcs.yaml: 3 errors' });
    expect(pages(lake)).toHaveLength(1);
  });

  test.each(['THROTTLED', 'READ_FAILED'] as const)(
    'FM-9: S3 that answers %s is no bad file',
    async (code) => {
      const lake = simulate();
      let answers = 0;
      lake.world.faults.inject(({ name }) =>
        name === 'objects.slice' && answers++ < 8 ? fault('before', code) : undefined,
      );
      lake.put(a, 'good', 'a');
      lake.put(b, 'drifted', 'b');
      const worker = lake.worker();
      await worker.drain();
      nothingHappened(lake);
      await worker.settle();
      expect(readable(lake)).toEqual({ [a]: 'good a' });
      expect(quarantined(lake)).toEqual(['drifted b']);
    },
  );

  test('FM-9: throttled for good, the files stay in landing and their messages end with the dead letters', async () => {
    const lake = simulate();
    lake.world.faults.inject(({ name }) => (name === 'objects.slice' ? fault('before') : undefined));
    lake.put(a, 'good', 'a');
    const worker = lake.worker();
    for (let tries = 0; tries < 8; tries++) {
      await worker.drain();
      lake.wait(60);
    }
    nothingHappened(lake);
    expect(landed(lake)).toEqual({ [a]: 'good a' });
    expect(lake.world.sqs.deadLetters('validate')).toHaveLength(1);
    lake.world.faults.reset();
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
  });

  test('FM-10: a body that is shorter than asked is read again', async () => {
    const lake = simulate();
    const worker = lake.worker();
    const { objects } = worker.guard;
    let cut = 2;
    Object.assign(objects, {
      open: (
        (open) =>
        (...args: Parameters<typeof open>) => {
          const source = open(...args);
          return {
            ...source,
            slice: async (start: number, end?: number) => {
              const bytes = await source.slice(start, end);
              return cut-- > 0 ? bytes.slice(0, bytes.byteLength - 9) : bytes;
            },
          };
        }
      )(objects.open),
    });
    lake.put(a, 'good', 'a');
    await worker.drain();
    nothingHappened(lake);
    await worker.settle();
    expect(cut).toBeLessThan(0);
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(worker.failures).toHaveLength(2);
  });

  test.each([
    '{',
    'null',
    '[]',
    '42',
    '"look"',
    '{}',
    '{"kind":"look"}',
    '{"kind":"look","bucket":7,"key":{}}',
    '{"kind":"else","bucket":"landing","key":"t/x"}',
  ])('FM-11: the poison %s takes nothing with it', async (poison) => {
    const lake = simulate();
    for (const queue of ['validate', 'publish', 'quarantine', 'catalog', 'converge'] as const)
      lake.world.sqs.deliver(queue, poison, 0);
    for (let part = 0; part < 9; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'good');
    const worker = lake.worker();
    await worker.drain();
    expect(Object.keys(readable(lake))).toHaveLength(9);
    for (let tries = 0; tries < 12; tries++) {
      lake.wait(60);
      await worker.drain();
    }
    expect(quarantined(lake)).toEqual([]);
    expect(lake.world.notices).toEqual([]);
    for (const queue of ['validate', 'publish', 'quarantine', 'catalog', 'converge'] as const)
      expect(lake.world.sqs.deadLetters(queue).every((body) => body === poison)).toBe(true);
  });

  test('FM-11: a footer built to exhaust its reader is a bad file like any other', async () => {
    const lake = simulate();
    const bombs = [
      fileAround(new Uint8Array(60_000).fill(0x19)),
      fileAround(new Uint8Array(300).fill(0xff), { claimed: 0x7fffffff }),
      fileAround(Uint8Array.from([0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f])),
    ];
    for (const [part, bytes] of bombs.entries())
      lake.world.producer.put('landing', `t/dt=2026-11-01/bomb-${part}.parquet`, bytes);
    lake.put(a, 'good', 'a');
    const worker = lake.worker();
    await worker.settle();
    expect(worker.failures).toEqual([]);
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(quarantined(lake)).toHaveLength(3);
  });

  test('FM-25: an object that may not be read is neither held nor admitted, and its neighbours are', async () => {
    const lake = simulate();
    lake.world.faults.inject((call) =>
      call.name === 'objects.slice' && placeOf(call) === `landing/t/${a}`
        ? fault('before', 'PERMISSION_DENIED')
        : undefined,
    );
    lake.put(a, 'good', 'a');
    lake.put(b, 'good', 'b');
    const worker = lake.worker();
    for (let tries = 0; tries < 8; tries++) {
      await worker.drain();
      lake.wait(60);
    }
    expect(readable(lake)).toEqual({ [b]: 'good b' });
    expect(quarantined(lake)).toEqual([]);
    expect(landed(lake)).toEqual({ [a]: 'good a', [b]: 'good b' });
    expect(lake.world.sqs.deadLetters('validate')).toHaveLength(1);
  });
});

describe('hostile keys, sizes and clocks', () => {
  const NAMES = {
    plus: 'a+b.parquet',
    spaces: ' a  b .parquet',
    percent: 'a%2Fb%.parquet',
    'an encoded plus': 'a%2Bb.parquet',
    newline: 'a\nb\r.parquet',
    'control characters': 'a\u0001\u001b[31m\u007f.parquet',
    unicode: 'größe-日本-🚰.parquet',
    'a decomposed letter': 'gro\u0308sse.parquet',
    'right to left': 'a\u202egnp.parquet',
    quotes: `a"b'c\`$(id);.parquet`,
    dots: '../../../etc/passwd.parquet',
    'a doubled slash': 'x//a.parquet',
    backslashes: 'a\\..\\b.parquet',
    markup: '<img src=x onerror=alert(1)>.parquet',
  } as const;

  test.each(Object.entries(NAMES))('FM-23: a key with %s is exactly itself, good or bad', async (_, name) => {
    const key = `dt=2026-11-01/${name}`;
    const isHidden = key.split('/').some((segment) => segment.startsWith('.'));
    for (const contract of [{}, { policy: ['landing: consume'] }, { mode: 'in-place' }] as const) {
      const lake = simulate(contract);
      lake.put(a, 'good', 'neighbour');
      lake.put(key, 'good', 'one');
      const worker = lake.worker();
      await worker.settle();
      expect(readable(lake)).toEqual({ [a]: 'good neighbour', ...(!isHidden && { [key]: 'good one' }) });
      lake.wait(10);
      lake.put(key, 'drifted', 'two');
      await worker.settle();
      expect(quarantined(lake)).toEqual(isHidden ? [] : ['drifted two']);
      expect(lostObjects(lake.world)).toEqual([]);
      expect(worker.failures).toEqual([]);
      for (const where of lake.world.buckets.bucket('quarantine').versions.keys())
        expect(where).toMatch(/^[A-Za-z0-9._/-]+$/u);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: no page may carry them
      expect(JSON.stringify(lake.world.notices)).not.toMatch(/\\u00|\\n|\\r|[\u0000-\u001f\u202e]/u);
    }
  });

  test('FM-23: a key of 1,024 bytes', async () => {
    const key = `dt=2026-11-01/${'é'.repeat((1024 - 't/dt=2026-11-01/.parquet'.length) / 2)}.parquet`;
    const lake = simulate();
    const worker = lake.worker();
    lake.put(key, 'good', 'one');
    await worker.settle();
    expect(readable(lake)).toEqual({ [key]: 'good one' });
    lake.wait(10);
    lake.put(key, 'drifted', 'two');
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted two']);
    expect(worker.failures).toEqual([]);
  });

  test('FM-23: a partition value that is encoded in the key', async () => {
    const lake = simulate();
    lake.put('dt=2026%2D11%2D01/a.parquet', 'good', 'a');
    lake.put('dt=not a day/a.parquet', 'good', 'b');
    await lake.worker().settle();
    expect(readable(lake)).toEqual({ 'dt=2026%2D11%2D01/a.parquet': 'good a' });
    expect(await partitions(lake)).toEqual(['2026-11-01']);
    expect(quarantined(lake)).toEqual(['good b']);
  });

  test('FM-28: 6 GB are judged by their end, published and held in parts', async () => {
    const GB = 1024 ** 3;
    for (const contract of [{}, { policy: ['landing: consume'] }] as const) {
      const lake = simulate(contract);
      const worker = lake.worker();
      lake.put(a, 'good', 'a', { sizeBytes: 6 * GB, multipart: { parts: 700 } });
      lake.put(b, 'drifted', 'b', { sizeBytes: 6 * GB, multipart: { parts: 700 } });
      await worker.settle();
      expect(worker.failures).toEqual([]);
      expect(readable(lake)).toEqual({ [a]: 'good a' });
      expect(quarantined(lake)).toEqual(['drifted b']);
      expect(lake.world.buckets.current('lake', `t/${a}`)?.etag).toMatch(/-6$/u);
      // Seen as published, though its ETag is another one: a second sweep copies nothing.
      lake.wait(10);
      await worker.settle();
      expect(lake.world.buckets.bucket('lake').versions.get(`t/${a}`)).toHaveLength(1);
    }
  });

  test('FM-28: the end of a multipart upload counts, not its beginning', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    await worker.settle();
    lake.wait(3600);
    lake.put(a, 'good', 'two', { multipart: { parts: 3, startedMsAgo: 7_200_000 } });
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good two' });
  });

  const expiring = (until: string): readonly TestContract[] => [
    {
      version: '2.0.0',
      columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
      policy: [`accept: [{ version: 1.0.0, until: "${until}" }]`],
    },
    { version: '1.0.0' },
  ];

  test('FM-30: `until` is compared with when the file was written, not with when it is judged', async () => {
    const lake = simulate({ version: '1.0.0' });
    lake.deploy(...expiring('2026-11-03'));
    lake.world.deliver = () => [2 * 86_400_000];
    lake.put(a, 'good', 'in time');
    lake.wait(86_400);
    lake.world.deliver = () => [0];
    lake.put(b, 'good', 'too late');
    const worker = lake.worker();
    await worker.drain();
    lake.wait(2 * 86_400);
    await worker.drain();
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good in time' });
    expect(quarantined(lake)).toEqual(['good too late']);
  });

  test.each([-7_200_000, 7_200_000])('FM-30: a store whose clock is %i ms off', async (skewMs) => {
    const lake = simulate({}, { skewMs });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(b, 'drifted', 'b');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    lake.put('dt=2026-11-01/c.parquet', 'good', 'c');
    lake.put(b, 'good', 'b');
    for (let hours = 0; hours < 4; hours++) {
      await worker.settle();
      lake.wait(3600);
    }
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good b', 'dt=2026-11-01/c.parquet': 'good c' });
  });

  test('FM-30: a clock that goes back an hour in the middle delays, and loses nothing', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    lake.put(b, 'good', 'two');
    lake.put('dt=2026-11-01/c.parquet', 'drifted', 'c');
    await worker.drain();
    lake.world.clock.advance(-3_600_000);
    lake.remove('dt=2026-11-01/c.parquet');
    await worker.settle();
    lake.wait(7200);
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good two' });
    expect(lostObjects(lake.world)).toEqual([]);
    expect(await worker.holds()).toMatchObject([{ status: 'ended' }]);
  });
});
