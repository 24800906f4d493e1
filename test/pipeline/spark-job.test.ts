import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TestContract } from '../support/simulation/contract.ts';
import type { FileKind } from '../support/simulation/files.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import { lostObjects, pages, partitions, readable } from '../support/simulation/views.ts';

const DAY_1 = 'dt=2026-11-01/';
const DAY_2 = 'dt=2026-11-02/';

/** Written below `_temporary` or a staging folder, then copied to its name and deleted there, as Hadoop's committers do. */
function rename(lake: Simulation, from: string, to: string, mark: string, kind: FileKind = 'good'): void {
  lake.put(from, kind, mark);
  const { bucket, key } = lake.world.producer.acts.at(-1) as { bucket: string; key: string };
  const root = key.slice(0, -from.length);
  lake.world.producer.rename(bucket, key, root + to);
}
const commitTask = (lake: Simulation, to: string, mark: string, kind?: FileKind) =>
  rename(lake, `_temporary/0/_temporary/attempt_0/${to}`, to, mark, kind);
const success = (lake: Simulation) => lake.putMarker('_SUCCESS');
const remove = (lake: Simulation, ...keys: readonly string[]) => {
  for (const key of keys) lake.remove(key);
};

interface Step {
  readonly what: string;
  readonly do: (lake: Simulation) => void;
  /** What readers see once all is quiet, by hand: the first day's files, then the second's. */
  readonly sees: readonly [
    promote: string,
    marker: string,
    consume: string,
    inPlace: string,
    observe: string,
  ];
}

const MODES: readonly (readonly [name: string, contract: TestContract])[] = [
  ['`promote`', {}],
  ['`promote`, `completion: success-marker`', { policy: ['completion: success-marker'] }],
  ['`promote`, `landing: consume`', { policy: ['landing: consume'] }],
  ['`in-place`', { mode: 'in-place' }],
  ['`observe`', { mode: 'observe', isOnePlace: true }],
];

const STEPS: readonly Step[] = [
  {
    what: 'append: tasks renamed their files out of `_temporary`',
    do: (lake) => {
      commitTask(lake, `${DAY_1}p0.parquet`, 'A1');
      commitTask(lake, `${DAY_1}p1.parquet`, 'B1');
      commitTask(lake, `${DAY_2}p0.parquet`, 'C1');
    },
    sees: ['A1 B1, C1', '', 'A1 B1, C1', 'A1 B1, C1', 'A1 B1, C1'],
  },
  {
    what: 'append: `_SUCCESS`',
    do: success,
    sees: ['A1 B1, C1', 'A1 B1, C1', 'A1 B1, C1', 'A1 B1, C1', 'A1 B1, C1'],
  },
  {
    what: 'second append: one more file',
    do: (lake) => commitTask(lake, `${DAY_1}p2.parquet`, 'D1'),
    sees: ['A1 B1 D1, C1', 'A1 B1, C1', 'A1 B1 D1, C1', 'A1 B1 D1, C1', 'A1 B1 D1, C1'],
  },
  {
    what: 'second append: `_SUCCESS`',
    do: success,
    sees: ['A1 B1 D1, C1', 'A1 B1 D1, C1', 'A1 B1 D1, C1', 'A1 B1 D1, C1', 'A1 B1 D1, C1'],
  },
  {
    what: 'overwrite of the first day: its files are deleted',
    do: (lake) => remove(lake, `${DAY_1}p0.parquet`, `${DAY_1}p1.parquet`, `${DAY_1}p2.parquet`),
    sees: ['A1 B1 D1, C1', 'A1 B1 D1, C1', 'A1 B1 D1, C1', ', C1', ', C1'],
  },
  {
    what: 'overwrite of the first day: new files under new names',
    do: (lake) => {
      commitTask(lake, `${DAY_1}q0.parquet`, 'A2');
      commitTask(lake, `${DAY_1}q1.parquet`, 'B2');
    },
    sees: ['A2 B2, C1', 'A1 B1 D1, C1', 'A1 A2 B1 B2 D1, C1', 'A2 B2, C1', 'A2 B2, C1'],
  },
  {
    what: 'overwrite of the first day: `_SUCCESS`',
    do: success,
    sees: ['A2 B2, C1', 'A2 B2, C1', 'A1 A2 B1 B2 D1, C1', 'A2 B2, C1', 'A2 B2, C1'],
  },
  {
    what: 'dynamic overwrite: the second day is written below `.spark-staging`',
    do: (lake) => lake.put(`.spark-staging-7/${DAY_2}r0.parquet`, 'good', 'C2'),
    sees: ['A2 B2, C1', 'A2 B2, C1', 'A1 A2 B1 B2 D1, C1', 'A2 B2, C1', 'A2 B2, C1'],
  },
  {
    what: 'dynamic overwrite: the second day is deleted, then renamed from there',
    do: (lake) => {
      remove(lake, `${DAY_2}p0.parquet`);
      rename(lake, `.spark-staging-7/${DAY_2}r0.parquet`, `${DAY_2}r0.parquet`, 'C2');
    },
    sees: ['A2 B2, C2', 'A2 B2, C1', 'A1 A2 B1 B2 D1, C1 C2', 'A2 B2, C2', 'A2 B2, C2'],
  },
  {
    what: 'dynamic overwrite: `_SUCCESS`',
    do: success,
    sees: ['A2 B2, C2', 'A2 B2, C2', 'A1 A2 B1 B2 D1, C1 C2', 'A2 B2, C2', 'A2 B2, C2'],
  },
  {
    what: 'an overwrite of the first day fails half-way: one of two files is there, `_temporary` is left',
    do: (lake) => {
      remove(lake, `${DAY_1}q0.parquet`, `${DAY_1}q1.parquet`);
      commitTask(lake, `${DAY_1}s0.parquet`, 'A3');
      lake.put(`_temporary/0/_temporary/attempt_1/${DAY_1}s1.parquet`, 'truncated', 'B3');
    },
    sees: ['A3, C2', 'A2 B2, C2', 'A1 A2 A3 B1 B2 D1, C1 C2', 'A3, C2', 'A3, C2'],
  },
  {
    what: 'two hours later',
    do: (lake) => lake.wait(7200),
    sees: ['A3, C2', 'A2 B2, C2', 'A1 A2 A3 B1 B2 D1, C1 C2', 'A3, C2', 'A3, C2'],
  },
  {
    what: 'the rerun deletes what is there and writes both',
    do: (lake) => {
      remove(lake, `${DAY_1}s0.parquet`, `_temporary/0/_temporary/attempt_1/${DAY_1}s1.parquet`);
      commitTask(lake, `${DAY_1}t0.parquet`, 'A4');
      commitTask(lake, `${DAY_1}t1.parquet`, 'B4');
    },
    sees: ['A4 B4, C2', 'A2 B2, C2', 'A1 A2 A3 A4 B1 B2 B4 D1, C1 C2', 'A4 B4, C2', 'A4 B4, C2'],
  },
  {
    what: 'the rerun: `_SUCCESS`',
    do: success,
    sees: ['A4 B4, C2', 'A4 B4, C2', 'A1 A2 A3 A4 B1 B2 B4 D1, C1 C2', 'A4 B4, C2', 'A4 B4, C2'],
  },
  {
    what: 'an overwrite of the first day with a file that drifted, **B5**',
    do: (lake) => {
      remove(lake, `${DAY_1}t0.parquet`, `${DAY_1}t1.parquet`);
      commitTask(lake, `${DAY_1}u0.parquet`, 'A5');
      commitTask(lake, `${DAY_1}u1.parquet`, '**B5**', 'drifted');
    },
    sees: ['A4 B4, C2', 'A4 B4, C2', 'A1 A2 A3 A4 A5 B1 B2 B4 D1, C1 C2', 'A5, C2', '**B5** A5, C2'],
  },
  {
    what: 'the drifted overwrite: `_SUCCESS`',
    do: success,
    sees: ['A4 B4, C2', 'A4 B4, C2', 'A1 A2 A3 A4 A5 B1 B2 B4 D1, C1 C2', 'A5, C2', '**B5** A5, C2'],
  },
  {
    what: 'the job is mended and run again',
    do: (lake) => {
      remove(lake, `${DAY_1}u0.parquet`, `${DAY_1}u1.parquet`);
      commitTask(lake, `${DAY_1}v0.parquet`, 'A6');
      commitTask(lake, `${DAY_1}v1.parquet`, 'B6');
    },
    sees: ['A6 B6, C2', 'A4 B4, C2', 'A1 A2 A3 A4 A5 A6 B1 B2 B4 B6 D1, C1 C2', 'A6 B6, C2', 'A6 B6, C2'],
  },
  {
    what: 'the mended job: `_SUCCESS`',
    do: success,
    sees: ['A6 B6, C2', 'A6 B6, C2', 'A1 A2 A3 A4 A5 A6 B1 B2 B4 B6 D1, C1 C2', 'A6 B6, C2', 'A6 B6, C2'],
  },
];

