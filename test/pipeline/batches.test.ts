import { describe, expect, test } from 'vitest';
import { commit } from '../../src/run/folder/commit.ts';
import { noteWaiting } from '../../src/run/folder/waiting.ts';
import type { HoldRecord } from '../../src/run/hold/hold.ts';
import { release } from '../../src/run/hold/release.ts';
import { ledgerEntries } from '../support/aws/ledger.ts';
import { LANDING, type TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import { partitions, quarantined, readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';
const other = 'dt=2026-11-02/a.parquet';
const byMarker = { policy: ['completion: success-marker'] } as const;

/** As if the marker had been written by a job that began `secondsAgo`. */
function markAt(lake: Simulation, relativeKey: string): void {
  lake.wait(5);
  lake.putMarker(relativeKey);
}

describe('PIP-6: a batch is published when it is complete, whole', () => {
  test('without a marker nothing is published; a marker older than a file does not count', async () => {
    const lake = simulate(byMarker);
    const worker = lake.worker();
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    lake.wait(5);
    lake.put(a, 'good', 'a');
    lake.put(other, 'good', 'other');
    await worker.settle();
    expect(readable(lake)).toEqual({});
    expect(await partitions(lake)).toEqual([]);
    markAt(lake, 'dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(await partitions(lake)).toEqual(['2026-11-01']);
  });

  test('two partitions under one marker at the root come together, and each is registered', async () => {
    const lake = simulate(byMarker);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(other, 'good', 'other');
    await worker.settle();
    expect(readable(lake)).toEqual({});
    markAt(lake, '_SUCCESS');
    // Without a sweep, which would find what was forgotten.
    for (let seconds = 0; seconds < 300; seconds += 10) {
      await worker.drain();
      lake.wait(10);
    }
    expect(readable(lake)).toEqual({ [a]: 'good a', [other]: 'good other' });
    expect(await partitions(lake)).toEqual(['2026-11-01', '2026-11-02']);
    const scopes = ledgerEntries(lake.world.ledger).map(({ scope }) => scope);
    expect(scopes.filter((scope) => scope.startsWith('waiting/'))).toEqual([]);
  });

  test('a complete marker below wins over an older one above it, for its own folder only', async () => {
    const lake = simulate(byMarker);
    const worker = lake.worker();
    lake.putMarker('_SUCCESS');
    lake.wait(5);
    lake.put(a, 'good', 'a');
    lake.put(other, 'good', 'other');
    markAt(lake, 'dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
  });

  test('a marker in a folder below the partition covers what lies below it', async () => {
    const lake = simulate(byMarker);
    const worker = lake.worker();
    lake.put('dt=2026-11-01/run-1/a.parquet', 'good', 'one');
    lake.put('dt=2026-11-01/run-2/a.parquet', 'good', 'two');
    await worker.settle();
    markAt(lake, 'dt=2026-11-01/run-1/_SUCCESS');
    await worker.settle();
    expect(readable(lake)).toEqual({ 'dt=2026-11-01/run-1/a.parquet': 'good one' });
  });

  test('a held file below a marker that is deeper than the partition is judged once', async () => {
    const lake = simulate(byMarker);
    const worker = lake.worker();
    lake.put('dt=2026-11-01/run-1/a.parquet', 'drifted', 'one');
    markAt(lake, 'dt=2026-11-01/run-1/_SUCCESS');
    await worker.settle();
    expect(worker.observations.filter(({ kind }) => kind === 'looked-at')).toHaveLength(1);
  });

  test('a marker in a folder of an unpartitioned table covers what lies below it', async () => {
    const lake = simulate({ ...byMarker, isPartitioned: false });
    const worker = lake.worker();
    lake.put('run-1/a.parquet', 'good', 'one');
    await worker.settle();
    markAt(lake, 'run-1/_SUCCESS');
    await worker.settle();
    expect(readable(lake)).toEqual({ 'run-1/a.parquet': 'good one' });
  });

  test('explicit: `headgate commit` writes the marker, again after a later file', async () => {
    const lake = simulate({ policy: ['completion: explicit'] });
    const worker = lake.worker();
    const say = async () =>
      commit(
        worker.guard.objects,
        await worker.guard.contracts.current(),
        { bucket: LANDING.bucket, key: `${LANDING.prefix}dt=2026-11-01` },
        { by: 'ana', at: worker.guard.clock.now() },
      );
    lake.put(a, 'good', 'a');
    await worker.settle();
    expect(readable(lake)).toEqual({});
    lake.wait(5);
    expect(await say()).toEqual({ table: 'shop.t', marker: 's3://landing/t/dt=2026-11-01/_HEADGATE_COMMIT' });
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    lake.wait(5);
    lake.put(b, 'good', 'b');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    lake.wait(5);
    await say();
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'good b' });
  });

  test('explicit: a folder that nobody guards cannot be committed', async () => {
    const { guard } = simulate().worker();
    await expect(
      commit(
        guard.objects,
        await guard.contracts.current(),
        { bucket: 'elsewhere', key: 'x/' },
        { by: 'ana', at: '' },
      ),
    ).rejects.toMatchObject({ code: 'NO_CONTRACT' });
  });

  test('quiet: a new file starts the minutes again', async () => {
    const lake = simulate({ policy: ['completion: "quiet:10"'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.drain();
    lake.wait(9 * 60);
    await worker.drain();
    lake.put(b, 'good', 'b');
    await worker.drain();
    lake.wait(9 * 60);
    await worker.sweep();
    await worker.drain();
    expect(readable(lake)).toEqual({});
    lake.wait(2 * 60);
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'good b' });
  });

  test('onPartialBatch: a held file holds its batch, or with `publish` the rest goes', async () => {
    for (const [policy, expected] of [
      ['hold', {}],
      ['publish', { [a]: 'good a' }],
    ] as const) {
      const lake = simulate({ policy: ['completion: success-marker', `onPartialBatch: ${policy}`] });
      lake.put(a, 'good', 'a');
      lake.put(b, 'drifted', 'b');
      markAt(lake, 'dt=2026-11-01/_SUCCESS');
      await lake.worker().settle();
      expect(readable(lake)).toEqual(expected);
    }
  });

  test('onPartialBatch: publish replaces a partition although a new file is held', async () => {
    const lake = simulate({ policy: ['onPartialBatch: publish'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'old');
    await worker.settle();
    lake.wait(100);
    lake.remove(a);
    lake.put(b, 'good', 'new');
    lake.put('dt=2026-11-01/c.parquet', 'drifted', 'c');
    await worker.settle();
    expect(readable(lake)).toEqual({ [b]: 'good new' });
  });

  test('consume: a held file that left landing still holds its batch; its release completes it', async () => {
    const lake = simulate({
      policy: ['completion: success-marker', 'landing: consume', 'onUnknownColumn: hold'],
    });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(b, 'new-column', 'b');
    await worker.settle();
    markAt(lake, 'dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(quarantined(lake)).toEqual(['new-column b']);
    expect(readable(lake)).toEqual({});
    lake.deploy({ version: '1.0.1', policy: ['completion: success-marker', 'landing: consume'] });
    const [held] = await worker.holds();
    expect(await release(worker.guard, await worker.table(), held as HoldRecord, { by: 'ana' })).toEqual({
      outcome: 'released',
    });
    markAt(lake, 'dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'new-column b' });
  });

  test('in-place: a partition is shown when its batch is complete, without a sweep', async () => {
    const lake = simulate({ mode: 'in-place', policy: ['completion: success-marker'] });
    const worker = lake.worker();
    await worker.sweep();
    lake.wait(5);
    const pass = async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 10) {
        await worker.drain();
        lake.wait(10);
      }
    };
    lake.put(a, 'good', 'a');
    lake.put(other, 'good', 'other');
    await pass(300);
    expect(await partitions(lake)).toEqual([]);
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    await pass(300);
    expect(await partitions(lake)).toEqual(['2026-11-01']);
  });

  test('a folder with waiting files is looked at after `settle`', async () => {
    const lake = simulate({ policy: ['settle: 30s'] });
    const { guard, table } = lake.worker();
    await noteWaiting(guard, await table(), 'dt=2026-11-01/', []);
    const sent = lake.world.faults.trace.filter(({ name }) => name === 'queue.send').map(({ args }) => args);
    expect(sent).toMatchObject([['converge', [{ delaySeconds: 30 }]]]);
  });

  test('what has waited for a month is forgotten, judged again by a sweep, and published with its batch', async () => {
    const lake = simulate(byMarker);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    const waiting = () =>
      [...lake.world.ledger.scopes].flatMap(([scope, items]) =>
        scope.startsWith('waiting')
          ? [...items].map(([id, { expiresAt }]) => ({ items, id, expiresAt }))
          : [],
      );
    const [record, ...others] = waiting();
    expect(others).toEqual([]);
    const days = (Date.parse(record?.expiresAt ?? '') - Date.parse(lake.world.clock.now())) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
    lake.wait(30 * 86_400);
    record?.items.delete(record.id);
    await worker.sweep();
    await worker.settle();
    expect(waiting()).toHaveLength(1);
    expect(readable(lake)).toEqual({});
    lake.putMarker('dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(waiting()).toEqual([]);
  });

  test('first-file: a marker above does not widen what is listed', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(b, 'good', 'b');
    lake.putMarker('_SUCCESS');
    await worker.settle();
    lake.world.faults.reset();
    lake.remove(b);
    for (let seconds = 0; seconds < 120; seconds += 10) {
      await worker.drain();
      lake.wait(10);
    }
    const listed = lake.world.faults.trace.flatMap(({ name, args }) =>
      name === 'objects.list' ? args[1] : [],
    );
    expect(new Set(listed)).toEqual(new Set(['t/dt=2026-11-01/']));
  });

  test.each(['success-marker', 'first-file'])(
    'observe: files, a marker and a delete change nothing: %s',
    async (completion) => {
      const lake = simulate({ mode: 'observe', policy: [`completion: ${completion}`] });
      const worker = lake.worker();
      lake.put(a, 'good', 'a');
      lake.put(b, 'good', 'b');
      lake.put('dt=2026-11-01/c.parquet', 'drifted', 'c');
      markAt(lake, 'dt=2026-11-01/_SUCCESS');
      lake.remove(b);
      await worker.settle();
      const sent = lake.world.faults.trace.filter(({ name }) => name === 'queue.send');
      expect(sent.filter(({ args: [queue] }) => queue !== 'validate' && queue !== 'converge')).toEqual([]);
      expect(lake.world.notices).toHaveLength(1);
      const effects = ['objects.copy', 'objects.remove', 'objects.write'];
      expect(lake.world.faults.trace.filter(({ name }) => effects.includes(name))).toEqual([]);
      expect(lake.world.glue.tables.size).toBe(0);
    },
  );

  test.each<TestContract>([
    { mode: 'in-place', policy: ['completion: success-marker'] },
    { policy: ['completion: success-marker', 'landing: consume'] },
  ])('a held file that its producer replaced holds its batch no more: %j', async (contract) => {
    const lake = simulate(contract);
    const worker = lake.worker();
    await worker.sweep();
    lake.wait(5);
    lake.put(a, 'good', 'a');
    lake.put(b, 'drifted', 'bad');
    await worker.settle();
    lake.wait(5);
    lake.put(b, 'good', 'mended');
    markAt(lake, 'dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a', [b]: 'good mended' });
    expect(await partitions(lake)).toEqual(['2026-11-01']);
  });

  test('in-place: a held file that was moved away keeps its partition hidden', async () => {
    const lake = simulate({ mode: 'in-place', policy: ['completion: success-marker'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.put(b, 'drifted', 'b');
    await worker.settle();
    markAt(lake, 'dt=2026-11-01/_SUCCESS');
    await worker.settle();
    expect(quarantined(lake)).toEqual(['drifted b']);
    expect(await partitions(lake)).toEqual([]);
  });
});
