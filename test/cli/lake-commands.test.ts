import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type DevLake, devLake } from '../support/dev-lake.ts';
import { run } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000 });
const eventually = { timeout: 15_000, interval: 20 };
const asJson = async (lake: DevLake, ...args: readonly string[]) => {
  const { code, out } = await lake.command(...args, '--format', 'json');
  return { code, ...(JSON.parse(out) as Record<string, never>) } as Record<string, unknown>;
};
const idsOf = async (lake: DevLake) =>
  ((await asJson(lake, 'quarantine', 'list')).holds as { readonly holdId: string }[]).map(
    ({ holdId }) => holdId,
  );
const incidentOf = async (lake: DevLake) =>
  ((await asJson(lake, 'incident', 'list')).incidents as { readonly id: string }[])[0]?.id ?? '';

/** A lake with one good file, published, and its replacement, held. */
async function lakeWithHeldReplacement(): Promise<DevLake> {
  const lake = devLake();
  lake.put('a.parquet', 'good', 'old');
  lake.put('b.parquet', 'good');
  await lake.command('dev', '--once');
  lake.put('a.parquet', 'drifted');
  expect((await lake.command('dev', '--once')).code).toBe(1);
  return lake;
}

const ACCEPTS_TEXT = { version: '2.0.0', id: 'string' } as const;

describe('DEV-8: quarantine list and show', () => {
  test('one aligned line for each held file', async () => {
    const lake = devLake();
    expect((await lake.command('dev', '--once')).code).toBe(0);
    expect((await lake.command('quarantine', 'list')).out).toBe('nothing is held\n');
    lake.put('good.parquet', 'good');
    lake.put('drifted.parquet', 'drifted');
    lake.put('longer-name.parquet', 'csv');
    await lake.command('dev', '--once');
    const { code, out } = await lake.command('quarantine', 'list');
    const lines = out.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines.length).toBe(2);
    expect(lines.find((line) => line.includes('longer-name'))).toMatch(
      /^[0-9a-f]{32} {2}held {2}20\S+Z {2}shop\.t {2}query-fails {2}file-truncated {3}- {2}partial:dt=2026-11-01\/ {2}s3:\/\/landing\/t\/dt=2026-11-01\/longer-name\.parquet$/u,
    );
    expect(lines.find((line) => line.includes('drifted'))).toContain('  type-changed:id  -  partial:');
  });

  test('the exact difference with its contract line, where the copy is, what readers see, what to run', async () => {
    const lake = await lakeWithHeldReplacement();
    const [id = ''] = await idsOf(lake);
    const { code, out } = await lake.command('quarantine', 'show', id.slice(0, 6));
    expect(code).toBe(0);
    expect(out).toMatch(
      /^HELD {2}s3:\/\/landing\/t\/dt=2026-11-01\/a\.parquet\n {2}error {3}type-changed at id: /u,
    );
    expect(out).toMatch(/contract \S+t-0\.odcs\.yaml:14 {2}- \{ name: id, logicalType: integer/u);
    expect(out).toContain('          expected bigint\n          actual   BYTE_ARRAY STRING\n');
    expect(out).toContain('          Athena   the query fails\n');
    expect(out).toContain('readers see  the last good object of this key: old data is served\n');
    expect(out).toContain('partition    dt=2026-11-01/ is partial: it lacks this file\n');
    expect(out).toContain('now          the contracts of today hold it too\n');
    expect(out).toContain(`    headgate quarantine purge ${id} --lake ${lake.folder}`);
    const copy = /copy +(\S+)/u.exec(out)?.[1] ?? '';
    expect(copy.startsWith(join(lake.folder, 'quarantine/shop.t/'))).toBe(true);
    expect(existsSync(copy)).toBe(true);
    const shown = await asJson(lake, 'quarantine', 'show', id);
    expect(shown).toMatchObject({
      schemaVersion: 1,
      holdId: id,
      isOldDataServed: true,
      isPartial: true,
      effect: 'query-fails',
      findings: [{ rule: 'type-changed', path: 'id', expected: 'bigint', actual: 'BYTE_ARRAY STRING' }],
      now: { outcome: 'still-held' },
    });
  });

  test('an id that is none', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'drifted');
    await lake.command('dev', '--once');
    const none = await lake.command('quarantine', 'show', 'wxyz');
    expect([none.code, none.err]).toEqual([
      2,
      'headgate: no hold has an id that begins with wxyz: run `headgate quarantine list`\n',
    ]);
  });
});

