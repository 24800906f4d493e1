import { type Command, Option } from 'commander';
import { SEVERITIES } from '../../../judge/contract/vocabulary.ts';
import type { Terminal } from '../run.ts';
import { examples, type Run } from './lake-commands.ts';

export function addDoctorCommand(program: Command, terminal: Terminal, run: Run): void {
  program
    .command('doctor')
    .description('look at an account on AWS, deployed or planned, for what would leave a table unguarded')
    .option(
      '--deployment <file>',
      'the deployment that the stack wrote down (without it: what contracts name)',
    )
    .option('--contracts <dir>', 'folder of contracts', 'schemas')
    .option('--env <name>', 'environment whose servers count')
    .addOption(
      new Option('--format <format>', 'output format').choices(['text', 'json', 'markdown']).default('text'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on')
        .choices([...SEVERITIES])
        .default('error'),
    )
    .option('--list', 'list what is looked for, and look at nothing', false)
    .option('--endpoint-url <url>', 'endpoint other than that of AWS')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--region <name>', 'AWS region')
    .addHelpText(
      'after',
      `${examples(
        'doctor --deployment headgate.json',
        'doctor --contracts schemas --env prod     # before anything is deployed',
        'doctor --deployment headgate.json --format markdown > doctor.md',
        'doctor --list',
      )}
Only reads (Get*, List* and Describe* calls), under the caller's own rights; what it may not read is told as not checked.
Exit: 0 clean, 1 findings, 2 usage or unusable contract, 3 something could not be checked.`,
    )
    .action(run(async (options) => (await import('./doctor.ts')).runDoctor(options, terminal)));
}
