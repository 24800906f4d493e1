import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { formatLogOf } from '../../../judge/contract/table-format.ts';
import { SEVERITIES, type Severity } from '../../../judge/contract/vocabulary.ts';
import { isDirectory } from '../../../run/adapters/local/file-tree.ts';
import { safeText } from '../../../text/safe.ts';
import type { AuditReport } from '../../../tools/audit/audit-report.ts';
import { createSampler } from '../../../tools/audit/sample.ts';
import type { AuditIdentity } from '../../../tools/audit/state.ts';
import { walk } from '../../../tools/audit/walk.ts';
import { renderAudit } from '../../report/audit.ts';
import type { AuditFormat } from '../../report/formats.ts';
import { type Judging, type JudgingOptions, lookOf, openJudging } from '../files/open-judging.ts';
import type { S3Options } from '../open-objects.ts';
import { type ExitCode, type Terminal, UsageError } from '../run.ts';
import { createLook, isReadBy } from './audit-look.ts';
import { openRows } from './audit-rows.ts';
import { followProgress, openRun } from './audit-run.ts';
import { type AuditEntry, type AuditSource, isBelow, openSource } from './audit-source.ts';
import { openStateFile } from './audit-state-file.ts';

export interface AuditOptions extends JudgingOptions, S3Options {
  readonly format: AuditFormat;
  readonly failOn: Severity;
  readonly verbose: boolean;
  /** Files of each partition that are read. */
  readonly sample?: number;
  readonly limit?: number;
  readonly resume?: string;
  readonly out?: string;
}

/** `headgate audit PREFIX`: judges all that is already there, and groups what is wrong by cause. Changes nothing. */
export async function runAudit(
  prefix: string,
  options: AuditOptions,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<ExitCode> {
  checkOptions(prefix, options);
  if (options.out !== undefined && (await isDirectory(options.out)))
    throw new UsageError(`--out ${safeText(options.out, 200)} is a folder, expected a file`);
  return auditFrom(() => openSource(prefix, options), options, terminal, signal);
}

/** The audit of a source that is opened once the contracts are known to be usable. */
export async function auditFrom(
  open: () => Promise<AuditSource>,
  options: AuditOptions,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<ExitCode> {
  const judging = await openJudging({ ...options, format: issueFormat(options.format) }, terminal);
  if (judging === undefined) return 2;
  const report = await audit(await open(), judging, options, terminal, signal);
  const format = options.format === 'jsonl' || options.format === 'parquet' ? 'text' : options.format;
  const text = renderAudit(report, format, {
    color: terminal.hasColor,
    verbose: options.verbose,
    source: (file) => judging.loaded.texts.get(file),
    version: terminal.version,
  });
  // Rows on stdout are for programs: what people read stands beside them.
  if (options.format === 'jsonl' && options.out === undefined) terminal.err(text);
  else terminal.out(text);
  return exitCodeOf(report, options.failOn);
}

function checkOptions(prefix: string, { format, out, resume }: AuditOptions): void {
  if (format === 'parquet' && out === undefined)
    throw new UsageError('--format parquet writes a file: name it with --out FILE');
  if (out !== undefined && format !== 'parquet' && format !== 'jsonl')
    throw new UsageError(`--out takes the rows of --format jsonl or parquet; ${format} goes to stdout`);
  for (const [flag, path] of [
    ['--out', out],
    ['--resume', resume],
  ] as const)
    if (path !== undefined && isBelow(prefix, path))
      throw new UsageError(
        `${flag} ${safeText(path, 200)} lies below what is audited, where it would be a file of the lake: name one elsewhere`,
      );
}

function issueFormat(format: AuditFormat) {
  return format === 'json' || format === 'markdown' || format === 'html' ? format : 'text';
}

/** What an earlier run of the same audit must have in common with this one. */
function identityOf(
  source: AuditSource,
  { loaded }: Judging,
  options: AuditOptions,
  version: string,
): AuditIdentity {
  const { contract, table, root, env, lenient, maxFooter, sample, out, format, lake, deployment } = options;
  const texts = [...loaded.texts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const chosen = [contract !== undefined, table, root, env, lenient, maxFooter, lake, deployment];
  return {
    prefix: source.id,
    judgedBy: createHash('sha256')
      .update(JSON.stringify([texts, chosen]))
      .digest('hex'),
    version,
    samplePerPartition: sample,
    rows: out === undefined ? undefined : `--format ${format} --out ${resolve(out)}`,
  };
}

async function audit(
  source: AuditSource,
  judging: Judging,
  options: AuditOptions,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<AuditReport> {
  const { sample, limit, out, format, resume } = options;
  const { assign, records } = judging;
  const identity = identityOf(source, judging, options, terminal.version);
  const stateFile = resume === undefined ? undefined : openStateFile(resume);
  const before = await stateFile?.read(identity);
  const now = before?.now ?? terminal.now();
  const rows = openRows(format, out, before?.rowBytes ?? 0, terminal);
  const run = openRun({ prefix: source.name, identity, now, before, rows, stateFile });
  const progress = followProgress(source, terminal, run.listed());
  try {
    await run.begin();
    const state = await walk({
      pages: (after) => seenBy(source, after),
      from: before?.position,
      sampler:
        sample === undefined
          ? undefined
          : createSampler(sample, isReadBy(source, assign), before?.position.sample),
      look: createLook(source, { assign, records, logs: source.logs, now, ...lookOf(options) }),
      concurrency: source.concurrency,
      limit,
      signal,
      async onStep(step) {
        await run.take(step);
        progress.update(run.listed());
      },
    });
    if (state === 'complete' && run.listed() === 0) source.onNothing();
    await run.end(state === 'complete');
    if (state !== 'complete' && stateFile)
      terminal.err('headgate: run the same command again to go on where this run stopped\n');
    const basis = await records.basis();
    return {
      ...run.report(),
      state,
      ...(basis && { basis }),
      ...(sample !== undefined && { samplePerPartition: sample }),
    };
  } catch (cause) {
    await run.breakOff();
    throw cause;
  } finally {
    progress.end();
  }
}

/** Logs of other table formats that a listing shows are known before the files of its page are judged. */
async function* seenBy(
  source: AuditSource,
  after: string | undefined,
): AsyncGenerator<readonly AuditEntry[]> {
  for await (const page of source.pages(after)) {
    for (const entry of page) if (formatLogOf(entry.key)) source.logs.see(source.toFile(entry).path);
    yield page;
  }
}

/** 3 where something was not judged or the run was cut, else 1 for a finding at or above `failOn`, else 0. */
function exitCodeOf({ summary, state, causes }: AuditReport, failOn: Severity): ExitCode {
  if (summary.errors > 0 || state === 'interrupted') return 3;
  const least = SEVERITIES.indexOf(failOn);
  return causes.some(({ severity }) => SEVERITIES.indexOf(severity) >= least) ? 1 : 0;
}
