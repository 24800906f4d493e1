import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { RENDER_KINDS } from '../../src/face/cli/contract/render-kinds.ts';
import { contractText } from '../support/contract-text.ts';
import { folderOf } from '../support/folder.ts';
import { run } from '../support/run-cli.ts';

describe('RND-3: headgate render', () => {
  test.each(RENDER_KINDS)('%s: the same text each time, for every example contract', async (kind) => {
    const first = await run(['render', kind, 'schemas']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/orders/iu);
    expect(first.out).toMatch(/customers/iu);
    expect((await run(['render', kind, 'schemas'])).out).toBe(first.out);
  });

  test('one table is one JSON document, several are a list', async () => {
    const one = JSON.parse((await run(['render', 'glue', '--table', 'orders'])).out) as object;
    expect(one).toMatchObject({ Name: 'orders' });
    expect(JSON.parse((await run(['render', 'json-schema'])).out)).toHaveLength(2);
  });

  test('kiro writes three files for each table, and no name leads out of the folder', async () => {
    const contract = contractText('- { name: a, physicalType: int }').replace(
      'name: t\n',
      'name: ../../evil\n',
    );
    const folder = folderOf({ 'c.yaml': contract });
    const { code } = await run(['render', 'kiro', join(folder, 'c.yaml'), '--out', join(folder, 'specs')]);
    expect(code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['c.yaml', 'specs']);
    expect(readdirSync(join(folder, 'specs/_evil')).sort()).toEqual([
      'design.md',
      'requirements.md',
      'tasks.md',
    ]);
    expect(readFileSync(join(folder, 'specs/_evil/design.md'), 'utf8')).toContain('# Design Document');
  });

  test('says what is wrong: an unknown kind, table or folder, a contract with mistakes, a folder that cannot be written', async () => {
    expect(await run(['render', 'cobol'])).toMatchObject({ code: 2, out: '' });
    expect((await run(['render', 'ddl', '--table', 'nope'])).err).toContain(
      'no contract declares a table nope',
    );
    expect(await run(['render', 'ddl', 'no-such-folder'])).toMatchObject({ code: 2 });
    const folder = folderOf({ 'c.yaml': 'kind: DataContract', file: '' });
    const broken = await run(['render', 'ddl', join(folder, 'c.yaml')]);
    expect(broken).toMatchObject({ code: 2, out: '' });
    expect(broken.err).toContain('key-missing');
    const file = await run(['render', 'kiro', '--out', join(folder, 'file')]);
    expect(file.code).toBe(3);
    expect(file.err).toContain('WRITE_FAILED');
  });
});

const examples = resolve(import.meta.dirname, '../../../shared/data/odcs/docs/examples');
const isPresent = existsSync(examples);
/** In `test:long` each table. */
const isLong = process.env.LONG !== undefined;

describe.skipIf(!isPresent)('RND-4: the own examples of the standard (skipped where absent)', () => {
  const files = isPresent
    ? readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'))
    : [];

  test('are all there', () => {
    expect(files).toHaveLength(18);
  });

  test.each(files)(
    '%s goes through lint, render and diff',
    async (name) => {
      const file = join(examples, name);
      const { schema = [] } = parse(readFileSync(file, 'utf8')) as { schema?: readonly object[] };
      const hasTables = schema.length > 0;
      expect([0, 1]).toContain((await run(['lint', file])).code);
      for (const kind of RENDER_KINDS) {
        const { code, err } = await run(['render', kind, file]);
        expect([kind, code, err]).toEqual([
          kind,
          hasTables ? 0 : 2,
          hasTables ? '' : 'headgate: the contracts declare no table\n',
        ]);
      }
      expect(await run(['diff', file, file])).toMatchObject({
        code: 0,
        out: '1 contract: nothing changed\n',
      });
    },
    60_000,
  );

  test.each(files)(
    '%s: each table is mocked, and check admits the file; or mock says why no file can keep it',
    async (name) => {
      const file = join(examples, name);
      const { schema = [] } = parse(readFileSync(file, 'utf8')) as {
        schema?: readonly { name: string; physicalName?: string; properties?: readonly object[] }[];
      };
      // One example has 68 tables, and is read anew for each.
      const every = isLong ? 1 : Math.ceil(schema.length / 6);
      for (const { name: logical, physicalName: table = logical, properties } of schema.filter(
        (_, index) => index % every === 0,
      )) {
        const out = folderOf({});
        const mocked = await run(['mock', table, '--contracts', file, '--rows', '40', '--out', out]);
        const [said] = mocked.err.split(':').slice(1);
        if (mocked.code !== 0) {
          const why = properties
            ? `no file can keep table ${table}`
            : `table ${table} has no columns to write`;
          expect([table, mocked.code, said?.trim()]).toEqual([table, 2, why]);
          continue;
        }
        const args = ['check', out, '--contract', file, '--table', table];
        expect([table, await run(args)]).toMatchObject([table, { code: 0, err: '' }]);
      }
    },
    120_000,
  );
});