describe('DEV-9: quarantine release', () => {
  test('refused while the contract holds it, done once it admits it, without a dev', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'drifted');
    await lake.command('dev', '--once');
    const [id = ''] = await idsOf(lake);
    const refused = await lake.command('quarantine', 'release', id);
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(
      /^still-held {2}[0-9a-f]{32} {2}shop\.t {2}type-changed:id {2}\S+ {2}type-changed at id: /u,
    );
    lake.deploy(ACCEPTS_TEXT);
    const tried = await lake.command('quarantine', 'release', id.slice(0, 8), '--dry-run');
    expect([tried.code, tried.out.startsWith(`would be released  ${id}`)]).toEqual([0, true]);
    expect(lake.published()).toEqual([]);
    const released = await lake.command('quarantine', 'release', id);
    expect([released.code, released.err]).toEqual([0, 'nobody guards the lake now: what is due was done\n']);
    expect(lake.published()).toEqual(['a.parquet']);
    expect((await lake.command('quarantine', 'list')).out).toBe('nothing is held\n');
    expect((await lake.command('incident', 'list')).out).toBe('no incident is open\n');
  });

  test('beside a dev that guards the lake', async () => {
    const lake = devLake();
    const dev = lake.guard();
    lake.put('a.parquet', 'drifted');
    await vi.waitFor(() => expect(dev.out()).toContain('1 held'), eventually);
    lake.deploy(ACCEPTS_TEXT);
    const released = await lake.command('quarantine', 'release', '--incident', await incidentOf(lake));
    expect([released.code, released.err]).toEqual([
      0,
      `\`headgate dev\` (process ${process.pid}) picks it up\n`,
    ]);
    await vi.waitFor(() => expect(lake.published()).toEqual(['a.parquet']), eventually);
    expect(await dev.stop()).toBe(0);
  });

  test('all of a table; the table must be named', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'drifted');
    lake.put('b.parquet', 'drifted');
    await lake.command('dev', '--once');
    lake.deploy(ACCEPTS_TEXT);
    expect((await lake.command('quarantine', 'release', '--all', '--yes')).err).toContain(
      '--all needs --table TABLE',
    );
    expect((await lake.command('quarantine', 'release')).code).toBe(2);
    const unknown = await lake.command('quarantine', 'release', '--all', '--yes', '--table', 'shop.tt');
    expect([unknown.code, unknown.err]).toEqual([
      2,
      'headgate: no contract declares table shop.tt: did you mean shop.t?\n',
    ]);
    expect((await lake.command('quarantine', 'release', '--all', '--yes', '--table', 't')).code).toBe(0);
    expect(lake.published()).toEqual(['a.parquet', 'b.parquet']);
    const nothing = await lake.command('quarantine', 'release', '--all', '--yes', '--table', 't');
    expect([nothing.code, nothing.err]).toEqual([2, 'headgate: nothing of table shop.t is held\n']);
  });
});

describe('DEV-10: quarantine purge', () => {
  test('asks what becomes of the last good object', async () => {
    const lake = await lakeWithHeldReplacement();
    const [id = ''] = await idsOf(lake);
    const asked = await lake.command('quarantine', 'purge', id, '--yes');
    expect(asked.code).toBe(1);
    expect(asked.out).toContain('--keep-old brings it back to landing, --drop-old lets it go too');
    expect((await lake.command('quarantine', 'purge', id, '--keep-old', '--drop-old')).code).toBe(2);
    expect((await lake.command('quarantine', 'purge', id, '--keep-old', '--dry-run')).out).toMatch(
      /^would be purged/u,
    );
    expect(lake.held().length).toBe(1);
    const purged = await lake.command('quarantine', 'purge', id, '--keep-old', '--yes');
    expect([purged.code, lake.held()]).toEqual([0, []]);
    expect(purged.err).toBe('nobody guards the lake now: the next `headgate dev` run picks it up\n');
    expect((await lake.command('dev', '--once')).code).toBe(0);
    expect(lake.published()).toEqual(['a.parquet', 'b.parquet']);
    const again = await lake.command('quarantine', 'purge', id, '--yes');
    expect([again.code, again.out.startsWith('not-held')]).toEqual([1, true]);
  });
});

