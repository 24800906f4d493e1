import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { devLake } from '../support/dev-lake.ts';
import { run } from '../support/run-cli.ts';
import { contractYaml } from '../support/simulation/contract.ts';
import { fileBytes } from '../support/simulation/files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000 });
const eventually = { timeout: 15_000, interval: 20 };
const once = ['dev', '--once'] as const;

describe('DEV-1: dev --once does what is due, and ends', () => {
  test('publishes what is good, holds what is not, and exits with 1 while something is held', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    lake.put('b.parquet', 'drifted');
    lake.put('_SUCCESS', 'csv');
    lake.put('.part.crc', 'csv');
    const { code, out, err } = await lake.command(...once);
    expect([code, err]).toEqual([1, '']);
    expect(lake.published()).toEqual(['a.parquet']);
    expect(lake.held().length).toBe(1);
    expect(out).toContain('shop.t  1 published, 1 held, 1 ignored\n');
    expect(out).toContain('shop.t  1 file is held: run `headgate quarantine list');
  });

  test('a lake where all is done exits with 0, and says so', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    expect((await lake.command(...once)).code).toBe(0);
    const { code, out } = await lake.command(...once);
    expect([code, out]).toEqual([0, 'everything is where it belongs\n']);
  });

  test('an empty lake is clean', async () => {
    const { code, out } = await devLake().command(...once);
    expect([code, out]).toEqual([0, 'everything is where it belongs\n']);
  });
});

describe('DEV-1: work that could not be done', () => {
  test('is told with its file and what to do, and exits with 3', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    lake.put('b.parquet', 'good');
    // A folder of ours stands where the published file should be.
    mkdirSync(join(lake.folder, 'lake/t/dt=2026-11-01/a.parquet/x'), { recursive: true });
    const { code, err } = await lake.command(...once);
    expect(code).toBe(3);
    expect(err).toMatch(
      /^not done yet: s3:\/\/landing\/t\/dt=2026-11-01\/a\.parquet: .+ \(NOT_STORABLE\): rename or shorten/u,
    );
    expect(err).toContain('1 step could not be done: the next run tries again\n');
    expect(lake.published()).toEqual(['a.parquet', 'b.parquet']);
  });
});

describe('DEV-2: what happened while nobody guarded', () => {
  test('a file is handled at the next start, an overwrite replaces what is published', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good', 'first');
    await lake.command(...once);
    lake.put('a.parquet', 'good', 'second');
    expect((await lake.command(...once)).code).toBe(0);
    const published = readFileSync(join(lake.folder, 'lake/t/dt=2026-11-01/a.parquet'));
    expect(published.equals(fileBytes('good', 'second'))).toBe(true);
  });

  test('a delete waits, with its first sight in the ledger, and is done by the run at which it is due', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    lake.put('b.parquet', 'good');
    await lake.command(...once);
    lake.remove('b.parquet');
    const waiting = await lake.command(...once);
    expect(waiting.out).toMatch(
      /^shop\.t {2}dt=2026-11-01\/ {2}waits \(1 to remove\): deletes wait, should the files come back, until 20\d\d-/mu,
    );
    expect([waiting.code, lake.published()]).toEqual([0, ['a.parquet', 'b.parquet']]);
    const due = await lake.command(...once, '--settle', '0', '--delete-after', '0');
    expect([due.code, lake.published()]).toEqual([0, ['a.parquet']]);
    expect(due.out).toContain('shop.t  1 removed\n');
  });
});

