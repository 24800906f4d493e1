import { expect, test } from 'vitest';
import { newPublishMemory, publish } from '../../src/run/folder/publish.ts';
import type { Asked } from '../../src/run/folder/register-folder.ts';
import { gate } from '../../src/run/gate/gate.ts';
import type { LookMessage, PublishMessage } from '../../src/run/message/messages.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';

const DAYS = ['2026-11-01', '2026-11-02'];

/** Five good files in each of two partitions. */
function putFiles(lake: Simulation, mark: string): void {
  for (const day of DAYS)
    for (let file = 0; file < 5; file++)
      lake.put(`dt=${day}/${mark}${file}.parquet`, 'good', `${day}${mark}${file}`);
  lake.wait(1);
}

/** The messages that wait in a queue, which is empty then. */
async function taken<Message>(
  lake: Simulation,
  queue: 'validate' | 'publish' | 'catalog',
): Promise<readonly Message[]> {
  const { consumer } = lake.world.process();
  const all: Message[] = [];
  for (;;) {
    const deliveries = await consumer.receive(queue, 10);
    if (deliveries.length === 0) return all;
    for (const { body, receipt } of deliveries) {
      all.push(JSON.parse(body) as Message);
      await consumer.acknowledge(queue, receipt);
    }
  }
}

const registered = async (lake: Simulation) =>
  (await taken<{ readonly kind: string; readonly folder: string }>(lake, 'catalog')).map(
    ({ folder }) => folder,
  );

const FOLDERS = DAYS.map((day) => `dt=${day}/`);

test('AWS-31: in place, ten files of two partitions ask for two, and no other of them within a minute', async () => {
  const lake = simulate({ mode: 'in-place' });
  const worker = lake.worker();
  // The table is there already: what is asked for is a partition alone.
  lake.put('dt=2026-10-31/first.parquet', 'good', 'first');
  await worker.settle();
  const asked: Asked = new Map();
  const look = async (mark: string) => {
    putFiles(lake, mark);
    expect(await gate(worker.guard, await taken<LookMessage>(lake, 'validate'), { asked })).toEqual([]);
    return registered(lake);
  };
  expect(await look('a')).toEqual(FOLDERS);
  expect(await look('b')).toEqual([]);
  lake.wait(61);
  expect(await look('c')).toEqual(FOLDERS);
});

test('AWS-31: where the message did not go out, the partition is asked for again', async () => {
  const lake = simulate({ mode: 'in-place' });
  const worker = lake.worker();
  lake.put('dt=2026-10-31/first.parquet', 'good', 'first');
  await worker.settle();
  const asked: Asked = new Map();
  putFiles(lake, 'a');
  const looks = await taken<LookMessage>(lake, 'validate');
  const broken = { ...worker.guard, queue: { send: async () => Promise.reject(new Error('SQS is away')) } };
  await expect(gate(broken, looks, { asked })).rejects.toThrow('SQS is away');
  await gate(worker.guard, looks, { asked });
  expect(await registered(lake)).toEqual(FOLDERS);
});

test('AWS-31: a process that publishes asks for a partition once a minute', async () => {
  const lake = simulate();
  const worker = lake.worker();
  lake.put('dt=2026-10-31/first.parquet', 'good', 'first');
  await worker.settle();
  const memory = newPublishMemory();
  const copy = async (mark: string) => {
    putFiles(lake, mark);
    await gate(worker.guard, await taken<LookMessage>(lake, 'validate'));
    expect(await publish(worker.guard, await taken<PublishMessage>(lake, 'publish'), memory)).toEqual([]);
    return registered(lake);
  };
  expect((await copy('a')).toSorted()).toEqual(FOLDERS);
  expect(await copy('b')).toEqual([]);
  lake.wait(61);
  expect((await copy('c')).toSorted()).toEqual(FOLDERS);
});
