// Headgate and datacontract-cli on the same files under the same contract: bench/results/comparison.json.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DRIFTS, type Drift, VARIATIONS } from './cases.ts';
import { type Answer, datacontractAnswer, headgateAnswer } from './outcomes.ts';
import type { Comparison, SpeedRow, ToolName } from './result.ts';
import { type Cost, type Tools, tools, VERSIONS } from './tools.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ROWS = 2000;
const SPEED = [
  { what: 'one small file', files: 1, rows: ROWS, runs: 5 },
  { what: '200 small files', files: 200, rows: 200 * ROWS, runs: 3 },
  { what: 'one large file', files: 1, rows: 3_000_000, runs: 3 },
] as const;

/** Writes every case below a folder. */
function writeCases({ python, mock }: Tools, folder: string): void {
  python('write_files.py', folder);
  const rows = ['--rows', String(ROWS), '--partitions', '1'];
  for (const { id, mock: rule } of DRIFTS)
    if (rule !== undefined) mock('--drift', rule, ...rows, '--out', join(folder, id));
  for (const { id, isMock } of VARIATIONS) if (isMock) mock(...rows, '--out', join(folder, id));
}

function viewsOf({ python }: Tools, folders: readonly string[]): Readonly<Record<string, string>> {
  return JSON.parse(python('make_view.py', ...folders)) as Record<string, string>;
}

function answersFor(
  asked: Tools,
  folder: string,
  drift: Pick<Drift, 'column' | 'group'> | undefined,
  viewFailure: string | undefined,
): Readonly<Record<ToolName, Answer>> {
  // A rule of the whole table is unproven at the empty path.
  const path = drift?.column ?? (drift?.group === 'data' ? '' : undefined);
  const isType = drift?.group === 'type' || drift?.group === 'nested';
  const datacontract = (server: 'files' | 'view') =>
    datacontractAnswer(asked.datacontract(folder, server).report, drift?.column, isType);
  return {
    headgate: headgateAnswer(asked.headgate(folder).report, path),
    files: datacontract('files'),
    // A view that DuckDB refuses to make tells as much as a check that fails.
    view:
      viewFailure === undefined
        ? datacontract('view')
        : { outcome: 'stops', says: `DuckDB: ${viewFailure.split('\n')[0]?.replaceAll(`${folder}/`, '')}` },
  };
}

/** Best of the runs: other work on the machine only ever adds. */
function best(runs: number, run: () => Cost): Cost {
  const costs = Array.from({ length: runs }, run);
  return {
    seconds: Math.min(...costs.map(({ seconds }) => seconds)),
    peakMegabytes: Math.min(...costs.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

function speedOf(
  asked: Tools,
  folder: string,
  { what, files, rows, runs }: (typeof SPEED)[number],
): SpeedRow {
  // Values of a mock come round again, which makes a large file small: that one is written with values that hardly do.
  if (rows > 1_000_000) asked.python('write_large.py', folder, String(rows));
  else asked.mock('--rows', String(rows), '--partitions', String(files), '--out', folder);
  viewsOf(asked, [folder]);
  const bytes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.parquet'))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  const costs = {
    headgate: best(runs, () => asked.headgate(folder).cost),
    files: best(runs, () => asked.datacontract(folder, 'files').cost),
    view: best(runs, () => asked.datacontract(folder, 'view').cost),
  };
  return { what, files, rows, megabytes: Number((bytes / 1e6).toFixed(1)), costs };
}

function compare(): Comparison {
  const asked = tools();
  const work = mkdtempSync(join(tmpdir(), 'headgate-compare-'));
  try {
    writeCases(asked, work);
    const cases = [...DRIFTS, ...VARIATIONS];
    const viewFailures = viewsOf(
      asked,
      cases.map(({ id }) => join(work, id)),
    );
    const answers: Record<string, Readonly<Record<ToolName, Answer>>> = {};
    for (const each of cases) {
      const drift = 'harm' in each ? each : undefined;
      const found = answersFor(asked, join(work, each.id), drift, viewFailures[each.id]);
      answers[each.id] = found;
      console.log(
        `${each.id.padEnd(32)} ${found.headgate.outcome.padEnd(12)} ${found.files.outcome.padEnd(12)} ${found.view.outcome}`,
      );
    }
    const speed = SPEED.map((row, index) => speedOf(asked, join(work, `speed-${index}`), row));
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    return {
      date: new Date().toISOString().slice(0, 10),
      node: process.version,
      versions: { headgate: version, ...VERSIONS },
      answers,
      speed,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

writeFileSync(join(ROOT, 'bench/results/comparison.json'), `${JSON.stringify(compare(), undefined, 2)}\n`);
