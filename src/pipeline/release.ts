import { classifyKey } from '../contract/key.ts';
import { readFooter } from '../parquet/read-footer.ts';
import { busEvent } from './bus-event.ts';
import { endHolds } from './end-hold.ts';
import type { Guard } from './guard.ts';
import { type GuardedTable, leavesItsPlace, placeIn } from './guarded-table.ts';
import { holdKey } from './hold-key.ts';
import { heldFindings } from './hold-message.ts';
import { judgeObject, withSpelling } from './judge-object.ts';
import { updateLedger } from './ledger-update.ts';
import type { HeldFinding } from './messages.ts';
import { copyOf, isSameObject, originMetadata } from './origin.ts';
import { findOtherSpelling } from './partition-claim.ts';
import { placeOf } from './quarantine.ts';
import type { HoldRecord } from './records.ts';
import { send } from './send.ts';
import { readTable } from './table-record.ts';

/** What a release may touch: the on-call's own rights. It never writes below a table's location. */
export type ReleaseGuard = Pick<
  Guard,
  'objects' | 'ledger' | 'queue' | 'events' | 'contracts' | 'clock' | 'settings'
>;

export type Released =
  | { readonly outcome: 'released' }
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
  if (record.status !== 'held' || record.step !== 'DONE')
    return { outcome: 'not-held', status: record.status === 'held' ? 'being held' : record.status };
  const refused = await judgeAgain(guard, guarded, record);
  if (refused) return refused;
  const leaves = leavesItsPlace(guarded);
  const superseded = leaves
    ? await newerThan(guard, guarded, record)
    : await replacedInLanding(guard, record);
  if (superseded) {
    if (!options.isDryRun) await endHolds(guard, guarded, [{ record, reason: superseded }]);
    return { outcome: 'superseded', by: superseded };
  }
  if (options.isDryRun) return { outcome: 'released' };
  if (leaves && (await copyBack(guard, record)) === 'destination-changed') {
    await endHolds(guard, guarded, [{ record, reason: 'overwritten' }]);
    return { outcome: 'superseded', by: 'overwritten' };
  }
  await updateLedger<HoldRecord>(guard.ledger, holdKey(guarded, record), (now) =>
    now?.status === 'held' ? { ...now, status: 'released', releasedBy: options.by } : now,
  );
  const { bucket, key } = record.origin;
  await send(guard, { validate: [{ message: { kind: 'look', bucket, key } }] });
  const { holdId, judgedBy } = record;
  const detail = {
    table: guarded.name,
    contractVersion: judgedBy.contractVersion,
    holdId,
    reason: 'released',
    by: options.by,
  } as const;
  await guard.events.publish([
    busEvent({ type: 'ObjectReleased', detail }, guard.clock.now(), [holdId, record.heldAt]),
  ]);
  return { outcome: 'released' };
}

/** The copy's footer, by the contracts of now and the time of its producer's write. */
async function judgeAgain(
  guard: ReleaseGuard,
  guarded: GuardedTable,
  { origin, copy }: HoldRecord,
): Promise<Released | undefined> {
  const place = placeOf(copy);
  const head = await guard.objects.head(place);
  if (head === undefined) return { outcome: 'not-held', status: 'without its copy in quarantine' };
  const facts = await readFooter(guard.objects.open(place, head, head.sizeBytes), {
    maxFooterBytes: guard.settings.maxFooterBytes,
  });
  const relativeKey = origin.key.slice(guarded.landing.prefix.length);
  const judged = judgeObject(guarded, (await readTable(guard, guarded.name))?.value ?? {}, {
    facts,
    relativeKey,
    isStray: isStray(guarded, relativeKey),
    isParquet: facts.ok,
    writtenAt: origin.writtenAt,
    now: guard.clock.now(),
  });
  const judgement = withSpelling(judged, await findOtherSpelling(guard, guarded, relativeKey));
  if (judgement.kind === 'waits-for-apply') return { outcome: 'waits-for-apply', why: judgement.why };
  // What would be ignored is published by nobody.
  return judgement.verdict.verdict === 'admit'
    ? undefined
    : { outcome: 'still-held', findings: heldFindings(judgement.verdict).findings };
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
  const relativeKey = origin.key.slice(guarded.landing.prefix.length);
  const published = await guard.objects.head(placeIn(guarded.location, relativeKey));
  const copy = published && copyOf(published);
  return copy !== undefined && copy.writtenAt > origin.writtenAt ? 'overwritten' : undefined;
}

async function copyBack(
  guard: Pick<Guard, 'objects'>,
  { origin, copy }: HoldRecord,
): Promise<'copied' | 'destination-changed'> {
  const from = placeOf(copy);
  const head = await guard.objects.head(from);
  if (head === undefined) return 'destination-changed';
  const { outcome } = await guard.objects.copy({
    from: { ...from, etag: head.etag, sizeBytes: head.sizeBytes },
    to: { bucket: origin.bucket, key: origin.key },
    condition: { kind: 'absent' },
    metadata: originMetadata(origin, 'release'),
  });
  if (outcome === 'copied') return 'copied';
  const there = await guard.objects.head(origin);
  const before = there && copyOf(there);
  return before?.route === 'release' && isSameObject(before, origin) ? 'copied' : 'destination-changed';
}
