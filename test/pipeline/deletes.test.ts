import { describe, expect, test } from 'vitest';
import { closeBreaker } from '../../src/run/breaker/breaker.ts';
import type { CopyInput } from '../../src/run/ports/object-store.ts';
import { Crash, type PortCall } from '../support/aws/faults.ts';
import { ledgerEntries } from '../support/aws/ledger.ts';
import { fileBytes } from '../support/simulation/files.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import { pages, quarantined, readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';
const HOUR = 3600;

const placeOf = ({ args: [place] }: PortCall) => place as { readonly bucket: string; readonly key: string };

/** Runs `act` once, just before the first such call on the key takes effect. */
function justBefore(lake: Simulation, name: string, at: string, act: () => void): void {
  let isDone = false;
  lake.world.faults.intercept((call) => {
    if (isDone || call.name !== name) return;
    const { bucket, key } = placeOf(call);
    if (`${bucket}/${key}` !== at) return;
    isDone = true;
    act();
  });
}

/** Runs `act` once, just before the key is copied into the location. */
function beforeCopy(lake: Simulation, relativeKey: string, act: () => Promise<void> | void): void {
  let isDone = false;
  lake.world.faults.intercept(async ({ name, args: [input] }) => {
    if (isDone || name !== 'objects.copy' || (input as CopyInput).to.key !== `t/${relativeKey}`) return;
    isDone = true;
    await act();
  });
}

