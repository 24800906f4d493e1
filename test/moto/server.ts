import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { motoPython } from './moto-python.ts';

export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Python reads thousands of files for it; on a busy machine that takes a while. */
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 3_000;

/** Starts moto on a free port of the loopback interface. It ends with the process that started it, whatever happens. */
export async function startMoto(): Promise<Moto> {
  const { MOTO_ACCOUNT_ID: _, ...env } = process.env;
  const child = spawn(motoPython(), ['-u', join(import.meta.dirname, 'moto_plus.py'), '0'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
  });
  let errors = '';
  // Always drained: a full pipe hangs the server.
  child.stderr.on('data', (data) => {
    errors = (errors + data).slice(-8_000);
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`moto did not start in time: ${errors}`));
    }, START_TIMEOUT_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = /^READY (\S+)/u.exec(line)?.[1];
      if (ready === undefined) return;
      clearTimeout(timer);
      resolve(ready);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`moto ended with ${code}: ${errors}`));
    });
  });
  return {
    endpoint,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        // The end of its input ends the server.
        child.stdin.end();
        setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS).unref();
      }),
  };
}
