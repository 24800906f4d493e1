import type { Incident, Incidents, QueuedNotice } from './incidents.ts';
import { noticeOf } from './notice.ts';

/** Incidents that a change tells of and that something may be held of: what they say needs a count. */
export function toBeCounted(before: Incidents, after: Incidents): readonly Incident[] {
  const told = new Set(freshOf(before, after).map(({ dedupKey }) => dedupKey));
  return after.incidents.filter(({ id, last }) => told.has(id) && last?.holdId !== undefined);
}

/**
 * The notices that a change queued, with the counts that are known by now: what is told of one file says forty where forty came
 * with it. One that only says how many there are is left to another notice of its incident, which says it too.
 */
export function withCounts(before: Incidents, after: Incidents): Incidents {
  const fresh = freshOf(before, after);
  const saysMore = ({ kind, why }: QueuedNotice) => kind !== 'update' || why !== undefined;
  const spoken = new Set(fresh.filter(saysMore).map(({ dedupKey }) => dedupKey));
  const last = new Map(fresh.map((notice) => [notice.dedupKey, notice]));
  const isKept = (notice: QueuedNotice) =>
    !fresh.includes(notice) ||
    saysMore(notice) ||
    (!spoken.has(notice.dedupKey) && last.get(notice.dedupKey) === notice);
  return {
    ...after,
    incidents: after.incidents.map((incident) =>
      last.has(incident.id) ? { ...incident, told: incident.held ?? incident.count } : incident,
    ),
    outbox: after.outbox
      .filter(isKept)
      .map((notice) => (fresh.includes(notice) ? saidAgain(after, notice) : notice)),
  };
}

function freshOf(before: Incidents, after: Incidents): readonly QueuedNotice[] {
  return after.outbox.filter((notice) => !before.outbox.includes(notice));
}

function saidAgain(state: Incidents, notice: QueuedNotice): QueuedNotice {
  const incident = state.incidents.find(({ id }) => id === notice.dedupKey);
  if (incident === undefined) return notice;
  const { kind, at, why, sequence } = notice;
  const said = why === undefined ? { kind, at } : { kind, at, why };
  return { ...noticeOf(state, { ...incident, sequence }, said), ...(why !== undefined && { why }) };
}
