import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type DevLake, devLake } from '../support/dev-lake.ts';
import { run } from '../support/run-cli.ts';

vi.setConfig({ testTimeout: 60_000 });

const GRANT = ['t', 'type-changed', 'id', '--until', '2h', '--reason', 'month end, ticket 4711'] as const;
const asJson = async (lake: DevLake, ...args: readonly string[]) =>
  JSON.parse((await lake.command(...args, '--format', 'json')).out);

/** Two drifted files, the second one written after a person granted that such files may pass. */
async function lakeWithGrant(): Promise<{ readonly lake: DevLake; readonly grantId: string }> {
  const lake = devLake();
  lake.put('a.parquet', 'drifted');
  expect((await lake.command('dev', '--once')).code).toBe(1);
  const granted = await lake.command('break-glass', 'grant', ...GRANT);
  const [, grantId = ''] = /granted {2}([0-9a-f]{12}) /u.exec(granted.out) ?? [];
  return { lake, grantId };
}

describe('LAK-87 (H): what break-glass let through says so wherever it is counted or shown', () => {
  test('check and audit, in each format that counts', async () => {
    const { lake } = await lakeWithGrant();
    lake.put('b.parquet', 'good');
    const landing = join(lake.folder, 'landing');
    const judging = [landing, '--contracts', lake.schemas] as const;
    const check = await run(['check', ...judging, '--lake', lake.folder]);
    expect(check.out).toMatch(/^2 files: 2 admitted, 1 of them by break-glass, 0 held, 0 ignored$/mu);
    const audit = await run(['audit', ...judging, '--lake', lake.folder]);
    expect(audit.out).toMatch(/: 2 admitted, 1 of them by break-glass, 0 held, /u);
    for (const command of ['check', 'audit']) {
      const markdown = await run([command, ...judging, '--lake', lake.folder, '--format', 'markdown']);
      expect(markdown.out).toContain('2 admitted, 1 of them by break-glass, ');
      const json = await run([command, ...judging, '--lake', lake.folder, '--format', 'json']);
      expect(JSON.parse(json.out).summary).toMatchObject({ admit: 2, byGrant: 1 });
      const without = await run([command, ...judging, '--format', 'json']);
      expect(JSON.parse(without.out).summary).toMatchObject({ admit: 1, hold: 1, byGrant: 0 });
    }
  });

  test('what the contract itself waives is let through by no grant', async () => {
    const { lake } = await lakeWithGrant();
    lake.deploy({
      policy: ['waivers: [{ rule: type-changed, path: id, until: "2099-01-01", reason: "known since May" }]'],
    });
    const check = await run([
      'check',
      join(lake.folder, 'landing'),
      '--contracts',
      lake.schemas,
      '--lake',
      lake.folder,
    ]);
    expect(check.out).toMatch(/^1 file: 1 admitted, 0 held/mu);
  });

  test('quarantine show, release, its list, and the incident', async () => {
    const { lake, grantId } = await lakeWithGrant();
    const [hold] = (await asJson(lake, 'quarantine', 'list')).holds;
    const [incident] = (await asJson(lake, 'incident', 'list')).incidents;
    const by = `only break-glass ${grantId} by \\S+`;
    expect((await lake.command('quarantine', 'show', hold.holdId)).out).toMatch(
      new RegExp(`now +${by} admits it: it can be released until that ends$`, 'mu'),
    );
    const dry = await lake.command('quarantine', 'release', hold.holdId, '--dry-run');
    expect(dry.out).toMatch(new RegExp(`only by break-glass ${grantId} by `, 'u'));
    expect((await lake.command('quarantine', 'release', hold.holdId)).out).toMatch(
      new RegExp(`only by break-glass ${grantId} by `, 'u'),
    );
    const ended = await lake.command('quarantine', 'list', '--ended');
    expect(ended.out).toMatch(new RegExp(`^${hold.holdId} +ended by break-glass `, 'mu'));
    expect((await lake.command('quarantine', 'show', hold.holdId)).out).toMatch(
      new RegExp(`released +by .*, only by break-glass ${grantId} by `, 'u'),
    );
    const shown = await lake.command('incident', 'show', incident.id);
    expect(shown.out).toMatch(/break-glass +let 1 file of it through$/mu);
    expect(await asJson(lake, 'incident', 'show', incident.id)).toMatchObject({ held: 0, byGrant: 1 });
  });

  test('a release that the contract itself allows names no grant', async () => {
    const lake = devLake();
    lake.put('a.parquet', 'drifted');
    await lake.command('dev', '--once');
    lake.deploy({ version: '2.0.0', id: 'string' });
    const [hold] = (await asJson(lake, 'quarantine', 'list')).holds;
    expect((await lake.command('quarantine', 'release', hold.holdId)).out).not.toContain('break-glass');
    expect((await lake.command('quarantine', 'list', '--ended')).out).not.toContain('break-glass');
  });
});