describe('PIP-14: only what Headgate mirrored and its producer removed is deleted', () => {
  test.each([
    ['between the listing and the look before the delete', 'objects.head', `landing/t/${a}`],
    ['at the delete itself', 'objects.remove', `lake/t/${a}`],
  ] as const)('a key that came back %s is published again', async (_, call, at) => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    lake.put(b, 'good', 'b');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    await worker.settle();
    justBefore(lake, call, at, () => lake.put(a, 'good', 'two'));
    lake.wait(HOUR);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good two', [b]: 'good b' });
  });

  test('a key that came back before the delete keeps its published copy, though the new object is bad', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    lake.put(b, 'good', 'b');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    await worker.settle();
    justBefore(lake, 'objects.head', `landing/t/${a}`, () => lake.put(a, 'drifted', 'two'));
    lake.wait(HOUR);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good one', [b]: 'good b' });
  });

  test('a published object that somebody replaced since the listing is left', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    await worker.settle();
    justBefore(lake, 'objects.remove', `lake/t/${a}`, () =>
      lake.world.buckets.put('lake', `t/${a}`, { bytes: fileBytes('good', 'foreign') }),
    );
    lake.wait(HOUR);
    await worker.drain();
    expect(Object.keys(readable(lake))).toEqual([a]);
  });

  test('foreign objects below the location are left, and told once a day', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.world.buckets.put('lake', 't/dt=2026-11-01/foreign.parquet', { bytes: fileBytes('good', 'x') });
    lake.wait(2 * HOUR);
    await worker.settle();
    lake.wait(2 * HOUR);
    await worker.settle();
    expect(Object.keys(readable(lake))).toEqual([a, 'dt=2026-11-01/foreign.parquet']);
    const told = lake.world.published.filter(({ type }) => type === 'CatalogDrift');
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(told[0]?.detail.differences).toEqual([
      {
        rule: 'catalog-drift',
        path: '',
        expected: 'objects that Headgate published',
        actual: '1 objects below the location that it did not',
      },
    ]);
    expect(pages(lake)).toHaveLength(1);
  });

  test('a key that is overwritten with nothing is deleted, as one that is gone', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(b, 'good', 'b');
    await worker.settle();
    lake.wait(100);
    lake.putMarker(a);
    await worker.settle();
    expect(Object.keys(readable(lake))).toEqual([a, b]);
    lake.wait(HOUR);
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good b' });
    expect(quarantined(lake)).toEqual([]);
  });

  test('a file that is not judged when the deletes are due stops them', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'old');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    lake.put(b, 'good', 'new');
    beforeCopy(lake, b, () => lake.put('dt=2026-11-01/c.parquet', 'drifted', 'c'));
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good old', [b]: 'good new' });
  });

  test('a file that is admitted while the others are copied is copied before the deletes', async () => {
    const lake = simulate();
    const worker = lake.worker();
    const c = 'dt=2026-11-01/c.parquet';
    lake.put(a, 'good', 'old');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    lake.put(b, 'good', 'new');
    const atDelete: unknown[] = [];
    beforeCopy(lake, b, async () => {
      lake.world.faults.intercept(({ name, args: [place] }) => {
        if (name === 'objects.remove' && (place as { bucket: string }).bucket === 'lake')
          atDelete.push(Object.keys(readable(lake)));
      });
      // Its upload began before the others were written, so that it counts as settled.
      lake.put(c, 'good', 'late', { multipart: { parts: 2, startedMsAgo: 3_600_000 } });
      await lake.worker().drain();
    });
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good new', [c]: 'good late' });
    expect(atDelete).toEqual([[a, b, c]]);
  });

  test('a crash among the deletes of an overwrite: the rest waits no hour', async () => {
    const lake = simulate();
    lake.put(a, 'good', 'one');
    lake.put(b, 'good', 'two');
    await lake.worker().settle();
    lake.wait(100);
    lake.remove(a);
    lake.remove(b);
    lake.put('dt=2026-11-01/c.parquet', 'good', 'c');
    let isCut = false;
    lake.world.faults.inject(({ name, args: [place] }) => {
      if (isCut || name !== 'objects.remove' || (place as { bucket: string }).bucket !== 'lake')
        return undefined;
      isCut = true;
      return { kind: 'cut', when: 'after' };
    });
    await expect(lake.worker().settle()).rejects.toBeInstanceOf(Crash);
    expect(Object.keys(readable(lake))).toHaveLength(2);
    await lake.worker().settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/c.parquet': 'good c' });
  });

  test('a further delete starts the hour again', async () => {
    const lake = simulate();
    const worker = lake.worker();
    for (const key of [a, b, 'dt=2026-11-01/c.parquet']) lake.put(key, 'good');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    await worker.settle();
    lake.wait(HOUR - 600);
    lake.remove(b);
    await worker.settle();
    lake.wait(900);
    await worker.settle();
    expect(Object.keys(readable(lake))).toHaveLength(3);
    lake.wait(HOUR);
    await worker.settle();
    expect(Object.keys(readable(lake))).toEqual(['dt=2026-11-01/c.parquet']);
  });

  test('an emptied partition stays registered', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.remove(a);
    await worker.settle();
    lake.wait(HOUR);
    await worker.settle();
    expect(readable(lake)).toEqual({});
    expect(lake.world.glue.table({ database: 'shop', name: 't' })?.partitions.size).toBe(1);
  });

  test('a consumed landing mirrors nothing: no delete follows', async () => {
    const lake = simulate({ policy: ['landing: consume'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(3 * HOUR);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
  });
});

describe('PIP-15: deletes over half of a table wait for a person', () => {
  const put = (lake: Simulation, parts: number) => {
    for (let part = 0; part < parts; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'good', `p${part}`);
  };
  const remove = (lake: Simulation, parts: number) => {
    for (let part = 0; part < parts; part++) lake.remove(`dt=2026-11-01/p${part}.parquet`);
  };

  test('11 of 20 wait, until the breaker is closed with --allow-deletes', async () => {
    const lake = simulate();
    const worker = lake.worker();
    put(lake, 20);
    await worker.settle();
    lake.wait(100);
    remove(lake, 11);
    await worker.settle();
    lake.wait(HOUR);
    await worker.settle();
    expect(Object.keys(readable(lake))).toHaveLength(20);
    expect(lake.world.published.map(({ type }) => type)).toContain('DeletesPaused');
    expect(pages(lake)).toHaveLength(1);
    await closeBreaker(worker.guard, await worker.table(), { by: 'ana', allowDeletes: false });
    await worker.settle();
    expect(Object.keys(readable(lake))).toHaveLength(20);
    await closeBreaker(worker.guard, await worker.table(), { by: 'ana', allowDeletes: true });
    await worker.settle();
    expect(Object.keys(readable(lake))).toHaveLength(9);
  });

  test('half of them, or fewer than ten, do not', async () => {
    for (const [parts, gone] of [
      [20, 10],
      [9, 9],
    ] as const) {
      const lake = simulate();
      const worker = lake.worker();
      put(lake, parts);
      await worker.settle();
      lake.wait(100);
      remove(lake, gone);
      await worker.settle();
      lake.wait(HOUR);
      await worker.settle();
      expect(Object.keys(readable(lake))).toHaveLength(parts - gone);
    }
  });

  test('an overwrite of everything is no mass delete', async () => {
    const lake = simulate();
    const worker = lake.worker();
    put(lake, 20);
    await worker.settle();
    lake.wait(100);
    remove(lake, 20);
    lake.put(a, 'good', 'all');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good all' });
    // Nothing of it is remembered.
    const scopes = ledgerEntries(lake.world.ledger).map(({ scope }) => scope.split('/')[0]);
    expect(scopes).not.toContain('waiting');
    expect(scopes).not.toContain('missing');
  });
});
