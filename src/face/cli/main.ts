import { Command, CommanderError, Option } from 'commander';
import { type ErrorCode, HeadgateError } from '../../error.ts';
import { SEVERITIES } from '../../judge/contract/vocabulary.ts';
import { safeText } from '../../text/safe.ts';
import { addAuditCommand } from './audit/audit-command.ts';
import { addContractCommands } from './contract/contract-commands.ts';
import { addJudgingOptions } from './files/judging-options.ts';
import { addBreakGlassCommands } from './lake/break-glass-commands.ts';
import { addDoctorCommand } from './lake/doctor-command.ts';
import { addLakeCommands } from './lake/lake-commands.ts';
import { addPlanCommands } from './plan/plan-commands.ts';
import { addRegistryCommands } from './registry/registry-commands.ts';
import { type ExitCode, FORMATS, type Terminal, UsageError } from './run.ts';

export interface MainInput {
  /** Without node and script. */
  readonly args: readonly string[];
  readonly terminal: Terminal;
}

/** Runs one command. Each command's code is loaded only when it is called, so that `--help` is quick. */
export async function main({ args, terminal }: MainInput): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = buildProgram(terminal, (result) => {
    code = result;
  });
  try {
    if (args.length === 0) {
      program.outputHelp();
      return 2;
    }
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (cause) {
    const failed = toExitCode(cause, terminal);
    // Terraform's codes: 2 says that there are changes, so nothing else may.
    return failed !== 0 && args.includes('--detailed-exitcode') ? 1 : failed;
  }
}

/** What the call names cannot be used: not that work could not be done. */
const CALLERS_MISTAKES: ReadonlySet<ErrorCode> = new Set([
  'NO_CONTRACT',
  'AMBIGUOUS_TABLE',
  'NOT_IMPORTABLE',
]);

function toExitCode(cause: unknown, terminal: Terminal): ExitCode {
  if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
  if (cause instanceof UsageError) {
    terminal.err(`headgate: ${safeText(cause.message, 1024)}\n`);
    return 2;
  }
  if (cause instanceof HeadgateError) {
    terminal.err(`headgate: ${safeText(cause.message, 1024)} (${cause.code})\n`);
    return CALLERS_MISTAKES.has(cause.code) ? 2 : 3;
  }
  const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  terminal.err(`headgate: failed inside Headgate, please report it: ${reason}\n`);
  return 3;
}

/** All commands; `finish` is told the exit code of the one that ran. */
export function buildProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command('headgate')
    .description(
      'Judges Parquet files by their footers, against their contract and against what Athena can read, and guards a lake by it.',
    )
    .version(terminal.version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText(
      'after',
      `
Examples:
  headgate check landing/orders --contract schemas/orders.odcs.yaml
  headgate diff --against origin/main
  headgate dev --lake lake --contracts schemas`,
    )
    .showSuggestionAfterError()
    .showHelpAfterError('run `headgate --help` for what there is');

  const run =
    <Args extends readonly unknown[]>(action: (...args: Args) => Promise<ExitCode>) =>
    async (...args: Args) =>
      finish(await action(...args));

  withOutput(
    addJudgingOptions(
      program
        .command('check')
        .description('judge Parquet files: what keeps the contract, what does not, and what Athena would do')
        .argument(
          '<path...>',
          'files, folders (walked), globs, or objects and prefixes of S3 (s3://bucket/key)',
        ),
    )
      .option('--endpoint-url <url>', 'S3 endpoint other than that of AWS')
      .option('--profile <name>', 'profile of the AWS configuration files')
      .option('--region <name>', 'AWS region')
      .addHelpText(
        'after',
        `
Examples:
  headgate check landing/orders --contract schemas/orders.odcs.yaml
  headgate check 'landing/**/*.parquet' --format sarif > findings.sarif
  headgate check landing --contracts schemas --format html > report.html
  headgate check s3://landing/orders/dt=2026-11-01/ --profile analyst`,
      ),
  ).action(
    run(async (paths, options) => (await import('./files/check.ts')).runCheck(paths, options, terminal)),
  );
  addAuditCommand(program, run, terminal);

  withOutput(
    program
      .command('lint')
      .description('read contracts and say everything that is wrong with them, with line numbers')
      .argument('[path...]', 'contract files or folders', ['schemas'])
      .option('--env <name>', 'environment whose servers count')
      .option('--lenient', 'take unknown keys as warnings', false)
      .addHelpText(
        'after',
        '\nExamples:\n  headgate lint\n  headgate lint schemas/orders.odcs.yaml --format github',
      ),
  ).action(
    run(async (paths, options) => (await import('./contract/lint.ts')).runLint(paths, options, terminal)),
  );

  program
    .command('rules')
    .description('list every rule with its default severity')
    .addOption(
      new Option('--format <format>', 'output format').choices(['text', 'json', 'markdown']).default('text'),
    )
    .addHelpText('after', '\nExamples:\n  headgate rules\n  headgate rules --format json')
    .action(run(async (options) => (await import('./contract/rules.ts')).runRules(options.format, terminal)));

  program
    .command('explain')
    .description('say what a rule finds, why it matters, and what to do')
    .argument('<rule>', 'rule id, or a row of the readability table such as K12')
    .addHelpText('after', '\nExamples:\n  headgate explain type-changed\n  headgate explain K12')
    .action(run(async (rule) => (await import('./contract/rules.ts')).runExplain(rule, terminal)));

  program
    .command('schema')
    .description(
      'print a JSON Schema of contracts and their policy, by which editors complete and check them',
    )
    .addOption(new Option('--format <format>', 'output format').choices(['json', 'markdown']).default('json'))
    .addHelpText(
      'after',
      `
Put this line at the top of a contract, where schemas/headgate.schema.json is what the first example writes:
  # yaml-language-server: $schema=headgate.schema.json

Examples:
  headgate schema > schemas/headgate.schema.json
  headgate schema --format markdown       # every policy key: its words, its default, an example`,
    )
    .action(
      run(async (options) => (await import('./contract/schema.ts')).runSchema(options.format, terminal)),
    );

  addLakeCommands(program, terminal, run);
  addPlanCommands(program, terminal, run);
  addDoctorCommand(program, terminal, run);
  addBreakGlassCommands(program, terminal, run);
  addRegistryCommands(program, terminal, run);

  program
    .command('demo')
    .description(
      'make a small lake, guard it, and see with DuckDB what a drifted file would have done to its readers',
    )
    .option('--out <dir>', 'folder for everything the demo writes', 'out')
    .option('--contracts <dir>', 'folder of the example contracts', 'schemas')
    .addHelpText('after', '\nExamples:\n  headgate demo\n  headgate demo --out /tmp/headgate-demo')
    .action(
      run(async (options) => (await import('./demo-command.ts')).runDemoCommand(options, terminal, main)),
    );

  addContractCommands(program, run, terminal);
  return program;
}

function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'output format').choices([...FORMATS]).default('text'))
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on')
        .choices([...SEVERITIES])
        .default('error'),
    )
    .option('--verbose', 'list every file and finding, also those that share one cause', false);
}
