import type { Loaded } from '../adapters/local/contract-files.ts';
import type { Issue } from '../contract/issue.ts';
import { buildRegistry } from '../contract/registry.ts';
import { exitCode } from '../report/exit-code.ts';
import { renderCheck, renderIssues } from '../report/render.ts';
import { assignByContract, assignByRegistry } from './assign.ts';
import { checkFiles, fileError, toReport } from './check-files.ts';
import { type Found, findFiles } from './find-files.ts';
import { findObjects, isS3Uri } from './find-objects.ts';
import { loadContracts } from './load-contracts.ts';
import { showProgress } from './progress.ts';
import { ruleRecords } from './rule-records.ts';
import { type ExitCode, type OutputOptions, type Terminal, UsageError } from './run.ts';

export interface CheckOptions extends OutputOptions {
  readonly contract?: string;
  readonly contracts: string;
  readonly table?: string;
  readonly root?: string;
  readonly env?: string;
  readonly lenient: boolean;
  readonly maxFooter?: number;
  /** Of `s3://` arguments. */
  readonly endpointUrl?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** `headgate check FILE|DIR|GLOB|s3://…`: judges files and objects, and prints what was found. */
export async function runCheck(
  args: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const remote = args.find((arg) => /^[a-z][a-z0-9+.-]+:\/\//iu.test(arg) && !isS3Uri(arg));
  if (remote)
    throw new UsageError(
      `${remote} is no path: give files, folders or globs on this machine, or s3://bucket/key`,
    );
  const loaded = await loadContracts([options.contract ?? options.contracts], options.lenient);
  const built = buildRegistry(
    loaded.contracts,
    options.env === undefined ? {} : { environment: options.env },
  );
  const issues = [...loaded.issues, ...(built.ok ? [] : built.issues)];
  if (!built.ok || issues.some(({ severity }) => severity === 'error'))
    return unusable(issues, loaded, options, terminal);

  const assignOptions = { table: options.table, root: options.root };
  const assign =
    options.contract !== undefined
      ? assignByContract(built.registry, assignOptions)
      : assignByRegistry(built.registry, assignOptions);
  const found = await findAll(args, options);
  const progress = showProgress(terminal, found.files.length);
  const judged = await checkFiles({
    files: found.files,
    assign,
    now: terminal.now(),
    ...(options.maxFooter !== undefined && { maxFooterBytes: options.maxFooter * 1024 * 1024 }),
    onProgress: progress.update,
  });
  progress.end();
  const notFound = found.errors.map(({ path, error }) => fileError(path, error));
  const report = toReport(judged.files, [...notFound, ...judged.errors]);
  terminal.out(
    renderCheck(report, options.format, {
      source: (file) => loaded.texts.get(file),
      color: terminal.hasColor,
      failOn: options.failOn,
      verbose: options.verbose,
      rules: ruleRecords(),
      version: terminal.version,
    }),
  );
  return exitCode(report, options.failOn);
}

/** Files of this machine first, then objects of S3, whose SDK is loaded only where there are any. */
async function findAll(args: readonly string[], options: CheckOptions): Promise<Found> {
  const local = await findFiles(args.filter((arg) => !isS3Uri(arg)));
  const uris = args.filter(isS3Uri);
  if (uris.length === 0) return local;
  const { connectObjects } = await import('../adapters/aws/connect-objects.ts');
  const { endpointUrl, profile, region } = options;
  const objects = connectObjects({
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
  });
  const remote = await findObjects(uris, objects);
  return { files: [...local.files, ...remote.files], errors: [...local.errors, ...remote.errors] };
}

/** A contract that cannot be used stops everything: no file is judged by half of what was declared. */
function unusable(
  issues: readonly Issue[],
  { texts }: Loaded,
  options: OutputOptions,
  terminal: Terminal,
): ExitCode {
  terminal.out(
    renderIssues(issues, options.format, {
      color: terminal.hasColor,
      documents: texts.size,
      version: terminal.version,
    }),
  );
  return 2;
}
