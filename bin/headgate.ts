#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' };
import { main } from '../src/face/cli/main.ts';

// The SDK is in the package: what it says about Node versions tells its users nothing.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// A reader that stops early (`headgate check … | head`) is not an error, and does not turn a held file into a clean one.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(3);
  });

/** The library of prompts is loaded with the first question. */
const questions = {
  ask: async (question: string) => (await import('../src/face/cli/prompts.ts')).askYesNo(question),
  askForWord: async (question: string, word: string) =>
    (await import('../src/face/cli/prompts.ts')).askForWord(question, word),
};

process.exitCode = await main({
  args: process.argv.slice(2),
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true,
    hasColor: process.stdout.isTTY === true && !process.env.NO_COLOR,
    now: () => new Date().toISOString(),
    version: packageJson.version,
    ...(process.stdin.isTTY && process.stderr.isTTY && questions),
  },
});
