import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type DevOptions, runDev } from '../../src/face/cli/lake/dev.ts';
import type { Terminal } from '../../src/face/cli/run.ts';
import { type Ran, run } from './run-cli.ts';
import { contractYaml, type TestContract } from './simulation/contract.ts';
import { type FileKind, fileBytes } from './simulation/files.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A lake folder with the contract of table `shop.t`, and what a job and a person do with it. */
export interface DevLake {
  readonly folder: string;
  readonly schemas: string;
  /** Writes a file whole, below `dt=2026-11-01/`, with a modification time some seconds ago. */
  put(name: string, kind: FileKind, mark?: string): string;
  remove(name: string): void;
  deploy(...contracts: readonly (TestContract | string)[]): void;
  /** Runs a command on the lake. */
  command(...args: readonly string[]): Promise<Ran>;
  /** The same, with somebody who answers. */
  answered(more: Partial<Terminal>, ...args: readonly string[]): Promise<Ran>;
  /** Guards the lake until `stop`, with short pauses. */
  guard(options?: Partial<DevOptions>): Guarding;
  /** Names below the table's location that readers see. */
  published(): readonly string[];
  held(): readonly string[];
}

export interface Guarding {
  readonly out: () => string;
  readonly err: () => string;
  stop(): Promise<number>;
}

const DAY = 'dt=2026-11-01';
const WRITTEN_AGO_SECONDS = 5;

export function devLake(contract: TestContract = {}): DevLake {
  const folder = temporaryFolder();
  const schemas = join(folder, '..', `${folder.split('/').at(-1)}-schemas`);
  onTestFinished(() => rmSync(schemas, { recursive: true, force: true }));
  const bucket = contract.mode === 'in-place' || contract.isOnePlace ? 'lake' : 'landing';
  let marks = 0;
  const pathOf = (name: string) => join(folder, bucket, 't', DAY, name);
  const lake: DevLake = {
    folder,
    schemas,
    put(name, kind, mark = `m${++marks}`) {
      const path = pathOf(name);
      mkdirSync(dirname(path), { recursive: true });
      const unfinished = join(folder, `unfinished-${++marks}`);
      writeFileSync(unfinished, fileBytes(kind, mark));
      const at = Date.now() / 1000 - WRITTEN_AGO_SECONDS;
      utimesSync(unfinished, at, at);
      renameSync(unfinished, path);
      return path;
    },
    remove: (name) => rmSync(pathOf(name)),
    deploy(...contracts) {
      mkdirSync(schemas, { recursive: true });
      const names = contracts.map((_, index) => `t-${index}.odcs.yaml`);
      for (const [index, one] of contracts.entries())
        writeFileSync(join(schemas, names[index] ?? ''), typeof one === 'string' ? one : contractYaml(one));
      for (const name of readdirSync(schemas)) if (!names.includes(name)) rmSync(join(schemas, name));
    },
    command: (...args) => run([...args, '--lake', folder, '--contracts', schemas]),
    answered: (more, ...args) => run([...args, '--lake', folder, '--contracts', schemas], undefined, more),
    guard: (options) => guardLake(lake, options),
    published: () => namesIn(join(folder, 'lake/t', DAY)),
    held: () =>
      existsSync(join(folder, 'quarantine'))
        ? readdirSync(join(folder, 'quarantine'), { recursive: true, encoding: 'utf8' }).filter((name) =>
            name.endsWith('data.parquet'),
          )
        : [],
  };
  lake.deploy(contract);
  return lake;
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function guardLake({ folder, schemas }: DevLake, options: Partial<DevOptions> = {}): Guarding {
  let out = '';
  let err = '';
  const stop = new AbortController();
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    isInteractive: false,
    hasColor: false,
    now: () => new Date().toISOString(),
    version: '9.9.9',
  };
  const pace = { pollMs: 20, sweepMs: 200, youngMs: 2000, retryDelaySeconds: 0 };
  const running = runDev(
    { lake: folder, contracts: schemas, once: false, ...options },
    terminal,
    stop.signal,
    pace,
  );
  running.catch(() => undefined);
  const guarding = {
    out: () => out,
    err: () => err,
    stop: () => {
      stop.abort();
      return running;
    },
  };
  onTestFinished(async () => {
    await guarding.stop().catch(() => undefined);
  });
  return guarding;
}
