import { type Command, Option } from 'commander';
import { DEPTHS } from '../../../judge/contract/vocabulary.ts';
import { mebibytes } from '../option-values.ts';

/** What every command takes that judges files: by which contracts, and how far into their footers. */
export function addJudgingOptions(command: Command): Command {
  return command
    .option('--contract <file>', 'the contract that all files must keep')
    .option(
      '--contracts <dir>',
      'folder of contracts; each file is matched to its table by its path',
      'schemas',
    )
    .option('--table <name>', 'the table that all files belong to')
    .option('--root <dir>', "the table's root folder: partition folders are read below it")
    .option('--env <name>', 'environment whose servers count')
    .option('--lenient', 'take unknown keys in contracts as warnings', false)
    .option('--lake <dir>', 'judge also by what the ledger of this lake says: applied types and grants')
    .option('--deployment <file>', 'the same, by the ledger of a deployment on AWS')
    .addOption(
      new Option(
        '--depth <depth>',
        'how far files are looked into; otherwise what each contract says (footer)',
      ).choices(DEPTHS),
    )
    .option(
      '--max-footer <MiB>',
      'walk footers up to this size; larger ones have their schema judged',
      mebibytes,
    );
}
