import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What one reader made of a file. `died` and `hung` are of the process: the input is not kept. */
export type Reading =
  | { readonly kind: 'read'; readonly digest: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'died' }
  | { readonly kind: 'hung' };

export interface Readings {
  readonly pyarrow: Reading;
  readonly duckdb: Reading;
}

interface Line {
  readonly read?: string;
  readonly refused?: string;
}

const PATIENCE_MS = 20_000;

/** Both readers in a process that is begun again when a file takes it down. */
export function askReaders(python: string, script: string) {
  let child: ChildProcessWithoutNullStreams | undefined;
  let lines: AsyncIterator<string> | undefined;

  const start = () => {
    child = spawn(python, [script]);
    child.stderr.resume();
    lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  };
  const stop = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };
  return {
    async ask(path: string): Promise<Readings> {
      if (child === undefined) start();
      child?.stdin.write(`${path}\n`);
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<'hung'>((resolve) => {
        timer = setTimeout(() => resolve('hung'), PATIENCE_MS);
      });
      const answer = await Promise.race([nextOf(lines), tooLong]);
      clearTimeout(timer);
      if (answer === 'hung' || answer === undefined) {
        stop();
        const both: Reading = { kind: answer === 'hung' ? 'hung' : 'died' };
        return { pyarrow: both, duckdb: both };
      }
      const { pyarrow, duckdb } = JSON.parse(answer) as Record<keyof Readings, Line>;
      return { pyarrow: readingOf(pyarrow), duckdb: readingOf(duckdb) };
    },
    stop,
  };
}

function readingOf({ read, refused = '' }: Line): Reading {
  return read === undefined ? { kind: 'refused', why: refused } : { kind: 'read', digest: read };
}

/** The next line, or nothing where the process is gone. */
async function nextOf(lines: AsyncIterator<string> | undefined): Promise<string | undefined> {
  const next = await lines?.next();
  return next?.done ? undefined : next?.value;
}
