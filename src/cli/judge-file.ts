import { openFileSource } from '../adapters/local/file-source.ts';
import type { Contract, Table } from '../contract/contract.ts';
import { classifyKey } from '../contract/key.ts';
import { HeadgateError } from '../error.ts';
import type { ByteSource, FooterResult } from '../parquet/facts.ts';
import { hasMagic, readFooter } from '../parquet/read-footer.ts';
import type { FileReport } from '../report/report.ts';
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
  /** Whether anything is known about its partitions. */
  readonly hasPartitions: boolean;
  /** Athena reads what lies there. */
  readonly isRead: boolean;
}

/** Throws `HeadgateError` NO_CONTRACT or AMBIGUOUS_TABLE where no table, or more than one, owns the file. */
export type Assign = (file: FoundFile) => Assignment;

/** A file with its table, and whether Athena reads it at all. */
export interface PlacedFile {
  readonly file: FoundFile;
  readonly assignment: Assignment;
  /** Why it is ignored; absent for a file that is to be judged. */
  readonly ignored: string | undefined;
  readonly key: JudgedKey;
}

/** Whose file it is, by its path alone. Throws what `assign` throws. */
export function placeFile(file: FoundFile, assign: Assign): PlacedFile {
  const assignment = assign(file);
  const { table, relativeKey, hasPartitions, isRead } = assignment;
  const rules = {
    partitionKeys: table.partitionKeys.map(({ name }) => name),
    fileMatch: table.policy.fileMatch,
  };
  // A job's `_temporary` folder may stand above the first name=value folder, outside of the relative key.
  const walked = classifyKey(file.walkedKey, rules);
  const kind = walked.kind === 'ignore' ? walked : classifyKey(relativeKey ?? file.walkedKey, rules);
  return {
    file,
    assignment,
    ignored: kind.kind === 'ignore' ? kind.reason : undefined,
    key: {
      ...(hasPartitions && relativeKey !== undefined && { relativeKey }),
      isRead,
      ...(file.modifiedAt !== undefined && { writtenAt: file.modifiedAt }),
      ...(kind.kind === 'stray' && { stray: relativeKey ?? file.walkedKey }),
    },
  };
}

export interface ReadFile {
  /** Zero bytes are no file to Athena. */
  readonly footer: FooterResult | 'zero-bytes';
  readonly bytes: number;
}

/** Reads a file as far as its footer. Throws SOURCE_CHANGED or SUPERSEDED where it is another one by the end. */
export function readFile(file: FoundFile, maxFooterBytes: number | undefined): Promise<ReadFile> {
  return withSource(file, (source) => read(source, maxFooterBytes));
}

async function withSource<T>(
  { path, source }: FoundFile,
  look: (source: ByteSource) => Promise<T>,
): Promise<T> {
  if (source) return look(source);
  const opened = await openFileSource(path);
  try {
    const found = await look(opened);
    if (await opened.hasChanged())
      throw new HeadgateError(
        'SOURCE_CHANGED',
        'the file was replaced, changed or deleted while it was read',
      );
    return found;
  } finally {
    await opened.close();
  }
}

async function read(source: ByteSource, maxFooterBytes: number | undefined): Promise<ReadFile> {
  const bytes = source.byteLength;
  if (bytes === 0) return { footer: 'zero-bytes', bytes };
  return { footer: await readFooter(source, maxFooterBytes === undefined ? {} : { maxFooterBytes }), bytes };
}

export interface JudgeFileInput {
  readonly assign: Assign;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly maxFooterBytes?: number;
}

export interface JudgedFile {
  readonly placed: PlacedFile;
  readonly report: FileReport;
  /** Absent where the file was not opened. */
  readonly bytes: number | undefined;
}

/** Judges one file. Throws what is no verdict. */
export async function judgeFile(input: JudgeFileInput, file: FoundFile): Promise<JudgedFile> {
  const placed = placeFile(file, input.assign);
  const { assignment, ignored, key } = placed;
  const { table, contracts } = assignment;
  if (ignored !== undefined)
    return {
      placed,
      report: ignoredReport(file.path, table, ignored, hiddenData(file.path)),
      bytes: undefined,
    };
  if (key.stray !== undefined && !key.isRead) return judgeUnread(input, placed);
  const { footer, bytes } = await readFile(file, input.maxFooterBytes);
  if (footer === 'zero-bytes') return { placed, report: ignoredReport(file.path, table, footer), bytes };
  const verdict = judge({ contracts, table: table.name, facts: footer, key, now: input.now });
  return { placed, report: fileReport(file.path, table, verdict, footer), bytes };
}

/** A stray in landing is looked at by both of its ends: whether it is data that readers miss. */
async function judgeUnread(input: JudgeFileInput, placed: PlacedFile): Promise<JudgedFile> {
  const { file, assignment, key } = placed;
  const { table, contracts } = assignment;
  const { isParquet, bytes } = await withSource(file, async (source) => ({
    isParquet: await hasMagic(source),
    bytes: source.byteLength,
  }));
  if (bytes === 0) return { placed, report: ignoredReport(file.path, table, 'zero-bytes'), bytes };
  const verdict = judge({ contracts, table: table.name, key: { ...key, isParquet }, now: input.now });
  return { placed, report: fileReport(file.path, table, verdict), bytes };
}

/** Hidden files of jobs are no news; one that is named like data is (K91). */
function hiddenData(path: string): readonly string[] {
  return /(^|[/\\])[_.][^/\\]*\.parquet$/u.test(path)
    ? ['data that no query sees: Athena skips names that start with _ or .']
    : [];
}
