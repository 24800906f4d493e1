import { describe, expect, test } from 'vitest';
import { keepClaims } from '../../src/run/folder/keep-claims.ts';
import { recordKey } from '../../src/run/ledger/record-kind.ts';
import { readRecord } from '../../src/run/ledger/records.ts';
import { CLAIMS } from '../../src/run/table/claim-record.ts';
import { partitionId } from '../../src/run/table/partition-claim.ts';
import { LANDING, LOCATION, TABLE } from '../support/simulation/contract.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';

/** A table whose partition 1 is claimed for `day=01/`, and a file that is held for lying in `day=1/`. */
async function contested() {
  const lake = simulate({ keys: ['day int'] });
  const worker = lake.worker();
  lake.put('day=01/first.parquet', 'good', 'first');
  await worker.settle();
  lake.put('day=1/second.parquet', 'good', 'second');
  await worker.settle();
  lake.remove('day=01/first.parquet');
  lake.world.buckets.remove(LOCATION.bucket, `${LOCATION.prefix}day=01/first.parquet`);
  const claim = async () => {
    const id = partitionId((await worker.table()).table, ['1']);
    return (await readRecord(worker.guard, recordKey(CLAIMS, TABLE, id)))?.value;
  };
  const keep = async () =>
    keepClaims(worker.guard, await worker.table(), {
      held: await worker.holds(),
      registered: new Map(),
      areClaimed: true,
    });
  return { lake, claim, keep };
}

const putRaw = ({ world }: Simulation, { bucket, prefix }: typeof LANDING | typeof LOCATION, bytes: number) =>
  world.buckets.put(bucket, `${prefix}day=01/x.parquet`, { bytes: new Uint8Array(bytes) });

describe('LAK-14 (A4): a claim is freed once nothing stands for it any more, seen twice', () => {
  test.each([
    ['nothing lies there', () => undefined, 'freed'],
    ['a file in landing', (lake: Simulation) => putRaw(lake, LANDING, 4), 'kept'],
    ['a file at the location', (lake: Simulation) => putRaw(lake, LOCATION, 4), 'kept'],
    ['an empty object in landing', (lake: Simulation) => putRaw(lake, LANDING, 0), 'freed'],
    ['an empty object at the location', (lake: Simulation) => putRaw(lake, LOCATION, 0), 'freed'],
  ])('%s: %3$s', async (_, put, outcome) => {
    const { lake, claim, keep } = await contested();
    put(lake);
    await keep();
    lake.wait(600);
    await keep();
    expect(await claim()).toEqual(
      outcome === 'freed' ? undefined : expect.objectContaining({ folders: ['day=01/'] }),
    );
  });

  test('not before ten minutes have passed since the first look', async () => {
    const { lake, claim, keep } = await contested();
    await keep();
    lake.wait(599);
    await keep();
    expect(await claim()).toMatchObject({ folders: ['day=01/'], emptySince: expect.any(String) });
    lake.wait(1);
    await keep();
    expect(await claim()).toBeUndefined();
  });
});

describe('LAK-14 (A4): what the catalog has is claimed', () => {
  const claimed = async (worker: Worker, registered: ReadonlyMap<string, string>) =>
    keepClaims(worker.guard, await worker.table(), { held: [], registered, areClaimed: undefined });
  const foldersOf = async (worker: Worker, id: string) =>
    (await readRecord(worker.guard, recordKey(CLAIMS, TABLE, id)))?.value.folders;

  test('a second folder of a value whose first is claimed already', async () => {
    const worker = simulate({ keys: ['day int'] }).worker();
    expect(await claimed(worker, new Map([['day=1/', 'one']]))).toBe(true);
    expect(
      await claimed(
        worker,
        new Map([
          ['day=1/', 'one'],
          ['day=01/', 'one'],
        ]),
      ),
    ).toBe(true);
    expect(await foldersOf(worker, 'one')).toEqual(['day=1/', 'day=01/']);
  });

  test('more than a sweep may claim: the rest by the next, which says so', async () => {
    const worker = simulate({ keys: ['day int'] }).worker();
    const many = new Map(Array.from({ length: 20_001 }, (_, day) => [`day=${day}/`, `id${day}`]));
    expect(await claimed(worker, many)).toBe(false);
    expect(await foldersOf(worker, 'id20000')).toBeUndefined();
    expect(await claimed(worker, many)).toBe(true);
    expect(await foldersOf(worker, 'id20000')).toEqual(['day=20000/']);
  });
});
