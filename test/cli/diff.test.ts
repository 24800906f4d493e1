import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/face/cli/main.ts';
import { contractText } from '../support/contract-text.ts';
import { folderOf, writeInto } from '../support/folder.ts';
import { run } from '../support/run-cli.ts';

const BASE = contractText('- { name: id, physicalType: bigint }\n- { name: amt, physicalType: double }');
const version = (text: string, number: string) => text.replace('version: 1.0.0', `version: ${number}`);
const NARROWED = BASE.replace('bigint', 'int');

/** A repository whose first commit has the given files. */
function repositoryOf(files: Readonly<Record<string, string>>): string {
  const folder = folderOf(files);
  git(folder, 'init', '-q', '-b', 'main');
  commit(folder);
  return folder;
}

function git(folder: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
}

function commit(folder: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'a commit');
}

describe('REV-6: headgate diff', () => {
  test('two files: a plan, what a query does, and the version that must come', async () => {
    const folder = folderOf({ 'old.yaml': BASE, 'new.yaml': NARROWED });
    const { code, out } = await run(['diff', join(folder, 'old.yaml'), join(folder, 'new.yaml')]);
    expect(code).toBe(1);
    expect(out).toContain('~ error   type-narrowed at t.id: bigint → int');
    expect(out).toContain('old files, new table: the query fails (');
    expect(out).toMatch(
      /\n2 changes, 1 breaking, 2 not allowed, 0 warnings; .*next version must be 2\.0\.0 \(major since 1\.0\.0\)\n$/u,
    );
  });

  test('nothing changed, and a break that the version admits to is still told', async () => {
    const folder = folderOf({ 'a.yaml': BASE, 'b.yaml': version(NARROWED, '2.0.0') });
    const [a, b] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
    expect(await run(['diff', a, a])).toMatchObject({ code: 0, out: '1 contract: nothing changed\n' });
    const { code, out } = await run(['diff', a, b, '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      summary: { contracts: 1, changes: 1, errors: 1, warnings: 0 },
      contracts: [
        {
          level: 'major',
          nextVersion: '2.0.0',
          changes: [
            {
              rule: 'type-narrowed',
              path: 'id',
              breaks: ['backward'],
              backward: [{ rule: 'type-widened', effect: 'query-fails', reference: 'K30' }],
            },
          ],
        },
      ],
    });
  });

  test('proposes the accept entry that makes a new column compatible', async () => {
    const added = version(`${BASE.trimEnd()}\n      - { name: note, physicalType: string }\n`, '1.1.0');
    const folder = folderOf({ 'a.yaml': BASE, 'b.yaml': added });
    const paths = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
    const before = await run(['diff', ...paths]);
    expect(before.code).toBe(1);
    expect(before.out).toContain('- { version: "1.0.0", until: "2026-09-13" }');
    const pasted = added.replace(
      '    properties:',
      '    customProperties: [{ property: headgate, value: { accept: [{ version: "1.0.0", until: "2026-09-13" }] } }]\n    properties:',
    );
    writeInto(folder, { 'b.yaml': pasted });
    expect(await run(['diff', ...paths])).toMatchObject({ code: 0 });
    expect(await run(['diff', ...paths, '--fail-on', 'warning'])).toMatchObject({ code: 1 });
  });

  test('against a git ref, folders by id; new and vanished contracts are told', async () => {
    const folder = repositoryOf({
      'schemas/t.yaml': BASE,
      'schemas/gone.yaml': BASE.replace('c-1', 'c-2').replaceAll('/t/', '/u/'),
    });
    rmSync(join(folder, 'schemas/gone.yaml'));
    writeInto(folder, {
      'schemas/t.yaml': version(NARROWED, '1.1.0'),
      'schemas/extra.yaml': BASE.replace('c-1', 'c-3').replaceAll('/t/', '/x/'),
    });
    const schemas = join(folder, 'schemas');
    const { code, out } = await run(['diff', '--against', 'main', schemas]);
    expect(code).toBe(1);
    expect(out).toContain('type-narrowed at t.id');
    expect(out).toMatch(/\+ .*extra\.yaml 1\.0\.0: a new contract/u);
    expect(out).toMatch(/- .*gone\.yaml 1\.0\.0: this contract is gone/u);
    const github = await run(['diff', '--against', 'HEAD', join(schemas, 't.yaml'), '--format', 'github']);
    const line = NARROWED.split('\n').findIndex((text) => text.includes('name: id')) + 1;
    expect(github.out).toContain(`t.yaml,line=${line},col=9,title=type-narrowed at t.id::`);
    const markdown = await run([
      'diff',
      '--against',
      'HEAD',
      join(schemas, 't.yaml'),
      '--format',
      'markdown',
    ]);
    expect(markdown.out).toContain('| ⛔ | `type-narrowed` | `t.id` | bigint | int |');
  });

  test('REV-4: an _all mode walks the history of the ref', async () => {
    const all = (text: string, number: string) =>
      version(text, number).replace(
        '    properties:',
        '    customProperties: [{ property: headgate, value: { compatibility: backward_all } }]\n    properties:',
      );
    const folder = repositoryOf({ 't.yaml': all(BASE, '1.0.0') });
    writeInto(folder, { 't.yaml': all(NARROWED, '2.0.0') });
    commit(folder);
    writeInto(folder, { 't.yaml': all(NARROWED, '2.0.1') });
    const { code, out } = await run(['diff', '--against', 'HEAD', join(folder, 't.yaml')]);
    expect(code).toBe(1);
    expect(out).toContain('type-narrowed at t.id: bigint → int  (against 1.0.0)');
  });

  test('REV-5: asks about a rename on a terminal, and takes the answer', async () => {
    const folder = folderOf({ 'a.yaml': BASE, 'b.yaml': version(BASE.replace('amt', 'amount'), '2.0.0') });
    const questions: string[] = [];
    const terminal = (answer: boolean, print: (text: string) => void) => ({
      out: print,
      err: () => undefined,
      isInteractive: true,
      hasColor: false,
      now: () => '2026-06-15T12:00:00Z',
      version: '9.9.9',
      ask: async (question: string) => {
        questions.push(question);
        return answer;
      },
    });
    const args = ['diff', join(folder, 'a.yaml'), join(folder, 'b.yaml')];
    let [yes, no] = ['', ''];
    await main({ args, terminal: terminal(true, (text) => (yes += text)) });
    await main({ args, terminal: terminal(false, (text) => (no += text)) });
    expect(questions[0]).toBe('t: was amt renamed to amount?');
    expect(yes).toContain('column-renamed at t.amount: amt → amount');
    expect(no).toContain('column-removed at t.amt');
    expect(no).not.toContain('previousNames');
    // What was answered is written down for the next time, and for where nobody answers.
    expect(yes).toContain('so that nobody is asked again');
    expect(yes).toContain('{ property: previousNames, value: ["amt"] }');
    expect(questions).toHaveLength(2);
  });

  test('REV-5: where nobody is there it says how to answer, and takes --assume-renames for a yes', async () => {
    const folder = folderOf({ 'a.yaml': BASE, 'b.yaml': version(BASE.replace('amt', 'amount'), '2.0.0') });
    const args = ['diff', join(folder, 'a.yaml'), join(folder, 'b.yaml')];
    const open = await run(args);
    expect(open.out).toContain('column-removed at t.amt');
    expect(open.out).toContain(
      'amt may be amount now: where it is, say so on the new column, or to this command',
    );
    expect(open.out).toContain('{ property: previousNames, value: ["amt"] }');
    const assumed = await run([...args, '--assume-renames', '--format', 'json']);
    expect(assumed.code).toBe(1);
    const [contract] = JSON.parse(assumed.out).contracts;
    expect(contract.changes).toMatchObject([
      { rule: 'column-renamed', path: 'amount', expected: 'amt', actual: 'amount' },
    ]);
    expect(contract.proposals.map(({ why }: { readonly why: string }) => why)).toContain(
      'amt is amount now: say so on the new column, so that nobody is asked again',
    );
  });
});

