import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { HeadgateError } from '../../error.ts';
import type { CheckReport, FileReport } from '../../tools/scan/report.ts';
import { copyToParquet, openDuckDb, ordersColumns, quoted } from './duckdb.ts';
import { LANDING_FILES } from './landing-files.ts';
import { makeLanding } from './make-landing.ts';

export interface DemoInput {
  /** The demo writes into `demo/` below it, and nowhere else. */
  readonly outDir: string;
  /** Folder of the example contracts; the demo works on a copy. */
  readonly contractsDir: string;
  readonly judge: (lake: string) => Promise<CheckReport>;
  /** Runs a Headgate command and gives back what it printed. */
  readonly command: (args: readonly string[]) => Promise<string>;
  readonly print: (text: string) => void;
}

/** One run of the demo: where it works and what it works with. */
interface Stage extends DemoInput {
  readonly lake: string;
  readonly schemas: string;
  readonly duckdb: DuckDBConnection;
}

const MARKER = '.headgate-demo';
const PUBLISHED = 'shop-lake/orders';
const LANDING = 'shop-lake-landing/orders';

/** A job writes into a lake, Headgate guards it, and DuckDB asks the same question before, during and after. */
export async function runDemo(input: DemoInput): Promise<void> {
  const folder = join(input.outDir, 'demo');
  await clear(folder);
  const duckdb = await openDuckDb();
  const stage: Stage = { ...input, lake: join(folder, 'lake'), schemas: join(folder, 'schemas'), duckdb };
  try {
    await cp(input.contractsDir, stage.schemas, { recursive: true });
    await jobWrites(stage);
    await headgateGuards(stage);
    await withoutTheGuard(stage);
    await jobOverwrites(stage);
    stage.print(nextSteps(stage));
  } finally {
    duckdb.closeSync();
  }
}

/** Empties the demo's own folder; one that somebody else made is left alone. */
async function clear(folder: string): Promise<void> {
  const entries: readonly string[] = await readdir(folder).catch(() => []);
  if (entries.length > 0 && !entries.includes(MARKER))
    throw new HeadgateError(
      'READ_FAILED',
      `folder ${folder} was not made by the demo: empty it, or name another with --out`,
    );
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARKER), 'made by `headgate demo`, which empties this folder at each run\n');
}

async function jobWrites({ lake, duckdb, print }: Stage): Promise<void> {
  print(`1  A job writes ${LANDING_FILES.length} files, with five different writers\n\n`);
  await makeLanding(lake, duckdb);
  print(`   ${join(lake, 'shop-lake-landing')}/   where the job writes, and nobody reads\n`);
  print(`   ${join(lake, 'shop-lake')}/           where readers look, and only Headgate writes\n\n`);
}

async function headgateGuards(stage: Stage): Promise<void> {
  const { lake, judge, print } = stage;
  print(
    '2  Headgate reads the footers and judges each file by its contract, and by what Athena can read\n\n',
  );
  const report = await judge(lake);
  print(`${verdictTable(report, lake)}\n\n`);
  const said = await guard(stage);
  const pages = said.split('\n\n').filter((block) => block.startsWith('PAGE'));
  print('   What is good is published, what is not is held, and each cause pages its owner once:\n\n');
  for (const page of pages.filter((block) => block.includes('column-renamed')).slice(0, 1))
    print(`${indent(page)}\n\n`);
  print(`   and ${pages.length - 1} more pages\n\n`);
  print(`${indent(tallyLines(said))}\n\n`);
}

/** `headgate dev --once` on the demo's lake. */
async function guard({ command, lake, schemas, print }: Stage): Promise<string> {
  print(`   $ headgate dev --once --lake ${lake} --contracts ${schemas}\n\n`);
  return command(['dev', '--once', '--lake', lake, '--contracts', schemas]);
}

function tallyLines(said: string): string {
  return said
    .split('\n')
    .filter((line) => /^shop\.\w+ +\d+ (published|held|removed)/u.test(line))
    .join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `   ${line}`)
    .join('\n');
}

