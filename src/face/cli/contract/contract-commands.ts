import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { DEPTHS, SEVERITIES } from '../../../judge/contract/vocabulary.ts';
import { REVISION_FORMATS } from '../../report/formats.ts';
import { IMPORT_KINDS } from '../import/import-kinds.ts';
import { perPartition, positive } from '../option-values.ts';
import type { ExitCode, Terminal } from '../run.ts';
import { RENDER_KINDS } from './render-kinds.ts';

/** Wraps a command's action so that its exit code is kept. */
type Run = <Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>;

/** The commands about the life of a contract: what it changes, what is derived from it, where it comes from. */
export function addContractCommands(program: Command, run: Run, terminal: Terminal): void {
  program
    .command('diff')
    .description('say what a new version of contracts breaks, by the rules that judge files')
    .argument('[path...]', 'BASE and REVISION, files or folders; with --against the new side only')
    .option('--against <ref>', 'compare with what a git ref has, e.g. origin/main')
    .option('--contracts <dir>', 'the new side, where none is named', 'schemas')
    .option('--lenient', 'take unknown keys as warnings', false)
    .option('--verbose', 'show also what the judge only notes', false)
    .option(
      '--assume-renames',
      'take a dropped and a new column that may be one for one; a terminal is asked',
      false,
    )
    .option(
      '--against-data <prefix>',
      'a folder, or s3://bucket/prefix/: which files there the change breaks that are good today',
    )
    .option('--env <name>', 'environment whose servers tell whose files these are')
    .option(
      '--sample <how>',
      'per-partition or per-partition:N: read N files of each partition (1)',
      perPartition,
    )
    .option('--limit <n>', 'look at so many files at most', positive)
    .addOption(
      new Option('--depth <depth>', 'with --against-data: how far files are looked into').choices([
        ...DEPTHS,
      ]),
    )
    .option('--endpoint-url <url>', 'S3 endpoint other than that of AWS')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--region <name>', 'AWS region')
    .addOption(
      new Option('--format <format>', 'output format').choices([...REVISION_FORMATS]).default('text'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on')
        .choices([...SEVERITIES])
        .default('error'),
    )
    .addHelpText(
      'after',
      `
Examples:
  headgate diff old/orders.odcs.yaml schemas/orders.odcs.yaml
  headgate diff --against origin/main                    # all of schemas/, in a pull request
  headgate diff --against v1.4.0 schemas/orders.odcs.yaml --format markdown
  headgate diff --against origin/main --assume-renames   # in CI, where nobody answers
  headgate diff --against origin/main --against-data s3://lake/ --sample per-partition --profile analyst`,
    )
    .action(
      run(async (paths, options) => {
        const { runDiff } = await import('./diff.ts');
        if (options.againstData === undefined) return runDiff(paths, options, terminal);
        const { onInterrupt } = await import('../interrupt.ts');
        return onInterrupt((signal) => runDiff(paths, options, terminal, signal));
      }),
    );

  program
    .command('render')
    .description('write the tables of contracts in another language')
    .addArgument(new Argument('<kind>', 'what to write').choices([...RENDER_KINDS]))
    .argument('[path...]', 'contract files or folders', ['schemas'])
    .option('--table <name>', 'this table only')
    .option('--env <name>', 'environment whose servers count')
    .option('--out <dir>', 'kiro: the folder of specs to write into, e.g. .kiro/specs')
    .option('--lenient', 'take unknown keys as warnings', false)
    .addHelpText(
      'after',
      `
Examples:
  headgate render ddl schemas/orders.odcs.yaml
  headgate render glue --table orders > table-input.json
  headgate render kiro --out .kiro/specs`,
    )
    .action(
      run(async (kind, paths, options) =>
        (await import('./render.ts')).runRender(kind, paths, options, terminal),
      ),
    );

  program
    .command('import')
    .description('write a contract from Parquet files, a CREATE TABLE statement or a Glue table')
    .addArgument(new Argument('<kind>', 'what to read').choices([...IMPORT_KINDS]))
    .argument(
      '<path>',
      'parquet: a file, folder or s3://bucket/prefix/; ddl: a file of statements; glue: DATABASE.TABLE, or a file with what `aws glue get-table` prints',
    )
    .option('--table <name>', "the table's name, or which of several")
    .option('--id <id>', "the contract's id (default: the table's name)")
    .option('--location <uri>', 'where the table lies, s3://bucket/prefix/')
    .option('--database <name>', 'its Glue database')
    .option('--account <id>', 'the AWS account of the catalog')
    .option('--lake <dir>', 'glue: the lake whose catalog has the table, instead of AWS')
    .option('--merge <contract>', 'bring what is new into this contract; its comments and order stay')
    .option('--limit <n>', 'parquet: read so many files at most (default: all; of S3 1000, spread)', positive)
    .option('--endpoint-url <url>', 'endpoint of S3 or Glue other than that of AWS')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--region <name>', 'AWS region')
    .addHelpText(
      'after',
      `
Examples:
  headgate import parquet landing/orders --location s3://lake/orders/ > schemas/orders.odcs.yaml
  headgate import glue shop.orders --profile analyst --region eu-central-1 > schemas/orders.odcs.yaml
  headgate import glue shop.orders --lake lake           # from a folder that is guarded as a lake
  headgate import parquet s3://lake/orders/ --profile analyst > schemas/orders.odcs.yaml
  aws glue get-table --database-name shop --name orders > orders.json && headgate import glue orders.json
  headgate import ddl orders.sql
  headgate import parquet part-0.parquet --merge schemas/orders.odcs.yaml`,
    )
    .action(
      run(async (kind, path, options) =>
        (await import('../import/import.ts')).runImport(kind, path, options, terminal),
      ),
    );

  program
    .command('mock')
    .description('write Parquet files that keep the contract, or that break one rule each')
    .argument('<table>', 'stored name of the table')
    .option('--contracts <path>', 'contract file or folder of contracts', 'schemas')
    .option('--rows <n>', 'rows over all files', wholeNumber, 1000)
    .option('--seed <n>', 'another number, other values', wholeNumber, 1)
    .option('--drift <rule...>', 'one file for each of these rules, which `check` holds for it')
    .option('--partitions <n>', 'how many partitions of a partitioned table', wholeNumber, 2)
    .option('--out <dir>', 'folder to write into', 'mock')
    .option('--env <name>', 'environment whose servers count')
    .option('--lenient', 'take unknown keys as warnings', false)
    .addHelpText(
      'after',
      `
Examples:
  headgate mock orders --rows 100000 && headgate check mock
  headgate mock orders --drift type-changed column-missing --out drifted
  headgate mock orders --seed 7 --partitions 31`,
    )
    .action(run(async (table, options) => (await import('./mock.ts')).runMock(table, options, terminal)));

  program
    .command('init')
    .description('write a first contract, and a workflow that lints and diffs contracts in pull requests')
    .argument('[dir]', 'the folder of the repository', '.')
    .option('--table <name>', 'the first table', 'orders')
    .option('--database <name>', 'its Glue database', 'shop')
    .option('--bucket <name>', 'the bucket of the lake; landing is NAME-landing', 'my-lake')
    .addHelpText('after', '\nExamples:\n  headgate init\n  headgate init . --table events --bucket acme-lake')
    .action(run(async (dir, options) => (await import('./init.ts')).runInit(dir, options, terminal)));

  program
    .command('completion')
    .description('print a script that completes commands and options')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nExamples:\n  headgate completion bash >> ~/.bashrc\n  headgate completion fish > ~/.config/fish/completions/headgate.fish',
    )
    .action(run(async (shell) => (await import('../completion.ts')).runCompletion(shell, program, terminal)));
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number.');
  return value;
}
