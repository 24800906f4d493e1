import { HeadgateError } from '../../error.ts';
import { classifyKey } from '../../judge/contract/key.ts';
import { formatLogAbove } from '../../judge/contract/table-format.ts';
import type { FooterResult } from '../../judge/parquet/facts.ts';
import { hasMagic } from '../../judge/parquet/read-footer.ts';
import type { JudgedFinding } from '../../judge/rules/finding.ts';
import { MARKERS } from '../folder/markers.ts';
import type { Guard } from '../guard/guard.ts';
import { type HoldRecord, momentOf, readHold } from '../hold/hold.ts';
import { isInQuarantine } from '../hold/quarantine-place.ts';
import type { LookMessage, Origin } from '../message/messages.ts';
import { copyOf, originId } from '../message/origin.ts';
import type { ContractSet } from '../ports/contract-source.ts';
import type { ObjectDescription, ObjectHead, ObjectStore } from '../ports/object-store.ts';
import { folderOf, parentOf, scopeOfKey } from '../table/folder.ts';
import { type GuardedTable, isReadWhereWritten, tableOfObject } from '../table/guarded-table.ts';
import {
  guardedKey,
  isShown,
  type JudgingRecord,
  judgeObject,
  type ObjectJudgement,
  withSpelling,
} from '../table/judge-object.ts';
import { readObject } from '../table/read-object.ts';
import { readTable } from '../table/table-record.ts';
import { consequences, type Judged, type NextMessage } from './consequences.ts';

/** What one look at a key led to. */
export type Look =
  | { readonly kind: 'not-guarded' }
  | {
      readonly kind: 'ignored';
      readonly guarded: GuardedTable;
      readonly reason: string;
      readonly departed?: Departed;
    }
  | { readonly kind: 'superseded'; readonly guarded: GuardedTable; readonly origin: Origin }
  /** A key is gone, or a marker has come: the folder as a whole is to be looked at. */
  | { readonly kind: 'folder-changed'; readonly next: NextMessage; readonly departed?: Departed }
  | Judged;

/** The partition folder whose landing lost a file: the key is gone, or was emptied. */
export interface Departed {
  readonly guarded: GuardedTable;
  readonly folder: string;
}

/** What the ledger says of the folder of an admitted file: a finding where its partition is another folder. */
export type FindSpelling = (guarded: GuardedTable, relativeKey: string) => Promise<JudgedFinding | undefined>;

type LookGuard = Pick<Guard, 'clock' | 'settings' | 'ledger'> & {
  readonly objects: Pick<ObjectStore, 'head' | 'open'>;
};

/**
 * One key: whose it is, what is there, what its footer says. Reads the object that the hint names, and nothing else;
 * where another one is there by now, that one has a hint of its own. Throws what is not a verdict.
 */
export async function lookAt(
  guard: LookGuard,
  contracts: ContractSet,
  look: LookMessage,
  recordOf: (guarded: GuardedTable) => Promise<JudgingRecord>,
  findSpelling: FindSpelling,
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
  const folderChanged = (folder: string) => ({
    kind: 'folder-changed' as const,
    next: {
      queue: 'converge' as const,
      message: { kind: 'converge' as const, table: guarded.name, folder },
      delaySeconds: table.policy.settleSeconds,
    },
  });
  if (key.kind === 'ignore')
    return MARKERS.some((marker) => relativeKey === parentOf(relativeKey) + marker)
      ? folderChanged(parentOf(relativeKey))
      : { kind: 'ignored', guarded, reason: key.reason };

  const departed: Departed = { guarded, folder: folderOf(table, relativeKey) };
  const object = look.object ?? (await guard.objects.head(look));
  if (object === undefined)
    return isMirrored(guarded)
      ? { ...folderChanged(scopeOfKey(table, relativeKey)), departed }
      : { kind: 'ignored', guarded, reason: 'gone' };
  if (object.sizeBytes === 0)
    return { kind: 'ignored', guarded, reason: 'zero-bytes', ...(isMirrored(guarded) && { departed }) };
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
      findSpelling,
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
  readonly findSpelling: FindSpelling;
  /** The moment of the object's hold that the table's record was read after. */
  readonly follows?: string;
}

async function judgeAt(guard: LookGuard, guarded: GuardedTable, subject: Subject): Promise<Look> {
  const { origin } = subject;
  const source = guard.objects.open(origin, origin, origin.sizeBytes);
  const isUnread = subject.isStray && !isReadWhereWritten(guarded);
  const content: Content = isUnread
    ? { isParquet: await hasMagic(source) }
    : { facts: await readObject(guard, guarded, subject.record, source) };
  const judged = await judgeContent(guard, guarded, subject, content);
  const description = source.description?.();
  return description ? { ...judged, next: judged.next.map((next) => describing(next, description)) } : judged;
}

