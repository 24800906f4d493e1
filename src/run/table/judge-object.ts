import type { Contract } from '../../judge/contract/contract.ts';
import { formatLogAbove } from '../../judge/contract/table-format.ts';
import type { FooterResult } from '../../judge/parquet/facts.ts';
import type { JudgedFinding } from '../../judge/rules/finding.ts';
import { type JudgedKey, judge, type Verdict } from '../../judge/verdict/judge.ts';
import { appliedContract } from '../catalog/applied.ts';
import { type AppliedStep, appliedStep } from '../catalog/applied-step.ts';
import { type GuardedTable, isReadWhereWritten } from './guarded-table.ts';
import type { AppliedRecord, TableRecord } from './table-record.ts';

export type ObjectJudgement =
  | {
      readonly kind: 'judged';
      readonly verdict: Verdict;
      /** The version whose types the catalog must hold before anybody reads the object. */
      readonly catalogVersion: string;
      /** The catalog does not hold them yet, and may safely be made to. */
      readonly needsUpdate: boolean;
    }
  /** Good by a version that the catalog can only take by `headgate apply`. */
  | {
      readonly kind: 'waits-for-apply';
      /** By the version that waits. */
      readonly verdict: Verdict;
      readonly contractVersion: string;
      readonly catalogVersion: string;
      readonly why: string;
    };

/** What the ledger knows of a table that a verdict depends on. */
export type JudgingRecord = Partial<Pick<TableRecord, 'applied' | 'grants' | 'guardedSince' | 'formatLogs'>>;

export interface ObjectQuestion {
  /** Not needed for a stray that nobody reads. */
  readonly facts?: FooterResult;
  readonly key: JudgedKey;
  readonly now: string;
}

/** What a key is to its table where it is guarded. */
export function guardedKey(
  guarded: GuardedTable,
  {
    relativeKey,
    isStray,
    writtenAt,
  }: { readonly relativeKey: string; readonly isStray: boolean; readonly writtenAt: string },
): ObjectQuestion['key'] {
  return {
    relativeKey,
    writtenAt,
    isRead: isReadWhereWritten(guarded),
    ...(isStray && { stray: relativeKey }),
  };
}

/**
 * Judges one object of a guarded table by the types that the catalog holds, or is about to hold, and by what people granted.
 * Pure.
 */
export function judgeObject(
  guarded: GuardedTable,
  record: JudgingRecord,
  question: ObjectQuestion,
): ObjectJudgement {
  const [active] = guarded.contracts;
  if (active === undefined) throw new RangeError(`table ${guarded.name} has no contract`);
  const { applied } = record;
  const { mode } = guarded.placement;
  const step = mode === 'observe' ? ({ kind: 'ready' } as const) : stepOf(guarded, applied);
  const ask = (readBy: Contract | undefined) => verdictOf(guarded, question, readBy, record);
  const judgedBy = (verdict: Verdict, catalogVersion: string, needsUpdate: boolean) =>
    ({ kind: 'judged', verdict, catalogVersion, needsUpdate }) as const;

  switch (step.kind) {
    case 'ready':
      // The types are there; that they are this version's too is noted at its first admitted file.
      return judgedBy(
        ask(undefined),
        active.version,
        applied !== undefined && applied.contractVersion !== active.version,
      );
    case 'create':
    case 'update':
      return judgedBy(ask(undefined), active.version, true);
    case 'needs-apply': {
      const held = applied as AppliedRecord;
      const now = ask(appliedContract(held, active, guarded.table.name));
      if (now.verdict !== 'hold') return judgedBy(now, held.contractVersion, false);
      const then = ask(undefined);
      return then.verdict === 'hold'
        ? judgedBy(now, held.contractVersion, false)
        : {
            kind: 'waits-for-apply',
            verdict: then,
            contractVersion: then.contractVersion,
            catalogVersion: held.contractVersion,
            why: step.why,
          };
    }
  }
}

/** Of a batch every file asks the same of the same record. */
const steps = new WeakMap<AppliedRecord, { readonly guarded: GuardedTable; readonly step: AppliedStep }>();

function stepOf(guarded: GuardedTable, applied: AppliedRecord | undefined): AppliedStep {
  const before = applied && steps.get(applied);
  if (before?.guarded === guarded) return before.step;
  const step = appliedStep(applied, guarded.table, {
    hasRegisteredPartitions: registersPartitions(guarded),
    location: guarded.placement.location,
  });
  if (applied) steps.set(applied, { guarded, step });
  return step;
}

/** Whether a file is one that readers shall see: only then does another spelling of its partition matter. */
export function isShown({ placement }: Pick<GuardedTable, 'placement'>, judgement: ObjectJudgement): boolean {
  const isAdmitted = judgement.kind === 'judged' && judgement.verdict.verdict === 'admit';
  return isAdmitted && placement.mode !== 'observe';
}

/** A file that keeps its contract, in a folder that nobody would look into: its partition is another one. */
export function withSpelling(
  judgement: ObjectJudgement,
  finding: JudgedFinding | undefined,
): ObjectJudgement {
  if (finding === undefined || judgement.kind !== 'judged') return judgement;
  const { verdict } = judgement;
  const findings = [...verdict.findings, finding];
  return { ...judgement, verdict: { ...verdict, verdict: 'hold', effect: finding.effect, findings } };
}

export function registersPartitions({ table }: GuardedTable): boolean {
  return table.partitionKeys.length > 0 && table.policy.partitions === 'registered';
}

function verdictOf(
  guarded: GuardedTable,
  { facts, key, now }: ObjectQuestion,
  applied: Contract | undefined,
  { grants, formatLogs = [] }: JudgingRecord,
): Verdict {
  const formatLog = key.relativeKey === undefined ? undefined : formatLogAbove(formatLogs, key.relativeKey);
  return judge({
    contracts: guarded.contracts,
    ...(applied && { applied }),
    ...(grants && { grants }),
    table: guarded.table.name,
    ...(facts && { facts }),
    key: { ...key, ...(formatLog && { formatLog }) },
    now,
  });
}
