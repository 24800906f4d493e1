import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { auditObjects } from '../support/audit-terminal.ts';
import { folderOf } from '../support/folder.ts';
import { syntheticLake } from '../support/synthetic-lake.ts';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** A tenth of them is held, and each hundred is a partition. */
const OBJECTS = Number(process.env.AUDIT_OBJECTS ?? 50_000);
const PAGE = 1_000;

test('AUD-7 what an audit holds does not grow with objects', async () => {
  const used: number[] = [];
  const { objects, contract } = syntheticLake(OBJECTS, {
    onPage(page) {
      if (page !== 20 && page !== OBJECTS / PAGE - 1) return;
      collect();
      used.push(process.memoryUsage().heapUsed);
    },
  });
  const folder = folderOf({ 'c/t.odcs.yaml': contract });
  const { report } = await auditObjects(objects, join(folder, 'c'), {});
  expect(report.summary).toMatchObject({
    files: OBJECTS,
    admit: OBJECTS * 0.9,
    hold: OBJECTS * 0.1,
    partitions: OBJECTS / 100,
  });
  expect(report.causes).toHaveLength(1);
  // Something counts ahead in a run that takes long: the last page of all is that of the audit.
  const [early = 0, late = 0] = [used.at(0), used.at(-1)];
  expect(late - early).toBeLessThan(5_000_000);
}, 120_000);

test('AUD-7 neither does the state that a run leaves behind, but for its counts and the days of what is held', async () => {
  const sizes: number[] = [];
  for (const limit of [2_000, 8_000]) {
    const { objects, contract } = syntheticLake(10_000);
    const folder = folderOf({ 'c/t.odcs.yaml': contract });
    const state = join(folder, 'state');
    await auditObjects(objects, join(folder, 'c'), { limit, resume: state });
    const [head = '', body = ''] = readFileSync(state, 'utf8').split('\n');
    const { tally, ...rest } = JSON.parse(body) as { readonly tally: { readonly days: readonly unknown[] } };
    // One cell for each partition that holds some; `days.test.ts` has the bound.
    expect(tally.days).toHaveLength(limit / 100);
    sizes.push(head.length + JSON.stringify({ ...rest, tally: { ...tally, days: [] } }).length);
  }
  const [small = 0, large = 0] = sizes;
  expect(Math.abs(large - small)).toBeLessThan(200);
});
