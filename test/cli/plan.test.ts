import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type DevLake, devLake } from '../support/dev-lake.ts';
import { run } from '../support/run-cli.ts';

vi.setConfig({ testTimeout: 60_000 });

const NEXT = { version: '2.0.0', id: 'string' } as const;

/** A lake with one published file and so a table of version 1.0.0 with one partition; 2.0.0 is declared. */
async function lakeWithNext(): Promise<DevLake> {
  const lake = devLake();
  lake.put('a.parquet', 'good');
  await lake.command('dev', '--once');
  lake.deploy(NEXT);
  return lake;
}

const planned = (lake: DevLake) => join(lake.folder, 'p.json');
const NOTHING = 'No changes: the catalog holds what is declared.\n';

describe('PLN-1: headgate plan', () => {
  test('one line for each change, one summary line; nothing is changed', async () => {
    const lake = await lakeWithNext();
    const { code, out } = await lake.command('plan');
    expect(code).toBe(0);
    expect(out.replaceAll(/[0-9a-f]{16}/gu, '…').split('\n')).toEqual([
      'shop.t 2.0.0 is changed, from version 0 in the catalog',
      '  ~ column      id                         bigint -> string                      until then: query-fails',
      '  ~ parameter   headgate.contract_version  1.0.0 -> 2.0.0',
      '  ~ parameter   headgate.contract_hash     … -> …',
      '  ~ record      files are judged by        1.0.0 -> 2.0.0',
      '  ~ partitions  id                         bigint -> string                      in 1 of 1, such as dt=2026-11-01',
      '  order  update the table; update each partition, and read it back',
      '  note   id in stored files: query-fails (K72)',
      '',
      'Plan: 0 to create, 1 to change (with 1 partition), 0 to delete.',
      '',
    ]);
    expect((await lake.command('plan', 't')).out).toBe(out);
  });

  test('Terraform’s exit codes: 2 for changes, 0 for none, 1 for every error', async () => {
    const lake = await lakeWithNext();
    const detailed = async (...args: readonly string[]) =>
      (await lake.command('plan', '--detailed-exitcode', ...args)).code;
    expect(await detailed()).toBe(2);
    expect(await detailed('unknown')).toBe(1);
    expect(await detailed('--format', 'yaml')).toBe(1);
    expect(await detailed('--out', join(lake.folder, 'no/such/folder'))).toBe(1);
    expect((await lake.command('plan', 'unknown')).code).toBe(2);
    await lake.command('apply', '--auto-approve');
    expect(await detailed()).toBe(0);
    expect((await lake.command('plan')).out).toBe(NOTHING);
    // Another contract's table is an error, too.
    lake.deploy(contractOfAnother());
    expect(await detailed()).toBe(1);
    const refused = await lake.command('plan');
    expect([refused.code, refused.out]).toEqual([
      1,
      'shop.t 1.0.0 cannot be brought there: the table at s3://lake/t/ belongs to another contract or to nobody that Headgate knows\n\nPlan: 0 to create, 0 to change, 0 to delete, 1 refused.\n',
    ]);
  });

  test('JSON is what is saved: version, contract hash, table version; Markdown is a diff', async () => {
    const lake = await lakeWithNext();
    const json = await lake.command('plan', '--format', 'json', '--out', planned(lake));
    expect(JSON.parse(json.out)).toEqual(JSON.parse(readFileSync(planned(lake), 'utf8')));
    expect(json.err).toContain(`headgate apply ${planned(lake)} --lake ${lake.folder}`);
    expect(JSON.parse(json.out)).toMatchObject({
      ...{ schemaVersion: 1, kind: 'headgate-plan', headgate: '9.9.9', createdAt: '2026-06-15T12:00:00Z' },
      tables: [
        {
          table: 'shop.t',
          action: 'change',
          contractHash: expect.stringMatching(/^[0-9a-f]{16}$/u),
          basis: { versionId: '0', digest: expect.stringMatching(/^[0-9a-f]{16}$/u) },
        },
      ],
    });
    const { out } = await lake.command('plan', '--format', 'markdown');
    expect(out).toContain(
      '#### `shop.t` 2.0.0 is changed, from version 0 in the catalog\n```diff\n! column ',
    );
    expect(out.trimEnd()).toMatch(
      /\*\*Plan: 0 to create, 1 to change \(with 1 partition\), 0 to delete\.\*\*$/u,
    );
  });

  test('a lake without the table: it is created', async () => {
    const lake = devLake();
    await lake.command('dev', '--once');
    const { out } = await lake.command('plan');
    expect(out).toContain('shop.t 1.0.0 is created\n  + location ');
    expect(out).toContain('\n  + column          id                         bigint\n');
    expect(out).toContain('\nPlan: 1 to create, 0 to change, 0 to delete.\n');
  });
});

