import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessError } from './harness-error.ts';

export interface Jdk {
  readonly home: string;
  readonly major: number;
}

interface Needs {
  readonly from: number;
  readonly to: number;
}

/** Which JDKs run a Trino: each release raised the floor, and the old ones do not start on the newest JDK. */
export function jdkNeeded(trino: number): Needs {
  if (trino < 436) return { from: 17, to: 21 };
  if (trino < 447) return { from: 21, to: 25 };
  if (trino < 470) return { from: 22, to: 25 };
  if (trino < 477) return { from: 24, to: 25 };
  return { from: 25, to: 25 };
}

const USUAL_FOLDERS = ['/usr/lib/jvm', '/usr/java', '/opt', '/Library/Java/JavaVirtualMachines'];

/** Folders that may hold a JDK: `JAVA_HOME` first, then what lies in the usual places. */
export function jdkCandidates(
  javaHome: string | undefined,
  folders: readonly string[] = USUAL_FOLDERS,
): readonly string[] {
  const found = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .flatMap((home) => [home, join(home, 'Contents', 'Home')]);
  return javaHome ? [javaHome, ...found] : found;
}

/**
 * The oldest JDK among the candidates that fits. Throws a `HarnessError` that says which were looked at where none does.
 */
export function findJdk(trino: number, candidates: readonly string[]): Jdk {
  const { from, to } = jdkNeeded(trino);
  const found = candidates.flatMap((home) => jdkAt(home) ?? []);
  const fitting = found.filter(({ major }) => major >= from && major <= to).sort((a, b) => a.major - b.major);
  if (fitting[0]) return fitting[0];
  const seen = [...new Set(found.map(({ home, major }) => `JDK ${major} in ${home}`))].sort().join(', ');
  throw new HarnessError(
    `Trino ${trino} needs a JDK from ${from} to ${to}, found ${seen || 'none'}: install one, or set JAVA_HOME`,
  );
}

/** A folder with a compiler and a `release` file; anything else is no JDK. */
function jdkAt(home: string): Jdk | undefined {
  if (!existsSync(join(home, 'bin', 'javac')) || !existsSync(join(home, 'release'))) return undefined;
  const version = /^JAVA_VERSION="(\d+)/mu.exec(readFileSync(join(home, 'release'), 'utf8'));
  return version?.[1] ? { home, major: Number(version[1]) } : undefined;
}
