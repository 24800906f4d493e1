import { describe, expect, test } from 'vitest';
import { fault } from '../support/aws/faults.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';

describe('LAK-68 (F): a landing that vanishes is an error, and no deletes', () => {
  test('a bucket that is gone: both places, nothing deleted, no hold ended; when it is back all goes on', async () => {
    const lake = simulate();
    const worker = lake.worker();
    for (let part = 0; part < 4; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'good', `p${part}`);
    lake.put(b, 'drifted', 'b');
    await worker.settle();
    const before = readable(lake);
    const all = lake.world.buckets.all as Map<string, ReturnType<typeof lake.world.buckets.bucket>>;
    const landing = lake.world.buckets.bucket('landing');
    all.delete('landing');
    for (let hour = 0; hour < 4; hour++) {
      lake.wait(3600);
      await expect(worker.sweep()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(readable(lake)).toEqual(before);
    expect(await worker.holds()).toMatchObject([{ status: 'held' }]);
    all.set('landing', landing);
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(4000);
    await worker.settle();
    expect(readable(lake)).toEqual({ ...before, [a]: 'good a' });
  });

  test('a folder that cannot be read half way: the sweep fails with both places, and deletes nothing', async () => {
    const lake = simulate({}, { limits: { objectsPerPage: 2 } });
    const worker = lake.worker();
    for (let part = 0; part < 5; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'good', `p${part}`);
    await worker.settle();
    const before = readable(lake);
    lake.wait(100);
    lake.world.deliver = () => [];
    lake.remove('dt=2026-11-01/p0.parquet');
    lake.world.faults.inject(({ name, args: [bucket, , after] }) =>
      name === 'objects.list' && bucket === 'landing' && after !== undefined
        ? fault('before', 'PERMISSION_DENIED')
        : undefined,
    );
    for (let hour = 0; hour < 3; hour++) {
      const failed = await worker.sweep().catch((error: unknown) => error);
      expect(failed).toMatchObject({ code: 'PERMISSION_DENIED' });
      expect(String(failed)).toContain(
        'landing s3://landing/t/ and location s3://lake/t/ cannot be compared',
      );
      lake.wait(3600);
    }
    expect(readable(lake)).toEqual(before);
    lake.world.faults.inject(() => undefined);
    await worker.settle();
    lake.wait(4000);
    await worker.settle();
    expect(Object.keys(readable(lake))).toHaveLength(4);
  });
});
