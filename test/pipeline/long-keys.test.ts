import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { devLake } from '../support/dev-lake.ts';
import { contractYaml, LANDING } from '../support/simulation/contract.ts';
import { simulate } from '../support/simulation/simulation.ts';
import { quarantined, readable } from '../support/simulation/views.ts';

test.each([
  ['with keys', 'dt=2026-11-01/', {}],
  ['without', '', { isPartitioned: false }],
] as const)(
  'LAK-105: a table %s holds a key that its location has no room for',
  async (_, folder, contract) => {
    const lake = simulate(contract);
    const deeper = 'warehouse/';
    lake.world.contracts.set(contractYaml(contract).replace('s3://lake/t/', `s3://lake/t/${deeper}`));
    const worker = lake.worker();
    // Of so many bytes with the prefix of landing before it: there S3 takes 1,024.
    const name = (bytes: number) =>
      `${folder}${'x'.repeat(bytes - LANDING.prefix.length - folder.length - 8)}.parquet`;
    const fits = name(1024 - deeper.length);
    lake.put(fits, 'good', 'fits');
    lake.put(name(1024 - deeper.length + 1), 'good', 'a byte more');
    lake.put(name(1024), 'good', 'as long as can be');
    for (let sweep = 0; sweep < 2; sweep++) {
      await worker.settle();
      lake.wait(3600);
    }
    expect(readable(lake)).toEqual({ [deeper + fits]: 'good fits' });
    expect(quarantined(lake)).toEqual(['good a byte more', 'good as long as can be']);
    expect((await worker.holds()).map(({ findings }) => findings[0]?.message)).toEqual([
      expect.stringContaining('found 1025 bytes'),
      expect.stringContaining(
        'expected folders and a name of at most 1024 bytes with t/warehouse/ before it, found 1034 bytes: write it under a shorter name',
      ),
    ]);
    expect(worker.failures).toEqual([]);
  },
);

test('LAK-105: a partition folder that is a file keeps no other partition back', async () => {
  const lake = devLake();
  lake.deploy({});
  lake.put('a.parquet', 'good');
  lake.put('../dt=2026-11-02/b.parquet', 'good');
  mkdirSync(join(lake.folder, 'lake/t'), { recursive: true });
  writeFileSync(join(lake.folder, 'lake/t/dt=2026-11-01'), 'x');
  const { code, err } = await lake.command('dev', '--once', '--settle', '0');
  expect(code).toBe(3);
  expect(err).toContain(
    's3://landing/t/dt=2026-11-01/a.parquet: a folder of the name is a file (NOT_STORABLE)',
  );
  expect(existsSync(join(lake.folder, 'lake/t/dt=2026-11-02/b.parquet'))).toBe(true);
  expect(existsSync(join(lake.folder, 'landing/t/dt=2026-11-01/a.parquet'))).toBe(true);
  expect(readFileSync(join(lake.folder, 'lake/t/dt=2026-11-01'), 'utf8')).toBe('x');
});
