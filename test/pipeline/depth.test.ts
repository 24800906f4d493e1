import { describe, expect, test } from 'vitest';
import { release } from '../../src/run/hold/release.ts';
import { text } from '../support/look-into.ts';
import { parquetFile } from '../support/parquet-file.ts';
import { parseMessage } from '../support/parquet-message.ts';
import { LANDING, type TestContract } from '../support/simulation/contract.ts';
import { simulate } from '../support/simulation/simulation.ts';

const LISTED =
  '{ name: s, physicalType: string, quality: [{ type: library, metric: invalidValues, mustBe: 0, arguments: { validValues: [open, paid] } }] }';
const contract = (depth: string, version = '1.0.0', column = LISTED): TestContract => ({
  version,
  policy: [`depth: ${depth}`],
  columns: [column],
});

function bytes(...values: readonly string[]): Uint8Array {
  return parquetFile({
    schema: ['required int64 id', 'optional binary v (STRING)', 'optional binary s (STRING)'].map(
      parseMessage,
    ),
    rowGroups: [
      {
        rows: values.length,
        columns: { v: { nullCount: 0 }, s: { stored: text(...values), nullCount: 0, encodings: [8, 3] } },
      },
    ],
  });
}
const key = (name: string) => `${LANDING.prefix}dt=2026-11-01/${name}.parquet`;

async function judged(first: TestContract) {
  const lake = simulate(first);
  const worker = lake.worker();
  lake.world.producer.put(LANDING.bucket, key('good'), bytes('open', 'paid'));
  lake.world.producer.put(LANDING.bucket, key('bad'), bytes('open', 'lost'));
  await worker.settle();
  return { lake, worker, holds: await worker.holds() };
}

describe('DEP-1 DEP-2: the gate looks as deep as the contract says', () => {
  test.each<[string, readonly string[]]>([
    ['footer', []],
    ['pages', [key('bad')]],
    ['data', [key('bad')]],
  ])('%s', async (depth, held) => {
    const { holds } = await judged(contract(depth));
    expect(holds.map(({ origin }) => origin.key)).toEqual(held);
    for (const { findings } of holds)
      expect(findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual(['value-invalid s']);
  });

  test('a release is judged as deep', async () => {
    const { lake, worker, holds } = await judged(contract('pages'));
    const [hold] = holds;
    if (hold === undefined) throw new Error('nothing is held');
    const released = async () => {
      const [now] = await worker.holds();
      return now && (await release(worker.guard, await worker.table(), now, { by: 'ana' })).outcome;
    };
    expect(await released()).toBe('still-held');
    lake.deploy(contract('pages', '1.1.0', LISTED.replace('[open, paid]', '[open, paid, lost]')));
    lake.wait(600);
    expect(await released()).toBe('released');
  });

  test('DEP-8 an object that is replaced between its footer and its pages gets no verdict of its own', async () => {
    const lake = simulate(contract('pages'));
    const worker = lake.worker();
    lake.world.producer.put(LANDING.bucket, key('a'), bytes('open', 'lost'));
    const { open } = worker.guard.objects;
    let slices = 0;
    worker.guard.objects.open = (place, pin, size) => {
      const source = open.call(worker.guard.objects, place, pin, size);
      return {
        ...source,
        slice: async (start, end) => {
          const part = await source.slice(start, end);
          if (++slices === 1) lake.world.producer.put(LANDING.bucket, key('a'), bytes('open', 'paid'));
          return part;
        },
      };
    };
    await worker.settle();
    expect(slices).toBeGreaterThan(2);
    expect(await worker.holds()).toEqual([]);
  });
});
