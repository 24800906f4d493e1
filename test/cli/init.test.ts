import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { folderOf } from '../support/folder.ts';
import { run } from '../support/run-cli.ts';

describe('INI-1: headgate init', () => {
  test('writes a contract that lints clean, and can be mocked, checked and rendered at once', async () => {
    const folder = folderOf({});
    const { code, out } = await run(['init', folder, '--table', 'events', '--bucket', 'acme-lake']);
    expect(code).toBe(0);
    const contract = join(folder, 'schemas/events.odcs.yaml');
    const workflow = join(folder, '.github/workflows/headgate.yml');
    const editorSchema = join(folder, 'schemas/headgate.schema.json');
    expect(out).toBe(`${contract}\n${editorSchema}\n${workflow}\n`);
    // An editor finds beside the contract what completes it.
    const [, named = ''] =
      /^# yaml-language-server: \$schema=(.*)\n/u.exec(readFileSync(contract, 'utf8')) ?? [];
    expect(join(folder, 'schemas', named)).toBe(editorSchema);
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync(editorSchema, 'utf8')) as object,
    );
    expect(validate(parse(readFileSync(contract, 'utf8')))).toBe(true);
    expect(await run(['lint', join(folder, 'schemas')])).toMatchObject({ code: 0 });
    expect(await run(['lint', contract, '--fail-on', 'warning'])).toMatchObject({ code: 0 });
    await run(['mock', 'events', '--contracts', contract, '--rows', '50', '--out', join(folder, 'mock')]);
    expect((await run(['check', join(folder, 'mock'), '--contract', contract])).code).toBe(0);
    expect((await run(['render', 'ddl', contract])).out).toContain("LOCATION 's3://acme-lake/events/'");
    const { jobs } = parse(readFileSync(workflow, 'utf8')) as {
      jobs: { headgate: { steps: { run?: string; env?: object }[] } };
    };
    const diff = jobs.headgate.steps.at(-1);
    expect([diff?.run, diff?.env]).toEqual([
      'npx --yes headgate diff --against "origin/$BASE" --format github',
      { BASE: ['$', '{{ github.base_ref }}'].join('') },
    ]);
  });

  test('touches nothing that is there, and takes no name that leads elsewhere', async () => {
    const folder = folderOf({ 'schemas/orders.odcs.yaml': 'mine' });
    const again = await run(['init', folder]);
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain('is there already: nothing was written');
    expect(readFileSync(join(folder, 'schemas/orders.odcs.yaml'), 'utf8')).toBe('mine');
    expect(await run(['init', folder, '--table', '../evil'])).toMatchObject({ code: 2, out: '' });
  });
});

describe('INI-2: headgate completion', () => {
  /** What bash would offer after these words. */
  const offered = (script: string, ...words: readonly string[]) =>
    execFileSync(
      'bash',
      [
        '--norc',
        '-c',
        `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _headgate; printf '%s\\n' "\${COMPREPLY[@]}"`,
        '-',
        ...words,
      ],
      { encoding: 'utf8' },
    )
      .trim()
      .split('\n');

  test('bash offers commands, options, fixed words and files', async () => {
    const { code, out } = await run(['completion', 'bash']);
    expect(code).toBe(0);
    expect(offered(out, 'headgate', 'mo')).toEqual(['mock']);
    expect(offered(out, 'headgate', 'diff', '--ag')).toEqual(['--against', '--against-data']);
    expect(offered(out, 'headgate', 'render', 'k')).toEqual(['kiro']);
    expect(offered(out, 'headgate', 'lint', 'package.js')).toEqual(['package.json']);
    expect(offered(out, 'headgate', '')).toEqual(
      expect.arrayContaining(['check', 'lint', 'diff', 'import', 'completion']),
    );
  });

  test('zsh loads the same; fish has a line for each option', async () => {
    expect((await run(['completion', 'zsh'])).out).toMatch(
      /^autoload -U \+X bashcompinit && bashcompinit\n_headgate\(\)/u,
    );
    const fish = (await run(['completion', 'fish'])).out;
    expect(fish).toContain("complete -c headgate -n '__fish_seen_subcommand_from diff' -l against -d ");
    expect(fish.split('\n').every((line) => line === '' || line.startsWith('complete -c headgate '))).toBe(
      true,
    );
    expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 2 });
  });
});
