import { HeadgateError } from '../../error.ts';
import { classifyKey } from '../../judge/contract/key.ts';
import type { FooterResult } from '../../judge/parquet/facts.ts';
import { type GrantRef, grantsThat } from '../../judge/verdict/through-grant.ts';
import type { Guard } from '../guard/guard.ts';
import { busEvent } from '../message/bus-event.ts';
import type { HeldFinding } from '../message/messages.ts';
import { copyOf, isSameObject, originMetadata } from '../message/origin.ts';
import { send } from '../message/send.ts';
import { checkBucketOf } from '../table/gone.ts';
import { type GuardedTable, leavesItsPlace, placeIn } from '../table/guarded-table.ts';
import { guardedKey, type JudgingRecord, judgeObject, withSpelling } from '../table/judge-object.ts';
import { keyBelow } from '../table/located.ts';
import { findOtherSpelling } from '../table/partition-claim.ts';
import { readObject } from '../table/read-object.ts';
import { readTable } from '../table/table-record.ts';
import { endHolds } from './end-hold.ts';
import { advance, type HoldRecord, readHold, stateOf } from './hold.ts';
import { heldFindings } from './hold-message.ts';
import { placeOf } from './quarantine.ts';

/** What a release may touch: the on-call's own rights. It never writes below a table's location. */
export type ReleaseGuard = Pick<
  Guard,
  'objects' | 'ledger' | 'queue' | 'events' | 'contracts' | 'clock' | 'settings'
>;

export type Released =
  /** `grants`: without which it would stay held; absent where the contract itself admits it. */
  | { readonly outcome: 'released'; readonly grants?: readonly GrantRef[] }
  /** Judged again, it still breaks the contract. */
  | { readonly outcome: 'still-held'; readonly findings: readonly HeldFinding[] }
  /** Good by a version that waits for `headgate apply`. */
  | { readonly outcome: 'waits-for-apply'; readonly why: string }
  /** A newer object of that key exists, or its producer deleted it: there is nothing to bring back. */
  | { readonly outcome: 'superseded'; readonly by: 'overwritten' | 'deleted' }
  | { readonly outcome: 'not-held'; readonly status: string };

export interface ReleaseOptions {
  /** Who does it: stands in the record and in the event. */
  readonly by: string;
  /** Say what would happen, and change nothing. */
  readonly isDryRun?: boolean;
}

/**
 * Hands a held object back to the pipeline, if the contracts of now admit it. The copy in quarantine stays until the
 * object is seen published. Repeating it changes nothing.
 */
export async function release(
  guard: ReleaseGuard,
  guarded: GuardedTable,
  record: HoldRecord,
  options: ReleaseOptions,
): Promise<Released> {
  if (stateOf(record) !== 'DONE')
    return { outcome: 'not-held', status: record.status === 'held' ? 'being held' : record.status };
  const judged = await judgeAgain(guard, guarded, record);
  if (judged.outcome !== 'released') return judged;
  const leaves = leavesItsPlace(guarded);
  const superseded = leaves
    ? await newerThan(guard, guarded, record)
    : await replacedInLanding(guard, record);
  if (superseded && options.isDryRun) return { outcome: 'superseded', by: superseded };
  if (superseded) return endSuperseded(guard, guarded, record, superseded);
  if (options.isDryRun) return judged;
  const etag = leaves ? await copyBack(guard, record) : undefined;
  if (leaves && etag === undefined) return endSuperseded(guard, guarded, record, 'overwritten');
  const { grants = [] } = judged;
  const released = await advance(guard, guarded, record, {
    kind: 'released',
    by: options.by,
    grants,
    ...(etag !== undefined && { etag }),
  });
  if (released === undefined) return tooLate(guard, guarded, record, etag);
  const { bucket, key } = record.origin;
  await send(guard, { validate: [{ message: { kind: 'look', bucket, key } }] });
  const { holdId, judgedBy } = record;
  const detail = {
    table: guarded.name,
    contractVersion: judgedBy.contractVersion,
    holdId,
    reason: 'released',
    by: options.by,
    ...(grants.length > 0 && { breakGlass: grants.map(({ id }) => id) }),
  } as const;
  await guard.events.publish([
    busEvent({ type: 'ObjectReleased', detail }, guard.clock.now(), [holdId, record.heldAt]),
  ]);
  return judged;
}