function contractOfAnother(): string {
  return `apiVersion: v3.1.0
kind: DataContract
id: another
name: another
version: 1.0.0
status: active
servers:
  - { server: landing, type: s3, location: "s3://landing/t/" }
  - { server: catalog, type: glue, account: "123456789012", database: shop, location: "s3://lake/t/" }
schema:
  - name: t
    properties:
      - { name: id, physicalType: string }
`;
}

describe('PLN-2: apply is approved by a person, or said to be', () => {
  test('without a terminal and without --auto-approve it is a wrong call', async () => {
    const lake = await lakeWithNext();
    await lake.command('plan', '--out', planned(lake));
    for (const args of [[], ['t'], [planned(lake)], ['--rollback', 't']])
      expect(await lake.command('apply', ...args)).toMatchObject({
        code: 2,
        out: '',
        err: 'headgate: nobody is there to say yes: run it on a terminal, or give --auto-approve (and see `headgate plan` first)\n',
      });
    expect((await lake.command('plan', '--detailed-exitcode')).code).toBe(2);
  });

  test('on a terminal the plan is shown, then the question asked; only yes is one', async () => {
    const lake = await lakeWithNext();
    const asked: (readonly [question: string, word: string])[] = [];
    const answer = (isYes: boolean) => ({
      askForWord: async (question: string, word: string) => {
        asked.push([question, word]);
        return isYes;
      },
    });
    const no = await lake.answered(answer(false), 'apply');
    expect([no.code, no.err]).toEqual([1, 'headgate: nothing was changed: it was not approved\n']);
    expect(no.out).toContain('Plan: 0 to create, 1 to change');
    expect(asked).toEqual([
      [`Do this in the catalog of the lake ${lake.folder}? Only \`yes\` is taken for an answer.`, 'yes'],
    ]);
    const yes = await lake.answered(answer(true), 'apply', 't');
    expect([yes.code, yes.out.split('\n').at(-2)]).toEqual([
      0,
      'applied  shop.t 2.0.0: the table and 1 partition changed',
    ]);
    // Where there is nothing to do nobody is asked.
    expect((await lake.answered(answer(false), 'apply')).code).toBe(0);
    expect(asked).toHaveLength(2);
  });

  test('JSON has the plan and what became of it', async () => {
    const lake = await lakeWithNext();
    const { out } = await lake.command('apply', '--auto-approve', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      dryRun: false,
      plan: { tables: [{ table: 'shop.t', action: 'change' }] },
      outcomes: [
        { table: 'shop.t', version: '2.0.0', kind: 'applied', isTableChanged: true, partitionsChanged: 1 },
      ],
    });
  });

  test('one table that cannot be brought there keeps all of the call from being done', async () => {
    const lake = await lakeWithNext();
    lake.deploy(contractOfAnother());
    expect(await lake.command('apply', '--auto-approve')).toMatchObject({
      code: 1,
      err: 'headgate: nothing was changed: name the tables that can be brought there\n',
    });
  });
});

describe('PLN-3: a saved plan', () => {
  test('is applied as it is, and again without harm', async () => {
    const lake = await lakeWithNext();
    await lake.command('plan', '--out', planned(lake));
    const applied = await lake.command('apply', planned(lake), '--auto-approve');
    expect([applied.code, applied.out]).toEqual([0, expect.stringContaining('applied  shop.t 2.0.0')]);
    expect(await lake.command('apply', planned(lake), '--auto-approve')).toMatchObject({
      code: 0,
      out: NOTHING,
    });
  });

  test('is refused where the contract changed since, or the catalog: which of them is said', async () => {
    const lake = await lakeWithNext();
    await lake.command('plan', '--out', planned(lake));
    lake.deploy({ ...NEXT, version: '2.1.0' });
    expect(await lake.command('apply', planned(lake), '--auto-approve')).toMatchObject({
      code: 1,
      out: '',
      err: `headgate: the plan ${planned(lake)} is stale, and nothing was changed: the contract of table shop.t changed since the plan was made (it was 2.0.0, and is 2.1.0 now); make it again with \`headgate plan --out\`\n`,
    });
    await lake.command('apply', '--auto-approve');
    lake.deploy(NEXT);
    const stale = await lake.command('apply', planned(lake), '--auto-approve');
    expect([stale.code, stale.err]).toEqual([
      1,
      expect.stringContaining(
        'the catalog’s table shop.t was changed since the plan was made: it was version 0, and is 1',
      ),
    ]);
    lake.deploy(contractOfAnother().replace('name: t\n', 'name: u\n').replaceAll('/t/', '/u/'));
    expect((await lake.command('apply', planned(lake), '--auto-approve')).err).toContain(
      'no contract declares table shop.t now',
    );
  });

  test('of another version, of no kind, or too large is a wrong call', async () => {
    const lake = await lakeWithNext();
    const file = planned(lake);
    const refusal = async () => {
      const { code, out, err } = await lake.command('apply', file, '--auto-approve');
      expect([code, out]).toEqual([2, '']);
      return err;
    };
    expect(await refusal()).toBe(`headgate: the plan ${file} does not exist\n`);
    await lake.command('plan', '--out', file);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"9.9.9"', '"9.9.8"'));
    expect(await refusal()).toBe(
      `headgate: the plan ${file} was made by Headgate 9.9.8, and this is 9.9.9: make it again with \`headgate plan --out\`\n`,
    );
    for (const garbage of [
      '',
      '\0\0',
      'PAR1',
      '[]',
      text.slice(0, -40),
      '\u{feff}{}',
      `${'['.repeat(100_000)}`,
    ]) {
      writeFileSync(file, garbage);
      expect(await refusal()).toContain(`headgate: the plan ${file} is not `);
    }
    truncateSync(file, 50 * 1024 * 1024);
    expect(statSync(file).size).toBe(52_428_800);
    expect(await refusal()).toBe(
      `headgate: the plan ${file} has 52428800 bytes, expected at most 16777216: it is not a Headgate plan\n`,
    );
    const folder = await lake.command('apply', lake.folder, '--auto-approve');
    expect([folder.code, folder.err]).toEqual([
      2,
      `headgate: the plan ${lake.folder} is a folder, expected a file\n`,
    ]);
    expect((await lake.command('plan', '--detailed-exitcode')).code).toBe(2);
  });

  test('a word that is neither table nor file is taken for a table', async () => {
    const lake = await lakeWithNext();
    expect((await lake.command('apply', 'tt', '--auto-approve')).err).toBe(
      'headgate: no contract declares table tt: there is shop.t\n',
    );
  });
});

