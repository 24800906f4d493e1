import { HeadgateError } from '../../../error.ts';
import type { Depth } from '../../../judge/contract/vocabulary.ts';
import { grantsThat } from '../../../judge/verdict/through-grant.ts';
import { toHeadgateError } from '../../../run/adapters/local/file-source.ts';
import { safeText } from '../../../text/safe.ts';
import type { CheckReport, FileError, FileReport } from '../../../tools/scan/report.ts';
import { ignoredReport } from './file-report.ts';
import type { FoundFile } from './find-files.ts';
import { type JudgeFileInput, judgeFile } from './judge-file.ts';
import { ignoredOfNoTable } from './visible-key.ts';

export interface CheckFilesInput extends JudgeFileInput {
  readonly files: readonly FoundFile[];
  /** Called after each file. */
  readonly onProgress?: (done: number) => void;
}

/** Files at a time: each of those whose values are read may take some tens of megabytes. */
const CONCURRENT_FILES = { footer: 16, pages: 8, data: 2 } as const satisfies Record<Depth, number>;

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
  await Promise.all(Array.from({ length: CONCURRENT_FILES[input.depth ?? 'footer'] }, work));
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
      byGrant: files.filter(isByGrant).length,
      hold: count('hold'),
      ignore: count('ignore'),
      errors: errors.length,
    },
    files,
    errors,
  };
}

/** Admitted, and held again once the grants of people end. */
function isByGrant({ verdict, findings }: FileReport): boolean {
  return verdict === 'admit' && grantsThat(findings).length > 0;
}

async function checkFile(input: CheckFilesInput, file: FoundFile): Promise<FileReport | FileError> {
  try {
    return (await judgeFile(input, file)).report;
  } catch (cause) {
    const reason = ignoredOfNoTable(file, cause);
    return reason === undefined ? fileError(file.path, cause) : ignoredReport(file.path, undefined, reason);
  }
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
