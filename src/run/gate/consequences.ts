import type { Verdict } from '../../judge/verdict/judge.ts';
import type { LoggedVerdict } from '../folder/verdict-log.ts';
import { alert, holdMessage } from '../hold/hold-message.ts';
import type { PipelineEvent } from '../message/events.ts';
import type { JudgedBy, Messages, Origin } from '../message/messages.ts';
import { originId } from '../message/origin.ts';
import { folderOf } from '../table/folder.ts';
import type { GuardedTable } from '../table/guarded-table.ts';
import { type ObjectJudgement, registersPartitions } from '../table/judge-object.ts';

/** A judged object, and what the world is told about it. */
export interface Judged {
  readonly kind: 'judged';
  readonly guarded: GuardedTable;
  readonly origin: Origin;
  readonly verdict: 'admit' | 'hold' | 'ignore' | 'waits-for-apply';
  readonly next: readonly NextMessage[];
  readonly events: readonly { readonly event: PipelineEvent; readonly identity: readonly string[] }[];
  readonly logged?: LoggedVerdict;
  /** Bad, or missed by readers, and nobody moves it: telling is all there is. */
  readonly isLeft: boolean;
  /** The grants without which the verdict would have been another. */
  readonly grants: readonly string[];
}

export type NextMessage = {
  [Name in keyof Messages]: {
    readonly queue: Name;
    readonly message: Messages[Name];
    readonly delaySeconds?: number;
  };
}[keyof Messages];

/** What follows from a judgement, by mode and policy; with `stays` nothing is moved whatever they say. Pure. */
export function consequences(
  guarded: GuardedTable,
  origin: Origin,
  relativeKey: string,
  judgement: ObjectJudgement,
  { stays = false }: { readonly stays?: boolean } = {},
): Judged {
  const { mode } = guarded.placement;
  const base = { kind: 'judged', guarded, origin, next: [], events: [], isLeft: false, grants: [] } as const;
  if (judgement.kind === 'waits-for-apply') {
    const { contractVersion, catalogVersion, why } = judgement;
    const detail = { table: guarded.name, contractVersion, catalogVersion, why };
    const event = { type: 'VersionWaits', detail } as const;
    const identity = [guarded.name, contractVersion, catalogVersion];
    return { ...base, verdict: 'waits-for-apply', events: [{ event, identity }] };
  }
  const { verdict, catalogVersion, needsUpdate } = judgement;
  const judgedBy: JudgedBy = {
    contractHash: guarded.contractHash,
    contractVersion: verdict.contractVersion,
    catalogVersion,
  };
  const judged = {
    ...base,
    verdict: verdict.verdict,
    grants: grantsOf(verdict),
    ...(mode === 'in-place' && {
      logged: { key: origin.key, etag: origin.etag, verdict: verdict.verdict },
    }),
  };
  switch (verdict.verdict) {
    case 'ignore':
      return verdict.findings.some(({ severity }) => severity === 'error')
        ? { ...judged, ...left(guarded, origin, verdict) }
        : judged;
    case 'hold':
      if (mode !== 'observe' && guarded.table.policy.onHold === 'move' && !stays) {
        const message = holdMessage(guarded, origin, judgedBy, verdict);
        return { ...judged, next: [{ queue: 'quarantine', message }] };
      }
      return { ...judged, ...left(guarded, origin, verdict) };
    case 'admit':
      return mode === 'observe'
        ? judged
        : { ...judged, next: onAdmit(guarded, origin, judgedBy, relativeKey, needsUpdate) };
  }
}

function grantsOf({ findings }: Verdict): readonly string[] {
  return [...new Set(findings.flatMap(({ waived }) => waived?.grant?.id ?? []))];
}

/** Where nothing is moved, telling is all there is. */
function left(guarded: GuardedTable, origin: Origin, verdict: Verdict): Pick<Judged, 'isLeft' | 'events'> {
  const event = alert(guarded, origin, verdict);
  return { isLeft: true, events: [{ event, identity: [originId(origin)] }] };
}

/**
 * Copied where landing and location differ; where they are one, the partition may be shown once its batch is complete.
 * What needs types that the catalog lacks rides with the wish for them, and goes on when they are there.
 */
function onAdmit(
  guarded: GuardedTable,
  origin: Origin,
  judgedBy: JudgedBy,
  relativeKey: string,
  needsUpdate: boolean,
): readonly NextMessage[] {
  const { name: table, contractHash } = guarded;
  const apply = { kind: 'apply', table, contractHash } as const;
  if (guarded.placement.mode === 'promote') {
    const message = { kind: 'publish', table, origin, judgedBy } as const;
    return needsUpdate
      ? [{ queue: 'catalog', message: { ...apply, rider: message } }]
      : [{ queue: 'publish', message }];
  }
  const folder = folderOf(guarded.table, relativeKey);
  if (guarded.table.policy.completion.kind === 'first-file' || !registersPartitions(guarded)) {
    const message = { kind: 'register', table, folder } as const;
    return [{ queue: 'catalog', message: needsUpdate ? { ...apply, rider: message } : message }];
  }
  const message = { kind: 'converge', table, folder } as const;
  return [
    ...(needsUpdate ? [{ queue: 'catalog', message: apply } as const] : []),
    { queue: 'converge', message, delaySeconds: guarded.table.policy.settleSeconds },
  ];
}
