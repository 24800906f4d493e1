import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { originMetadata } from '../src/run/message/origin.ts';
import { LANDING, LOCATION } from '../test/support/simulation/contract.ts';
import { simulate } from '../test/support/simulation/simulation.ts';

/**
 * What a new file costs in requests to S3 by how many objects its partition has already: the real use cases over the
 * adapters of AWS, on the simulated account. `npm run bench:cost`; writes `bench/results/cost.json`. The first file ever
 * published to a folder lists it once, which is not counted here.
 */
const SIZES = [100, 10_000, 100_000, 1_000_000];
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

interface Measured {
  readonly usdPerMillion: number;
  readonly listPerFile: number;
  readonly headPerFile: number;
  readonly getPerFile: number;
  readonly copyPerFile: number;
}

async function measure(objects: number): Promise<Measured> {
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
  const count = (wanted: string) =>
    lake.world.faults.trace.filter(({ name }) => name === wanted).length / NEW_FILES;
  const usd = Object.entries(KINDS).reduce((sum, [name, kind]) => sum + count(name) * DOLLARS[kind], 0);
  return {
    usdPerMillion: Math.round(usd * 100) / 100,
    listPerFile: count('ListObjectsV2Command'),
    headPerFile: count('HeadObjectCommand'),
    getPerFile: count('GetObjectCommand'),
    copyPerFile: count('CopyObjectCommand'),
  };
}

/** Objects that were published before: on both sides, as the pipeline leaves them. */
function fill({ world }: ReturnType<typeof simulate>, objects: number): void {
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

const sizes: Record<string, Measured> = {};
for (const size of SIZES) {
  const measured = await measure(size);
  sizes[size] = measured;
  console.log(
    `${String(size).padStart(9)} objects: $${measured.usdPerMillion.toFixed(2)} a million files; a file: ${measured.getPerFile} GET, ${measured.copyPerFile} COPY, ${measured.headPerFile} HEAD, ${measured.listPerFile} LIST`,
  );
}
const growth = (sizes[1_000_000]?.usdPerMillion ?? 0) / (sizes[100]?.usdPerMillion ?? 1);
console.log(`growth from 100 to 1,000,000 objects: ${growth.toFixed(3)}`);
mkdirSync(resolve(import.meta.dirname, 'results'), { recursive: true });
writeFileSync(
  resolve(import.meta.dirname, 'results/cost.json'),
  `${JSON.stringify({ newFiles: NEW_FILES, growth, sizes }, undefined, 2)}\n`,
);
