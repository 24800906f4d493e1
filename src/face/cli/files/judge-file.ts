import { HeadgateError } from '../../../error.ts';
import type { Contract, Table } from '../../../judge/contract/contract.ts';
import { classifyKey, type KeyKind } from '../../../judge/contract/key.ts';
import type { Depth } from '../../../judge/contract/vocabulary.ts';
import { LOCAL_PAGE_LIMITS } from '../../../judge/pages/limits.ts';
import type { ByteSource, FooterResult } from '../../../judge/parquet/facts.ts';
import { hasMagic, readFooter } from '../../../judge/parquet/read-footer.ts';
import { type JudgedKey, judge, type Verdict } from '../../../judge/verdict/judge.ts';
import { lookDeeper } from '../../../judge/verdict/look-deeper.ts';
import { type FileSource, openFileSource } from '../../../run/adapters/local/file-source.ts';
import type { GuardedTable } from '../../../run/table/guarded-table.ts';
import { isShown, judgeObject, type ObjectQuestion, withSpelling } from '../../../run/table/judge-object.ts';
import type { FileReport } from '../../../tools/scan/report.ts';
import { fileReport, ignoredReport } from './file-report.ts';
import type { FoundFile } from './find-files.ts';
import type { JudgingRecords } from './judging-records.ts';
import type { LogFinder } from './log-finder.ts';

/** Which table a file belongs to, and where it stands in it. */
export interface Assignment {
  readonly table: Table;
  /** The active version first. */
  readonly contracts: readonly Contract[];
  /** Below the table's root; where that is not known below the topmost `name=value` folder, and nothing where there is none. */
  readonly relativeKey: string | undefined;
  readonly isRootKnown: boolean;
  /** Athena reads what lies there. */
  readonly isRead: boolean;
  /** The table as the ledger knows it; nothing where its contract gives it no place. */
  readonly guarded: GuardedTable | undefined;
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
  const { relativeKey, isRead } = assignment;
  const kind = kindOf(assignment, file);
  return {
    file,
    assignment,
    ignored: kind.kind === 'ignore' ? kind.reason : undefined,
    key: {
      ...(relativeKey !== undefined && { relativeKey }),
      isRead,
      ...(file.modifiedAt !== undefined && { writtenAt: file.modifiedAt }),
      ...(kind.kind === 'stray' && { stray: relativeKey ?? file.walkedKey }),
    },
  };
}

/** Below a known root as the gate does; what stands above it says nothing. */
function kindOf({ table, relativeKey, isRootKnown }: Assignment, { walkedKey }: FoundFile): KeyKind {
  const rules = {
    partitionKeys: table.partitionKeys.map(({ name }) => name),
    fileMatch: table.policy.fileMatch,
  };
  if (isRootKnown && relativeKey !== undefined) return classifyKey(relativeKey, rules);
  // A job's `_temporary` folder may stand above the first name=value folder, outside of the relative key.
  const walked = classifyKey(walkedKey, rules);
  return walked.kind === 'ignore' ? walked : classifyKey(relativeKey ?? walkedKey, rules);
}

/** How far files are looked into. */
export interface LookOptions {
  readonly maxFooterBytes?: number;
  /** Instead of what the contract says. */
  readonly depth?: Depth;
}

export interface ReadFile {
  /** Athena skips a file of zero bytes. */
  readonly footer: FooterResult | 'zero-bytes';
  readonly bytes: number;
}

/** Reads a file as far as is asked. Throws SOURCE_CHANGED or SUPERSEDED where it is another one by the end. */
export function readFile(
  file: FoundFile,
  by: { readonly contracts: readonly Contract[]; readonly table: string },
  options: LookOptions,
): Promise<ReadFile> {
  return withSource(file, async (source) => ({
    footer: source.byteLength === 0 ? 'zero-bytes' : await factsOf(source, by, options),
    bytes: source.byteLength,
  }));
}

