import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from './harness-error.ts';

/** Runs a program to its end and gives its exit code and last lines. Rejects with ENOENT where there is none. */
export type Run = (
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
) => Promise<{ readonly code: number; readonly output: string }>;

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const UNPACK = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:unpack';
/** The folders of a server and the artifact whose run-time dependencies fill each. */
const PARTS = { lib: 'trino-main', 'plugin/hive': 'trino-hive' } as const;

export interface ServerFiles {
  readonly lib: string;
  readonly plugins: string;
}

/**
 * Brings one Trino version through Maven into `cache`, and nothing twice: the same jars as the server archive, which
 * Maven Central has for few versions, without the forty connectors that nobody asks here. A part that was cut off is
 * begun again; a part that stands is whole.
 */
export async function fetchServer(
  version: number,
  cache: string,
  javaHome: string,
  run: Run = runProgram,
): Promise<ServerFiles> {
  const root = join(cache, `trino-${version}`);
  for (const [folder, artifact] of Object.entries(PARTS)) {
    const target = join(root, folder);
    if (existsSync(target)) continue;
    const begun = join(root, `${artifact}.part`);
    await rm(begun, { recursive: true, force: true });
    await mkdir(begun, { recursive: true });
    const maven = { version, cwd: begun, javaHome, run };
    const jars =
      (artifact === 'trino-hive' && (await unpackPlugin(maven))) || (await copyDependencies(artifact, maven));
    await mkdir(join(target, '..'), { recursive: true });
    await rename(jars, target);
    await rm(begun, { recursive: true, force: true });
  }
  return { lib: join(root, 'lib'), plugins: join(root, 'plugin') };
}

interface Maven {
  readonly version: number;
  readonly cwd: string;
  readonly javaHome: string;
  readonly run: Run;
}

/** The plugin as Trino's own build packed it, where Maven Central has that: for some versions it has nothing else. */
async function unpackPlugin(maven: Maven): Promise<string | undefined> {
  const { version, cwd } = maven;
  const artifact = `-Dartifact=io.trino:trino-hive:${version}:zip`;
  const { code } = await runMaven(maven, ['-q', '-B', UNPACK, artifact, '-DoutputDirectory=unpacked']);
  const folder = join(cwd, 'unpacked', `trino-hive-${version}`);
  return code === 0 && existsSync(folder) ? folder : undefined;
}

async function copyDependencies(artifact: string, maven: Maven): Promise<string> {
  const { version, cwd } = maven;
  await writeFile(join(cwd, 'pom.xml'), pom(artifact, version));
  const args = ['-q', '-B', COPY, '-DoutputDirectory=jars', '-DincludeScope=runtime'];
  const { code, output } = await runMaven(maven, args);
  if (code === 0) {
    const jars = join(cwd, 'jars');
    if (artifact === 'trino-hive') await nameThePlugin(jars);
    return jars;
  }
  const absent = /Could not find artifact (\S+)/u.exec(output)?.[1];
  throw new HarnessError(
    absent
      ? `Trino ${version} cannot be had: Maven Central has no ${absent}`
      : `Maven could not fetch ${artifact} ${version} (exit ${code}): ${output.slice(-400)}`,
  );
}

function runMaven({ cwd, javaHome, run }: Maven, args: readonly string[]): ReturnType<Run> {
  const env = { ...process.env, JAVA_HOME: javaHome };
  return run('mvn', args, { cwd, env }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new HarnessError('Maven is needed to fetch Trino, and there is no mvn on the PATH: install it');
  });
}

function pom(artifact: string, version: number): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>headgate</groupId><artifactId>${artifact}-parts</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency><groupId>io.trino</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency></dependencies>
</project>
`;
}

/** The archive's own build adds this file, the jar does not have it. */
async function nameThePlugin(jars: string): Promise<void> {
  const services = join(jars, 'services', 'META-INF', 'services');
  await mkdir(services, { recursive: true });
  await writeFile(join(services, 'io.trino.spi.Plugin'), 'io.trino.plugin.hive.HivePlugin\n');
}

const runProgram: Run = (program, args, { cwd, env }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (part: Buffer) => {
      output = (output + part.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });

/** What the log of a server that did not start says about it. */
export async function lastErrorOf(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n');
  const at = lines.findIndex((line) => /\tERROR\t|^Exception|^ERROR|Address already in use/u.test(line));
  return lines
    .slice(at < 0 ? -5 : at, at < 0 ? undefined : at + 5)
    .join('\n')
    .slice(0, 800);
}
