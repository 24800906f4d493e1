import { runDev } from '../../src/face/cli/lake/dev.ts';

/** `headgate dev` at a pace at which a kill hits work: `dev-child.ts LAKE CONTRACTS`. It says `guarding …` on stderr, as the command does. */
const [lake = '', contracts = ''] = process.argv.slice(2);
const terminal = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
  isInteractive: false,
  hasColor: false,
  now: () => new Date().toISOString(),
  version: '9.9.9',
};
const pace = { pollMs: 5, sweepMs: 100, youngMs: 20, retryDelaySeconds: 0 };
await runDev(
  { lake, contracts, once: false, settle: 0, deleteAfter: 0 },
  terminal,
  new AbortController().signal,
  pace,
);
