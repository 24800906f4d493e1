import { describe, expect, test } from 'vitest';
import { audit } from '../../src/run/gate/audit.ts';
import type { HoldRecord } from '../../src/run/hold/hold.ts';
import { release } from '../../src/run/hold/release.ts';
import { recordKey, recordScope } from '../../src/run/ledger/record-kind.ts';
import { listRecords, readRecord } from '../../src/run/ledger/records.ts';
import { CLAIMS } from '../../src/run/table/claim-record.ts';
import { partitionId } from '../../src/run/table/partition-claim.ts';
import { updateTable } from '../../src/run/table/table-record.ts';
import { LANDING, LOCATION, TABLE, type TestContract } from '../support/simulation/contract.ts';
import { registeredFolders } from '../support/simulation/foreign.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { pages, quarantined, readable } from '../support/simulation/views.ts';

const HOUR = 3600;
const REF = { database: 'shop', name: 't' };

const MODES: readonly (readonly [string, TestContract])[] = [
  ['promote, keep', {}],
  ['promote, consume', { policy: ['landing: consume'] }],
  ['in place', { mode: 'in-place' }],
];

/** One partition in two folders. */
const SPELLINGS: readonly (readonly [keys: readonly string[], first: string, second: string])[] = [
  [['at string'], 'at=10%3A30/', 'at=10:30/'],
  [['at string'], 'at=10%3a30/', 'at=10%3A30/'],
  [['at string'], 'at=a%20b/', 'at=a b/'],
  [['at string'], 'at=é/', 'at=%C3%A9/'],
  [['at string'], 'at=__HIVE_DEFAULT_PARTITION__/', 'at=\\N/'],
  [['at string'], 'at=/', 'at=__HIVE_DEFAULT_PARTITION__/'],
  [['dt date'], 'DT=2026-11-01/', 'dt=2026-11-01/'],
  [['dt date'], 'dt=2026-11-01/', 'dt=2026-11-1/'],
  [['day int'], 'day=01/', 'day=1/'],
  [['day int', 'at string'], 'day=1/at=x%20y/', 'day=+1/at=x y/'],
];

const findingsOf = (holds: readonly HoldRecord[]) =>
  holds.flatMap(({ findings }) => findings.map(({ rule, expected, actual }) => ({ rule, expected, actual })));

const claims = async ({ guard }: Worker) =>
  (await listRecords(guard, recordScope(CLAIMS, TABLE))).map(({ value }) => value.folders);

async function sweepAgain(lake: Simulation, worker: Worker, sweeps = 3): Promise<void> {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    lake.wait(HOUR);
    await worker.settle();
  }
}

