import { classifyKey } from '../contract/key.ts';
import { HeadgateError } from '../error.ts';
import { readFooter } from '../parquet/read-footer.ts';
import type { ContractSet } from '../ports/contract-source.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { consequences, type Judged, type NextMessage } from './consequences.ts';
import { folderOf, parentOf, scopeOfKey } from './folder.ts';
import type { Guard } from './guard.ts';
import { type GuardedTable, tableOfObject } from './guarded-table.ts';
import { type HoldRecord, momentOf, readHold } from './hold.ts';
import { judgeObject } from './judge-object.ts';
import { MARKERS } from './markers.ts';
import type { LookMessage, Origin } from './messages.ts';
import { copyOf, originId } from './origin.ts';
import { isInQuarantine } from './quarantine-place.ts';
import type { TableRecord } from './records.ts';
import { readTable } from './table-record.ts';

/** What one look at a key led to. */
export type Look =
  | { readonly kind: 'not-guarded' }
  | { readonly kind: 'ignored'; readonly guarded: GuardedTable; readonly reason: string }
  | { readonly kind: 'superseded'; readonly guarded: GuardedTable; readonly origin: Origin }
  /** A key is gone, or a marker has come: the folder as a whole is to be looked at. */
  | { readonly kind: 'folder-changed'; readonly next: NextMessage }
  | Judged;

/** What the ledger knows of a table that a verdict depends on. */
export type JudgingRecord = Pick<TableRecord, 'applied' | 'grants'>;

type LookGuard = Pick<Guard, 'clock' | 'settings' | 'ledger'> & {
  readonly objects: Pick<ObjectStore, 'head' | 'open'>;
};

/**
 * One key: whose it is, what is there, what its footer says. Reads the object that the hint names, and nothing else;
 * where another one is there by now, that one has a hint of its own. Throws what is no verdict.
 */
export async function lookAt(
  guard: LookGuard,
  contracts: ContractSet,
  look: LookMessage,
  recordOf: (guarded: GuardedTable) => Promise<JudgingRecord>,
): Promise<Look> {
  const found = tableOfObject(contracts, look);
  if (found === undefined) return { kind: 'not-guarded' };
  const { guarded, relativeKey } = found;
  const { table } = guarded;
  if (isInQuarantine(guard.settings, look)) return { kind: 'ignored', guarded, reason: 'quarantine' };
  const key = classifyKey(relativeKey, {
    partitionKeys: table.partitionKeys.map(({ name }) => name),
    fileMatch: table.policy.fileMatch,
  });
  const folderChanged = (folder: string): Look => ({
    kind: 'folder-changed',
    next: {
      queue: 'converge',
      message: { kind: 'converge', table: guarded.name, folder },
      delaySeconds: table.policy.settleSeconds,
    },
  });
  if (key.kind === 'ignore')
    return MARKERS.some((marker) => relativeKey === parentOf(relativeKey) + marker)
      ? folderChanged(parentOf(relativeKey))
      : { kind: 'ignored', guarded, reason: key.reason };

  const object = look.object ?? (await guard.objects.head(look));
  if (object === undefined)
    return isMirrored(guarded)
      ? folderChanged(scopeOfKey(table, relativeKey))
      : { kind: 'ignored', guarded, reason: 'gone' };
  if (object.sizeBytes === 0) return { kind: 'ignored', guarded, reason: 'zero-bytes' };
  const origin: Origin = {
    bucket: look.bucket,
    key: look.key,
    etag: object.etag,
    ...(object.versionId !== undefined && { versionId: object.versionId }),
    sizeBytes: object.sizeBytes,
    writtenAt: object.modifiedAt,
  };
  try {
    return await judgeAt(guard, guarded, {
      origin,
      relativeKey,
      isStray: key.kind === 'stray',
      record: await recordOf(guarded),
    });
  } catch (error) {
    if (error instanceof HeadgateError && error.code === 'SUPERSEDED')
      return { kind: 'superseded', guarded, origin };
    throw error;
  }
}

interface Subject {
  readonly origin: Origin;
  readonly relativeKey: string;
  readonly isStray: boolean;
  readonly record: JudgingRecord;
  /** The moment of the object's hold that the table's record was read after. */
  readonly follows?: string;
}

async function judgeAt(guard: LookGuard, guarded: GuardedTable, subject: Subject): Promise<Look> {
  const { origin, record } = subject;
  const source = guard.objects.open(origin, origin, origin.sizeBytes);
  const facts = await readFooter(source, { maxFooterBytes: guard.settings.maxFooterBytes });
  const judgement = (writtenAt: string) =>
    judgeObject(guarded, record, { ...subject, facts, writtenAt, now: guard.clock.now() });
  const first = judgement(origin.writtenAt);
  if (first.kind !== 'judged' || first.verdict.verdict !== 'hold')
    return consequences(guarded, origin, subject.relativeKey, first);
  const released = isEmptiedAfter(guarded) ? await releasedHold(guard, guarded, subject) : undefined;
  const judged = consequences(
    guarded,
    origin,
    subject.relativeKey,
    released ? judgement(released.origin.writtenAt) : first,
  );
  return judged.next.some(({ queue }) => queue === 'quarantine')
    ? afterItsHold(guard, guarded, subject, judged)
    : judged;
}

/**
 * Says which moment of its hold a verdict follows, so that one from before a person's release ends nothing of it. Where a
 * hold is over, the object is judged once more by what was granted until then.
 */
async function afterItsHold(
  guard: LookGuard,
  guarded: GuardedTable,
  subject: Subject,
  judged: Judged,
): Promise<Look> {
  const { origin, relativeKey } = subject;
  const next = (follows: string) => ({
    ...judged,
    next: judged.next.map((one) =>
      one.queue === 'quarantine' ? { ...one, message: { ...one.message, follows } } : one,
    ),
  });
  if (subject.follows !== undefined) return next(subject.follows);
  const folder = folderOf(guarded.table, relativeKey);
  const hold = await readHold(guard, guarded, { folder, holdId: originId(origin) });
  if (hold === undefined || hold.status === 'held') return next(momentOf(hold));
  const record = (await readTable(guard, guarded.name))?.value ?? {};
  return judgeAt(guard, guarded, { ...subject, record, follows: momentOf(hold) });
}

/**
 * The hold whose object a release wrote back: what counts is when its producer wrote it. Metadata alone proves nothing,
 * since a producer can write the same.
 */
async function releasedHold(
  guard: LookGuard,
  guarded: GuardedTable,
  { origin, relativeKey }: Subject,
): Promise<HoldRecord | undefined> {
  const head = await guard.objects.head(origin);
  const copy = head && copyOf(head);
  if (copy?.route !== 'release') return undefined;
  const holdId = originId({ bucket: origin.bucket, key: origin.key, etag: copy.etag });
  const record = await readHold(guard, guarded, { folder: folderOf(guarded.table, relativeKey), holdId });
  return record?.origin.sizeBytes === origin.sizeBytes ? record : undefined;
}

/** Only a mirrored landing has deletes that mean something. */
function isMirrored({ placement, table }: GuardedTable): boolean {
  return placement.mode === 'promote' && table.policy.landing === 'keep';
}

/** Where a held object leaves its place, a release writes it back. */
function isEmptiedAfter({ placement, table }: GuardedTable): boolean {
  return (
    placement.mode === 'in-place' || (placement.mode === 'promote' && table.policy.landing === 'consume')
  );
}
