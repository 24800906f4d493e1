import { describe, expect, test } from 'vitest';
import { closeBreaker, readBreaker } from '../../src/run/breaker/breaker.ts';
import { gate } from '../../src/run/gate/gate.ts';
import type { HoldRecord } from '../../src/run/hold/hold.ts';
import { purge } from '../../src/run/hold/purge.ts';
import { release } from '../../src/run/hold/release.ts';
import { currentObjects } from '../support/aws/invariants.ts';
import { LANDING, type TestContract } from '../support/simulation/contract.ts';
import { fileBytes } from '../support/simulation/files.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { landed, lostObjects, pages, quarantined, readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';
const text: TestContract = { version: '1.1.0', id: 'string' };

async function onlyHold(worker: Worker): Promise<HoldRecord> {
  const [record, ...more] = await worker.holds();
  if (record === undefined || more.length > 0) throw new Error(`expected one hold, there are ${more.length}`);
  return record;
}
const releaseOnly = async (worker: Worker) =>
  release(worker.guard, await worker.table(), await onlyHold(worker), { by: 'ana' });
const purgeOnly = async (worker: Worker, keep?: 'old' | 'none') =>
  purge(worker.guard, await worker.table(), await onlyHold(worker), keep ? { keep } : {});

/** A look at the key, as a notification that comes again gives it. */
function again(lake: Simulation, relativeKey: string): void {
  const object = lake.world.buckets.current(LANDING.bucket, LANDING.prefix + relativeKey);
  if (object === undefined) throw new Error(`${relativeKey} is not in landing`);
  const { key, etag, sizeBytes, modifiedAt, versionId } = object;
  const seen = { etag, sizeBytes, modifiedAt, ...(versionId !== undefined && { versionId }) };
  const look = { kind: 'look', bucket: LANDING.bucket, key, object: seen };
  lake.world.sqs.deliver('validate', JSON.stringify(look), 0);
}

