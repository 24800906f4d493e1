import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Python packages that a test or a benchmark needs, in a virtual environment of the project's own. */
export interface PythonEnvironment {
  /** The command that needs it, as people call it. */
  readonly neededBy: string;
  /** What is in it, for people. */
  readonly holds: string;
  /** Where it is, or is made. */
  readonly folder: string;
  /** pip's list of exact versions. */
  readonly requirements: string;
  /** A script that prints the versions which count. */
  readonly script: string;
  /** What the script must print. */
  readonly versions: string;
}

const INSTALL_TIMEOUT_MS = 600_000;

/** Its Python. Makes it, or installs what it lacks, where its script says otherwise. Throws with what is missing and how to get it. */
export function pythonOf(environment: PythonEnvironment): string {
  const python = join(environment.folder, 'bin', 'python');
  if (hasVersions(python, environment)) return python;
  install(python, environment);
  if (hasVersions(python, environment)) return python;
  throw new Error(
    `${environment.holds} was installed into ${environment.folder} and cannot be imported: delete that folder`,
  );
}

/** Whether a Python has what the environment holds. */
export function hasVersions(python: string, { script, versions }: PythonEnvironment): boolean {
  return outputOf(python, ['-c', script]) === versions;
}

function install(python: string, { neededBy, holds, folder, requirements }: PythonEnvironment): void {
  const version = outputOf('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  if (version === undefined)
    throw new Error(`${neededBy} needs Python 3.10 or newer on the PATH as python3: install it`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 3 || minor < 10) throw new Error(`${neededBy} needs Python 3.10 or newer, found ${version}`);
  console.log(`making ${folder} with ${holds} (Python ${version}) …`);
  if (!existsSync(python))
    run('python3', ['-m', 'venv', folder], 'python3 has no venv module: install python3-venv');
  run(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    `pip could not install ${holds}: is a package index reachable?`,
  );
}

function outputOf(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function run(command: string, args: readonly string[], advice: string): void {
  try {
    execFileSync(command, args, { stdio: 'inherit', timeout: INSTALL_TIMEOUT_MS });
  } catch (cause) {
    throw new Error(advice, { cause });
  }
}
