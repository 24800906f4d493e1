import { HeadgateError } from '../../error.ts';
import { isBreakerOpen } from '../breaker/breaker.ts';
import type { Failure, Guard } from '../guard/guard.ts';
import { settleEach } from '../guard/in-parallel.ts';
import { busEvent } from '../message/bus-event.ts';
import type { HoldMessage } from '../message/messages.ts';
import { copyOf, lookOf, originId, originMetadata } from '../message/origin.ts';
import { send } from '../message/send.ts';
import { type GuardedTable, guardedTables, leavesItsPlace, placeIn } from '../table/guarded-table.ts';
import { keyBelow, locate } from '../table/located.ts';
import { advance, beginHold, forgetHold, type HoldRecord, momentOf, readHold } from './hold.ts';
import { quarantineFolder } from './quarantine-place.ts';
import { reportText } from './report-text.ts';

/** What quarantining may touch: it never writes the catalog, and never publishes. */
export type QuarantineGuard = Pick<
  Guard,
  'objects' | 'ledger' | 'queue' | 'events' | 'contracts' | 'clock' | 'observer' | 'settings'
>;

const CONCURRENT_HOLDS = 8;

/**
 * Holds objects: a verified copy with a report in quarantine, then, where the route says so, the conditional delete of
 * the source, then the event. Each step is repeatable; a cut-off goes on at the step that the ledger knows. While a
 * table's breaker is open its objects stay where they are.
 */
export async function quarantine(
  guard: QuarantineGuard,
  messages: readonly HoldMessage[],
): Promise<readonly Failure[]> {
  const contracts = await guard.contracts.current();
  const breakers = new Map<string, boolean>();
  for (const { table } of messages) {
    const guarded = guardedTables(contracts).get(table);
    if (guarded && !breakers.has(table)) breakers.set(table, await isBreakerOpen(guard, guarded));
  }
  const { failures } = await settleEach(messages, CONCURRENT_HOLDS, async (message) => {
    const guarded = guardedTables(contracts).get(message.table);
    if (guarded === undefined || breakers.get(message.table)) return;
    if (await isOutdated(guard, guarded, message)) return lookAgain(guard, message);
    const begun = await begin(guard, guarded, message);
    if (begun === undefined) return lookAgain(guard, message);
    await goOn(guard, guarded, begun);
  });
  return failures;
}

/**
 * Whether the verdict is of other contracts than those of today, and nothing was begun by it. By today's the object may be
 * published already: it is looked at again. A hold that was begun goes on.
 */
async function isOutdated(
  { ledger }: Pick<Guard, 'ledger'>,
  guarded: GuardedTable,
  { origin, judgedBy }: HoldMessage,
): Promise<boolean> {
  if (judgedBy.contractHash === guarded.contractHash) return false;
  const folder = locate(guarded, origin.key).folder;
  return (await readHold({ ledger }, guarded, { folder, holdId: originId(origin) }))?.status !== 'held';
}

async function lookAgain(
  guard: Pick<Guard, 'queue' | 'clock'>,
  { origin }: Pick<HoldMessage, 'origin'>,
): Promise<void> {
  await send(guard, { validate: [{ message: lookOf(origin) }] });
}

/**
 * Runs one hold from wherever it stands to its end. Where it stands elsewhere than it was left, somebody else works on it,
 * or a person has acted: then nothing more is done here.
 */
async function goOn(guard: QuarantineGuard, guarded: GuardedTable, begun: HoldRecord): Promise<void> {
  let record: HoldRecord | undefined = begun;
  if (record.step === 'COPYING') {
    if (!(await isOfNewest(guard, record))) {
      if (await forgetHold(guard, guarded, record)) await lookAgain(guard, record);
      return;
    }
    if ((await copyAway(guard, guarded, record)) === 'superseded') {
      await forgetHold(guard, guarded, record);
      return;
    }
    record = await advance(guard, guarded, record, { kind: 'copied' });
  }
  const leaves = leavesItsPlace(guarded);
  // The same bad bytes may be written twice: then there is a source to remove again.
  const isBack = record?.step === 'DONE' && leaves && (await isStillThere(guard, record));
  if (record && (record.step === 'COPIED' || isBack)) {
    if (leaves && !(await removeSource(guard, guarded, record))) return;
    record = await advance(guard, guarded, record, { kind: 'removed' });
  }
  if (record?.step !== 'DELETED') return;
  await tell(guard, guarded, record);
  if (await advance(guard, guarded, record, { kind: 'told' }))
    guard.observer.record({ kind: 'held', table: guarded.name, key: record.origin.key });
}

