import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode, Terminal } from '../run.ts';

export type Run = <Args extends readonly unknown[]>(
  action: (...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>;

/** The commands that work on a guarded lake. */
export function addLakeCommands(program: Command, terminal: Terminal, run: Run): void {
  addDev(program, terminal, run);
  addCommit(program, terminal, run);
  addQuarantine(program, terminal, run);
  addIncident(program, terminal, run);
  addBreaker(program, terminal, run);
  program
    .command('redrive')
    .description('hand the dead letters of a deployment back to their queues, once what broke them is mended')
    .argument('[queue...]', 'validate, publish, quarantine, catalog, converge, incident (default: all)')
    .requiredOption('--deployment <file>', 'the deployment on AWS that the stack wrote down')
    .option('--endpoint-url <url>', 'endpoint other than that of AWS')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--region <name>', 'AWS region')
    .addHelpText('after', examples('redrive validate --deployment headgate.json'))
    .action(
      run(async (queues, options) => (await import('./redrive.ts')).runRedrive(queues, options, terminal)),
    );
  lake(
    program
      .command('alert')
      .description('what pages people')
      .addHelpText('after', examples('alert test --deployment headgate.json'))
      .command('test')
      .description('send a page that says it is a test, and its end, to every channel'),
  )
    .addHelpText('after', examples('alert test --deployment headgate.json'))
    .action(run(async (options) => (await import('./alert.ts')).runAlertTest(options, terminal)));
}

function addDev(program: Command, terminal: Terminal, run: Run): void {
  lake(
    program
      .command('dev')
      .description(
        'guard a folder laid out as <bucket>/<key>: judge what appears, publish what is good, hold what is not',
      )
      .requiredOption('--lake <dir>', 'the folder'),
    { isNamed: true },
  )
    .option('--once', 'do what is due now, say what waits, and end: for cron', false)
    .option('--settle <seconds>', "instead of the contracts' settle", seconds)
    .option('--delete-after <seconds>', "instead of the contracts' deleteAfter", seconds)
    .addHelpText(
      'after',
      `${examples(
        'dev --lake lake --contracts schemas          # until Ctrl-C',
        'dev --lake lake --once                       # what is due now; exit 1 while something is held',
        'dev --lake lake --settle 5 --delete-after 60 # shorter waits, to try things out',
      )}
A table's files land below the location of its s3 server and are published below that of its glue server:
s3://shop-landing/orders/ is DIR/shop-landing/orders/. Held files go to DIR/quarantine/.
Exit: 0 clean or stopped; with --once 1 while something is held, 3 when work could not be done.`,
    )
    .action(
      run(async (options) => {
        const { runDev } = await import('./dev.ts');
        const { onInterrupt } = await import('../interrupt.ts');
        return onInterrupt((signal) => runDev(options, terminal, signal));
      }),
    );
}

function addCommit(program: Command, terminal: Terminal, run: Run): void {
  acting(
    program
      .command('commit')
      .description('say that all below a folder of a guarded prefix is complete (completion: explicit)')
      .argument('<prefix>', 'a path inside the lake, or s3://bucket/prefix/'),
    'say what would be marked, and write nothing',
  )
    .addHelpText(
      'after',
      examples(
        'commit landing/orders/dt=2026-11-01',
        'commit s3://landing/orders/dt=2026-11-01/ --lake lake',
      ),
    )
    .action(
      run(async (prefix, options) => (await import('./commit.ts')).runCommit(prefix, options, terminal)),
    );
}

function addQuarantine(program: Command, terminal: Terminal, run: Run): void {
  const quarantine = program
    .command('quarantine')
    .description('held files: what is wrong, and what becomes of them')
    .addHelpText('after', examples('quarantine list', 'quarantine show 3f9c', 'quarantine release 3f9c'));
  reading(quarantine.command('list').description('one line for each held file, oldest first'))
    .option('--table <name>', 'of this table alone')
    .option('--incident <id>', 'what is held of this incident alone')
    .option('--ended', 'also what is held no more', false)
    .addHelpText(
      'after',
      `${examples('quarantine list', "quarantine list --format json | jq '.holds[].origin.key'")}
Columns: id, status, held at, table, effect in Athena, first difference, whether old data is served, partial partition, file.`,
    )
    .action(run(async (options) => (await import('./quarantine.ts')).runQuarantineList(options, terminal)));
  reading(
    quarantine
      .command('show')
      .description('the exact difference, where the copy lies, what readers see, what to run next')
      .argument('<id>', 'id, or its first characters: four or more'),
  )
    .addHelpText('after', examples('quarantine show 3f9c'))
    .action(
      run(async (id, options) => (await import('./quarantine.ts')).runQuarantineShow(id, options, terminal)),
    );
  acting(
    quarantine
      .command('release')
      .description('judge held files again, and hand back what the contracts of today admit')
      .argument('[id...]', 'ids, or the first characters of each: four or more')
      .option('--incident <id>', 'all that is held of an incident')
      .option('--all', 'all that is held of the table that --table names', false)
      .option('--table <name>', 'for --all')
      .option('--yes', 'for --all and --incident where nobody can be asked', false),
    'say what would be released, and change nothing',
  )
    .addHelpText(
      'after',
      examples(
        'quarantine release 3f9c',
        'quarantine release --incident 81ab --dry-run',
        'quarantine release --all --table orders',
      ),
    )
    .action(
      run(async (ids, options) => (await import('./quarantine-acts.ts')).runRelease(ids, options, terminal)),
    );
  acting(
    quarantine
      .command('purge')
      .description('remove held files for good: the only thing in Headgate that does')
      .argument('<id...>', 'ids, or the first characters of each: four or more')
      .option('--keep-old', 'bring the last good object of the key back to landing', false)
      .option('--drop-old', 'let the last good object go too', false)
      .option('--yes', 'do not ask', false),
    'say what would be removed, and change nothing',
  )
    .addHelpText(
      'after',
      examples('quarantine purge 3f9c --dry-run', 'quarantine purge 3f9c --keep-old --yes'),
    )
    .action(
      run(async (ids, options) => (await import('./quarantine-acts.ts')).runPurge(ids, options, terminal)),
    );
}

function addIncident(program: Command, terminal: Terminal, run: Run): void {
  const incident = program
    .command('incident')
    .description('what people were paged about')
    .addHelpText('after', examples('incident list', 'incident mute 3f9c --until 4h'));
  reading(incident.command('list').description('one line for each open incident, oldest first'))
    .option('--all', 'also what was resolved within the last day', false)
    .addHelpText(
      'after',
      `${examples('incident list', 'incident list --all')}
Columns: id, state, opened at, table and version, how many files are held or how often it happened, effect in Athena, first difference.`,
    )
    .action(run(async (options) => (await import('./incident.ts')).runIncidentList(options, terminal)));
  reading(
    incident
      .command('show')
      .description('what it is about, and what to run next')
      .argument('<id>', 'id, or its first characters: four or more'),
  )
    .addHelpText('after', examples('incident show 81ab'))
    .action(
      run(async (id, options) => (await import('./incident.ts')).runIncidentShow(id, options, terminal)),
    );
  acting(
    incident
      .command('mute')
      .description('no updates until a time; it still counts and resolves')
      .argument('<id>', 'id, or its first characters: four or more')
      .requiredOption('--until <time>', 'a time such as 2026-06-15T18:00:00Z, or a span such as 4h'),
    'say what would be muted, and change nothing',
  )
    .addHelpText('after', examples('incident mute 81ab --until 4h'))
    .action(
      run(async (id, options) => (await import('./incident.ts')).runIncidentMute(id, options, terminal)),
    );
  acting(
    incident
      .command('resolve')
      .description('say that it is over; the same trouble within a day opens it again')
      .argument('<id>', 'id, or its first characters: four or more'),
    'say what would be resolved, and change nothing',
  )
    .addHelpText('after', examples('incident resolve 81ab'))
    .action(
      run(async (id, options) => (await import('./incident.ts')).runIncidentResolve(id, options, terminal)),
    );
}

function addBreaker(program: Command, terminal: Terminal, run: Run): void {
  const breaker = program
    .command('breaker')
    .description(
      'the circuit breakers: one that is open leaves bad files where they are, until a person looks',
    )
    .addHelpText('after', examples('breaker', 'breaker close orders'));
  reading(
    breaker
      .command('list', { isDefault: true })
      .description('one line for each table; exit 1 where one is open'),
  )
    .addHelpText('after', examples('breaker', 'breaker list --format json'))
    .action(run(async (options) => (await import('./breaker.ts')).runBreakerList(options, terminal)));
  acting(
    breaker
      .command('close')
      .description('say that what breaks the contract is rightly held, and go on')
      .argument('<table>', 'table, or database.table')
      .option('--allow-deletes', 'deletes of the next hour are meant, however many', false)
      .option('--yes', 'for --allow-deletes where nobody can be asked', false),
    'say what would be closed, and change nothing',
  )
    .addHelpText('after', examples('breaker close orders', 'breaker close orders --allow-deletes'))
    .action(
      run(async (table, options) => (await import('./breaker.ts')).runBreakerClose(table, options, terminal)),
    );
}

export function reading(command: Command): Command {
  return lake(command).addOption(
    new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'),
  );
}

export function acting(command: Command, dryRun: string): Command {
  return reading(command).option('--dry-run', dryRun, false);
}

/** Options of a command that works on a lake or a deployment. */
export function lake(command: Command, { isNamed = false } = {}): Command {
  const named = isNamed
    ? command
    : command
        .option('--lake <dir>', 'the lake (default: the current folder, where it has .headgate/)')
        .option('--deployment <file>', 'the deployment on AWS that the stack wrote down, instead of a folder')
        .option('--endpoint-url <url>', 'endpoint other than that of AWS')
        .option('--profile <name>', 'profile of the AWS configuration files')
        .option('--region <name>', 'AWS region');
  return named
    .option('--contracts <dir>', 'folder of contracts', 'schemas')
    .option('--env <name>', 'environment whose servers count');
}

export function examples(...commands: readonly string[]): string {
  return `\nExamples:\n${commands.map((command) => `  $ headgate ${command}\n`).join('')}`;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || value > 31_536_000)
    throw new InvalidArgumentError('expected a number of seconds from 0 on.');
  return value;
}