describe('LAK-14 (A4): one partition is one folder', () => {
  test.each(
    MODES.flatMap(([name, contract]) =>
      SPELLINGS.map(([keys, first, second]) => [name, first, second, { ...contract, keys }] as const),
    ),
  )('%s: after %j, a file in %j is held', async (_, first, second, contract) => {
    const lake = simulate(contract);
    lake.put(`${first}a.parquet`, 'good', 'a');
    await lake.worker().settle();
    lake.put(`${second}b.parquet`, 'good', 'b');
    lake.put(`${first}c.parquet`, 'good', 'c');
    const worker = lake.worker();
    await sweepAgain(lake, worker);
    expect(readable(lake)).toEqual({ [`${first}a.parquet`]: 'good a', [`${first}c.parquet`]: 'good c' });
    expect(quarantined(lake)).toEqual(['good b']);
    expect(findingsOf(await worker.holds())).toEqual([
      { rule: 'partition-path', expected: first, actual: second },
    ]);
    expect(registeredFolders(lake)).toEqual([first]);
    expect(await claims(worker)).toEqual([[first]]);
    expect(pages(lake)).toHaveLength(1);
    expect(worker.failures).toEqual([]);
  });

  test('values that only look alike are partitions of their own', async () => {
    const lake = simulate({ keys: ['at string'] });
    const worker = lake.worker();
    const folders = ['at=%2520/', 'at=%20/', 'at=+/', 'at=01/', 'at=1/', 'at=A/', 'at=a/'];
    for (const folder of folders) lake.put(`${folder}a.parquet`, 'good');
    await sweepAgain(lake, worker);
    expect(registeredFolders(lake)).toEqual([...folders].sort());
    expect(quarantined(lake)).toEqual([]);
  });

  test('two gates that see both spellings at once agree on one', async () => {
    const lake = simulate({ keys: ['day int'] });
    const [one, two] = [lake.worker(), lake.worker()];
    for (let file = 0; file < 10; file++) {
      lake.put(`day=1/${file}.parquet`, 'good');
      lake.put(`day=01/${file}.parquet`, 'good');
    }
    await Promise.all([one.drain(), two.drain()]);
    await sweepAgain(lake, lake.worker());
    expect(registeredFolders(lake)).toHaveLength(1);
    const [folder = ''] = registeredFolders(lake);
    expect(Object.keys(readable(lake)).every((key) => key.startsWith(folder))).toBe(true);
    expect(Object.keys(readable(lake))).toHaveLength(10);
  });

  test('a file in a folder that is known to be the first costs no call', async () => {
    const lake = simulate();
    const worker = lake.worker();
    const claimCalls = async (act: () => void) => {
      let calls = 0;
      lake.world.faults.intercept(({ name, args }) => {
        if (name.startsWith('ledger.') && JSON.stringify(args).includes('claims/')) calls++;
      });
      act();
      await worker.drain();
      lake.world.faults.reset();
      return calls;
    };
    const put = (file: string) => () => lake.put(`dt=2026-11-01/${file}.parquet`, 'good');
    expect(await claimCalls(put('a'))).toBe(2);
    expect(await claimCalls(put('b'))).toBe(0);
    lake.wait(299);
    expect(await claimCalls(put('c'))).toBe(0);
    lake.wait(1);
    expect(await claimCalls(put('d'))).toBe(1);
  });

  test.each([
    ['drifted', 'type-changed'],
    ['truncated', 'file-truncated'],
  ] as const)('a %s file claims nothing', async (kind, rule) => {
    const lake = simulate({ keys: ['day int'] });
    const worker = lake.worker();
    lake.put('day=01/a.parquet', kind, 'a');
    await worker.settle();
    lake.put('day=1/b.parquet', 'good', 'b');
    await worker.settle();
    expect(registeredFolders(lake)).toEqual(['day=1/']);
    expect(findingsOf(await worker.holds()).map((finding) => finding.rule)).toContain(rule);
  });

  test('where nothing is registered nothing is claimed', async () => {
    for (const contract of [
      { mode: 'observe' as const },
      { policy: ['partitions: projected'] },
      { isPartitioned: false },
    ]) {
      const lake = simulate(contract);
      const worker = lake.worker();
      lake.put('dt=2026-11-01/a.parquet', 'good', 'a');
      await worker.settle();
      expect(await claims(worker)).toEqual([]);
    }
  });

  test('the audit of a deployment says so too, and claims nothing', async () => {
    const lake = simulate({ keys: ['day int'] });
    const worker = lake.worker();
    lake.put('day=1/a.parquet', 'good', 'a');
    await worker.settle();
    lake.world.deliver = () => [];
    lake.put('day=01/b.parquet', 'good', 'b');
    lake.put('day=02/c.parquet', 'good', 'c');
    const look = (key: string) =>
      ({ kind: 'look', bucket: LANDING.bucket, key: LANDING.prefix + key }) as const;
    const { objects } = await audit(worker.guard, [look('day=01/b.parquet'), look('day=02/c.parquet')]);
    expect(objects.map(({ outcome }) => outcome)).toEqual(['hold', 'admit']);
    expect(objects[0]?.findings).toMatchObject([{ rule: 'partition-path', expected: 'day=1/' }]);
    expect(await claims(worker)).toEqual([['day=1/']]);
  });
});

