import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { devLake } from '../support/dev-lake.ts';
import { fileBytes } from '../support/simulation/files.ts';

const DAY = 'dt=2026-11-01';
const now = ['dev', '--once', '--settle', '0', '--delete-after', '0'];

describe('LAK-68 (F): a folder that vanishes, or becomes a file, deletes nothing', () => {
  test.each([
    ['the bucket', 'landing', false],
    ['the bucket', 'landing', true],
    ['the landing', 'landing/t', true],
  ])('%s: %s becomes a file: %s', async (_, path, isFile) => {
    const lake = devLake();
    for (let part = 0; part < 3; part++) lake.put(`p${part}.parquet`, 'good');
    await lake.command('dev', '--once');
    expect(lake.published()).toHaveLength(3);
    const aside = join(lake.folder, 'aside');
    renameSync(join(lake.folder, path), aside);
    if (isFile) writeFileSync(join(lake.folder, path), 'a file');
    for (let again = 0; again < 3; again++) {
      const ran = await lake.command(...now);
      expect(ran.code).toBe(3);
      expect(ran.err).toContain(isFile ? 'is a file, expected a folder' : 'is gone');
      expect(ran.err).toContain('s3://landing/t/');
      expect(ran.err).toContain('s3://lake/t/');
    }
    expect(lake.published()).toHaveLength(3);
    rmSync(join(lake.folder, path), { force: true });
    renameSync(aside, join(lake.folder, path));
    expect((await lake.command(...now)).code).toBe(0);
    expect(lake.published()).toHaveLength(3);
  });

  test('a bucket that was never there is empty', async () => {
    const lake = devLake();
    expect(existsSync(join(lake.folder, 'landing'))).toBe(false);
    expect((await lake.command(...now)).code).toBe(0);
  });
});

describe('LAK-51 (E): in a folder, too, a copy is known by what it copies', () => {
  test.each(['mv', 'cp -p'])('%s of a file of equal size and older time is published', async (how) => {
    const lake = devLake();
    const path = lake.put('a.parquet', 'good', 'one');
    await lake.command(...now);
    const other = join(lake.folder, '.headgate/temporary', 'other');
    writeFileSync(how === 'mv' ? other : path, fileBytes('good', 'two'));
    const old = Date.now() / 1000 - 3600;
    utimesSync(how === 'mv' ? other : path, old, old);
    if (how === 'mv') renameSync(other, path);
    expect((await lake.command(...now)).code).toBe(0);
    const published = join(lake.folder, 'lake/t', DAY, 'a.parquet');
    expect(readFileSync(published).equals(fileBytes('good', 'two'))).toBe(true);
    expect(readdirSync(join(lake.folder, 'lake/t', DAY))).toEqual(['a.parquet']);
  });
});