/** The marks of the files in partitions that readers know: a table that is observed has its job's own. */
async function seen(lake: Simulation, { mode }: TestContract): Promise<string> {
  const known = await partitions(lake);
  const marks = (day: string) =>
    Object.entries(readable(lake))
      .filter(([key]) => key.startsWith(day) && (mode === 'observe' || known.includes(day.slice(3, -1))))
      .map(([, file]) => file.split(' ')[1])
      .sort()
      .join(' ');
  const both = [marks(DAY_1), marks(DAY_2)];
  return both.every((day) => day === '') ? '' : both.join(', ');
}

describe('PIP-21: what readers see while a Spark-like job runs', () => {
  test.each(MODES.map(([name, contract], mode) => ({ name, contract, mode })))(
    '$name',
    async ({ contract, mode }) => {
      const lake = simulate(contract);
      let worker = lake.worker();
      await worker.sweep();
      const rows: (readonly [string, string])[] = [];
      for (const step of STEPS) {
        lake.wait(120);
        step.do(lake);
        worker = lake.worker();
        await worker.settle();
        rows.push([step.what, await seen(lake, contract)]);
        expect(lostObjects(lake.world)).toEqual([]);
      }
      expect(rows).toEqual(STEPS.map(({ what, sees }) => [what, sees[mode]]));
      // One drift, one page, whatever becomes of the file.
      expect(pages(lake)).toHaveLength(1);
    },
  );

  test('docs/spark-jobs.md shows this table', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/spark-jobs.md'), 'utf8');
    const cell = (text: string) => (text === '' ? '–' : text.replace(/^, /u, '–, '));
    const table = [
      `| after | ${MODES.map(([name]) => name).join(' | ')} |`,
      `|${' --- |'.repeat(MODES.length + 1)}`,
      ...STEPS.map(({ what, sees }) => `| ${what} | ${sees.map(cell).join(' | ')} |`),
    ];
    expect(page.split('\n').filter((line) => line.startsWith('|'))).toEqual(table);
  });
});