/**
 * Asked once the hold is on record. Who publishes looks for one first, so that of two verdicts, by contracts before and after a
 * change, one always sees the other, however slow a worker is.
 */
async function isOfNewest(
  { contracts }: Pick<Guard, 'contracts'>,
  { table, judgedBy }: HoldRecord,
): Promise<boolean> {
  return guardedTables(await contracts.current(0)).get(table)?.contractHash === judgedBy.contractHash;
}

async function begin(
  guard: QuarantineGuard,
  guarded: GuardedTable,
  message: HoldMessage,
): Promise<HoldRecord | undefined> {
  const { origin, judgedBy, effect, findings, findingCount, table } = message;
  const place = quarantineFolder(guard.settings, guarded, origin);
  const uri = (name: string) => `s3://${place.bucket}/${place.prefix}${name}`;
  const wanted: HoldRecord = {
    holdId: originId(origin),
    step: 'COPYING',
    status: 'held',
    table,
    folder: locate(guarded, origin.key).folder,
    origin,
    judgedBy,
    effect,
    findings,
    findingCount,
    copy: uri('data.parquet'),
    report: uri('report.json'),
    heldAt: guard.clock.now(),
  };
  return beginHold(guard, guarded, wanted, message);
}

/** Copies the judged object and its report into quarantine, and makes sure that they are there. */
async function copyAway(
  guard: QuarantineGuard,
  guarded: GuardedTable,
  record: HoldRecord,
): Promise<'copied' | 'superseded'> {
  const { origin } = record;
  const folder = quarantineFolder(guard.settings, guarded, origin);
  const to = placeIn(folder, 'data.parquet');
  const copied = await guard.objects.copy({
    from: origin,
    to,
    condition: { kind: 'absent' },
    metadata: originMetadata(origin, 'quarantine'),
  });
  // Another attempt may have copied it, and lost its source since.
  const head = await guard.objects.head(to);
  const copy = head && copyOf(head);
  const isWhole = copy?.etag === origin.etag && head?.sizeBytes === origin.sizeBytes;
  if (!isWhole) {
    if (copied.outcome === 'source-changed') return 'superseded';
    throw new HeadgateError('WRITE_FAILED', 'the copy in quarantine is not the object that was judged');
  }
  await guard.objects.write(placeIn(folder, 'report.json'), reportText(guarded, record), { kind: 'absent' });
  return 'copied';
}

async function isStillThere(guard: Pick<Guard, 'objects'>, { origin }: HoldRecord): Promise<boolean> {
  const head = await guard.objects.head(origin);
  return head?.etag === origin.etag;
}

/**
 * Nothing is deleted unless a verified copy exists, and the hold is still where it was. A newer object under the key stays,
 * and what a release wrote back is one.
 */
async function removeSource(
  guard: Pick<Guard, 'objects' | 'ledger'>,
  guarded: GuardedTable,
  record: HoldRecord,
): Promise<boolean> {
  const { origin, copy } = record;
  const head = await guard.objects.head(placeOf(copy));
  const isWhole = head?.sizeBytes === origin.sizeBytes;
  if (momentOf(await readHold(guard, guarded, record)) !== momentOf(record)) return false;
  if (!isWhole)
    throw new HeadgateError('WRITE_FAILED', 'the copy in quarantine is gone, so its source stays');
  await guard.objects.remove(origin, origin);
  return true;
}

export function placeOf(uri: string): { readonly bucket: string; readonly key: string } {
  const [bucket = '', ...key] = uri.slice('s3://'.length).split('/');
  return { bucket, key: key.join('/') };
}

async function tell(guard: QuarantineGuard, guarded: GuardedTable, record: HoldRecord): Promise<void> {
  const relativeKey = keyBelow(guarded.landing, record.origin.key);
  const served =
    guarded.placement.mode === 'promote'
      ? await guard.objects.head(placeIn(guarded.location, relativeKey))
      : undefined;
  const detail = {
    table: guarded.name,
    contractVersion: record.judgedBy.contractVersion,
    holdId: record.holdId,
    origin: record.origin,
    effect: record.effect,
    findings: record.findings,
    findingCount: record.findingCount,
    mode: guarded.placement.mode,
    report: record.report,
    oldDataServed: served !== undefined,
    owner: guarded.recipients,
  };
  await guard.events.publish([
    busEvent({ type: 'ObjectHeld', detail }, record.heldAt, [record.holdId, record.heldAt]),
  ]);
}
