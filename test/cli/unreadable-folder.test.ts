import type * as FileSystem from 'node:fs';
import { existsSync, utimesSync } from 'node:fs';
import type * as Promised from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type DevLake, devLake } from '../support/dev-lake.ts';
import { run } from '../support/run-cli.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What nobody may list, by how its path ends: as the test's own user may be one who may do everything. */
const closed = vi.hoisted(() => ({ to: '' }));

function refusing<Args extends readonly [unknown, ...unknown[]], Result>(list: (...args: Args) => Result) {
  return (...args: Args): Result => {
    const path = String(args[0]).replace(/\/$/u, '');
    if (closed.to !== '' && path.endsWith(closed.to))
      throw Object.assign(new Error(`EACCES: permission denied, scandir '${path}'`), { code: 'EACCES' });
    return list(...args);
  };
}

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof Promised>();
  return {
    ...actual,
    readdir: async (...args: [string]) =>
      refusing((path: string) => actual.readdir(path, { withFileTypes: true }))(...args),
  };
});
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof FileSystem>();
  return { ...actual, readdirSync: refusing(actual.readdirSync as (path: string) => string[]) };
});

const MODES: readonly (readonly [string, TestContract, string])[] = [
  ['keep', {}, 'landing'],
  ['consume', { policy: ['landing: consume'] }, 'landing'],
  ['in place', { mode: 'in-place' }, 'lake'],
];
const FOLDERS = ['one', 'two', 'three'] as const;

/** A good file in each of three folders of one partition, of which the second cannot be listed; and a table beside it. */
async function lakeWithClosedFolder(contract: TestContract): Promise<DevLake> {
  const lake = devLake(contract);
  const beside = contractYaml(contract)
    .replaceAll('simulated', 'beside')
    .replaceAll('/t/', '/u/')
    .replace('name: t\n', 'name: u\n');
  lake.deploy(contract, beside);
  await lake.command('dev', '--once');
  for (const folder of FOLDERS) lake.put(`${folder}/a.parquet`, 'good');
  const bad = lake.put('two/bad.parquet', 'drifted');
  // Younger than the guard: in place what is older is never moved.
  utimesSync(bad, new Date(), new Date());
  lake.put('../../u/dt=2026-11-01/a.parquet', 'good');
  closed.to = 't/dt=2026-11-01/two';
  return lake;
}

describe('LAK-88: a folder that cannot be listed, half way through', () => {
  test.each(MODES)(
    '%s: it is named, nothing of its table moves, the rest goes on',
    async (_, contract, bucket) => {
      const lake = await lakeWithClosedFolder(contract);
      const isThere = (path: string) => existsSync(join(lake.folder, path));
      const inside = (name: string) => isThere(`${bucket}/t/dt=2026-11-01/two/${name}`);
      const first = await lake.command('dev', '--once');
      expect(first.code).toBe(3);
      expect(first.err).toMatch(
        /not done yet: shop\.t: \S*\/t\/dt=2026-11-01\/two may not be read by this user \(PERMISSION_DENIED\)/u,
      );
      expect(first.err).not.toContain('INTERNAL');
      expect(first.err).not.toContain('shop.u');
      expect(lake.held()).toEqual([]);
      expect([inside('a.parquet'), inside('bad.parquet')]).toEqual([true, true]);
      expect(isThere('lake/u/dt=2026-11-01/a.parquet')).toBe(true);

      closed.to = '';
      const second = await lake.command('dev', '--once');
      expect([second.code, lake.held().length]).toEqual([1, 1]);
      for (const folder of FOLDERS) expect(isThere(`lake/t/dt=2026-11-01/${folder}/a.parquet`)).toBe(true);
    },
  );

  test.each(['check', 'audit'])(
    '%s: an error with its place, and the other files are judged',
    async (command) => {
      const lake = await lakeWithClosedFolder({});
      const ran = await run([command, join(lake.folder, 'landing'), '--contracts', lake.schemas]);
      expect(ran.code).toBe(3);
      expect(ran.out).toMatch(/dt=2026-11-01\/two/u);
      expect(ran.out).toContain('PERMISSION_DENIED');
      expect(ran.out).toMatch(/3 admitted/u);
      closed.to = '';
    },
  );
});
