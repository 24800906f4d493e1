import { safeText } from '../../text/safe.ts';
import type { Notice } from '../ports/notifier.ts';
import {
  FOR_EVER,
  type Incident,
  type IncidentEvent,
  type Incidents,
  MAX_COUNTED,
  MAX_KEPT,
  MAX_OUTBOX,
  MAX_PAIRS,
  type Moment,
  type Pair,
  pairKey,
  type QueuedNotice,
} from './incidents.ts';
import {
  blank,
  boundPairs,
  boundPath,
  boundPlace,
  findFor,
  join,
  openOnes,
  shares,
  shortHash,
} from './match.ts';
import { noticeOf } from './notice.ts';

type Happened = Extract<IncidentEvent, { readonly kind: 'happened' }>;
type MassDrift = Extract<IncidentEvent, { readonly kind: 'mass-drift' }>;

/**
 * What an event makes of the incidents. What is to be told stands in the outbox of the state, numbered within its
 * incident, until it is marked as sent: so a process that ends between storing and sending tells it later, and once.
 * Gives back the same state where nothing changed.
 */
export function reduce(state: Incidents, event: IncidentEvent, moment: Moment): Incidents {
  switch (event.kind) {
    case 'happened':
      return happened(state, event, moment);
    case 'mass-drift':
      return massDrift(state, event, moment);
    case 'breaker-closed':
      return breakerClosed(state, event.by, moment);
    case 'over':
      return over(state, event, moment);
    case 'looked':
      return looked(state, event.held, moment);
    case 'tick':
      return tick(state, moment);
    case 'counted':
      return counted(state, event, moment);
    case 'mute':
      return change(state, event.incident, (incident) => ({ ...incident, mutedUntil: event.until }));
    case 'resolve':
      return resolveOne(state, event.incident, `resolved by ${safeText(event.by, 80)}`, moment);
    case 'sent':
      return {
        ...state,
        outbox: state.outbox.filter(
          ({ dedupKey, sequence }) => dedupKey !== event.incident || sequence !== event.sequence,
        ),
      };
  }
}

function happened(state: Incidents, event: Happened, moment: Moment): Incidents {
  const id = shortHash(event.id, 12);
  const pairs = boundPairs(event.pairs);
  if (state.counted.includes(id)) return seenAgain(state, pairs, event);
  const noted = remember(state, id);
  const found = findFor(noted, pairs, moment);
  if (found === undefined) return open(noted, pairs, event, moment);
  const joined = join(noted, found, pairs, event);
  const next = replace(noted, joined);
  const { why } = event;
  if (found.status === 'resolved')
    return tell(next, reopened(joined), { kind: 'reopen', why: why ?? 'it is back within a day' }, moment);
  if (why !== undefined) return tell(next, joined, { kind: 'update', why, isPage: true }, moment);
  return isStep(joined.count) ? tell(next, joined, { kind: 'update' }, moment) : next;
}

/** The same happening again: it goes on, but counts no more. */
function seenAgain(state: Incidents, pairs: readonly Pair[], { at, lasts }: Happened): Incidents {
  if (lasts === 'held') return state;
  const keys = new Set(pairs.map(pairKey));
  const incident = openOnes(state).find((candidate) => shares(candidate, keys));
  if (incident === undefined || at <= incident.lastAt) return state;
  return replace(state, { ...incident, lastAt: at, quietSince: at });
}

function remember(state: Incidents, id: string): Incidents {
  return { ...state, counted: [...state.counted, id].slice(-MAX_COUNTED) };
}

function open(state: Incidents, pairs: readonly Pair[], event: Happened, moment: Moment): Incidents {
  const place = boundPlace(event.place);
  const incident: Incident = {
    ...blank(state, pairs, event.at, event.owner),
    pairs: pairs.slice(0, MAX_PAIRS),
    hasMorePairs: pairs.length > MAX_PAIRS,
    count: 1,
    effect: event.effect,
    ...(place && { first: place, last: place }),
    servesOldData: event.servesOldData,
    isHeld: event.lasts === 'held',
    ...(event.lasts === 'quiet' && { quietSince: event.at }),
    ...(event.isExpected && { mutedUntil: FOR_EVER }),
  };
  const { why } = event;
  return tell(add(state, incident), incident, { kind: 'open', ...(why !== undefined && { why }) }, moment);
}

/** Forgets the oldest resolved incident where too many are kept. */
function add(state: Incidents, incident: Incident): Incidents {
  const { incidents } = state;
  const oldest =
    incidents.length < MAX_KEPT ? -1 : incidents.findIndex(({ status }) => status === 'resolved');
  return { ...state, incidents: [...incidents.filter((_, index) => index !== oldest), incident] };
}

function reopened(incident: Incident): Incident {
  const { resolvedAt: _, ...rest } = incident;
  return { ...rest, status: 'open' };
}

/** 10, 100, 1,000 and so on. */
function isStep(count: number): boolean {
  return count >= 10 && /^10*$/u.test(String(count));
}

/** The incident that has most to do with it gets the news; where none is open, the breaker opens one. */
function massDrift(state: Incidents, event: MassDrift, moment: Moment): Incidents {
  const id = shortHash(event.id, 12);
  if (state.counted.includes(id)) return state;
  const noted = remember(state, id);
  const { held, judged, isReadable } = event;
  const news = { massDrift: { held, judged, isReadable } };
  const [largest] = openOnes(noted).toSorted((a, b) => b.count - a.count);
  if (largest) return tell(noted, { ...largest, ...news }, { kind: 'update', why: 'mass drift' }, moment);
  const incident = { ...blank(noted, [], event.at, event.owner), ...news, quietSince: event.at };
  return tell({ ...noted, incidents: [...noted.incidents, incident] }, incident, { kind: 'open' }, moment);
}

