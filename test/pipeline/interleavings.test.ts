import { describe, expect, test } from 'vitest';
import { DRAWS, fc } from '../support/property.ts';
import { act, before, FOREIGN_KEYS, VARIANTS, type Variant } from '../support/simulation/acts.ts';
import { registeredFolders } from '../support/simulation/foreign.ts';
import { comeToRest, interleave, unrest } from '../support/simulation/interleave.ts';
import { type Simulation, simulate } from '../support/simulation/simulation.ts';
import {
  everReadable,
  heldAndReadable,
  keysEverReadable,
  landed,
  lostObjects,
  pages,
  readable,
} from '../support/simulation/views.ts';

const RUNS = Number(process.env.INTERLEAVINGS ?? 150);
/** A failure tells the path that has it alone again: `INTERLEAVINGS_PATH=…`, with the same number of runs and `DRAWS`. */
const PATH = process.env.INTERLEAVINGS_PATH;

/** What a reader may ever see. */
const GOOD = ['good', 'new-column'];
const BAD = ['drifted', 'renamed', 'truncated'];
/** Three kinds of bad file, a folder, a value and a spelling that are none, and a name that the table does not have. */
const CAUSES = BAD.length + 4;
const THIRD_OF_NOVEMBER = ['dt=2026-11-03/', 'DT=2026-11-03/', 'dt=2026%2D11-03/'];
const PARTITIONS = ['dt=2026-11-01/', 'dt=2026-11-02/'];

describe('PIP-11, AWS-2: however things interleave, P1 to P6 are kept', () => {
  test.each([
    { through: 'the ports', runs: RUNS, overSdk: false },
    { through: 'the AWS adapters', runs: Math.ceil(RUNS / 5), overSdk: true },
  ])(
    '$runs interleavings of workers, producers, lost and doubled events, through $through',
    { timeout: 7_200_000 },
    async ({ runs, overSdk }) => {
      console.log(`interleavings: ${runs}, DRAWS=${DRAWS}`);
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.constantFrom(...(Object.keys(VARIANTS) as Variant[])),
          fc.array(fc.array(act, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
          async (scheduler, variant, bursts) => {
            const lake = simulate(before(variant), {
              limits: { objectsPerPage: 2 },
              overSdk,
              retriesAsLambda: true,
            });
            // What is older than the guard belongs to the audit: no upload that the table sees began before it.
            await lake.worker().sweep();
            lake.wait(86_400);
            const crew = { sleepers: [] };
            for (const burst of bursts) {
              await interleave(lake, variant, scheduler, burst, crew);
              expect(lostObjects(lake.world)).toEqual([]);
            }
            const worker = await comeToRest(lake, scheduler, crew);
            await expectPromisesKept(lake, variant);
            expect(await unrest(lake, worker)).toEqual([]);
          },
        ),
        {
          numRuns: runs,
          endOnFailure: PATH !== undefined,
          ...(PATH !== undefined && { path: PATH }),
        },
      );
    },
  );
});

async function expectPromisesKept(lake: Simulation, variant: Variant): Promise<void> {
  const there = ours(readable(lake), variant);
  // In place a bad file is readable until it is judged.
  const seen =
    variant === 'in-place' ? Object.values(there).map(kindOf) : everReadable(lake, isTheirs(variant));
  expect(seen.filter((kind) => !GOOD.includes(kind))).toEqual([]);
  expect(lostObjects(lake.world)).toEqual([]);
  expect(await heldAndReadable(lake)).toEqual([]);
  if (variant === 'keep') expectMirror(lake);
  else expectNewest(lake, variant);
  await expectRegistered(lake, variant, Object.keys(there));
  expect(pages(lake).length).toBeLessThanOrEqual(CAUSES * 2 + 2);
}

/**
 * Each file that is read lies where the catalog looks, below one spelling of its partition, and what is registered had a judged file
 * at some time.
 */
