import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface LakeChild {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  /** Resolves with the lines after `ready` when the process has ended. */
  readonly lines: Promise<readonly string[]>;
}

/** Runs a task of `lake-child.ts` in a process that ends with the test. */
export function runLakeChild(folder: string, task: string, count = 0): LakeChild {
  const script = join(import.meta.dirname, 'lake-child.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, task, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.startsWith('ready\n')) resolve();
    });
    child.on('exit', () => reject(new Error(`the child ended: ${text}`)));
  });
  ready.catch(() => undefined);
  const lines = once(child, 'close').then(() => text.split('\n').slice(1, -1));
  return { process: child, ready, lines };
}
