import fc from 'fast-check';
import { guardedTables } from '../../../src/pipeline/guarded-table.ts';
import { listHolds } from '../../../src/pipeline/hold.ts';
import { release } from '../../../src/pipeline/release.ts';
import { TABLE, type TestContract } from './contract.ts';
import type { FileKind } from './files.ts';
import type { Simulation, Worker } from './simulation.ts';

/** One thing that happens in the world while workers run, so many of their port calls after the one before. */
export type Act = Deed & { readonly after: number };

type Deed =
  | { readonly kind: 'put'; readonly key: string; readonly file: FileKind }
  | { readonly kind: 'remove'; readonly key: string }
  /** A job overwrites a partition as Spark does: all files away, then new ones under other names. */
  | { readonly kind: 'overwrite'; readonly partition: string; readonly files: readonly FileKind[] }
  /** Written below `_temporary`, then copied to its name. */
  | { readonly kind: 'rename'; readonly key: string; readonly file: FileKind }
  | { readonly kind: 'revise' }
  | { readonly kind: 'release' }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'wait'; readonly seconds: number }
  /** Some worker dies, so many port calls from now. */
  | { readonly kind: 'kill'; readonly calls: number; readonly when: 'before' | 'after' }
  /** How notifications arrive from now on. */
  | { readonly kind: 'deliver'; readonly how: 'once' | 'twice' | 'late' | 'never' };

const PARTITIONS = ['dt=2026-11-01/', 'dt=2026-11-02/'] as const;
const NAMES = ['a.parquet', 'b.parquet', 'c.parquet'] as const;

/** A file of the newer contract is held under the first policy and admitted under the second. */
export const BEFORE: TestContract = { version: '1.0.0', policy: ['onUnknownColumn: hold'] };
export const AFTER: TestContract = {
  version: '1.1.0',
  columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
  policy: ['accept: [{ version: 1.0.0, until: "2030-01-01" }]'],
};

const key = fc
  .tuple(fc.constantFrom(...PARTITIONS), fc.constantFrom(...NAMES))
  .map(([partition, name]) => partition + name);
const file = fc.constantFrom<FileKind>(
  'good',
  'good',
  'good',
  'drifted',
  'renamed',
  'new-column',
  'truncated',
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), key, file }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('overwrite' as const),
      partition: fc.constantFrom(...PARTITIONS),
      files: fc.array(file, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), key, file }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      calls: fc.integer({ min: 1, max: 40 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'revise' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'release' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'sweep' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 7, 61, 200, 4000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      how: fc.constantFrom('once' as const, 'twice' as const, 'late' as const, 'never' as const),
    }),
  },
);

export const act: fc.Arbitrary<Act> = fc
  .tuple(deed, fc.integer({ min: 0, max: 25 }))
  .map(([what, after]) => ({ ...what, after }));

const DELAYS_MS = { once: [0], twice: [0, 3000], late: [90_000], never: [] } as const;

/** Does one act; what only a worker can do is done by the one given. */
export async function perform(lake: Simulation, worker: Worker, what: Deed): Promise<void> {
  switch (what.kind) {
    case 'put':
      return lake.put(what.key, what.file);
    case 'remove':
      return lake.remove(what.key);
    case 'overwrite': {
      for (const name of [...NAMES, 'p0.parquet', 'p1.parquet', 'p2.parquet'])
        lake.remove(what.partition + name);
      for (const [index, kind] of what.files.entries()) lake.put(`${what.partition}p${index}.parquet`, kind);
      return;
    }
    case 'rename':
      lake.put(
        `_temporary/0/${what.key.replaceAll('/', '-')}`,
        what.file,
        `renamed to ${what.key} ${lake.world.clock.ms()}`,
      );
      return lake.world.producer.rename(
        'landing',
        `t/_temporary/0/${what.key.replaceAll('/', '-')}`,
        `t/${what.key}`,
      );
    case 'revise':
      return lake.deploy(AFTER, BEFORE);
    case 'release': {
      const guarded = guardedTables(await worker.guard.contracts.current()).get(TABLE);
      const holds = await listHolds(worker.guard, { name: TABLE });
      const held = holds.find(({ status }) => status === 'held');
      if (guarded && held) await release(worker.guard, guarded, held, { by: 'ana' });
      return;
    }
    case 'sweep':
      return worker.sweep();
    case 'wait':
      return lake.wait(what.seconds);
    case 'kill': {
      const { faults } = lake.world;
      const number = faults.trace.length + what.calls;
      return what.when === 'before' ? faults.cutBefore(number) : faults.cutAfter(number);
    }
    case 'deliver':
      lake.world.deliver = () => DELAYS_MS[what.how];
  }
}
