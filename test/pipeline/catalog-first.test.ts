import { describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import type { CopyInput } from '../../src/run/ports/object-store.ts';
import { applyVersion } from '../support/apply-version.ts';
import type { StoredObject } from '../support/aws/buckets.ts';
import { LOCATION, type TestContract } from '../support/simulation/contract.ts';
import type { FileKind } from '../support/simulation/files.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import { landed, pages, partitions, quarantined, readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';
const TABLE = { database: 'shop', name: 't' };
const withW: TestContract = {
  version: '1.1.0',
  columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
  policy: ['accept: [{ version: 1.0.0, until: "2030-01-01" }]'],
};
const text: TestContract = { version: '2.0.0', id: 'string' };

/** The types of columns that a file of the kind needs in the catalog before anybody may read it. */
const NEEDS = {
  good: { id: 'bigint' },
  drifted: { id: 'string' },
  'new-column': { id: 'bigint', w: 'bigint' },
} as const satisfies Partial<Record<FileKind, Readonly<Record<string, string>>>>;

/** Every copy into the location, and what Glue lacked at that moment. */
function watchCopies(lake: Simulation): { readonly copies: string[]; readonly lacking: string[] } {
  const seen = { copies: [] as string[], lacking: [] as string[] };
  lake.world.faults.intercept(({ name, args }) => {
    if (name !== 'objects.copy') return;
    const { from, to } = args[0] as CopyInput;
    if (to.bucket !== LOCATION.bucket) return;
    const source = lake.world.buckets.current(from.bucket, from.key);
    const kind = source && lake.kindOf(source.bytes)?.kind;
    if (kind === undefined) return;
    seen.copies.push(kind);
    const columns = new Map(
      lake.world.glue.table(TABLE)?.definition.columns.map((column) => [column.name, column.type]),
    );
    for (const [column, type] of Object.entries(NEEDS[kind as keyof typeof NEEDS]))
      if (columns.get(column) !== type) seen.lacking.push(`${kind}: ${column} ${columns.get(column)}`);
  });
  return seen;
}

describe('PIP-16: the catalog holds the types of a file before readers see it', () => {
  test('the first file, then files of two versions at once', async () => {
    const lake = simulate();
    const seen = watchCopies(lake);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(60);
    lake.deploy(withW, { version: '1.0.0' });
    for (let part = 0; part < 12; part++)
      lake.put(`dt=2026-11-0${(part % 3) + 1}/p${part}.parquet`, part % 2 ? 'good' : 'new-column');
    await worker.settle();
    expect(seen.copies.toSorted()).toEqual([...Array(7).fill('good'), ...Array(6).fill('new-column')]);
    expect(seen.lacking).toEqual([]);
    expect(await partitions(lake)).toEqual(['2026-11-01', '2026-11-02', '2026-11-03']);
  });

  test('a published partition that the catalog lost is registered by the sweep', async () => {
    for (const contract of [{}, { mode: 'in-place' }] as const) {
      const lake = simulate(contract);
      const first = lake.worker();
      await first.sweep();
      lake.wait(5);
      lake.put(a, 'good', 'a');
      await first.settle();
      lake.world.glue.dropPartition(TABLE, ['2026-11-01']);
      lake.wait(600);
      await lake.worker().settle();
      expect(await partitions(lake)).toEqual(['2026-11-01']);
    }
  });

  test('while Glue is throttled nothing that needs it is published', async () => {
    const lake = simulate();
    const seen = watchCopies(lake);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(60);
    lake.deploy(withW, { version: '1.0.0' });
    let throttles = 0;
    lake.world.faults.inject(({ name }) =>
      name === 'catalog.updateTable' && throttles++ < 5
        ? { kind: 'fail', when: 'before', error: new HeadgateError('THROTTLED', 'Rate exceeded') }
        : undefined,
    );
    lake.put(b, 'new-column', 'b');
    await worker.drain();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    await worker.settle();
    expect(throttles).toBe(6);
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'new-column b' });
    expect(seen.lacking).toEqual([]);
  });

  test('a version that stored files do not survive waits in landing, is told once, and goes on after `apply`', async () => {
    const lake = simulate();
    const seen = watchCopies(lake);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(60);
    lake.deploy(text);
    lake.put(b, 'drifted', 'b');
    lake.put('dt=2026-11-01/c.parquet', 'drifted', 'c');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(quarantined(lake)).toEqual([]);
    expect(Object.keys(landed(lake))).toHaveLength(3);
    expect(lake.world.glue.table(TABLE)?.definition.columns[0]?.type).toBe('bigint');
    expect(pages(lake)).toHaveLength(1);

    lake.wait(60);
    expect(await applyVersion(worker.guard, await worker.table())).toMatchObject({ kind: 'applied' });
    await lake.worker().settle();
    expect(readable(lake)).toEqual({
      [a]: 'good a',
      [b]: 'drifted b',
      'dt=2026-11-01/c.parquet': 'drifted c',
    });
    expect(seen.lacking).toEqual([]);
  });

  test('while a version waits, files that do not need it are published', async () => {
    const column = (type: string) => [`{ name: w, physicalType: ${type} }`];
    const policy = ['onMissingColumn: warn'];
    const lake = simulate({ version: '1.0.0', columns: column('bigint'), policy });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(60);
    lake.deploy({ version: '2.0.0', columns: column('string'), policy });
    lake.put(b, 'good', 'b');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'good b' });
  });

  test('a verdict by types that the catalog no longer holds is not acted upon', async () => {
    const lake = simulate({ policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.deploy({ version: '2.0.0', id: 'string', policy: ['completion: success-marker'] });
    lake.wait(60);
    await applyVersion(worker.guard, await worker.table());
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    await lake.worker().settle();
    expect(readable(lake)).toEqual({});
    expect(quarantined(lake)).toEqual(['good a']);
  });
});