/** What was read of an object: its footer, or of a stray that nobody reads only both of its ends. */
interface Content {
  readonly facts?: FooterResult;
  readonly isParquet?: boolean;
}

/** At most this much of what an object says of itself travels: a batch of messages must fit into one request. */
const MAX_DESCRIPTION_CHARACTERS = 4096;

/** Who copies the object needs not ask what was told here. */
function describing(next: NextMessage, description: ObjectDescription): NextMessage {
  if (JSON.stringify(description).length > MAX_DESCRIPTION_CHARACTERS) return next;
  if (next.queue === 'publish' && next.message.kind === 'publish')
    return { ...next, message: { ...next.message, description } };
  if (next.queue === 'catalog' && next.message.kind === 'apply' && next.message.rider?.kind === 'publish')
    return { ...next, message: { ...next.message, rider: { ...next.message.rider, description } } };
  return next;
}

async function judgeContent(
  guard: LookGuard,
  guarded: GuardedTable,
  subject: Subject,
  content: Content,
): Promise<Judged> {
  const { origin, record, relativeKey, findSpelling } = subject;
  const { facts, isParquet } = content;
  const judgement = async (writtenAt: string): Promise<ObjectJudgement> => {
    const judged = judgeObject(guarded, record, {
      ...(facts && { facts }),
      key: {
        ...guardedKey(guarded, { ...subject, writtenAt }),
        ...(isParquet !== undefined && { isParquet }),
      },
      now: guard.clock.now(),
    });
    return isShown(guarded, judged) ? withSpelling(judged, await findSpelling(guarded, relativeKey)) : judged;
  };
  const first = await judgement(origin.writtenAt);
  if (first.kind !== 'judged' || first.verdict.verdict !== 'hold')
    return consequences(guarded, origin, relativeKey, first);
  if (!isEmptiedAfter(guarded))
    return afterItsHold(guard, guarded, subject, content, consequences(guarded, origin, relativeKey, first));
  const head = await guard.objects.head(origin);
  const released = await releasedHold(guard, guarded, subject, head);
  const judged = released ? await judgement(released.origin.writtenAt) : first;
  const stays = staysInPlace(guarded, subject, head);
  const look = consequences(guarded, origin, relativeKey, judged, { stays });
  return afterItsHold(guard, guarded, subject, content, look);
}

/**
 * Says which moment of its hold a verdict follows, so that one from before a person's release undoes nothing of it. Where a
 * hold is over, the object is judged once more, by what was granted until then.
 */
async function afterItsHold(
  guard: LookGuard,
  guarded: GuardedTable,
  subject: Subject,
  content: Content,
  judged: Judged,
): Promise<Judged> {
  const { origin, relativeKey } = subject;
  if (judged.next.every(({ queue }) => queue !== 'quarantine')) return judged;
  const following = (follows: string): Judged => ({
    ...judged,
    next: judged.next.map((one) =>
      one.queue === 'quarantine' ? { ...one, message: { ...one.message, follows } } : one,
    ),
  });
  if (subject.follows !== undefined) return following(subject.follows);
  const folder = folderOf(guarded.table, relativeKey);
  const hold = await readHold(guard, guarded, { folder, holdId: originId(origin) });
  if (hold === undefined || hold.status === 'held') return following(momentOf(hold));
  const record = (await readTable(guard, guarded.name))?.value ?? {};
  return judgeContent(guard, guarded, { ...subject, record, follows: momentOf(hold) }, content);
}

/**
 * Whether a bad object stays where it is, and is only told. In place what is older than the guard was there before anybody
 * guarded it. A file that another format's log names is missed by that table's readers when it is moved.
 */
function staysInPlace(
  { placement }: GuardedTable,
  { origin, record, relativeKey }: Subject,
  head: ObjectHead | undefined,
): boolean {
  if (formatLogAbove(record.formatLogs ?? [], relativeKey)) return true;
  if (placement.mode !== 'in-place') return false;
  // An event is dated by when an upload was complete, the object by when it began.
  const times = [origin.writtenAt, ...(head?.etag === origin.etag ? [head.modifiedAt] : [])];
  const { guardedSince } = record;
  return guardedSince === undefined || times.some((time) => time < guardedSince);
}

/**
 * The hold whose object a release wrote back: what counts is when its producer wrote it. Metadata alone proves nothing,
 * since a producer can write the same.
 */
async function releasedHold(
  guard: LookGuard,
  guarded: GuardedTable,
  { origin, relativeKey }: Subject,
  head: ObjectHead | undefined,
): Promise<HoldRecord | undefined> {
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
