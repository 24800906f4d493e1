import type { Effect } from '../../judge/athena/prediction.ts';
import type { GrantRef } from '../../judge/verdict/through-grant.ts';
import type { Guard } from '../guard/guard.ts';
import { folderId } from '../ledger/folder-id.ts';
import { type RecordKind, recordKey, recordScope } from '../ledger/record-kind.ts';
import { listRecords, readRecord, removeAt, updateRecord } from '../ledger/records.ts';
import type { HeldFinding, HoldMessage, JudgedBy, Origin } from '../message/messages.ts';
import type { GuardedTable } from '../table/guarded-table.ts';

/**
 * A hold as a saga: COPYING → COPIED (a verified copy exists) → DELETED (the source is gone, where the route deletes) →
 * DONE (the event is out). `released` and `ended` follow. What is held once more begins again, under a new `heldAt`.
 */
export interface HoldRecord {
  readonly holdId: string;
  readonly step: 'COPYING' | 'COPIED' | 'DELETED' | 'DONE';
  readonly status: 'held' | 'released' | 'ended';
  readonly endReason?: 'overwritten' | 'deleted' | 'published' | 'purged';
  readonly table: string;
  readonly folder: string;
  readonly origin: Origin;
  readonly judgedBy: JudgedBy;
  readonly effect: Effect;
  readonly findings: readonly HeldFinding[];
  readonly findingCount: number;
  /** `s3://…/data.parquet` and `…/report.json`. */
  readonly copy: string;
  readonly report: string;
  readonly heldAt: string;
  readonly releasedBy?: string;
  /** The grants by which a release could admit it; absent where the contract itself does. */
  readonly releasedUnder?: readonly GrantRef[];
  /** ETag of the object that a release wrote back; absent where the held object stayed in its place. */
  readonly releasedEtag?: string;
  /** What a purge does with landing, so that one that was cut off goes on with it. */
  readonly purges?: Purging;
}

/** id folderHash/holdId. */
export const HOLDS: RecordKind<HoldRecord> = {
  name: 'holds',
  form: 1,
  needs: {
    holdId: 'string',
    step: 'string',
    status: 'string',
    table: 'string',
    folder: 'string',
    origin: 'object',
    judgedBy: 'object',
    effect: 'string',
    findings: 'array',
    findingCount: 'number',
    copy: 'string',
    report: 'string',
    heldAt: 'string',
  },
};

/** `leave`: the object in landing is not this hold's any longer. */
export type Purging = 'leave' | 'clear' | 'bring-old-back';

/** Where a hold stands, in one word; `absent` where there is none. */
export type HoldState = 'absent' | HoldRecord['step'] | 'released' | 'ended' | 'purged';

export function stateOf(record: HoldRecord | undefined): HoldState {
  if (record === undefined) return 'absent';
  if (record.status === 'held') return record.step;
  return record.endReason === 'purged' ? 'purged' : record.status;
}

/** Names one moment of a hold: a verdict that was made before it is about the past. */
export function momentOf(record: HoldRecord | undefined): string {
  return record === undefined ? 'absent' : `${stateOf(record)} ${record.heldAt}`;
}

type Changed = Partial<Omit<HoldRecord, 'holdId' | 'folder' | 'heldAt'>>;

/** Every change of a hold, from where it is allowed, and what it makes of the record. */
const TRANSITIONS = {
  copied: { from: ['COPYING'], to: () => ({ step: 'COPIED' }) },
  /** From DONE: the same bad bytes came back to their place, and were removed again. */
  removed: { from: ['COPIED', 'DONE'], to: () => ({ step: 'DELETED' }) },
  told: { from: ['DELETED'], to: () => ({ step: 'DONE' }) },
  released: {
    from: ['DONE'],
    to: ({ by, grants, etag }: Released) => ({
      status: 'released',
      releasedBy: by,
      ...(grants.length > 0 && { releasedUnder: grants }),
      ...(etag !== undefined && { releasedEtag: etag }),
    }),
  },
  ended: {
    from: ['DONE', 'released'],
    to: ({ reason }: Ended) => ({ status: 'ended', endReason: reason }),
  },
  purged: {
    from: ['DONE', 'released', 'ended'],
    to: ({ purges }: Purged) => ({ status: 'ended', endReason: 'purged', purges }),
  },
} as const satisfies Record<
  string,
  { readonly from: readonly HoldState[]; readonly to: (how: never) => Changed }
