import type { Command } from 'commander';
import type { ExitCode, Terminal } from '../run.ts';
import { acting, examples, reading } from './lake-commands.ts';

type Run = <Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>;

/** The commands on emergency waivers. */
export function addBreakGlassCommands(program: Command, terminal: Terminal, run: Run): void {
  const breakGlass = program
    .command('break-glass')
    .description('waive a rule for some hours, in your name, where the contract cannot be changed in time')
    .addHelpText('after', examples('break-glass list', 'break-glass revoke 3f9c'));
  acting(
    breakGlass
      .command('grant')
      .description('let one rule at one place pass; the table’s channel is told, and it ends by itself')
      .argument('<table>', 'table, or database.table')
      .argument('<rule>', 'rule id, as the finding names it; none about the file as a whole')
      .argument('[path]', 'place, as the finding names it; leave it out only where the finding has none')
      .requiredOption('--until <time>', 'at most 24 hours ahead: 4h, or 2026-06-15T18:00:00Z')
      .requiredOption('--reason <text>', 'why, in at least 10 characters'),
    'say what would be granted, and change nothing',
  )
    .addHelpText(
      'after',
      `${examples(
        'break-glass grant orders type-changed total --until 4h --reason "month end, ticket 4711"',
        'break-glass grant orders type-changed total --until 4h --reason "month end" --deployment headgate.json',
      )}
Files that are judged from now on pass; what is held already goes on by \`headgate quarantine release\`.
What lasts longer than a day is a waiver in the contract.`,
    )
    .action(
      run(async (table, rule, path, options) =>
        (await import('./break-glass.ts')).runBreakGlassGrant([table, rule, path], options, terminal),
      ),
    );
  reading(
    breakGlass
      .command('list', { isDefault: true })
      .description('the grants that run now')
      .option(
        '--all',
        'also who did what, when: grants, releases, purges and all else that people did',
        false,
      ),
  )
    .addHelpText('after', examples('break-glass list', 'break-glass list --all --format json'))
    .action(run(async (options) => (await import('./break-glass.ts')).runBreakGlassList(options, terminal)));
  acting(
    breakGlass
      .command('revoke')
      .description('end a grant now; what was admitted by it stays')
      .argument('<id>', 'id, or its first characters: four or more'),
    'say what would be revoked, and change nothing',
  )
    .addHelpText('after', examples('break-glass revoke 3f9c'))
    .action(
      run(async (id, options) =>
        (await import('./break-glass.ts')).runBreakGlassRevoke(id, options, terminal),
      ),
    );
}
