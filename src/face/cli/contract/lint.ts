import { lintContracts } from '../../../judge/contract/lint.ts';
import { buildRegistry } from '../../../judge/contract/registry.ts';
import { renderIssues } from '../../report/render.ts';
import { loadContracts } from '../load-contracts.ts';
import type { ExitCode, OutputOptions, Terminal } from '../run.ts';

export interface LintOptions extends OutputOptions {
  readonly env?: string;
  readonly lenient: boolean;
}

/** `headgate lint [PATH…]`: everything that is wrong with the contracts, at once. Exit 1 from `--fail-on` on. */
export async function runLint(
  paths: readonly string[],
  options: LintOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const loaded = await loadContracts(paths, options.lenient);
  const built = buildRegistry(
    loaded.contracts,
    options.env === undefined ? {} : { environment: options.env },
  );
  const issues = [
    ...loaded.issues,
    ...(built.ok ? [] : built.issues),
    ...lintContracts(loaded.contracts, { now: terminal.now() }),
  ];
  terminal.out(
    renderIssues(issues, options.format, {
      color: terminal.hasColor,
      documents: loaded.texts.size,
      version: terminal.version,
    }),
  );
  const counts = options.failOn === 'error' ? issues.filter(({ severity }) => severity === 'error') : issues;
  return counts.length > 0 ? 1 : 0;
}
