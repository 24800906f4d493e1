import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type DevLake, devLake } from '../support/dev-lake.ts';
import { fileBytes } from '../support/simulation/files.ts';

vi.setConfig({ testTimeout: 120_000 });
const eventually = { timeout: 60_000, interval: 50 };
const root = join(import.meta.dirname, '../..');

interface Started {
  readonly child: ChildProcess;
  readonly err: () => string;
}

/** The command line as a process of its own. */
function start(lake: DevLake, ...args: readonly string[]): Started {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(root, 'bin/headgate.ts'),
      ...args,
      '--lake',
      lake.folder,
      '--contracts',
      lake.schemas,
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return { child, err: () => err };
}

const exitOf = async ({ child }: Started): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0];

const FILES = 120;

describe('DEV-16: processes that end in the middle', () => {
  test('a dev that is killed leaves nothing half done: the next one finishes, and a live one keeps others out', async () => {
    const lake = devLake();
    for (let index = 0; index < FILES; index++)
      lake.put(`${index}.parquet`, index % 10 === 0 ? 'drifted' : 'good', `m${index}`);
    const first = start(lake, 'dev');
    await vi.waitFor(() => expect(lake.published().length).toBeGreaterThan(3), eventually);
    const second = start(lake, 'dev');
    expect(await exitOf(second)).toBe(3);
    expect(second.err()).toContain(`the lake is guarded by process ${first.child.pid} already`);
    first.child.kill('SIGKILL');
    await exitOf(first);

    expect((await lake.command('dev', '--once')).code).toBe(1);
    expect(lake.published().length).toBe(FILES - FILES / 10);
    expect(lake.held().length).toBe(FILES / 10);
    for (const name of lake.published()) {
      const bytes = readFileSync(join(lake.folder, 'lake/t/dt=2026-11-01', name));
      expect(bytes.equals(fileBytes('good', `m${name.split('.')[0]}`))).toBe(true);
    }
    expect(readdirSync(join(lake.folder, '.headgate/temporary'))).toEqual([]);
    const { out } = await lake.command('incident', 'list');
    expect(out.trimEnd().split('\n').length).toBe(1);
    expect(out).toContain(`  ${FILES / 10} held  `);
  });

  test('Ctrl-C finishes the batch and exits with 0', async () => {
    const lake = devLake();
    const dev = start(lake, 'dev');
    await vi.waitFor(() => expect(dev.err()).toContain('Ctrl-C stops'), eventually);
    dev.child.kill('SIGINT');
    expect(await exitOf(dev)).toBe(0);
    expect((await lake.command('dev', '--once')).code).toBe(0);
  });
});
