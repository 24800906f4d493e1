import { describe, expect, test } from 'vitest';
import { convergeFolder } from '../../src/run/folder/converge.ts';
import type { HoldRecord } from '../../src/run/hold/hold.ts';
import { originMetadata } from '../../src/run/message/origin.ts';
import { LANDING, LOCATION, type TestContract } from '../support/simulation/contract.ts';
import { putForeign, registeredFolders } from '../support/simulation/foreign.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { pages, quarantined, readable } from '../support/simulation/views.ts';

const HOUR = 3600;
const a = 'dt=2026-11-01/a.parquet';

const MODES: readonly (readonly [string, TestContract])[] = [
  ['promote, keep', {}],
  ['promote, consume', { policy: ['landing: consume'] }],
];

const foreignTold = ({ world }: Simulation) =>
  world.published.flatMap(({ detail }) =>
    ((detail as { differences?: readonly { expected: string; actual: string }[] }).differences ?? [])
      .filter(({ expected }) => expected === 'objects that Headgate published')
      .map(({ actual }) => actual),
  );

async function headsOf(lake: Simulation, act: () => Promise<void>): Promise<number> {
  let heads = 0;
  lake.world.faults.intercept(({ name }) => {
    if (name === 'objects.head') heads++;
  });
  await act();
  lake.world.faults.reset();
  return heads;
}

/** Three sweeps, an hour apart, with all that follows from them. */
async function sweepAgain(lake: Simulation, worker: Worker): Promise<void> {
  for (let sweep = 0; sweep < 3; sweep++) {
    lake.wait(HOUR);
    await worker.settle();
  }
}

