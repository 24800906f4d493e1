import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listHolds } from '../../../src/run/hold/hold.ts';
import { openGuardedLake } from '../../../src/run/lake/guarded-lake.ts';

/** The prefixes that `contractText` declares for its table `shop.t`. */
const LANDING = 'landing/t';
const LOCATION = 'lake/t';
const TABLE = 'shop.t';

export interface Guarded {
  /** Folder of what readers see. */
  readonly location: string;
  readonly verdict: 'admit' | 'hold';
  /** The rules that the file breaks. */
  readonly rules: readonly string[];
}

/**
 * Headgate in front of a table: a job writes two good files below a guarded prefix of a folder lake, then overwrites the
 * second, and the pipeline of `headgate dev` publishes or holds as it does.
 */
export async function guard(
  folder: string,
  contract: string,
  good: readonly [first: Uint8Array, second: Uint8Array],
  overwrite: Uint8Array,
): Promise<Guarded> {
  const lakeFolder = join(folder, 'lake');
  const contracts = join(folder, 'contracts');
  const put = (name: string, bytes: Uint8Array) => writeFile(join(lakeFolder, LANDING, name), bytes);
  await mkdir(join(lakeFolder, LANDING), { recursive: true });
  await mkdir(contracts, { recursive: true });
  await writeFile(join(contracts, 't.yaml'), contract);
  await put('first.parquet', good[0]);
  await put('second.parquet', good[1]);
  const lake = openGuardedLake({ folder: lakeFolder, contracts, version: 'proof' });
  const letGo = lake.takeGuard();
  try {
    await lake.settleNow();
    await put('second.parquet', overwrite);
    await lake.settleNow();
    const holds = await listHolds(lake.guard, { name: TABLE });
    const held = holds.find(({ status }) => status === 'held');
    return {
      location: join(lakeFolder, LOCATION),
      verdict: held ? 'hold' : 'admit',
      rules: held?.findings.map(({ rule }) => rule) ?? [],
    };
  } finally {
    letGo();
  }
}
