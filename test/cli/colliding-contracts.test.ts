import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileContracts, readCompiled } from '../../src/judge/contract/compiled.ts';
import { readContract } from '../../src/judge/contract/read-contract.ts';
import { withVersions } from '../../src/judge/contract/registry-versions.ts';
import { devLake } from '../support/dev-lake.ts';
import { run } from '../support/run-cli.ts';
import { tableContract } from '../support/stack-contracts.ts';

interface TablePlaces {
  readonly name?: string;
  readonly guarded?: string;
  readonly location?: string;
  readonly quarantine?: string;
}

/** Table `t` is always at `s3://landing/t/` and `s3://lake/t/`; what the other contract says, and which rule refuses it. */
const COLLISIONS: readonly (readonly [what: string, other: TablePlaces, rule: string])[] = [
  ['one name', { name: 't' }, 'table-twice'],
  ['one name in other case', { name: 'T' }, 'table-twice'],
  ['landing in the other landing', { guarded: 's3://landing/t/u/' }, 'prefix-overlap'],
  ['landing around the other landing', { guarded: 's3://landing/' }, 'prefix-overlap'],
  ['one landing', { guarded: 's3://landing/t/' }, 'prefix-overlap'],
  ['landing in the other location', { guarded: 's3://lake/t/u/' }, 'location-guarded'],
  ['location in the other landing', { location: 's3://landing/t/u/' }, 'location-guarded'],
  ['one location', { location: 's3://lake/t/' }, 'location-overlap'],
  ['location in the other location', { location: 's3://lake/t/u/' }, 'location-overlap'],
  ['location around the other location', { location: 's3://lake/' }, 'location-overlap'],
  ['quarantine in the other landing', { quarantine: 's3://landing/t/held/' }, 'quarantine-guarded'],
  ['quarantine around the other location', { quarantine: 's3://lake/' }, 'quarantine-guarded'],
  [
    'landing in its own location',
    { guarded: 's3://pool/u/new/', location: 's3://pool/u/' },
    'location-guarded',
  ],
  [
    'location in its own landing',
    { guarded: 's3://pool/u/', location: 's3://pool/u/out/' },
    'location-guarded',
  ],
  ['quarantine in its own landing', { quarantine: 's3://landing/u/held/' }, 'quarantine-guarded'],
];

function yaml({ name = 'u', guarded, location, quarantine }: TablePlaces, id = 'u'): string {
  return tableContract(name, {
    guarded: guarded ?? `s3://landing/${id}/`,
    location: location ?? `s3://lake/${id}/`,
    ...(quarantine !== undefined && { policy: `quarantine: "${quarantine}"` }),
  }).replace(`id: ${name}\n`, `id: contract-${id}\n`);
}

/** Both tables stand on line 11 of their files; a table that collides with itself is told with one of them. */
const ALL_OF_IT =
  /t-0\.odcs\.yaml:11\).*t-1\.odcs\.yaml:11\)|t-1\.odcs\.yaml:11\).*(?:t-0\.odcs\.yaml:11\)|its )/su;

const COMMANDS: readonly (readonly [code: number, ...args: string[]])[] = [
  [2, 'dev', '--once', '--settle', '0'],
  [2, 'plan'],
  [2, 'apply', '--auto-approve'],
  [2, 'quarantine', 'list'],
  [2, 'break-glass', 'list'],
];

describe('LAK-101 (B): contracts that collide are refused everywhere, with both places', () => {
  test.each(COLLISIONS)('%s', async (_, other, rule) => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    lake.deploy(yaml({ name: 't' }, 't'));
    expect((await lake.command('dev', '--once', '--settle', '0')).code).toBe(0);
    lake.put('b.parquet', 'good');
    const landing = join(lake.folder, 'landing/t/dt=2026-11-01');
    const before = filesOf(lake.folder);
    lake.deploy(yaml({ name: 't' }, 't'), yaml(other));
    for (const [code, ...args] of COMMANDS) {
      const ran = await lake.command(...args);
      expect([args[0], ran.code, ran.out]).toEqual([args[0], code, '']);
      expect(ran.err).toMatch(ALL_OF_IT);
    }
    for (const [code, ...args] of [
      [1, 'lint', lake.schemas],
      [2, 'check', landing, '--contracts', lake.schemas],
      [2, 'audit', landing, '--contracts', lake.schemas],
    ] as const) {
      const ran = await run(args);
      expect([args[0], ran.code]).toEqual([args[0], code]);
      expect(ran.out).toMatch(ALL_OF_IT);
      expect(ran.out).toContain(rule);
    }
    expect(filesOf(lake.folder)).toEqual(before);
  });

  test.each(COLLISIONS)('functions, whose deploy compiled them: %s', (_, other) => {
    const contracts = [yaml({ name: 't' }, 't'), yaml(other)].map((text, index) => {
      const result = readContract(text, { file: `t-${index}.odcs.yaml` });
      if (!result.ok) throw new Error(result.issues[0]?.message);
      return result.contract;
    });
    const together = readCompiled(compileContracts(contracts));
    if (!together.ok) throw new Error(together.problem);
    const built = withVersions(together.compiled, []);
    expect(built.ok ? '' : built.why).toMatch(ALL_OF_IT);
  });

  test('a version that is published to a registry', () => {
    const [one, two, moved] = [
      yaml({ name: 't' }, 't'),
      yaml({}),
      yaml({ location: 's3://lake/t/u/' }).replace('version: 1.0.0', 'version: 1.1.0'),
    ].map((text, index) => {
      const result = readContract(text, { file: `t-${index % 2}.odcs.yaml` });
      if (!result.ok) throw new Error(result.issues[0]?.message);
      return result.contract;
    });
    if (!one || !two || !moved) throw new Error('no contracts');
    const deployed = { schemaVersion: 1, contracts: [one, two] } as const;
    expect(withVersions(deployed, []).ok).toBe(true);
    const built = withVersions(deployed, [{ ...moved, file: 't-1.odcs.yaml' }]);
    expect(built.ok ? '' : built.why).toMatch(ALL_OF_IT);
  });

  test('contracts that come to collide while a lake is guarded: the last good ones go on', async () => {
    const lake = devLake();
    lake.deploy(yaml({ name: 't' }, 't'));
    const guarding = lake.guard();
    await expect.poll(() => guarding.err()).toContain('guarding 1 table');
    lake.deploy(yaml({ name: 't' }, 't'), yaml({ location: 's3://lake/t/' }));
    await expect.poll(() => guarding.err()).toContain('so the last good ones still count');
    expect(guarding.err()).toMatch(ALL_OF_IT);
    lake.put('a.parquet', 'good');
    await expect.poll(() => lake.published(), { timeout: 10_000 }).toEqual(['a.parquet']);
    await guarding.stop();
  });
});

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('.headgate') && statSync(join(folder, name)).isFile())
    .toSorted();
}
