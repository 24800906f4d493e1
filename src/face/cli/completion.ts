import type { Command } from 'commander';
import type { ExitCode, Terminal } from './run.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** A command as completion needs it: its words are subcommands, options and the choices of its first argument. */
interface Entry {
  readonly name: string;
  readonly description: string;
  readonly words: readonly string[];
  readonly options: readonly { readonly flag: string; readonly description: string }[];
}

/** `headgate completion SHELL`: a script that completes commands, options and fixed words, made from the commands themselves. */
export async function runCompletion(shell: Shell, program: Command, terminal: Terminal): Promise<ExitCode> {
  const entries = program.commands.map(toEntry);
  terminal.out(shell === 'fish' ? fishScript(entries) : bashScript(entries, shell));
  return 0;
}

function toEntry(command: Command): Entry {
  const options = [command, ...command.commands].flatMap((each) =>
    each.options.flatMap(({ long, description }) => (long ? [{ flag: long, description }] : [])),
  );
  const unique = [...new Map(options.map((option) => [option.flag, option])).values()];
  return {
    name: command.name(),
    description: command.description(),
    words: [
      ...command.commands.map((each) => each.name()),
      ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    ],
    options: unique,
  };
}

/** zsh understands bash's completion after `bashcompinit`. */
function bashScript(entries: readonly Entry[], shell: Shell): string {
  const cases = entries.map(
    ({ name, words, options }) =>
      `    ${name}) words="${[...words, ...options.map(({ flag }) => flag)].join(' ')}" ;;`,
  );
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_headgate() {',
    '  local current="$' + '{COMP_WORDS[COMP_CWORD]}" words=""',
    '  case "$' + '{COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    `  [ "$COMP_CWORD" -eq 1 ] && words="${entries.map(({ name }) => name).join(' ')}"`,
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  [ "$' + '{#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))',
    '}',
    'complete -o filenames -F _headgate headgate',
    '',
  ].join('\n');
}

function fishScript(entries: readonly Entry[]): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/gu, (match) => `\\${match}`)}'`;
  return entries
    .flatMap(({ name, description, words, options }) => {
      const here = `-n '__fish_seen_subcommand_from ${name}'`;
      return [
        `complete -c headgate -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
        ...words.map((word) => `complete -c headgate ${here} -a ${word}`),
        ...options.map(
          ({ flag, description: about }) =>
            `complete -c headgate ${here} -l ${flag.slice(2)} -d ${quoted(about)}`,
        ),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}
