import { type Command, Option } from 'commander';
import { SEVERITIES } from '../../../judge/contract/vocabulary.ts';
import { AUDIT_FORMATS } from '../../report/formats.ts';
import { addJudgingOptions } from '../files/judging-options.ts';
import { perPartition, positive } from '../option-values.ts';
import type { ExitCode, Terminal } from '../run.ts';

type Run = <Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>;

/** `headgate audit`: what is already there. */
export function addAuditCommand(program: Command, run: Run, terminal: Terminal): void {
  addJudgingOptions(
    program
      .command('audit')
      .description(
        'judge everything that already lies below a folder or a prefix of S3, and group it by cause',
      )
      .argument('<prefix>', 'a folder, or s3://bucket/prefix/'),
  )
    .option(
      '--sample <how>',
      'per-partition or per-partition:N: read N files of each partition (1)',
      perPartition,
    )
    .option('--limit <n>', 'look at so many files at most', positive)
    .option('--resume <file>', 'keep the state of the run here, and go on with what a run that was cut left')
    .addOption(
      new Option('--format <format>', 'output format; jsonl and parquet have a row for each file')
        .choices([...AUDIT_FORMATS])
        .default('text'),
    )
    .option('--out <file>', 'file of the rows of jsonl or parquet')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on')
        .choices([...SEVERITIES])
        .default('error'),
    )
    .option('--verbose', 'list also causes that only inform', false)
    .option('--endpoint-url <url>', 'S3 endpoint other than that of AWS')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--region <name>', 'AWS region')
    .addHelpText(
      'after',
      `
Examples:
  headgate audit s3://lake/orders/ --profile analyst
  headgate audit s3://lake/ --sample per-partition:2             # a first impression
  headgate audit s3://lake/ --resume audit.state --format parquet --out audit.parquet
  headgate audit exports/orders --contract schemas/orders.odcs.yaml --format markdown
  headgate audit s3://lake/ --format html > audit.html            # one page to look at and to send on

Reads footers, and changes nothing. Markers, temporary and hidden files are counted, not judged; a file that changes
while it is read is counted as such. Exit: 0 clean, 1 findings, 2 a wrong call or contract, 3 something was not judged.`,
    )
    .action(
      run(async (prefix, options) => {
        const { runAudit } = await import('./audit.ts');
        const { onInterrupt } = await import('../interrupt.ts');
        return onInterrupt((signal) => runAudit(prefix, options, terminal, signal));
      }),
    );
}
