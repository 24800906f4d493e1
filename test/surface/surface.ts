import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ERROR_CODES } from '../../src/error.ts';
import { buildProgram } from '../../src/face/cli/main.ts';
import type { Terminal } from '../../src/face/cli/run.ts';
import { RULE_IDS } from '../../src/judge/contract/vocabulary.ts';
import { KINDS } from '../../src/run/catalog/difference.ts';
import { EVENT_SCHEMAS } from '../../src/run/message/event-schemas.ts';
import { CHECKS } from '../../src/tools/doctor/catalogue.ts';

const TERMINAL: Omit<Terminal, 'version'> = {
  out: () => undefined,
  err: () => undefined,
  isInteractive: false,
  hasColor: false,
  now: () => '2026-06-15T12:00:00.000Z',
};

/**
 * All that somebody outside can name, a line each: what is moved or written anew inside must not lose one, and what is new shows
 * in review.
 */
export function surface(): string {
  const program = buildProgram({ ...TERMINAL, version: '0' }, () => undefined);
  const lines = [
    ...commandLines(program, ''),
    ...RULE_IDS.map((id) => `rule ${id}`),
    ...Object.keys(EVENT_SCHEMAS).map((type) => `event ${type}`),
    ...Object.keys(CHECKS).map((id) => `doctor ${id}`),
    ...Object.keys(KINDS).map((kind) => `catalog-difference ${kind}`),
    ...Object.keys(ERROR_CODES).map((code) => `error ${code}`),
    ...exportLines('headgate', '../../src/index.ts'),
    ...exportLines('headgate/cdk', '../../infra/index.ts'),
  ];
  return `${lines.toSorted().join('\n')}\n`;
}

function commandLines(command: Command, above: string): readonly string[] {
  const name = above === '' ? command.name() : `${above} ${command.name()}`;
  return [
    `command ${[name, ...command.registeredArguments.map((argument) => `<${argument.name()}>`)].join(' ')}`,
    ...command.options.map(({ flags }) => `flag ${name} ${flags}`),
    ...command.commands.flatMap((inner) => commandLines(inner, name)),
  ];
}

/** The names that a module exports, types too: by its text, since types are gone when it runs. */
function exportLines(module: string, path: string): readonly string[] {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  const listed = [...text.matchAll(/export (?:type )?\{([^}]*)\}/gu)].flatMap(([, names = '']) =>
    names.split(','),
  );
  const declared = [...text.matchAll(/export (?:interface|type|const|function|class) (\w+)/gu)].map(
    ([, name = '']) => name,
  );
  return [...listed, ...declared]
    .map((name) => name.replace(/^\s*type /u, '').trim())
    .filter((name) => name !== '')
    .map((name) => `export ${module} ${name}`);
}