>;

/** Records that may go: nothing was done yet, or nothing is left to do. */
const FORGETTABLE: readonly HoldState[] = ['COPYING', 'ended', 'purged'];

interface Released {
  readonly by: string;
  readonly grants: readonly GrantRef[];
  readonly etag?: string;
}
interface Ended {
  readonly reason: 'overwritten' | 'deleted' | 'published';
}
interface Purged {
  readonly purges: Purging;
}
export type Transition =
  | { readonly kind: 'copied' | 'removed' | 'told' }
  | ({ readonly kind: 'released' } & Released)
  | ({ readonly kind: 'ended' } & Ended)
  | ({ readonly kind: 'purged' } & Purged);

type Holder = Pick<GuardedTable, 'name'>;

/**
 * Changes a hold as its caller saw it: nothing happens, and `undefined` says so, where it stands elsewhere by now or may
 * not change so. Then somebody else acted on it, and the caller stops.
 */
export async function advance(
  guard: Pick<Guard, 'ledger'>,
  table: Holder,
  seen: HoldRecord,
  transition: Transition,
): Promise<HoldRecord | undefined> {
  const { from, to } = TRANSITIONS[transition.kind];
  if (!(from as readonly HoldState[]).includes(stateOf(seen))) return undefined;
  let changed: HoldRecord | undefined;
  await updateRecord(guard, holdKey(table, seen), (now) => {
    changed = momentOf(now) === momentOf(seen) && now ? { ...now, ...to(transition as never) } : undefined;
    return changed;
  });
  return changed;
}

/**
 * Begins a hold, or gives the one that is on its way. An object whose hold was released or ended is held again only by a
 * verdict that was made since: `undefined` is the answer to one from before.
 */
export async function beginHold(
  guard: Pick<Guard, 'ledger'>,
  table: Holder,
  wanted: HoldRecord,
  { follows }: Pick<HoldMessage, 'follows'>,
): Promise<HoldRecord | undefined> {
  let begun: HoldRecord | undefined;
  await updateRecord(guard, holdKey(table, wanted), (now) => {
    if (now?.status === 'held') begun = now;
    else begun = now === undefined || follows === momentOf(now) ? laterThan(now, wanted) : undefined;
    return begun;
  });
  return begun;
}

/** Two holds of one object are two moments, also within one tick of a clock. */
function laterThan(before: HoldRecord | undefined, wanted: HoldRecord): HoldRecord {
  if (before === undefined || before.heldAt < wanted.heldAt) return wanted;
  return { ...wanted, heldAt: new Date(Date.parse(before.heldAt) + 1).toISOString() };
}

/** Removes a record as its caller saw it, where it may go; says whether it is gone. */
export async function forgetHold(
  guard: Pick<Guard, 'ledger'>,
  table: Holder,
  seen: HoldRecord,
): Promise<boolean> {
  if (!FORGETTABLE.includes(stateOf(seen))) return false;
  const key = holdKey(table, seen);
  for (;;) {
    const entry = await readRecord(guard, key);
    if (entry === undefined) return true;
    if (momentOf(entry.value) !== momentOf(seen)) return false;
    if ((await removeAt(guard, key, entry.revision)) === 'removed') return true;
  }
}

export async function readHold(
  guard: Pick<Guard, 'ledger'>,
  table: Holder,
  hold: Pick<HoldRecord, 'folder' | 'holdId'>,
): Promise<HoldRecord | undefined> {
  return (await readRecord(guard, holdKey(table, hold)))?.value;
}

/** All holds of a table, or those of a partition folder, whatever became of them. */
export async function listHolds(
  guard: Pick<Guard, 'ledger'>,
  { name }: Holder,
  idPrefix = '',
): Promise<readonly HoldRecord[]> {
  const stored = await listRecords(guard, recordScope(HOLDS, name), idPrefix);
  return stored.map(({ value }) => value);
}

/** By partition folder, so that a folder's holds are listed together. */
function holdKey({ name }: Holder, { folder, holdId }: Pick<HoldRecord, 'folder' | 'holdId'>) {
  return recordKey(HOLDS, name, `${folderId(folder)}/${holdId}`);
}
