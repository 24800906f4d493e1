import { readdirSync } from 'node:fs';
import { type Observed, readObserved } from './record.ts';

const FOLDER = new URL('../observed/', import.meta.url);

/** Every committed file of records, the oldest version first. */
export async function readAllObserved(): Promise<ReadonlyMap<number, Observed>> {
  const versions = readdirSync(FOLDER)
    .filter((name) => /^\d+\.json$/u.test(name))
    .map((name) => Number(name.replace('.json', '')))
    .sort((a, b) => a - b);
  return new Map(
    await Promise.all(
      versions.map(
        async (version) =>
          [version, await readObserved(new URL(`${version}.json`, FOLDER).pathname)] as const,
      ),
    ),
  );
}