describe('DEV-3: dev guards until it is stopped', () => {
  test('new files, an overwrite that is held, and its release', async () => {
    const lake = devLake();
    const dev = lake.guard();
    lake.put('a.parquet', 'good', 'first');
    await vi.waitFor(() => expect(lake.published()).toEqual(['a.parquet']), eventually);
    lake.put('a.parquet', 'drifted');
    await vi.waitFor(() => expect(dev.out()).toContain('shop.t  1 held'), eventually);
    expect(dev.out()).toMatch(/^PAGE {2}shop\.t 1\.0\.0: type-changed at id: 1 file held$/mu);
    expect(dev.out()).toContain('id: type-changed: expected bigint, found BYTE_ARRAY STRING');
    expect(dev.out()).toContain('old data is served');
    expect(dev.out()).toMatch(/run {3}headgate quarantine show [0-9a-f]{32} --lake /u);
    const published = readFileSync(join(lake.folder, 'lake/t/dt=2026-11-01/a.parquet'));
    expect(published.equals(fileBytes('good', 'first'))).toBe(true);
    lake.put('a.parquet', 'good', 'third');
    await vi.waitFor(() => expect(dev.out()).toContain('resolved: '), eventually);
    expect(await dev.stop()).toBe(0);
    expect(dev.err()).toContain('guarding 1 table in ');
  });

  test('a file that is still written to is not judged', async () => {
    const lake = devLake();
    const dev = lake.guard();
    const path = lake.put('a.parquet', 'truncated');
    const touch = () => utimesSync(path, new Date(), new Date());
    touch();
    const writing = setInterval(touch, 50);
    try {
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect([lake.published(), lake.held(), dev.out()]).toEqual([[], [], '']);
    } finally {
      clearInterval(writing);
    }
    lake.put('a.parquet', 'good');
    await vi.waitFor(() => expect(lake.published()).toEqual(['a.parquet']), eventually);
    expect(lake.held()).toEqual([]);
  });

  test('a second dev on the same lake is refused with the process that guards it', async () => {
    const lake = devLake();
    const dev = lake.guard();
    await vi.waitFor(() => expect(dev.err()).toContain('guarding'), eventually);
    const { code, err } = await lake.command(...once);
    expect([code, err]).toEqual([
      3,
      `headgate: the lake is guarded by process ${process.pid} already: stop it, or name another lake (LAKE_UNUSABLE)\n`,
    ]);
  });
});

describe('DEV-4: contracts that are edited', () => {
  test('nonsense leaves the last good ones in force, said once and once when it is cured', async () => {
    const lake = devLake();
    const dev = lake.guard();
    lake.put('a.parquet', 'good');
    await vi.waitFor(() => expect(lake.published()).toEqual(['a.parquet']), eventually);
    lake.deploy('kind: Nonsense\n');
    await vi.waitFor(() => expect(dev.err()).toContain('contracts cannot be used'), eventually);
    lake.put('b.parquet', 'good');
    await vi.waitFor(() => expect(lake.published()).toEqual(['a.parquet', 'b.parquet']), eventually);
    lake.deploy({});
    await vi.waitFor(() => expect(dev.err()).toContain('contracts can be used again'), eventually);
    expect(dev.err().match(/cannot be used/gu)?.length).toBe(1);
    await dev.stop();
  });

  test('a revision counts for the next file', async () => {
    const lake = devLake();
    const dev = lake.guard();
    lake.put('a.parquet', 'drifted');
    await vi.waitFor(() => expect(lake.held().length).toBe(1), eventually);
    lake.deploy({ version: '2.0.0', id: 'string' });
    await vi.waitFor(() => expect(dev.err()).toContain('contracts changed'), eventually);
    lake.put('b.parquet', 'drifted');
    await vi.waitFor(() => expect(lake.published()).toEqual(['b.parquet']), eventually);
    await dev.stop();
  });
});