describe('LAK-11 (A1): a sweep registers only what Headgate published', () => {
  test.each(MODES)('%s: an unjudged file in a new folder is left, and told', async (_, contract) => {
    const lake = simulate(contract);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    putForeign(lake, 'dt=2026-11-09/x.parquet', 'drifted');
    await sweepAgain(lake, worker);
    expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
    expect(readable(lake)).toMatchObject({ [a]: 'good a', 'dt=2026-11-09/x.parquet': 'unknown bytes' });
    expect(foreignTold(lake)[0]).toBe('1 objects below the location that it did not');
    const [page] = lake.world.notices;
    expect(page?.lines).toContain(
      'nobody judged them, and readers see those in partition folders: move them away, or have their writer write to landing',
    );
    expect(page?.commands.every((command) => command.startsWith('headgate incident show '))).toBe(true);
    expect(worker.failures).toEqual([]);
  });

  test.each(MODES)(
    '%s: what it published is registered again where somebody dropped it',
    async (_, contract) => {
      const lake = simulate(contract);
      const worker = lake.worker();
      lake.put(a, 'good', 'a');
      await worker.settle();
      putForeign(lake, 'dt=2026-11-01/x.parquet', 'drifted');
      lake.world.glue.dropPartition({ database: 'shop', name: 't' }, ['2026-11-01']);
      await sweepAgain(lake, worker);
      expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
    },
  );

  test.each(MODES)('%s: an older copy is one too, while its next version is held', async (_, contract) => {
    const lake = simulate(contract);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.wait(10);
    lake.put(a, 'drifted', 'b');
    await worker.settle();
    lake.world.glue.dropPartition({ database: 'shop', name: 't' }, ['2026-11-01']);
    await sweepAgain(lake, worker);
    expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
  });

  test.each([
    ['held bytes that somebody took out of quarantine', 'quarantine', `${LANDING.prefix}dt=2026-11-09/`],
    ['a copy of another partition', 'keep', `${LANDING.prefix}dt=2026-11-01/`],
  ] as const)('%s prove nothing', async (_, route, from) => {
    const lake = simulate({ policy: ['landing: consume'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    const origin = { bucket: 'landing', key: `${from}x.parquet`, etag: 'e', sizeBytes: 1, writtenAt: '' };
    putForeign(lake, 'dt=2026-11-09/x.parquet', 'drifted', originMetadata(origin, route));
    await sweepAgain(lake, worker);
    expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
  });

  test('the catalog is asked first: what it has costs no look', async () => {
    const lake = simulate({ policy: ['landing: consume'] });
    const worker = lake.worker();
    for (let file = 0; file < 9; file++) lake.put(`dt=2026-11-0${(file % 3) + 1}/${file}.parquet`, 'good');
    putForeign(lake, '_SUCCESS', 'csv');
    await worker.settle();
    lake.wait(HOUR);
    // One asks whether the landing, empty as it is, is a folder still.
    expect(await headsOf(lake, () => worker.sweep())).toBe(1);
  });

  test('what the two listings show costs no look', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    lake.wait(10);
    await worker.settle();
    lake.wait(HOUR);
    lake.world.glue.dropPartition({ database: 'shop', name: 't' }, ['2026-11-01']);
    expect(await headsOf(lake, () => worker.sweep())).toBe(0);
    await worker.drain();
    expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
  });

  test('in place: a folder is shown only for what was judged good there', async () => {
    const lake = simulate({ mode: 'in-place', policy: ['onHold: alert'] });
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.world.deliver = () => [];
    lake.put('dt=2026-11-08/x.parquet', 'drifted', 'x');
    putForeign(lake, 'dt=2026-11-09/_SUCCESS', 'csv');
    await sweepAgain(lake, worker);
    expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
  });
});

/** Objects outside of every partition: markers, folder objects, hidden files, and a file that no partition holds. */
const OUTSIDE = [
  ['_SUCCESS', 'empty'],
  ['_SUCCESS', 'csv'],
  ['', 'empty'],
  ['dt=2026-11-09/', 'empty'],
  ['dt=2026-11-09_$folder$', 'empty'],
  ['_temporary/0/x.parquet', 'good'],
  ['dt=2026-11-09/_SUCCESS', 'csv'],
  ['notes.txt', 'csv'],
  ['dt=2026-11-09', 'good'],
  ['x.parquet', 'good'],
  ['data/dt=2026-11-09/x.parquet', 'good'],
  ['country=DE/dt=2026-11-09/x.parquet', 'good'],
] as const;

describe('LAK-12 (A2): what lies outside of the partitions registers nothing', () => {
  const PLACES = [
    ...MODES.flatMap(([name, contract]) =>
      (['location', 'landing'] as const).map((place) => [`${name}, in ${place}`, contract, place] as const),
    ),
    ['in place', { mode: 'in-place' } as TestContract, 'location'] as const,
  ];
  test.each(
    PLACES.flatMap(([name, contract, place]) =>
      OUTSIDE.map(([key, kind]) => [name, key, kind, contract, place] as const),
    ),
  )('%s: %j (%s)', async (_, key, kind, contract, place) => {
    const lake = simulate(contract);
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    if (place === 'location') putForeign(lake, key, kind);
    else if (kind === 'empty') lake.putMarker(key);
    else lake.put(key, kind);
    await sweepAgain(lake, worker);
    expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
    expect(readable(lake)[a]).toBe('good a');
    expect(worker.failures).toEqual([]);
  });
});

describe('LAK-13 (A3): a file that no partition can hold is held, and nothing is stuck', () => {
  const KEYS = [
    ['x.parquet', ''],
    ['data/dt=2026-11-01/x.parquet', 'data/dt='],
    ['dt=2026-11-01/hour=2/x.parquet', 'dt=/hour='],
    ['hour=2/dt=2026-11-01/x.parquet', 'hour=/dt='],
    ['/dt=2026-11-01/x.parquet', '/dt='],
    ['=/x.parquet', '='],
    ['==/dt=2026-11-01/x.parquet', '==/dt='],
  ] as const;
  const heldFindings = async (worker: Worker) =>
    (await worker.holds()).flatMap(({ findings }: HoldRecord) =>
      findings.map(({ rule, expected, actual, message }) => ({ rule, expected, actual, message })),
    );

  test.each(
    [...MODES, ['in place', { mode: 'in-place' }] as const].flatMap(([name, contract]) =>
      KEYS.map(([key, found]) => [name, key, found, contract] as const),
    ),
  )('%s: %j', async (_, key, found, contract) => {
    const lake = simulate(contract);
    const worker = lake.worker();
    // In place, what is older than the first sweep would stay.
    await worker.sweep();
    lake.put(a, 'good', 'a');
    lake.put(key, 'good', 'x');
    await sweepAgain(lake, worker);
    expect(await heldFindings(worker)).toMatchObject([
      { rule: 'partition-path', expected: 'dt=', actual: found },
    ]);
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(quarantined(lake)).toEqual(['good x']);
    expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
    expect(pages(lake)).toHaveLength(1);
    expect(worker.failures).toEqual([]);
  });

  test('the hold says what to do about it', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put('data/dt=2026-11-01/x.parquet', 'good', 'x');
    await worker.settle();
    expect((await heldFindings(worker))[0]?.message).toBe(
      'expected folders dt=, found data/dt=: move the location of the table down to the folder that holds the partition folders, or write other folders below the last of them',
    );
  });

  test.each(['run-7/part', '', '=', '==', 'x//y', ':'])(
    'a plain folder %j below is part of the partition',
    async (below) => {
      const lake = simulate();
      const worker = lake.worker();
      lake.put(`dt=2026-11-01/${below}/x.parquet`, 'good', 'x');
      await worker.settle();
      expect(readable(lake)).toEqual({ [`dt=2026-11-01/${below}/x.parquet`]: 'good x' });
      expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
    },
  );

  test('a verdict and a note of a gate that let the place pass are taken back', async () => {
    const lake = simulate();
    const worker = lake.worker();
    const guarded = await worker.table();
    lake.put(a, 'good', 'a');
    await worker.settle();
    lake.world.deliver = () => [];
    lake.put('data/dt=2026-11-01/x.parquet', 'good', 'x');
    const object = lake.world.buckets.current(
      LANDING.bucket,
      `${LANDING.prefix}data/dt=2026-11-01/x.parquet`,
    );
    if (object === undefined) throw new Error('nothing was written');
    const { key, etag, sizeBytes, modifiedAt } = object;
    const origin = { bucket: LANDING.bucket, key, etag, sizeBytes, writtenAt: modifiedAt };
    const judgedBy = {
      contractHash: guarded.contractHash,
      contractVersion: '1.0.0',
      catalogVersion: '1.0.0',
    };
    const body = JSON.stringify({ kind: 'publish', table: guarded.name, origin, judgedBy });
    await worker.guard.queue.send('publish', [{ body }]);
    await worker.guard.ledger.put(
      { scope: `waiting/${guarded.name}`, id: 'old' },
      { origin, judgedBy },
      undefined,
    );
    await convergeFolder(worker.guard, guarded, 'data/');
    await worker.settle();
    expect(readable(lake)).toEqual({ [a]: 'good a' });
    expect(quarantined(lake)).toEqual(['good x']);
  });

  test('what an older version published there is looked at once, held, and told', async () => {
    const lake = simulate();
    const worker = lake.worker();
    await worker.settle();
    lake.world.deliver = () => [];
    const key = 'data/dt=2026-11-01/x.parquet';
    lake.put(key, 'good', 'x');
    const here = lake.world.buckets.current(LANDING.bucket, LANDING.prefix + key);
    if (here === undefined) throw new Error('nothing was written');
    const origin = { ...here, bucket: LANDING.bucket, versionId: '', writtenAt: here.modifiedAt };
    const metadata = originMetadata(origin, 'keep');
    lake.world.buckets.put(LOCATION.bucket, LOCATION.prefix + key, { bytes: here.bytes, metadata });
    await sweepAgain(lake, worker);
    expect((await worker.holds()).map(({ status }) => status)).toEqual(['held']);
    expect(pages(lake)).toHaveLength(1);
    expect(worker.failures).toEqual([]);
  });

  test('a wish of an older version for a folder that is no partition is dropped', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put(a, 'good', 'a');
    await worker.settle();
    for (const folder of ['', 'data/dt=2026-11-01/', 'dt=2026-11-01/run-7/', 'dt=2026-11-01']) {
      const body = JSON.stringify({ kind: 'register', table: 'shop.t', folder });
      await worker.guard.queue.send('catalog', [{ body, group: 'shop.t' }]);
    }
    await worker.settle();
    expect(worker.failures).toEqual([]);
    expect(registeredFolders(lake)).toEqual(['dt=2026-11-01/']);
  });

  test('a file that is gone from no partition has its own folder looked at, not the whole table', async () => {
    const lake = simulate();
    const worker = lake.worker();
    lake.put('data/dt=2026-11-01/x.parquet', 'good', 'x');
    await worker.settle();
    const listed = new Set<string>();
    lake.world.faults.intercept(({ name, args }) => {
      if (name === 'objects.list') listed.add(String(args[1]));
    });
    lake.remove('data/dt=2026-11-01/x.parquet');
    await worker.drain();
    lake.wait(120);
    await worker.drain();
    expect([...listed]).toEqual([`${LOCATION.prefix}data/dt=2026-11-01/`]);
  });
});