/** The copy, by the contracts of now and the time of its producer's write. */
async function judgeAgain(
  guard: ReleaseGuard,
  guarded: GuardedTable,
  { origin, copy }: HoldRecord,
): Promise<Released> {
  const record = (await readTable(guard, guarded.name))?.value ?? {};
  const facts = await heldFacts(guard, guarded, record, copy);
  if (facts === undefined) return { outcome: 'not-held', status: 'without its copy in quarantine' };
  const relativeKey = keyBelow(guarded.landing, origin.key);
  const judged = judgeObject(guarded, record, {
    facts,
    key: {
      ...guardedKey(guarded, {
        relativeKey,
        isStray: isStray(guarded, relativeKey),
        writtenAt: origin.writtenAt,
      }),
      isParquet: facts.ok,
    },
    now: guard.clock.now(),
  });
  const judgement = withSpelling(judged, await findOtherSpelling(guard, guarded, relativeKey));
  if (judgement.kind === 'waits-for-apply') return { outcome: 'waits-for-apply', why: judgement.why };
  // What would be ignored is published by nobody.
  if (judgement.verdict.verdict !== 'admit')
    return { outcome: 'still-held', findings: heldFindings(judgement.verdict).findings };
  const grants = grantsThat(judgement.verdict.findings);
  return { outcome: 'released', ...(grants.length > 0 && { grants }) };
}

/** Nothing where the copy is gone, also while it is read. */
async function heldFacts(
  guard: Pick<Guard, 'objects' | 'settings'>,
  guarded: GuardedTable,
  record: JudgingRecord,
  copy: string,
): Promise<FooterResult | undefined> {
  const place = placeOf(copy);
  const head = await guard.objects.head(place);
  if (head === undefined) return undefined;
  try {
    return await readObject(guard, guarded, record, guard.objects.open(place, head, head.sizeBytes));
  } catch (error) {
    if (error instanceof HeadgateError && error.code === 'SUPERSEDED') return undefined;
    throw error;
  }
}

function isStray({ table }: GuardedTable, relativeKey: string): boolean {
  const partitionKeys = table.partitionKeys.map(({ name }) => name);
  return classifyKey(relativeKey, { partitionKeys, fileMatch: table.policy.fileMatch }).kind === 'stray';
}

/** `keep`: what lies in landing now is the only object that may be published. */
async function replacedInLanding(
  guard: Pick<Guard, 'objects'>,
  { origin }: HoldRecord,
): Promise<'overwritten' | 'deleted' | undefined> {
  const head = await guard.objects.head(origin);
  if (head === undefined) await checkBucketOf(guard, origin);
  if (head === undefined) return 'deleted';
  return head.etag === origin.etag ? undefined : 'overwritten';
}

/** Where held objects leave their place: an object under the key, or a younger one published from it, is newer. */
async function newerThan(
  guard: Pick<Guard, 'objects'>,
  guarded: GuardedTable,
  { origin }: HoldRecord,
): Promise<'overwritten' | undefined> {
  const here = await guard.objects.head(origin);
  if (here !== undefined) {
    const copy = copyOf(here);
    return copy?.route === 'release' && isSameObject(copy, origin) ? undefined : 'overwritten';
  }
  if (guarded.placement.mode !== 'promote') return undefined;
  const relativeKey = keyBelow(guarded.landing, origin.key);
  const published = await guard.objects.head(placeIn(guarded.location, relativeKey));
  const copy = published && copyOf(published);
  return copy !== undefined && copy.writtenAt > origin.writtenAt ? 'overwritten' : undefined;
}

/**
 * Writes the held object back, as another one than it was: who still means to delete that one deletes nothing. Gives its ETag,
 * or nothing where another object lies there.
 */
async function copyBack(
  guard: Pick<Guard, 'objects'>,
  { origin, copy }: HoldRecord,
): Promise<string | undefined> {
  const from = placeOf(copy);
  const head = await guard.objects.head(from);
  if (head === undefined) return undefined;
  const copied = await guard.objects.copy({
    from: { ...from, etag: head.etag, sizeBytes: head.sizeBytes },
    to: { bucket: origin.bucket, key: origin.key },
    condition: { kind: 'absent' },
    metadata: originMetadata(origin, 'release'),
    unlike: origin.etag,
  });
  if (copied.outcome === 'copied') return copied.etag;
  const there = await guard.objects.head(origin);
  const before = there && copyOf(there);
  return before?.route === 'release' && isSameObject(before, origin) ? there?.etag : undefined;
}

/** Ends a hold whose key has a newer object, or none; somebody else may have ended it meanwhile. */
async function endSuperseded(
  guard: ReleaseGuard,
  guarded: GuardedTable,
  record: HoldRecord,
  by: 'overwritten' | 'deleted',
): Promise<Released> {
  const [ended] = await endHolds(guard, guarded, [{ record, reason: by }]);
  return ended ? { outcome: 'superseded', by } : tooLate(guard, guarded, record, undefined);
}

/** Somebody else was faster. What this release wrote back goes again, unless another release wrote it, too. */
async function tooLate(
  guard: ReleaseGuard,
  guarded: GuardedTable,
  record: HoldRecord,
  etag: string | undefined,
): Promise<Released> {
  const now = await readHold(guard, guarded, record);
  const by = now?.endReason;
  if (by === 'overwritten' || by === 'deleted') return { outcome: 'superseded', by };
  if (by === 'purged' && etag !== undefined) await guard.objects.remove(record.origin, { etag });
  return { outcome: 'not-held', status: stateOf(now) };
}
