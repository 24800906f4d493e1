import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contractsThatCount } from '../../src/face/cli/lake/deployed-contracts.ts';
import { tellContracts } from '../../src/face/cli/lake/session.ts';
import { compileContracts } from '../../src/judge/contract/compiled.ts';
import { contractOf } from '../support/contract-text.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const version = (number: string, columns: readonly string[] = []) =>
  contractOf(contractYaml({ version: number, columns }));
const OLD = version('1.0.0');
const DEPLOYED = version('1.1.0');
const NEWEST = version('1.2.0');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A deployment whose file names what it compiled, a folder that is stale, and a registry. */
async function count(options: { readonly isCompiled: boolean; readonly registry?: string | 'damaged' }) {
  const folder = temporaryFolder();
  const deployment = join(folder, 'headgate.json');
  if (options.isCompiled) writeFileSync(join(folder, 'compiled.json'), compileContracts([DEPLOYED]));
  const body = compileContracts([NEWEST]);
  const entry = { id: NEWEST.id, version: NEWEST.version, sha256: sha256(body) };
  const files = new Map([
    [`registry/contracts/${sha256(body)}.json`, body],
    [
      'registry/index.json',
      options.registry === 'damaged' ? '{' : JSON.stringify({ schemaVersion: 1, contracts: [entry] }),
    ],
  ]);
  return contractsThatCount(
    {
      contracts: 'compiled.json',
      registry: options.registry === undefined ? undefined : 's3://config/registry/',
    },
    deployment,
    { name: 'schemas', compiled: async () => ({ schemaVersion: 1, contracts: [OLD] }) },
    {
      clock: { now: () => '2026-11-03T10:00:00.000Z' },
      objects: {
        read: async ({ key }) => {
          const text = files.get(key);
          if (text === undefined) return undefined;
          const bytes = new TextEncoder().encode(text);
          const head = { key, etag: sha256(text), sizeBytes: bytes.length, modifiedAt: '', metadata: {} };
          return { head, bytes };
        },
      },
    },
  );
}

describe('LAK-86 (H): people judge a deployment by what its functions judge by', () => {
  test.each([
    [
      'the registry before the deploy, and the deploy before a stale folder',
      true,
      's3',
      '1.2.0',
      /compiled\.json\), and of the registry simulated 1\.2\.0$/u,
    ],
    [
      'the deploy where there is no registry',
      true,
      undefined,
      '1.1.0',
      /of the deploy \(.*compiled\.json\)$/u,
    ],
    [
      'the registry before the folder, where the compiled file is not there',
      false,
      's3',
      '1.2.0',
      /^contracts of schemas, and of the registry simulated 1\.2\.0$/u,
    ],
    ['the folder alone', false, undefined, '1.0.0', /^contracts of schemas$/u],
  ] as const)('%s', async (_, isCompiled, registry, wanted, source) => {
    const found = await count({ isCompiled, ...(registry !== undefined && { registry }) });
    expect(found.contracts.registry.tables[0]?.contracts[0]?.version).toBe(wanted);
    expect(found.source).toMatch(source);
    const told: string[] = [];
    tellContracts(
      { contracts: found.contracts, contractsFrom: found.source },
      { err: (text) => void told.push(text) },
    );
    expect(told).toEqual([`judged by ${found.source}\n`]);
  });

  test('a registry that cannot be used: a list may go on, a judgement may not', async () => {
    const found = await count({ isCompiled: true, registry: 'damaged' });
    expect(found.contracts.registry.tables[0]?.contracts[0]?.version).toBe('1.1.0');
    const tell = () =>
      tellContracts({ contracts: found.contracts, contractsFrom: found.source }, { err: () => undefined });
    expect(tell).toThrow(/nobody can know by what the functions judge/u);
  });

  test('a lake has its own contracts, and nothing is said of them', () => {
    const told: string[] = [];
    tellContracts({ contracts: { registry: { tables: [] } } }, { err: (text) => void told.push(text) });
    expect(told).toEqual([]);
  });
});