describe('PIP-7: a held object stays held until its producer or a person ends it', () => {
  test('a revised contract and a notification that comes again do not publish it', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    lake.deploy(text);
    again(lake, a);
    await worker.settle();
    expect(readable(lake)).toEqual({});
    expect(quarantined(lake)).toEqual(['drifted a']);
    expect(await releaseOnly(worker)).toEqual({ outcome: 'released' });
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'drifted a' });
    expect(await onlyHold(worker)).toMatchObject({ status: 'ended', endReason: 'published' });
  });

  test('in a batch, too', async () => {
    const lake = simulate({ policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    lake.wait(5);
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    await worker.settle();
    lake.deploy({ ...text, policy: ['completion: success-marker'] });
    again(lake, a);
    await worker.settle();
    expect(readable(lake)).toEqual({});
  });

  test('the same bad bytes written again are the same hold, in every place', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    const first = await onlyHold(worker);
    lake.wait(30);
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    expect(await onlyHold(worker)).toEqual(first);
    lake.deploy(text);
    expect(await releaseOnly(worker)).toEqual({ outcome: 'released' });
  });

  test.each<TestContract>([{ mode: 'in-place' }, { policy: ['landing: consume'] }])(
    'the same bad bytes written again leave their place again: %j',
    async (contract) => {
      const lake = simulate(contract);
      const worker = lake.worker();
      lake.put(a, 'drifted', 'a');
      await worker.settle();
      lake.wait(30);
      lake.put(a, 'drifted', 'a');
      await worker.settle();
      const place = contract.mode === 'in-place' ? 'lake' : 'landing';
      expect(lake.world.buckets.current(place, `t/${a}`)).toBeUndefined();
      expect(quarantined(lake)).toEqual(['drifted a']);
      expect(lostObjects(lake.world)).toEqual([]);
    },
  );

  test.each(['landing: keep', 'landing: consume'])(
    'a good object in a complete batch ends it: %s',
    async (landing) => {
      const lake = simulate({ policy: ['completion: success-marker', landing] });
      const worker = lake.worker();
      lake.put(a, 'drifted', 'bad');
      await worker.settle();
      lake.wait(5);
      lake.put(a, 'good', 'good');
      lake.wait(5);
      lake.putMarker('dt=2026-11-01/_SUCCESS');
      await worker.settle();
      expect(readable(lake)).toEqual({ [a]: 'good good' });
      expect(await onlyHold(worker)).toMatchObject({ status: 'ended', endReason: 'overwritten' });
      expect(lake.world.notices.map(({ kind }) => kind)).toEqual(['open', 'resolve']);
    },
  );

  test('the same bad bytes after a good overwrite are held again, and page nobody again', async () => {
    const lake = simulate();
    const worker = lake.worker();
    for (const [kind, mark] of [
      ['drifted', 'bad'],
      ['good', 'good'],
      ['drifted', 'bad'],
    ] as const) {
      lake.put(a, kind, mark);
      await worker.settle();
      lake.wait(30);
    }
    expect(worker.failures).toEqual([]);
    expect(readable(lake)).toEqual({ [a]: 'good good' });
    expect(await onlyHold(worker)).toMatchObject({ status: 'held', step: 'DONE' });
    expect(pages(lake)).toHaveLength(1);
  });

  test.each<TestContract>([{ mode: 'in-place' }, { policy: ['landing: consume'] }])(
    'one that left its place outlives a bad one that came after it: %j',
    async (contract) => {
      const lake = simulate(contract);
      const worker = lake.worker();
      lake.put(a, 'drifted', 'one');
      await worker.settle();
      lake.wait(30);
      lake.put(a, 'renamed', 'two');
      await worker.sweep();
      await worker.settle();
      expect(await worker.holds()).toMatchObject([{ status: 'held' }, { status: 'held' }]);
      expect(quarantined(lake)).toEqual(['drifted one', 'renamed two']);
    },
  );

  test('the event says whether readers see older data meanwhile', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(30);
    lake.put(a, 'drifted', 'a');
    lake.put(b, 'drifted', 'b');
    await worker.settle();
    const held = lake.world.published.filter(({ type }) => type === 'ObjectHeld');
    expect(held.map(({ detail }) => [(detail.origin as { key: string }).key, detail.oldDataServed])).toEqual(
      expect.arrayContaining([
        [`t/${a}`, true],
        [`t/${b}`, false],
      ]),
    );
  });

  test('a delete by its producer ends it', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    lake.remove(a);
    await worker.settle();
    expect(await onlyHold(worker)).toMatchObject({ status: 'ended', endReason: 'deleted' });
    expect(pages(lake)).toHaveLength(1);
    expect(lake.world.notices.map(({ kind }) => kind)).toEqual(['open', 'resolve']);
  });
});

