import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../src/face/cli/main.ts';
import { run } from '../support/run-cli.ts';

const terminal = {
  out: () => undefined,
  err: () => undefined,
  isInteractive: false,
  hasColor: false,
  now: () => '',
  version: '1.0.0',
};

/** Every command by its words, those that only group others too. */
function commandsOf(command: Command, words: readonly string[] = []): readonly (readonly string[])[] {
  return command.commands.flatMap((each) => {
    const own = [...words, each.name()];
    return [own, ...commandsOf(each, own)];
  });
}

const commands = commandsOf(buildProgram(terminal, () => undefined));

describe('RUN-9: --help', () => {
  test('headgate itself shows examples', async () => {
    expect((await run(['--help'])).out).toMatch(/^Examples:\n {2}headgate /mu);
  });

  test('there are commands to look at', () => {
    expect(commands.map((words) => words.join(' '))).toEqual(
      expect.arrayContaining(['check', 'audit', 'quarantine', 'quarantine list', 'breaker close']),
    );
  });

  test.each(commands.map((words) => [words.join(' '), words] as const))(
    '%s shows examples of itself',
    async (name, words) => {
      const { code, out } = await run([...words, '--help']);
      expect(code).toBe(0);
      const [, examples = ''] = out.split(/^Examples?:\n/mu);
      expect(examples).toMatch(new RegExp(`^  .*headgate ${name}( |$)`, 'mu'));
    },
  );
});
