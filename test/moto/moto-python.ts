import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const MOTO_VERSION = '5.2.1';

const root = resolve(import.meta.dirname, '../..');
const venv = join(root, '.moto', 'venv');
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * A Python that has the pinned moto: `MOTO_PYTHON`, the machine's own, or that of a virtual environment below `.moto/`,
 * which is made where it is missing. Throws with what is missing, and how to get it.
 */
export function motoPython(): string {
  const chosen = process.env.MOTO_PYTHON;
  if (chosen !== undefined) {
    if (versionBy(chosen) === MOTO_VERSION) return chosen;
    throw new Error(
      `MOTO_PYTHON=${chosen} has no moto ${MOTO_VERSION}: install it there, or unset MOTO_PYTHON`,
    );
  }
  const inVenv = join(venv, 'bin', 'python');
  for (const python of [inVenv, 'python3']) if (versionBy(python) === MOTO_VERSION) return python;
  install(inVenv);
  if (versionBy(inVenv) === MOTO_VERSION) return inVenv;
  throw new Error(
    `moto ${MOTO_VERSION} was installed into ${venv} and cannot be imported: delete that folder`,
  );
}

function install(inVenv: string): void {
  const version = outputOf('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  if (version === undefined)
    throw new Error('test:aws needs Python 3.10 or newer on the PATH as python3: install it');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 3 || minor < 10) throw new Error(`test:aws needs Python 3.10 or newer, found ${version}`);
  console.log(`making ${venv} with moto ${MOTO_VERSION} (Python ${version}) …`);
  if (!existsSync(inVenv))
    run('python3', ['-m', 'venv', venv], 'python3 has no venv module: install python3-venv');
  run(
    inVenv,
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      join(import.meta.dirname, 'requirements.txt'),
    ],
    `pip could not install moto ${MOTO_VERSION}: is a package index reachable?`,
  );
}

function versionBy(python: string): string | undefined {
  return outputOf(python, ['-c', 'import moto, werkzeug, flask_cors; print(moto.__version__)']);
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