describe('DEV-11: incidents', () => {
  test('list, show, mute and resolve', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'drifted');
    lake.put('b.parquet', 'drifted');
    await lake.command('dev', '--once');
    const id = await incidentOf(lake);
    expect((await lake.command('incident', 'list')).out).toMatch(
      /^[0-9a-f]+ {2}open {2}20\S+Z {2}shop\.t 1\.0\.0 {2}2 held {2}query-fails {2}type-changed:id\n$/u,
    );
    const { out } = await lake.command('incident', 'show', id.slice(0, 5));
    expect(out).toContain(
      '  type-changed at id\n          expected bigint\n          actual   BYTE_ARRAY STRING\n',
    );
    expect(out).toContain(`headgate quarantine release --incident ${id} --lake ${lake.folder}`);
    expect(out).toMatch(/owner +data #data\n/u);

    const tooLate = await lake.command('incident', 'mute', id, '--until', '2020-01-01');
    expect([tooLate.code, tooLate.err]).toEqual([2, 'headgate: --until 2020-01-01 is in the past\n']);
    expect((await lake.command('incident', 'mute', id, '--until', 'soon')).code).toBe(2);
    const muted = await lake.command('incident', 'mute', id, '--until', '2099-01-01');
    expect(muted.out).toBe(`muted until 2099-01-01T00:00:00.000Z  ${id}  shop.t  type-changed:id\n`);
    expect((await lake.command('incident', 'list')).out).toContain('  muted  ');

    expect((await lake.command('incident', 'resolve', id, '--dry-run')).out).toMatch(/^would be resolved/u);
    expect((await lake.command('incident', 'resolve', id)).out).toMatch(/^resolved/u);
    expect((await lake.command('incident', 'list')).out).toBe('no incident is open\n');
    expect((await lake.command('incident', 'list', '--all')).out).toContain('  resolved  ');
  });

  test('files of one cause page once', async () => {
    const lake = devLake();
    for (let index = 0; index < 9; index++) lake.put(`${index}.parquet`, 'drifted');
    const { out } = await lake.command('dev', '--once');
    expect(out.match(/^PAGE/gmu)?.length).toBe(1);
  });
});

describe('DEV-12: breaker', () => {
  test('mass drift leaves files where they are until the breaker is closed', async () => {
    const lake = devLake();
    for (let index = 0; index < 60; index++) lake.put(`${index}.parquet`, 'drifted');
    const { code, out } = await lake.command('dev', '--once');
    expect(code).toBe(1);
    expect(out).toMatch(/^PAGE {2}shop\.t 1\.0\.0: mass drift: the circuit breaker is open$/mu);
    expect(out).toContain('the circuit breaker is open: run `headgate breaker close shop.t --lake ');
    expect(lake.held()).toEqual([]);
    const list = await lake.command('breaker');
    expect(list.code).toBe(1);
    expect(list.out).toMatch(/^open {2}shop\.t {2}60 of 60 files held in the last minutes {2}opened 20/u);
    expect((await lake.command('breaker', 'close', 't', '--dry-run')).out).toBe('would be closed  shop.t\n');
    expect((await lake.command('breaker', 'list')).code).toBe(1);
    const closed = await lake.command('breaker', 'close', 't', '--allow-deletes', '--yes');
    expect([closed.code, closed.out]).toEqual([0, 'closed  shop.t  deletes are allowed for one hour\n']);
    expect((await lake.command('breaker', 'list')).code).toBe(0);
    await lake.command('dev', '--once');
    expect(lake.held().length).toBe(60);
  });
});

