import { exitCode } from '../../report/exit-code.ts';
import { renderCheck } from '../../report/render.ts';
import { ruleRecords } from '../contract/rule-records.ts';
import { openObjects, type S3Options } from '../open-objects.ts';
import { showProgress } from '../progress.ts';
import { type ExitCode, type OutputOptions, type Terminal, UsageError } from '../run.ts';
import { checkFiles, fileError, toReport } from './check-files.ts';
import { type Found, findFiles } from './find-files.ts';
import { findObjects, isS3Uri } from './find-objects.ts';
import { createLogFinder, type LogFinder } from './log-finder.ts';
import { type JudgingOptions, lookOf, openJudging } from './open-judging.ts';

export interface CheckOptions extends OutputOptions, JudgingOptions, S3Options {}

/** `headgate check FILE|DIR|GLOB|s3://…`: judges files and objects, and prints what was found. */
export async function runCheck(
  args: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const remote = args.find((arg) => /^[a-z][a-z0-9+.-]+:\/\//iu.test(arg) && !isS3Uri(arg));
  if (remote)
    throw new UsageError(
      `${remote} is not a path: give files, folders or globs on this machine, or s3://bucket/key`,
    );
  const judging = await openJudging(options, terminal);
  if (judging === undefined) return 2;
  const { loaded, assign, records } = judging;
  const { logs, ...found } = await findAll(args, options);
  const progress = showProgress(terminal, found.files.length);
  const judged = await checkFiles({
    files: found.files,
    assign,
    records,
    logs,
    now: terminal.now(),
    ...lookOf(options),
    onProgress: progress.update,
  });
  progress.end();
  const notFound = found.errors.map(({ path, error }) => fileError(path, error));
  const basis = await records.basis();
  const report = { ...toReport(judged.files, [...notFound, ...judged.errors]), ...(basis && { basis }) };
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
async function findAll(
  args: readonly string[],
  options: CheckOptions,
): Promise<Found & { readonly logs: LogFinder }> {
  const local = await findFiles(args.filter((arg) => !isS3Uri(arg)));
  const uris = args.filter(isS3Uri);
  const objects = uris.length > 0 ? await openObjects(options) : undefined;
  const remote = objects ? await findObjects(uris, objects) : { files: [], errors: [] };
  const files = [...local.files, ...remote.files];
  const logs = createLogFinder(objects);
  for (const { path } of files) logs.see(path);
  return { files, errors: [...local.errors, ...remote.errors], logs };
}
