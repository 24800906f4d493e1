import { describe, expect, test } from 'vitest';
import { closeBreaker, readBreaker } from '../../src/run/breaker/breaker.ts';
import { convergeFolder } from '../../src/run/folder/converge.ts';
import { reconcile } from '../../src/run/folder/reconcile.ts';
import {
  appendVerdicts,
  type LoggedVerdict,
  readVerdicts,
  verdictKey,
} from '../../src/run/folder/verdict-log.ts';
import { readTable } from '../../src/run/table/table-record.ts';
import { LOCATION, type TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import { partitions, quarantined, readable } from '../support/simulation/views.ts';

const DAY = 86_400;
const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-02/b.parquet';

/** How many objects are looked at while `act` runs. */
async function looksDuring(lake: Simulation, act: () => Promise<void>): Promise<number> {
  let opened = 0;
  lake.world.faults.intercept(({ name }) => {
    if (name === 'objects.slice') opened++;
  });
  await act();
  return opened;
}

describe('PIP-31: a sweep in place', () => {
  test('looks at no file again that has a verdict, however old it is', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(b, 'good', 'b');
    expect(await looksDuring(lake, () => worker.settle())).toBe(2);
    for (const days of [1, 2, 5, 10, 20, 40]) {
      lake.wait(days * DAY);
      expect(await looksDuring(lake, () => worker.settle())).toBe(0);
    }
    expect(await partitions(lake)).toEqual(['2026-11-01', '2026-11-02']);
  });

  test('finds what was lost since the last sweep, however long ago that was', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.settle();
    lake.world.deliver = () => [];
    lake.wait(3600);
    lake.put(a, 'drifted', 'a');
    lake.wait(30 * DAY);
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted a']);
  });

  test('finds a lost file that is dated hours before it was there, as multipart uploads are', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.settle();
    lake.wait(3 * DAY);
    await worker.settle();
    lake.world.deliver = () => [];
    lake.put(a, 'drifted', 'a', { multipart: { parts: 2, startedMsAgo: 20 * 3_600_000 } });
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted a']);
  });

  test('finds one that is dated days before within a week', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.settle();
    lake.wait(6 * DAY);
    await worker.settle();
    lake.world.deliver = () => [];
    lake.put(a, 'drifted', 'a', { multipart: { parts: 2, startedMsAgo: 3 * DAY * 1000 } });
    await worker.settle();
    expect(quarantined(lake)).toEqual([]);
    lake.wait(2 * DAY);
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted a']);
  });

  test('a late file of an old batch has no settled partition judged again', async () => {
    const lake = simulate({ mode: 'in-place', policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.wait(1);
    lake.putMarker('_SUCCESS');
    await worker.settle();
    expect(await partitions(lake)).toEqual(['2026-11-01']);
    lake.wait(60 * DAY);
    await worker.settle();
    const looks = await looksDuring(lake, async () => {
      lake.put(b, 'good', 'b');
      lake.wait(1);
      lake.putMarker('_SUCCESS');
      await worker.settle();
    });
    expect(looks).toBe(1);
    expect(await partitions(lake)).toEqual(['2026-11-01', '2026-11-02']);
  });

  test('holds what an open breaker let lie, once a person has closed it, days later', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.settle();
    for (let file = 0; file < 60; file++) lake.put(`dt=2026-11-01/${file}.parquet`, 'drifted', `${file}`);
    await worker.settle();
    const before = quarantined(lake).length;
    expect(before).toBeLessThan(60);
    for (let day = 0; day < 4; day++) {
      lake.wait(DAY);
      await worker.settle();
    }
    expect(quarantined(lake)).toHaveLength(before);
    await closeBreaker(worker.guard, await worker.table(), { by: 'ana', allowDeletes: false });
    await worker.settle();
    expect(quarantined(lake)).toHaveLength(60);
  });

  test('shows a batch whose marker was told to nobody', async () => {
    const lake = simulate({ mode: 'in-place', policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.world.deliver = () => [];
    lake.wait(1);
    lake.putMarker('_SUCCESS');
    expect(await partitions(lake)).toEqual([]);
    await worker.settle();
    expect(await partitions(lake)).toEqual(['2026-11-01']);
  });

  test('a batch that is completed after months is shown with what was judged long ago', async () => {
    const lake = simulate({ mode: 'in-place', policy: ['completion: success-marker'] });
    const worker = lake.worker();
    await worker.settle();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(60 * DAY);
    await worker.settle();
    lake.put('dt=2026-11-01/late.parquet', 'good', 'late');
    lake.wait(1);
    lake.putMarker('_SUCCESS');
    await worker.settle();
    expect(await partitions(lake)).toEqual(['2026-11-01']);
  });
});

describe('PIP-31: the log of verdicts', () => {
  const logged = (name: string, verdict: LoggedVerdict['verdict']) => ({
    key: `t/dt=2026-11-01/${name}`,
    etag: 'e',
    verdict,
  });

  test('the last verdict counts, in whatever order the batches are listed', async () => {
    const lake = simulate({ mode: 'in-place' });
    const { guard, ...worker } = lake.worker();
    const table = await worker.table();
    await appendVerdicts(guard, table, [logged('a', 'hold')], 'z');
    lake.wait(1);
    await appendVerdicts(guard, table, [logged('a', 'admit')], 'm');
    lake.wait(1);
    await appendVerdicts(guard, table, [logged('b', 'hold')], 'a');
    const verdicts = await readVerdicts(guard, table, 'dt=2026-11-01/');
    expect(verdicts.get(verdictKey(logged('a', 'admit')))).toBe('admit');
    expect(verdicts.size).toBe(2);
  });

  test('a verdict that is given again after another one is the last', async () => {
    const lake = simulate({ mode: 'in-place' });
    const { guard, ...worker } = lake.worker();
    const table = await worker.table();
    for (const verdict of ['admit', 'hold', 'admit'] as const) {
      await appendVerdicts(guard, table, [logged('a', verdict)]);
      lake.wait(1);
    }
    const verdicts = await readVerdicts(guard, table, 'dt=2026-11-01/');
    expect(verdicts.get(verdictKey(logged('a', 'admit')))).toBe('admit');
  });

  test('a batch of any size is noted, once, in its folder', async () => {
    const lake = simulate({ mode: 'in-place' });
    const { guard, ...worker } = lake.worker();
    const table = await worker.table();
    const many = Array.from({ length: 2500 }, (_, index) => logged(`${index}`, 'admit'));
    await appendVerdicts(guard, table, many);
    await appendVerdicts(guard, table, many);
    expect((await readVerdicts(guard, table, 'dt=2026-11-01/')).size).toBe(2500);
    expect((await readVerdicts(guard, table, 'dt=2026-11-02/')).size).toBe(0);
  });
});

describe('PIP-30: a sweep of a mirror', () => {
  test('counts what Headgate published, and tells what it did not', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.world.buckets.put(LOCATION.bucket, `${LOCATION.prefix}dt=2026-11-01/foreign.parquet`, {
      bytes: new Uint8Array(20),
    });
    expect(await reconcile(worker.guard, await worker.table())).toMatchObject({ publishedObjects: 1 });
    expect(lake.world.published.map(({ type }) => type)).toContain('CatalogDrift');
  });
});