describe('LAK-14 (A4): what the catalog has already wins', () => {
  /** A lake from before there were claims: partitions in the catalog, none in the ledger. */
  const oldLake = async (keys: readonly string[], ...folders: readonly string[]) => {
    const lake = simulate({ keys });
    const worker = lake.worker();
    for (const folder of folders) {
      lake.put(`${folder}old.parquet`, 'good', folder);
      await worker.settle();
      await forgetClaims(worker);
    }
    return { lake, worker: lake.worker() };
  };
  const forgetClaims = async ({ guard }: Worker) => {
    for (const { scope, id, revision } of await listRecords(guard, recordScope(CLAIMS, TABLE)))
      await guard.ledger.remove({ scope, id }, revision);
    await updateTable(guard, TABLE, ({ areClaimed: _, ...record }) => record);
  };

  test('a sweep claims it, so that another spelling is held from its first file on', async () => {
    const { lake, worker } = await oldLake(['at string'], 'at=10%3A30/');
    await worker.settle();
    lake.put('at=10:30/b.parquet', 'good', 'b');
    await worker.settle();
    expect(findingsOf(await worker.holds())).toEqual([
      { rule: 'partition-path', expected: 'at=10%3A30/', actual: 'at=10:30/' },
    ]);
    expect(pages(lake)).toHaveLength(1);
  });

  test('a file that comes before the sweep is told with the right remedy, and those after it are held', async () => {
    const { lake, worker } = await oldLake(['at string'], 'at=10%3A30/');
    lake.put('at=10:30/b.parquet', 'good', 'b');
    await worker.drain();
    lake.put('at=10:30/c.parquet', 'good', 'c');
    await lake.worker().settle();
    expect(Object.keys(readable(lake))).toEqual(['at=10%3A30/old.parquet', 'at=10:30/b.parquet']);
    expect(quarantined(lake)).toEqual(['good c']);
    const opened = lake.world.notices.filter(({ kind }) => kind === 'open');
    const page = opened.find(({ title }) => title.includes('partition-elsewhere'));
    expect(page?.lines[0]).toBe(
      'partition-elsewhere: expected s3://lake/t/at=10:30/, found s3://lake/t/at=10%3A30/',
    );
    expect(page?.commands).toEqual([
      'headgate explain partition-elsewhere',
      expect.stringMatching(/^headgate incident show /u),
    ]);
    expect(opened.flatMap(({ commands }) => commands).join()).not.toContain('headgate plan');
  });

  test('two texts of one number that the catalog has both stay as good as they were', async () => {
    const { lake, worker } = await oldLake(['day int'], 'day=1/', 'day=01/');
    await worker.settle();
    expect((await claims(worker)).map((folders) => folders.toSorted())).toEqual([['day=01/', 'day=1/']]);
    for (const folder of ['day=1/', 'day=01/', 'day=001/']) lake.put(`${folder}new.parquet`, 'good', folder);
    await worker.settle();
    expect(quarantined(lake)).toEqual(['good day=001/']);
    expect(registeredFolders(lake)).toEqual(['day=01/', 'day=1/']);
  });

  test('more partitions than one sweep claims are claimed once', async () => {
    const { lake, worker } = await oldLake(['day int'], 'day=1/', 'day=2/', 'day=3/');
    await worker.sweep();
    expect((await claims(worker)).flat().sort()).toEqual(['day=1/', 'day=2/', 'day=3/']);
    let listed = 0;
    lake.world.faults.intercept(({ name, args }) => {
      if (name === 'ledger.list' && JSON.stringify(args).includes('claims/')) listed++;
    });
    await worker.sweep();
    expect(listed).toBe(0);
  });

  test('a partition that lies elsewhere claims no folder of the table', async () => {
    const { lake, worker } = await oldLake(['day int'], 'day=1/');
    const partitions = lake.world.glue.table(REF)?.partitions;
    for (const [id, partition] of partitions ?? [])
      partitions?.set(id, { ...partition, location: 's3://elsewhere/x/' });
    await worker.settle();
    lake.put('day=1/b.parquet', 'good', 'b');
    await worker.settle();
    expect(Object.keys(readable(lake))).toContain('day=1/b.parquet');
    expect(await claims(worker)).toEqual([['day=1/']]);
  });
});

