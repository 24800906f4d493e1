import fc from 'fast-check';
import { listHolds } from '../../../src/run/hold/hold.ts';
import { release } from '../../../src/run/hold/release.ts';
import { QUEUE_NAMES } from '../../../src/run/ports/queue.ts';
import { guardedTables } from '../../../src/run/table/guarded-table.ts';
import { TABLE, type TestContract } from './contract.ts';
import type { FileKind } from './files.ts';
import { putForeign } from './foreign.ts';
import type { Simulation, Worker } from './simulation.ts';

/** One thing that happens in the world while workers run, so many of their port calls after the one before. */
export type Act = Deed & { readonly after: number };

type Deed =
  /** In parts, `uploadSeconds` after the upload was begun, which is the time that S3 gives the object. */
  | {
      readonly kind: 'put';
      readonly key: string;
      readonly file: FileKind;
      readonly uploadSeconds: number | undefined;
    }
  | { readonly kind: 'remove'; readonly key: string }
  /** A job overwrites a partition as Spark does: all files away, then new ones under other names. */
  | { readonly kind: 'overwrite'; readonly partition: string; readonly files: readonly FileKind[] }
  /** Written below `_temporary`, then copied to its name. */
  | { readonly kind: 'rename'; readonly key: string; readonly file: FileKind }
  /** A batch is said to be complete. */
  | { readonly kind: 'mark'; readonly partition: string }
  | { readonly kind: 'revise' }
  | { readonly kind: 'release' }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'wait'; readonly seconds: number }
  /** Some worker dies at its next call of the kind, but for so many of them. */
  | {
      readonly kind: 'kill';
      readonly at: CallKind;
      readonly calls: number;
      readonly when: 'before' | 'after';
    }
  /** Some worker stops there, and goes on that much later, while others do its work. */
  | { readonly kind: 'pause'; readonly at: CallKind; readonly calls: number; readonly seconds: number }
  /** All that is in standard queues is delivered once more. */
  | { readonly kind: 'duplicate'; readonly seconds: number }
  /** A bucket is gone, until somebody brings it back. */
  | { readonly kind: 'vanish'; readonly bucket: (typeof BUCKETS)[number] }
  | { readonly kind: 'come-back' }
  /** A job writes where no reader of the table looks, or under a name that nobody asked for; `empty` is a folder object or a marker. */
  | { readonly kind: 'untidy'; readonly key: UntidyKey; readonly file: FileKind | 'empty' }
  /** Somebody else writes below the location. In place, where all may write, that is what a job does. */
  | { readonly kind: 'foreign'; readonly key: ForeignKey; readonly file: 'good' | 'drifted' | 'empty' }
  /** How notifications arrive from now on. */
  | { readonly kind: 'deliver'; readonly how: 'once' | 'twice' | 'late' | 'never' };

/** Calls of ports, and of the SDK. Most calls are of workers that find nothing to do. */
export const CALL_KINDS = {
  any: /./u,
  look: /objects\.(head|list|slice)|HeadObject|GetObject|ListObjects/u,
  copy: /objects\.(copy|write)|CopyObject|PutObject|UploadPart|CompleteMultipart/u,
  remove: /objects\.remove|DeleteObject/u,
  read: /ledger\.(get|list)|GetItem|Query/u,
  note: /ledger\.(put|remove)|PutItem|DeleteItem/u,
  send: /queue\.send|SendMessage/u,
  tell: /events\.publish|notifier|PutEvents/u,
  register: /catalog\.|Table|Partition/u,
  done: /consumer\.acknowledge/u,
} as const satisfies Readonly<Record<string, RegExp>>;
export type CallKind = keyof typeof CALL_KINDS;

const PARTITIONS = ['dt=2026-11-01/', 'dt=2026-11-02/'] as const;
const NAMES = ['a.parquet', 'b.parquet', 'c.parquet'] as const;
/** Two spellings of one partition, folders above, between and below the keys, keys that are missing, markers, folder objects, strays. */
export const STRAY_KEYS = ['dt=2026-11-01', 'dt=2026-11-01/part-00000', 'dt=2026-11-02/notes.txt'] as const;
const UNTIDY_KEYS = [
  'dt=2026-11-03/a.parquet',
  'DT=2026-11-03/a.parquet',
  'dt=2026%2D11-03/b.parquet',
  'run-7/dt=2026-11-01/a.parquet',
  'dt=2026-11-01/part/a.parquet',
  'dt=2026-11-02//a.parquet',
  'dt=2026-11-xx/a.parquet',
  'dt=/a.parquet',
  'dt=__HIVE_DEFAULT_PARTITION__/a.parquet',
  '=/a.parquet',
  'a.parquet',
  ...STRAY_KEYS,
  'dt=2026-11-01/',
  'dt=2026-11-02_$folder$',
  '_SUCCESS',
] as const;
type UntidyKey = (typeof UNTIDY_KEYS)[number];

