import { type Command, Option } from 'commander';
import { PLAN_FORMATS } from '../../report/catalog-plan.ts';
import { examples, lake, type Run } from '../lake/lake-commands.ts';
import type { Terminal } from '../run.ts';

const WHERE = `Which catalog: --lake DIR, --deployment FILE, the lake that the current folder is, or else AWS Glue under the SDK's own
credentials (--profile, --region). Only the first two have a record of what files are judged by: where functions guard the
tables, give --deployment.
`;

/** `plan` and `apply`: what contracts make of the catalog. */
export function addPlanCommands(program: Command, terminal: Terminal, run: Run): void {
  both(
    program
      .command('plan')
      .description('say what `apply` would change in the catalog, and change nothing')
      .argument('[table...]', 'tables, or database.table (default: all)'),
  )
    .option('--out <file>', 'save the plan for `headgate apply FILE`')
    .option(
      '--detailed-exitcode',
      "Terraform's exit codes: 0 nothing to do, 1 an error of any kind, 2 changes",
      false,
    )
    .addHelpText(
      'after',
      `${examples(
        'plan                                     # every table of schemas/',
        'plan orders --out orders.plan.json       # then: headgate apply orders.plan.json',
        'plan --profile ci --region eu-central-1 --detailed-exitcode --format markdown',
        'plan --rollback orders                   # what going back a version would do',
      )}
${WHERE}
Exit: 0 planned, 1 a table cannot be brought there, 2 a wrong call or contract, 3 the catalog could not be read.`,
    )
    .action(run(async (tables, options) => (await import('./plan.ts')).runPlan(tables, options, terminal)));

  both(
    program
      .command('apply')
      .description(
        'bring the catalog to what the contracts say, after a plan and a yes, whatever it costs stored files',
      )
      .argument('[target...]', 'tables, or database.table (default: all); or one file of `plan --out`'),
  )
    .option('--auto-approve', 'do not ask', false)
    .option('--dry-run', 'the plan alone', false)
    .addHelpText(
      'after',
      `${examples(
        'apply orders                             # shows the plan, asks for yes',
        'apply orders.plan.json --auto-approve    # exactly what was planned, or nothing',
        'apply --rollback orders                  # back to the table version before',
        'apply orders --to-version 3              # back to this one',
      )}
${WHERE}
Nothing is deleted. A saved plan is refused where contract or catalog changed since, and where another Headgate made it.
Run again, it finishes what was cut off.
Exit: 0 done, 1 refused, stale or not approved, 2 a wrong call or contract, 3 some work could not be done.`,
    )
    .action(run(async (args, options) => (await import('./apply.ts')).runApply(args, options, terminal)));
}

function both(command: Command): Command {
  return lake(command)
    .option('--rollback', 'back to the table version before, as the catalog archived it', false)
    .option('--to-version <id>', 'back to this table version')
    .addOption(new Option('--format <format>', 'output format').choices([...PLAN_FORMATS]).default('text'));
}