function verdictTable(report: CheckReport, lake: string): string {
  const rows = LANDING_FILES.map((file) => {
    const judged = report.files.find(({ uri }) => uri === join(lake, file.key));
    const reason = mainFinding(judged);
    return [
      `   ${(judged?.verdict ?? 'error').toUpperCase().padEnd(6)}`,
      file.key.replace('shop-lake-landing/', ''),
      reason?.rule ?? '',
      reason && reason.effect !== 'none' ? reason.effect : '',
      file.shows,
    ];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The error with the worst effect. */
export function mainFinding(file: FileReport | undefined): FileReport['findings'][number] | undefined {
  const errors = file?.findings.filter(({ severity }) => severity === 'error') ?? [];
  return errors.find(({ effect }) => effect === file?.effect) ?? errors[0];
}

const QUESTION = 'count(*) AS orders, sum(total_amount) AS revenue';

async function withoutTheGuard(stage: Stage): Promise<void> {
  const { lake, print } = stage;
  const good = join(lake, PUBLISHED, '**/*.parquet');
  const bad = (name: string) => join(lake, LANDING, `dt=2026-11-03/country=DE/${name}.parquet`);
  const ask = (...files: readonly string[]) => answer(stage.duckdb, [good, ...files]);
  print('3  DuckDB asks the table: how many orders, and what were they worth?\n\n');
  print(`   what readers see               ${await ask()}\n\n`);
  print('   Had one bad file been let in:\n\n');
  print(`   with amount-renamed            ${await ask(bad('amount-renamed'))}\n`);
  print(
    '                                  60 more orders and not a cent more: nothing failed, the report lies\n',
  );
  print(`   with amount-as-text            ${await ask(bad('amount-as-text'))}\n`);
  print(`   with export (CSV)              ${await ask(bad('export'))}\n`);
  print('                                  one bad file, and nobody can query the table\n\n');
}

/** The overwritten file, below the table's root. */
const REWRITTEN = 'dt=2026-11-02/country=DE/part-0.parquet';
const REFUNDS = '(i - 20)::DECIMAL(12,2)';

async function jobOverwrites(stage: Stage): Promise<void> {
  const { duckdb, lake, schemas, print, command } = stage;
  const ask = () => answer(duckdb, [join(lake, PUBLISHED, '**/*.parquet')]);
  const rewrite = (amounts: string) =>
    copyToParquet(duckdb, ordersColumns({ total_amount: amounts }), join(lake, LANDING, REWRITTEN), {
      rows: 60,
    });

  print(`4  The job overwrites ${REWRITTEN}\n\n`);
  await rewrite('(100 + i)::DECIMAL(12,2)');
  await guard(stage);
  print(`   overwritten, as declared       ${await ask()}\n\n`);

  print(
    '   It overwrites it again, now with refunds: amounts below 0, which the contract does not allow\n\n',
  );
  await rewrite(REFUNDS);
  await guard(stage);
  const id = await heldId(stage);
  const show = ['quarantine', 'show', id, '--lake', lake, '--contracts', schemas];
  const [difference = ''] = (await command(show)).split('\n\n', 1);
  print(`   $ headgate ${show.join(' ')}\n\n${indent(difference)}\n\n`);
  print(`   held: old data is served       ${await ask()}\n\n`);

  print(
    `5  The owner revises the contract: refunds are orders too. ${join(schemas, 'orders.odcs.yaml')}:\n\n`,
  );
  await revise(schemas);
  print('   - version: 1.1.0                        + version: 1.2.0\n');
  print('   - logicalTypeOptions: { minimum: 0 }\n\n');
  const release = ['quarantine', 'release', id, '--lake', lake, '--contracts', schemas];
  print(`   $ headgate ${release.join(' ')}\n\n${indent((await command(release)).trimEnd())}\n\n`);
  print(`   released                       ${await ask()}\n\n`);
}

/** Edits the demo's own copy of the orders contract. */
async function revise(schemas: string): Promise<void> {
  const file = join(schemas, 'orders.odcs.yaml');
  const text = await readFile(file, 'utf8');
  const revised = text
    .replace('\nversion: 1.1.0\n', '\nversion: 1.2.0\n')
    .replace(/\n +logicalTypeOptions: \{ minimum: 0 \}(?=\n)/u, '');
  if (revised.length >= text.length)
    throw new HeadgateError('READ_FAILED', `${file} is not the example contract that the demo revises`);
  await writeFile(file, revised);
}

/** The hold of the overwritten file. */
async function heldId({ command, lake, schemas }: Stage): Promise<string> {
  const args = ['quarantine', 'list', '--format', 'json', '--lake', lake, '--contracts', schemas];
  const { holds } = JSON.parse(await command(args)) as {
    readonly holds: readonly { readonly holdId: string; readonly origin: { readonly key: string } }[];
  };
  const hold = holds.find(({ origin }) => origin.key.endsWith(REWRITTEN));
  if (hold === undefined) throw new HeadgateError('INTERNAL', 'the overwritten file is not held');
  return hold.holdId;
}

/** The answer on one line, or the error that a user would see. Columns are found by name, as Athena does. */
async function answer(duckdb: DuckDBConnection, files: readonly string[]): Promise<string> {
  const list = files.map(quoted).join(', ');
  try {
    const reader = await duckdb.runAndReadAll(
      `SELECT ${QUESTION} FROM read_parquet([${list}], union_by_name = true, hive_partitioning = false)`,
    );
    const [row] = reader.getRowObjectsJson();
    return `${String(row?.orders)} orders, revenue ${String(row?.revenue)}`;
  } catch (cause) {
    const [line = ''] = String(cause instanceof Error ? cause.message : cause).split('\n');
    return `ERROR: ${line.replace(/'[^']*\/([^'/]+)'/gu, "'$1'").slice(0, 90)}`;
  }
}

function nextSteps({ lake, schemas }: Stage): string {
  const flags = `--lake ${lake} --contracts ${schemas}`;
  return [
    '6  See more',
    '',
    `   npx headgate quarantine list ${flags}    what is held, one line a file`,
    `   npx headgate incident list ${flags}      what people were paged about`,
    `   npx headgate dev ${flags}                guard it; then copy files into ${join(lake, LANDING)}`,
    `   npx headgate check ${join(lake, 'shop-lake-landing')}    every finding, with both sides`,
    '   npx headgate explain column-renamed    what a rule finds, and what to do',
    '',
  ].join('\n');
}