describe('PIP-8: a release is judged again, and brings back nothing that was replaced', () => {
  test('refused while the contract still refuses, whatever way; a dry run changes nothing', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    expect(await releaseOnly(worker)).toMatchObject({
      outcome: 'still-held',
      findings: [{ rule: 'type-changed', path: 'id', expected: 'bigint' }],
    });
    lake.deploy(text);
    const record = await onlyHold(worker);
    const dry = await release(worker.guard, await worker.table(), record, { by: 'ana', isDryRun: true });
    expect(dry).toEqual({ outcome: 'released' });
    await worker.settle();
    expect(await onlyHold(worker)).toEqual(record);
    expect(readable(lake)).toEqual({});
  });

  test('a second one changes nothing', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    lake.deploy(text);
    expect(await releaseOnly(worker)).toEqual({ outcome: 'released' });
    expect(await releaseOnly(worker)).toEqual({ outcome: 'not-held', status: 'released' });
    await worker.settle();
    expect(await releaseOnly(worker)).toEqual({ outcome: 'not-held', status: 'ended' });
    expect(readable(lake)).toEqual({ [a]: 'drifted a' });
  });

  test('keep: refused where its producer deleted or overwrote it', async () => {
    for (const [change, by] of [
      [(lake: Simulation) => lake.remove(a), 'deleted'],
      [(lake: Simulation) => lake.put(a, 'renamed', 'newer'), 'overwritten'],
    ] as const) {
      const lake = simulate({ policy: ['landing: keep'] });
      const worker = lake.worker();
      lake.put(a, 'drifted', 'a');
      await worker.settle();
      lake.deploy(text);
      change(lake);
      expect(await releaseOnly(worker)).toEqual({ outcome: 'superseded', by });
      await worker.settle();
      expect(readable(lake)).toEqual({});
    }
  });

  test('consume: refused where the key has another object, or a younger one was published from it', async () => {
    const policy = ['landing: consume'];
    for (const isPublishedFirst of [true, false]) {
      const lake = simulate({ policy });
      const worker = lake.worker();
      lake.put(a, 'drifted', 'old');
      await worker.settle();
      lake.wait(60);
      lake.put(a, isPublishedFirst ? 'good' : 'renamed', 'young');
      if (isPublishedFirst) await worker.drain();
      lake.deploy({ version: '1.1.0', id: 'string', policy });
      const held = (await worker.holds()).find(({ origin }) => origin.writtenAt < '2026-11-03T10:00:30');
      const done = await release(worker.guard, await worker.table(), held as HoldRecord, { by: 'ana' });
      expect(done).toMatchObject(
        isPublishedFirst ? { outcome: 'not-held' } : { outcome: 'superseded', by: 'overwritten' },
      );
    }
  });

  test('consume: refused where a younger object was published since the hold was read', async () => {
    const lake = simulate({ policy: ['landing: consume'] });
    const worker = lake.worker();
    lake.put(a, 'new-column', 'old');
    lake.deploy({ version: '1.0.0', policy: ['landing: consume', 'onUnknownColumn: hold'] });
    await worker.settle();
    const held = await onlyHold(worker);
    lake.wait(60);
    lake.put(a, 'good', 'young');
    await worker.settle();
    lake.deploy({ version: '1.0.1', policy: ['landing: consume'] });
    expect(await release(worker.guard, await worker.table(), held, { by: 'ana' })).toEqual({
      outcome: 'superseded',
      by: 'overwritten',
    });
  });

  test('in-place: refused where the key has another object; else it is back as its producer wrote it', async () => {
    const lake = simulate({ mode: 'in-place' });
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    lake.put(b, 'drifted', 'b');
    await worker.settle();
    lake.wait(60);
    lake.put(b, 'good', 'newer b');
    lake.deploy({ mode: 'in-place', version: '1.1.0', id: 'string', policy: ['onMissingColumn: warn'] });
    const outcomes = [];
    for (const record of await worker.holds())
      outcomes.push(await release(worker.guard, await worker.table(), record, { by: 'ana' }));
    expect(outcomes).toEqual([{ outcome: 'released' }, { outcome: 'superseded', by: 'overwritten' }]);
    expect(landed(lake)).toEqual({});
    expect(readable(lake)).toEqual({ [a]: 'drifted a', [b]: 'good newer b' });
  });

  test('a producer that writes the metadata of a release is judged by when it wrote', async () => {
    const lake = simulate();
    lake.deploy(
      {
        version: '1.1.0',
        columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
        policy: ['landing: consume', 'accept: [{ version: 1.0.0, until: "2026-01-01" }]'],
      },
      { version: '1.0.0', policy: ['landing: consume'] },
    );
    lake.world.producer.put(LANDING.bucket, LANDING.prefix + a, fileBytes('good', 'forged'), {
      metadata: {
        'headgate-origin-etag': 'e',
        'headgate-origin-time': '2025-01-01T00:00:00.000Z',
        'headgate-route': 'release',
      },
    });
    await lake.worker().settle();
    expect(readable(lake)).toEqual({});
    expect((await onlyHold(lake.worker())).findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'column-missing w',
    ]);
  });

  test('a held copy that somebody brings back by hand is no release: it is judged by when it came', async () => {
    const lake = simulate({ version: '1.0.0', policy: ['landing: consume', 'onUnknownColumn: hold'] });
    const worker = lake.worker();
    lake.put(a, 'new-column', 'a');
    await worker.settle();
    lake.wait(10 * 86_400);
    lake.deploy(
      {
        version: '2.0.0',
        id: 'bigint',
        columns: ['{ name: x, logicalType: integer, physicalType: bigint }'],
        policy: ['landing: consume', 'accept: [{ version: 1.0.1, until: "2026-11-03" }]'],
      },
      { version: '1.0.1', policy: ['landing: consume'] },
    );
    const [copy] = currentObjects(lake.world).filter(({ key }) => key.endsWith('/data.parquet'));
    if (copy === undefined) throw new Error('nothing is held');
    expect(copy.metadata).toMatchObject({ 'headgate-route': 'quarantine' });
    lake.world.producer.put(LANDING.bucket, LANDING.prefix + a, copy.bytes, { metadata: copy.metadata });
    await worker.settle();
    expect(readable(lake)).toEqual({});
    // Nor is another object that says it is one of this hold.
    const metadata = { ...copy.metadata, 'headgate-route': 'release' };
    const other = fileBytes('new-column', 'another file, of another size');
    lake.world.producer.put(LANDING.bucket, LANDING.prefix + a, other, { metadata });
    await worker.settle();
    expect(readable(lake)).toEqual({});
  });

  test('an accepted version counts until its last day by when the file was written, also when it comes back late', async () => {
    const policy = ['landing: consume', 'onUnknownColumn: hold'];
    const lake = simulate({ version: '1.0.0', policy });
    const worker = lake.worker();
    lake.put(a, 'new-column', 'a');
    await worker.settle();
    lake.wait(10 * 86_400);
    // Version 1.0.1 knows the column and is accepted for files of the day on which this one was written.
    const next: TestContract = {
      version: '2.0.0',
      id: 'bigint',
      columns: ['{ name: x, logicalType: integer, physicalType: bigint }'],
      policy: ['landing: consume', 'accept: [{ version: 1.0.1, until: "2026-11-03" }]'],
    };
    lake.deploy(next, { version: '1.0.1', policy: ['landing: consume'] });
    expect(await releaseOnly(worker)).toEqual({ outcome: 'released' });
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'new-column a' });
  });

  test('purge asks what becomes of the last good copy; where there is none it asks nothing', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    await worker.settle();
    lake.wait(10);
    lake.put(a, 'drifted', 'two');
    await worker.settle();
    expect(await purgeOnly(worker)).toEqual({ outcome: 'choice-needed' });
    expect(quarantined(lake)).toEqual(['drifted two']);
    expect(await purgeOnly(worker, 'old')).toEqual({ outcome: 'purged' });
    await worker.settle();
    expect(quarantined(lake)).toEqual([]);
    expect(landed(lake)).toEqual({ [a]: 'good one' });
    expect(readable(lake)).toEqual({ [a]: 'good one' });
    expect(await purgeOnly(worker, 'old')).toEqual({ outcome: 'not-held', status: 'purged' });

    const fresh = simulate();
    const other = fresh.worker();
    fresh.put(a, 'drifted', 'a');
    await other.settle();
    expect(await purgeOnly(other)).toEqual({ outcome: 'purged' });
    expect(landed(fresh)).toEqual({});
  });

  test('purge with `none` lets the last good copy go too; a dry run changes nothing', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'one');
    lake.put(b, 'good', 'b');
    await worker.settle();
    lake.wait(10);
    lake.put(a, 'drifted', 'two');
    await worker.settle();
    const before = [landed(lake), quarantined(lake), await worker.holds()];
    const dry = await purge(worker.guard, await worker.table(), await onlyHold(worker), {
      keep: 'none',
      isDryRun: true,
    });
    expect(dry).toEqual({ outcome: 'purged' });
    expect([landed(lake), quarantined(lake), await worker.holds()]).toEqual(before);
    expect(await purgeOnly(worker, 'none')).toEqual({ outcome: 'purged' });
    expect(landed(lake)).toEqual({ [b]: 'good b' });
    await worker.settle();
    lake.wait(4000);
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good b' });
  });

  test('purge leaves a newer object under the key alone', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'drifted', 'a');
    await worker.settle();
    lake.put(a, 'good', 'newer');
    expect(await purgeOnly(worker, 'none')).toEqual({ outcome: 'purged' });
    await worker.settle();
    expect(landed(lake)).toEqual({ [a]: 'good newer' });
    expect(readable(lake)).toEqual({ [a]: 'good newer' });
  });
});