describe('DEV-5: lakes and contracts that are refused', () => {
  const refused = async (...args: readonly string[]) => {
    const { code, out, err } = await run(['dev', '--once', ...args]);
    expect(out).toBe('');
    return [code, err];
  };

  test('a lake that does not exist, and one that is a file', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await refused('--lake', join(folder, 'none'))).toEqual([
      2,
      `headgate: the lake ${folder}/none does not exist: make the folder, or name another with --lake\n`,
    ]);
    expect(await refused('--lake', file)).toEqual([
      2,
      `headgate: the lake ${file} is a file, expected a folder laid out as <bucket>/<key>\n`,
    ]);
  });

  test('a quarantine inside a guarded prefix', async () => {
    const lake = devLake();
    lake.deploy({ policy: ['quarantine: "s3://landing/t/held/"'] });
    const { code, err } = await lake.command(...once);
    expect(code).toBe(2);
    expect(err).toContain(
      'lies inside its landing s3://landing/t/: held files would be judged again; give each a place of its own',
    );
  });

  test("a table in the lake's own quarantine", async () => {
    const lake = devLake();
    lake.deploy(contractYaml().replace('s3://landing/t/', 's3://quarantine/t/'));
    const { code, err } = await lake.command(...once);
    expect(code).toBe(2);
    expect(err).toContain('quarantine s3://quarantine/ of all tables holds landing s3://quarantine/t/');
  });

  test('contracts that cannot be used', async () => {
    const lake = devLake();
    lake.deploy('kind: Nonsense\n');
    const { code, err } = await lake.command(...once);
    expect(code).toBe(2);
    expect(err).toContain('the contracts cannot be used: ');
  });

  test('waits that are no number of seconds', async () => {
    const lake = devLake();
    expect((await lake.command(...once, '--settle', 'soon')).code).toBe(2);
    expect((await lake.command(...once, '--delete-after', '-1')).code).toBe(2);
  });
});

describe('DEV-6: what is no object is told once, and hostile names stay harmless', () => {
  test('links are not followed', async () => {
    const lake = devLake();
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'secret.parquet'), fileBytes('good', 'secret'));
    lake.put('a.parquet', 'good');
    const day = join(lake.folder, 'landing/t/dt=2026-11-01');
    symlinkSync(join(outside, 'secret.parquet'), join(day, 'link.parquet'));
    symlinkSync(outside, join(lake.folder, 'landing/t/dt=2026-11-02'));
    const { err } = await lake.command(...once);
    expect(err.match(/is a link: Headgate follows none/gu)?.length).toBe(2);
    expect(lake.published()).toEqual(['a.parquet']);
  });

  test('a name with a line break and a control character', async () => {
    const lake = devLake();
    lake.put('a\nPAGE \u001b[31m.parquet', 'drifted');
    lake.put('ünïcode é.parquet', 'good');
    const { code, out } = await lake.command(...once);
    expect(code).toBe(1);
    expect(out).not.toContain('\u001b');
    expect(out.split('\n').filter((line) => line.startsWith('PAGE')).length).toBe(1);
    const list = await lake.command('quarantine', 'list');
    expect(list.out.trimEnd().split('\n').length).toBe(1);
    expect(lake.published()).toEqual(['ünïcode é.parquet']);
  });
});

describe('DEV-7: modes', () => {
  test('observe reports and moves nothing', async () => {
    const lake = devLake({ mode: 'observe' });
    lake.put('a.parquet', 'good');
    lake.put('b.parquet', 'drifted');
    const { code, out } = await lake.command(...once);
    expect(code).toBe(1);
    expect(out).toContain('shop.t  1 admitted, 1 bad, left where they are\n');
    expect(out).not.toContain('everything is where it belongs');
    expect([lake.published(), lake.held()]).toEqual([[], []]);
  });

  test('in place a bad file leaves its folder', async () => {
    const lake = devLake({ mode: 'in-place' });
    await lake.command(...once);
    mkdirSync(join(lake.folder, 'lake/t'), { recursive: true });
    const now = (path: string) => utimesSync(path, new Date(), new Date());
    now(lake.put('a.parquet', 'good'));
    now(lake.put('b.parquet', 'drifted'));
    const { code, out } = await lake.command(...once);
    expect(code).toBe(1);
    expect(out).toContain('1 admitted');
    expect([lake.published(), lake.held().length]).toEqual([['a.parquet'], 1]);
  });
});