describe('DEV-13: commit', () => {
  test('a batch waits for its commit', async () => {
    const lake = devLake({ policy: ['completion: explicit'] });
    lake.put('a.parquet', 'good');
    const waiting = await lake.command('dev', '--once');
    expect(waiting.out).toContain(
      'shop.t  dt=2026-11-01/  waits (1 to publish): no marker says that it is complete: `headgate commit` writes one\n',
    );
    expect(lake.published()).toEqual([]);
    const day = join(lake.folder, 'landing/t/dt=2026-11-01');
    expect((await lake.command('commit', day, '--dry-run')).out).toMatch(
      /^would commit {2}shop\.t {2}s3:\/\/landing\/t/u,
    );
    const committed = await lake.command('commit', 's3://landing/t/dt=2026-11-01/');
    expect([committed.code, committed.out]).toEqual([
      0,
      'committed  shop.t  s3://landing/t/dt=2026-11-01/_HEADGATE_COMMIT\n',
    ]);
    await lake.command('dev', '--once');
    expect(lake.published()).toEqual(['a.parquet']);
  });

  test('a folder that is none of a table, and a table that needs no commit', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    await lake.command('dev', '--once');
    const elsewhere = await lake.command('commit', 's3://other/t/');
    expect([elsewhere.code, elsewhere.err]).toEqual([
      2,
      'headgate: s3://other/t/ is below no guarded prefix: there is s3://landing/t/\n',
    ]);
    expect((await lake.command('commit', '/tmp')).err).toContain('is no folder inside the lake');
    expect((await lake.command('commit', 'landing/t')).err).toContain('publishes without a commit');
  });
});

describe('DEV-14: apply', () => {
  test('an incompatible version waits until a person applies it', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    await lake.command('dev', '--once');
    lake.deploy(ACCEPTS_TEXT);
    lake.put('b.parquet', 'drifted');
    const waits = await lake.command('dev', '--once');
    expect(waits.out).toContain('waiting for `headgate apply`');
    expect(lake.published()).toEqual(['a.parquet']);
    const tried = await lake.command('apply', 't', '--dry-run');
    expect(tried.code).toBe(0);
    expect(tried.out).toMatch(/^ {2}~ column +id +bigint -> string +until then: query-fails$/mu);
    const applied = await lake.command('apply', 't', '--auto-approve');
    expect(applied.out).toMatch(/^applied {2}shop\.t 2\.0\.0: the table and 1 partition changed$/mu);
    expect(lake.published()).toEqual(['a.parquet', 'b.parquet']);
    expect((await lake.command('apply', 't', '--auto-approve')).out).toBe(
      'No changes: the catalog holds what is declared.\n',
    );
  });

  test('a table that is only observed is never written', async () => {
    const lake = devLake({ mode: 'observe' });
    await lake.command('dev', '--once');
    const { code, err } = await lake.command('apply', 't', '--auto-approve');
    expect([code, err]).toEqual([
      2,
      'headgate: table shop.t is only observed: Headgate never writes its catalog table\n',
    ]);
  });
});

describe('DEV-15: the lake that a command means', () => {
  test('one that was never guarded is named, with what to do', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'landing'));
    const named = await run(['quarantine', 'list', '--lake', folder]);
    expect([named.code, named.err]).toEqual([
      2,
      `headgate: the lake ${folder} was never guarded (it has no .headgate/): run \`headgate dev --lake ${folder}\` first\n`,
    ]);
    const here = await run(['quarantine', 'list']);
    expect([here.code, here.err]).toEqual([
      2,
      'headgate: the current folder is not a guarded lake (it has no .headgate/): name one with --lake DIR\n',
    ]);
  });

  test.each([
    ['dev'],
    ['commit'],
    ['quarantine', 'list'],
    ['quarantine', 'show'],
    ['quarantine', 'release'],
    ['quarantine', 'purge'],
    ['incident', 'list'],
    ['incident', 'show'],
    ['incident', 'mute'],
    ['incident', 'resolve'],
    ['breaker', 'list'],
    ['breaker', 'close'],
    ['plan'],
    ['apply'],
  ])('%s %s --help shows examples', async (...words) => {
    const { code, out } = await run([...words.filter((word) => word !== undefined), '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Examples:\n  $ headgate ');
  });
});

