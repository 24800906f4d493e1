import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type DevLake, devLake } from '../support/dev-lake.ts';
import { fileBytes } from '../support/simulation/files.ts';

vi.setConfig({ testTimeout: 60_000 });

const asJson = async (lake: DevLake, ...args: readonly string[]) =>
  JSON.parse((await lake.command(...args, '--format', 'json')).out) as Record<string, unknown>;
const holdsOf = async (lake: DevLake) =>
  (await asJson(lake, 'quarantine', 'list')).holds as readonly { readonly holdId: string }[];
const incidentOf = async (lake: DevLake) =>
  ((await asJson(lake, 'incident', 'list')).incidents as readonly { readonly id: string }[])[0]?.id ?? '';

async function lakeWithHolds(count: number): Promise<DevLake> {
  const lake = devLake();
  for (let index = 0; index < count; index++) lake.put(`${index}.parquet`, 'drifted');
  expect((await lake.command('dev', '--once')).code).toBe(1);
  expect(lake.held()).toHaveLength(count);
  return lake;
}

/** Somebody who answers, and what they were asked. */
function person(answer: boolean) {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer;
  };
  return { asked, ask };
}

const ACCEPTS_TEXT = { version: '2.0.0', id: 'string' } as const;

/** What cannot be taken back, or means many: with the question that a person is asked. */
const GRAVE: readonly (readonly [string, (hold: string, incident: string) => readonly string[], RegExp])[] = [
  [
    'purge',
    (hold) => ['quarantine', 'purge', hold],
    /^Remove 1 held file for good: s3:\/\/landing\/t\/\S+\.parquet\?$/u,
  ],
  [
    'release --all',
    () => ['quarantine', 'release', '--all', '--table', 't'],
    /^Release 2 held files of shop\.t, as far as the contracts of today admit them\?$/u,
  ],
  [
    'release --incident',
    (_, incident) => ['quarantine', 'release', '--incident', incident],
    /^Release 2 held files of shop\.t, as far as the contracts of today admit them\?$/u,
  ],
  [
    'breaker close --allow-deletes',
    () => ['breaker', 'close', 't', '--allow-deletes'],
    /^Let deletes of shop\.t go on for one hour, however many there are\?$/u,
  ],
];

describe('LAK-81 (H): what cannot be taken back, or means many, is asked', () => {
  test.each(GRAVE)('%s', async (_, argsOf, question) => {
    const lake = await lakeWithHolds(2);
    lake.deploy(ACCEPTS_TEXT);
    const args = argsOf((await holdsOf(lake))[0]?.holdId ?? '', await incidentOf(lake));
    const trail = async () =>
      ((await asJson(lake, 'break-glass', 'list', '--all')).trail as unknown[]).length;

    const nobody = await lake.command(...args);
    expect([nobody.code, nobody.out]).toEqual([2, '']);
    expect(nobody.err).toMatch(
      /nobody is there to say yes: run it on a terminal, or add --yes \(--dry-run says/u,
    );
    expect([lake.held().length, await trail()]).toEqual([2, 0]);

    const no = person(false);
    const refused = await lake.answered({ ask: no.ask }, ...args);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('nothing was changed')]);
    expect(no.asked).toEqual([expect.stringMatching(question)]);
    expect([lake.held().length, await trail()]).toEqual([2, 0]);

    const never = person(true);
    expect((await lake.answered({ ask: never.ask }, ...args, '--dry-run')).code).toBe(0);
    expect([never.asked, lake.held().length, await trail()]).toEqual([[], 2, 0]);

    expect((await lake.answered({ ask: person(true).ask }, ...args)).code).toBe(0);
    expect(await trail()).toBeGreaterThan(0);
  });

  test.each(GRAVE)('%s with --yes needs nobody', async (_, argsOf) => {
    const lake = await lakeWithHolds(2);
    lake.deploy(ACCEPTS_TEXT);
    const args = argsOf((await holdsOf(lake))[0]?.holdId ?? '', await incidentOf(lake));
    expect((await lake.command(...args, '--yes')).code).toBe(0);
  });

  test('one release, and a breaker closed without deletes, are not asked', async () => {
    const lake = await lakeWithHolds(2);
    lake.deploy(ACCEPTS_TEXT);
    const [hold] = await holdsOf(lake);
    expect((await lake.command('quarantine', 'release', hold?.holdId ?? '')).code).toBe(0);
    expect((await lake.command('breaker', 'close', 't')).code).toBe(0);
  });
});