export const FOREIGN_KEYS = [
  'dt=2026-11-01/theirs.parquet',
  'dt=2026-11-04/theirs.parquet',
  'dt=2026-11-04/',
  'DT=2026-11-02/theirs.parquet',
  'theirs.parquet',
  '_SUCCESS',
] as const;
type ForeignKey = (typeof FOREIGN_KEYS)[number];

/** What is named so has nothing in it. */
const MARKER = /\/$|_SUCCESS$|_\$folder\$$/u;

const BUCKETS = ['landing', 'lake', 'quarantine'] as const;

/** What is said of the table in every version of its contract. */
export const VARIANTS = {
  keep: {},
  consume: { policy: ['landing: consume'] },
  quiet: { policy: ['completion: "quiet:20"'] },
  marker: { policy: ['completion: success-marker'] },
  'in-place': { mode: 'in-place' },
} as const satisfies Readonly<Record<string, TestContract>>;
export type Variant = keyof typeof VARIANTS;

/** A file of the newer contract is held under the first policy and admitted under the second. */
export function before(variant: Variant): TestContract {
  const contract: TestContract = VARIANTS[variant];
  return { ...contract, version: '1.0.0', policy: [...(contract.policy ?? []), 'onUnknownColumn: hold'] };
}

function after(variant: Variant): TestContract {
  const contract: TestContract = VARIANTS[variant];
  return {
    ...contract,
    version: '1.1.0',
    columns: ['{ name: w, logicalType: integer, physicalType: bigint }'],
    policy: [...(contract.policy ?? []), 'accept: [{ version: 1.0.0, until: "2030-01-01" }]'],
  };
}

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

const callKind = fc.constantFrom(...(Object.keys(CALL_KINDS) as CallKind[]));

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      key,
      file,
      uploadSeconds: fc.constantFrom(undefined, undefined, 5, 100, 5000),
    }),
  },
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
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('untidy' as const),
      key: fc.constantFrom(...UNTIDY_KEYS),
      file: fc.oneof(file, fc.constant('empty' as const)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('foreign' as const),
      key: fc.constantFrom(...FOREIGN_KEYS),
      file: fc.constantFrom('good' as const, 'drifted' as const, 'empty' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      at: callKind,
      calls: fc.nat(4),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('mark' as const), partition: fc.constantFrom(...PARTITIONS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      at: callKind,
      calls: fc.nat(4),
      seconds: fc.constantFrom(10, 200, 2000, 9000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('duplicate' as const),
      seconds: fc.constantFrom(0, 30, 1000, 9000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('vanish' as const), bucket: fc.constantFrom(...BUCKETS) }),
  },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'come-back' }) },
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

/** Does one act; what only a worker can do is done by the one given. A job whose bucket is gone does nothing. */
export async function perform(lake: Simulation, variant: Variant, worker: Worker, what: Deed): Promise<void> {
  const { world } = lake;
  const isThere = world.buckets.all.has(variant === 'in-place' ? 'lake' : 'landing');
  switch (what.kind) {
    case 'put':
      if (isThere) lake.put(what.key, what.file, undefined, uploadOf(what.uploadSeconds));
      return;
    case 'remove':
      if (isThere) lake.remove(what.key);
      return;
    case 'overwrite': {
      if (!isThere) return;
      for (const name of [...NAMES, 'p0.parquet', 'p1.parquet', 'p2.parquet'])
        lake.remove(what.partition + name);
      for (const [index, kind] of what.files.entries()) lake.put(`${what.partition}p${index}.parquet`, kind);
      return;
    }
    case 'rename': {
      if (!isThere) return;
      const temporary = `_temporary/0/${what.key.replaceAll('/', '-')}`;
      lake.put(temporary, what.file, `renamed to ${what.key} ${world.clock.ms()}`);
      return lake.rename(temporary, what.key);
    }
    case 'untidy':
      if (!isThere) return;
      return what.file === 'empty' || MARKER.test(what.key)
        ? lake.putMarker(what.key)
        : lake.put(what.key, what.file);
    case 'foreign':
      if (variant !== 'in-place' && world.buckets.all.has('lake')) putForeign(lake, what.key, what.file);
      return;
    case 'mark':
      if (isThere) lake.putMarker(`${what.partition}_SUCCESS`);
      return;
    case 'revise':
      return lake.deploy(after(variant), before(variant));
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
    case 'kill':
    case 'pause':
      // Who schedules the workers does that.
      return;
    case 'duplicate':
      for (const queue of QUEUE_NAMES) world.sqs.duplicate(queue, what.seconds * 1000);
      return;
    case 'vanish':
      return world.buckets.vanish(what.bucket);
    case 'come-back':
      return comeBack(lake);
    case 'deliver':
      world.deliver = () => DELAYS_MS[what.how];
  }
}

/** Every bucket that was gone is there again. */
export function comeBack({ world }: Simulation): void {
  for (const bucket of BUCKETS) world.buckets.comeBack(bucket);
}

function uploadOf(seconds: number | undefined) {
  return seconds === undefined ? {} : { multipart: { parts: 2, startedMsAgo: seconds * 1000 } };
}
