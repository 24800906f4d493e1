import { describe, expect, test } from 'vitest';
import { AGREED } from '../../src/run/folder/agreement.ts';
import { COMMIT_MARKER, SUCCESS_MARKER } from '../../src/run/folder/markers.ts';
import { recordScope } from '../../src/run/ledger/record-kind.ts';
import { originMetadata, originOf } from '../../src/run/message/origin.ts';
import { objectsBelow } from '../support/aws/invariants.ts';
import { ledgerEntries } from '../support/aws/ledger.ts';
import { fc } from '../support/property.ts';
import { LANDING, LOCATION, TABLE } from '../support/simulation/contract.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { lostObjects, readable } from '../support/simulation/views.ts';

const HOUR_MS = 3_600_000;
const a = 'dt=2026-11-01/a.parquet';
const [FOLDER] = a.split('a.parquet');

/** One sweep, and then only what it asked for, however long that takes. */
async function sweepOnce(lake: Simulation, worker: Worker): Promise<void> {
  await worker.sweep();
  for (let minutes = 0; minutes < 40; minutes++) {
    await worker.drain();
    lake.wait(60);
  }
}

const headsOf = (lake: Simulation) =>
  lake.world.faults.trace.filter(({ name }) => name === 'objects.head').length;
const remembered = (lake: Simulation) =>
  ledgerEntries(lake.world.ledger).filter(({ scope }) => scope === recordScope(AGREED, TABLE).scope);

/** Bytes by key, but of the markers. */
function bytesBelow(lake: Simulation, { bucket, prefix }: typeof LANDING | typeof LOCATION) {
  return [...objectsBelow(lake.world, bucket, prefix)]
    .filter(([key]) => key.endsWith('.parquet'))
    .map(([key, { bytes }]) => [key, Buffer.from(bytes).toString('base64')])
    .sort();
}

const write = fc.record({
  key: fc.constantFrom(a, 'dt=2026-11-01/b.parquet', 'dt=2026-11-02/a.parquet'),
  // Marks of one length: the files have one size. Few: the same bytes come again.
  mark: fc.constantFrom('1', '2', '3', 'longer'),
  upload: fc.option(
    fc.record({
      parts: fc.integer({ min: 1, max: 2 }),
      startedMsAgo: fc.constantFrom(0, 1000, HOUR_MS, 20 * HOUR_MS, 9 * 24 * HOUR_MS),
    }),
    { nil: undefined },
  ),
  waitSeconds: fc.constantFrom(0, 1, 90, 86_400),
});

