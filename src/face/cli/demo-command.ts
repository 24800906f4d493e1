import { join } from 'node:path';
import { HeadgateError } from '../../error.ts';
import { buildRegistry } from '../../judge/contract/registry.ts';
import { runDemo } from '../demo/story.ts';
import { assignByRegistry } from './files/assign.ts';
import { checkFiles } from './files/check-files.ts';
import { findFiles } from './files/find-files.ts';
import { loadContracts } from './load-contracts.ts';
import { type ExitCode, type Terminal, UsageError } from './run.ts';

/** Runs any command, as from a shell. */
type RunCommand = (input: {
  readonly args: readonly string[];
  readonly terminal: Terminal;
}) => Promise<ExitCode>;

/** `headgate demo`: a job, a lake that is guarded, and what readers see before, during and after. */
export async function runDemoCommand(
  options: { readonly out: string; readonly contracts: string },
  terminal: Terminal,
  runCommand: RunCommand,
): Promise<ExitCode> {
  const { contracts, issues } = await loadContracts([options.contracts], false);
  const built = buildRegistry(contracts);
  if (!built.ok || issues.some(({ severity }) => severity === 'error'))
    throw new UsageError(`the contracts in ${options.contracts} cannot be used: see \`headgate lint\``);
  const assign = assignByRegistry(built.registry, { table: undefined, root: undefined });
  await runDemo({
    outDir: options.out,
    contractsDir: options.contracts,
    print: terminal.out,
    judge: async (lake) => {
      const { files } = await findFiles([join(lake, 'shop-lake-landing')]);
      return checkFiles({ files, assign, now: terminal.now() });
    },
    command: (args) => listen(runCommand, args, terminal),
  });
  return 0;
}

/** Runs a command and gives back its output; one that could not do its work ends the demo. */
async function listen(runCommand: RunCommand, args: readonly string[], terminal: Terminal): Promise<string> {
  let out = '';
  let err = '';
  const code = await runCommand({
    args,
    terminal: {
      ...terminal,
      isInteractive: false,
      hasColor: false,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    },
  });
  if (code > 1) throw new HeadgateError('INTERNAL', `headgate ${args.join(' ')} ended with ${code}: ${err}`);
  return out;
}