describe('PLN-4: back to an older version', () => {
  test('shows the plan, asks, goes back; run twice it stays there', async () => {
    const lake = await lakeWithNext();
    await lake.command('apply', '--auto-approve');
    const { code, out } = await lake.command('apply', '--rollback', 't', '--auto-approve');
    expect(code).toBe(0);
    expect(out).toContain('shop.t 2.0.0 is changed back to version 0, from version 1 in the catalog\n');
    expect(out).toContain('  ~ column      id                         string -> bigint\n');
    expect(out).toContain('note   the contract still declares 2.0.0');
    expect(out).toContain('applied  shop.t back to version 0: the table and 1 partition changed\n');
    const again = await lake.command('apply', '--rollback', 't', '--auto-approve');
    expect(again).toMatchObject({
      code: 0,
      out: NOTHING,
      err: 'the table is as it was in version 0 already: name another with --to-version\n',
    });
    expect((await lake.command('plan', '--detailed-exitcode')).code).toBe(2);
  });

  test('to a version by its number, also through a saved plan', async () => {
    const lake = await lakeWithNext();
    await lake.command('apply', '--auto-approve');
    await lake.command('plan', 't', '--to-version', '0', '--out', planned(lake));
    expect((await lake.command('apply', planned(lake), '--auto-approve')).out).toContain(
      'back to version 0: the table',
    );
    expect((await lake.command('apply', 't', '--to-version', '1', '--auto-approve')).code).toBe(0);
    const none = await lake.command('apply', 't', '--to-version', '7', '--auto-approve');
    expect([none.code, none.out]).toEqual([
      1,
      expect.stringContaining('the catalog has no version 7 of the table, or no longer has it'),
    ]);
  });

  test('wrong calls say what is missing', async () => {
    const lake = await lakeWithNext();
    const refusal = async (...args: readonly string[]) => {
      const { code, err } = await lake.command('apply', '--auto-approve', ...args);
      expect(code).toBe(2);
      return err;
    };
    expect(await refusal('--rollback')).toContain('name the one table that shall go back');
    expect(await refusal('--rollback', '--to-version', '1', 't')).toContain('not both');
    expect(await refusal('--rollback', 't')).toContain('the catalog has no earlier version of table shop.t');
    await lake.command('plan', '--out', planned(lake));
    expect(await refusal('--rollback', planned(lake))).toContain('give no --rollback with it');
  });
});

test('PLN-5: without a lake, a deployment or anything of AWS that is named, Glue is asked, which needs credentials', async () => {
  const lake = await lakeWithNext();
  const environment = { ...process.env };
  try {
    for (const name of Object.keys(process.env))
      if (/^AWS_(?:ACCESS|SECRET|SESSION|PROFILE)/u.test(name)) delete process.env[name];
    const { code, err } = await run([
      ...['plan', '--contracts', lake.schemas, '--region', 'eu-central-1'],
      ...['--endpoint-url', 'http://127.0.0.1:9'],
    ]);
    expect([code, err]).toEqual([3, expect.stringContaining('no credentials were found')]);
  } finally {
    process.env = environment;
  }
});
