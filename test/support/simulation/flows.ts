import { type HoldRecord, listHolds } from '../../../src/run/hold/hold.ts';
import { purge } from '../../../src/run/hold/purge.ts';
import { release } from '../../../src/run/hold/release.ts';
import { grant } from '../../../src/run/table/break-glass.ts';
import { guardedTables } from '../../../src/run/table/guarded-table.ts';
import { TABLE, type TestContract } from './contract.ts';
import type { FileKind } from './files.ts';
import type { Simulation, Worker } from './simulation.ts';

/** `job` steps happen at once; `work` steps are done by a worker that may die, and are then done again by another. */
export type Step =
  | { readonly job: (lake: Simulation) => void }
  | { readonly work: (worker: Worker) => Promise<void> };

export interface Flow {
  readonly name: string;
  readonly contract?: TestContract;
  readonly steps: readonly Step[];
  /** Written by hand: what readers see in the end. */
  readonly readable: Readonly<Record<string, string>>;
  readonly quarantined?: readonly string[];
  readonly partitions: readonly string[];
  /** Keys whose newest object a person let go for good. */
  readonly purged?: readonly string[];
  /** Pages: one for each cause. */
  readonly pages?: number;
  /** Which files may ever be readable. */
  readonly mayBeRead: readonly FileKind[];
}

const put = (key: string, kind: FileKind, mark: string): Step => ({
  job: (lake) => lake.put(`dt=2026-11-01/${key}`, kind, mark),
});
const remove = (key: string): Step => ({ job: (lake) => lake.remove(`dt=2026-11-01/${key}`) });
const wait = (seconds: number): Step => ({ job: (lake) => lake.wait(seconds) });
const deploy = (...contracts: readonly TestContract[]): Step => ({
  job: (lake) => lake.deploy(...contracts),
});
const settle: Step = { work: (worker) => worker.settle() };
const drain: Step = { work: (worker) => worker.drain() };

/** A person acts on every hold that there is. */
const onHolds = (act: (worker: Worker, record: HoldRecord) => Promise<unknown>): Step => ({
  work: async (worker) => {
    for (const hold of await listHolds(worker.guard, { name: TABLE })) await act(worker, hold);
  },
});
const guardedOf = async (worker: Worker) => {
  const guarded = guardedTables(await worker.guard.contracts.current()).get(TABLE);
  if (guarded === undefined) throw new Error(`${TABLE} is not deployed`);
  return guarded;
};
const releaseAll = onHolds(async (worker, record) =>
  release(worker.guard, await guardedOf(worker), record, { by: 'ana' }),
);
const purgeAll = (keep: 'old' | 'none') =>
  onHolds(async (worker, record) => purge(worker.guard, await guardedOf(worker), record, { keep }));

/** A person lets the drifted column pass for some hours. */
async function grantId(worker: Worker): Promise<void> {
  const until = new Date(Date.parse(worker.guard.clock.now()) + 4 * 3_600_000).toISOString();
  const request = { rule: 'type-changed', path: 'id', until, reason: 'month end, ticket 4711' };
  await grant(worker.guard, await guardedOf(worker), request, { by: 'ana' });
}

const v1: TestContract = { version: '1.0.0' };
const acceptsText: TestContract = { version: '1.1.0', id: 'string' };
const withW: TestContract = {
  version: '1.1.0',
  columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
  policy: ['accept: [{ version: 1.0.0, until: "2030-01-01" }]'],
};
const a = 'dt=2026-11-01/a.parquet';
const b = 'dt=2026-11-01/b.parquet';

