import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { HeadgateError } from '../error.ts';
import type { CheckReport, FileReport } from '../report/report.ts';
import { openDuckDb, quoted } from './duckdb.ts';
import { LANDING_FILES } from './landing-files.ts';
import { makeLanding } from './make-landing.ts';

export interface DemoInput {
  /** The demo writes into `demo/` below it, and nowhere else. */
  readonly outDir: string;
  readonly judge: (landingDir: string) => Promise<CheckReport>;
  readonly print: (text: string) => void;
}

const MARKER = '.headgate-demo';

/** Makes a landing folder, judges it, and asks the same questions of good files alone and of good files with one bad. */
export async function runDemo({ outDir, judge, print }: DemoInput): Promise<void> {
  const folder = join(outDir, 'demo');
  const landing = join(folder, 'landing');
  await clear(folder);
  const duckdb = await openDuckDb();
  try {
    print(`1  A job writes ${LANDING_FILES.length} files, with five different writers\n\n   ${landing}\n\n`);
    await makeLanding(landing, duckdb);
    print(
      '2  Headgate reads the footers and judges each file by its contract, and by what Athena can read\n\n',
    );
    const report = await judge(landing);
    print(`${verdictTable(report, landing)}\n\n`);
    print('3  DuckDB asks the good files: how many orders, and what were they worth?\n\n');
    await tellStory(duckdb, landing, report, print);
  } finally {
    duckdb.closeSync();
  }
  print(nextSteps(landing));
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

function verdictTable(report: CheckReport, landing: string): string {
  const rows = LANDING_FILES.map((file) => {
    const judged = report.files.find(({ uri }) => uri === join(landing, file.key));
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

async function tellStory(
  duckdb: DuckDBConnection,
  landing: string,
  report: CheckReport,
  print: (text: string) => void,
): Promise<void> {
  const good = report.files
    .filter(({ verdict, table }) => verdict === 'admit' && table === 'orders')
    .map(({ uri }) => uri);
  const bad = (name: string) =>
    join(landing, `shop-lake-landing/orders/dt=2026-11-03/country=DE/${name}.parquet`);
  const ask = (files: readonly string[]) => answer(duckdb, files);
  print(`   the good files alone        ${await ask(good)}\n`);
  print(`   with amount-renamed         ${await ask([...good, bad('amount-renamed')])}\n`);
  print(
    '                               60 more orders and not a cent more: nothing failed, the report is wrong\n',
  );
  print(`   with amount-as-text         ${await ask([...good, bad('amount-as-text')])}\n`);
  print(`   with export (CSV)           ${await ask([...good, bad('export')])}\n`);
  print('                               one bad file, and nobody can query the table\n\n');
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

function nextSteps(landing: string): string {
  return [
    '4  See more',
    '',
    `   npx headgate check ${landing}                     every finding, with both sides`,
    `   npx headgate check ${landing} --format json       the same for a program`,
    '   npx headgate explain column-renamed                        what a rule finds, and what to do',
    '   npx headgate lint schemas                                  what is wrong with a contract',
    '',
  ].join('\n');
}