describe('REV-7: what cannot be compared', () => {
  test('a ref that is no commit, one that looks like an option, a path outside of any repository', async () => {
    const folder = repositoryOf({ 't.yaml': BASE });
    const file = join(folder, 't.yaml');
    const unknown = await run(['diff', '--against', 'no-such-branch', file]);
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('no-such-branch is not a commit of this repository');
    expect(await run(['diff', '--against=--output=x', file])).toMatchObject({ code: 2 });
    const outside = await run(['diff', '--against', 'main', join(folderOf({ 't.yaml': BASE }), 't.yaml')]);
    expect(outside.code).toBe(3);
    expect(outside.err).toContain('GIT_FAILED');
  });

  test('a contract that the base has not, and a base that is broken', async () => {
    const folder = repositoryOf({ 'other.yaml': BASE, 'broken.yaml': 'kind: [' });
    writeInto(folder, { 'new.yaml': BASE });
    const missing = await run(['diff', '--against', 'HEAD', join(folder, 'new.yaml')]);
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('HEAD has no contract to compare with');
    writeInto(folder, { 'schemas/first.yaml': BASE });
    const first = await run(['diff', '--against', 'HEAD', join(folder, 'schemas')]);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/\+ .*first\.yaml 1\.0\.0: a new contract/u);
    const broken = await run(['diff', '--against', 'HEAD', join(folder, 'broken.yaml')]);
    expect(broken).toMatchObject({ code: 2, err: '' });
    expect(broken.out).toContain('yaml-syntax');
    expect(await run(['diff'])).toMatchObject({ code: 2 });
    expect(await run(['diff', 'a', 'b', 'c'])).toMatchObject({ code: 2 });
  });
});
