import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALARMS, type AlarmId } from '../../lambdas/alarms.ts';
import { run } from '../support/run-cli.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');
const runbook = read('docs/runbook.md');
const PAGES = ['docs/runbook.md', 'docs/adopting.md'] as const;

/** The text below a heading, to the next of its kind. */
function section(text: string, heading: string): string | undefined {
  const [, body] = text.split(new RegExp(`^${heading}$`, 'mu'));
  return body?.split(/^#{2,3} /mu)[0];
}

/** Commands of ours on a page, in fences, tables and lines: each as its words, without what a shell or a page adds. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/(?:^|[`$(\s])headgate ((?:[a-z-]+)(?: [^`\n|#]*)?)/gmu)]
    .map(([, words = '']) => words.replace(/\s+#.*$/u, '').trim())
    .filter((words) => words !== '' && !/^(?:is|has|does|itself)\b/u.test(words))
    .map((words) => words.split(/\s+/u));
}

describe('OPS-2 the runbook', () => {
  test.each(Object.keys(ALARMS) as AlarmId[])(
    '%s has a section: what it means, how to see, what to do',
    (id) => {
      const body = section(runbook, `### ${id}`) ?? '';
      for (const part of ['**Means**', '**See**', '**Do**']) expect(body).toContain(part);
    },
  );
  test('it has no section for an alarm that is not there', () => {
    const [, alarms = ''] = runbook.split('\n## Alarms\n');
    const headings = [...(alarms.split(/^## /mu)[0] ?? '').matchAll(/^### (\w+)$/gmu)].map(([, id]) => id);
    expect(headings).toEqual(Object.keys(ALARMS));
  });
  test.each(PAGES.map((page) => [page] as const))('%s links to headings that are there', (page) => {
    const text = read(page);
    const anchors = new Set(
      [...text.matchAll(/^#+ (.+)$/gmu)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w -]/gu, '')
          .replaceAll(' ', '-'),
      ),
    );
    const links = [...text.matchAll(/\]\(#([\w-]+)\)/gu)].map(([, anchor = '']) => anchor);
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });
});

describe('OPS-2 commands on the pages for operators', () => {
  const commands = [...PAGES, 'docs/doctor.md'].flatMap((page) =>
    commandsIn(read(page).replaceAll('\\', '')).map((words) => [words.join(' '), words] as const),
  );

  test.each(
    PAGES.flatMap((page) =>
      [...read(page).matchAll(/^ *```sh\n([\s\S]*?)^ *```/gmu)].map(
        ([, script = '']) => [page, script] as const,
      ),
    ),
  )('%s: a shell reads what is to be pasted (case %#)', (_, script) => {
    expect(execFileSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toBe('');
  });

  test('there are many, and the ones that matter are among them', () => {
    const names = commands.map(([text]) => text);
    expect(commands.length).toBeGreaterThan(25);
    for (const start of [
      'doctor --deployment',
      'redrive QUEUE',
      'quarantine release',
      'breaker close',
      'alert test',
    ])
      expect(names.some((name) => name.startsWith(start))).toBe(true);
  });

  test.each([...new Map(commands)])('headgate %s exists, with its options', async (_, words) => {
    const path = words.slice(
      0,
      /^(?:quarantine|incident|breaker|alert|registry|break-glass)$/u.test(words[0] ?? '') ? 2 : 1,
    );
    const { code, out } = await run([...path, '--help']);
    expect(code).toBe(0);
    // The help of that very command, not of one above it.
    expect(out).toMatch(new RegExp(`^Usage: headgate ${path.join(' ')}(?: |$)`, 'mu'));
    for (const option of words.filter((word) => word.startsWith('--'))) expect(out).toContain(option);
  });
});
