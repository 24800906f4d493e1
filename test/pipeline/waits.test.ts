import { afterEach, describe, expect, test } from 'vitest';
import { HeadgateError } from '../../src/error.ts';
import { createLocalQueue } from '../../src/run/adapters/local/queue.ts';
import { converge } from '../../src/run/folder/converge.ts';
import type { ConvergeMessage } from '../../src/run/message/messages.ts';
import { send } from '../../src/run/message/send.ts';
import type { TestContract } from '../support/simulation/contract.ts';
import { type Simulation, simulate, type Worker } from '../support/simulation/simulation.ts';
import { partitions, readable } from '../support/simulation/views.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const STEP = 30;
const folder = 'dt=2026-11-01/';

const sweepFailures: unknown[] = [];
afterEach(() => {
  sweepFailures.length = 0;
});

/** Lets time pass as in a deployment: workers all the time, a reconcile every hour. Seconds until `isDone`, at most `limit`. */
async function secondsUntil(
  lake: Simulation,
  worker: Worker,
  isDone: () => boolean | Promise<boolean>,
  limit: number,
): Promise<number> {
  for (let passed = 0; passed <= limit; passed += STEP) {
    // Half an hour off the full hours of the test.
    if (passed % HOUR === HOUR / 2) await worker.sweep().catch((error) => sweepFailures.push(error));
    await worker.drain();
    if (await isDone()) return passed;
    lake.wait(STEP);
  }
  return Number.POSITIVE_INFINITY;
}

const write = (lake: Simulation) => lake.put(`${folder}a.parquet`, 'good', 'a');
const overwrite = (lake: Simulation) => {
  for (const name of ['a', 'b', 'c']) lake.remove(`${folder}${name}.parquet`);
  lake.put(`${folder}p0.parquet`, 'good', 'p0');
};
const remove = (lake: Simulation) => lake.remove(`${folder}a.parquet`);
const names = (lake: Simulation) =>
  Object.keys(readable(lake)).map((key) => key.slice(folder.length, -'.parquet'.length));

interface Wait {
  readonly name: string;
  readonly contract: TestContract;
  /** Before: three files are published, and nothing waits. */
  readonly act: (lake: Simulation) => void;
  readonly isDone: (lake: Simulation) => boolean | Promise<boolean>;
  readonly dueSeconds: number;
}

const isPublished = (lake: Simulation) => names(lake).includes('a');
const isReplaced = (lake: Simulation) => names(lake).join() === 'p0';
const isRemoved = (lake: Simulation) => names(lake).join() === 'b,c';
const isShown = async (lake: Simulation) => (await partitions(lake)).length > 0;
const quiet = (minutes: number, mode?: 'in-place'): Wait => ({
  name: `${mode ?? 'promote'} quiet:${minutes}`,
  contract: { policy: [`completion: "quiet:${minutes}"`], ...(mode && { mode }) },
  act: write,
  isDone: mode ? isShown : isPublished,
  dueSeconds: minutes * MINUTE,
});
const settled = (settle: string, dueSeconds: number, completion = 'first-file'): Wait => ({
  name: `an overwrite, settle: ${settle}, ${completion}`,
  contract: { policy: [`settle: ${settle}`, `completion: ${completion}`] },
  act(lake) {
    overwrite(lake);
    if (completion === 'first-file') return;
    lake.wait(2);
    lake.putMarker(`${folder}_SUCCESS`);
  },
  isDone: isReplaced,
  dueSeconds,
});
const deleted = (deleteAfter: string | undefined, dueSeconds: number): Wait => ({
  name: `a delete, deleteAfter: ${deleteAfter ?? 'as it is by default'}`,
  contract: { policy: deleteAfter ? [`deleteAfter: ${deleteAfter}`] : [] },
  act: remove,
  isDone: isRemoved,
  dueSeconds,
});

const WAITS: readonly Wait[] = [
  quiet(10),
  quiet(20),
  quiet(45),
  quiet(90),
  quiet(300),
  quiet(1440),
  quiet(20, 'in-place'),
  quiet(150, 'in-place'),
  settled('10m', 10 * MINUTE),
  settled('20m', 20 * MINUTE),
  settled('3h', 3 * HOUR),
  settled('20m', 20 * MINUTE, 'success-marker'),
  deleted('10m', 10 * MINUTE),
  deleted('20m', 20 * MINUTE),
  deleted(undefined, HOUR),
  deleted('1d', DAY),
];

