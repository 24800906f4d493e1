import { buildRegistry } from '../contract/registry.ts';
import { runDemo } from '../demo/story.ts';
import { assignByRegistry } from './assign.ts';
import { checkFiles } from './check-files.ts';
import { findFiles } from './find-files.ts';
import { loadContracts } from './load-contracts.ts';
import { type ExitCode, type Terminal, UsageError } from './run.ts';

/** `headgate demo`: a landing folder, its verdicts, and what a drifted file does to a query. */
export async function runDemoCommand(
  options: { readonly out: string; readonly contracts: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const { contracts, issues } = await loadContracts([options.contracts], false);
  const built = buildRegistry(contracts);
  if (!built.ok || issues.some(({ severity }) => severity === 'error'))
    throw new UsageError(`the contracts in ${options.contracts} cannot be used: see \`headgate lint\``);
  const assign = assignByRegistry(built.registry, { table: undefined, root: undefined });
  await runDemo({
    outDir: options.out,
    print: terminal.out,
    judge: async (landing) => {
      const { files } = await findFiles([landing]);
      return checkFiles({ files, assign, now: terminal.now() });
    },
  });
  return 0;
}
