import { describe, expect, test } from 'vitest';
import { type ReconcileOptions, reconcile } from '../../src/run/folder/reconcile.ts';
import { finishPieces, splitSweep, sweepPiece } from '../../src/run/folder/sweep-pieces.ts';
import { SWEEPS } from '../../src/run/folder/sweep-record.ts';
import { recordScope } from '../../src/run/ledger/record-kind.ts';
import { listRecords } from '../../src/run/ledger/records.ts';
import { originMetadata } from '../../src/run/message/origin.ts';
import { readTable } from '../../src/run/table/table-record.ts';
import { Crash } from '../support/aws/faults.ts';
import { LANDING, LOCATION, TABLE, type TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { quarantined, readable } from '../support/simulation/views.ts';

const DAYS = ['2026-11-01', '2026-11-02', '2026-11-03'];
const EACH = 300;

/** Three partitions that were published before; in place they were judged before anybody guarded them. */
async function settled(contract: TestContract = {}): Promise<{ lake: Simulation; worker: Worker }> {
  const lake = simulate({ ...contract, policy: ['settle: 1s', 'deleteAfter: 1s'] });
  const { buckets } = lake.world;
  const { deliver } = lake.world;
  lake.world.deliver = () => [];
  for (const day of DAYS)
    for (let file = 0; file < EACH; file++) {
      const key = `dt=${day}/old-${String(file).padStart(3, '0')}.parquet`;
      const bytes = new TextEncoder().encode(key);
      if (contract.mode === 'in-place') {
        buckets.put(LOCATION.bucket, LOCATION.prefix + key, { bytes });
        continue;
      }
      const place = { bucket: LANDING.bucket, key: LANDING.prefix + key };
      const { etag, modifiedAt } = buckets.put(place.bucket, place.key, { bytes });
      const origin = { ...place, etag, sizeBytes: bytes.length, writtenAt: modifiedAt };
      const metadata = originMetadata(origin, 'keep');
      buckets.put(LOCATION.bucket, LOCATION.prefix + key, { bytes, metadata });
    }
  lake.world.deliver = deliver;
  lake.wait(60);
  const worker = lake.worker();
  await worker.settle();
  return { lake, worker };
}

/** What happened while no event was told: a good file, a bad one, and a deleted one, in three partitions. */
function loseEvents(lake: Simulation, isInPlace = false): void {
  lake.world.deliver = () => [];
  lake.put('dt=2026-11-01/lost.parquet', 'good', 'lost');
  lake.put('dt=2026-11-02/bad.parquet', 'drifted', 'bad');
  if (!isInPlace) lake.remove('dt=2026-11-03/old-007.parquet');
  lake.wait(1);
}

/** Everything that was asked for is done, and nothing is swept meanwhile. */
async function rest({ lake, worker }: { readonly lake: Simulation; readonly worker: Worker }): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await worker.drain();
    lake.wait(70);
  }
}

async function sweepOnce(worker: Worker, options: ReconcileOptions) {
  return reconcile(worker.guard, await worker.table(), options);
}

const always = () => true;

/** After which key each listing of landing began. */
function begun({ world }: Simulation): readonly unknown[] {
  return world.faults.trace.flatMap(({ name, args: [bucket, prefix, after] }) =>
    name === 'objects.list' && bucket === LANDING.bucket && prefix === LANDING.prefix ? [after] : [],
  );
}