async function expectRegistered(lake: Simulation, variant: Variant, keys: readonly string[]): Promise<void> {
  const folders = registeredFolders(lake);
  const misplaced = keys.filter((key) => !folders.some((folder) => key.startsWith(folder)));
  expect(misplaced).toEqual([]);
  expect(folders.filter((folder) => THIRD_OF_NOVEMBER.includes(folder)).length).toBeLessThanOrEqual(1);
  const judged = [...keysEverReadable(lake)].filter((key) => !isTheirs(variant)(key));
  expect(folders.filter((folder) => !judged.some((key) => key.startsWith(folder)))).toEqual([]);
}

/** Without what somebody else put below the location. */
function ours(view: Readonly<Record<string, string>>, variant: Variant): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(view).filter(([key]) => !isTheirs(variant)(key)));
}

function isTheirs(variant: Variant): (key: string) => boolean {
  return variant === 'in-place' ? () => false : (key) => (FOREIGN_KEYS as readonly string[]).includes(key);
}

/** Published is the admitted mirror of landing, partition by partition. */
function expectMirror(lake: Simulation): void {
  const here = landed(lake);
  const there = ours(readable(lake), 'keep');
  for (const partition of PARTITIONS) {
    const gone = below(there, partition).filter(([key]) => here[key] === undefined);
    // An overwrite that has a held file waits whole, and the last good partition stays.
    if (hasHeld(lake, partition) && gone.length > 0) continue;
    expect(gone).toEqual([]);
    for (const [key, file] of below(here, partition)) {
      if (isBad(file)) expect(there[key]).not.toBe(file);
      else if (!isHeldByPolicy(lake, file)) expect(there[key]).toBe(file);
    }
  }
}

/** What was written last under a key and is good is what readers see there, once its batch is complete and whole. */
function expectNewest(lake: Simulation, variant: Variant): void {
  const there = readable(lake);
  const newest = new Map(lake.world.producer.acts.map((act) => [act.key.slice('t/'.length), act]));
  for (const partition of PARTITIONS) {
    if (variant === 'marker' && !isMarked(lake, partition)) continue;
    if ((variant === 'marker' || variant === 'quiet') && hasHeld(lake, partition)) continue;
    for (const [key, { object }] of newest) {
      const file = object && lake.kindOf(object.bytes);
      if (isFileOf(partition, key) && file?.kind === 'good')
        expect([key, there[key]]).toEqual([key, `good ${file.mark}`]);
    }
  }
}

function below(view: Readonly<Record<string, string>>, partition: string) {
  return Object.entries(view).filter(([key]) => isFileOf(partition, key));
}

/** What lies deeper, or has no suffix, is none. */
function isFileOf(partition: string, key: string): boolean {
  return key.startsWith(partition) && /^\w+\.parquet$/u.test(key.slice(partition.length));
}

/** Of what lies deeper too: a partition is one batch. */
function hasHeld(lake: Simulation, partition: string): boolean {
  return Object.entries(landed(lake)).some(
    ([key, file]) => key.startsWith(partition) && (isBad(file) || isHeldByPolicy(lake, file)),
  );
}

/** A marker that is as new as every file below it. */
function isMarked({ world }: Simulation, partition: string): boolean {
  const marker = world.buckets.current('landing', `t/${partition}_SUCCESS`);
  const keys = [...world.buckets.bucket('landing').versions.keys()];
  const files = keys
    .filter((key) => key.startsWith(`t/${partition}`))
    .flatMap((key) => world.buckets.current('landing', key) ?? []);
  return marker !== undefined && files.every(({ modifiedAt }) => modifiedAt <= marker.modifiedAt);
}

function kindOf(file: string): string {
  return file.split(' ')[0] ?? '';
}

function isBad(file: string): boolean {
  return BAD.includes(kindOf(file));
}

/** A file with a new column that was judged before the revision stays held until somebody releases it. */
function isHeldByPolicy(lake: Simulation, file: string): boolean {
  return file.startsWith('new-column') && !Object.values(readable(lake)).includes(file);
}