describe('LAK-82 (H): what an id means is said before it is acted on', () => {
  test('purge, release, mute, resolve and revoke', async () => {
    const lake = await lakeWithHolds(3);
    const [one, two] = await holdsOf(lake);
    const short = (id = '') => id.slice(0, 8);
    const purged = await lake.command('quarantine', 'purge', short(one?.holdId), short(one?.holdId), '--yes');
    expect(purged.err).toContain(
      `${short(one?.holdId)} is hold ${one?.holdId}: shop.t  type-changed:id  s3://`,
    );
    expect(purged.out.trimEnd().split('\n')).toHaveLength(1);
    const released = await lake.command('quarantine', 'release', short(two?.holdId));
    expect(released.err).toContain(`is hold ${two?.holdId}: shop.t`);
    const incident = await incidentOf(lake);
    for (const args of [['mute', '--until', '1h'], ['resolve']] as const) {
      const [act, ...rest] = args;
      const done = await lake.command('incident', act, short(incident), ...rest);
      expect(done.err).toContain(`is incident ${incident}: shop.t 1.0.0  type-changed:id\n`);
    }
    const given = await lake.command(
      ...[
        'break-glass',
        'grant',
        't',
        'type-changed',
        'id',
        '--until',
        '1h',
        '--reason',
        'month end, ticket',
      ],
    );
    const [, grant = ''] = /granted {2}(\S+)/u.exec(given.out) ?? [];
    const revoked = await lake.command('break-glass', 'revoke', short(grant));
    expect(revoked.err).toContain(`is grant ${grant}: shop.t  type-changed  id`);
    for (const args of [
      ['quarantine', 'purge', 'abc', '--yes'],
      ['quarantine', 'release', 'abc'],
      ['quarantine', 'release', '--incident', 'abc'],
      ['quarantine', 'list', '--incident', 'abc'],
      ['quarantine', 'show', 'abc'],
      ['incident', 'show', 'abc'],
      ['incident', 'mute', 'abc', '--until', '1h'],
      ['incident', 'resolve', 'abc'],
      ['break-glass', 'revoke', 'abc'],
    ]) {
      const refused = await lake.command(...args);
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('abc is too short')]);
    }
  });
});

describe('LAK-84 (H): live counts', () => {
  test('pages, incident list and show, and the summary say what is held', async () => {
    const lake = devLake();
    for (let index = 0; index < 40; index++) lake.put(`${index}.parquet`, 'drifted');
    const { out } = await lake.command('dev', '--once');
    expect(out).toContain('shop.t  40 files are held: run');
    const titles = out.match(/^(?:PAGE|UPDATE) .*held$/gmu) ?? [];
    expect(titles.at(-1)).toMatch(/ (?:2\d|3\d|40) files held$/u);
    const id = await incidentOf(lake);
    expect((await lake.command('incident', 'list')).out).toContain('  40 held  ');
    lake.deploy({ version: '1.0.1', policy: ['accept: [{ version: 1.0.0, until: "2030-01-01" }]'] });
    const [hold] = await holdsOf(lake);
    expect((await lake.command('quarantine', 'purge', hold?.holdId ?? '', '--yes')).code).toBe(0);
    expect((await lake.command('incident', 'list')).out).toContain('  39 of 40 held  ');
    expect((await lake.command('incident', 'show', id)).out).toMatch(/count +39 of 40 held\n/u);
    expect(await asJson(lake, 'incident', 'show', id)).toMatchObject({ held: 39, count: 40 });
    const mine = await asJson(lake, 'quarantine', 'list', '--incident', id);
    expect(mine.holds).toHaveLength(39);
  });
});

describe('LAK-85 (H): an incident that is resolved with files held says so', () => {
  test('how many, and how to see them', async () => {
    const lake = await lakeWithHolds(39);
    const id = await incidentOf(lake);
    for (const args of [['--dry-run'], []]) {
      const resolved = await lake.command('incident', 'resolve', id, ...args);
      expect(resolved.code).toBe(0);
      expect(resolved.err).toContain(
        `39 files of it stay held: run \`headgate quarantine list --incident ${id} --lake ${lake.folder}`,
      );
    }
    expect(
      (await lake.command('quarantine', 'list', '--incident', id)).out.trimEnd().split('\n'),
    ).toHaveLength(39);
    const notices = await lake.command('incident', 'list', '--all');
    expect(notices.out).toContain('  39 held  ');
  });

  test('nothing is said where nothing is left', async () => {
    const lake = devLake({ mode: 'observe' });
    lake.put('a.parquet', 'drifted');
    await lake.command('dev', '--once');
    const resolved = await lake.command('incident', 'resolve', await incidentOf(lake));
    expect([resolved.code, resolved.err]).toEqual([0, '']);
    expect((await lake.command('incident', 'list', '--all')).out).toContain('  1x  ');
  });
});

describe('LAK-83 (H): everything is where it belongs only where it is', () => {
  const WORDS = 'everything is where it belongs';
  const put = (path: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, fileBytes('good', 'x'));
  };

  test('files that no contract names are counted and told', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    expect((await lake.command('dev', '--once')).out).toContain(WORDS);
    put(join(lake.folder, 'landing/other/dt=1/x.parquet'));
    put(join(lake.folder, 'landing/other/_SUCCESS'));
    put(join(lake.folder, 'landnig/t/x.parquet'));
    put(join(lake.folder, 'landnig/t/notes.txt'));
    put(join(lake.folder, '.git/x.parquet'));
    const { code, out } = await lake.command('dev', '--once');
    expect(code).toBe(0);
    expect(out).not.toContain(WORDS);
    expect(out).toContain('landing  1 file that no contract names, such as landing/other/dt=1/x.parquet: ');
    expect(out).toContain('landnig  1 file that no contract names, such as landnig/t/x.parquet: ');
    expect(out).not.toContain('.git');
  });

  test('what break-glass let through is counted apart', async () => {
    const lake = devLake();
    await lake.command('dev', '--once');
    await lake.command(
      ...[
        'break-glass',
        'grant',
        't',
        'type-changed',
        'id',
        '--until',
        '1h',
        '--reason',
        'month end, ticket',
      ],
    );
    lake.put('a.parquet', 'drifted');
    const { out } = await lake.command('dev', '--once');
    expect(out).toMatch(/^shop\.t {2}1 published, 1 let through by break-glass$/mu);
    expect(out).toContain('1 incident is open: run `headgate incident list');
    expect(out).not.toContain(WORDS);
  });
});