describe('PIP-40: a sweep that is cut goes on where it was', () => {
  test.each([{}, { mode: 'in-place' }] as const)(
    'cut after every stretch, it finds what one sweep finds: %o',
    async (contract) => {
      const isInPlace = 'mode' in contract;
      const { lake, worker } = await settled(contract);
      loseEvents(lake, isInPlace);
      let cuts = 0;
      for (let goesOn = false; ; goesOn = true) {
        // Each time another process, which knows nothing of the ones before.
        const swept = await sweepOnce(lake.worker(), { isOver: always, goesOn });
        if (!swept.isUnderWay) {
          expect(swept.publishedObjects).toBe(isInPlace ? 3 * EACH + 2 : 3 * EACH);
          break;
        }
        cuts++;
      }
      // A stretch has 256 keys to 1,000; in place a page has 1,000.
      expect(cuts).toBeGreaterThanOrEqual(isInPlace ? 1 : 2);
      expect(await listRecords(worker.guard, recordScope(SWEEPS, TABLE))).toEqual([]);
      await rest({ lake, worker });
      expect(readable(lake)['dt=2026-11-01/lost.parquet']).toBe('good lost');
      expect(quarantined(lake)).toEqual(['drifted bad']);
      expect(Object.keys(readable(lake))).toHaveLength(isInPlace ? 3 * EACH + 1 : 3 * EACH);
    },
  );

  test('the message that it leaves has it go on from the last key that was compared', async () => {
    const { lake, worker } = await settled();
    loseEvents(lake);
    expect((await sweepOnce(worker, { isOver: always })).isUnderWay).toBe(true);
    const [first] = await listRecords(worker.guard, recordScope(SWEEPS, TABLE));
    expect(first?.value.after).toMatch(/\/old-\d+\.parquet$/u);
    lake.world.faults.reset();
    await rest({ lake, worker });
    expect(begun(lake)[0]).toBe(LANDING.prefix + first?.value.after);
    expect(readable(lake)['dt=2026-11-01/lost.parquet']).toBe('good lost');
    expect(Object.keys(readable(lake))).not.toContain('dt=2026-11-03/old-007.parquet');
  });

  test('the schedule leaves alone what is under way, and takes up what nobody went on with', async () => {
    const { lake, worker } = await settled();
    loseEvents(lake);
    await sweepOnce(worker, { isOver: always });
    const [left] = await listRecords(worker.guard, recordScope(SWEEPS, TABLE));
    lake.world.faults.reset();
    expect(await sweepOnce(worker, {})).toMatchObject({ isUnderWay: true });
    expect(begun(lake)).toEqual([]);
    lake.wait(1801);
    expect(await sweepOnce(worker, {})).toMatchObject({ publishedObjects: 3 * EACH });
    expect(begun(lake)[0]).toBe(LANDING.prefix + left?.value.after);
  });

  test('a message that comes twice begins no sweep of its own', async () => {
    const { lake, worker } = await settled();
    lake.world.faults.reset();
    expect(await sweepOnce(worker, { goesOn: true })).toMatchObject({ publishedObjects: 0 });
    expect(begun(lake)).toEqual([]);
  });

  test('of two processes that go on with the same sweep, the slower one ends', async () => {
    const { lake, worker } = await settled();
    await sweepOnce(worker, { isOver: always });
    let other: Promise<unknown> | undefined;
    lake.world.faults.intercept(async ({ name }) => {
      if (name !== 'objects.list' || other !== undefined) return;
      lake.world.faults.intercept(undefined);
      other = sweepOnce(lake.worker(), { isOver: always, goesOn: true });
      await other;
    });
    await sweepOnce(worker, { isOver: always, goesOn: true });
    const [record] = await listRecords(worker.guard, recordScope(SWEEPS, TABLE));
    // Each stretch is counted once.
    expect(record?.value.publishedObjects).toBeLessThanOrEqual(3 * EACH);
    await worker.settle();
    expect((await readTable(worker.guard, TABLE))?.value.publishedObjects).toBe(3 * EACH);
  });

  test('what many objects lack is asked for without a look at their folder', async () => {
    const lake = simulate();
    const worker = lake.worker();
    await worker.settle();
    lake.world.deliver = () => [];
    for (let file = 0; file < 1_200; file++) lake.put(`dt=2026-11-01/${file}.parquet`, 'good', `${file}`);
    lake.world.faults.reset();
    await sweepOnce(worker, {});
    // Two pages of landing and none of the location, by the sweep itself.
    expect(lake.world.faults.trace.filter(({ name }) => name === 'objects.list')).toHaveLength(3);
    expect(lake.world.sqs.messages('validate')).toHaveLength(1_200);
  });
});

/** In `npm test` some of the calls, in `test:long` each of them. */
const STEP = process.env.LONG !== undefined ? 1 : 13;