describe('BRG-5: break-glass on a lake', () => {
  const reason = ['--until', '4h', '--reason', 'month end, ticket 4711'] as const;

  test('granted, told, honoured by dev, released, listed with who did what, and revoked', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'drifted');
    await lake.command('dev', '--once');
    const dry = await lake.command('break-glass', 'grant', 't', 'type-changed', 'id', ...reason, '--dry-run');
    expect([dry.code, dry.out]).toEqual([
      0,
      expect.stringMatching(/^would be granted {2}[0-9a-f]{12} {2}shop\.t/u),
    ]);
    expect((await lake.command('break-glass')).out).toBe('no grant runs\n');

    const granted = await lake.command('break-glass', 'grant', 't', 'type-changed', 'id', ...reason);
    expect(granted.code).toBe(0);
    expect(granted.err).toContain('told #data; what is held goes on by `headgate quarantine release --all');
    lake.put('b.parquet', 'drifted');
    await lake.command('dev', '--once');
    expect((await asJson(lake, 'quarantine', 'list')).holds).toHaveLength(1);
    expect((await lake.command('quarantine', 'release', '--all', '--yes', '--table', 't')).code).toBe(0);
    expect(await idsOf(lake)).toEqual([]);

    const listed = await asJson(lake, 'break-glass', 'list', '--all');
    const [given] = listed.grants as readonly { readonly id: string }[];
    expect(listed.grants).toMatchObject([
      { table: 'shop.t', rule: 'type-changed', path: 'id', reason: 'month end, ticket 4711' },
    ]);
    expect(await lake.command('break-glass', 'revoke', given?.id.slice(0, 6) ?? '')).toMatchObject({
      code: 0,
    });
    expect((await lake.command('break-glass', 'list')).out).toBe('no grant runs\n');
    const { trail } = await asJson(lake, 'break-glass', 'list', '--all');
    expect((trail as readonly { readonly act: string; readonly by: string }[]).map(({ act }) => act)).toEqual(
      ['break-glass-grant', 'release', 'break-glass-revoke'],
    );
    expect((trail as readonly { readonly by: string }[]).every(({ by }) => by !== '')).toBe(true);
  });
  test.each<[string, readonly string[], string]>([
    ['a rule that nobody can waive', ['t', 'file-not-parquet', ...reason], 'nobody can waive it'],
    [
      'a day and more',
      ['t', 'type-changed', 'id', '--until', '25h', '--reason', 'month end, yes'],
      'within 24 hours',
    ],
    ['no reason', ['t', 'type-changed', 'id', '--until', '1h', '--reason', 'x'], 'expected 10 to 300'],
    ['no table', ['u', 'type-changed', 'id', ...reason], 'no contract declares table u'],
  ])('%s is a wrong call', async (_, args, why) => {
    const lake = devLake();
    await lake.command('dev', '--once');
    const { code, err } = await lake.command('break-glass', 'grant', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
    expect((await asJson(lake, 'break-glass', 'list', '--all')).trail).toEqual([]);
  });
  test('TRL-1: all else that people do stands in the same trail', async () => {
    const lake = await lakeWithHeldReplacement();
    const [id = ''] = await idsOf(lake);
    const incident = await incidentOf(lake);
    await lake.command('incident', 'mute', incident, '--until', '1h');
    await lake.command('breaker', 'close', 't');
    lake.deploy({ version: '1.0.1' });
    await lake.command('apply', 't', '--auto-approve');
    await lake.command('quarantine', 'purge', id, '--keep-old', '--dry-run');
    await lake.command('quarantine', 'purge', id, '--keep-old', '--yes');
    await lake.command('incident', 'resolve', incident);
    const { trail } = await asJson(lake, 'break-glass', 'list', '--all');
    const told = (trail as readonly { readonly act: string; readonly what: string }[]).map(({ act }) => act);
    expect(told).toEqual(['incident-mute', 'breaker-close', 'apply', 'purge', 'incident-resolve']);
    expect(JSON.stringify(trail)).toContain(`hold ${id} of s3://landing/t/dt=2026-11-01/a.parquet`);
  });
});
