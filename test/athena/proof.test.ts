import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractFor, drifts, goodFile, type ProofCase, variations } from './proof/cases.ts';
import { guard } from './proof/guard.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-proof-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function published({
  base,
  file,
}: ProofCase): Promise<{ readonly verdict: string; readonly isNew: boolean }> {
  const lake = await mkdtemp(join(folder, 'lake-'));
  const good = [goodFile(base, 0), goodFile(base, 1)] as const;
  const { verdict, location } = await guard(lake, contractFor(base), good, file);
  const shown = await readFile(join(location, 'second.parquet'));
  return { verdict, isNew: shown.equals(file) };
}

/** Each goes through a lake of its own: in `npm test` every third, in `test:long` all of them. */
const some = (cases: readonly ProofCase[]) =>
  cases
    .filter((_, index) => process.env.LONG !== undefined || index % 3 === 0)
    .map((each) => [each.name, each] as const);

describe('ATH-35: the proof', () => {
  test.each(some(drifts()))('%s is held, and the last good file stays', async (_, each) => {
    expect(await published(each)).toEqual({ verdict: 'hold', isNew: false });
  });

  test.each(some(variations()))('%s is admitted', async (_, each) => {
    expect(await published(each)).toEqual({ verdict: 'admit', isNew: true });
  });

  test('docs/evidence.md holds at least 40 drifts and 60 variations, these and no others', () => {
    const page = readFileSync(new URL('../../docs/evidence.md', import.meta.url), 'utf8');
    const named = [...page.matchAll(/^\| (.+?) \| .*\| yes \|$/gmu)].map(([, name]) => name);
    expect(named).toEqual([...drifts(), ...variations()].map(({ name }) => name));
    expect(drifts().length).toBeGreaterThanOrEqual(40);
    expect(variations().length).toBeGreaterThanOrEqual(60);
  });
});