describe('LAK-66 (F): what is due later than a queue can wait is done when it is due', () => {
  test.each(WAITS)('$name', async ({ contract, act, isDone, dueSeconds }) => {
    const lake = simulate(contract);
    const worker = lake.worker();
    if (act !== write) {
      for (const name of ['a', 'b', 'c']) lake.put(`${folder}${name}.parquet`, 'good', name);
      if (contract.policy?.some((line) => line.includes('marker'))) {
        lake.wait(2);
        lake.putMarker(`${folder}_SUCCESS`);
      }
      await secondsUntil(lake, worker, () => names(lake).length === 3, 4 * HOUR);
      lake.wait(4 * HOUR);
    }
    await worker.settle();
    act(lake);
    const seconds = await secondsUntil(lake, worker, () => isDone(lake), dueSeconds + 2 * HOUR);
    expect(seconds).toBeGreaterThanOrEqual(dueSeconds - STEP);
    // A look for the event, one of the queue's own delay behind each other for what is missing and for what is due.
    expect(seconds).toBeLessThanOrEqual(dueSeconds + 5 * MINUTE);
    expect(sweepFailures).toEqual([]);
  });

  test('on the way a folder is not listed, and one that is written to all the time has few messages', async () => {
    const lake = simulate({ policy: ['completion: "quiet:20"'] });
    const worker = lake.worker();
    const listed = () => lake.world.faults.trace.filter(({ name }) => name === 'objects.list').length;
    let most = 0;
    for (let minute = 0; minute < 120; minute++) {
      lake.put(`${folder}p${minute}.parquet`, 'good', `p${minute}`);
      await secondsUntil(lake, worker, () => false, 30);
      most = Math.max(most, lake.world.sqs.messages('converge').length);
    }
    expect(readable(lake)).toEqual({});
    // One for each minute within the quiet twenty.
    expect(most).toBeLessThanOrEqual(25);
    const before = listed();
    expect(await secondsUntil(lake, worker, () => names(lake).length === 120, HOUR)).toBeLessThanOrEqual(
      25 * MINUTE,
    );
    // Twenty times a minute each would be over 800.
    expect(listed() - before).toBeLessThan(200);
  });

  test('from delay to delay of a queue that waits as long as it is asked to', async () => {
    const lake = simulate({ policy: ['completion: "quiet:20"'] });
    const worker = lake.worker();
    const { clock, faults } = lake.world;
    const local = createLocalQueue(clock.ms);
    const guard = { ...worker.guard, queue: local.queue };
    const start = clock.ms();
    const notBefore = new Date(start + 80 * MINUTE * 1000).toISOString();
    const message: ConvergeMessage = { kind: 'converge', table: 'shop.t', folder, notBefore };
    await send(guard, { converge: [{ message, delaySeconds: 80 * MINUTE }] });
    const handledAt: number[] = [];
    for (let second = 0; second <= 90 * MINUTE; second += STEP) {
      for (const { body, receipt } of await local.consumer.receive('converge', 10)) {
        handledAt.push((clock.ms() - start) / 1000);
        await converge(guard, [JSON.parse(body) as ConvergeMessage]);
        await local.consumer.acknowledge('converge', receipt);
      }
      lake.wait(STEP);
    }
    expect(handledAt).toEqual([900, 1800, 2700, 3600, 4500, 4800]);
    expect(faults.trace.filter(({ name }) => name === 'objects.list')).toHaveLength(2);
  });

  test('a time that is too far away to be one of ours is not waited for', async () => {
    const lake = simulate();
    const worker = lake.worker();
    const message: ConvergeMessage = {
      kind: 'converge',
      table: 'shop.t',
      folder,
      notBefore: '9999-12-31T00:00:00.000Z',
    };
    await converge(worker.guard, [message]);
    expect(lake.world.faults.trace.map(({ name }) => name)).toContain('objects.list');
    expect(lake.world.sqs.messages('converge')).toEqual([]);
  });

  test('an earlier wish is not dropped for a later one, and wishes for one time are one', async () => {
    const lake = simulate();
    const { guard } = lake.worker();
    const wish = (minutes: number | undefined) =>
      send(guard, {
        converge: [
          {
            message: {
              kind: 'converge',
              table: 'shop.t',
              folder,
              ...(minutes !== undefined && {
                notBefore: new Date(lake.world.clock.ms() + minutes * 60_000).toISOString(),
              }),
            },
            delaySeconds: 60,
          },
        ],
      });
    for (const minutes of [20, 20, 2, undefined, undefined, 20, 2]) await wish(minutes);
    expect(lake.world.sqs.messages('converge')).toHaveLength(3);
  });
});

