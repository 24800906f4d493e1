import { type Command, Option } from 'commander';
import type { ExitCode, Terminal } from '../run.ts';

type Run = <Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>;

/** The commands on a deployment's contract registry. */
export function addRegistryCommands(program: Command, terminal: Terminal, run: Run): void {
  const registry = program
    .command('registry')
    .description('new versions of deployed contracts, without a deploy')
    .addHelpText('after', '\nExamples:\n  $ headgate registry --deployment headgate.json');
  onDeployment(
    registry
      .command('list', { isDefault: true })
      .description('every version that the deployment knows, and which one files are judged by'),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ headgate registry list --deployment headgate.json
Columns: state (active, accepted, known, rolled-back), contract, version, where from, tables, published at, by.`,
    )
    .action(run(async (options) => (await import('./registry.ts')).runRegistryList(options, terminal)));
  onDeployment(
    registry
      .command('publish')
      .description('make newer versions of deployed contracts count, by all functions within a minute')
      .argument('[path...]', 'contract files or folders', ['schemas']),
  )
    .option('--allow-breaking', 'also what breaks the compatibility that the contract promises', false)
    .option('--dry-run', 'say what would be published, and write nothing', false)
    .addHelpText(
      'after',
      `
Examples:
  $ headgate registry publish --deployment headgate.json --dry-run
  $ headgate registry publish schemas/orders.odcs.yaml --deployment headgate.json
A new table, prefix or mode is refused: roles and rules are made by a deploy.
Exit: 0 published or unchanged, 1 refused, 2 contracts that cannot be used, 3 the registry could not be read or written.`,
    )
    .action(
      run(async (paths, options) =>
        (await import('./registry.ts')).runRegistryPublish(paths, options, terminal),
      ),
    );
  onDeployment(
    registry
      .command('rollback')
      .description('go back to a version that was published before, or forward to one that was taken back')
      .argument('<table>', 'table, or database.table; all tables of its contract go back')
      .argument('<version>', 'the version that shall count'),
  )
    .option('--dry-run', 'say what would count, and write nothing', false)
    .addHelpText(
      'after',
      `
Examples:
  $ headgate registry rollback orders 1.3.0 --deployment headgate.json
What was held meanwhile is judged again by \`headgate quarantine release\`; the catalog follows by \`headgate apply\`.`,
    )
    .action(
      run(async (table, version, options) =>
        (await import('./registry.ts')).runRegistryRollback(table, version, options, terminal),
      ),
    );
}

function onDeployment(command: Command): Command {
  return command
    .requiredOption('--deployment <file>', 'the deployment on AWS that the stack wrote down')
    .option(
      '--deployed <path>',
      'the contracts of the deploy, compiled (JSON) or the folder that it read (default: what the deployment names)',
    )
    .option('--env <name>', 'environment whose servers count, for a folder of --deployed')
    .option('--endpoint-url <url>', 'endpoint other than that of AWS')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--region <name>', 'AWS region')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'));
}
