import { openFileSource, toHeadgateError } from '../adapters/local/file-source.ts';
import type { Contract, Mode, Table } from '../contract/contract.ts';
import { classifyKey } from '../contract/key.ts';
import { HeadgateError } from '../error.ts';
import type { ByteSource, FooterResult } from '../parquet/facts.ts';
import { readFooter } from '../parquet/read-footer.ts';
import type { CheckReport, FileError, FileReport } from '../report/report.ts';
import { safeText } from '../text/safe.ts';
import { type JudgedKey, judge } from '../verdict/judge.ts';
import { fileReport, ignoredReport } from './file-report.ts';
import type { FoundFile } from './find-files.ts';

/** Which table a file belongs to, and where it stands in it. */
export interface Assignment {
  readonly table: Table;
  /** The active version first. */
  readonly contracts: readonly Contract[];
  /** Below the table's root; absent where the root is not known. */
  readonly relativeKey: string | undefined;
  readonly partitions: JudgedKey['partitions'];
  readonly mode: Mode | undefined;
}

export interface CheckFilesInput {
  readonly files: readonly FoundFile[];
  /** Throws `HeadgateError` NO_CONTRACT or AMBIGUOUS_TABLE where no table, or more than one, owns the file. */
  readonly assign: (file: FoundFile) => Assignment;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly maxFooterBytes?: number;
  /** Called after each file. */
  readonly onProgress?: (done: number) => void;
}

const CONCURRENT_FILES = 16;

/** Judges files, several at a time; the report keeps their order. One file's trouble never stops another's. */
export async function checkFiles(input: CheckFilesInput): Promise<CheckReport> {
  const outcomes: (FileReport | FileError)[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let index = next++; index < input.files.length; index = next++) {
      const file = input.files[index];
      if (file) outcomes[index] = await checkFile(input, file);
      input.onProgress?.(++done);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_FILES }, work));
  const files = outcomes.filter((outcome) => 'verdict' in outcome);
  return toReport(
    files,
    outcomes.filter((outcome) => 'code' in outcome),
  );
}

/** Counts and lists: the value that every output format renders. */
export function toReport(files: readonly FileReport[], errors: readonly FileError[]): CheckReport {
  const count = (verdict: FileReport['verdict']) => files.filter((file) => file.verdict === verdict).length;
  return {
    schemaVersion: 1,
    summary: {
      files: files.length + errors.length,
      admit: count('admit'),
      hold: count('hold'),
      ignore: count('ignore'),
      errors: errors.length,
    },
    files,
    errors,
  };
}

async function checkFile(input: CheckFilesInput, file: FoundFile): Promise<FileReport | FileError> {
  try {
    const assignment = input.assign(file);
    const { table, relativeKey } = assignment;
    const rules = {
      partitionKeys: table.partitionKeys.map(({ name }) => name),
      fileMatch: table.policy.fileMatch,
    };
    // A job's `_temporary` folder may stand above the first name=value folder, outside of the relative key.
    const walked = classifyKey(file.walkedKey, rules);
    const key = walked.kind === 'ignore' ? walked : classifyKey(relativeKey ?? file.walkedKey, rules);
    if (key.kind === 'ignore') return ignoredReport(file.path, table, key.reason, hiddenData(file.path));
    const footer = file.source
      ? await readFooterOf(file.source, input.maxFooterBytes)
      : await readLocalFooter(file.path, input.maxFooterBytes);
    if (footer === 'zero-bytes') return ignoredReport(file.path, table, footer);
    const verdict = judge({
      contracts: assignment.contracts,
      table: table.name,
      facts: footer,
      key: {
        ...(assignment.partitions && { partitions: assignment.partitions }),
        ...(assignment.mode && { mode: assignment.mode }),
        ...(key.kind === 'stray' && { stray: relativeKey ?? file.walkedKey }),
      },
      now: input.now,
    });
    return fileReport(file.path, table, verdict, footer);
  } catch (cause) {
    return fileError(file.path, cause);
  }
}

/** Hidden files of jobs are no news; one that is named like data is (K91). */
function hiddenData(path: string): readonly string[] {
  return /(^|[/\\])[_.][^/\\]*\.parquet$/u.test(path)
    ? ['data that no query sees: Athena skips names that start with _ or .']
    : [];
}

async function readLocalFooter(path: string, maxFooterBytes?: number): Promise<FooterResult | 'zero-bytes'> {
  const source = await openFileSource(path);
  try {
    return await readFooterOf(source, maxFooterBytes);
  } finally {
    await source.close();
  }
}

/** Zero bytes are no file to Athena; anything else is read as far as its footer. */
async function readFooterOf(
  source: ByteSource,
  maxFooterBytes?: number,
): Promise<FooterResult | 'zero-bytes'> {
  if (source.byteLength === 0) return 'zero-bytes';
  return readFooter(source, maxFooterBytes === undefined ? {} : { maxFooterBytes });
}

/** What went wrong with one file, as a value. A bug of ours is an error too, never a verdict. */
export function fileError(path: string, cause: unknown): FileError {
  const error =
    cause instanceof HeadgateError || isSystemError(cause)
      ? toHeadgateError(cause)
      : new HeadgateError('INTERNAL', `failed inside Headgate: ${String(cause)}`, { cause });
  return {
    uri: safeText(path, 1024),
    code: error.code,
    message: safeText(error.message, 512),
    retryable: error.retryable,
  };
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}
