import { describe, expect, test } from 'vitest';
import { simulate } from '../support/simulation/simulation.ts';
import { lostObjects, partitions, quarantined, readable } from '../support/simulation/views.ts';

describe('promote: published is the admitted mirror of landing', () => {
  test('PIP-1: a good file is published, its partition registered, and nothing else happens', async () => {
    const lake = simulate();
    lake.put('dt=2026-11-01/a.parquet', 'good', 'a');
    await lake.worker().settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/a.parquet': 'good a' });
    expect(await partitions(lake)).toEqual(['2026-11-01']);
    expect(quarantined(lake)).toEqual([]);
  });

  test('AWS-30: a new file costs one GET and one COPY of S3; an overwrite a refused COPY and HEADs more', async () => {
    const lake = simulate({}, { overSdk: true });
    const worker = lake.worker();
    const put = () => {
      lake.put('dt=2026-11-01/a.parquet', 'good', 'a');
      lake.world.faults.reset();
    };
    const counted = (...names: readonly string[]) => {
      const { trace } = lake.world.faults;
      return names.map((wanted) => trace.filter(({ name }) => name === wanted).length);
    };
    put();
    await worker.drain();
    expect(counted('GetObjectCommand', 'CopyObjectCommand', 'HeadObjectCommand')).toEqual([1, 1, 0]);
    // Written again: the COPY onto nothing is refused; one HEAD tells which side was meant, one what lies there,
    // and one whether the folder's witness is still in landing.
    put();
    await worker.drain();
    expect(counted('GetObjectCommand', 'CopyObjectCommand', 'HeadObjectCommand')).toEqual([1, 2, 3]);
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/a.parquet': 'good a' });
  });

  test('PIP-2: a drifted file is held: copied to quarantine, still in landing, never readable', async () => {
    const lake = simulate();
    lake.put('dt=2026-11-01/a.parquet', 'good', 'a');
    lake.put('dt=2026-11-01/b.parquet', 'drifted', 'b');
    await lake.worker().settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/a.parquet': 'good a' });
    expect(quarantined(lake)).toEqual(['drifted b']);
    expect(lostObjects(lake.world)).toEqual([]);
  });

  test('PIP-3: an overwrite replaces; a bad overwrite leaves the last good one; a good one ends the hold', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put('dt=2026-11-01/a.parquet', 'good', 'one');
    await worker.settle();
    lake.wait(10);
    lake.put('dt=2026-11-01/a.parquet', 'good', 'two');
    await worker.settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/a.parquet': 'good two' });
    lake.wait(10);
    lake.put('dt=2026-11-01/a.parquet', 'drifted', 'three');
    await worker.settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/a.parquet': 'good two' });
    lake.wait(10);
    lake.put('dt=2026-11-01/a.parquet', 'good', 'four');
    await worker.settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/a.parquet': 'good four' });
  });

  test('PIP-4: Spark replaces a partition: new names and deletes come together, after nothing changed for a while', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put('dt=2026-11-01/a.parquet', 'good', 'a1');
    lake.put('dt=2026-11-01/b.parquet', 'good', 'b1');
    await worker.settle();
    lake.wait(100);
    lake.remove('dt=2026-11-01/a.parquet');
    lake.remove('dt=2026-11-01/b.parquet');
    lake.put('dt=2026-11-01/c.parquet', 'good', 'c2');
    await worker.drain();
    expect(readable(lake)).toEqual({
      'dt=2026-11-01/a.parquet': 'good a1',
      'dt=2026-11-01/b.parquet': 'good b1',
    });
    await worker.settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/c.parquet': 'good c2' });
  });

  test('PIP-5: deletes without new files wait an hour', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put('dt=2026-11-01/a.parquet', 'good', 'a');
    lake.put('dt=2026-11-01/b.parquet', 'good', 'b');
    await worker.settle();
    lake.wait(100);
    lake.remove('dt=2026-11-01/b.parquet');
    await worker.settle();
    expect(Object.keys(readable(lake))).toEqual(['dt=2026-11-01/a.parquet', 'dt=2026-11-01/b.parquet']);
    lake.wait(3600);
    await worker.settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/a.parquet': 'good a' });
  });
});