describe('PIP-9: strays', () => {
  test('promote: a stray is counted, and neither held nor published', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put('dt=2026-11-01/notes.csv', 'csv', 'x');
    lake.put(a, 'good', 'a');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(quarantined(lake)).toEqual([]);
    const looks = worker.observations.filter(({ kind }) => kind === 'looked-at');
    // By its event, and by the sweep.
    expect(
      looks.map((seen) => 'outcome' in seen && `${seen.outcome} ${seen.key.split('/').at(-1)}`).sort(),
    ).toEqual(['admit a.parquet', 'ignore notes.csv', 'ignore notes.csv']);
  });

  test('in-place: one stray breaks every reader, so it is held', async () => {
    const lake = simulate({ mode: 'in-place' });
    lake.put('dt=2026-11-01/notes.csv', 'csv', 'x');
    lake.put(a, 'good', 'a');
    await lake.worker().settle();
    expect(quarantined(lake)).toEqual(['csv x']);
    expect(readable(lake)).toEqual({ [a]: 'good a' });
  });
});

describe('PIP-12: while the breaker is open objects stay where they are, and the sweep after closing holds them', () => {
  test.each<TestContract>([
    {},
    { mode: 'in-place' },
    { policy: ['landing: consume'] },
    { policy: ['completion: success-marker'] },
    { mode: 'in-place', policy: ['completion: success-marker'] },
  ])('%j', async (contract) => {
    const lake = simulate(contract);
    const worker = lake.worker();
    // From now on the table is guarded: what is older in place belongs to `audit`.
    await worker.sweep();
    lake.wait(10);
    for (let part = 0; part < 60; part++) lake.put(`dt=2026-11-01/p${part}.parquet`, 'drifted', `p${part}`);
    await worker.settle();
    const table = await worker.table();
    expect((await readBreaker(worker.guard, table)).state).toBe('open');
    const heldBefore = quarantined(lake).length;
    expect(heldBefore).toBeLessThan(60);
    expect(lostObjects(lake.world)).toEqual([]);

    await closeBreaker(worker.guard, table, { by: 'ana', allowDeletes: false });
    await worker.settle();
    expect(quarantined(lake)).toHaveLength(60);
    expect(pages(lake)).toHaveLength(1);
  });
});

describe('PIP-13: a quarantine has a place of its own', () => {
  test('what lies in it is never looked at', async () => {
    const lake = simulate();
    const worker = lake.worker();
    const settings = { ...worker.guard.settings, quarantine: 's3://landing/t/held' };
    lake.put(`held/${a}`, 'drifted', 'a');
    await gate({ ...worker.guard, settings }, [
      { kind: 'look', bucket: 'landing', key: `t/held/${a}` },
      { kind: 'look', bucket: 'landing', key: `t/${a}` },
    ]);
    expect(worker.observations).toEqual([{ kind: 'ignored', table: 'shop.t', reason: 'quarantine' }]);
    expect(lake.world.sqs.messages('quarantine')).toEqual([]);
  });
});
