// `check` and `audit` of many small files beside a pyarrow loop that only reads their footers: processes, in turn; prints ratios.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pythonOf } from '../../test/support/python-environment.ts';

const FILES = 5_000;
const ROUNDS = 5;
const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '../..');
const HEADGATE = join(ROOT, 'dist/headgate.js');
const VERSION = '26.0.1';

const python = pythonOf({
  neededBy: 'npm run bench:small',
  holds: `pyarrow ${VERSION}`,
  folder: join(ROOT, 'bench/.cache/venv'),
  requirements: join(HERE, 'requirements.txt'),
  script: 'import pyarrow; print(pyarrow.__version__)',
  versions: VERSION,
});

interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
}

/** GNU time knows what a process and its threads took. */
function costOf(command: readonly string[]): Cost {
  const ran = spawnSync('/usr/bin/time', ['-f', '%U %S %e %M', ...command], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${command.join(' ')}: ${ran.stderr}`);
  const [user = 0, system = 0, wallSeconds = 0, kilobytes = 0] =
    ran.stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { cpuSeconds: user + system, wallSeconds, peakMegabytes: Math.round(kilobytes / 1024) };
}

/** The least of each figure over the rounds: what else ran on the machine only adds. */
function least(costs: readonly Cost[]): Cost {
  const of = (name: keyof Cost) => Math.min(...costs.map((cost) => cost[name]));
  return {
    cpuSeconds: of('cpuSeconds'),
    wallSeconds: of('wallSeconds'),
    peakMegabytes: of('peakMegabytes'),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'headgate-small-'));
try {
  const lake = join(folder, 'events');
  execFileSync(python, [join(HERE, 'write_files.py'), lake, String(FILES)]);
  const contract = join(folder, 'events.odcs.yaml');
  const imported = [
    'import',
    'parquet',
    lake,
    '--limit',
    '20',
    '--location',
    's3://lake/events/',
    '--database',
    'shop',
  ];
  writeFileSync(
    contract,
    execFileSync(process.execPath, [HEADGATE, ...imported], { stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const commands = {
    pyarrow: [python, join(HERE, 'read_footers.py'), lake],
    check: [process.execPath, HEADGATE, 'check', lake, '--contract', contract],
    audit: [process.execPath, HEADGATE, 'audit', lake, '--contract', contract],
  } as const;
  type Name = keyof typeof commands;
  const names = Object.keys(commands) as Name[];
  const costs: Record<Name, Cost[]> = { pyarrow: [], check: [], audit: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) costs[name].push(costOf(commands[name]));
  const best = Object.fromEntries(names.map((name) => [name, least(costs[name])])) as Record<Name, Cost>;
  const ratios = Object.fromEntries(
    names.map((name) => [
      name,
      {
        cpu: round(best[name].cpuSeconds / best.pyarrow.cpuSeconds),
        wall: round(best[name].wallSeconds / best.pyarrow.wallSeconds),
      },
    ]),
  );
  console.table(best);
  console.table(ratios);
  const result = {
    node: process.version,
    pyarrow: VERSION,
    cores: availableParallelism(),
    files: FILES,
    rounds: ROUNDS,
    best,
    ratios,
  };
  const file = join(ROOT, 'bench/results/small.json');
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(`written to ${file}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function round(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}
