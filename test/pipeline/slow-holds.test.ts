import { describe, expect, test } from 'vitest';
import { gate } from '../../src/run/gate/gate.ts';
import { quarantine } from '../../src/run/hold/quarantine.ts';
import type { HoldMessage } from '../../src/run/message/messages.ts';
import type { TestContract } from '../support/simulation/contract.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { lostObjects, readable } from '../support/simulation/views.ts';

const a = 'dt=2026-11-01/a.parquet';
const MODES = {
  keep: {},
  consume: { policy: ['landing: consume'] },
  'in place': { mode: 'in-place' },
} as const satisfies Record<string, TestContract>;
type Mode = keyof typeof MODES;

function signal() {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

/**
 * One worker holds a file by a contract that knows no column `w`, and stops at its call of that number; the contract gets the column,
 * another worker judges the file again, and the first goes on.
 */
async function run(mode: Mode, pauseAt: number) {
  const contract: TestContract = MODES[mode];
  const lake = simulate({ ...contract, policy: [...(contract.policy ?? []), 'onUnknownColumn: hold'] });
  const worker = lake.worker();
  await worker.sweep();
  lake.wait(10);
  lake.put(a, 'new-column', 'new');
  const [look] = lake.world.sqs.messages('validate');
  await gate(worker.guard, [JSON.parse(look?.body ?? '{}')]);
  const [held] = lake.world.sqs.messages('quarantine');
  const message = JSON.parse(held?.body ?? '{}') as HoldMessage;

  const pause = signal();
  const paused = signal();
  const { processId, ...ports } = lake.world.process();
  let calls = 0;
  lake.world.faults.intercept(async ({ process }) => {
    if (process !== processId || ++calls !== pauseAt) return;
    paused.give();
    await pause.given;
  });
  const slow = quarantine({ ...ports, observer: worker.guard.observer, settings: worker.guard.settings }, [
    message,
  ]);
  await Promise.race([paused.given, slow]);
  lake.wait(5);
  lake.deploy({
    ...contract,
    version: '1.1.0',
    columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
  });
  if (pauseAt !== Number.POSITIVE_INFINITY) await lake.worker().settle();
  pause.give();
  await slow;
  await lake.worker().settle();
  const isHeld = (await worker.holds()).some(({ status }) => status === 'held');
  const isReadable = readable(lake)[a] === 'new-column new';
  return { calls, isHeld, isReadable, lost: lostObjects(lake.world).length };
}

describe('LAK-70 (F): of two verdicts before and after a change of contract one counts, however slow a worker is', () => {
  test.each(Object.keys(MODES) as Mode[])('%s, paused at every call', async (mode) => {
    const { calls: longest, ...alone } = await run(mode, Number.POSITIVE_INFINITY);
    expect(alone).toEqual({ isHeld: true, isReadable: false, lost: 0 });
    const ends: string[] = [];
    for (let call = 1; call <= longest; call++) {
      const { isHeld, isReadable, lost } = await run(mode, call);
      ends.push(
        lost > 0 || isHeld === isReadable ? `call ${call}: both or neither` : isHeld ? 'held' : 'read',
      );
    }
    // Until the hold is on record the newer verdict counts, and from then on the older.
    expect([...new Set(ends)]).toEqual(['read', 'held']);
    expect(ends).toEqual([...ends].toSorted().toReversed());
  });
});
