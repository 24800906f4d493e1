import type { Contract } from '../../../judge/contract/contract.ts';
import { judge, type Verdict } from '../../../judge/verdict/judge.ts';
import type { FileReport } from '../../../tools/scan/report.ts';
import { partitionOf } from '../audit/audit-look.ts';
import { fileReport } from '../files/file-report.ts';
import type { FoundFile } from '../files/find-files.ts';
import { type Assign, type Assignment, type LookOptions, placeFile, readFile } from '../files/judge-file.ts';

/** The versions of one contract that files are judged by: those that count before a change, and after it. */
export interface VersionPair {
  /** The newest first, then those that it may accept. */
  readonly before: readonly Contract[];
  readonly after: readonly Contract[];
}

/** What a change of its contract means for one file. */
export type TwiceJudged =
  /** No table that both sides declare, or nothing that Athena reads. */
  | { readonly kind: 'other' }
  | { readonly kind: 'ignored' }
  | {
      readonly kind: 'kept' | 'broken-before' | 'mended' | 'broken';
      readonly contractId: string;
      readonly table: string;
      readonly bytes: number;
      readonly partition: string;
      /** By the new version, errors alone; of a broken file. */
      readonly report?: FileReport;
    };

export interface JudgeTwiceInput extends Pick<LookOptions, 'depth'> {
  /** By the old version, whose files they are. Throws NO_CONTRACT for files of no table. */
  readonly assign: Assign;
  /** By contract id. */
  readonly pairs: ReadonlyMap<string, VersionPair>;
  /** ISO 8601, UTC. */
  readonly now: string;
}

/** Judges a file by both versions; its footer is read once. Throws what is not a verdict. */
export async function judgeTwice(input: JudgeTwiceInput, file: FoundFile): Promise<TwiceJudged> {
  const assignment = input.assign(file);
  const pair = input.pairs.get(assignment.table.contractId);
  const [newest] = pair?.after ?? [];
  const table = newest?.tables.find(({ name }) => name === assignment.table.name);
  if (pair === undefined || table === undefined) return { kind: 'other' };
  const sides = {
    before: sideOf(file, assignment, pair.before),
    after: sideOf(file, { ...assignment, table }, pair.after),
  };
  if (sides.before.ignored && sides.after.ignored) return { kind: 'ignored' };
  const by = { contracts: [...pair.after, ...pair.before], table: table.name };
  const { footer, bytes } = await readFile(file, by, input);
  if (footer === 'zero-bytes') return { kind: 'ignored' };
  const verdictOf = ({ key, contracts, ignored }: Side): Verdict | undefined =>
    ignored ? undefined : judge({ contracts, table: table.name, facts: footer, key, now: input.now });
  const [before, after] = [verdictOf(sides.before), verdictOf(sides.after)];
  const told = {
    contractId: table.contractId,
    table: table.name,
    bytes,
    partition: partitionOf({ assignment }),
  };
  const [wasHeld, isHeld] = [before?.verdict === 'hold', after?.verdict === 'hold'];
  if (after === undefined || !isHeld) return { kind: wasHeld ? 'mended' : 'kept', ...told };
  if (wasHeld) return { kind: 'broken-before', ...told };
  const report = fileReport(file.path, table, after, footer);
  return { kind: 'broken', ...told, report: onlyErrors(report) };
}

interface Side {
  readonly key: ReturnType<typeof placeFile>['key'];
  readonly ignored: boolean;
  readonly contracts: readonly Contract[];
}

function sideOf(file: FoundFile, assignment: Assignment, contracts: readonly Contract[]): Side {
  const { key, ignored } = placeFile(file, () => assignment);
  return { key, ignored: ignored !== undefined, contracts };
}

/** What holds the file: as the old version did not hold it, none of that is older than the change. */
function onlyErrors(report: FileReport): FileReport {
  return { ...report, findings: report.findings.filter(({ severity }) => severity === 'error') };
}