export const FLOWS: readonly Flow[] = [
  {
    name: 'a first good file',
    steps: [put('a.parquet', 'good', 'a'), settle],
    readable: { [a]: 'good a' },
    partitions: ['2026-11-01'],
    mayBeRead: ['good'],
  },
  {
    name: 'a good file and three drifted ones of one cause',
    steps: [
      put('a.parquet', 'good', 'a'),
      put('b.parquet', 'drifted', 'b'),
      put('c.parquet', 'drifted', 'c'),
      put('d.parquet', 'drifted', 'd'),
      settle,
    ],
    readable: { [a]: 'good a' },
    quarantined: ['drifted b', 'drifted c', 'drifted d'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['good'],
  },
  {
    name: 'an overwrite, a bad one, and a good one again',
    steps: [
      put('a.parquet', 'good', 'one'),
      settle,
      wait(10),
      put('a.parquet', 'good', 'two'),
      settle,
      wait(10),
      put('a.parquet', 'drifted', 'three'),
      settle,
      wait(10),
      put('a.parquet', 'good', 'four'),
      settle,
    ],
    readable: { [a]: 'good four' },
    quarantined: ['drifted three'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['good'],
  },
  {
    name: 'a partition overwritten whole',
    steps: [
      put('a.parquet', 'good', 'a'),
      put('b.parquet', 'good', 'b'),
      settle,
      wait(100),
      remove('a.parquet'),
      remove('b.parquet'),
      put('c.parquet', 'good', 'c'),
      put('d.parquet', 'good', 'd'),
      drain,
      settle,
    ],
    readable: { 'dt=2026-11-01/c.parquet': 'good c', 'dt=2026-11-01/d.parquet': 'good d' },
    partitions: ['2026-11-01'],
    mayBeRead: ['good'],
  },
  {
    name: 'a bad rerun leaves the last good partition',
    steps: [
      put('a.parquet', 'good', 'a'),
      settle,
      wait(100),
      remove('a.parquet'),
      put('c.parquet', 'good', 'c'),
      put('d.parquet', 'drifted', 'd'),
      settle,
    ],
    readable: { [a]: 'good a' },
    quarantined: ['drifted d'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['good'],
  },
  {
    name: 'a deleted file',
    steps: [
      put('a.parquet', 'good', 'a'),
      put('b.parquet', 'good', 'b'),
      settle,
      wait(100),
      remove('b.parquet'),
      settle,
      wait(4000),
      settle,
    ],
    readable: { [a]: 'good a' },
    partitions: ['2026-11-01'],
    mayBeRead: ['good'],
  },
  {
    name: 'a job that says when it is done',
    contract: { policy: ['completion: success-marker'] },
    steps: [
      put('a.parquet', 'good', 'a'),
      put('b.parquet', 'good', 'b'),
      settle,
      wait(30),
      { job: (lake) => lake.putMarker('dt=2026-11-01/_SUCCESS') },
      settle,
    ],
    readable: { [a]: 'good a', [b]: 'good b' },
    partitions: ['2026-11-01'],
    mayBeRead: ['good'],
  },
  {
    name: 'a hold released after the contract was revised',
    contract: v1,
    steps: [
      put('a.parquet', 'drifted', 'a'),
      settle,
      wait(100),
      deploy(acceptsText),
      settle,
      releaseAll,
      settle,
    ],
    readable: { [a]: 'drifted a' },
    quarantined: ['drifted a'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['drifted'],
  },
  {
    name: 'a hold released by a grant',
    steps: [
      put('a.parquet', 'drifted', 'a'),
      settle,
      { work: grantId },
      releaseAll,
      settle,
      put('b.parquet', 'renamed', 'b'),
      settle,
    ],
    readable: { [a]: 'drifted a' },
    quarantined: ['drifted a', 'renamed b'],
    partitions: ['2026-11-01'],
    pages: 3,
    mayBeRead: ['drifted'],
  },
  {
    name: 'a new version with a column more, and files of both',
    contract: v1,
    steps: [
      put('a.parquet', 'good', 'a'),
      settle,
      wait(100),
      deploy(withW, v1),
      put('b.parquet', 'new-column', 'b'),
      put('c.parquet', 'good', 'c'),
      settle,
    ],
    readable: { [a]: 'good a', [b]: 'new-column b', 'dt=2026-11-01/c.parquet': 'good c' },
    partitions: ['2026-11-01'],
    mayBeRead: ['good', 'new-column'],
  },
  {
    name: 'a landing that is emptied, a hold, and its release',
    contract: { version: '1.0.0', policy: ['landing: consume', 'onUnknownColumn: hold'] },
    steps: [
      put('a.parquet', 'good', 'a'),
      put('b.parquet', 'new-column', 'b'),
      settle,
      wait(100),
      deploy({ version: '1.0.1', policy: ['landing: consume', 'onUnknownColumn: warn'] }),
      releaseAll,
      settle,
    ],
    readable: { [a]: 'good a', [b]: 'new-column b' },
    quarantined: ['new-column b'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['good', 'new-column'],
  },
  {
    name: 'in place: a good file shows its partition, a bad one is moved away',
    contract: { mode: 'in-place' },
    // What is older than the first sweep stays.
    steps: [settle, put('a.parquet', 'good', 'a'), put('b.parquet', 'drifted', 'b'), settle],
    readable: { [a]: 'good a' },
    quarantined: ['drifted b'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['good', 'drifted'],
  },
  {
    name: 'a purged hold: the last good copy comes back to landing',
    steps: [
      put('a.parquet', 'good', 'one'),
      settle,
      wait(10),
      put('a.parquet', 'drifted', 'two'),
      settle,
      purgeAll('old'),
      settle,
    ],
    readable: { [a]: 'good one' },
    quarantined: [],
    purged: ['t/dt=2026-11-01/a.parquet'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['good'],
  },
  {
    name: 'a purged hold: nothing of the key is kept',
    steps: [
      put('a.parquet', 'good', 'one'),
      put('b.parquet', 'good', 'b'),
      settle,
      wait(10),
      put('a.parquet', 'drifted', 'two'),
      settle,
      purgeAll('none'),
      settle,
      wait(4000),
      settle,
    ],
    readable: { [b]: 'good b' },
    quarantined: [],
    purged: ['t/dt=2026-11-01/a.parquet'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['good'],
  },
  {
    name: 'a batch that is quiet for longer than a queue waits',
    contract: { policy: ['completion: "quiet:20"'] },
    steps: [put('a.parquet', 'good', 'a'), settle, wait(1200), settle],
    readable: { [a]: 'good a' },
    partitions: ['2026-11-01'],
    mayBeRead: ['good'],
  },
  {
    name: 'an overwrite of equal size whose upload began before the first was published',
    steps: [
      put('a.parquet', 'good', 'one'),
      settle,
      wait(100),
      {
        job: (lake) =>
          lake.put('dt=2026-11-01/a.parquet', 'good', 'two', {
            multipart: { parts: 2, startedMsAgo: 5_000_000 },
          }),
      },
      settle,
    ],
    readable: { [a]: 'good two' },
    partitions: ['2026-11-01'],
    mayBeRead: ['good'],
  },
  {
    name: 'all that waits is delivered twice, the second time late',
    steps: [
      put('a.parquet', 'good', 'a'),
      put('b.parquet', 'drifted', 'b'),
      { job: ({ world }) => world.sqs.duplicate('validate', 2_000_000) },
      settle,
      { job: ({ world }) => world.sqs.duplicate('publish', 0) },
      settle,
    ],
    readable: { [a]: 'good a' },
    quarantined: ['drifted b'],
    partitions: ['2026-11-01'],
    pages: 1,
    mayBeRead: ['good'],
  },
  {
    name: 'observed: told, and nothing moved',
    contract: { mode: 'observe' },
    steps: [put('a.parquet', 'good', 'a'), put('b.parquet', 'drifted', 'b'), settle],
    readable: {},
    partitions: [],
    pages: 1,
    mayBeRead: [],
  },
];
