import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { walkFiles } from '../../../run/adapters/local/file-tree.ts';
import { safeText } from '../../../text/safe.ts';
import { slashed } from '../files/find-files.ts';
import type { LakeSession } from './session.ts';

/** A walk that finds so many has said enough. */
const MOST_FILES = 10_000;

/**
 * One line for each bucket's folder of a lake that has files below no landing, location or quarantine: nobody judges them. Of folders
 * that no contract names as a bucket only Parquet files count: a lake may lie beside other things.
 */
export async function whatIsUnguarded(
  { folder, tables, guard }: LakeSession,
  contracts: string,
): Promise<readonly string[]> {
  const places = [...tables.values()].flatMap(({ placement, table: { policy } }) => [
    placement.guarded,
    placement.location,
    ...(policy.quarantine === undefined ? [] : [policy.quarantine]),
  ]);
  const known = [...places, guard.settings.quarantine].map((uri) => uri.slice('s3://'.length));
  const buckets = new Set(known.map((place) => place.split('/', 1)[0]));
  const lines: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const isBucket = buckets.has(entry.name);
    const isMeant = (key: string) =>
      !known.some((place) => key.startsWith(place)) &&
      (isBucket ? !/(?:^|\/)[._][^/]*$/u.test(key) : key.endsWith('.parquet'));
    const found = await filesOf(folder, entry.name, contracts, isMeant);
    if (found.count === 0) continue;
    const count = `${found.count >= MOST_FILES ? 'more than ' : ''}${found.count}`;
    lines.push(
      `${safeText(entry.name, 120)}  ${count} ${found.count === 1 ? 'file' : 'files'} that no contract names, such as ${safeText(found.first, 600)}: declare its table, or move it away`,
    );
  }
  return lines;
}

async function filesOf(
  lake: string,
  bucket: string,
  contracts: string,
  isMeant: (key: string) => boolean,
): Promise<{ readonly count: number; readonly first: string }> {
  let [count, first] = [0, ''];
  for await (const { kind, path } of walkFiles(join(lake, bucket))) {
    const key = slashed(path).slice(slashed(lake).length + 1);
    if (kind !== 'file' || slashed(path).startsWith(`${slashed(contracts)}/`) || !isMeant(key)) continue;
    first ||= key;
    count++;
    if (count >= MOST_FILES) break;
  }
  return { count, first };
}
