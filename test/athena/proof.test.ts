import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractOf, contractText } from '../support/contract-text.ts';
import { BASES, drifts, goodFile, type ProofCase, variations } from './proof/cases.ts';
import { publish } from './proof/guard.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-proof-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function published({
  base,
  file,
}: ProofCase): Promise<{ readonly verdict: string | undefined; readonly isNew: boolean }> {
  const [landing, location] = [await mkdtemp(join(folder, 'l-')), await mkdtemp(join(folder, 't-'))];
  await writeFile(join(landing, 'second.parquet'), file);
  await writeFile(join(location, 'second.parquet'), goodFile(base, 1));
  const type = BASES[base].declared;
  const contract = contractOf(
    contractText(`- { name: id, physicalType: bigint }\n- { name: c, physicalType: "${type}" }`),
  );
  const verdicts = await publish(contract, landing, location);
  const shown = await readFile(join(location, 'second.parquet'));
  return { verdict: verdicts.get('second.parquet')?.verdict, isNew: shown.equals(file) };
}

describe('ATH-35: the proof', () => {
  test.each(drifts().map((each) => [each.name, each] as const))(
    '%s is held, and the last good file stays',
    async (_, each) => {
      expect(await published(each)).toEqual({ verdict: 'hold', isNew: false });
    },
  );

  test.each(variations().map((each) => [each.name, each] as const))('%s is admitted', async (_, each) => {
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
