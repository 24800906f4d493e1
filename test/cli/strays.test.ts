import { utimesSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CheckReport } from '../../src/tools/scan/report.ts';
import { type DevLake, devLake } from '../support/dev-lake.ts';
import { run } from '../support/run-cli.ts';
import { contractYaml, type TestContract } from '../support/simulation/contract.ts';
import type { FileKind } from '../support/simulation/files.ts';

const once = ['dev', '--once', '--settle', '0'] as const;

/** Names, what is in them, and what check says: where nobody reads them, and where readers do. Written by hand. */
const FILES: readonly (readonly [name: string, kind: FileKind, landed: string, read: string])[] = [
  ['part-0', 'good', '1 ignore file-unmatched', '1 hold file-stray'],
  ['x.PARQUET', 'good', '1 ignore file-unmatched', '1 hold file-stray'],
  ['x.parquet.snappy', 'good', '1 ignore file-unmatched', '1 hold file-stray'],
  ['part-1', 'drifted', '1 ignore file-unmatched', '1 hold file-stray type-changed query-fails'],
  ['part-2', 'truncated', '0 ignore file-stray', '1 hold file-stray file-truncated query-fails'],
  ['notes.csv', 'csv', '0 ignore file-stray', '1 hold file-stray file-not-parquet query-fails'],
  ['_tmp/part-3', 'good', '0 ignore hidden', '0 ignore hidden'],
];

const MODES: readonly (readonly [mode: string, contract: TestContract, isRead: boolean])[] = [
  ['promote', {}, false],
  ['promote, consume', { policy: ['landing: consume'] }, false],
  ['in place', { mode: 'in-place' }, true],
  ['observed where readers read', { mode: 'observe', isOnePlace: true }, true],
  ['observed in a landing', { mode: 'observe' }, false],
];

/** Long before the lake is guarded. */
function putOld(lake: DevLake, name: string, kind: FileKind): string {
  const path = lake.put(name, kind);
  const at = Date.now() / 1000 - 30 * 86_400;
  utimesSync(path, at, at);
  return path;
}

describe('LAK-35 (C): check and audit say of a stray what the gate does', () => {
  test.each(MODES)('%s', async (_, contract, isRead) => {
    const lake = devLake(contract);
    const paths = FILES.map(([name, kind]) => lake.put(name, kind, `of ${name}`));
    for (const [index, path] of paths.entries()) {
      const judging = ['--contracts', lake.schemas, '--format', 'json'];
      const checked = await run(['check', path, ...judging]);
      const report = JSON.parse(checked.out) as CheckReport;
      const [file] = report.files;
      const rules = file?.ignored ?? file?.findings.map(({ rule }) => rule).join(' ');
      const effect = file?.effect === 'none' ? '' : ` ${file?.effect}`;
      const [, , landed, read] = FILES[index] ?? [];
      expect(`${checked.code} ${file?.verdict} ${rules}${effect}`).toBe(isRead ? read : landed);
    }
    const audited = await run(['audit', lake.folder, '--contracts', lake.schemas, '--format', 'json']);
    expect(audited.code).toBe(1);
    const { summary, causes } = JSON.parse(audited.out);
    expect([summary.hold, summary.ignore]).toEqual(isRead ? [6, 1] : [0, 7]);
    const strays = causes.filter(({ rule }: { rule: string }) => /stray|unmatched/u.test(rule));
    expect(strays).toMatchObject([
      isRead ? { rule: 'file-stray', files: 6, hold: 6 } : { rule: 'file-unmatched', files: 4, hold: 0 },
    ]);
  });

  test('text and logs in landing are no finding, and nothing else is said', async () => {
    const lake = devLake();
    lake.put('notes.csv', 'csv');
    const audited = await run(['audit', lake.folder, '--contracts', lake.schemas]);
    expect([audited.code, audited.out]).toEqual([
      0,
      '1 file, 0 B: 0 admitted, 0 held, 1 ignored (1 stray)\n',
    ]);
  });
});

describe('LAK-36 (C): `dev --once` of a lake with strays', () => {
  test('promote: data that is not published is a page, an exit code of 1, each time', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    for (const [name, kind] of FILES) lake.put(name, kind);
    for (const published of ['1 published, ', '']) {
      const { code, out } = await lake.command(...once);
      expect(code).toBe(1);
      expect(out).toContain(
        `shop.t  ${published}4 not published, since fileMatch does not match them, 3 ignored\n`,
      );
      expect(out).not.toContain('everything is where it belongs');
      expect(out.match(/^PAGE /gmu)?.length ?? 0).toBe(published === '' ? 0 : 1);
    }
    expect([lake.published(), lake.held()]).toEqual([['a.parquet'], []]);
    expect((await lake.command('incident', 'list')).out).toContain('4x  none  file-unmatched');
  });

  test('promote: text and logs are counted, and all is well', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'good');
    lake.put('notes.csv', 'csv');
    const { code, out } = await lake.command(...once);
    expect(code).toBe(0);
    expect(out).toBe('shop.t  1 published, 1 ignored\neverything is where it belongs\n');
  });

  test('in place: what is older than the guard is told and stays, whenever it is looked at; a newer stray is held', async () => {
    const lake = devLake({ mode: 'in-place' });
    for (const [name, kind] of FILES) putOld(lake, name, kind);
    const names = lake.published();
    for (let runs = 0; runs < 3; runs++) {
      const { code, out } = await lake.command(...once);
      expect(code).toBe(1);
      expect(out).toContain('6 bad, left where they are, 1 ignored\n');
      expect(out).not.toContain('everything is where it belongs');
      expect([lake.published(), lake.held()]).toEqual([names, []]);
    }
    const path = lake.put('new', 'good');
    utimesSync(path, new Date(), new Date());
    expect((await lake.command(...once)).code).toBe(1);
    expect([lake.published(), lake.held().length]).toEqual([names, 1]);
  });

  test.each([
    { mode: 'observe', isOnePlace: true },
    { mode: 'in-place', policy: ['onHold: alert'] },
  ] as const)(
    'where nothing is moved, what breaks queries now is paged with its effect: %j',
    async (contract) => {
      const lake = devLake(contract);
      const path = lake.put('notes.csv', 'csv', 'some words');
      utimesSync(path, new Date(), new Date());
      const { code, out } = await lake.command(...once);
      expect(code).toBe(1);
      expect(out).toContain('file-not-parquet: expected PAR1 at the end, found a file of another format\n');
      expect(out).toContain('Athena: query-fails');
      expect(lake.held()).toEqual([]);
    },
  );

  test('a table that comes while the lake is guarded: what was there before it stays', async () => {
    const lake = devLake({ mode: 'in-place' });
    putOld(lake, 'part-0', 'good');
    putOld(lake, 'old.parquet', 'drifted');
    const other = contractYaml()
      .replaceAll('simulated', 'other')
      .replaceAll('t/', 'u/')
      .replace('name: t', 'name: u');
    lake.deploy(other);
    const guarding = lake.guard();
    await expect.poll(() => guarding.err(), { timeout: 10_000 }).toContain('guarding 1 table');
    lake.deploy(other, { mode: 'in-place' });
    await expect.poll(() => guarding.out(), { timeout: 10_000 }).toContain('1 bad, left where they are');
    expect([lake.published(), lake.held()]).toEqual([['old.parquet', 'part-0'], []]);
  });
});