describe('LAK-69 (F): a folder that fails', () => {
  test('holds up no other of its table, and each folder keeps its order', async () => {
    const lake = simulate({ policy: ['completion: "quiet:1"'] }, { retriesAsLambda: true });
    const worker = lake.worker();
    await worker.settle();
    lake.world.faults.inject(({ name, args }) =>
      name === 'objects.list' && String(args[1]).includes('dt=2026-11-01')
        ? { kind: 'fail', when: 'before', error: new HeadgateError('READ_FAILED', 'AccessDenied') }
        : undefined,
    );
    for (const day of ['01', '02', '03']) lake.put(`dt=2026-11-${day}/a.parquet`, 'good', day);
    const others = () => Object.keys(readable(lake)).length === 2;
    expect(await secondsUntil(lake, worker, others, HOUR)).toBeLessThanOrEqual(4 * MINUTE);
    expect(worker.failures.length).toBeGreaterThan(0);
    // It has its own tries, and its own dead letter.
    await secondsUntil(lake, worker, () => lake.world.sqs.deadLetters('converge').length > 0, 4 * HOUR);
    expect(lake.world.sqs.deadLetters('converge').map((body) => JSON.parse(body).folder)).toEqual([folder]);
  });

  test('ends no sweep: the folders behind it are looked at, and the sweep says that it failed', async () => {
    const lake = simulate();
    const worker = lake.worker();
    await worker.settle();
    lake.world.deliver = () => [];
    for (const day of ['01', '02', '03']) lake.put(`dt=2026-11-${day}/a.parquet`, 'good', day);
    lake.world.faults.inject(({ name, args }) =>
      name === 'objects.list' && String(args[1]).includes('dt=2026-11-01')
        ? { kind: 'fail', when: 'before', error: new HeadgateError('READ_FAILED', 'AccessDenied') }
        : undefined,
    );
    await expect(worker.sweep()).rejects.toThrow('AccessDenied');
    await worker.drain();
    expect(Object.keys(readable(lake))).toEqual(['dt=2026-11-02/a.parquet', 'dt=2026-11-03/a.parquet']);
  });

  test('two messages of one folder are one group, two folders are two, and tables never share one', async () => {
    const lake = simulate();
    const { guard } = lake.worker();
    const wish = (table: string, at: string) =>
      send(guard, { converge: [{ message: { kind: 'converge', table, folder: at }, delaySeconds: 1 }] });
    for (const [table, at] of [
      ['shop.t', 'a/'],
      ['shop.t', 'b/'],
      ['shop.u', 'a/'],
    ] as const) {
      await wish(table, at);
      lake.wait(2);
      await wish(table, at);
    }
    const groups = lake.world.sqs.messages('converge').map(({ group }) => group);
    expect(groups).toHaveLength(6);
    expect(new Set(groups).size).toBe(3);
    expect(groups[0]).toBe(groups[1]);
  });
});

describe('LAK-110: a partition that the catalog refuses', () => {
  test('holds up no other of its table, and has its own tries and its own dead letter', async () => {
    const lake = simulate({}, { retriesAsLambda: true });
    const worker = lake.worker();
    lake.put('dt=2026-10-31/a.parquet', 'good', '31');
    await worker.settle();
    lake.world.faults.inject(({ name, args }) =>
      name === 'catalog.createPartitions' && JSON.stringify(args[1]).includes('2026-11-01')
        ? {
            kind: 'fail',
            when: 'before',
            error: new HeadgateError('WRITE_FAILED', 'InternalServiceException'),
          }
        : undefined,
    );
    lake.put('dt=2026-11-01/a.parquet', 'good', '01');
    await worker.drain();
    expect(worker.failures.length).toBeGreaterThan(0);
    // They come while the first is between two tries.
    for (const day of ['02', '03']) lake.put(`dt=2026-11-${day}/a.parquet`, 'good', day);
    await worker.drain();
    expect(await partitions(lake)).toEqual(['2026-10-31', '2026-11-02', '2026-11-03']);
    const given = () => lake.world.sqs.deadLetters('catalog').length > 0;
    await secondsUntil(lake, worker, given, 8 * HOUR);
    const letters = lake.world.sqs.deadLetters('catalog').map((body) => JSON.parse(body));
    expect(letters).toEqual([{ kind: 'register', table: 'shop.t', folder: 'dt=2026-11-01/' }]);
  });
});
