import { join, resolve } from 'node:path';
import { hasVersions, type PythonEnvironment, pythonOf } from '../support/python-environment.ts';

const MOTO_VERSION = '5.2.1';
const PYARROW_VERSION = '26.0.1';

const ENVIRONMENT: PythonEnvironment = {
  neededBy: 'test:aws',
  holds: `moto ${MOTO_VERSION} and pyarrow ${PYARROW_VERSION}`,
  folder: resolve(import.meta.dirname, '../..', '.moto', 'venv'),
  requirements: join(import.meta.dirname, 'requirements.txt'),
  script:
    'import moto, werkzeug, flask_cors, pyarrow, pyarrow.parquet; print(moto.__version__, pyarrow.__version__)',
  versions: `${MOTO_VERSION} ${PYARROW_VERSION}`,
};

/**
 * A Python that has the pinned moto and pyarrow: `MOTO_PYTHON`, the machine's own, or that of a virtual environment below
 * `.moto/`, which is made where it is missing. Throws with what is missing, and how to get it.
 */
export function motoPython(): string {
  const chosen = process.env.MOTO_PYTHON;
  if (chosen === undefined) return hasVersions('python3', ENVIRONMENT) ? 'python3' : pythonOf(ENVIRONMENT);
  if (hasVersions(chosen, ENVIRONMENT)) return chosen;
  throw new Error(
    `MOTO_PYTHON=${chosen} has no ${ENVIRONMENT.holds}: install them there, or unset MOTO_PYTHON`,
  );
}