describe('LAK-60 (F): a sweep that finds a tenth of bad files first', () => {
  /** Sixty bad files in the first partition, more than 540 good ones behind it, and no event of any. */
  const lakeOf = (contract: TestContract) => {
    const lake = simulate(contract);
    lake.world.deliver = () => [];
    lake.put('dt=2026-11-09/first.parquet', 'good');
    return lake;
  };
  const fill = (lake: Simulation) => {
    for (let part = 100; part < 160; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'drifted');
    for (let part = 100; part < 640; part++)
      lake.put(`dt=2026-11-0${2 + (part % 5)}/p${part}.parquet`, 'good');
  };

  test.each<TestContract>([{}, { mode: 'in-place' }])('%j: opens no breaker', async (contract) => {
    const lake = lakeOf(contract);
    const worker = lake.worker();
    await worker.settle();
    lake.wait(10);
    fill(lake);
    // What the first folder asks for is judged before the second is looked at.
    const gate = lake.worker();
    lake.world.faults.intercept(async ({ process, name, args: [queue] }) => {
      if (process === worker.processId && name === 'objects.list' && queue !== 'quarantine')
        await gate.drain();
    });
    await worker.settle();
    expect((await readBreaker(worker.guard, await worker.table())).state).toBe('closed');
    expect(quarantined(lake)).toHaveLength(60);
    expect(Object.keys(readable(lake))).toHaveLength(541);
  });

  test('a folder that is looked at by itself counts its files too', async () => {
    const lake = lakeOf({});
    for (let part = 100; part < 160; part++) lake.put(`dt=2026-11-01/a${part}.parquet`, 'drifted');
    for (let part = 100; part < 400; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'good');
    const worker = lake.worker();
    await convergeFolder(worker.guard, await worker.table(), 'dt=2026-11-01/');
    await worker.drain();
    expect((await readBreaker(worker.guard, await worker.table())).state).toBe('closed');
    expect(quarantined(lake)).toHaveLength(60);
  });
});

describe('CAT-15: a worker dies after it wrote the catalog and before it recorded that', () => {
  test.each<TestContract>([{ mode: 'in-place' }, {}])(
    '%j: the sweep of the next contract ends it, and calls nothing drift',
    async (contract) => {
      const lake = simulate(contract);
      await lake.worker().settle();
      lake.put(a, 'good', 'a');
      const died = lake.worker();
      lake.world.faults.inject(({ process, name }) =>
        process === died.processId && name === 'catalog.createTable'
          ? { kind: 'cut', when: 'after' }
          : undefined,
      );
      await expect(died.settle()).rejects.toThrow('died after');
      lake.deploy(
        {
          ...contract,
          version: '1.1.0',
          columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
          policy: ['accept: [{ version: 1.0.0, until: "2030-01-01" }]'],
        },
        contract,
      );
      const worker = lake.worker();
      await worker.settle();
      lake.wait(4000);
      await worker.settle();
      expect((await readTable(worker.guard, 'shop.t'))?.value.applied?.contractVersion).toBe('1.1.0');
      expect(lake.world.glue.table({ database: 'shop', name: 't' })?.definition.columns).toHaveLength(3);
      expect(lake.world.published.map(({ type }) => type)).not.toContain('CatalogDrift');
      expect(await partitions(lake)).toEqual(['2026-11-01']);
    },
  );
});
