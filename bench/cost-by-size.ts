import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { originMetadata } from '../src/run/message/origin.ts';
import { LANDING, LOCATION } from '../test/support/simulation/contract.ts';
import { simulate } from '../test/support/simulation/simulation.ts';
import { measureMemory } from './sweep-memory.ts';

/**
 * What a new file costs in requests to S3 by how many objects its partition has already, what an overwrite of a whole partition
 * costs, and what publishing and sweeping keep in memory: the real use cases, on the simulated account. `npm run bench:cost`;
 * writes `bench/results/cost.json`. The first file ever published to a folder lists it once, which is not counted here.
 */
const SIZES = [100, 1_000, 10_000, 100_000, 1_000_000];
const OVERWRITES = [10, 10_000];
const NEW_FILES = 500;
const FOLDER = 'dt=2026-11-01/';

/** us-east-1, AWS pricing page of S3: dollars for a million requests. */
const DOLLARS = { write: 5, read: 0.4 } as const;
const KINDS = {
  GetObjectCommand: 'read',
  HeadObjectCommand: 'read',
  ListObjectsV2Command: 'write',
  CopyObjectCommand: 'write',
  PutObjectCommand: 'write',
} as const satisfies Record<string, keyof typeof DOLLARS>;

/** What was wanted; the run fails where it is missed. */
const WANTED = {
  usdPerMillion: 5.9,
  listPerFile: 0.02,
  headPerFile: 0.1,
  growth: 1.05,
  memoryMb: 20,
} as const;

interface Measured {
  readonly usdPerMillion: number;
  readonly listPerFile: number;
  readonly headPerFile: number;
  readonly getPerFile: number;
  readonly copyPerFile: number;
}

type Lake = ReturnType<typeof simulate>;

async function measureNew(objects: number): Promise<Measured> {
  const lake = simulate({}, { overSdk: true });
  const worker = lake.worker();
  lake.put(`${FOLDER}first.parquet`, 'good', 'first');
  await worker.drain();
  fill(lake, objects);
  lake.wait(60);
  lake.world.faults.reset();
  for (let file = 0; file < NEW_FILES; file += 10) {
    for (let part = file; part < file + 10; part++)
      lake.put(`${FOLDER}new-${part}.parquet`, 'good', `${part}`);
    lake.wait(1);
    await worker.drain();
  }
  return countedBy(lake, NEW_FILES);
}

/** A job deletes a whole partition and writes as many files anew; all of it, until the old files are gone for readers. */
async function measureOverwrite(files: number): Promise<Measured> {
  const lake = simulate({}, { overSdk: true });
  const worker = lake.worker();
  const write = (run: string) => {
    for (let part = 0; part < files; part++)
      lake.put(`${FOLDER}${run}-${part}.parquet`, 'good', `${run} ${part}`);
  };
  write('old');
  await rest(lake, worker);
  lake.world.faults.reset();
  for (let part = 0; part < files; part++) lake.remove(`${FOLDER}old-${part}.parquet`);
  write('new');
  await rest(lake, worker);
  const left = [...lake.world.buckets.bucket(LOCATION.bucket).versions].filter(
    ([, versions]) => versions.at(-1)?.object !== undefined,
  ).length;
  if (left !== files) throw new Error(`${left} files are readable after the overwrite, expected ${files}`);
  return countedBy(lake, files);
}

async function rest(lake: Lake, worker: ReturnType<Lake['worker']>): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await worker.drain();
    lake.wait(90);
  }
}

function countedBy({ world }: Lake, files: number): Measured {
  const counts = new Map<string, number>();
  for (const { name } of world.faults.trace) counts.set(name, (counts.get(name) ?? 0) + 1);
  const perFile = (name: keyof typeof KINDS) => (counts.get(name) ?? 0) / files;
  const names = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const usd = names.reduce((sum, name) => sum + perFile(name) * DOLLARS[KINDS[name]], 0);
  return {
    usdPerMillion: Math.round(usd * 100) / 100,
    listPerFile: perFile('ListObjectsV2Command'),
    headPerFile: perFile('HeadObjectCommand'),
    getPerFile: perFile('GetObjectCommand'),
    copyPerFile: perFile('CopyObjectCommand'),
  };
}

/** Objects that were published before: on both sides, as the pipeline leaves them. */
function fill({ world }: Lake, objects: number): void {
  const bytes = new Uint8Array(16);
  const { deliver } = world;
  world.deliver = () => [];
  for (let at = 0; at < objects; at++) {
    const key = `${FOLDER}old-${String(at).padStart(7, '0')}.parquet`;
    const { etag, modifiedAt } = world.buckets.put(LANDING.bucket, LANDING.prefix + key, { bytes });
    const origin = { bucket: LANDING.bucket, key: LANDING.prefix + key, etag };
    const metadata = originMetadata({ ...origin, sizeBytes: bytes.length, writtenAt: modifiedAt }, 'keep');
    world.buckets.put(LOCATION.bucket, LOCATION.prefix + key, { bytes, metadata });
  }
  world.deliver = deliver;
}

function tell(what: string, { usdPerMillion, ...counts }: Measured): void {
  const { getPerFile, copyPerFile, headPerFile, listPerFile } = counts;
  console.log(
    `${what}: $${usdPerMillion.toFixed(2)} a million files; a file: ${getPerFile} GET, ${copyPerFile} COPY, ${headPerFile} HEAD, ${listPerFile} LIST`,
  );
}

// Before anything else fills the process.
const memory = await measureMemory();
for (const { what, keys, mb } of memory) console.log(`${what} of ${keys} objects: ${mb.toFixed(1)} MB more`);
const sizes: Record<string, Measured> = {};
for (const size of SIZES) {
  const measured = await measureNew(size);
  sizes[size] = measured;
  tell(`${String(size).padStart(9)} objects`, measured);
}
const overwrites: Record<string, Measured> = {};
for (const files of OVERWRITES) {
  const measured = await measureOverwrite(files);
  overwrites[files] = measured;
  tell(`an overwrite of ${files} files`, measured);
}
const growth = (sizes[1_000_000]?.usdPerMillion ?? 0) / (sizes[100]?.usdPerMillion ?? 1);
console.log(`growth from 100 to 1,000,000 objects: ${growth.toFixed(3)}`);
mkdirSync(resolve(import.meta.dirname, 'results'), { recursive: true });
writeFileSync(
  resolve(import.meta.dirname, 'results/cost.json'),
  `${JSON.stringify({ newFiles: NEW_FILES, growth, sizes, overwrites, memory }, undefined, 2)}\n`,
);
const missed = [
  ...Object.entries(sizes).flatMap(([size, measured]) =>
    (['usdPerMillion', 'listPerFile', 'headPerFile'] as const).flatMap((what) =>
      measured[what] > WANTED[what]
        ? [`${what} at ${size} objects is ${measured[what]}, wanted ${WANTED[what]}`]
        : [],
    ),
  ),
  ...(growth > WANTED.growth ? [`growth is ${growth}, wanted ${WANTED.growth}`] : []),
  ...memory.flatMap(({ what, keys, mb }) =>
    mb > WANTED.memoryMb ? [`${what} of ${keys} objects takes ${mb} MB, wanted ${WANTED.memoryMb}`] : [],
  ),
];
if (missed.length > 0) throw new Error(missed.join('\n'));
