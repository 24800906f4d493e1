import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contract } from '../../../src/contract/contract.ts';
import { readFooter } from '../../../src/parquet/read-footer.ts';
import { judge, type Verdict } from '../../../src/verdict/judge.ts';
import { memorySource } from '../../support/memory-source.ts';

const NOW = '2026-01-31T00:00:00Z';

/**
 * Headgate in front of a table, as mode `promote` has it: each file of the landing folder is judged, an admitted one takes
 * its place under the table's location, and of a held one the last good file stays. One place, so that the pipeline can
 * stand here.
 */
export async function publish(
  contract: Contract,
  landing: string,
  location: string,
): Promise<ReadonlyMap<string, Verdict>> {
  await mkdir(location, { recursive: true });
  const verdicts = new Map<string, Verdict>();
  for (const name of await readdir(landing)) {
    const facts = await readFooter(memorySource(await readFile(join(landing, name))));
    const verdict = judge({ contracts: [contract], table: 't', facts, key: {}, now: NOW });
    verdicts.set(name, verdict);
    if (verdict.verdict === 'admit') await copyFile(join(landing, name), join(location, name));
  }
  return verdicts;
}