describe('LAK-51 (E): a copy is known by what it copies', () => {
  const POLICIES = [
    { policy: [], marker: undefined },
    { policy: ['completion: success-marker'], marker: SUCCESS_MARKER },
    { policy: ['completion: explicit'], marker: COMMIT_MARKER },
    { policy: ['completion: quiet:1'], marker: undefined },
    { policy: ['landing: consume'], marker: undefined },
  ] as const;

  test.each([
    ...POLICIES.map((one) => ({ ...one, isEncrypted: false })),
    { ...POLICIES[1], isEncrypted: true },
  ])(
    'after any overwrites that nobody told, one sweep publishes what landing has: $policy, encrypted: $isEncrypted',
    { timeout: 120_000 },
    async ({ policy, marker, isEncrypted }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(write, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
          async (rounds) => {
            const lake = simulate({ policy });
            if (isEncrypted) lake.world.buckets.create(LOCATION.bucket, { hasOpaqueEtags: true });
            const worker = lake.worker();
            lake.world.deliver = () => [];
            const last = new Map<string, string>();
            for (const writes of rounds) {
              for (const { key, mark, upload, waitSeconds } of writes) {
                lake.put(key, 'good', mark, upload ? { multipart: upload } : {});
                last.set(key, `good ${mark}`);
                lake.wait(waitSeconds);
              }
              lake.wait(2);
              if (marker) lake.putMarker(`dt=2026-11-01/${marker}`);
              if (marker) lake.putMarker(`dt=2026-11-02/${marker}`);
              await sweepOnce(lake, worker);
              expect(readable(lake)).toEqual(Object.fromEntries(last));
              expect(bytesBelow(lake, LANDING)).toEqual(
                policy[0] === 'landing: consume' ? [] : bytesBelow(lake, LOCATION),
              );
              expect(lostObjects(lake.world)).toEqual([]);
            }
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  test('a multipart overwrite of equal size that began before the last publish, under a marker', async () => {
    const lake = simulate({ policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    lake.wait(5);
    lake.putMarker(`${FOLDER}_SUCCESS`);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good one' });
    lake.wait(HOUR_MS / 1000);
    lake.put(a, 'good', 'two', { multipart: { parts: 2, startedMsAgo: 2 * HOUR_MS } });
    lake.wait(5);
    lake.putMarker(`${FOLDER}_SUCCESS`);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good two' });
  });
});

describe('LAK-52 (E): an unchanged stretch of a table costs a sweep nothing', () => {
  /** Files that were written in parts, each with a copy of the form that a simple copy has. */
  const fill = async (lake: Simulation, files: number) => {
    const worker = lake.worker();
    const { buckets } = lake.world;
    lake.world.deliver = () => [];
    for (let part = 0; part < files; part++) {
      const relativeKey = `${FOLDER}p${String(part).padStart(5, '0')}.parquet`;
      lake.put(relativeKey, 'good', `m${part}`, { multipart: { parts: 1 } });
      const object = buckets.current(LANDING.bucket, LANDING.prefix + relativeKey);
      if (object === undefined) throw new Error('not written');
      buckets.put(LOCATION.bucket, LOCATION.prefix + relativeKey, {
        bytes: object.bytes,
        metadata: originMetadata(originOf(LANDING.bucket, object), 'keep'),
      });
    }
    lake.world.deliver = () => [0];
    await worker.settle();
    return worker;
  };

  test('multipart objects are asked once, and noted in one small record', async () => {
    const lake = simulate();
    const worker = await fill(lake, 40);
    const [record, ...more] = remembered(lake);
    expect(more).toEqual([]);
    expect(JSON.stringify(record?.value).length).toBeLessThan(100);
    for (let hour = 0; hour < 3; hour++) {
      lake.wait(3600);
      lake.world.faults.reset();
      await worker.sweep();
      expect(headsOf(lake)).toBe(0);
    }
  });

  test('single-part objects need neither a question nor a record', async () => {
    const lake = simulate();
    const worker = lake.worker();
    for (let part = 0; part < 40; part++) lake.put(`${FOLDER}p${part}.parquet`, 'good', `m${part}`);
    await worker.settle();
    lake.world.faults.reset();
    await worker.sweep();
    expect(headsOf(lake)).toBe(0);
    expect(remembered(lake)).toEqual([]);
  });

  test('a change is asked about in its own stretch, and a file in front moves no other', {
    timeout: 120_000,
  }, async () => {
    const lake = simulate();
    const worker = await fill(lake, 3000);
    const stretches = remembered(lake).length;
    expect(stretches).toBeGreaterThanOrEqual(3);
    expect(stretches).toBeLessThan(3000 / 200);
    lake.put(`${FOLDER}a.parquet`, 'good', 'first', { multipart: { parts: 1 } });
    await worker.drain();
    lake.world.faults.reset();
    await worker.sweep();
    expect(headsOf(lake)).toBeGreaterThan(0);
    expect(headsOf(lake)).toBeLessThan(2001);
    lake.world.faults.reset();
    await worker.sweep();
    expect(headsOf(lake)).toBe(0);
  });

  test('is noted only where everything in it agreed', async () => {
    const lake = simulate();
    const worker = await fill(lake, 20);
    const before = remembered(lake);
    lake.world.deliver = () => [];
    lake.put(`${FOLDER}p00007.parquet`, 'drifted', 'b', { multipart: { parts: 1, startedMsAgo: HOUR_MS } });
    lake.put(`${FOLDER}p00008.parquet`, 'good', 'm9', { multipart: { parts: 1, startedMsAgo: HOUR_MS } });
    await worker.sweep();
    expect(remembered(lake)).toEqual(before);
    await worker.settle();
    expect(readable(lake)[`${FOLDER}p00007.parquet`]).toBe('good m7');
    expect(readable(lake)[`${FOLDER}p00008.parquet`]).toBe('good m9');
  });

  test('the same published bytes, copied from another object, are asked about again', async () => {
    const lake = simulate();
    const worker = await fill(lake, 20);
    lake.wait(10);
    const before = remembered(lake);
    // The same bytes in other parts: a copy of them has the ETag that the published one has.
    lake.put(`${FOLDER}p00003.parquet`, 'good', 'm3', { multipart: { parts: 2, startedMsAgo: HOUR_MS } });
    await worker.settle();
    expect(remembered(lake)).not.toEqual(before);
    const current = lake.world.buckets.current(LANDING.bucket, `${LANDING.prefix}${FOLDER}p00003.parquet`);
    const published = lake.world.buckets.current(
      LOCATION.bucket,
      `${LOCATION.prefix}${FOLDER}p00003.parquet`,
    );
    expect(published?.metadata['headgate-origin-etag']).toBe(current?.etag);
    lake.world.faults.reset();
    await worker.sweep();
    expect(headsOf(lake)).toBe(0);
  });

  test('once a week everything is asked again, and what is noted of stretches that are gone expires', async () => {
    const lake = simulate();
    const worker = await fill(lake, 20);
    lake.wait(8 * 86_400);
    lake.world.faults.reset();
    await worker.sweep();
    expect(headsOf(lake)).toBe(20);
    const entries = [...(lake.world.ledger.scopes.get(recordScope(AGREED, TABLE).scope) ?? [])];
    expect(entries.map(([, { expiresAt }]) => expiresAt)).toEqual([
      new Date(lake.world.clock.ms() + 15 * 86_400_000).toISOString(),
    ]);
  });
});
