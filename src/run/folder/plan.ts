import type { Policy } from '../../judge/contract/contract.ts';
import type { Marker } from './markers.ts';
import type { MissingRecord } from './missing-record.ts';
import type { LandingEntry, MissingEntry, Survey } from './survey.ts';

/** Why a batch is not published yet. */
export type WaitReason =
  | 'not-judged'
  | 'no-marker'
  | 'marker-older'
  | 'files-held'
  | 'still-changing'
  | 'delete-pending';

/** What is due in a folder. */
export interface Plan {
  /** To be looked at: they have no verdict. */
  readonly judge: readonly LandingEntry[];
  /** Admitted, and their batch is complete. */
  readonly copies: readonly LandingEntry[];
  /** Mirrored objects that their producer removed; due once the copies are done. */
  readonly deletes: readonly MissingEntry[];
  /** Published, and still in a landing that is to be empty. */
  readonly clears: readonly LandingEntry[];
  /** Look again then (ISO 8601, UTC); absent where only an event can change anything. */
  readonly lookAgainAt?: string;
  readonly waits: readonly WaitReason[];
}

type PlanPolicy = Pick<
  Policy,
  'landing' | 'completion' | 'onPartialBatch' | 'settleSeconds' | 'deleteAfterSeconds'
>;

/** Entries and missing keys that are published together or not at all. */
interface Batch extends Pick<Survey, 'settled'> {
  readonly entries: readonly LandingEntry[];
  readonly missing: readonly MissingEntry[];
  readonly marker: Marker | undefined;
}

/**
 * What is due in a surveyed folder at `now`. Pure. Without deletes and with `completion: first-file` each file stands
 * for itself; else a batch waits until it is complete, judged, settled, and nothing of it is held.
 */
export function planFolder(survey: Survey, policy: PlanPolicy, now: string): Plan {
  const judge = survey.entries.filter(({ state }) => state.kind === 'unfinished');
  const clears = survey.entries.filter((entry) => isLeftBehind(entry, policy));
  if (policy.completion.kind === 'first-file' && survey.missing.length === 0)
    return { judge, copies: survey.entries.filter(isWaiting), deletes: [], clears, waits: [] };

  const plans = batchesOf(survey, policy).map((batch) => planBatch(batch, survey.missingRecord, policy, now));
  const times = plans.flatMap(({ lookAgainAt }) => lookAgainAt ?? []).sort();
  return {
    judge,
    copies: plans.flatMap(({ copies }) => copies),
    deletes: plans.flatMap(({ deletes }) => deletes),
    clears,
    waits: [...new Set(plans.flatMap(({ waits }) => waits))],
    ...(times[0] !== undefined && { lookAgainAt: times[0] }),
  };
}

/** A worker died between the copy and the removal of its source. */
export function isLeftBehind({ state }: LandingEntry, { landing }: Pick<Policy, 'landing'>): boolean {
  return state.kind === 'published' && landing === 'consume';
}

function isWaiting({ state }: LandingEntry): boolean {
  return state.kind === 'waiting';
}

type BatchPlan = Omit<Plan, 'judge' | 'clears'>;

const NOTHING: BatchPlan = { copies: [], deletes: [], waits: [] };

