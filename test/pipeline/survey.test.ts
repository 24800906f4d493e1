import { describe, expect, test } from 'vitest';
import { noteDeparture } from '../../src/run/folder/folder-record.ts';
import { applyVersion } from '../support/apply-version.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import { landed, quarantined, readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';

describe('PIP-23: landing and location are compared by what is there', () => {
  test('a lost overwrite of the same size is found by its ETag', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    await worker.settle();
    lake.wait(60);
    lake.world.deliver = () => [];
    lake.put(a, 'good', 'two');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good two' });
  });

  test('a lost overwrite that seems older is found by its size', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    await worker.settle();
    lake.wait(60);
    lake.world.deliver = () => [];
    lake.put(a, 'good', 'larger', { multipart: { parts: 2, startedMsAgo: 7_200_000 } });
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good larger' });
  });

  test('a landing that was consumed and is kept from now on loses nothing that was published', async () => {
    const lake = simulate({ version: '1.0.0', policy: ['landing: consume'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.deploy({ version: '1.0.1' });
    lake.put(b, 'good', 'b');
    await worker.settle();
    lake.wait(7200);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'good b' });
    expect(lake.world.published.map(({ type }) => type)).not.toContain('CatalogDrift');
  });

  test('a sweep asks for no published object by itself where listings tell enough', async () => {
    for (const policy of [['landing: consume'], ['landing: keep']]) {
      const lake = simulate({ policy });
      const worker = lake.worker();
      for (let part = 0; part < 20; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'good');
      lake.wait(5);
      await worker.settle();
      lake.world.faults.reset();
      await worker.sweep();
      const asked = lake.world.faults.trace.flatMap(({ name, args: [place] }) =>
        name === 'objects.head' ? [(place as { readonly key: string }).key] : [],
      );
      // Whether an empty landing became a file is asked of its own key.
      expect(asked).toEqual(policy[0] === 'landing: consume' ? ['t'] : []);
    }
  });

  const listedBy = (lake: Simulation) =>
    lake.world.faults.trace
      .flatMap(({ name, args }) => (name === 'objects.list' ? [args[0]] : []))
      .toSorted();

  test('AWS-30: a batch lists both sides of a folder that nothing is known of, and none of one that lost no key', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.drain();
    expect(listedBy(lake)).toEqual(['lake', 'landing']);
    lake.world.faults.reset();
    for (let part = 0; part < 10; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'good');
    await worker.drain();
    expect(Object.keys(readable(lake))).toHaveLength(11);
    expect(listedBy(lake)).toEqual([]);
  });

  test.each([
    // The event of the delete tells it; the witness, which is a.parquet, is still there.
    { lost: 'b.parquet', isTold: true },
    // No event came: that the witness is gone tells it.
    { lost: 'a.parquet', isTold: false },
  ])(
    'AWS-30: a folder that lost $lost is listed, and its new files wait for the rest',
    async ({ lost, isTold }) => {
      const lake = simulate();
      const worker = lake.worker();
      lake.put(a, 'good', 'a');
      lake.put('dt=2026-11-01/b.parquet', 'good', 'b');
      await worker.drain();
      lake.wait(100);
      const { deliver } = lake.world;
      if (!isTold) lake.world.deliver = () => [];
      lake.remove(`dt=2026-11-01/${lost}`);
      lake.world.deliver = deliver;
      lake.put('dt=2026-11-01/c.parquet', 'good', 'c');
      await worker.drain();
      expect(Object.keys(readable(lake))).toEqual([a, 'dt=2026-11-01/b.parquet']);
      await worker.settle();
      const left = ['a', 'b', 'c'].map((name) => `dt=2026-11-01/${name}.parquet`);
      expect(Object.keys(readable(lake))).toEqual(left.filter((key) => !key.endsWith(lost)));
    },
  );

  test('AWS-30: the batches of one overwrite list both sides once, and ask about few of the old files', async () => {
    const lake = simulate();
    const worker = lake.worker();
    for (let part = 0; part < 100; part++) lake.put(`dt=2026-11-01/old-${part}.parquet`, 'good', `${part}`);
    await worker.settle();
    lake.wait(100);
    for (let part = 0; part < 100; part++) lake.remove(`dt=2026-11-01/old-${part}.parquet`);
    for (let part = 0; part < 100; part++)
      lake.put(`dt=2026-11-01/new-${part}.parquet`, 'good', `new ${part}`);
    lake.world.faults.reset();
    await worker.drain();
    expect(listedBy(lake)).toEqual(['lake', 'landing']);
    const heads = lake.world.faults.trace.filter(({ name }) => name === 'objects.head');
    // A hundred for the keys that are gone, and the first ten that landing lacks.
    expect(heads.length).toBeLessThanOrEqual(110);
    await worker.settle();
    expect(Object.keys(readable(lake))).toHaveLength(100);
    expect(Object.keys(readable(lake)).every((key) => key.includes('/new-'))).toBe(true);
  });

  test('AWS-30: a key that leaves while both sides are listed is not forgotten', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    const guarded = await worker.table();
    lake.world.faults.intercept(async ({ name }) => {
      if (name !== 'objects.list') return;
      lake.world.faults.intercept(undefined);
      await noteDeparture(lake.worker().guard, guarded, 'dt=2026-11-01/');
    });
    await worker.drain();
    lake.world.faults.reset();
    lake.put('dt=2026-11-01/b.parquet', 'good', 'b');
    await worker.drain();
    expect(listedBy(lake)).toEqual(['lake', 'landing']);
  });

  test('what was admitted for types that the catalog holds no more is judged again', async () => {
    const policy = ['completion: success-marker', 'accept: [{ version: 1.0.0, until: "2030-01-01" }]'];
    const lake = simulate({ version: '1.0.0', policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put('dt=2026-11-02/a.parquet', 'good', 'first');
    lake.wait(5);
    lake.putMarker('dt=2026-11-02/_SUCCESS');
    await worker.settle();
    lake.deploy(
      { version: '2.0.0', id: 'string', policy },
      { version: '1.0.0', policy: ['completion: success-marker'] },
    );
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(60);
    await applyVersion(worker.guard, await worker.table());
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    await lake.worker().settle();
    expect(Object.keys(readable(lake))).toEqual(['dt=2026-11-02/a.parquet']);
    expect(quarantined(lake)).toEqual(['good a']);
    expect(landed(lake)[a]).toBe('good a');
  });
});
