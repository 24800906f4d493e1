import { type ErrorCode, HeadgateError } from '../../../error.ts';
import { safeText } from '../../../text/safe.ts';
import type { AuditCounts, Audited, AuditReport } from '../../../tools/audit/audit-report.ts';
import type { AuditIdentity, AuditState } from '../../../tools/audit/state.ts';
import { createTally } from '../../../tools/audit/tally.ts';
import type { WalkPosition, WalkStep } from '../../../tools/audit/walk.ts';
import { showPace } from '../progress.ts';
import type { Terminal } from '../run.ts';
import type { RowSink } from './audit-rows.ts';
import type { AuditEntry, AuditSource } from './audit-source.ts';
import type { StateFile } from './audit-state-file.ts';

/** What one run of an audit gathers, and what it leaves for the next one. */
export interface AuditRun {
  /** Writes the state down, so that one that cannot be written is told before the work and not after it. */
  readonly begin: () => Promise<void>;
  /** Everything that a step found; kept on disk now and then. */
  readonly take: (step: WalkStep<AuditEntry, Audited>) => Promise<void>;
  /** How many entries were listed, by earlier runs too. */
  readonly listed: () => number;
  readonly report: () => AuditReport;
  /** Rows become their file, unless a later run goes on with them. */
  readonly end: (isComplete: boolean) => Promise<void>;
  /** Something failed: what is there is kept for a later run, where there can be one. */
  readonly breakOff: () => Promise<void>;
}

export interface AuditRunInput {
  /** As people name it. */
  readonly prefix: string;
  readonly identity: AuditIdentity;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly before: AuditState<AuditEntry> | undefined;
  readonly rows: RowSink;
  readonly stateFile: StateFile | undefined;
}

const SAVE_MS = 2_000;
const START: WalkPosition<AuditEntry> = { cursor: undefined, waiting: [], sample: undefined };

export function openRun({ prefix, identity, now, before, rows, stateFile }: AuditRunInput): AuditRun {
  const tally = createTally(before?.tally);
  let listed = before?.listed ?? 0;
  let position = before?.position ?? START;
  let savedAt = performance.now();
  const save = async () => {
    savedAt = performance.now();
    await stateFile?.write({ identity, now, position, tally: tally.save(), listed, rowBytes: rows.bytes() });
  };
  const report = () => tally.report({ prefix: safeText(prefix, 1024), state: 'complete' });
  return {
    async take(step) {
      stopWhereNothingCanBeRead(step.results, tally.counts());
      tally.add(step.results);
      tally.leftOut(step.leftOut);
      rows.append(step.results);
      listed += step.listed;
      position = step.position;
      if (performance.now() - savedAt > SAVE_MS) await save();
    },
    begin: save,
    listed: () => listed,
    report,
    async end(isComplete) {
      if (isComplete || stateFile === undefined) {
        await rows.finish();
        await stateFile?.remove();
      } else {
        rows.keep();
        await save();
      }
    },
    async breakOff() {
      if (stateFile === undefined) return rows.discard();
      rows.keep();
      // What is wrong is told already.
      await save().catch(() => undefined);
    },
  };
}

const REFUSED_ALL = 100;

/**
 * Where the first reads were all refused, a million more would be too; and credentials that have expired do not come back. What
 * was refused is not counted then: a later run reads it.
 */
function stopWhereNothingCanBeRead(results: readonly Audited[], before: AuditCounts): void {
  const hasRead = before.admit + before.hold + before.superseded > 0;
  const refused = results.flatMap((result) =>
    result.kind === 'error' && isRefusal(result.error.code, hasRead) ? [result.error] : [],
  );
  const [first] = refused;
  const isAll = results.every(
    (result) =>
      result.kind === 'error' ||
      result.kind === 'ignored' ||
      (result.kind === 'judged' && result.report.verdict === 'ignore'),
  );
  if (first && isAll && refused.length >= REFUSED_ALL)
    throw new HeadgateError(
      first.code,
      `${refused.length} files were tried, and none could be read: ${first.message}`,
    );
}

function isRefusal(code: ErrorCode, hasRead: boolean): boolean {
  return code === 'NOT_CONFIGURED' || (code === 'PERMISSION_DENIED' && !hasRead);
}

const COUNT_AFTER_MS = 2_000;

/** Says how far it is; once that takes a while, something counts ahead, so that the time left can be told. */
export function followProgress(source: Pick<AuditSource, 'pages'>, terminal: Terminal, doneBefore: number) {
  const pace = showPace(terminal, ['auditing', 'files'], { doneBefore });
  const startedAt = performance.now();
  let total: number | undefined;
  let isCounting = false;
  let isOver = false;
  const count = async () => {
    let counted = 0;
    for await (const page of source.pages(undefined)) {
      counted += page.length;
      if (isOver) return;
    }
    total = counted;
  };
  return {
    update(done: number) {
      if (!isCounting && performance.now() - startedAt > COUNT_AFTER_MS) {
        isCounting = true;
        // Without a total no time left is told; what is wrong with the listing is told by the audit itself.
        count().catch(() => undefined);
      }
      pace.update(done, total);
    },
    end() {
      isOver = true;
      pace.end();
    },
  };
}