function planBatch(
  batch: Batch,
  missing: MissingRecord | undefined,
  policy: PlanPolicy,
  now: string,
): BatchPlan {
  const copies = batch.entries.filter(isWaiting);
  const isIdle = copies.length === 0 && batch.missing.length === 0;
  const waitFor = (reason: WaitReason, lookAgainAt?: string): BatchPlan => ({
    ...NOTHING,
    waits: [reason],
    ...(lookAgainAt !== undefined && { lookAgainAt }),
  });
  const settledAt = plusSeconds(newest(batch), policy.settleSeconds);
  if (batch.entries.some(({ state }) => state.kind === 'unfinished'))
    return waitFor('not-judged', plusSeconds(now, policy.settleSeconds));
  if (isIdle) return NOTHING;
  const incomplete = whyIncomplete(batch, policy, now);
  if (incomplete) return waitFor(incomplete.reason, incomplete.lookAgainAt);
  if (policy.onPartialBatch === 'hold' && batch.entries.some(({ state }) => state.kind === 'held'))
    return waitFor('files-held');
  if (batch.missing.length === 0) return { ...NOTHING, copies };

  if (missing === undefined) return waitFor('still-changing', plusSeconds(now, policy.settleSeconds));
  const isOverwrite = copies.length > 0 || missing.isReplaced === true;
  const patienceSeconds = isOverwrite ? policy.settleSeconds : policy.deleteAfterSeconds;
  const dueAt = latest(settledAt, plusSeconds(missing.since, patienceSeconds));
  if (dueAt > now) return waitFor(isOverwrite ? 'still-changing' : 'delete-pending', dueAt);
  return { ...NOTHING, copies, deletes: batch.missing };
}

function whyIncomplete(
  batch: Batch,
  { completion }: PlanPolicy,
  now: string,
): { readonly reason: WaitReason; readonly lookAgainAt?: string } | undefined {
  const { marker } = batch;
  switch (completion.kind) {
    case 'first-file':
      return undefined;
    case 'quiet': {
      const quietAt = plusSeconds(newest(batch), completion.minutes * 60);
      return quietAt > now ? { reason: 'still-changing', lookAgainAt: quietAt } : undefined;
    }
    case 'success-marker':
    case 'explicit':
      if (marker === undefined) return { reason: 'no-marker' };
      return marker.modifiedAt < newest(batch) ? { reason: 'marker-older' } : undefined;
  }
}

/**
 * With markers, one batch for each folder that has one, nearest first: a complete marker wins over one that is older
 * than the files below it. What no marker covers is a batch of its own.
 */
function batchesOf(survey: Survey, { completion }: PlanPolicy): readonly Batch[] {
  const { entries, settled, missing } = survey;
  const all: Batch = { entries, settled, missing, marker: undefined };
  if (completion.kind !== 'success-marker' && completion.kind !== 'explicit') return [all];
  const markers = survey.markers.toSorted((a, b) => b.folder.length - a.folder.length);
  const isComplete = ({ folder, modifiedAt }: Marker) => newest(split(all, folder).inside) <= modifiedAt;
  const ordered = [...markers.filter(isComplete), ...markers.filter((marker) => !isComplete(marker))];
  const batches: Batch[] = [];
  let rest: Files = all;
  for (const marker of ordered) {
    const { inside, outside } = split(rest, marker.folder);
    batches.push({ ...inside, marker });
    rest = outside;
  }
  return [...batches, { ...rest, marker: undefined }];
}

type Files = Omit<Batch, 'marker'>;

/** What lies below a folder, and what does not. */
function split(
  { entries, settled, missing }: Files,
  folder: string,
): { readonly inside: Files; readonly outside: Files } {
  const part = (isWanted: (key: string) => boolean): Files => ({
    entries: entries.filter(({ relativeKey }) => isWanted(relativeKey)),
    settled: new Map([...settled].filter(([key]) => isWanted(key))),
    missing: missing.filter(({ relativeKey }) => isWanted(relativeKey)),
  });
  return {
    inside: part((key) => key.startsWith(folder)),
    outside: part((key) => !key.startsWith(folder)),
  };
}

/** When the newest file came; the beginning of time where there is none. */
function newest({ entries, settled }: Files): string {
  const times = [...entries.map(({ object }) => object.modifiedAt), ...settled.values()];
  return times.reduce(latest, '1970-01-01T00:00:00.000Z');
}

function latest(a: string, b: string): string {
  return a > b ? a : b;
}

function plusSeconds(isoTime: string, seconds: number): string {
  return new Date(Date.parse(isoTime) + seconds * 1000).toISOString();
}