describe('PIP-40: a process that dies in a sweep', () => {
  test('wherever it dies, the next one finds all that was lost', async () => {
    for (let call = 1; ; call += STEP) {
      const lake = simulate({ policy: ['settle: 1s'] });
      lake.world.deliver = () => [];
      // Two stretches, the second of which is short.
      for (let file = 0; file < 280; file++)
        lake.put(`dt=2026-11-01/${String(file).padStart(3, '0')}.parquet`, 'good', `${file}`);
      lake.wait(5);
      const guarded = await lake.worker().table();
      const sweepAll = async () => {
        for (let goesOn = false; ; goesOn = true) {
          const { guard } = lake.worker();
          let asked = 0;
          // Over after each stretch; not before its one folder was looked at.
          const isOver = () => asked++ % 3 !== 1;
          if (!(await reconcile(guard, guarded, { isOver, goesOn })).isUnderWay) return;
        }
      };
      lake.world.faults.reset();
      lake.world.faults.cutAfter(call);
      let hasEnded = true;
      await sweepAll().catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
        hasEnded = false;
      });
      lake.world.faults.reset();
      lake.wait(1801);
      await sweepAll();
      const asked = new Set(
        lake.world.sqs.messages('validate').map(({ body }) => (JSON.parse(body) as { key: string }).key),
      );
      expect([call, asked.size]).toEqual([call, 280]);
      expect(await listRecords(lake.worker().guard, recordScope(SWEEPS, TABLE))).toEqual([]);
      if (hasEnded) break;
    }
  });
});

describe('PIP-41: a large table is swept in pieces', () => {
  test.each([undefined, always])(
    'by its folders, each on from where it was, and ends as one sweep does',
    async (isOver) => {
      const { lake, worker } = await settled();
      loseEvents(lake);
      const guarded = await worker.table();
      const split = await splitSweep(worker.guard, guarded);
      expect(split.pieces).toEqual([
        { id: '0', until: 'dt=2026-11-010' },
        { id: '1', after: 'dt=2026-11-010', until: 'dt=2026-11-020' },
        { id: '2', after: 'dt=2026-11-020' },
      ]);
      await expect(finishPieces(worker.guard, guarded, split, 3)).rejects.toThrow('3 of 3 pieces');
      // In any order, and by processes that share nothing.
      for (const piece of split.pieces.toReversed()) {
        const { guard } = lake.worker();
        while (!(await sweepPiece(guard, guarded, split, piece, isOver)).isDone);
      }
      expect(await finishPieces(worker.guard, guarded, split, 3)).toMatchObject({
        publishedObjects: 3 * EACH,
      });
      expect(await listRecords(worker.guard, recordScope(SWEEPS, TABLE))).toEqual([]);
      await rest({ lake, worker });
      expect(readable(lake)['dt=2026-11-01/lost.parquet']).toBe('good lost');
      expect(quarantined(lake)).toEqual(['drifted bad']);
      expect(Object.keys(readable(lake))).not.toContain('dt=2026-11-03/old-007.parquet');
    },
  );

  test('a key right behind a folder is in a piece, whatever it is', async () => {
    const lake = simulate({ isPartitioned: false, policy: ['fileMatch: "**/*"'] });
    const worker = lake.worker();
    lake.world.deliver = () => [];
    for (const key of ['a/1', 'a0', 'a00', 'a/', 'a.x', 'b/1', 'z']) lake.put(key, 'good', key);
    const guarded = await worker.table();
    const split = await splitSweep(worker.guard, guarded);
    expect(split.pieces.map(({ until }) => until)).toEqual(['a0', undefined]);
    for (const piece of split.pieces) await sweepPiece(worker.guard, guarded, split, piece);
    await finishPieces(worker.guard, guarded, split, 2);
    await worker.drain();
    expect(Object.keys(readable(lake)).toSorted()).toEqual(['a.x', 'a/1', 'a0', 'a00', 'b/1', 'z']);
  });

  test('a table whose first keys are few is split by the next ones', async () => {
    const lake = simulate({ keys: ['year int', 'month int'] });
    const worker = lake.worker();
    lake.world.deliver = () => [];
    for (const folder of ['year=2026/month=1', 'year=2026/month=2', 'year=2027/month=1'])
      lake.put(`${folder}/a.parquet`, 'good');
    const { pieces } = await splitSweep(worker.guard, await worker.table());
    expect(pieces.map(({ until }) => until)).toEqual(['year=2026/month=10', 'year=2026/month=20', undefined]);
  });
});