async function withSource<T>(
  { path, source }: FoundFile,
  look: (source: ByteSource & Partial<Pick<FileSource, 'modifiedAt'>>) => Promise<T>,
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

async function factsOf(
  source: ByteSource,
  by: { readonly contracts: readonly Contract[]; readonly table: string },
  { maxFooterBytes, depth }: LookOptions,
): Promise<FooterResult> {
  const footer = await readFooter(source, maxFooterBytes === undefined ? {} : { maxFooterBytes });
  return lookDeeper(source, footer, { ...by, depth, limits: LOCAL_PAGE_LIMITS });
}

export interface JudgeFileInput extends LookOptions {
  readonly assign: Assign;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** What a ledger says of each table; without it contracts alone decide. */
  readonly records?: Pick<JudgingRecords, 'of' | 'spelling'>;
  /** Tells whether a file lies in a table of another format. */
  readonly logs?: Pick<LogFinder, 'find'>;
}

export interface JudgedFile {
  readonly placed: PlacedFile;
  readonly report: FileReport;
  /** Absent where the file was not opened. */
  readonly bytes: number | undefined;
}

/** Judges one file as the gate would. Throws what is not a verdict. */
export async function judgeFile(input: JudgeFileInput, file: FoundFile): Promise<JudgedFile> {
  const placed = placeFile(file, input.assign);
  const { assignment, ignored, key } = placed;
  const ignoredAs = (reason: string, notes: readonly string[], bytes: number | undefined) => ({
    placed,
    report: ignoredReport(file.path, assignment.table, reason, notes),
    bytes,
  });
  if (ignored !== undefined) return ignoredAs(ignored, hiddenData(file.path), undefined);
  const content = await withSource(file, (source) => contentOf(source, key, assignment, input));
  const { bytes, facts, isParquet, modifiedAt } = content;
  if (bytes === 0) return ignoredAs('zero-bytes', [], bytes);
  // Of a stray that nobody reads it says nothing.
  const found = facts && (await input.logs?.find(file.path, assignment.relativeKey));
  const { verdict, notes } = await verdictOf(input, assignment, {
    ...(facts && { facts }),
    key: {
      ...(modifiedAt !== undefined && { writtenAt: modifiedAt }),
      ...key,
      ...(isParquet !== undefined && { isParquet }),
      ...(typeof found === 'object' && { formatLog: found }),
    },
    now: input.now,
  });
  const report = fileReport(file.path, assignment.table, verdict, facts);
  const unknown = found === 'not-listed' ? [NOT_LISTED] : [];
  return { placed, report: { ...report, notes: [...report.notes, ...notes, ...unknown] }, bytes };
}

interface Content {
  readonly bytes: number;
  /** Of a local file. */
  readonly modifiedAt?: string;
  readonly facts?: FooterResult;
  readonly isParquet?: boolean;
}

const NOT_LISTED =
  'whether it lies in a table of another format is not known: a folder above it may not be listed';

/** A stray in landing is looked at by both of its ends: whether it is data that readers miss. */
async function contentOf(
  source: ByteSource & { readonly modifiedAt?: string },
  { stray, isRead }: JudgedKey,
  { contracts, table }: Assignment,
  options: LookOptions,
): Promise<Content> {
  const { byteLength: bytes, modifiedAt } = source;
  const base = { bytes, ...(modifiedAt !== undefined && { modifiedAt }) };
  if (bytes === 0) return base;
  return stray !== undefined && !isRead
    ? { ...base, isParquet: await hasMagic(source) }
    : { ...base, facts: await factsOf(source, { contracts, table: table.name }, options) };
}

/** By the types that the catalog holds and by what people granted, where the table is one that a ledger can know. */
async function verdictOf(
  { records }: JudgeFileInput,
  { table, contracts, guarded }: Assignment,
  question: ObjectQuestion,
): Promise<{ readonly verdict: Verdict; readonly notes: readonly string[] }> {
  if (guarded === undefined)
    return { verdict: judge({ contracts, table: table.name, ...question }), notes: [] };
  // Of a stray that nobody reads no ledger says anything.
  const record = question.facts && (await records?.of(guarded));
  const judged = judgeObject(guarded, record ?? {}, question);
  const { relativeKey } = question.key;
  const judgement =
    relativeKey !== undefined && isShown(guarded, judged)
      ? withSpelling(judged, await records?.spelling(guarded, relativeKey))
      : judged;
  const notes =
    judgement.kind === 'waits-for-apply' ? [`it waits for \`headgate apply\`: ${judgement.why}`] : [];
  return { verdict: judgement.verdict, notes };
}

/** Hidden files of jobs are not reported; one that is named like data is (K91). */
function hiddenData(path: string): readonly string[] {
  return /(^|[/\\])[_.][^/\\]*\.parquet$/u.test(path)
    ? ['data that no query sees: Athena skips names that start with _ or .']
    : [];
}