function breakerClosed(state: Incidents, by: string, moment: Moment): Incidents {
  return openOnes(state)
    .filter(({ massDrift: news }) => news !== undefined)
    .reduce((next, incident) => {
      const { massDrift: _, ...rest } = incident;
      const why = `the circuit breaker was closed by ${safeText(by, 80)}`;
      return tell(next, rest, { kind: 'update', why }, moment);
    }, state);
}

/** An incident is over with its last pair; one that several were folded into goes on. */
function over(
  state: Incidents,
  { pair, why }: Extract<IncidentEvent, { readonly kind: 'over' }>,
  moment: Moment,
): Incidents {
  const key = pairKey({ rule: pair.rule, path: boundPath(pair.path) });
  return openOnes(state)
    .filter(({ pairs }) => pairs.length > 0 && pairs.every((one) => pairKey(one) === key))
    .reduce((next, { id }) => resolveOne(next, id, why, moment), state);
}

/** Whatever is held belongs to the incident that shares a pair with it, or to those whose pairs were not all kept. */
function looked(
  state: Incidents,
  held: Extract<IncidentEvent, { readonly kind: 'looked' }>['held'],
  moment: Moment,
): Incidents {
  const holds = held.map((pairs) => pairs.map(({ rule, path }) => pairKey({ rule, path: boundPath(path) })));
  const keys = new Set(holds.flat());
  const known = new Set(openOnes(state).flatMap(({ pairs }) => pairs.map(pairKey)));
  const hasUnknown = holds.some((pairs) => !pairs.some((key) => known.has(key)));
  return openOnes(state)
    .filter(
      (incident) => incident.isHeld && !shares(incident, keys) && !(hasUnknown && incident.hasMorePairs),
    )
    .reduce((next, incident) => settle(next, { ...incident, isHeld: false }, moment), state);
}

/** Resolves what nothing is held of and nothing was heard of for a day. */
function settle(state: Incidents, incident: Incident, moment: Moment): Incidents {
  const next = replace(state, incident);
  const isQuiet = incident.quietSince === undefined || incident.quietSince <= moment.dayAgo;
  if (incident.isHeld || !isQuiet) return next;
  const why = incident.quietSince === undefined ? 'none of its objects is held now' : 'quiet for 24 hours';
  return resolveOne(next, incident.id, why, moment);
}

function tick(state: Incidents, moment: Moment): Incidents {
  const settled = openOnes(state).reduce((next, incident) => settle(next, incident, moment), state);
  const awaited = new Set(settled.outbox.map(({ dedupKey }) => dedupKey));
  const kept = settled.incidents.filter(
    ({ status, resolvedAt = '', id }) => status === 'open' || resolvedAt > moment.dayAgo || awaited.has(id),
  );
  return kept.length === settled.incidents.length ? settled : { ...settled, incidents: kept };
}

/** What is far more than people know of is told: each time twice as many, so that a long day has few messages. */
function counted(
  state: Incidents,
  { held, isTold }: Extract<IncidentEvent, { readonly kind: 'counted' }>,
  moment: Moment,
): Incidents {
  return state.incidents.reduce((next, incident) => {
    const now = held.get(incident.id);
    if (now === undefined || now === incident.held) return next;
    const known = { ...incident, held: now };
    const isNews = isTold && now >= 2 * (incident.told ?? now);
    return isNews ? tell(next, known, { kind: 'update' }, moment) : replace(next, known);
  }, state);
}

function resolveOne(state: Incidents, id: string, why: string, moment: Moment): Incidents {
  const incident = openOnes(state).find((candidate) => candidate.id === id);
  if (incident === undefined) return state;
  const { massDrift: _, ...rest } = incident;
  const resolved: Incident = { ...rest, status: 'resolved', resolvedAt: moment.now, isHeld: false };
  return tell(state, resolved, { kind: 'resolve', why }, moment);
}

/** Stores the incident and puts a notice about it into the outbox. A mute silences what follows the page. */
function tell(
  state: Incidents,
  incident: Incident,
  {
    kind,
    why,
    isPage = false,
  }: { readonly kind: Notice['kind']; readonly why?: string; readonly isPage?: boolean },
  { now }: Moment,
): Incidents {
  const isMuted = !isPage && incident.mutedUntil !== undefined && now < incident.mutedUntil;
  if (isMuted) return replace(state, incident);
  const told = incident.held ?? incident.count;
  const numbered = { ...incident, sequence: incident.sequence + 1, told };
  const said = { kind, at: now, ...(why !== undefined && { why }) };
  const notice = { ...noticeOf(state, numbered, said), ...(why !== undefined && { why }) };
  return { ...replace(state, numbered), outbox: bound([...state.outbox, notice]) };
}

/** Updates are what may be lost where nobody takes the notices. */
function bound(outbox: readonly QueuedNotice[]): readonly QueuedNotice[] {
  if (outbox.length <= MAX_OUTBOX) return outbox;
  const oldest = outbox.findIndex(({ kind }) => kind === 'update');
  return outbox.toSpliced(Math.max(0, oldest), 1);
}

function change(state: Incidents, id: string, by: (incident: Incident) => Incident): Incidents {
  const incident = state.incidents.find((candidate) => candidate.id === id);
  return incident ? replace(state, by(incident)) : state;
}

function replace(state: Incidents, incident: Incident): Incidents {
  if (state.incidents.includes(incident)) return state;
  return {
    ...state,
    incidents: state.incidents.map((candidate) => (candidate.id === incident.id ? incident : candidate)),
  };
}
