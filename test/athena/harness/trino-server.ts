import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { HarnessError } from './harness-error.ts';
import type { Jdk } from './jdk.ts';
import { lastErrorOf, type ServerFiles } from './server-files.ts';

export interface TrinoServer {
  readonly url: string;
  /** Ends the process and waits until it is gone; kills it where it will not go. */
  readonly stop: () => Promise<void>;
  /** The exit code once the process has ended by itself. */
  readonly ended: () => number | undefined;
}

export interface TrinoOptions {
  readonly version: number;
  readonly jdk: Jdk;
  readonly files: ServerFiles;
  /** Working folder: configuration, log and data. */
  readonly folder: string;
  readonly port: number;
  /** Catalog properties of the connector `hive`. */
  readonly catalog: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 20_000;
const LAUNCHER = new URL('Launch.java', import.meta.url).pathname;

/** Starts a Trino on loopback and waits until it answers. Whatever happens, no process stays behind a rejection. */
export async function startTrino(options: TrinoOptions): Promise<TrinoServer> {
  await assertPortIsFree(options.port);
  await writeConfiguration(options);
  const child = spawnServer(options);
  let exit: number | undefined;
  child.once('close', (code) => {
    exit = code ?? -1;
  });
  const ended = () => exit;
  const stop = () => stopProcess(child, ended);
  const url = `http://127.0.0.1:${options.port}`;
  try {
    await waitUntilStarted(url, ended);
  } catch (error) {
    await stop();
    const why = await lastErrorOf(join(options.folder, 'server.log'));
    throw new HarnessError(`${(error as Error).message}\n${why}`);
  }
  return { url, stop, ended };
}

/** A free port of the system's choice, or a clear refusal for one that was asked for and is taken. */
export async function assertPortIsFree(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new HarnessError(`port ${port} is taken: end what listens there, or give another with --port`)
          : error,
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

async function writeConfiguration({ folder, port, catalog }: TrinoOptions): Promise<void> {
  await rm(join(folder, 'data'), { recursive: true, force: true });
  await mkdir(join(folder, 'etc', 'catalog'), { recursive: true });
  await writeFile(
    join(folder, 'etc', 'config.properties'),
    properties({
      coordinator: 'true',
      'node-scheduler.include-coordinator': 'true',
      'http-server.http.port': String(port),
      'discovery.uri': `http://127.0.0.1:${port}`,
      'node.bind-ip': '127.0.0.1',
      'node.internal-address': '127.0.0.1',
      'node.environment': 'headgate',
      'node.id': 'headgate',
      'task.concurrency': '1',
      'query.max-memory': '500MB',
      'query.max-memory-per-node': '300MB',
    }),
  );
  await writeFile(join(folder, 'etc', 'log.properties'), 'io.trino=WARN\nio.trino.server.Server=INFO\n');
  await writeFile(join(folder, 'etc', 'catalog', 'hive.properties'), properties(catalog));
}

function properties(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function spawnServer({ version, jdk, files, folder }: TrinoOptions): ChildProcess {
  const child = spawn(
    join(jdk.home, 'bin', 'java'),
    [
      '-Xmx2G',
      // Thousands of tiny queries: quick compilation and one collector thread do more than peak speed.
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Duser.timezone=UTC',
      '-Djdk.attach.allowAttachSelf=true',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '--add-modules=jdk.incubator.vector',
      '-Dconfig=etc/config.properties',
      '-Dlog.levels-file=etc/log.properties',
      `-Dnode.data-dir=${join(folder, 'data')}`,
      `-Dplugin.dir=${files.plugins}`,
      '-Dcatalog.config-dir=etc/catalog',
      '-cp',
      join(files.lib, '*'),
      LAUNCHER,
      String(version),
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log = createWriteStream(join(folder, 'server.log'));
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  return child;
}

async function waitUntilStarted(url: string, ended: () => number | undefined): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (ended() !== undefined) throw new HarnessError(`Trino ended before it started (exit ${ended()})`);
    const info = await fetch(`${url}/v1/info`)
      .then((response) => (response.ok ? (response.json() as Promise<{ starting?: boolean }>) : undefined))
      .catch(() => undefined);
    if (info?.starting === false) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new HarnessError(`Trino did not start within ${START_TIMEOUT_MS / 1000} seconds`);
}

async function stopProcess(child: ChildProcess, ended: () => number | undefined): Promise<void> {
  if (ended() !== undefined) return;
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}