/** Runs `act` once, when a verdict is on its way to `publish` and before anybody takes it. */
function beforePublishing(lake: Simulation, act: () => Promise<void> | void): void {
  let isDone = false;
  lake.world.faults.intercept(async ({ name, args: [queue] }) => {
    if (isDone || name !== 'consumer.receive' || queue !== 'publish') return;
    if (lake.world.sqs.messages('publish').length === 0) return;
    isDone = true;
    await act();
  });
}

describe('PIP-24: a verdict counts only under the contracts and for the types that it was made by', () => {
  test('contracts that changed since then judge again', async () => {
    const lake = simulate({ version: '1.0.0' });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    beforePublishing(lake, () => lake.deploy({ version: '1.0.0', policy: ['onUnknownColumn: hold'] }));
    lake.put(b, 'new-column', 'b');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(quarantined(lake)).toEqual(['new-column b']);
  });

  test('types that changed since then judge again', async () => {
    const lake = simulate({ version: '1.0.0' });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.deploy(
      { version: '2.0.0', id: 'string', policy: ['accept: [{ version: 1.0.0, until: "2030-01-01" }]'] },
      { version: '1.0.0' },
    );
    const guard = lake.worker().guard;
    beforePublishing(lake, async () => {
      await applyVersion(guard, await worker.table());
    });
    lake.put(b, 'good', 'b');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(quarantined(lake)).toEqual(['good b']);
  });
});

describe('PIP-17: in place', () => {
  test('a partition is shown at its first admitted file, and never for a held one', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    expect(await partitions(lake)).toEqual([]);
    lake.put(b, 'good', 'b');
    await worker.settle();
    expect(await partitions(lake)).toEqual(['2026-11-01']);
    expect(readable(lake)).toEqual({ [b]: 'good b' });
  });

  test('with `onHold: alert` a bad file stays, pages once, and its partition stays hidden', async () => {
    const lake = simulate({ mode: 'in-place', policy: ['onHold: alert', 'completion: success-marker'] });
    const worker = lake.worker();
    await worker.sweep();
    lake.wait(5);
    lake.put(a, 'drifted', 'a');
    lake.put(b, 'good', 'b');
    lake.wait(5);
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(quarantined(lake)).toEqual([]);
    expect(Object.keys(readable(lake))).toEqual([a, b]);
    expect(await partitions(lake)).toEqual([]);
    expect(pages(lake)).toHaveLength(1);
  });

  test('what was judged is not read again by a sweep', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    await worker.sweep();
    lake.wait(5);
    lake.put(a, 'good', 'a');
    lake.put(b, 'drifted', 'b');
    await worker.settle();
    lake.world.faults.reset();
    await worker.sweep();
    await worker.drain();
    expect(lake.world.faults.trace.filter(({ name }) => name === 'objects.slice')).toEqual([]);
  });

  test('what is older than the guard is left to `audit`', async () => {
    const lake = simulate({ mode: 'in-place' });
    lake.world.deliver = () => [];
    lake.put(a, 'drifted', 'a');
    lake.wait(60);
    const worker = lake.worker();
    await worker.settle();
    expect(quarantined(lake)).toEqual([]);
    lake.put(b, 'drifted', 'b');
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted b']);
  });

  test('a deleted file is no business of anybody: the partition stays', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.remove(a);
    lake.wait(4000);
    await worker.settle();
    expect(await partitions(lake)).toEqual(['2026-11-01']);
  });
});

describe('PIP-18: consume empties landing of nothing that is not seen published', () => {
  const LOSSES: Readonly<Record<string, (lake: Simulation, copy: StoredObject) => void>> = {
    'is gone again': ({ world }, { key }) => world.buckets.remove(LOCATION.bucket, key),
    'somebody replaced': ({ world }, { key, bytes }) =>
      world.buckets.put(LOCATION.bucket, key, { bytes: bytes.toReversed() }),
    'is cut short': ({ world }, { key, bytes, metadata }) =>
      world.buckets.put(LOCATION.bucket, key, { bytes: bytes.subarray(9), metadata }),
  };
  test.each(Object.entries(LOSSES))('a copy that %s keeps its source', async (_, lose) => {
    const lake = simulate({ policy: ['landing: consume'] });
    let isLost = false;
    lake.world.faults.intercept(({ name, args }) => {
      const [place] = args as readonly { readonly bucket: string; readonly key: string }[];
      const copy = lake.world.buckets.current(LOCATION.bucket, LOCATION.prefix + a);
      if (isLost || name !== 'objects.head' || place?.bucket !== LOCATION.bucket || !copy) return;
      isLost = true;
      lose(lake, copy);
    });
    lake.put(a, 'good', 'a');
    await lake.worker().drain();
    expect(isLost).toBe(true);
    expect(landed(lake)).toEqual({ [a]: 'good a' });
    await lake.worker().settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(landed(lake)).toEqual({});
  });

  test('an object that came meanwhile stays, and is published in its turn', async () => {
    const lake = simulate({ policy: ['landing: consume'] });
    let isDone = false;
    lake.world.faults.intercept(({ name, args }) => {
      const [place] = args as readonly { readonly bucket: string }[];
      if (isDone || name !== 'objects.remove' || place?.bucket !== 'landing') return;
      isDone = true;
      lake.put(a, 'good', 'two');
    });
    lake.put(a, 'good', 'one');
    await lake.worker().settle();
    expect(isDone).toBe(true);
    expect(readable(lake)).toEqual({ [a]: 'good two' });
    expect(landed(lake)).toEqual({});
  });
});