describe('LAK-14 (A4): a first spelling that was the mistake can be taken back', () => {
  const wrongFirst = async (contract: TestContract = {}) => {
    const lake = simulate({ keys: ['day int'], ...contract });
    const worker = lake.worker();
    lake.put('day=01/wrong.parquet', 'good', 'wrong');
    await worker.settle();
    lake.put('day=1/right.parquet', 'good', 'right');
    await worker.settle();
    expect(findingsOf(await worker.holds())).toEqual([
      { rule: 'partition-path', expected: 'day=01/', actual: 'day=1/' },
    ]);
    return { lake, worker };
  };
  const drop = ({ world }: Simulation) => world.glue.dropPartition(REF, ['01']);
  const releaseAll = async (worker: Worker) => {
    const outcomes: string[] = [];
    for (const hold of await worker.holds()) {
      const { outcome } = await release(worker.guard, await worker.table(), hold, { by: 'ana' });
      outcomes.push(outcome);
    }
    return outcomes;
  };

  test.each(MODES)('%s: empty its folder, drop the partition, release', async (name, contract) => {
    const { lake, worker } = await wrongFirst(contract);
    expect(await releaseAll(worker)).toEqual(['still-held']);
    if (name === 'promote, consume')
      lake.world.buckets.remove(LOCATION.bucket, `${LOCATION.prefix}day=01/wrong.parquet`);
    else lake.remove('day=01/wrong.parquet');
    await sweepAgain(lake, worker, 2);
    drop(lake);
    await sweepAgain(lake, worker, 1);
    expect(await releaseAll(worker)).toEqual(['still-held']);
    await sweepAgain(lake, worker, 1);
    expect(await releaseAll(worker)).toEqual(['released']);
    await sweepAgain(lake, worker);
    expect(readable(lake)).toEqual({ 'day=1/right.parquet': 'good right' });
    expect(registeredFolders(lake)).toEqual(['day=1/']);
    expect(await claims(worker)).toEqual([['day=1/']]);
  });

  test('not while the catalog still has it', async () => {
    const { lake, worker } = await wrongFirst();
    lake.remove('day=01/wrong.parquet');
    await sweepAgain(lake, worker, 6);
    expect(registeredFolders(lake)).toEqual(['day=01/']);
    expect(await claims(worker)).toEqual([['day=01/']]);
  });

  test('not while a file lies in it, on either side', async () => {
    const { lake, worker } = await wrongFirst();
    drop(lake);
    await sweepAgain(lake, worker, 1);
    drop(lake);
    await sweepAgain(lake, worker, 6);
    expect(await claims(worker)).toEqual([['day=01/']]);
  });

  test('a file that comes to it between two sweeps keeps it', async () => {
    const { lake, worker } = await wrongFirst();
    lake.remove('day=01/wrong.parquet');
    await sweepAgain(lake, worker, 2);
    drop(lake);
    lake.wait(HOUR);
    await worker.sweep();
    const key = recordKey(CLAIMS, TABLE, partitionId((await worker.table()).table, ['1']));
    expect((await readRecord(worker.guard, key))?.value).toMatchObject({ emptySince: expect.any(String) });
    lake.put('day=01/late.parquet', 'good', 'late');
    await lake.worker().drain();
    expect((await readRecord(worker.guard, key))?.value).not.toHaveProperty('emptySince');
    await sweepAgain(lake, worker);
    expect(readable(lake)).toEqual({ 'day=01/late.parquet': 'good late' });
    expect(await claims(worker)).toEqual([['day=01/']]);
  });
});
