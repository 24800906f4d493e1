import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type PythonEnvironment, pythonOf } from '../../test/support/python-environment.ts';
import type { DatacontractReport, HeadgateReport } from './outcomes.ts';

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '../..');
export const CONTRACT = join(HERE, 'orders.odcs.yaml');
const HEADGATE = join(ROOT, 'dist/headgate.js');

export const VERSIONS = { datacontractCli: '1.2.8', duckdb: '1.5.6', pyarrow: '26.0.1' } as const;

const ENVIRONMENT: PythonEnvironment = {
  neededBy: 'npm run compare',
  holds: `datacontract-cli ${VERSIONS.datacontractCli}, DuckDB ${VERSIONS.duckdb} and pyarrow ${VERSIONS.pyarrow}`,
  folder: join(ROOT, '.compare', 'venv'),
  requirements: join(HERE, 'requirements.txt'),
  script:
    'import importlib.metadata as m, duckdb, pyarrow, datacontract.cli; print(m.version("datacontract-cli"), duckdb.__version__, pyarrow.__version__)',
  versions: Object.values(VERSIONS).join(' '),
};

/** What one process took. Megabytes are of its largest process, resident. */
export interface Cost {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

export interface Tools {
  /** Runs one of the project's Python scripts, and gives what it printed. */
  readonly python: (script: string, ...args: readonly string[]) => string;
  readonly mock: (...args: readonly string[]) => void;
  readonly headgate: (folder: string) => { readonly report: HeadgateReport; readonly cost: Cost };
  readonly datacontract: (
    folder: string,
    server: 'files' | 'view',
  ) => { readonly report: DatacontractReport; readonly cost: Cost };
}

/** Both tools as people run them: a process for each run, told nothing but the contract and the folder. */
export function tools(): Tools {
  const bin = pythonOf(ENVIRONMENT);
  const python = (script: string, ...args: readonly string[]) =>
    execFileSync(bin, [join(HERE, script), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const measured = (folder: string, output: string, ...command: readonly string[]): Cost & { code: number } =>
    JSON.parse(python('measured.py', folder, output, ...command));
  return {
    python,
    mock: (...args) => {
      execFileSync(process.execPath, [
        HEADGATE,
        'mock',
        'orders',
        '--contracts',
        CONTRACT,
        '--env',
        'prod',
        ...args,
      ]);
    },
    headgate: (folder) => {
      const output = join(folder, 'headgate.json');
      const args = ['check', 'orders', '--contract', CONTRACT, '--env', 'prod', '--format', 'json'];
      const { code, ...cost } = measured(folder, output, process.execPath, HEADGATE, ...args);
      const text = readFileSync(output, 'utf8');
      if (code === 2) throw new Error(`headgate check could not be run in ${folder}: ${text}`);
      return { report: JSON.parse(text) as HeadgateReport, cost };
    },
    datacontract: (folder, server) => {
      const [output, report] = [join(folder, 'datacontract.txt'), join(folder, 'datacontract.json')];
      rmSync(report, { force: true });
      const program = join(ENVIRONMENT.folder, 'bin', 'datacontract');
      const args = ['test', CONTRACT, '--server', server, '--output', report, '--output-format', 'json'];
      const { code: _, ...cost } = measured(folder, output, program, ...args);
      return { report: JSON.parse(readFileSync(report, 'utf8')) as DatacontractReport, cost };
    },
  };
}
