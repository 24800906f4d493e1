import { main } from '../../src/face/cli/main.ts';
import type { Terminal } from '../../src/face/cli/run.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as the entry point does, without a process. */
export async function run(
  args: readonly string[],
  now = '2026-06-15T12:00:00Z',
  more: Partial<Terminal> = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await main({
    args,
    terminal: {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      isInteractive: false,
      hasColor: false,
      now: () => now,
      version: '9.9.9',
      ...more,
    },
  });
  return { code, out, err };
}
